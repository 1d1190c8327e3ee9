/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads the image of docs/configuration.md. All of it is checked once, by
 * mx_settings_open(); the questions behind it only look for a number.
 *
 *      0  magic      8   "MXCONFIG"
 *      8  version    4   1
 *     12  length     4   of all, this head counted
 *     16  counter    4
 *     20  CRC        4   CRC-32C of all but these four
 *     24  items: { number 2, length 2, bytes, zeros up to a multiple of 4 }
 *
 * Items stand in the order of their numbers, each at most once.
 */
#include "tinymx/settings.h"

#include "tinymx/err.h"
#include "tinymx/server.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

#define MAGIC "MXCONFIG"
#define VERSION 1u
#define HEAD 24u
#define CRC_AT 20u
#define ITEM_HEAD 4u

enum kind { KIND_TEXT, KIND_LIST, KIND_BYTES, KIND_NUMBER };

static const struct known {
    uint8_t what; /* enum mx_setting */
    uint8_t kind; /* enum kind */
} known[] = {
    {MX_SETTING_MX, KIND_TEXT},
    {MX_SETTING_DOMAIN, KIND_LIST},
    {MX_SETTING_RCPT, KIND_LIST},
    {MX_SETTING_CERT, KIND_BYTES},
    {MX_SETTING_KEY, KIND_BYTES},
    {MX_SETTING_POP3_USER, KIND_TEXT},
    {MX_SETTING_POP3_PASSWORD, KIND_TEXT},
    {MX_SETTING_ADDRESS, KIND_TEXT},
    {MX_SETTING_GATEWAY, KIND_TEXT},
    {MX_SETTING_DNS, KIND_TEXT},
    {MX_SETTING_PUBLIC, KIND_LIST},
    {MX_SETTING_DNSBL, KIND_TEXT},
    {MX_SETTING_TLS_ANYWAY, KIND_NUMBER},
    {MX_SETTING_REQUIRE_TLS, KIND_NUMBER},
    {MX_SETTING_NTP, KIND_TEXT},
    {MX_SETTING_WIFI_SSID, KIND_TEXT},
    {MX_SETTING_WIFI_PASSWORD, KIND_TEXT},
};

/* The limit of number MX_SETTING_LIMITS + 2 * i. The order is for ever; a new
 * one goes behind the last. */
static const struct limit {
    uint16_t offset;
    uint8_t width;
} limits[] = {
#define LIMIT(field)                                                           \
    {                                                                          \
        offsetof(struct mx_server_config, field),                              \
            sizeof(((struct mx_server_config *)0)->field)                      \
    }
    LIMIT(sessions),      LIMIT(tls_sessions),    LIMIT(peer_sessions),
    LIMIT(peer_connects), LIMIT(peer_handshakes), LIMIT(max_message),
    LIMIT(max_rcpt),      LIMIT(max_mail),        LIMIT(max_errors),
    LIMIT(max_idle),      LIMIT(max_unknown),     LIMIT(greet_s),
    LIMIT(first_s),       LIMIT(command_s),       LIMIT(data_s),
    LIMIT(min_rate),      LIMIT(session_s),       LIMIT(handshake_s),
    LIMIT(tls_wait_s),    LIMIT(linger_s),        LIMIT(slow_s),
    LIMIT(evict_s),
#undef LIMIT
};

#define LIMITS (sizeof limits / sizeof *limits)

struct item {
    uint16_t what;
    uint16_t len;
    const uint8_t *bytes;
};

/* --- walking ------------------------------------------------------------ */

/* Takes an item off the front. 1; 0: there is no more; MX_EFORMAT: it is cut
 * off. */
static int next(struct mx_settings *s, struct item *item)
{
    size_t room;

    if (s->len == 0) {
        return 0;
    }
    if (s->len < ITEM_HEAD) {
        return MX_EFORMAT;
    }
    item->what = le_get16(s->at);
    item->len = le_get16(s->at + 2);
    item->bytes = s->at + ITEM_HEAD;
    room = ITEM_HEAD + (((size_t)item->len + 3) & ~(size_t)3);
    if (room > s->len) {
        return MX_EFORMAT;
    }
    s->at += room;
    s->len -= room;
    return 1;
}

