/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The blocks of a PEM file (RFC 7468), one after the other; text between them
 * is passed over. Needs no NUL at the end and copies nothing.
 *
 *     struct pem pem = {.at = text, .left = len};
 *     while (pem_next(&pem)) { ... pem.label, pem.body ... }
 */
#ifndef TINYMX_TLS_PEM_H
#define TINYMX_TLS_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pem {
    const char *at; /* what has not been looked at yet */
    size_t left;
    bool broken; /* a BEGIN without its END */
    const char *label;
    size_t label_len;
    const char *body;
    size_t body_len;
};

bool pem_next(struct pem *pem);

/* Whether the block's label ends with `suffix`. */
bool pem_label_ends(const struct pem *pem, const char *suffix);

/* Decodes the block into memory from the arena, which becomes the caller's.
 * 0, MX_EFORMAT, MX_ENOMEM. */
int pem_decode(const struct pem *pem, uint8_t **der, size_t *len);

#endif
