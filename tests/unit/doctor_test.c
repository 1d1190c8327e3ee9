/* SPDX-License-Identifier: BSD-3-Clause */
/* Records in, lines out: the network is a table. */
#include "net/ask.h"
#include "tinymx/doctor.h"
#include "tinymx/err.h"
#include "tinymx/identity.h"

#include "test_port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* --- a resolver --------------------------------------------------------- */

enum { VALID = 1, FAIL = 2, SILENT = 4, LONG = 8, NOBODY = 16 };

/* A record, or what becomes of the question. `data`: a name behind "10 " or
 * alone, an address, octets in hexadecimal, a text. */
struct row {
    const char *name;
    enum dns_type type;
    const char *data;
    unsigned how;
};

static const struct row *zone;
static uint8_t packet[1232];
static size_t fill;
static unsigned how;

static void put(const void *bytes, size_t len)
{
    memcpy(packet + fill, bytes, len);
    fill += len;
}

static void put_name(const char *name)
{
    while (*name != '\0' && *name != '.') {
        uint8_t len = (uint8_t)strcspn(name, ".");

        put(&len, 1);
        put(name, len);
        name += len + (name[len] == '.');
    }
    put("", 1);
}

static void put_data(const struct row *row)
{
    unsigned v[4], b;
    uint8_t n;

    switch (row->type) {
    case DNS_A:
        assert_int_equal(
            sscanf(row->data, "%u.%u.%u.%u", &v[0], &v[1], &v[2], &v[3]), 4);
        for (size_t i = 0; i < 4; i++) {
            n = (uint8_t)v[i];
            put(&n, 1);
        }
        break;
    case DNS_TLSA:
    case DNS_AAAA:
        for (const char *at = row->data; sscanf(at, "%2x", &b) == 1; at += 2) {
            n = (uint8_t)b;
            put(&n, 1);
        }
        break;
    case DNS_TXT:
        n = (uint8_t)strlen(row->data);
        put(&n, 1);
        put(row->data, n);
        break;
    case DNS_MX:
        n = (uint8_t)atoi(row->data);
        put("", 1);
        put(&n, 1);
        put_name(strchr(row->data, ' ') + 1);
        break;
    default:
        put_name(row->data);
    }
}

static void put_record(const struct row *row)
{
    uint8_t head[10] = {0, (uint8_t)row->type, 0, 1};
    size_t at;

    put_name(row->name);
    put(head, sizeof head);
    at = fill;
    put_data(row);
    packet[at - 1] = (uint8_t)(fill - at);
    packet[7]++;
}

static bool is_about(const struct row *row, const char *name,
                     enum dns_type type)
{
    return strcmp(row->name, name) == 0 &&
           (row->type == type || row->type == DNS_CNAME);
}

static uint8_t octet(const void *bytes, size_t at)
{
    return ((const uint8_t *)bytes)[at];
}

static struct dns_message message(void)
{
    return (struct dns_message){.octet = octet, .packet = packet, .len = fill};
}

int ask_check(void)
{
    return zone != NULL ? 0 : MX_EINVAL;
}

int ask_start(struct mx_ask *ask, uint8_t *query, size_t len)
{
    struct dns_message m;
    char text[300];
    struct fmt f;
    enum dns_type type;

    ask->pcb = ask;
    fill = how = 0;
    put(query, len - 11);
    packet[2] |= 0x80;
    packet[11] = 0;
    type = (enum dns_type)packet[fill - 3];
    m = message();
    fmt_init(&f, text, sizeof text);
    dns_name_print(&m, DNS_QUESTION, &f);
    for (const struct row *row = zone; row->name != NULL; row++) {
        if (is_about(row, f.buf, type)) {
            how |= row->how;
            if (row->data != NULL) {
                put_record(row);
            }
            if (row->type == DNS_CNAME) {
                fmt_init(&f, text, sizeof text);
                fmt_str(&f, row->data);
            }
        }
    }
    packet[2] |= (how & LONG) != 0 ? 2 : 0;
    packet[3] = (uint8_t)((how & VALID) != 0 ? 0x20 : 0) |
                (uint8_t)((how & FAIL) != 0     ? DNS_SERVFAIL
                          : (how & NOBODY) != 0 ? DNS_NXDOMAIN
                                                : 0);
    return 0;
}

