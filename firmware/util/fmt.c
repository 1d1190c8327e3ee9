/* SPDX-License-Identifier: BSD-3-Clause */
#include "util/fmt.h"

#include <string.h>

static const char hex[] = "0123456789abcdef";

void fmt_init(struct fmt *f, char *buf, size_t cap)
{
    f->buf = buf;
    f->cap = cap;
    f->len = 0;
    f->cut = false;
    f->buf[0] = '\0';
}

void fmt_bytes(struct fmt *f, const char *bytes, size_t len)
{
    size_t room = f->cap - 1 - f->len;

    if (len > room) {
        len = room;
        f->cut = true;
    }
    memcpy(f->buf + f->len, bytes, len);
    f->len += len;
    f->buf[f->len] = '\0';
}

void fmt_str(struct fmt *f, const char *str)
{
    fmt_bytes(f, str, strlen(str));
}

void fmt_char(struct fmt *f, char c)
{
    fmt_bytes(f, &c, 1);
}

void fmt_u32(struct fmt *f, uint32_t n)
{
    fmt_pad(f, n, 1);
}

void fmt_pad(struct fmt *f, uint32_t n, unsigned digits)
{
    char tmp[10];
    size_t at = sizeof tmp;

    do {
        tmp[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (at > 0 && (n > 0 || sizeof tmp - at < digits));
    fmt_bytes(f, tmp + at, sizeof tmp - at);
}

void fmt_hex(struct fmt *f, uint32_t n, unsigned digits)
{
    while (digits-- > 0) {
        fmt_char(f, hex[n >> (4 * digits) & 15]);
    }
}

void fmt_escaped(struct fmt *f, const char *bytes, size_t len, size_t most)
{
    for (size_t i = 0; i < len && i < most; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c > ' ' && c < 0x7f && c != '"' && c != '\\') {
            fmt_char(f, (char)c);
        } else {
            fmt_str(f, "\\x");
            fmt_hex(f, c, 2);
        }
    }
    if (len > most) {
        fmt_str(f, "...");
    }
}
