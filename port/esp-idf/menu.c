/* SPDX-License-Identifier: BSD-3-Clause */
#include "menu.h"

#include "tinymx/settings.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <stdbool.h>
#include <string.h>

/* docs/configuration.md */
#define HEAD 24
#define CRC_AT 20
#define ITEM_HEAD 4
#define MAX_MESSAGE 0x4a

struct build {
    uint8_t *image;
    size_t len;
    size_t item; /* where the open one begins */
    bool full;
};

static void put(struct build *b, const void *bytes, size_t len)
{
    if (len > MENU_IMAGE_MAX - b->len) {
        b->full = true;
        return;
    }
    memcpy(b->image + b->len, bytes, len);
    b->len += len;
}

static void begin(struct build *b, unsigned what)
{
    uint8_t head[ITEM_HEAD] = {0};

    le_put16(head, (uint16_t)what);
    b->item = b->len;
    put(b, head, sizeof head);
}

static void end(struct build *b)
{
    static const uint8_t zeros[3];
    size_t len = b->len - b->item - ITEM_HEAD;

    put(b, zeros, (4 - len % 4) % 4);
    if (!b->full) {
        le_put16(b->image + b->item + 2, (uint16_t)len);
    }
}

static void put_text(struct build *b, unsigned what, const char *text)
{
    if (text[0] != '\0') {
        begin(b, what);
        put(b, text, strlen(text) + 1);
        end(b);
    }
}

static const char *skip(const char *at)
{
    return at + strspn(at, " ");
}

static void put_list(struct build *b, unsigned what, const char *list)
{
    const char *at = skip(list);

    if (*at == '\0') {
        return;
    }
    begin(b, what);
    while (*at != '\0') {
        size_t len = strcspn(at, " ");

        put(b, at, len);
        put(b, "", 1);
        at = skip(at + len);
    }
    put(b, "", 1);
    end(b);
}

static void put_number(struct build *b, unsigned what, uint32_t n)
{
    uint8_t bytes[4];

    le_put32(bytes, n);
    if (n != 0) {
        begin(b, what);
        put(b, bytes, sizeof bytes);
        end(b);
    }
}

static void seal(struct build *b)
{
    uint32_t crc;

    memcpy(b->image, "MXCONFIG", 8);
    le_put32(b->image + 8, 1);
    le_put32(b->image + 12, (uint32_t)b->len);
    le_put32(b->image + 16, 0);
    crc = crc32c(0, b->image, CRC_AT);
    le_put32(b->image + CRC_AT, crc32c(crc, b->image + HEAD, b->len - HEAD));
}

size_t menu_image(const struct menu *menu, uint8_t image[MENU_IMAGE_MAX])
{
    struct build b = {.image = image, .len = HEAD};

    put_text(&b, MX_SETTING_MX, menu->mx_name);
    put_list(&b, MX_SETTING_DOMAIN, menu->domains);
    put_list(&b, MX_SETTING_RCPT, menu->recipients);
    put_text(&b, MX_SETTING_NTP, menu->ntp_server);
    put_number(&b, MAX_MESSAGE, menu->message_max);
    if (b.full) {
        return 0;
    }
    seal(&b);
    return b.len;
}