enum ask_state ask_poll(struct mx_ask *ask, struct dns_message *m)
{
    (void)ask;
    *m = message();
    return (how & SILENT) != 0 ? ASK_SILENT : ASK_ANSWER;
}

void ask_stop(struct mx_ask *ask)
{
    ask->pcb = NULL;
}

bool ask_is_own(const struct mx_names *addresses, const uint8_t *octets,
                size_t len)
{
    (void)addresses;
    return len == 4 && memcmp(octets, "\xc0\0\2\7", 4) == 0;
}

/* --- the cases ---------------------------------------------------------- */

#define MXN "mx.example.test"
#define TLSN "_25._tcp.mx.example.test"
#define REV "7.2.0.192.in-addr.arpa"
#define DIGEST(b) b b b b b b b b
#define OF_1 DIGEST("01010101")
#define OF_2 DIGEST("02020202")
#define OF_3 DIGEST("03030303")

#define MX_OK                                                                  \
    {                                                                          \
        "example.test", DNS_MX, "10 " MXN, VALID                               \
    }
#define A_OK                                                                   \
    {                                                                          \
        MXN, DNS_A, "192.0.2.7", VALID                                         \
    }
#define PTR_OK                                                                 \
    {                                                                          \
        REV, DNS_PTR, MXN, 0                                                   \
    }
#define TLSA_OK                                                                \
    {                                                                          \
        TLSN, DNS_TLSA, "030101" OF_1, VALID                                   \
    }

/* What is in the report of each, a line behind the other; the first that is not
 * there is printed. */