/* False: it is not set. */
static bool find(const struct mx_settings *s, unsigned what, struct item *item)
{
    struct mx_settings rest = *s;

    while (next(&rest, item) == 1) {
        if (item->what == what) {
            return true;
        }
    }
    return false;
}

/* --- checking ----------------------------------------------------------- */

/* One or more names, a NUL behind each and one more behind the last. */
static bool is_list(const struct item *item)
{
    const uint8_t *at = item->bytes;
    size_t left = item->len;

    while (left > 1 && *at != '\0') {
        const uint8_t *end = memchr(at, '\0', left);

        if (end == NULL) {
            return false;
        }
        left -= (size_t)(end + 1 - at);
        at = end + 1;
    }
    return item->len > 1 && left == 1 && *at == '\0';
}

static bool is_text(const struct item *item)
{
    return item->len > 1 &&
           memchr(item->bytes, '\0', item->len) == item->bytes + item->len - 1;
}

static bool is_kind(const struct item *item, enum kind kind)
{
    switch (kind) {
    case KIND_TEXT:
        return is_text(item);
    case KIND_LIST:
        return is_list(item);
    case KIND_BYTES:
        return item->len > 0;
    case KIND_NUMBER:
        return item->len == 4;
    }
    return false;
}

static const struct limit *limit_of(unsigned what)
{
    unsigned i = (what - MX_SETTING_LIMITS) / 2;

    return what >= MX_SETTING_LIMITS && what % 2 == 0 && i < LIMITS ? &limits[i]
                                                                    : NULL;
}

/* A number that its field would cut off is a wrong one. */
static bool fits(const struct limit *limit, const struct item *item)
{
    return item->len == 4 &&
           (limit->width == 4 ||
            le_get32(item->bytes) < (uint32_t)1 << (8 * limit->width));
}

static int check_item(const struct item *item)
{
    const struct limit *limit = limit_of(item->what);

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].what == item->what) {
            return is_kind(item, known[i].kind) ? 0 : MX_EFORMAT;
        }
    }
    if (limit != NULL) {
        return fits(limit, item) ? 0 : MX_EFORMAT;
    }
    return item->what % 2 == 0 ? 0 : MX_ENOTSUP;
}

static int check_items(const struct mx_settings *s)
{
    struct mx_settings rest = *s;
    unsigned last = 0;
    struct item item;
    int rc, worst = 0;

    while ((rc = next(&rest, &item)) == 1) {
        if (item.what <= last) {
            return MX_EFORMAT;
        }
        last = item.what;
        rc = check_item(&item);
        if (rc == MX_EFORMAT) {
            return rc;
        }
        worst = rc != 0 ? rc : worst;
    }
    if (rc == 0 && worst == 0 && !find(s, MX_SETTING_MX, &item)) {
        rc = MX_EFORMAT;
    }
    return rc != 0 ? rc : worst;
}

/* --- opening ------------------------------------------------------------ */

/* Ones, or zeros in an emulator. No room at all is blank as well. */
bool mx_settings_blank(const void *image, size_t room)
{
    const uint8_t *head = image;

    if (room < HEAD) {
        return true;
    }
    for (size_t i = 1; i < HEAD; i++) {
        if (head[i] != head[0]) {
            return false;
        }
    }
    return head[0] == 0xff || head[0] == 0;
}

static int refuse(const char **why, int rc, const char *text)
{
    *why = text;
    return rc;
}

static bool is_whole(const uint8_t *head, size_t len)
{
    uint32_t crc = crc32c(0, head, CRC_AT);

    return crc32c(crc, head + HEAD, len - HEAD) == le_get32(head + CRC_AT);
}

