/* SPDX-License-Identifier: BSD-3-Clause */
/* An image of a configuration, put together by hand: right ones and others. */
#ifndef TINYMX_TESTS_SETTINGS_IMAGE_H
#define TINYMX_TESTS_SETTINGS_IMAGE_H

#include <stddef.h>
#include <stdint.h>

struct settings_image {
    uint8_t bytes[2048];
    size_t len;
};

/* A head of version 1 and nothing behind it. */
void settings_image_begin(struct settings_image *im, uint32_t counter);
void settings_image_add(struct settings_image *im, uint16_t what,
                        const void *bytes, size_t len);
void settings_image_number(struct settings_image *im, uint16_t what,
                           uint32_t n);
/* Length and check sum, of whatever is there now. */
void settings_image_seal(struct settings_image *im);

#endif
