/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The grammar of RFC 5321 4.1.2 and 4.1.3, a function per rule and under the
 * rule's name. Each moves the cursor past what it read and returns true; when
 * it returns false the cursor is anywhere and the whole path is wrong, for the
 * first character always tells which rule it must be.
 */
#include "smtp/path.h"

#include <string.h>

/* RFC 5321 4.5.3.1.1 to 4.5.3.1.3 */
#define LOCAL_MAX 64
#define DOMAIN_MAX 255
#define LABEL_MAX 63
#define PATH_MAX_LEN 256 /* with its brackets */

struct cursor {
    const char *at;
    const char *end;
};

static bool peek(const struct cursor *c, char ch)
{
    return c->at < c->end && *c->at == ch;
}

static bool take(struct cursor *c, char ch)
{
    bool found = peek(c, ch);

    c->at += found;
    return found;
}

static bool take_if(struct cursor *c, bool (*is)(char))
{
    bool found = c->at < c->end && is(*c->at);

    c->at += found;
    return found;
}

/* `text`, which is in capitals, in any case. */
static bool take_text(struct cursor *c, const char *text)
{
    while (*text != '\0') {
        if (!take(c, *text) && !take(c, (char)(*text | 0x20))) {
            return false;
        }
        text++;
    }
    return true;
}

/* --- characters --------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* UTF8-non-ascii (RFC 6531 3.3) */
static bool is_beyond_ascii(char c)
{
    return ((unsigned char)c & 0x80) != 0;
}

static bool is_let_dig(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           is_beyond_ascii(c);
}

static bool is_ldh(char c)
{
    return is_let_dig(c) || c == '-';
}

