/* SPDX-License-Identifier: BSD-3-Clause */
#include "setup.h"

#include "menu.h"
#include "os.h"

#include "util/log.h"

#include <string.h>

#define PLACES 2

static const char *const places[PLACES] = {"mx_config_a", "mx_config_b"};

/* Partitions that nobody wrote to yet are nothing to worry about. */
static void say(const char *place, const struct mx_settings_area *area,
                bool used)
{
    const char *why = "";
    struct mx_settings found;
    bool valid = mx_settings_open(&found, area->image, area->room, &why) == 0;
    bool blank = mx_settings_blank(area->image, area->room);

    log_begin(valid || blank ? MX_LOG_INFO : MX_LOG_WARN, "settings", 0);
    log_str("area", place);
    log_u32("room", (uint32_t)area->room);
    if (valid) {
        log_str("state", used ? "used" : "older");
        log_u32("counter", found.counter);
    } else if (blank) {
        log_str("state", "blank");
    } else {
        log_text("why", why);
    }
    log_end();
}

static bool open_partitions(struct mx_settings *settings)
{
    struct mx_settings_area area[PLACES] = {{NULL, 0}, {NULL, 0}};
    int used;

    for (int i = 0; i < PLACES; i++) {
        area[i].image = os_partition_map(places[i], &area[i].room);
    }
    used = mx_settings_choose(settings, area, PLACES);
    for (int i = 0; i < PLACES; i++) {
        if (area[i].image != NULL) {
            say(places[i], &area[i], i == used);
        }
    }
    return used >= 0;
}

static bool is_host(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");

    return len > 0 && name[len] == '\0';
}

static const char *open_menu(struct mx_settings *settings)
{
    static uint8_t image[MENU_IMAGE_MAX];
    const char *why = "there is no MX name, or it is no host name";
    struct menu menu;
    size_t len;

    os_menu(&menu);
    len = menu_image(&menu, image);
    if (len == 0) {
        return "menuconfig's lists are too long";
    }
    return is_host(menu.mx_name) &&
                   mx_settings_open(settings, image, len, &why) == 0
               ? NULL
               : why;
}

static bool use_menu(struct mx_settings *settings)
{
    const char *why = open_menu(settings);

    log_begin(why == NULL ? MX_LOG_INFO : MX_LOG_ERROR, "settings", 0);
    log_str("area", "menuconfig");
    if (why == NULL) {
        log_str("state", "used");
    } else {
        log_text("why", why);
        log_text("do", "idf.py menuconfig, tinymx; or tinymx-provision my.conf "
                       "-o config.bin, and write that to the partition "
                       "mx_config_a; until then no mail is taken");
    }
    log_end();
    return why == NULL;
}

void setup_open(struct setup *setup)
{
    bool found = open_partitions(&setup->found);

    setup->menu = !found && use_menu(&setup->found);
    setup->settings = found || setup->menu ? &setup->found : NULL;
}
