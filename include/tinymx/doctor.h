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
 * A and AAAA are asked of lwIP's resolver; MX, PTR, TLSA and TXT, which it does
 * not have, by a query of our own to the same server. Needs MX_DNS.
 *
 *     mx_doctor_start(&doctor, &config);
 *     while (mx_doctor_poll(&doctor)) { ... the main loop ... }
 *
 * One at a time. A server that does not answer is asked three times and then
 * said to be silent; nothing waits for longer than MX_DOCTOR_S seconds.
 */
#ifndef TINYMX_DOCTOR_H
#define TINYMX_DOCTOR_H

#include "tinymx/policy.h"

/* Copied; what it points to lives until it is over. */
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

/* Contents private to firmware/doctor. */
struct mx_doctor {
    struct mx_doctor_config cfg;
    /* (the helper's to fill in) */
};

/* 0; MX_ENOTSUP: no resolver in this build; MX_EINVAL: none is known, by DHCP or
 * configuration; MX_ENOMEM: no pcb. */
int mx_doctor_start(struct mx_doctor *d, const struct mx_doctor_config *cfg);

/* True: it goes on. */
bool mx_doctor_poll(struct mx_doctor *d);

/* Before its end. */
void mx_doctor_stop(struct mx_doctor *d);

/* Things that a sender would stumble over; valid at the end. */
unsigned mx_doctor_faults(const struct mx_doctor *d);

#endif