static bool is_atext(char c)
{
    return is_let_dig(c) || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* What a backslash may quote: blank to tilde. */
static bool is_quotable(char c)
{
    return c >= ' ' && c <= '~';
}

static bool is_qtext(char c)
{
    return (is_quotable(c) && c != '"' && c != '\\') || is_beyond_ascii(c);
}

static bool is_helo_char(char c)
{
    return (is_ldh(c) && !is_beyond_ascii(c)) || c == '_' || c == '.';
}

/* dcontent of an address literal */
static bool is_dcontent(char c)
{
    return c > ' ' && c <= '~' && c != '[' && c != '\\' && c != ']';
}

/* --- rules -------------------------------------------------------------- */

static bool atom(struct cursor *c)
{
    if (!take_if(c, is_atext)) {
        return false;
    }
    while (take_if(c, is_atext)) {
    }
    return true;
}

static bool dot_string(struct cursor *c)
{
    do {
        if (!atom(c)) {
            return false;
        }
    } while (take(c, '.'));
    return true;
}

static bool quoted_string(struct cursor *c)
{
    if (!take(c, '"')) {
        return false;
    }
    while (take_if(c, is_qtext) || (take(c, '\\') && take_if(c, is_quotable))) {
    }
    return take(c, '"');
}

/* In UTF-8 a label may take more octets than the 63 of RFC 1035 2.3.4, which
 * are counted in its ASCII form. */
static bool sub_domain(struct cursor *c)
{
    unsigned ascii = 0;

    if (!take_if(c, is_let_dig)) {
        return false;
    }
    do {
        ascii += !is_beyond_ascii(c->at[-1]);
    } while (take_if(c, is_ldh));
    return c->at[-1] != '-' && ascii <= LABEL_MAX;
}

static bool domain(struct cursor *c)
{
    do {
        if (!sub_domain(c)) {
            return false;
        }
    } while (take(c, '.'));
    return true;
}

static bool snum(struct cursor *c)
{
    unsigned n = 0;
    unsigned digits = 0;

    while (digits < 3 && take_if(c, is_digit)) {
        n = n * 10 + (unsigned)(c->at[-1] - '0');
        digits++;
    }
    return digits > 0 && n <= 255;
}

static bool ipv4(struct cursor *c)
{
    return snum(c) && take(c, '.') && snum(c) && take(c, '.') && snum(c) &&
           take(c, '.') && snum(c);
}

/* One group, or the IPv4 address that may stand for the last two; returns how
 * many groups it was, 0 for neither. */
static unsigned ipv6_group(struct cursor *c)
{
    struct cursor start = *c;
    unsigned digits = 0;

    while (digits < 4 && take_if(c, is_hex)) {
        digits++;
    }
    if (peek(c, '.')) {
        *c = start;
        return ipv4(c) ? 2 : 0;
    }
    return digits > 0;
}

/* "::" stands for two groups or more (RFC 5321 4.1.3). */
static bool ipv6(struct cursor *c)
{
    bool gap = take(c, ':') && take(c, ':');
    bool more = !gap || !peek(c, ']');
    unsigned groups = 0;

    while (more && groups <= 8) {
        unsigned n = ipv6_group(c);

        if (n == 0) {
            return false;
        }
        groups += n;
        more = n == 1 && take(c, ':');
        if (more && take(c, ':')) {
            if (gap) {
                return false;
            }
            gap = true;
            more = !peek(c, ']');
        }
    }
    return gap ? groups <= 6 : groups == 8;
}

static bool address(struct cursor *c)
{
    if (peek(c, 'I') || peek(c, 'i')) {
        return take_text(c, "IPV6:") && ipv6(c);
    }
    return ipv4(c);
}

static bool address_literal(struct cursor *c)
{
    return take(c, '[') && address(c) && take(c, ']');
}

static struct mx_span span(const char *from, const char *to)
{
    return (struct mx_span){from, (size_t)(to - from)};
}

/* Local-part "@" ( Domain / address-literal ) */
static bool mailbox(struct cursor *c, struct mx_path *path)
{
    const char *start = c->at;

    if (!(peek(c, '"') ? quoted_string(c) : dot_string(c))) {
        return false;
    }
    path->local = span(start, c->at);
    if (!take(c, '@')) {
        return false;
    }
    path->domain.ptr = c->at;
    if (!(peek(c, '[') ? address_literal(c) : domain(c))) {
        return false;
    }
    path->domain = span(path->domain.ptr, c->at);
    path->text = span(start, c->at);
    return path->local.len <= LOCAL_MAX && path->domain.len <= DOMAIN_MAX;
}

/* A-d-l ":": accepted and ignored (RFC 5321 3.3, appendix C) */
static bool source_route(struct cursor *c)
{
    do {
        if (!take(c, '@') || !domain(c)) {
            return false;
        }
    } while (take(c, ','));
    return take(c, ':');
}

static bool path_rule(struct cursor *c, struct mx_path *path)
{
    if (!take(c, '<')) {
        return false;
    }
    if (take(c, '>')) {
        return true;
    }
    return (!peek(c, '@') || source_route(c)) && mailbox(c, path) &&
           take(c, '>');
}

static bool postmaster_rule(struct cursor *c, struct mx_path *path)
{
    const char *start = c->at + 1;

    if (!take(c, '<') || !take_text(c, "POSTMASTER")) {
        return false;
    }
    path->local = path->text = span(start, c->at);
    return take(c, '>');
}

/* --- what the others see ------------------------------------------------ */

/* A rule applied to the beginning of *in. A blank or nothing follows a path. */
static bool apply(bool (*rule)(struct cursor *, struct mx_path *),
                  struct mx_span *in, struct mx_path *path)
{
    struct cursor c = {in->ptr, in->ptr + in->len};

    *path = (struct mx_path){0};
    if (!rule(&c, path) || c.at - in->ptr > PATH_MAX_LEN ||
        (c.at < c.end && *c.at != ' ')) {
        return false;
    }
    *in = span(c.at, c.end);
    return true;
}

bool smtp_path_parse(struct mx_span *in, struct mx_path *path)
{
    return apply(path_rule, in, path);
}

bool smtp_path_postmaster(struct mx_span *in, struct mx_path *path)
{
    return apply(postmaster_rule, in, path);
}

bool smtp_path_is_mailbox(struct mx_span text, struct mx_path *path)
{
    struct cursor c = {text.ptr, text.ptr + text.len};

    *path = (struct mx_path){0};
    return mailbox(&c, path) && c.at == c.end;
}

bool smtp_path_is_domain(struct mx_span text)
{
    struct cursor c = {text.ptr, text.ptr + text.len};

    return text.len <= DOMAIN_MAX && domain(&c) && c.at == c.end;
}

/* One character of more than one byte (RFC 3629 4), as a table of the first
 * byte, the range of the second, and how many follow. */
static bool utf8_char(struct cursor *c)
{
    /* clang-format off */
    static const uint8_t rows[][5] = {
        {0xc2, 0xdf, 0x80, 0xbf, 1},
        {0xe0, 0xe0, 0xa0, 0xbf, 2},
        {0xe1, 0xec, 0x80, 0xbf, 2},
        {0xed, 0xed, 0x80, 0x9f, 2},
        {0xee, 0xef, 0x80, 0xbf, 2},
        {0xf0, 0xf0, 0x90, 0xbf, 3},
        {0xf1, 0xf3, 0x80, 0xbf, 3},
        {0xf4, 0xf4, 0x80, 0x8f, 3},
    };
    /* clang-format on */
    const uint8_t *u = (const uint8_t *)c->at;
    size_t left = (size_t)(c->end - c->at);
    size_t row = 0;

    while (row < sizeof rows / sizeof rows[0] && u[0] > rows[row][1]) {
        row++;
    }
    if (row == sizeof rows / sizeof rows[0] || u[0] < rows[row][0] ||
        left <= rows[row][4] || u[1] < rows[row][2] || u[1] > rows[row][3]) {
        return false;
    }
    for (size_t i = 2; i <= rows[row][4]; i++) {
        if ((u[i] & 0xc0) != 0x80) {
            return false;
        }
    }
    c->at += 1 + rows[row][4];
    return true;
}

enum smtp_charset smtp_path_charset(struct mx_span text)
{
    struct cursor c = {text.ptr, text.ptr};
    enum smtp_charset charset = CHARSET_ASCII;

    if (text.len > 0) { /* "<>" points nowhere: there is no NULL + 0 */
        c.end += text.len;
    }
    while (c.at < c.end) {
        if (!is_beyond_ascii(*c.at)) {
            c.at++;
        } else if (utf8_char(&c)) {
            charset = CHARSET_UTF8;
        } else {
            return CHARSET_NEITHER;
        }
    }
    return charset;
}

bool smtp_path_is_helo(struct mx_span name)
{
    struct cursor c = {name.ptr, name.ptr + name.len};
    bool literal = take(&c, '[');
    const char *start = c.at;

    while (take_if(&c, literal ? is_dcontent : is_helo_char)) {
    }
    return c.at > start && (!literal || take(&c, ']')) && c.at == c.end &&
           name.len <= DOMAIN_MAX;
}
