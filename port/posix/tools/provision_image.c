/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes the image that firmware/settings reads: docs/configuration.md. */
#include "provision.h"

#include "tinymx/err.h"
#include "util/crc32c.h"
#include "why.h"

#include <string.h>

#define HEAD 24u

#define LIMIT(n) (MX_SETTING_LIMITS + 2 * (n))

const struct provision_row provision_rows[] = {
    {"mx", MX_SETTING_MX, 0},
    {"domain", MX_SETTING_DOMAIN, 0},
    {"rcpt", MX_SETTING_RCPT, 0},
    {"cert", MX_SETTING_CERT, 0},
    {"key", MX_SETTING_KEY, 1},
    {"pop3-user", MX_SETTING_POP3_USER, 0},
    {"pop3-password", MX_SETTING_POP3_PASSWORD, 1},
    {"address", MX_SETTING_ADDRESS, 0},
    {"gateway", MX_SETTING_GATEWAY, 0},
    {"dns", MX_SETTING_DNS, 0},
    {"public-address", MX_SETTING_PUBLIC, 0},
    {"dnsbl", MX_SETTING_DNSBL, 0},
    {"tls-anyway", MX_SETTING_TLS_ANYWAY, 0},
    {"require-tls", MX_SETTING_REQUIRE_TLS, 0},
    {"ntp", MX_SETTING_NTP, 0},
    {"wifi-ssid", MX_SETTING_WIFI_SSID, 0},
    {"wifi-password", MX_SETTING_WIFI_PASSWORD, 1},
    {"sessions", LIMIT(0), 0},
    {"tls-sessions", LIMIT(1), 0},
    {"peer-sessions", LIMIT(2), 0},
    {"peer-connects", LIMIT(3), 0},
    {"peer-handshakes", LIMIT(4), 0},
    {"max-message", LIMIT(5), 0},
    {"max-rcpt", LIMIT(6), 0},
    {"max-mail", LIMIT(7), 0},
    {"max-errors", LIMIT(8), 0},
    {"max-idle", LIMIT(9), 0},
    {"max-unknown", LIMIT(10), 0},
    {"greet-wait", LIMIT(11), 0},
    {"first-timeout", LIMIT(12), 0},
    {"command-timeout", LIMIT(13), 0},
    {"data-timeout", LIMIT(14), 0},
    {"min-rate", LIMIT(15), 0},
    {"session-timeout", LIMIT(16), 0},
    {"handshake-timeout", LIMIT(17), 0},
    {"tls-wait", LIMIT(18), 0},
    {"linger", LIMIT(19), 0},
    {"slow", LIMIT(20), 0},
    {"evict", LIMIT(21), 0},
};

const size_t provision_rows_count =
    sizeof provision_rows / sizeof *provision_rows;

static void put(uint8_t *at, uint32_t n, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        at[i] = (uint8_t)(n >> (8 * i));
    }
}

/* Makes room for an item. NULL: there is none. */
static uint8_t *add(struct provision_image *image, uint16_t what, size_t len)
{
    uint8_t *at = image->bytes + image->len;
    size_t room = 4 + (len + 3) / 4 * 4;

    if (len > UINT16_MAX || room > sizeof image->bytes - image->len) {
        return NULL;
    }
    put(at, what, 2);
    put(at + 2, (uint32_t)len, 2);
    image->len += room;
    return at + 4;
}

static int add_bytes(struct provision_image *image, uint16_t what,
                     const void *bytes, size_t len)
{
    uint8_t *at = add(image, what, len);

    if (at == NULL) {
        return MX_E2BIG;
    }
    memcpy(at, bytes, len);
    return 0;
}

static int add_number(struct provision_image *image, uint16_t what, uint32_t n)
{
    uint8_t *at = add(image, what, 4);

    if (at == NULL) {
        return MX_E2BIG;
    }
    put(at, n, 4);
    return 0;
}

static int add_list(struct provision_image *image, uint16_t what,
                    const struct options_list *list)
{
    size_t len = 1;
    uint8_t *at;

    for (size_t i = 0; i < list->len; i++) {
        len += strlen(list->item[i]) + 1;
    }
    at = add(image, what, len);
    if (at == NULL) {
        return MX_E2BIG;
    }
    for (size_t i = 0; i < list->len; i++) {
        size_t n = strlen(list->item[i]) + 1;

        memcpy(at, list->item[i], n);
        at += n;
    }
    return 0;
}

/* `address = dhcp` is what a device does when nothing is said. */
static int add_text(struct provision_image *image, uint16_t what,
                    const char *text)
{
    if (what == MX_SETTING_ADDRESS && strcmp(text, "dhcp") == 0) {
        return 0;
    }
    return add_bytes(image, what, text, strlen(text) + 1);
}

static int add_option(struct provision_image *image, uint16_t what,
                      const struct options *o, const struct option *option)
{
    const void *field = (const char *)o + option->offset;

    switch (option->kind) {
    case KIND_TEXT:
        return add_text(image, what, *(const char *const *)field);
    case KIND_LIST:
        return add_list(image, what, field);
    case KIND_COUNT:
    case KIND_BYTES:
    case KIND_WORD:
        return add_number(image, what, *(const uint32_t *)field);
    case KIND_FLAG:
    case KIND_ALONE:
        return *(const bool *)field ? add_number(image, what, 1) : 0;
    }
    return MX_EINVAL;
}

static int add_row(struct provision_image *image,
                   const struct provision_row *row, const struct options *o,
                   const struct provision_identity *id)
{
    const struct option *option = options_find(row->name);

    if (o->source[option - options_table] == OPTIONS_DEFAULT) {
        return 0;
    }
    switch (row->what) {
    case MX_SETTING_CERT:
        return add_bytes(image, row->what, id->cert, id->cert_len);
    case MX_SETTING_KEY:
        return add_bytes(image, row->what, id->key, id->key_len);
    default:
        return add_option(image, row->what, o, option);
    }
}

static void seal(struct provision_image *image, uint32_t counter)
{
    uint32_t crc;

    memcpy(image->bytes, "MXCONFIG", 8);
    put(image->bytes + 8, 1, 4);
    put(image->bytes + 12, (uint32_t)image->len, 4);
    put(image->bytes + 16, counter, 4);
    crc = crc32c(0, image->bytes, 20);
    crc = crc32c(crc, image->bytes + HEAD, image->len - HEAD);
    put(image->bytes + 20, crc, 4);
}

int provision_image_make(struct provision_image *image, const struct options *o,
                         const struct provision_identity *id, uint32_t counter,
                         char *why)
{
    memset(image, 0, sizeof *image);
    image->len = HEAD;
    for (size_t i = 0; i < provision_rows_count; i++) {
        int rc = add_row(image, &provision_rows[i], o, id);

        if (rc != 0) {
            return why_set(why, rc, "%s: it is too long for an image",
                           provision_rows[i].name);
        }
    }
    seal(image, counter);
    return 0;
}
