/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What senders with DANE make of the records (RFC 7672 3.1). If there is one that
 * the resolver validated, they deliver only if one fits: that no record fits is
 * the fault, not that one does not.
 */
#include "doctor/judge.h"

#include "doctor/say.h"

/* Named one by one; more are only compared. */
#define TLSA_NAMED 6

enum kind { CURRENT, NEXT, STRANGE, UNCHECKED, UNUSABLE };

static const char *const meaning[] = {
    [CURRENT] = ", fits the key in use",
    [NEXT] = ", fits the next key",
    [STRANGE] = ", fits no key of this device",
    [UNCHECKED] = ", is not of the kind that is checked here (3 1 1)",
    [UNUSABLE] =
        ", is of no use for mail: senders pass it over (RFC 7672 3.1.3)",
};

static bool fits(const struct dns_message *m, const struct dns_record *r,
                 const uint8_t *digest)
{
    size_t i = 0;

    if (digest == NULL || r->len != 3 + 32) {
        return false;
    }
    while (i < 32 && dns_octet(m, r->data + 3 + i) == digest[i]) {
        i++;
    }
    return i == 32;
}

static enum kind kind_of(const struct mx_doctor *d, const struct dns_message *m,
                         const struct dns_record *r)
{
    uint8_t usage = dns_octet(m, r->data);

    if (usage != 2 && usage != 3) {
        return UNUSABLE;
    }
    if (usage == 2 || dns_octet(m, r->data + 1) != 1 ||
        dns_octet(m, r->data + 2) != 1) {
        return UNCHECKED;
    }
    return fits(m, r, d->cfg.tlsa[0])   ? CURRENT
           : fits(m, r, d->cfg.tlsa[1]) ? NEXT
                                        : STRANGE;
}

static void say_record(struct mx_doctor *d, const struct dns_message *m,
                       const struct dns_record *r, enum kind kind)
{
    struct fmt f = say_mx(d);

    fmt_str(&f, "TLSA");
    for (size_t i = 0; i < 3; i++) {
        fmt_char(&f, ' ');
        fmt_u32(&f, dns_octet(m, r->data + i));
    }
    fmt_char(&f, ' ');
    for (size_t i = 3; i < r->len && i < 3 + 4; i++) {
        fmt_hex(&f, dns_octet(m, r->data + i), 2);
    }
    fmt_str(&f, "...");
    said(d, &f, meaning[kind]);
}

/* What to publish, ready to paste. */
static void say_remedy(struct mx_doctor *d)
{
    struct fmt f;

    if (d->cfg.tlsa[0] == NULL) {
        return;
    }
    f = say(d);
    fmt_str(&f, "publish: _25._tcp.");
    fmt_str(&f, d->cfg.mx_name);
    fmt_str(&f, ". TLSA 3 1 1 ");
    for (size_t i = 0; i < 32; i++) {
        fmt_hex(&f, d->cfg.tlsa[0][i], 2);
    }
    said(d, &f, "");
}

/* `seen`: a bit for every kind that there is. */
static void conclude(struct mx_doctor *d, unsigned seen)
{
    struct fmt f;

    if (seen == 0) {
        f = say_mx(d);
        said(d, &f, "no TLSA: senders do not verify by DANE");
    } else if ((seen & (1u << CURRENT | 1u << UNCHECKED)) == 0) {
        f = say_mx_fault(d);
        said(d, &f,
             seen == 1u << UNUSABLE
                 ? "no TLSA that a sender can use: with DANE it does not verify"
                 : "no TLSA fits the key in use: senders with DANE do not "
                   "deliver");
        say_remedy(d);
    }
}

void judge_tlsa(struct mx_doctor *d, const struct dns_message *m)
{
    struct dns_record r = {0};
    unsigned seen = 0, count = 0;
    struct fmt f;

    while (dns_next(m, DNS_TLSA, &r)) {
        enum kind kind = kind_of(d, m, &r);

        seen |= 1u << kind;
        if (count++ < TLSA_NAMED) {
            say_record(d, m, &r, kind);
        }
    }
    conclude(d, seen);
    if (seen != 0 && !m->validated) {
        f = say_mx(d);
        said(d, &f,
             "the resolver did not validate the TLSA: DANE counts only in a "
             "zone signed with DNSSEC");
    } else if (seen != 0 && d->insecure) {
        f = say_mx(d);
        said(d, &f,
             "TLSA is validated, an MX record is not: that domain has no DANE");
    }
}
