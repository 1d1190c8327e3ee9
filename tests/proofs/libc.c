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

size_t strcspn(const char *str, const char *reject)
{
    size_t len = 0;

    while (str[len] != '\0' && strchr(reject, str[len]) == NULL) {
        len++;
    }
    return len;
}
