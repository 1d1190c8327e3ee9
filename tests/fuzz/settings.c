/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A configuration image: the input is its items, or, as its first byte says, all
 * of it. Head and check sum are made right in the first case, so that the items
 * are looked at.
 *
 * What was taken is asked for everything: each text ends within the image, each
 * list too, and a server's configuration comes of it. What was refused has a
 * reason, and nothing is set.
 */
#include "fuzz.h"

#include "tinymx/err.h"
#include "tinymx/server.h"
#include "tinymx/settings.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

#define IN_MAX 4096
#define HEAD 24

static const char *const names[] = {"text", "list"};
static const enum mx_setting texts[] = {
    MX_SETTING_MX,
    MX_SETTING_POP3_USER,
    MX_SETTING_POP3_PASSWORD,
    MX_SETTING_ADDRESS,
    MX_SETTING_GATEWAY,
    MX_SETTING_DNS,
    MX_SETTING_DNSBL,
    MX_SETTING_NTP,
    MX_SETTING_WIFI_SSID,
    MX_SETTING_WIFI_PASSWORD,
};
static const enum mx_setting lists[] = {MX_SETTING_DOMAIN, MX_SETTING_RCPT,
                                        MX_SETTING_PUBLIC};

static void check_within(struct mx_span image, const char *text)
{
    FUZZ_CHECK(text >= image.ptr && text < image.ptr + image.len);
    FUZZ_CHECK(text[0] != '\0');
    FUZZ_CHECK(text + strlen(text) < image.ptr + image.len);
}

static void check_texts(const struct mx_settings *s, struct mx_span image)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = mx_settings_text(s, texts[i]);

        if (text != NULL) {
            check_within(image, text);
            fuzz_reached(names[0]);
        }
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct mx_names list = mx_settings_names(s, lists[i]);
        const char *text;
        size_t at = 0;

        while ((text = mx_names_next(&list, &at)) != NULL) {
            check_within(image, text);
            fuzz_reached(names[1]);
        }
    }
}

static void check_bytes(const struct mx_settings *s, struct mx_span image)
{
    struct mx_span cert = mx_settings_bytes(s, MX_SETTING_CERT);
    const char *end = image.ptr + image.len;

    if (cert.ptr != NULL) {
        FUZZ_CHECK(cert.len > 0 && cert.ptr >= image.ptr);
        FUZZ_CHECK(cert.len <= (size_t)(end - cert.ptr));
        fuzz_reached("bytes");
    }
}

static void check_taken(const struct mx_settings *s, struct mx_span image)
{
    struct mx_server_config cfg = {.max_message = 77};
    uint32_t n = 77;
    bool is_set = mx_settings_number(s, MX_SETTING_LIMITS + 10, &n);

    check_texts(s, image);
    check_bytes(s, image);
    mx_settings_server(s, &cfg);
    FUZZ_CHECK(cfg.mx_name == mx_settings_text(s, MX_SETTING_MX));
    FUZZ_CHECK(cfg.mx_name != NULL && cfg.max_message == n);
    fuzz_reached(is_set ? "limit" : "taken");
}

/* A head for the items behind it. */
static void seal(uint8_t *image, size_t len)
{
    memcpy(image, "MXCONFIG", 8);
    le_put32(image + 8, 1);
    le_put32(image + 12, (uint32_t)len);
    le_put32(image + 16, 0);
    le_put32(image + 20,
             crc32c(crc32c(0, image, 20), image + HEAD, len - HEAD));
}

static void try_image(const uint8_t *bytes, size_t len)
{
    struct mx_span image = {fuzz_lend((const char *)bytes, len), len};
    struct mx_settings s;
    const char *why = NULL;
    int rc = mx_settings_open(&s, image.ptr, len, &why);

    if (rc == 0) {
        check_taken(&s, image);
        return;
    }
    FUZZ_CHECK(rc == MX_EFORMAT || rc == MX_ENOTSUP);
    FUZZ_CHECK(why != NULL && why[0] != '\0');
    FUZZ_CHECK(s.at == NULL && s.len == 0);
    fuzz_reached(rc == MX_ENOTSUP ? "not supported" : "refused");
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static uint8_t image[HEAD + IN_MAX];
    struct fuzz_in in = fuzz_in(data, len < IN_MAX ? len : IN_MAX);
    bool whole = fuzz_upto(&in, 7) == 0;

    if (whole) {
        try_image((const uint8_t *)in.at, in.left);
        return;
    }
    memcpy(image + HEAD, in.at, in.left);
    seal(image, HEAD + in.left);
    try_image(image, HEAD + in.left);
}
