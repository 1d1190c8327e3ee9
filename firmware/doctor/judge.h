/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an answer means to a sender, in plain words. Each is given one that could
 * be parsed and is NOERROR or NXDOMAIN.
 */
#ifndef TINYMX_DOCTOR_JUDGE_H
#define TINYMX_DOCTOR_JUDGE_H

#include "dns/message.h"
#include "tinymx/doctor.h"

/* Of a domain. */
void judge_mx(struct mx_doctor *d, const struct dns_message *m);
void judge_mta_sts(struct mx_doctor *d, const struct dns_message *m);
void judge_tls_rpt(struct mx_doctor *d, const struct dns_message *m);

/* Of the MX name. */
void judge_a(struct mx_doctor *d, const struct dns_message *m);
void judge_aaaa(struct mx_doctor *d, const struct dns_message *m);
void judge_tlsa(struct mx_doctor *d, const struct dns_message *m);

/* Of the address asked about. Where the name has to be asked for its addresses,
 * the place of it; else 0. */
size_t judge_ptr(struct mx_doctor *d, const struct dns_message *m);
void judge_forward(struct mx_doctor *d, const struct dns_message *m);

#endif
