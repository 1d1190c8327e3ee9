/* SPDX-License-Identifier: BSD-3-Clause */
/* What CBMC's own C library lacks, in the words of the C standard. */
#include <string.h>

void *memchr(const void *bytes, int c, size_t len)
{
    const unsigned char *p = bytes;

    for (size_t i = 0; i < len; i++) {
        if (p[i] == (unsigned char)c) {
            return (void *)&p[i];
        }
    }
    return NULL;
}
