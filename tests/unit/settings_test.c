/* SPDX-License-Identifier: BSD-3-Clause */
/* A configuration in flash: what is in it, and what is refused and why. */
#include "settings_image.h"

#include "tinymx/err.h"
#include "tinymx/server.h"
#include "tinymx/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ADD(im, what, text) settings_image_add(im, what, text, sizeof(text))

static void begin(struct settings_image *im)
{
    settings_image_begin(im, 7);
    ADD(im, MX_SETTING_MX, "mx.example.test");
}

/* In memory of just its size, for the sanitizers to watch. */
static int open_bytes(struct mx_settings *s, const void *bytes, size_t len,
                      const char **why)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    int rc;

    assert_non_null(copy);
    memcpy(copy, bytes, len);
    rc = mx_settings_open(s, copy, len, why);
    free(copy);
    return rc;
}

static int open_image(struct settings_image *im, const char **why)
{
    struct mx_settings s;

    settings_image_seal(im);
    return open_bytes(&s, im->bytes, im->len, why);
}

static void test_all_kinds(void **state)
{
    struct settings_image im;
    struct mx_settings s;
    struct mx_names rcpts;
    const char *why = "";
    size_t at = 0;
    uint32_t n = 0;

    (void)state;
    begin(&im);
    ADD(&im, MX_SETTING_RCPT, "joe@example.test\0*@example.org\0");
    settings_image_add(&im, MX_SETTING_CERT, "\x30\x03\0\0\0", 5);
    settings_image_number(&im, MX_SETTING_TLS_ANYWAY, 1);
    settings_image_seal(&im);
    /* What is behind it in flash does not matter. */
    assert_int_equal(mx_settings_open(&s, im.bytes, sizeof im.bytes, &why), 0);
    assert_int_equal(s.counter, 7);
    assert_string_equal(mx_settings_text(&s, MX_SETTING_MX), "mx.example.test");
    rcpts = mx_settings_names(&s, MX_SETTING_RCPT);
    assert_string_equal(mx_names_next(&rcpts, &at), "joe@example.test");
    assert_string_equal(mx_names_next(&rcpts, &at), "*@example.org");
    assert_null(mx_names_next(&rcpts, &at));
    assert_int_equal(mx_settings_bytes(&s, MX_SETTING_CERT).len, 5);
    assert_memory_equal(mx_settings_bytes(&s, MX_SETTING_CERT).ptr,
                        "\x30\x03\0\0\0", 5);
    assert_true(mx_settings_number(&s, MX_SETTING_TLS_ANYWAY, &n));
    assert_int_equal(n, 1);

    assert_null(mx_settings_text(&s, MX_SETTING_DNSBL));
    assert_null(mx_settings_bytes(&s, MX_SETTING_KEY).ptr);
    assert_null(mx_settings_names(&s, MX_SETTING_DOMAIN).packed);
    assert_false(mx_settings_number(&s, MX_SETTING_REQUIRE_TLS, &n));
}

/* The numbers of the limits are for ever: they are written out here. */
static void test_server(void **state)
{
    struct mx_server_config cfg = {.dnsbl = "old.test", .slow_s = 99};
    struct settings_image im;
    struct mx_settings s;
    const char *why = "";

    (void)state;
    begin(&im);
    settings_image_number(&im, 0x1d, 1);
    for (uint16_t what = 0x40; what <= 0x6a; what += 2) {
        if (what != 0x68) {
            settings_image_number(&im, what, what);
        }
    }
    settings_image_seal(&im);
    assert_int_equal(mx_settings_open(&s, im.bytes, im.len, &why), 0);
    mx_settings_server(&s, &cfg);
    assert_string_equal(cfg.mx_name, "mx.example.test");
    assert_string_equal(cfg.dnsbl, "old.test");
    assert_true(cfg.require_tls);
    const struct {
        uint32_t is, what;
    } all[] = {
        {cfg.sessions, 0x40},
        {cfg.tls_sessions, 0x42},
        {cfg.peer_sessions, 0x44},
        {cfg.peer_connects, 0x46},
        {cfg.peer_handshakes, 0x48},
        {cfg.max_message, 0x4a},
        {cfg.max_rcpt, 0x4c},
        {cfg.max_mail, 0x4e},
        {cfg.max_errors, 0x50},
        {cfg.max_idle, 0x52},
        {cfg.max_unknown, 0x54},
        {cfg.greet_s, 0x56},
        {cfg.first_s, 0x58},
        {cfg.command_s, 0x5a},
        {cfg.data_s, 0x5c},
        {cfg.min_rate, 0x5e},
        {cfg.session_s, 0x60},
        {cfg.handshake_s, 0x62},
        {cfg.tls_wait_s, 0x64},
        {cfg.linger_s, 0x66},
        {cfg.slow_s, 99},
        {cfg.evict_s, 0x6a},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(all[i].is, all[i].what);
    }
}

