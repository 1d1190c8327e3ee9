/* SPDX-License-Identifier: BSD-3-Clause */
/* Paths, names and parameters: tables of good and bad ones, from the grammar of
 * RFC 5321 4.1.2 and 4.1.3, RFC 6531 3.3 and RFC 1870. */
#include "smtp/param.h"
#include "smtp/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct mx_span span(const char *text)
{
    return (struct mx_span){text, strlen(text)};
}

static void check_span(struct mx_span have, const char *want)
{
    assert_int_equal(have.len, strlen(want));
    assert_memory_equal(have.ptr != NULL ? have.ptr : "", want, have.len);
}

/* --- paths -------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *in, *local, *domain, *rest;
} good_paths[] = {
    {"<>", "", "", ""},
    {"<> SIZE=1", "", "", " SIZE=1"},
    {"<a@b>", "a", "b", ""},
    {"<a@b.example> X", "a", "b.example", " X"},
    {"<a.b+c/d=e@b-c.example>", "a.b+c/d=e", "b-c.example", ""},
    {"<!#$%&'*+-/=?^_`{|}~@b>", "!#$%&'*+-/=?^_`{|}~", "b", ""},
    {"<1@2.3>", "1", "2.3", ""},
    {"<a@b--c.d>", "a", "b--c.d", ""},
    {"<\"\"@b>", "\"\"", "b", ""},
    {"<\"a b\"@b>", "\"a b\"", "b", ""},
    {"<\"a>b@c\"@b>", "\"a>b@c\"", "b", ""},
    {"<\"a\\\"b\\\\\"@b>", "\"a\\\"b\\\\\"", "b", ""},
    {"<\"a..b.\"@b>", "\"a..b.\"", "b", ""},
    {"<@x:a@b>", "a", "b", ""},
    {"<@x.y,@z-1:\"a\"@b>", "\"a\"", "b", ""},
    {"<a@[192.0.2.1]>", "a", "[192.0.2.1]", ""},
    {"<a@[0.0.0.255]>", "a", "[0.0.0.255]", ""},
    {"<a@[IPv6:2001:db8:0:0:0:0:0:1]>", "a", "[IPv6:2001:db8:0:0:0:0:0:1]", ""},
    {"<a@[ipv6:2001:DB8::1]>", "a", "[ipv6:2001:DB8::1]", ""},
    {"<a@[IPv6:::]>", "a", "[IPv6:::]", ""},
    {"<a@[IPv6:::1]>", "a", "[IPv6:::1]", ""},
    {"<a@[IPv6:1::]>", "a", "[IPv6:1::]", ""},
    {"<a@[IPv6:1:2:3:4:5:6::]>", "a", "[IPv6:1:2:3:4:5:6::]", ""},
    {"<a@[IPv6:::ffff:192.0.2.1]>", "a", "[IPv6:::ffff:192.0.2.1]", ""},
    {"<a@[IPv6:1:2:3:4:5:6:192.0.2.1]>", "a",
     "[IPv6:1:2:3:4:5:6:192.0.2.1]", ""},
    {"<j\xc3\xbcrgen@m\xc3\xbcller.example>", "j\xc3\xbcrgen",
     "m\xc3\xbcller.example", ""},
    {"<\"\xc3\xbc \"@b>", "\"\xc3\xbc \"", "b", ""},
};
/* clang-format on */

/* clang-format off */
static const char *const bad_paths[] = {
    "", "<", ">", "a@b", "<a@b", "a@b>", "<a>", "<@>", "<a@>", "<@b>",
    "< a@b>", "<a@b >", "<a@b>x", "<a@b>>", "<<a@b>>", "<a b@c>",
    "<.a@b>", "<a.@b>", "<a..b@c>", "<a@.b>", "<a@b.>", "<a@b..c>",
    "<a@-b>", "<a@b->", "<a@b-.c>", "<a@b_c>", "<a@b@c>", "<a,b@c>",
    "<a(b)@c>", "<a\\b@c>", "<a:b@c>", "<a;b@c>", "<a[b@c>",
    "<\"a@b>", "<\"a\"b@c>", "<a\"b\"@c>", "<\"a\"\"b\"@c>", "<\"a\\\"@b>",
    "<\"a\tb\"@c>", "<\"a\\\tb\"@c>", "<a\x7f@b>", "<\"\x7f\"@b>",
    "<\"a\\\xc3\xbc\"@b>", "<a\x01@b>",
    "<@x,a@b>", "<@x:>", "<@x,:a@b>", "<@:a@b>", "<x:a@b>", "<@x@y:a@b>",
    "<a@[]>", "<a@[1.2.3]>", "<a@[1.2.3.4.5]>", "<a@[256.0.0.1]>",
    "<a@[1.2.3.4>", "<a@1.2.3.4]>", "<a@[1.2.3.4]x>", "<a@[0001.2.3.4]>",
    "<a@[1..3.4]>", "<a@[ 1.2.3.4]>", "<a@[x:y]>", "<a@[IPv6]>",
    "<a@[IPv6:]>", "<a@[IPv6::]>", "<a@[IPv6:1]>", "<a@[IPv6::1]>",
    "<a@[IPv6:1:2:3:4:5:6:7]>", "<a@[IPv6:1:2:3:4:5:6:7:8:9]>",
    "<a@[IPv6:1:2:3:4:5:6:7:8:9:a:b:c:d]>", "<a@[IPv6:1:2:3:4:5:6:7:]>",
    "<a@[IPv6:1::2::3]>", "<a@[IPv6:::1::]>", "<a@[IPv6:1:::2]>",
    "<a@[IPv6:12345::1]>", "<a@[IPv6:g::1]>", "<a@[IPv6:1:2:3:4:5:6:7::]>",
    "<a@[IPv6:1:2:3:4:5:6:7:1.2.3.4]>", "<a@[IPv6:::1.2.3.4:1]>",
    "<a@[IPv6:::1.2.3]>", "<a@[IPv6:::1.2.3.256]>", "<a@[IPv6:2001:db8::1>",
    "<Postmaster>",
};
/* clang-format on */

