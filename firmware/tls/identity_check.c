/* SPDX-License-Identifier: BSD-3-Clause */
/* What is to be said of a loaded identity: does it fit, and what it is. */
#include "tinymx/identity.h"

#include "tinymx/err.h"
#include "tls/calendar.h"
#include "tls/identity_chain.h"
#include "tls/identity_impl.h"
#include "tls/identity_key.h"
#include "tls/name.h"
#include "util/fmt.h"

#include <mbedtls/oid.h>

#include <string.h>

static int64_t seconds(const mbedtls_x509_time *t)
{
    const struct calendar c = {t->year, t->mon, t->day,
                               t->hour, t->min, t->sec};

    return calendar_to_s(&c);
}

/* The next SAN dNSName at or behind `san`, or NULL. */
static const mbedtls_x509_sequence *dns_name(const mbedtls_x509_sequence *san)
{
    while (san != NULL && (san->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) !=
                              MBEDTLS_X509_SAN_DNS_NAME) {
        san = san->next;
    }
    return san;
}

static unsigned check_names(const mbedtls_x509_crt *leaf, const char *mx_name)
{
    const mbedtls_x509_sequence *san = dns_name(&leaf->subject_alt_names);
    unsigned flags = san == NULL ? MX_ID_NO_SAN : MX_ID_WRONG_NAME;

    for (; san != NULL; san = dns_name(san->next)) {
        switch (name_match((const char *)san->buf.p, san->buf.len, mx_name)) {
        case NAME_SAME:
            return 0;
        case NAME_BY_WILDCARD:
            flags = MX_ID_WILDCARD;
            break;
        case NAME_DIFFERS:
            break;
        }
    }
    return flags;
}

unsigned identity_check_dates(const mbedtls_x509_crt *crt, int64_t now_s)
{
    if (now_s == 0) {
        return MX_ID_NO_CLOCK;
    }
    if (now_s < seconds(&crt->valid_from)) {
        return MX_ID_NOT_YET;
    }
    return now_s > seconds(&crt->valid_to) ? MX_ID_EXPIRED : 0;
}

static unsigned check_issuer(const mbedtls_x509_crt *leaf)
{
    const mbedtls_x509_buf *issuer = &leaf->issuer_raw;
    const mbedtls_x509_buf *subject = &leaf->subject_raw;

    return issuer->len == subject->len &&
                   memcmp(issuer->p, subject->p, issuer->len) == 0
               ? MX_ID_SELF_SIGNED
               : 0;
}

static unsigned check_order(const mbedtls_x509_crt *crt)
{
    for (; crt->next != NULL; crt = crt->next) {
        const struct mx_span cert = {(const char *)crt->raw.p, crt->raw.len};
        const struct mx_span by = {(const char *)crt->next->raw.p,
                                   crt->next->raw.len};

        if (!identity_chain_issued(&cert, &by)) {
            return MX_ID_CHAIN_ORDER;
        }
    }
    return 0;
}

unsigned mx_identity_check(const struct mx_identity *id, const char *mx_name,
                           int64_t now_s)
{
    const mbedtls_x509_crt *leaf;

    if (id->impl == NULL) {
        return MX_ID_NO_SAN;
    }
    leaf = &id->impl->chain;
    return check_names(leaf, mx_name) | identity_check_dates(leaf, now_s) |
           check_issuer(leaf) | check_order(leaf);
}