static void test_widest(void **state)
{
    static const struct {
        uint16_t what;
        uint32_t n;
        int rc;
    } cases[] = {
        {0x40, 0xffff, 0},         {0x40, 0x10000, MX_EFORMAT}, {0x50, 0xff, 0},
        {0x50, 0x100, MX_EFORMAT}, {0x4a, UINT32_MAX, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings_image im;
        const char *why = "";

        begin(&im);
        settings_image_number(&im, cases[i].what, cases[i].n);
        assert_int_equal(open_image(&im, &why), cases[i].rc);
    }
}

/* Behind a right one: what, its bytes, and what is said. */
static void test_items(void **state)
{
    static const struct {
        uint16_t what;
        const char *bytes;
        size_t len;
        int rc;
    } cases[] = {
        {0x03, "a.test\0", 8, 0},
        {0x03, "a.test\0b.test\0", 15, 0},
        {0x03, "a.test", 7, MX_EFORMAT},     /* no end of the list */
        {0x03, "a.test\0\0", 9, MX_EFORMAT}, /* behind its end */
        {0x03, "\0", 2, MX_EFORMAT},         /* an empty name */
        {0x03, "", 1, MX_EFORMAT},           /* an empty list */
        {0x03, "", 0, MX_EFORMAT},
        {0x03, "ab", 2, MX_EFORMAT},
        {0x0b, "joe", 3, MX_EFORMAT},   /* no NUL */
        {0x0b, "jo\0e", 5, MX_EFORMAT}, /* two */
        {0x0b, "", 1, MX_EFORMAT},      /* empty */
        {0x0b, "", 0, MX_EFORMAT},
        {0x22, "my net", 7, 0},
        {0x22, "my net", 6, MX_EFORMAT}, /* no NUL */
        {0x24, "a\0b", 4, MX_EFORMAT},
        {0x07, "", 0, MX_EFORMAT},
        {0x1a, "\1\0\0", 3, MX_EFORMAT},
        {0x1a, "\1\0\0\0\0", 5, MX_EFORMAT},
        {0x40, "\1\0", 2, MX_EFORMAT},
        {0x01, "again.test", 11, MX_EFORMAT}, /* a second time */
        {0x00, "x", 1, MX_EFORMAT},
        {0x1c, "x", 1, 0}, /* unknown, even */
        {0x6c, "x", 1, 0},
        {0xfffe, "", 0, 0},
        {0x1b, "x", 1, MX_ENOTSUP}, /* unknown, odd */
        {0x41, "\1\0\0\0", 4, MX_ENOTSUP},
        {0xffff, "", 0, MX_ENOTSUP},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct settings_image im;
        const char *why = "";

        begin(&im);
        settings_image_add(&im, cases[i].what, cases[i].bytes, cases[i].len);
        if (open_image(&im, &why) != cases[i].rc) {
            fail_msg("case %zu: not %d", i, cases[i].rc);
        }
        assert_int_equal(why[0] != '\0', cases[i].rc != 0);
    }
}

static void test_no_name(void **state)
{
    struct settings_image im;
    const char *why = "";

    (void)state;
    settings_image_begin(&im, 0);
    assert_int_equal(open_image(&im, &why), MX_EFORMAT);
    ADD(&im, MX_SETTING_DOMAIN, "example.test\0");
    assert_int_equal(open_image(&im, &why), MX_EFORMAT);
}

/* Items out of order are a second writer's mistake, and hide repetitions. */
static void test_order(void **state)
{
    struct settings_image im;
    const char *why = "";

    (void)state;
    begin(&im);
    ADD(&im, MX_SETTING_RCPT, "*@example.test\0");
    ADD(&im, MX_SETTING_DOMAIN, "example.test\0");
    assert_int_equal(open_image(&im, &why), MX_EFORMAT);
}

static void test_blank(void **state)
{
    uint8_t flash[256];
    struct mx_settings s;
    const char *why = "";

    (void)state;
    for (int fill = 0; fill < 256; fill++) {
        memset(flash, fill, sizeof flash);
        why = "";
        assert_int_equal(mx_settings_open(&s, flash, sizeof flash, &why),
                         MX_EFORMAT);
        assert_int_equal(strncmp(why, "there is no", 11) == 0,
                         fill == 0 || fill == 255);
        assert_non_null(strstr(why, "tinymx-provision"));
    }
}

static void test_newer(void **state)
{
    struct settings_image im;
    struct mx_settings s;
    const char *why = "";

    (void)state;
    begin(&im);
    im.bytes[8] = 2;
    settings_image_seal(&im);
    assert_int_equal(open_bytes(&s, im.bytes, im.len, &why), MX_ENOTSUP);
    assert_non_null(strstr(why, "another version"));
}

/* Every bit counts, and so does every byte. */
static void test_damaged(void **state)
{
    struct settings_image im;
    struct mx_settings s;
    const char *why = "";

    (void)state;
    begin(&im);
    ADD(&im, MX_SETTING_RCPT, "*@example.test\0");
    settings_image_number(&im, 0x4a, 1000000);
    settings_image_seal(&im);
    assert_int_equal(open_bytes(&s, im.bytes, im.len, &why), 0);
    for (size_t i = 0; i < 8 * im.len; i++) {
        im.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_true(open_bytes(&s, im.bytes, im.len, &why) < 0);
        assert_null(s.at);
        im.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t len = 0; len < im.len; len++) {
        assert_int_equal(open_bytes(&s, im.bytes, len, &why), MX_EFORMAT);
    }
}

/* The length of an item, and of all, wherever they point to. */
static void test_lengths(void **state)
{
    struct settings_image im;
    const char *why = "";

    (void)state;
    for (unsigned len = 0; len < 0x10000; len++) {
        begin(&im);
        im.bytes[26] = (uint8_t)len;
        im.bytes[27] = (uint8_t)(len >> 8);
        assert_int_equal(open_image(&im, &why) == 0, len == 16);
    }
    for (size_t cut = 24; cut < 44; cut++) {
        begin(&im);
        im.len = cut;
        assert_int_equal(open_image(&im, &why), MX_EFORMAT);
    }
}

/* An image that somebody made once is read for ever; settings_v1_test.py reads
 * the same file from the words of docs/configuration.md alone. */
static void test_frozen(void **state)
{
    static uint8_t bytes[1024];
    struct mx_server_config cfg = {.mx_name = NULL};
    struct mx_settings s;
    const char *why = "";
    FILE *file = fopen(SETTINGS_V1, "rb");
    size_t len;

    (void)state;
    assert_non_null(file);
    len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(mx_settings_open(&s, bytes, len, &why), 0);
    mx_settings_server(&s, &cfg);
    assert_int_equal(s.counter, 41);
    assert_string_equal(cfg.mx_name, "mx.example.test");
    assert_string_equal(mx_settings_text(&s, MX_SETTING_ADDRESS),
                        "192.0.2.7/24");
    assert_int_equal(cfg.max_message, 250000);
    assert_int_equal(cfg.evict_s, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_kinds), cmocka_unit_test(test_server),
        cmocka_unit_test(test_widest),    cmocka_unit_test(test_items),
        cmocka_unit_test(test_no_name),   cmocka_unit_test(test_order),
        cmocka_unit_test(test_blank),     cmocka_unit_test(test_newer),
        cmocka_unit_test(test_damaged),   cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_frozen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
