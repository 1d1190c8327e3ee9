/* SPDX-License-Identifier: BSD-3-Clause */
#include "setup.h"

#include "util/fmt.h"
#include "util/log.h"

/* Of the board's linker script. */
extern const uint8_t config_start[];
extern const uint8_t config_end[];

static struct mx_settings settings;

static void log_place(const char *name, uintptr_t address)
{
    char text[12];
    struct fmt f;

    fmt_init(&f, text, sizeof text);
    fmt_str(&f, "0x");
    fmt_hex(&f, (uint32_t)address, 8);
    log_str(name, text);
}

const struct mx_settings *setup_open(void)
{
    const char *why = "";
    size_t room = (size_t)(config_end - config_start);
    int rc = mx_settings_open(&settings, config_start, room, &why);

    log_begin(rc == 0 ? MX_LOG_INFO : MX_LOG_ERROR, "settings", 0);
    log_place("at", (uintptr_t)config_start);
    log_u32("room", (uint32_t)room);
    if (rc == 0) {
        log_u32("counter", settings.counter);
    } else {
        log_text("why", why);
        log_text("do", "tinymx-provision my.conf -o config.bin; write that to "
                       "flash at this address; until then no mail is taken");
    }
    log_end();
    return rc == 0 ? &settings : NULL;
}