static const struct {
    enum mx_identity_flag flag;
    const char *text;
} advice[] = {
    {MX_ID_NO_SAN,
     "The certificate has no DNS name among its subject alternative names; "
     "get one that has the MX host name there, the common name does not "
     "count."},
    {MX_ID_WRONG_NAME,
     "The certificate is for other names; get one for the MX host name, or "
     "let the MX record name a host that it is for."},
    {MX_ID_WILDCARD,
     "The certificate covers the MX host name by a wildcard only; that works, "
     "one with the name itself is better."},
    {MX_ID_EXPIRED,
     "The certificate has expired; senders that verify it will not deliver. "
     "Install a new one."},
    {MX_ID_NOT_YET,
     "The certificate is not valid yet; look at the device's clock, or wait."},
    {MX_ID_NO_CLOCK,
     "The device has no clock, so the certificate's dates were not checked."},
    {MX_ID_SELF_SIGNED,
     "The certificate is signed by itself; senders can verify it by DANE "
     "only. Publish its TLSA record in a zone signed with DNSSEC."},
    {MX_ID_CHAIN_ORDER,
     "The chain is out of order: each certificate has to be followed by the "
     "one that certifies it, the device's own first."},
};

const char *mx_identity_advice(enum mx_identity_flag flag)
{
    for (size_t i = 0; i < sizeof advice / sizeof *advice; i++) {
        if (advice[i].flag == flag) {
            return advice[i].text;
        }
    }
    return "";
}

int mx_identity_admit(const struct mx_identity *id, const char *mx_name,
                      int64_t now_s, const char **why)
{
    static const enum mx_identity_flag refused[] = {
        MX_ID_NO_SAN, MX_ID_WRONG_NAME, MX_ID_EXPIRED, MX_ID_NOT_YET,
        MX_ID_CHAIN_ORDER};
    unsigned flags = mx_identity_check(id, mx_name, now_s);

    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if ((flags & refused[i]) != 0) {
            *why = mx_identity_advice(refused[i]);
            return MX_EREFUSED;
        }
    }
    return 0;
}

static const mbedtls_x509_name *find_part(const mbedtls_x509_name *name,
                                          const char *oid, size_t len)
{
    while (name != NULL &&
           (name->oid.len != len || memcmp(name->oid.p, oid, len) != 0)) {
        name = name->next;
    }
    return name;
}

/* For people: blanks stay, what is not plain becomes a question mark. */
static void put_plain(struct fmt *f, const unsigned char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool plain = text[i] >= ' ' && text[i] <= '~' && text[i] != '"' &&
                     text[i] != '\\';

        fmt_char(f, plain ? (char)text[i] : '?');
    }
}

static void describe_issuer(const mbedtls_x509_crt *leaf,
                            struct mx_identity_facts *facts)
{
    static const char cn[] = MBEDTLS_OID_AT_CN;
    static const char org[] = MBEDTLS_OID_AT_ORGANIZATION;
    const mbedtls_x509_name *part = find_part(&leaf->issuer, cn, sizeof cn - 1);
    struct fmt f;

    if (part == NULL) {
        part = find_part(&leaf->issuer, org, sizeof org - 1);
    }
    if (part != NULL) {
        fmt_init(&f, facts->issuer, sizeof facts->issuer);
        put_plain(&f, part->val.p, part->val.len);
    }
}

int mx_identity_describe(const struct mx_identity *id,
                         struct mx_identity_facts *facts)
{
    const mbedtls_x509_crt *leaf;
    const mbedtls_x509_sequence *san;
    struct fmt f;

    memset(facts, 0, sizeof *facts);
    if (id->impl == NULL) {
        return MX_EINVAL;
    }
    leaf = &id->impl->chain;
    san = dns_name(&leaf->subject_alt_names);
    if (san != NULL) {
        fmt_init(&f, facts->name, sizeof facts->name);
        fmt_escaped(&f, (const char *)san->buf.p, san->buf.len, san->buf.len);
    }
    fmt_init(&f, facts->key_type, sizeof facts->key_type);
    fmt_str(&f, identity_key_is_rsa(&leaf->pk) ? "RSA-" : "P-");
    fmt_u32(&f, (uint32_t)mbedtls_pk_get_bitlen(&leaf->pk));
    facts->not_before_s = seconds(&leaf->valid_from);
    facts->not_after_s = seconds(&leaf->valid_to);
    facts->chain_len = id->impl->chain_len;
    facts->self_signed = check_issuer(leaf) != 0;
    describe_issuer(leaf, facts);
    return 0;
}
