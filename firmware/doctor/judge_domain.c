/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a domain's mail goes, and what it promises about TLS. */
#include "doctor/judge.h"

#include "doctor/say.h"
#include "tinymx/identity.h"

#include <string.h>

/* More are counted, not named. */
#define MX_NAMED 8

/* --- MX (RFC 5321 5.1) -------------------------------------------------- */

/* The preference of this device's record; -1: there is none. */
static int32_t our_preference(const struct mx_doctor *d,
                              const struct dns_message *m)
{
    struct dns_record r = {0};

    while (dns_next(m, DNS_MX, &r)) {
        if (dns_name_is(m, r.data, d->cfg.mx_name)) {
            return r.preference;
        }
    }
    return -1;
}

static void say_us(struct mx_doctor *d, const struct dns_record *r)
{
    bool bad = (d->cfg.flags & MX_ID_FATAL) != 0;
    struct fmt f = bad ? say_domain_fault(d) : say_domain(d);

    fmt_str(&f, "senders connect to ");
    fmt_str(&f, d->cfg.mx_name);
    fmt_str(&f, " (preference ");
    fmt_u32(&f, r->preference);
    said(d, &f,
         bad ? "): this device's name, but not its certificate's"
             : "): this device's name");
}

static void say_other(struct mx_doctor *d, const struct dns_message *m,
                      const struct dns_record *r, int32_t ours)
{
    struct fmt f = ours < 0 ? say_domain_fault(d) : say_domain(d);

    fmt_str(&f, ours < 0 ? "MX points to " : "senders also connect to ");
    dns_name_print(m, r->data, &f);
    if (ours < 0) {
        said(d, &f,
             ", which is not this certificate's name: senders with MTA-STS or "
             "DANE will refuse it");
        return;
    }
    fmt_str(&f, " (preference ");
    fmt_u32(&f, r->preference);
    said(d, &f,
         r->preference < ours ? "): another host, tried first"
                              : "): another host");
}

static void say_mx_record(struct mx_doctor *d, const struct dns_message *m,
                          const struct dns_record *r, int32_t ours)
{
    if (dns_name_is(m, r->data, "")) {
        struct fmt f = say_domain_fault(d);

        said(d, &f, "a null MX says that it takes no mail (RFC 7505)");
    } else if (dns_name_is(m, r->data, d->cfg.mx_name)) {
        say_us(d, r);
    } else {
        say_other(d, m, r, ours);
    }
}

/* Without an MX the domain itself is one. */
static void say_no_mx(struct mx_doctor *d, const struct dns_message *m)
{
    bool us = dns_name_is(m, m->name, d->cfg.mx_name);
    struct fmt f =
        us && m->rcode == DNS_NOERROR ? say_domain(d) : say_domain_fault(d);

    if (m->rcode == DNS_NXDOMAIN) {
        said(d, &f, "there is no such domain");
        return;
    }
    fmt_str(&f, "no MX: senders connect to the domain's own address");
    if (us) {
        said(d, &f, ", which is this device's name");
        return;
    }
    fmt_str(&f, ": publish MX 10 ");
    said(d, &f, d->cfg.mx_name);
}

void judge_mx(struct mx_doctor *d, const struct dns_message *m)
{
    int32_t ours = our_preference(d, m);
    struct dns_record r = {0};
    unsigned count = 0;

    d->insecure = d->insecure || !m->validated;
    while (dns_next(m, DNS_MX, &r)) {
        if (count++ < MX_NAMED) {
            say_mx_record(d, m, &r, ours);
        }
    }
    if (count == 0) {
        say_no_mx(d, m);
    } else if (count > MX_NAMED) {
        struct fmt f = say_domain(d);

        fmt_str(&f, "MX records that are not shown: ");
        fmt_u32(&f, count - MX_NAMED);
        said(d, &f, "");
    }
}

/* --- TXT (RFC 8461 3.1, RFC 8460 3) ------------------------------------- */

/* Those that begin with `version` and its end; the last one's text. */
static unsigned count_text(const struct dns_message *m, const char *version,
                           char *text, size_t room)
{
    struct dns_record r = {0};
    size_t n = strlen(version);
    unsigned count = 0;
    char head[12];

    while (dns_next(m, DNS_TXT, &r)) {
        dns_text(m, &r, head, sizeof head);
        if (strncmp(head, version, n) == 0 &&
            (head[n] == ';' || head[n] == ' ' || head[n] == '\0')) {
            dns_text(m, &r, text, room);
            count++;
        }
    }
    return count;
}

/* The value of `key` ("id=") in fields that semicolons end; .ptr NULL: none. */
static struct mx_span field(const char *text, const char *key)
{
    while ((text = strchr(text, ';')) != NULL) {
        text++;
        text += strspn(text, " \t");
        if (strncmp(text, key, strlen(key)) == 0) {
            text += strlen(key);
            return (struct mx_span){text, strcspn(text, "; \t")};
        }
    }
    return (struct mx_span){NULL, 0};
}

static void say_policy(struct mx_doctor *d, struct mx_span id)
{
    struct fmt f = say_domain(d);

    fmt_str(&f, "MTA-STS is on, id ");
    fmt_escaped(&f, id.ptr, id.len, 32);
    said(d, &f, ": its policy file has to name this MX");
    if (d->cfg.flags & (MX_ID_SELF_SIGNED | MX_ID_FATAL | MX_ID_EXPIRED)) {
        f = say_domain_fault(d);
        fmt_str(&f, "MTA-STS, and the certificate is ");
        fmt_str(&f, d->cfg.flags & MX_ID_FATAL     ? "for another name"
                    : d->cfg.flags & MX_ID_EXPIRED ? "out of date"
                                                   : "self-signed");
        said(d, &f, ": senders refuse it in mode enforce");
    }
}

void judge_mta_sts(struct mx_doctor *d, const struct dns_message *m)
{
    char text[128];
    unsigned count = count_text(m, "v=STSv1", text, sizeof text);
    struct mx_span id = {NULL, 0};
    struct fmt f;

    if (count == 1) {
        id = field(text, "id=");
    }
    if (id.len > 0) {
        say_policy(d, id);
        return;
    }
    f = count == 0 ? say_domain(d) : say_domain_fault(d);
    said(d, &f,
         count == 0   ? "no MTA-STS: nobody is asked to verify by it"
         : count == 1 ? "_mta-sts has no id=: senders see no policy"
                      : "_mta-sts has several policies: senders see none");
}

void judge_tls_rpt(struct mx_doctor *d, const struct dns_message *m)
{
    char text[128];
    unsigned count = count_text(m, "v=TLSRPTv1", text, sizeof text);
    struct mx_span rua = {NULL, 0};
    struct fmt f;

    if (count == 1) {
        rua = field(text, "rua=");
    }
    f = count == 0 || rua.len > 0 ? say_domain(d) : say_domain_fault(d);
    if (rua.len == 0) {
        said(d, &f,
             count == 0 ? "no TLS-RPT: senders report no failures of TLS"
             : count == 1
                 ? "_smtp._tls has no rua=: senders report nothing"
                 : "_smtp._tls is there twice: senders report nothing");
        return;
    }
    fmt_str(&f, "senders report failures of TLS to ");
    fmt_escaped(&f, rua.ptr, rua.len, 64);
    said(d, &f, "");
}
