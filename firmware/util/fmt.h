/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bounded formatting: text appended to a buffer that somebody else owns, cut
 * off at its end and never past it. `cut` remembers that it was.
 */
#ifndef TINYMX_UTIL_FMT_H
#define TINYMX_UTIL_FMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fmt {
    char *buf;
    size_t cap; /* bytes of buf, the closing NUL included; not 0 */
    size_t len; /* without the NUL */
    bool cut;
};

void fmt_init(struct fmt *f, char *buf, size_t cap);
void fmt_bytes(struct fmt *f, const char *bytes, size_t len);
void fmt_str(struct fmt *f, const char *str);
void fmt_char(struct fmt *f, char c);
void fmt_u32(struct fmt *f, uint32_t n);
/* Decimal with leading zeros up to `digits`. */
void fmt_pad(struct fmt *f, uint32_t n, unsigned digits);
void fmt_hex(struct fmt *f, uint32_t n, unsigned digits);
/* Bytes a stranger chose: anything but printable ASCII without blank, quote
 * and backslash becomes \xHH; at most `most` bytes of it, then "...". */
void fmt_escaped(struct fmt *f, const char *bytes, size_t len, size_t most);

#endif
