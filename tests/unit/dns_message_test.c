/* SPDX-License-Identifier: BSD-3-Clause */
/* Questions as dnspython makes them, answers as unbound 1.17 gives them. */
#include "dns/message.h"
#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static uint8_t octet(const void *packet, size_t at)
{
    return ((const uint8_t *)packet)[at];
}

static size_t unhex(uint8_t *out, const char *hex)
{
    size_t len = 0;
    unsigned b;

    for (; sscanf(hex, "%2x", &b) == 1; hex += 2) {
        out[len++] = (uint8_t)b;
    }
    return len;
}

static struct dns_message message(uint8_t *out, const char *hex)
{
    return (struct dns_message){
        .octet = octet, .packet = out, .len = unhex(out, hex)};
}

#define OPT "00002904d0000000000000"
#define MX_QUESTION "076578616d706c65047465737400000f0001"

static const char mx_answer[] =
    "123485800001000200000001" MX_QUESTION
    "c00c000f000100000e100007000a026d78c00c"
    "c00c000f000100000e10000b0014064261636b7570c00c" OPT;

/* --- questions ---------------------------------------------------------- */

static const struct {
    enum dns_type type;
    const char *prefix, *name, *hex;
} questions[] = {
    {DNS_MX, "", "example.test", "123401200001000000000001" MX_QUESTION OPT},
    {DNS_TLSA, "_25._tcp.", "mx.example.test",
     "123401200001000000000001035f3235045f746370026d78076578616d706c65047465"
     "73740000340001" OPT},
};

static void asks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        uint8_t query[DNS_QUERY_MAX] = {0}, want[DNS_QUERY_MAX];
        size_t len = dns_query(query, questions[i].type, questions[i].prefix,
                               questions[i].name, strlen(questions[i].name));

        memcpy(query, "\x12\x34", 2);
        assert_int_equal(len, unhex(want, questions[i].hex));
        assert_memory_equal(query, want, len);
    }
}

static void asks_back(void **state)
{
    static const uint8_t v4[] = {192, 0, 2, 7};
    static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7};
    uint8_t query[DNS_QUERY_MAX] = {0}, want[DNS_QUERY_MAX];
    size_t len = dns_query_reverse(query, v4, 4);

    (void)state;
    assert_int_equal(len, unhex(want, "000001200001000000000001013701320130033"
                                      "13932"
                                      "07696e2d61646472046172706100000c"
                                      "0001" OPT));
    assert_memory_equal(query, want, len);
    assert_int_equal(dns_query_reverse(query, v6, 16), 12 + 74 + 4 + 11);
    assert_memory_equal(query + 12,
                        "\1"
                        "7\1"
                        "0",
                        4);
}

/* What is no name cannot be asked for. */
static void refuses(void **state)
{
    uint8_t query[DNS_QUERY_MAX];
    char name[300];

    (void)state;
    assert_int_equal(dns_query(query, DNS_A, "", "", 0), 0);
    assert_int_equal(dns_query(query, DNS_A, "", "a..b", 4), 0);
    assert_int_equal(dns_query(query, DNS_A, "", ".", 1), 0);
    memset(name, 'a', sizeof name);
    assert_int_equal(dns_query(query, DNS_A, "", name, 63), 12 + 65 + 4 + 11);
    assert_int_equal(dns_query(query, DNS_A, "", name, 64), 0);
    for (size_t i = 1; i < sizeof name; i += 2) {
        name[i] = '.';
    }
    assert_int_equal(dns_query(query, DNS_A, "", name, 253), DNS_QUERY_MAX);
    assert_int_equal(dns_query(query, DNS_A, "", name, 255), 0);
}

/* --- answers ------------------------------------------------------------ */

static void assert_name(const struct dns_message *m, size_t at,
                        const char *want)
{
    char text[300];
    struct fmt f;

    fmt_init(&f, text, sizeof text);
    dns_name_print(m, at, &f);
    assert_string_equal(text, want);
}

