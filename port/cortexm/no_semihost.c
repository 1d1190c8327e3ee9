/* SPDX-License-Identifier: BSD-3-Clause */
/* On silicon there is no host to ask. */
#include "cortexm.h"

#include "tinymx/err.h"

int semihost_entropy(void *buf, size_t len)
{
    (void)buf;
    (void)len;
    return MX_EENTROPY;
}

void semihost_exit(int status)
{
    (void)status;
}

bool semihost_told(const char *word)
{
    (void)word;
    return false;
}

int semihost_card(struct mx_block **dev)
{
    (void)dev;
    return MX_ENOTSUP;
}