static const struct {
    struct row rows[12];
    unsigned flags;
    bool told; /* the owner said which address it has */
    unsigned faults;
    const char *lines[6];
} cases[] = {
    {.rows = {MX_OK, A_OK, PTR_OK, TLSA_OK},
     .flags = MX_ID_SELF_SIGNED,
     .lines = {"example.test: senders connect to mx.example.test (preference "
               "10): this device's name",
               "mx.example.test: has the address 192.0.2.7, and so has this "
               "device",
               "192.0.2.7: leads back (PTR) to mx.example.test",
               "mx.example.test: TLSA 3 1 1 01010101..., fits the key in use",
               "example.test: no MTA-STS: nobody is asked to verify by it",
               "no faults"}},
    /* MX */
    {.rows = {{"example.test", DNS_MX, "10 old.example.test", 0}, A_OK},
     .faults = 1,
     .lines = {"fault: example.test: MX points to old.example.test, which is "
               "not this certificate's name: senders with MTA-STS or DANE will "
               "refuse it",
               "1 fault"}},
    {.rows = {{"example.test", DNS_MX, "5 a.example.net", 0}, MX_OK, A_OK},
     .lines = {"example.test: senders also connect to a.example.net "
               "(preference 5): another host, tried first",
               "example.test: senders connect to mx.example.test"}},
    {.rows = {A_OK},
     .faults = 1,
     .lines = {"fault: example.test: no MX: senders connect to the domain's "
               "own address: publish MX 10 mx.example.test"}},
    {.rows = {{"example.test", DNS_MX, NULL, NOBODY}, A_OK},
     .faults = 1,
     .lines = {"fault: example.test: there is no such domain"}},
    {.rows = {{"example.test", DNS_MX, "0 .", 0}, A_OK},
     .faults = 1,
     .lines = {"fault: example.test: a null MX says that it takes no mail "
               "(RFC 7505)"}},
    {.rows = {MX_OK, A_OK},
     .flags = MX_ID_WRONG_NAME,
     .faults = 1,
     .lines = {"fault: example.test: senders connect to mx.example.test "
               "(preference 10): this device's name, but not its "
               "certificate's"}},
    {.rows = {{"example.test", DNS_MX, "10 evil\x1b[2J.test", 0}, A_OK},
     .faults = 1,
     .lines = {"fault: example.test: MX points to evil\\x1b[2J.test,"}},
    /* Addresses */
    {.rows = {MX_OK,
              {MXN, DNS_CNAME, "host.example.test", 0},
              {"host.example.test", DNS_A, "192.0.2.7", 0}},
     .faults = 1,
     .lines = {"fault: mx.example.test: an alias (CNAME) of host.example.test: "
               "a name in an MX record must not be one (RFC 2181 10.3)",
               "mx.example.test: has the address 192.0.2.7, and so"}},
    {.rows = {MX_OK},
     .faults = 1,
     .lines = {"fault: mx.example.test: has no address: nobody can connect"}},
    {.rows = {MX_OK, {MXN, DNS_A, "198.51.100.1", 0}},
     .lines = {"mx.example.test: has the address 198.51.100.1, this device has "
               "not: normal behind NAT",
               "198.51.100.1: has no name (PTR)"}},
    {.rows = {MX_OK, {MXN, DNS_A, "198.51.100.1", 0}},
     .told = true,
     .faults = 1,
     .lines = {"fault: mx.example.test: has the address 198.51.100.1, at which "
               "this device is not reached, it was told"}},
    {.rows = {MX_OK, {MXN, DNS_AAAA, "20010db8000000000000000000000007", 0}},
     .lines = {"mx.example.test: has the address 2001:db8::7, this"}},
    /* PTR */
    {.rows = {MX_OK,
              A_OK,
              {REV, DNS_PTR, "b.example.net", 0},
              {"b.example.net", DNS_A, "192.0.2.7", 0}},
     .lines = {"192.0.2.7: its name (PTR) is b.example.net, another one, which "
               "has this address"}},
    {.rows = {MX_OK, A_OK, {REV, DNS_PTR, "b.example.net", 0}},
     .lines = {"192.0.2.7: its name (PTR) is b.example.net, which does not "
               "lead back to it"}},
    {.rows = {MX_OK,
              A_OK,
              {REV, DNS_PTR, "b.example.net", 0},
              {"b.example.net", DNS_A, "192.0.2.8", 0}},
     .lines = {"192.0.2.7: its name (PTR) is b.example.net, which does not "
               "lead back to it"}},
    /* TLSA */
    {.rows = {MX_OK, A_OK, TLSA_OK, {TLSN, DNS_TLSA, "030101" OF_2, 0}},
     .lines = {"mx.example.test: TLSA 3 1 1 01010101..., fits the key in use",
               "mx.example.test: TLSA 3 1 1 02020202..., fits the next key"}},
    {.rows = {MX_OK, A_OK, {TLSN, DNS_TLSA, "030101" OF_3, VALID}},
     .faults = 1,
     .lines = {"mx.example.test: TLSA 3 1 1 03030303..., fits no key of this",
               "fault: mx.example.test: no TLSA fits the key in use: senders "
               "with DANE do not deliver",
               "publish: _25._tcp.mx.example.test. TLSA 3 1 1 " OF_1}},
    {.rows = {MX_OK, A_OK, {TLSN, DNS_TLSA, "010101" OF_1, VALID}},
     .faults = 1,
     .lines = {"mx.example.test: TLSA 1 1 1 01010101..., is of no use for mail",
               "fault: mx.example.test: no TLSA that a sender can use"}},
    {.rows = {MX_OK, A_OK, {TLSN, DNS_TLSA, "020001" OF_1, VALID}},
     .lines = {"mx.example.test: TLSA 2 0 1 01010101..., is not of the kind "
               "that is checked here (3 1 1)"}},
    {.rows = {MX_OK, A_OK, {TLSN, DNS_TLSA, "030101" OF_1, 0}},
     .lines = {"mx.example.test: the resolver did not validate the TLSA: DANE "
               "counts only in a zone signed with DNSSEC"}},
    /* TXT */
    {.rows = {MX_OK,
              A_OK,
              {"_mta-sts.example.test", DNS_TXT, "v=STSv1; id=42;", 0}},
     .flags = MX_ID_SELF_SIGNED,
     .faults = 1,
     .lines = {"example.test: MTA-STS is on, id 42: its policy file has to",
               "fault: example.test: MTA-STS, and the certificate is "
               "self-signed: senders refuse it in mode enforce"}},
    {.rows = {MX_OK,
              A_OK,
              {"_mta-sts.example.test", DNS_TXT, "v=STSv1; id=42;", 0},
              {"_mta-sts.example.test", DNS_TXT, "v=STSv1; id=43;", 0}},
     .faults = 1,
     .lines = {"fault: example.test: _mta-sts has several policies"}},
    {.rows = {MX_OK,
              A_OK,
              {"_smtp._tls.example.test", DNS_TXT,
               "v=TLSRPTv1; rua=mailto:tls@example.test", 0}},
     .lines = {"example.test: senders report failures of TLS to "
               "mailto:tls@example.test"}},
    /* No answers */
    {.rows = {MX_OK, A_OK, {TLSN, DNS_TLSA, NULL, FAIL}},
     .faults = 1,
     .lines = {"fault: TLSA of _25._tcp.mx.example.test: SERVFAIL, often "
               "DNSSEC that is broken: a sender waits"}},
    {.rows = {MX_OK, A_OK, {TLSN, DNS_TLSA, NULL, SILENT}},
     .faults = 1,
     .lines = {"fault: TLSA of _25._tcp.mx.example.test: no answer"}},
    {.rows = {MX_OK, A_OK, {TLSN, DNS_TLSA, NULL, LONG}},
     .lines = {"TLSA of _25._tcp.mx.example.test: the answer is too long"}},
    {.rows = {{"example.test", DNS_MX, NULL, SILENT},
              {MXN, DNS_A, NULL, SILENT}},
     .faults = 3,
     .lines = {"fault: MX of example.test: no answer",
               "fault: A of mx.example.test: no answer",
               "fault: the resolver does not answer: stopped", "3 faults"}},
};

