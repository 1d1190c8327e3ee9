/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A question to a resolver, and what it answers (RFC 1035 4.1). No I/O: octets
 * in, records out. Everything in an answer is a stranger's.
 *
 *     len = dns_query(query, DNS_TLSA, "_25._tcp.", name, strlen(name));
 *     ... query[0], query[1] = a random id; ask; m = what came ...
 *     if (dns_is_answer(query, len, &m) && dns_parse(&m) == 0)
 *         for (struct dns_record r = {0}; dns_next(&m, DNS_TLSA, &r);) ...
 *
 * An answer is read where it lies, an octet at a time, since on a device it lies
 * in a chain of pbufs and there is no room to copy it to. A name in it is a place
 * in it, good for the functions below; `m` must have been parsed before.
 */
#ifndef TINYMX_DNS_MESSAGE_H
#define TINYMX_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/fmt.h"

/* Header, name, type and class, OPT (RFC 6891). */
#define DNS_QUERY_MAX (12 + 255 + 4 + 11)

enum dns_type {
    DNS_A = 1,
    DNS_CNAME = 5,
    DNS_PTR = 12,
    DNS_MX = 15,
    DNS_TXT = 16,
    DNS_AAAA = 28,
    DNS_TLSA = 52,
};

enum dns_rcode {
    DNS_NOERROR = 0,
    DNS_FORMERR = 1,
    DNS_SERVFAIL = 2,
    DNS_NXDOMAIN = 3,
    DNS_REFUSED = 5,
};

/* --- the question ------------------------------------------------------- */

/* For `prefix` ("_25._tcp." or "") in front of a name of `len` octets. It says
 * that an answer may have 1232 octets, and wants to hear whether it was
 * validated (AD, RFC 6840 5.7). Its length; 0: that is not a name. */
size_t dns_query(uint8_t out[DNS_QUERY_MAX], enum dns_type type,
                 const char *prefix, const char *name, size_t len);

/* For the PTR of an address of 4 or 16 octets. */
size_t dns_query_reverse(uint8_t out[DNS_QUERY_MAX], const uint8_t *address,
                         size_t len);

/* --- the answer --------------------------------------------------------- */

struct dns_message {
    uint8_t (*octet)(const void *packet, size_t at); /* at < len */
    const void *packet;
    size_t len;
    /* By dns_parse(): */
    enum dns_rcode rcode;
    bool cut;         /* TC: not all of it fitted */
    bool validated;   /* AD: by the resolver, with DNSSEC */
    uint8_t aliases;  /* CNAMEs on the way */
    uint16_t answers; /* records */
    size_t first;     /* where they begin */
    size_t name;      /* of what was asked for, behind the last alias */
};

/* Where the name in the question is. */
#define DNS_QUESTION 12

/* Is it about this question: its id and name, case aside? */
bool dns_is_answer(const uint8_t *query, size_t len,
                   const struct dns_message *m);

/* Checks every record of the answer, and follows its aliases. MX_EFORMAT: it is
 * damaged, or goes in a circle. Of one that is cut there are no records. */
int dns_parse(struct dns_message *m);

struct dns_record {
    size_t data; /* where it is; a name, but for a TXT, TLSA or address */
    uint16_t len;
    uint16_t preference; /* of an MX; its name is at `data` */
    uint16_t done;       /* private */
    size_t next;         /* private */
};

/* The next one of this type for the name asked for; the first for {0}. */
bool dns_next(const struct dns_message *m, enum dns_type type,
              struct dns_record *r);

uint8_t dns_octet(const struct dns_message *m, size_t at);

/* The strings of a TXT as one (RFC 7208 3.3), cut off at `room`, with a NUL. */
void dns_text(const struct dns_message *m, const struct dns_record *r,
              char *text, size_t room);

/* --- names -------------------------------------------------------------- */

/* Behind the name at `at`; 0: that is none, or goes beyond the message. */
size_t dns_name_end(const struct dns_message *m, size_t at);
bool dns_name_same(const struct dns_message *m, size_t a, size_t b);
bool dns_name_is(const struct dns_message *m, size_t at, const char *text);
/* "." for the root. */
void dns_name_print(const struct dns_message *m, size_t at, struct fmt *f);
/* The question for the addresses of a name in an answer. */
size_t dns_name_query(const struct dns_message *m, size_t at,
                      enum dns_type type, uint8_t out[DNS_QUERY_MAX]);

#endif
