/* SPDX-License-Identifier: BSD-3-Clause */
#include "setup.h"

#include "board.h"
#include "util/fmt.h"
#include "util/log.h"

#define PLACES 2

/* Of the board's linker script. */
extern const uint8_t config_a_start[], config_a_end[];
extern const uint8_t config_b_start[], config_b_end[];

static const struct place {
    const char *name;
    const uint8_t *start, *end;
} places[PLACES] = {
    {"A", config_a_start, config_a_end},
    {"B", config_b_start, config_b_end},
};

static struct mx_settings settings;

static size_t size_of(const struct place *place)
{
    return (size_t)(place->end - place->start);
}

static void log_place(const struct place *place)
{
    char text[12];
    struct fmt f;

    fmt_init(&f, text, sizeof text);
    fmt_str(&f, "0x");
    fmt_hex(&f, (uint32_t)(uintptr_t)place->start, 8);
    log_str("area", place->name);
    log_str("at", text);
    log_u32("room", (uint32_t)size_of(place));
}

/* A place that nobody wrote to yet is nothing to worry about, if there is a
 * configuration in the other one. */
static void say(const struct place *place, const struct mx_settings_area *area,
                bool used, bool any)
{
    const char *why = "it cannot be read: write it there again";
    bool there = area->room > 0;
    bool blank = any && there && mx_settings_blank(area->image, area->room);
    struct mx_settings found;
    bool valid =
        there && mx_settings_open(&found, area->image, area->room, &why) == 0;

    log_begin(valid || blank ? MX_LOG_INFO
              : any          ? MX_LOG_WARN
                             : MX_LOG_ERROR,
              "settings", 0);
    log_place(place);
    if (valid) {
        log_str("state", used ? "used" : "older");
        log_u32("counter", found.counter);
    } else if (blank) {
        log_str("state", "blank");
    } else {
        log_text("why", why);
    }
    if (!any) {
        log_text("do", "tinymx-provision my.conf -o config.bin; write that to "
                       "flash at this address; until then no mail is taken");
    }
    log_end();
}

const struct mx_settings *setup_open(void)
{
    struct mx_settings_area area[PLACES];
    int used;

    for (int i = 0; i < PLACES; i++) {
        size_t size = size_of(&places[i]);

        area[i].image = places[i].start;
        area[i].room = board_readable(places[i].start, size) ? size : 0;
    }
    used = mx_settings_choose(&settings, area, PLACES);
    for (int i = 0; i < PLACES; i++) {
        if (size_of(&places[i]) > 0) {
            say(&places[i], &area[i], i == used, used >= 0);
        }
    }
    return used >= 0 ? &settings : NULL;
}
