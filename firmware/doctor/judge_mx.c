/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The MX name, its addresses and their names. What is wrong with a PTR is said
 * and is no fault: a receiver's is looked at by people, not by senders.
 */
#include "doctor/judge.h"

#include "doctor/say.h"
#include "net/ask.h"

#include <string.h>

/* --- addresses ---------------------------------------------------------- */

/* A name in an MX record must not be an alias (RFC 2181 10.3). */
static void say_alias(struct mx_doctor *d, const struct dns_message *m)
{
    struct fmt f;

    if (m->aliases == 0 || d->alias) {
        return;
    }
    d->alias = true;
    f = say_mx_fault(d);
    fmt_str(&f, "an alias (CNAME) of ");
    dns_name_print(m, m->name, &f);
    said(d, &f, ": a name in an MX record must not be one (RFC 2181 10.3)");
}

/* A router in front has the address that counts, and the device another. Only
 * if the owner said what it is can it be wrong. */
static void say_known(struct mx_doctor *d, const struct mx_doctor_address *a)
{
    bool own = ask_is_own(&d->cfg.addresses, a->octets, a->len);
    bool told =
        d->cfg.addresses.array != NULL || d->cfg.addresses.packed != NULL;
    struct fmt f = !own && told ? say_mx_fault(d) : say_mx(d);

    fmt_str(&f, "has the address ");
    say_address(&f, a);
    said(d, &f,
         own    ? ", and so has this device"
         : told ? ", at which this device is not reached, it was told"
                : ", this device has not: normal behind NAT");
}

static void know(struct mx_doctor *d, const struct dns_message *m,
                 const struct dns_record *r)
{
    struct mx_doctor_address *a;

    if (d->addresses == MX_DOCTOR_ADDRESSES) {
        return;
    }
    a = &d->known[d->addresses++];
    a->len = (uint8_t)r->len;
    for (size_t i = 0; i < a->len; i++) {
        a->octets[i] = dns_octet(m, r->data + i);
    }
    say_known(d, a);
}

static void judge_addresses(struct mx_doctor *d, const struct dns_message *m,
                            enum dns_type type)
{
    struct dns_record r = {0};

    say_alias(d, m);
    while (dns_next(m, type, &r)) {
        know(d, m, &r);
    }
}

void judge_a(struct mx_doctor *d, const struct dns_message *m)
{
    judge_addresses(d, m, DNS_A);
}

void judge_aaaa(struct mx_doctor *d, const struct dns_message *m)
{
    judge_addresses(d, m, DNS_AAAA);
    if (d->addresses == 0) {
        struct fmt f = say_mx_fault(d);

        said(d, &f, "has no address: nobody can connect");
    }
}

/* --- PTR ---------------------------------------------------------------- */

static struct fmt say_this(struct mx_doctor *d)
{
    struct fmt f = say(d);

    say_address(&f, &d->known[d->address]);
    return f;
}

size_t judge_ptr(struct mx_doctor *d, const struct dns_message *m)
{
    struct dns_record r = {0};
    size_t other = 0;
    struct fmt f;

    while (dns_next(m, DNS_PTR, &r)) {
        if (dns_name_is(m, r.data, d->cfg.mx_name)) {
            f = say_this(d);
            fmt_str(&f, ": leads back (PTR) to ");
            said(d, &f, d->cfg.mx_name);
            return 0;
        }
        other = r.data;
    }
    if (other == 0) {
        f = say_this(d);
        said(d, &f, ": has no name (PTR): senders do not mind, receivers do");
    }
    return other;
}

void judge_forward(struct mx_doctor *d, const struct dns_message *m)
{
    const struct mx_doctor_address *a = &d->known[d->address];
    struct dns_record r = {0};
    bool back = false;
    struct fmt f;

    while (!back && dns_next(m, a->len > 4 ? DNS_AAAA : DNS_A, &r)) {
        size_t i = 0;

        while (i < a->len && dns_octet(m, r.data + i) == a->octets[i]) {
            i++;
        }
        back = i == a->len;
    }
    f = say_this(d);
    fmt_str(&f, ": its name (PTR) is ");
    dns_name_print(m, DNS_QUESTION, &f);
    said(d, &f,
         back ? ", another one, which has this address"
              : ", which does not lead back to it");
}
