/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx/port.h, as far as it is the same on every chip: a log on the UART,
 * randomness from the chip or, in an emulator, from its host. The time of day is
 * timesync.h's. */
#include "tinymx/port.h"

#include "board.h"
#include "cortexm.h"
#include "util/fmt.h"

int mx_port_entropy(void *buf, size_t len)
{
    int rc = board_entropy(buf, len);

    return rc == 0 ? 0 : semihost_entropy(buf, len);
}

static void put(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        board_putc(text[i]);
    }
}

void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    static const char *const names[] = {
        [MX_LOG_ERROR] = "error",
        [MX_LOG_WARN] = "warn",
        [MX_LOG_INFO] = "info",
    };
    uint32_t now = mx_port_now_ms();
    char head[32];
    struct fmt f;

    if (level > MX_LOG_INFO) {
        return;
    }
    fmt_init(&f, head, sizeof head);
    fmt_str(&f, "up=");
    fmt_u32(&f, now / 1000);
    fmt_char(&f, '.');
    fmt_pad(&f, now % 1000, 3);
    fmt_str(&f, " level=");
    fmt_str(&f, names[level]);
    fmt_char(&f, ' ');
    put(head, f.len);
    put(line, len);
    put("\r\n", 2);
}