static void reads_mx(void **state)
{
    uint8_t bytes[512], query[DNS_QUERY_MAX];
    struct dns_message m = message(bytes, mx_answer);
    struct dns_record r = {0};
    size_t len = unhex(query, questions[0].hex);

    (void)state;
    assert_true(dns_is_answer(query, len, &m));
    assert_int_equal(dns_parse(&m), 0);
    assert_false(m.validated || m.cut);
    assert_true(dns_next(&m, DNS_MX, &r));
    assert_int_equal(r.preference, 10);
    assert_name(&m, r.data, "mx.example.test");
    assert_true(dns_name_is(&m, r.data, "MX.Example.test"));
    assert_false(dns_name_is(&m, r.data, "mx.example"));
    assert_false(dns_name_is(&m, r.data, "mx.example.test.x"));
    assert_false(dns_name_is(&m, r.data, "mxxexample.test"));
    assert_true(dns_next(&m, DNS_MX, &r));
    assert_name(&m, r.data, "Backup.example.test");
    assert_false(dns_next(&m, DNS_MX, &r));
    assert_false(dns_next(&m, DNS_A, &(struct dns_record){0}));
}

/* Another id, another question, a question back: none is the answer. */
static void is_answer(void **state)
{
    static const struct {
        uint8_t at, xor;
        bool is;
    } rows[] = {{0, 1, false},    {1, 1, false},  {2, 0x80, false},
                {2, 0x08, false}, {5, 1, false},  {13, 0x20, true},
                {13, 1, false},   {27, 1, false}, {29, 1, false},
                {28, 1, false},   {30, 1, true}};
    uint8_t query[DNS_QUERY_MAX];
    size_t len = unhex(query, questions[0].hex);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[512];
        struct dns_message m = message(bytes, mx_answer);

        bytes[rows[i].at] ^= rows[i].xor ;
        assert_int_equal(dns_is_answer(query, len, &m), rows[i].is);
    }
}

/* Cut off anywhere in its records it does not parse; nothing is read behind. */
static void cut_off(void **state)
{
    uint8_t bytes[512];
    struct dns_message m = message(bytes, mx_answer);
    size_t whole = m.len - sizeof OPT / 2;

    (void)state;
    for (m.len = 0; m.len < whole; m.len++) {
        assert_int_equal(dns_parse(&m), MX_EFORMAT);
    }
    assert_int_equal(dns_parse(&m), 0);
}

static const struct {
    const char *what, *hex;
    int err;
    const char *name;
} aliases[] = {
    {"an alias, and where it leads",
     "1234858000010002000000000"
     "5616c696173076578616d706c6504746573740000010001"
     "c00c0005000100000e100005026d78c012"
     "c0300001000100000e100004c0000207",
     0, "mx.example.test"},
    {"an alias of itself",
     "1234858000010001000000000"
     "5616c696173076578616d706c6504746573740000010001"
     "c00c0005000100000e100002c00c",
     MX_EFORMAT, NULL},
    {"a pointer to itself",
     "1234858000010001000000000"
     "5616c696173076578616d706c6504746573740000010001"
     "c0240001000100000e100004c0000207",
     MX_EFORMAT, NULL},
    {"an address of five octets",
     "1234858000010001000000000"
     "5616c696173076578616d706c6504746573740000010001"
     "c00c0001000100000e100005c000020700",
     MX_EFORMAT, NULL},
    {"a name longer than its record",
     "1234858000010001000000000"
     "5616c696173076578616d706c6504746573740000010001"
     "c00c0005000100000e100003026d78c012",
     MX_EFORMAT, NULL},
};

static void follows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        uint8_t bytes[512];
        struct dns_message m = message(bytes, aliases[i].hex);

        assert_int_equal(dns_parse(&m), aliases[i].err);
        if (aliases[i].name != NULL) {
            struct dns_record r = {0};

            assert_int_equal(m.aliases, 1);
            assert_name(&m, m.name, aliases[i].name);
            assert_true(dns_next(&m, DNS_A, &r));
        }
    }
}

static void text_is_one(void **state)
{
    uint8_t bytes[512];
    char text[32];
    struct dns_record r = {0};
    struct dns_message m = message(
        bytes,
        "123485800001000100000001085f6d74612d737473076578616d706c65047465"
        "73740000100001c00c0010000100000e10001009763d53545376313b20056964"
        "3d313b" OPT);

    (void)state;
    assert_int_equal(dns_parse(&m), 0);
    assert_true(dns_next(&m, DNS_TXT, &r));
    dns_text(&m, &r, text, sizeof text);
    assert_string_equal(text, "v=STSv1; id=1;");
    dns_text(&m, &r, text, 4);
    assert_string_equal(text, "v=S");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks),      cmocka_unit_test(asks_back),
        cmocka_unit_test(refuses),   cmocka_unit_test(reads_mx),
        cmocka_unit_test(is_answer), cmocka_unit_test(cut_off),
        cmocka_unit_test(follows),   cmocka_unit_test(text_is_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
