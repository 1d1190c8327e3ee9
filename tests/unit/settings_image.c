/* SPDX-License-Identifier: BSD-3-Clause */
#include "settings_image.h"

#include "util/crc32c.h"

#include <string.h>

static void put(uint8_t *at, uint32_t n, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        at[i] = (uint8_t)(n >> (8 * i));
    }
}

void settings_image_begin(struct settings_image *im, uint32_t counter)
{
    memset(im, 0, sizeof *im);
    memcpy(im->bytes, "MXCONFIG", 8);
    put(im->bytes + 8, 1, 4);
    put(im->bytes + 16, counter, 4);
    im->len = 24;
}

void settings_image_add(struct settings_image *im, uint16_t what,
                        const void *bytes, size_t len)
{
    put(im->bytes + im->len, what, 2);
    put(im->bytes + im->len + 2, (uint32_t)len, 2);
    memcpy(im->bytes + im->len + 4, bytes, len);
    im->len += 4 + (len + 3) / 4 * 4;
}

void settings_image_number(struct settings_image *im, uint16_t what, uint32_t n)
{
    uint8_t bytes[4];

    put(bytes, n, 4);
    settings_image_add(im, what, bytes, 4);
}

void settings_image_seal(struct settings_image *im)
{
    uint32_t crc;

    put(im->bytes + 12, (uint32_t)im->len, 4);
    crc = crc32c(0, im->bytes, 20);
    put(im->bytes + 20, crc32c(crc, im->bytes + 24, im->len - 24), 4);
}
