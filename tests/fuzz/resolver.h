/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's resolver and the block list on it, and what makes both forget. */
#ifndef TINYMX_FUZZ_RESOLVER_H
#define TINYMX_FUZZ_RESOLVER_H

#include "net/dnsbl.h"

/* Nothing was ever asked. */
void resolver_forget(void);

#endif