int mx_settings_open(struct mx_settings *s, const void *image, size_t room,
                     const char **why)
{
    const uint8_t *head = image;
    size_t len;
    int rc;

    *s = (struct mx_settings){.at = NULL};
    if (mx_settings_blank(image, room)) {
        return refuse(why, MX_EFORMAT,
                      "there is no configuration: make one by "
                      "tinymx-provision and write it there");
    }
    if (memcmp(head, MAGIC, 8) != 0) {
        return refuse(why, MX_EFORMAT,
                      "what is there is no configuration: make one by "
                      "tinymx-provision and write it there");
    }
    if (le_get32(head + 8) != VERSION) {
        return refuse(why, MX_ENOTSUP,
                      "the configuration is of another version: make it by "
                      "this firmware's tinymx-provision");
    }
    len = le_get32(head + 12);
    if (len < HEAD || len > room || !is_whole(head, len)) {
        return refuse(why, MX_EFORMAT,
                      "the configuration is damaged or cut off: write it "
                      "there again");
    }
    *s = (struct mx_settings){head + HEAD, len - HEAD, le_get32(head + 16)};
    rc = check_items(s);
    if (rc != 0) {
        *s = (struct mx_settings){.at = NULL};
        return refuse(why, rc,
                      rc == MX_ENOTSUP
                          ? "the configuration has a setting that this "
                            "firmware does not know and must not pass over"
                          : "the configuration makes no sense: make it "
                            "again by tinymx-provision");
    }
    return 0;
}

int mx_settings_choose(struct mx_settings *s,
                       const struct mx_settings_area *area, unsigned count)
{
    int chosen = MX_EFORMAT;

    *s = (struct mx_settings){.at = NULL};
    for (unsigned i = 0; i < count; i++) {
        struct mx_settings found;
        const char *why;

        if (mx_settings_open(&found, area[i].image, area[i].room, &why) == 0 &&
            (chosen < 0 || found.counter > s->counter)) {
            *s = found;
            chosen = (int)i;
        }
    }
    return chosen;
}

/* --- questions ---------------------------------------------------------- */

const char *mx_settings_text(const struct mx_settings *s, enum mx_setting what)
{
    struct item item;

    return find(s, what, &item) ? (const char *)item.bytes : NULL;
}

struct mx_span mx_settings_bytes(const struct mx_settings *s,
                                 enum mx_setting what)
{
    struct item item;

    return find(s, what, &item)
               ? (struct mx_span){(const char *)item.bytes, item.len}
               : (struct mx_span){NULL, 0};
}

struct mx_names mx_settings_names(const struct mx_settings *s,
                                  enum mx_setting what)
{
    return (struct mx_names){.packed = mx_settings_text(s, what)};
}

bool mx_settings_number(const struct mx_settings *s, enum mx_setting what,
                        uint32_t *n)
{
    struct item item;
    bool is_set = find(s, what, &item);

    if (is_set) {
        *n = le_get32(item.bytes);
    }
    return is_set;
}

static void set(struct mx_server_config *cfg, const struct limit *limit,
                uint32_t n)
{
    char *field = (char *)cfg + limit->offset;
    uint16_t two = (uint16_t)n;
    uint8_t one = (uint8_t)n;

    switch (limit->width) {
    case sizeof one:
        memcpy(field, &one, sizeof one);
        break;
    case sizeof two:
        memcpy(field, &two, sizeof two);
        break;
    default:
        memcpy(field, &n, sizeof n);
        break;
    }
}

void mx_settings_server(const struct mx_settings *s,
                        struct mx_server_config *cfg)
{
    struct mx_settings rest = *s;
    const char *dnsbl = mx_settings_text(s, MX_SETTING_DNSBL);
    struct item item;
    uint32_t n;

    cfg->mx_name = mx_settings_text(s, MX_SETTING_MX);
    cfg->dnsbl = dnsbl != NULL ? dnsbl : cfg->dnsbl;
    if (mx_settings_number(s, MX_SETTING_REQUIRE_TLS, &n)) {
        cfg->require_tls = n != 0;
    }
    while (next(&rest, &item) == 1) {
        const struct limit *limit = limit_of(item.what);

        if (limit != NULL) {
            set(cfg, limit, le_get32(item.bytes));
        }
    }
}