static void paths_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good_paths); i++) {
        struct mx_span in = span(good_paths[i].in);
        struct mx_path path;
        char text[300];

        print_message("%s\n", good_paths[i].in);
        assert_true(smtp_path_parse(&in, &path));
        check_span(path.local, good_paths[i].local);
        check_span(path.domain, good_paths[i].domain);
        check_span(in, good_paths[i].rest);
        snprintf(text, sizeof text, "%s%s%s", good_paths[i].local,
                 good_paths[i].domain[0] != '\0' ? "@" : "",
                 good_paths[i].domain);
        check_span(path.text, text);
    }
}

static void paths_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_paths); i++) {
        /* memory of its exact size, for the sanitizer */
        size_t len = strlen(bad_paths[i]);
        char *copy = test_malloc(len > 0 ? len : 1);
        struct mx_span in = {copy, len};
        struct mx_path path;

        print_message("%s\n", bad_paths[i]);
        memcpy(copy, bad_paths[i], len);
        assert_false(smtp_path_parse(&in, &path));
        test_free(copy);
    }
}

/* "<" local "@" domain ">", with so many bytes of each; labels of 63. */
static bool parses(size_t local, size_t domain)
{
    static char text[1024];
    struct mx_span in = {text, local + domain + 3};
    struct mx_path path;

    text[0] = '<';
    memset(text + 1, 'l', local);
    text[1 + local] = '@';
    memset(text + 2 + local, 'd', domain);
    for (size_t i = 63; i < domain - 1; i += 64) {
        text[2 + local + i] = '.';
    }
    text[2 + local + domain] = '>';
    return smtp_path_parse(&in, &path);
}

/* RFC 5321 4.5.3.1.1 to 4.5.3.1.3 */
static void paths_long(void **state)
{
    (void)state;
    assert_true(parses(64, 189));
    assert_false(parses(64, 190));
    assert_false(parses(65, 1));
    assert_true(parses(1, 252));
    assert_false(parses(1, 253));
}

/* RFC 1035 2.3.4, in ASCII; in UTF-8 a label may be longer. */
static void labels_long(void **state)
{
    char text[200];
    int len;

    (void)state;
    len = snprintf(text, sizeof text, "%063d.test", 1);
    assert_true(smtp_path_is_domain((struct mx_span){text, (size_t)len}));
    len = snprintf(text, sizeof text, "%064d.test", 1);
    assert_false(smtp_path_is_domain((struct mx_span){text, (size_t)len}));
    memset(text, '\xc3', 80);
    memcpy(text + 80, ".test", 5);
    assert_true(smtp_path_is_domain((struct mx_span){text, 85}));
}

static void postmaster(void **state)
{
    static const char *const bad[] = {"<postmaster",   "postmaster>",
                                      "<postmasterx>", "<postmaste>",
                                      "<postmaster>x", "<\"postmaster\">"};
    struct mx_span in = span("<pOsTmAsTeR> x");
    struct mx_path path;

    (void)state;
    assert_true(smtp_path_postmaster(&in, &path));
    check_span(path.text, "pOsTmAsTeR");
    check_span(path.local, "pOsTmAsTeR");
    check_span(path.domain, "");
    check_span(in, " x");
    for (size_t i = 0; i < COUNT(bad); i++) {
        in = span(bad[i]);
        assert_false(smtp_path_postmaster(&in, &path));
    }
}

/* --- UTF-8 (RFC 3629) --------------------------------------------------- */

