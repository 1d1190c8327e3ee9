/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * menuconfig's values as an image of tinymx/settings.h, so that there is one kind
 * of configuration, wherever it came from.
 */
#ifndef TINYMX_ESP_IDF_MENU_H
#define TINYMX_ESP_IDF_MENU_H

#include <stddef.h>
#include <stdint.h>

/* Texts; "": it is not set. Lists are blank separated. */
struct menu {
    const char *mx_name;
    const char *domains;
    const char *recipients;
    const char *ntp_server;
    uint32_t message_max; /* 0: not set */
    int task_stack;
    int task_priority;
};

#define MENU_IMAGE_MAX 1024

/* Bytes of it; 0: they have no room. */
size_t menu_image(const struct menu *menu, uint8_t image[MENU_IMAGE_MAX]);

#endif
