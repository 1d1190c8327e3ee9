/* SPDX-License-Identifier: BSD-3-Clause */
#include "console/publish.h"

#include "net/own.h"
#include "util/crc32c.h"
#include "util/fmt.h"

#include <string.h>

#define MAX_AGE "604800"

static void print(struct mx_console *c, const char *text)
{
    mx_console_print(c, text);
}

static void print_span(struct mx_console *c, struct mx_span s)
{
    c->write(s.ptr, s.len);
}

void publish_digest(struct mx_console *c, const uint8_t digest[32])
{
    char hex[65];
    struct fmt f;

    fmt_init(&f, hex, sizeof hex);
    for (size_t i = 0; i < 32; i++) {
        fmt_hex(&f, digest[i], 2);
    }
    print(c, hex);
}

/* "example.test. IN " behind a label, or "" */
static void begin(struct mx_console *c, const char *label, struct mx_span name)
{
    print(c, label);
    print_span(c, name);
    print(c, ". IN ");
}

static struct mx_span span(const char *text)
{
    return (struct mx_span){text, strlen(text)};
}

/* --- the exchanger's own name -------------------------------------------- */

static void say_address(struct mx_console *c, const struct publish *p,
                        const char *text, bool known)
{
    if (!known) {
        print(c, "; this one is not reached from outside; write the one that "
                 "is:\n; ");
    }
    begin(c, "", span(p->mx_name));
    print(c, strchr(text, ':') != NULL ? "AAAA " : "A ");
    print(c, text);
    print(c, "\n");
}

static void say_addresses(struct mx_console *c, const struct publish *p)
{
    struct own_address own;
    const char *given;
    size_t at = 0;

    while ((given = mx_names_next(&p->addresses, &at)) != NULL) {
        say_address(c, p, given, true);
    }
    if (at > 0) {
        return;
    }
    for (size_t i = 0; own_address(&own, i); i++) {
        say_address(c, p, own.text, own.global);
    }
}

static void say_tlsa(struct mx_console *c, const struct publish *p,
                     const uint8_t *digest, const char *comment)
{
    if (digest != NULL) {
        begin(c, "_25._tcp.", span(p->mx_name));
        print(c, "TLSA 3 1 1 ");
        publish_digest(c, digest);
        print(c, comment);
    }
}

static bool same(struct mx_span a, const char *b)
{
    return a.len == strlen(b) && memcmp(a.ptr, b, a.len) == 0;
}

static bool is_domain(const struct publish *p)
{
    struct mx_span domain;
    size_t at = 0;

    while ((domain = mx_table_domain(p->table, &at)).ptr != NULL) {
        if (same(domain, p->mx_name)) {
            return true;
        }
    }
    return false;
}

static void say_name(struct mx_console *c, const struct publish *p)
{
    print(c, "; this device. TLSA counts in a zone signed with DNSSEC only.\n");
    say_addresses(c, p);
    say_tlsa(c, p, p->digest, " ; the key in use\n");
    say_tlsa(c, p, p->next, " ; the next key\n");
    print(c, "; it sends no mail:\n");
    begin(c, "", span(p->mx_name));
    print(c, "TXT \"v=spf1 -all\"\n");
    if (!is_domain(p)) {
        print(c, "; and nobody has an address there (RFC 7505):\n");
        begin(c, "", span(p->mx_name));
        print(c, "MX 0 .\n");
    }
}

/* --- a domain ------------------------------------------------------------ */

/* It has to change when the policy does (RFC 8461 3.1): of this policy. */
static void say_policy_id(struct mx_console *c, const struct publish *p)
{
    char id[9];
    struct fmt f;

    fmt_init(&f, id, sizeof id);
    fmt_hex(&f, crc32c(0, p->mx_name, strlen(p->mx_name)), 8);
    print(c, id);
}

static void say_mta_sts(struct mx_console *c, const struct publish *p,
                        struct mx_span domain)
{
    bool own = (p->flags & MX_ID_SELF_SIGNED) != 0;

    if (own) {
        print(c,
              "; not yet: MTA-STS wants a certificate of a public CA, and this "
              "one is signed by\n; itself (identity csr, identity install). "
              "Then:\n; ");
    }
    begin(c, "_mta-sts.", domain);
    print(c, "TXT \"v=STSv1; id=");
    say_policy_id(c, p);
    print(c, "\"\n; with this text at https://mta-sts.");
    print_span(c, domain);
    print(
        c,
        "/.well-known/mta-sts.txt\n"
        "; (testing: senders report; enforce: they insist; with another text, "
        "another id):\n"
        ";   version: STSv1\n"
        ";   mode: testing\n"
        ";   mx: ");
    print(c, p->mx_name);
    print(c, "\n;   max_age: " MAX_AGE "\n");
}

static void say_domain(struct mx_console *c, const struct publish *p,
                       struct mx_span domain)
{
    print(c, "\n; ");
    print_span(c, domain);
    print(c, "\n");
    begin(c, "", domain);
    print(c, "MX 10 ");
    print(c, p->mx_name);
    print(c, ".\n");
    begin(c, "_smtp._tls.", domain);
    print(c, "TXT \"v=TLSRPTv1; rua=mailto:postmaster@");
    print_span(c, domain);
    print(c, "\"\n");
    say_mta_sts(c, p, domain);
    if (!same(domain, p->mx_name)) {
        print(c, "; if nobody sends mail from there:\n; ");
        begin(c, "", domain);
        print(c, "TXT \"v=spf1 -all\"\n");
    }
}

void publish_print(struct mx_console *c, const struct publish *p)
{
    struct mx_span domain;
    size_t at = 0;

    say_name(c, p);
    while ((domain = mx_table_domain(p->table, &at)).ptr != NULL) {
        say_domain(c, p, domain);
    }
}
