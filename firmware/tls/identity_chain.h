/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of the certificates in a chain. */
#ifndef TINYMX_TLS_IDENTITY_CHAIN_H
#define TINYMX_TLS_IDENTITY_CHAIN_H

#include "tinymx/mail.h"

#include <stdbool.h>

/* Whether the issuer of `cert` has the name that is the subject of `by`. Both
 * are DER, of anybody. */
bool identity_chain_issued(const struct mx_span *cert,
                           const struct mx_span *by);

#endif
