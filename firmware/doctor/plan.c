/* SPDX-License-Identifier: BSD-3-Clause */
/*
 *   MX of every domain ─► A ─► AAAA ─► PTR of every address ─► TLSA
 *                                        └─► its name's A     ─► TXT, TXT of
 *                                                                every domain
 */
#include "doctor/plan.h"

#include "doctor/judge.h"
#include "doctor/say.h"

#include <string.h>

_Static_assert(sizeof(((struct mx_doctor *)0)->text.query) == DNS_QUERY_MAX,
               "a query has its room in tinymx/doctor.h");

enum step { MX, A, AAAA, PTR, FORWARD, TLSA, MTA_STS, TLS_RPT, END };

/* Whose record it is, and how often it is asked for. */
enum owner { DOMAIN, NAME, ADDRESS };

static const struct {
    enum owner owner;
    enum dns_type type;
    const char *what; /* for people */
    const char *prefix;
    void (*judge)(struct mx_doctor *d, const struct dns_message *m);
} steps[] = {
    [MX] = {DOMAIN, DNS_MX, "MX", "", judge_mx},
    [A] = {NAME, DNS_A, "A", "", judge_a},
    [AAAA] = {NAME, DNS_AAAA, "AAAA", "", judge_aaaa},
    [PTR] = {ADDRESS, DNS_PTR, "PTR", "", NULL},
    [FORWARD] = {ADDRESS, DNS_A, "the name that PTR has", "", judge_forward},
    [TLSA] = {NAME, DNS_TLSA, "TLSA", "_25._tcp.", judge_tlsa},
    [MTA_STS] = {DOMAIN, DNS_TXT, "TXT", "_mta-sts.", judge_mta_sts},
    [TLS_RPT] = {DOMAIN, DNS_TXT, "TXT", "_smtp._tls.", judge_tls_rpt},
};

/* --- what could not be judged ------------------------------------------- */

static const char *objection(const struct dns_message *m, bool sound)
{
    if (m == NULL) {
        return "no answer: a sender may get none either, and waits";
    }
    if (m->rcode == DNS_SERVFAIL) {
        return "SERVFAIL, often DNSSEC that is broken: a sender waits";
    }
    if (m->rcode == DNS_REFUSED) {
        return "the resolver refuses to answer (REFUSED)";
    }
    if (!sound || (m->rcode != DNS_NOERROR && m->rcode != DNS_NXDOMAIN)) {
        return "the answer makes no sense";
    }
    return m->cut ? "the answer is too long for UDP, and not looked at" : NULL;
}

static void object(struct mx_doctor *d, const char *why, bool fault)
{
    enum owner owner = steps[d->step].owner;
    struct fmt f = fault ? say_fault(d) : say(d);

    fmt_str(&f, steps[d->step].what);
    fmt_str(&f, " of ");
    fmt_str(&f, steps[d->step].prefix);
    if (owner == DOMAIN) {
        fmt_bytes(&f, d->domain.ptr, d->domain.len);
    } else if (owner == NAME) {
        fmt_str(&f, d->cfg.mx_name);
    } else {
        say_address(&f, &d->known[d->address]);
    }
    fmt_str(&f, ": ");
    said(d, &f, why);
}

/* --- what comes next ---------------------------------------------------- */

static bool next_domain(struct mx_doctor *d)
{
    d->domain = mx_table_domain(d->cfg.table, &d->at);
    return d->domain.ptr != NULL;
}

static bool first_domain(struct mx_doctor *d)
{
    d->at = 0;
    return next_domain(d);
}

/* The step behind this one; the same one for another domain or address. */
static enum step behind(struct mx_doctor *d)
{
    switch ((enum step)d->step) {
    case MX:
        return next_domain(d) ? MX : A;
    case A:
        return AAAA;
    case AAAA:
        return d->addresses > 0 ? PTR : TLSA;
    case PTR:
    case FORWARD:
        d->address++;
        return d->address < d->addresses ? PTR : TLSA;
    case TLSA:
        return first_domain(d) ? MTA_STS : END;
    case MTA_STS:
        return TLS_RPT;
    default:
        return next_domain(d) ? MTA_STS : END;
    }
}

static size_t question(struct mx_doctor *d)
{
    const char *prefix = steps[d->step].prefix;
    enum dns_type type = steps[d->step].type;
    uint8_t *out = d->text.query;

    switch (steps[d->step].owner) {
    case DOMAIN:
        return dns_query(out, type, prefix, d->domain.ptr, d->domain.len);
    case NAME:
        return dns_query(out, type, prefix, d->cfg.mx_name,
                         strlen(d->cfg.mx_name));
    default:
        return dns_query_reverse(out, d->known[d->address].octets,
                                 d->known[d->address].len);
    }
}

/* What the PTR names, asked for its address; 0: there is no need to. */
static size_t ask_back(struct mx_doctor *d, const struct dns_message *m,
                       size_t name)
{
    bool v6 = d->known[d->address].len > 4;

    if (name == 0) {
        return 0;
    }
    d->step = FORWARD;
    return dns_name_query(m, name, v6 ? DNS_AAAA : DNS_A, d->text.query);
}

/* The length of a question that comes before the next step, or 0. */
static size_t judge(struct mx_doctor *d, struct dns_message *m)
{
    bool sound = m != NULL && dns_parse(m) == 0;
    const char *why = objection(m, sound);

    if (why != NULL) {
        object(d, why, m == NULL || !m->cut);
    } else if (d->step == PTR) {
        return ask_back(d, m, judge_ptr(d, m));
    } else {
        steps[d->step].judge(d, m);
    }
    return 0;
}

/* --- the whole ---------------------------------------------------------- */

void plan_end(struct mx_doctor *d, const char *why)
{
    struct fmt f;

    if (why != NULL) {
        f = say_fault(d);
        said(d, &f, why);
    }
    f = say(d);
    if (d->faults == 0) {
        said(d, &f, "no faults");
        return;
    }
    fmt_u32(&f, d->faults);
    said(d, &f, d->faults == 1 ? " fault" : " faults");
}

size_t plan_first(struct mx_doctor *d)
{
    d->step = MX;
    return first_domain(d) ? question(d) : 0;
}

size_t plan_next(struct mx_doctor *d, struct dns_message *answer)
{
    size_t len = judge(d, answer);

    if (len > 0) {
        return len;
    }
    d->silent = answer != NULL ? 0 : (uint8_t)(d->silent + 1);
    if (d->silent == 2) {
        plan_end(d, "the resolver does not answer: stopped");
        return 0;
    }
    do { /* a name too long to be asked for is passed over */
        d->step = (uint8_t)behind(d);
        len = d->step != END ? question(d) : 0;
    } while (len == 0 && d->step != END);
    if (len == 0) {
        plan_end(d, NULL);
    }
    return len;
}
