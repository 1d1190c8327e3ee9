/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a sender will see of this device: asks the DNS as one would, and says in
 * plain words what fits and what does not.
 *
 *     for each domain    MX                            RFC 5321 5.1
 *     for the MX name    A, AAAA, and PTR of each      RFC 1912 2.1
 *                        TLSA of _25._tcp              RFC 7672
 *     for each domain    TXT of _mta-sts, _smtp._tls   RFC 8461, 8460
 *
 * All of it is asked by queries of our own, one at a time, of the server that
 * lwIP's resolver has: lwIP gives one address, and neither aliases nor whether the
 * answer was validated. Needs MX_DNS.
 *
 *     mx_doctor_start(&doctor, &config);
 *     while (mx_doctor_poll(&doctor)) { ... the main loop ... }
 *
 * A question is asked three times, within 10 seconds; two without an answer, one
 * behind the other, end it, and so do MX_DOCTOR_S seconds.
 */
#ifndef TINYMX_DOCTOR_H
#define TINYMX_DOCTOR_H

#include "tinymx/policy.h"

/* Copied, digests too; what else it points to lives until it is over. */
struct mx_doctor_config {
    const char *mx_name;
    const struct mx_table *table; /* whose domains */
    const uint8_t *tlsa[2];       /* SHA-256 of SPKI: of the key in use, of the
                                     next; NULL: none */
    unsigned flags;            /* of the certificate: enum mx_identity_flag */
    struct mx_names addresses; /* under which it is reached; none: those of
                                     the interface */
    /* A line of the report, without its end. */
    void (*say)(void *ctx, const char *line);
    void *ctx;
};

/* Private to firmware/net: a question on its way. */
struct mx_ask {
    void *pcb;
    void *answer;         /* its pbufs, until the next question */
    const uint8_t *query; /* NULL: no answer is wanted */
    uint16_t len;
    uint8_t tries;
    uint32_t since_ms; /* of the last try */
};

/* An address that the DNS has of the MX name; of 4 octets or 16. */
struct mx_doctor_address {
    uint8_t octets[16];
    uint8_t len;
};

/* More are passed over. */
#define MX_DOCTOR_ADDRESSES 4

/* Contents private to firmware/doctor. */
struct mx_doctor {
    struct mx_doctor_config cfg;
    struct mx_ask ask;
    uint8_t tlsa[2][32]; /* to which cfg points now */
    uint32_t since_ms;
    uint16_t faults;
    uint8_t step;   /* what is asked now */
    uint8_t silent; /* questions without an answer, one behind the other */
    uint8_t address, addresses; /* the one asked about; known ones */
    bool alias;                 /* was said */
    bool insecure;              /* the resolver did not validate an MX */
    size_t at;                  /* behind the domain asked about */
    struct mx_span domain;
    struct mx_doctor_address known[MX_DOCTOR_ADDRESSES];
    union { /* never both */
        uint8_t query[282];
        char line[256];
    } text;
};

/* 0; MX_ENOTSUP: no resolver in this build; MX_EINVAL: none is known, by DHCP or
 * configuration, or there is no domain; MX_ENOMEM: no pcb; MX_EENTROPY. */
int mx_doctor_start(struct mx_doctor *d, const struct mx_doctor_config *cfg);

/* True: it goes on. */
bool mx_doctor_poll(struct mx_doctor *d);

/* Before its end; later it does nothing. */
void mx_doctor_stop(struct mx_doctor *d);

/* Things that a sender would stumble over; valid at the end. */
unsigned mx_doctor_faults(const struct mx_doctor *d);

#endif