static void charsets(void **state)
{
    static const struct {
        const char *text;
        enum smtp_charset charset;
    } rows[] = {
        {"", CHARSET_ASCII},
        {"a@b", CHARSET_ASCII},
        {"\xc2\x80", CHARSET_UTF8},
        {"a\xdf\xbf!", CHARSET_UTF8},
        {"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", CHARSET_UTF8},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", CHARSET_UTF8},
        {"\x80", CHARSET_NEITHER}, /* nothing before it */
        {"\xc3", CHARSET_NEITHER}, /* cut off */
        {"\xe1\x80", CHARSET_NEITHER},
        {"\xf1\x80\x80", CHARSET_NEITHER},
        {"\xc3\x41", CHARSET_NEITHER},
        {"\xe1\x80\x41", CHARSET_NEITHER},
        {"\xc1\xbf", CHARSET_NEITHER}, /* longer than need be */
        {"\xe0\x9f\xbf", CHARSET_NEITHER},
        {"\xf0\x8f\xbf\xbf", CHARSET_NEITHER},
        {"\xed\xa0\x80", CHARSET_NEITHER},     /* a surrogate */
        {"\xf4\x90\x80\x80", CHARSET_NEITHER}, /* beyond U+10FFFF */
        {"\xf5\x80\x80\x80", CHARSET_NEITHER},
        {"\xff", CHARSET_NEITHER},
        {"\xc3\xbc\xfc", CHARSET_NEITHER},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(smtp_path_charset(span(rows[i].text)),
                         rows[i].charset);
    }
}

/* --- parameters of MAIL ------------------------------------------------- */

static void parameters(void **state)
{
    enum { TLS = 1 };
    static const struct {
        const char *line;
        int in_tls;
        enum smtp_reply reply;
        uint32_t size;
        uint8_t flags;
    } rows[] = {
        {"", 0, R_NONE, 0, 0},
        {" ", 0, R_NONE, 0, 0},
        {" SIZE=0", 0, R_NONE, 0, 0},
        {" size=1000", 0, R_NONE, 1000, 0},
        {" SIZE=00000000000000001000", 0, R_NONE, 1000, 0},
        {" SIZE=000000000000000001000", 0, R_PARAMETER_VALUE, 0, 0},
        {" SIZE=1001", 0, R_TOO_BIG, 0, 0},
        {" SIZE=4294967296", 0, R_TOO_BIG, 0, 0},
        {" SIZE=4294967297", 0, R_TOO_BIG, 0, 0},
        {" SIZE=", 0, R_PARAMETER_VALUE, 0, 0},
        {" SIZE", 0, R_PARAMETER_VALUE, 0, 0},
        {" SIZE=1,0", 0, R_PARAMETER_VALUE, 0, 0},
        {" SIZE==1", 0, R_PARAMETER_VALUE, 0, 0},
        {" SIZE=1 BODY=7BIT SIZE=1", 0, R_PARAMETER_VALUE, 0, 0},
        {" BODY=7bit", 0, R_NONE, 0, 0},
        {" BODY=8BITMIME", 0, R_NONE, 0, MX_MAIL_8BITMIME},
        {" BODY=8BITMIM", 0, R_PARAMETER_VALUE, 0, 0},
        {" BODY=8BITMIMEX", 0, R_PARAMETER_VALUE, 0, 0},
        {" BODY", 0, R_PARAMETER_VALUE, 0, 0},
        {" BODY=", 0, R_PARAMETER_VALUE, 0, 0},
        {" SMTPUTF8 SIZE=7", 0, R_NONE, 7, MX_MAIL_SMTPUTF8},
        {" SMTPUTF8=", 0, R_PARAMETER_VALUE, 0, 0},
        {" REQUIRETLS", 0, R_PARAMETER, 0, 0},
        {" REQUIRETLS BODY=8BITMIME", TLS, R_NONE, 0,
         MX_MAIL_REQUIRETLS | MX_MAIL_8BITMIME},
        {" REQUIRETLS=1", TLS, R_PARAMETER_VALUE, 0, 0},
        {" SIZ=1", 0, R_PARAMETER, 0, 0},
        {" SIZEX=1", 0, R_PARAMETER, 0, 0},
        {" =1", 0, R_PARAMETER, 0, 0},
        {" ENVID=x", 0, R_PARAMETER, 0, 0},
    };
    static const struct mx_smtp_config cfg = {.max_message = 1000};
    struct mx_smtp smtp = {.cfg = &cfg};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("MAIL FROM:<>%s\n", rows[i].line);
        smtp.in_tls = rows[i].in_tls == TLS;
        smtp.size = 12345;
        smtp.flags = 0xff;
        assert_int_equal(smtp_param_mail(&smtp, span(rows[i].line)),
                         rows[i].reply);
        if (rows[i].reply == R_NONE) {
            assert_int_equal(smtp.size, rows[i].size);
            assert_int_equal(smtp.flags, rows[i].flags);
        }
    }
}

static void numbers(void **state)
{
    uint32_t n;

    (void)state;
    assert_true(smtp_word_number(span("0"), &n) && n == 0);
    assert_true(smtp_word_number(span("4294967295"), &n) && n == UINT32_MAX);
    assert_false(smtp_word_number(span("4294967296"), &n));
    assert_false(smtp_word_number(span("42949672950"), &n));
    assert_false(smtp_word_number(span(""), &n));
    assert_false(smtp_word_number(span("1x"), &n));
    assert_false(smtp_word_number(span("-1"), &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_good), cmocka_unit_test(paths_bad),
        cmocka_unit_test(paths_long), cmocka_unit_test(labels_long),
        cmocka_unit_test(postmaster), cmocka_unit_test(charsets),
        cmocka_unit_test(parameters), cmocka_unit_test(numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