/* --- the report --------------------------------------------------------- */

static char report[4096];

static void say(void *ctx, const char *line)
{
    (void)ctx;
    assert_true(strlen(report) + strlen(line) + 2 < sizeof report);
    for (const char *at = line; *at != '\0'; at++) {
        assert_in_range(*at, ' ', '~');
    }
    strcat(report, line);
    strcat(report, "\n");
}

/* Behind the line that begins with `line`. */
static const char *find(const char *from, const char *line)
{
    for (const char *at = from; *at != '\0'; at = strchr(at, '\n') + 1) {
        if (strncmp(at, line, strlen(line)) == 0) {
            return strchr(at, '\n') + 1;
        }
    }
    print_error("not there: %s\n%s", line, report);
    fail();
    return NULL;
}

static struct mx_doctor doctor;

static int start(const struct row *rows, unsigned flags, bool told)
{
    static const char *const domains[] = {"example.test", NULL};
    static const char *const addresses[] = {"192.0.2.7", NULL};
    static uint8_t key[2][32];
    static struct mx_table table;
    struct mx_doctor_config cfg = {.mx_name = MXN,
                                   .table = &table,
                                   .tlsa = {key[0], key[1]},
                                   .flags = flags,
                                   .say = say};

    memset(key[0], 1, 32);
    memset(key[1], 2, 32);
    mx_table_init(&table, domains, NULL);
    cfg.addresses.array = told ? addresses : NULL;
    report[0] = '\0';
    zone = rows;
    return mx_doctor_start(&doctor, &cfg);
}

static void judges(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *at = report;

        assert_int_equal(start(cases[i].rows, cases[i].flags, cases[i].told),
                         0);
        while (mx_doctor_poll(&doctor)) {
        }
        for (size_t n = 0; n < 6 && cases[i].lines[n] != NULL; n++) {
            at = find(at, cases[i].lines[n]);
        }
        if (mx_doctor_faults(&doctor) != cases[i].faults) {
            print_error("%s", report);
        }
        assert_int_equal(mx_doctor_faults(&doctor), cases[i].faults);
        assert_false(mx_doctor_poll(&doctor));
    }
}

static void needs_a_resolver(void **state)
{
    (void)state;
    assert_int_equal(start(NULL, 0, false), MX_EINVAL);
    assert_false(mx_doctor_poll(&doctor));
}

/* However slow the answers are, it ends. */
static void gives_up(void **state)
{
    static const struct row rows[] = {MX_OK, A_OK, {NULL, 0, NULL, 0}};

    (void)state;
    assert_int_equal(start(rows, 0, false), 0);
    assert_true(mx_doctor_poll(&doctor));
    test_now_ms += MX_DOCTOR_S * 1000 + 1;
    assert_false(mx_doctor_poll(&doctor));
    (void)find(report, "fault: it takes too long: stopped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges),
        cmocka_unit_test(needs_a_resolver),
        cmocka_unit_test(gives_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
