/* SPDX-License-Identifier: BSD-3-Clause */
/* Names, label by label: out of a message, into a question. */
#ifndef TINYMX_DNS_LABELS_H
#define TINYMX_DNS_LABELS_H

#include "dns/message.h"

#define NAME_MAX_OCTETS 255u
#define LABEL_MAX 63u

struct labels {
    const struct dns_message *m;
    size_t at;    /* of the next length */
    size_t limit; /* a pointer leads in front of this */
    size_t end;   /* behind the name where it began; 0: not known yet */
    size_t octets;
};

void labels_init(struct labels *l, const struct dns_message *m, size_t at);
/* Its length, its octets being at *at; 0: the name is over; -1: damaged. */
int labels_next(struct labels *l, size_t *at);

uint8_t label_lower(uint8_t c);

/* A question in the making. */
struct question {
    uint8_t *out;
    size_t len; /* 0: it has become impossible */
};

void question_begin(struct question *q, uint8_t *out);
void question_label(struct question *q, const char *label, size_t len);
size_t question_end(struct question *q, enum dns_type type);

#endif
