/* SPDX-License-Identifier: BSD-3-Clause */
/* A stranger's text on a terminal: what goes through, and what is shown. */
#include "tinymx/plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static char out[256];
static size_t out_len;

static void write_out(void *ctx, const char *text, size_t len)
{
    assert_ptr_equal(ctx, out);
    assert_true(len > 0 && len < sizeof out - out_len);
    memcpy(out + out_len, text, len);
    out_len += len;
    out[out_len] = '\0';
}

/* Cut in two. */
static void show(const char *text, size_t len, size_t cut)
{
    struct mx_plain plain;

    out_len = 0;
    out[0] = '\0';
    mx_plain_init(&plain, write_out, out);
    mx_plain_push(&plain, text, cut);
    mx_plain_push(&plain, text + cut, len - cut);
    mx_plain_end(&plain);
}

static void texts(void **state)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"", ""},
        {"plain ~ text\n\tand a tab", "plain ~ text\n\tand a tab"},
        {"a\r\nb\r\n", "a\nb\n"},
        {"a\rb", "a\\x0db"},
        {"a\r\r\nb\r", "a\\x0d\nb\\x0d"},
        {"\x1b[2J\x07\x08\x7f", "\\x1b[2J\\x07\\x08\\x7f"},
        {"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
        {"\xe2\x82\xac \xf0\x9f\x93\xac", "\xe2\x82\xac \xf0\x9f\x93\xac"},
        {"\x9b"
         "31m",
         "\\x9b"
         "31m"}, /* CSI of a terminal of eight bits */
        {"\xc2\x9b"
         "31m",
         "\\xc2\\x9b"
         "31m"}, /* and in UTF-8 */
        {"\xc2\xa0", "\xc2\xa0"},
        {"\xc0\x9b", "\\xc0\\x9b"},                   /* overlong */
        {"\xe0\x80\x9b", "\\xe0\\x80\\x9b"},          /* overlong */
        {"\xf0\x80\x80\x9b", "\\xf0\\x80\\x80\\x9b"}, /* overlong */
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* half a pair */
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* behind the last */
        {"\xf5\xff", "\\xf5\\xff"},
        {"\xe2\x82z", "\\xe2\\x82z"},
        {"\xe2\x82\x1b", "\\xe2\\x82\\x1b"},
        {"\xe2\xc3\xa4", "\\xe2\xc3\xa4"},
        {"\xc3\r\n", "\\xc3\n"},
        {"\r\xc3\xa4", "\\x0d\xc3\xa4"},
        {"\xf0\x9f\x93", "\\xf0\\x9f\\x93"},
        {"\xc3", "\\xc3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t len = strlen(rows[i].text);

        for (size_t cut = 0; cut <= len; cut++) {
            show(rows[i].text, len, cut);
            assert_string_equal(out, rows[i].shown);
        }
    }
}

static void nul_is_shown(void **state)
{
    (void)state;
    show("a\0b", 3, 1);
    assert_string_equal(out, "a\\x00b");
}

/* By RFC 3629's definition, and not by the table that is tested. */
static size_t encode(char *text, uint32_t point)
{
    size_t more = (size_t)(point > 0x7f) + (point > 0x7ff) + (point > 0xffff);
    static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};

    for (size_t i = more; i > 0; i--) {
        text[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    text[0] = (char)(lead[more] | point);
    return more + 1;
}

static bool goes_through(uint32_t point)
{
    bool c0 = point < 0x20 && point != '\n' && point != '\t';
    bool c1 = point >= 0x7f && point <= 0x9f;
    bool surrogate = point >= 0xd800 && point <= 0xdfff;

    return !c0 && !c1 && !surrogate && point <= 0x10ffff;
}

/* Every number that four bytes can hold. */
static void characters(void **state)
{
    char text[4];

    (void)state;
    for (uint32_t point = 0; point < 0x200000; point++) {
        size_t len = encode(text, point);

        show(text, len, point % (len + 1));
        if (goes_through(point)) {
            assert_int_equal(out_len, len);
            assert_memory_equal(out, text, len);
        } else {
            assert_int_equal(out_len, 4 * len);
            assert_int_equal(out[0], '\\');
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(nul_is_shown),
        cmocka_unit_test(characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
