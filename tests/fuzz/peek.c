/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A header, and what a peek says of it, held against one that reads the same
 * message with all of it in memory: where the header ends, which fields come,
 * what their values are. And whatever went in: UTF-8 without controls, not
 * longer than it may be, the same for other cuts, nothing from behind the end.
 */
#include "fuzz.h"

#include "tinymx/peek.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define IN_MAX 4096

/* --- what the peek said ------------------------------------------------- */

struct found {
    enum mx_peek_field f;
    bool cut;
    char value[MX_PEEK_MAX + 1];
};

struct report {
    unsigned n;
    size_t end; /* bytes after which the header was over; or all, and 1 */
    struct found found[MX_PEEK_FIELDS];
};

static void hear(void *ctx, enum mx_peek_field f, const char *value, bool cut)
{
    struct report *r = ctx;
    struct found *found = &r->found[r->n];

    FUZZ_CHECK(f < MX_PEEK_FIELDS);
    for (unsigned i = 0; i < r->n; i++) {
        FUZZ_CHECK(r->found[i].f != f);
    }
    FUZZ_CHECK(strlen(value) <= MX_PEEK_MAX);
    r->n++;
    found->f = f;
    found->cut = cut;
    strcpy(found->value, value);
}

static void peek(struct report *r, struct mx_span in, size_t piece)
{
    static struct mx_peek p;

    memset(r, 0, sizeof *r);
    memset(&p, 0xa5, sizeof p);
    mx_peek_init(&p, hear, r);
    r->end = in.len + 1;
    for (size_t at = 0; at < in.len; at += piece) {
        size_t n = in.len - at < piece ? in.len - at : piece;

        mx_peek_push(&p, fuzz_lend(in.ptr + at, n), n);
        if (mx_peek_done(&p) && r->end > in.len) {
            r->end = at + n;
        }
    }
    mx_peek_end(&p);
    FUZZ_CHECK(mx_peek_done(&p));
}

static void check_same(const struct report *a, const struct report *b)
{
    FUZZ_CHECK(a->n == b->n);
    for (unsigned i = 0; i < a->n; i++) {
        FUZZ_CHECK(a->found[i].f == b->found[i].f);
        FUZZ_CHECK(a->found[i].cut == b->found[i].cut);
        FUZZ_CHECK(strcmp(a->found[i].value, b->found[i].value) == 0);
    }
}

/* --- characters, by decoding -------------------------------------------- */

/* The first of `in`: octets, and *point, or 0 when they are none. */
static size_t character(const unsigned char *in, size_t len, uint32_t *point)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned more = in[0] >= 0xf0 ? 3 : in[0] >= 0xe0 ? 2 : in[0] >= 0xc0;
    size_t n = 1;
    uint32_t c = more > 0 ? in[0] & (0x3fu >> more) : in[0];

    while (n <= more && n < len && (in[n] & 0xc0) == 0x80) {
        c = c << 6 | (in[n++] & 0x3f);
    }
    if ((in[0] >= 0x80 && more == 0) || in[0] >= 0xf8) {
        *point = 0;
        return 1;
    }
    *point = n == more + 1 && c >= least[more] && c <= 0x10ffff &&
                     (c < 0xd800 || c > 0xdfff)
                 ? c
                 : 0;
    return n;
}

static void check_text(const char *value)
{
    size_t len = strlen(value);

    for (size_t at = 0; at < len;) {
        uint32_t point;

        at += character((const unsigned char *)value + at, len - at, &point);
        FUZZ_CHECK(point >= ' ' && (point < 0x7f || point > 0x9f));
    }
    FUZZ_CHECK(len == 0 || (value[0] != ' ' && value[len - 1] != ' '));
    FUZZ_CHECK(strstr(value, "  ") == NULL);
}

/* --- a value, with all of it in memory ---------------------------------- */

/* Code points, and octets of UTF-8 that are none yet. */
struct text {
    size_t n, octets;
    uint32_t point[2 * IN_MAX];
    unsigned char octet[IN_MAX];
};

static void settle(struct text *t)
{
    for (size_t at = 0; at < t->octets;) {
        uint32_t c;

        at += character(t->octet + at, t->octets - at, &c);
        t->point[t->n++] = c == '\t'                             ? ' '
                           : c < ' ' || (c >= 0x7f && c <= 0x9f) ? 0xfffd
                                                                 : c;
    }
    t->octets = 0;
}

static void add_octet(struct text *t, unsigned c, bool latin_1)
{
    if (!latin_1) {
        t->octet[t->octets++] = (unsigned char)c;
        return;
    }
    settle(t);
    t->octet[t->octets++] = (unsigned char)(c < 0x80 ? c : 0xc0 | c >> 6);
    if (c >= 0x80) {
        t->octet[t->octets++] = (unsigned char)(0x80 | (c & 0x3f));
    }
    settle(t);
}

static bool is_hex(char c)
{
    return c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
}

static void add_q(struct text *t, struct mx_span w, bool latin_1)
{
    for (size_t i = 0; i < w.len; i++) {
        const char *c = w.ptr + i;

        if (*c == '=' && w.len - i > 2 && is_hex(c[1]) && is_hex(c[2])) {
            const char hex[] = {c[1], c[2], '\0'};

            add_octet(t, (unsigned)strtoul(hex, NULL, 16), latin_1);
            i += 2;
        } else {
            add_octet(t, *c == '_' ? ' ' : (unsigned char)*c, latin_1);
        }
    }
}

static void add_b(struct text *t, struct mx_span w, bool latin_1)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint64_t bits = 0;
    unsigned count = 0;

    for (size_t i = 0; i < w.len; i++) {
        const char *d = w.ptr[i] != '\0' ? strchr(digits, w.ptr[i]) : NULL;

        if (w.ptr[i] == '=') {
            count = 0;
        } else if (d != NULL) {
            bits = bits << 6 | (uint64_t)(d - digits);
            count += 6;
        }
        if (count >= 8) {
            count -= 8;
            add_octet(t, (unsigned)(bits >> count & 0xff), latin_1);
        }
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* An encoded word at the beginning of `in`: its length, or 0. */
static size_t add_word(struct text *t, struct mx_span in)
{
    static const char *const charsets[] = {"=?utf-8?", "=?us-ascii?",
                                           "=?iso-8859-1?"};
    size_t which = 0;
    size_t head;
    size_t n;
    struct mx_span w;

    while (which < 3 && (strlen(charsets[which]) + 2 > in.len ||
                         strncasecmp(in.ptr, charsets[which],
                                     strlen(charsets[which])) != 0)) {
        which++;
    }
    if (which == 3) {
        return 0;
    }
    head = strlen(charsets[which]);
    if (strchr("qQbB", in.ptr[head]) == NULL || in.ptr[head] == '\0' ||
        in.ptr[head + 1] != '?') {
        return 0;
    }
    w = (struct mx_span){in.ptr + head + 2, 0};
    n = head + 2;
    while (n < in.len && !is_blank(in.ptr[n]) &&
           !(in.len - n > 1 && in.ptr[n] == '?' && in.ptr[n + 1] == '=')) {
        n++;
        w.len++;
    }
    ((in.ptr[head] | 0x20) == 'q' ? add_q : add_b)(t, w, which == 2);
    fuzz_reached("encoded word");
    return n < in.len && in.ptr[n] == '?' ? n + 2 : n;
}

/* White space behind a word counts when no other follows. */
static void add_body(struct text *t, struct mx_span in)
{
    bool behind = false;
    size_t gap = 0;

    for (size_t at = 0; at < in.len;) {
        bool start = at == 0 || behind || is_blank(in.ptr[at - 1]) ||
                     in.ptr[at - 1] == '(' || in.ptr[at - 1] == '"';
        size_t n =
            start ? add_word(t, (struct mx_span){in.ptr + at, in.len - at}) : 0;

        if (n > 0) {
            behind = true;
            gap = 0;
            at += n;
        } else if (behind && is_blank(in.ptr[at])) {
            gap++;
            at++;
        } else {
            if (behind) {
                settle(t);
            }
            if (gap > 0) {
                add_octet(t, ' ', false);
            }
            behind = false;
            gap = 0;
            add_octet(t, (unsigned char)in.ptr[at++], false);
        }
    }
    settle(t);
}

static size_t encode(char *out, uint32_t c)
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    out[0] = (char)(lead[size] | c >> 6 * (size - 1));
    for (size_t i = 1; i < size; i++) {
        out[i] = (char)(0x80 | (c >> 6 * (size - 1 - i) & 0x3f));
    }
    return size;
}

/* Blanks to one, none at the ends, cut off. */
static void squeeze(struct found *out, const struct text *t)
{
    char value[8 * IN_MAX];
    size_t len = 0;
    size_t fits = 0;
    bool full = false;

    for (size_t i = 0; i < t->n; i++) {
        size_t from = len;

        if (t->point[i] == ' ') {
            continue;
        }
        if (i > 0 && t->point[i - 1] == ' ' && len > 0) {
            value[len++] = ' ';
        }
        len += encode(value + len, t->point[i]);
        full = full || len > MX_PEEK_MAX;
        fits = full ? fits : len;
        FUZZ_CHECK(len > from);
    }
    memcpy(out->value, value, fits);
    out->value[fits] = '\0';
    out->cut = full;
    if (full) {
        fuzz_reached("cut off");
    }
}

/* --- a header, with all of it in memory --------------------------------- */

/* The line at `at`, without its end; returns where the next one begins. */
static size_t line_at(struct mx_span in, size_t at, struct mx_span *line)
{
    const char *lf = memchr(in.ptr + at, '\n', in.len - at);
    size_t next = lf != NULL ? (size_t)(lf - in.ptr) + 1 : in.len;

    *line = (struct mx_span){in.ptr + at, next - at - (lf != NULL)};
    if (line->len > 0 && line->ptr[line->len - 1] == '\r') {
        line->len--;
    }
    return next;
}

/* The length of the name in front, and of all up to the colon; 0: no field. */
static size_t name_of(struct mx_span line, size_t *colon)
{
    size_t n = 0;

    while (n < line.len && line.ptr[n] > ' ' && line.ptr[n] < 0x7f &&
           line.ptr[n] != ':') {
        n++;
    }
    *colon = n;
    while (*colon < line.len && is_blank(line.ptr[*colon])) {
        ++*colon;
    }
    return *colon < line.len && line.ptr[*colon] == ':' ? n : 0;
}

static enum mx_peek_field field_of(struct mx_span name)
{
    static const char *const names[] = {"From", "To", "Subject", "Date",
                                        "Message-ID"};
    unsigned f = 0;

    while (f < MX_PEEK_FIELDS && !fuzz_span_is(name, names[f])) {
        f++;
    }
    return (enum mx_peek_field)f;
}

static void read_field(struct report *r, enum mx_peek_field f,
                       struct mx_span body)
{
    static struct text t;

    for (unsigned i = 0; i < r->n; i++) {
        if (r->found[i].f == f) {
            return;
        }
    }
    if (f == MX_PEEK_FIELDS) {
        return;
    }
    t.n = 0;
    t.octets = 0;
    add_body(&t, body);
    r->found[r->n].f = f;
    squeeze(&r->found[r->n], &t);
    r->n++;
}

static void read_header(struct report *r, struct mx_span in)
{
    static char body[IN_MAX];
    size_t at = 0;

    memset(r, 0, sizeof *r);
    r->end = in.len + 1;
    while (at < in.len) {
        struct mx_span line;
        size_t next = line_at(in, at, &line);
        size_t colon;
        size_t name = name_of(line, &colon);
        size_t len = 0;

        at = next;
        if (name == 0) {
            r->end = in.ptr[next - 1] == '\n' ? next : r->end;
            return;
        }
        struct mx_span first = {line.ptr, name};
        memcpy(body, line.ptr + colon + 1, line.len - colon - 1);
        len = line.len - colon - 1;
        while (at < in.len && is_blank(in.ptr[at]) && in.ptr[at - 1] == '\n') {
            at = line_at(in, at, &line);
            memcpy(body + len, line.ptr, line.len);
            len += line.len;
            fuzz_reached("fold");
        }
        read_field(r, field_of(first), (struct mx_span){body, len});
    }
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static struct report whole, bytes, cut, read;
    struct fuzz_in in = fuzz_in(data, len < IN_MAX ? len : IN_MAX);
    size_t piece = 1 + fuzz_upto(&in, 31);
    struct mx_span all = {in.at, in.left};

    peek(&whole, all, SIZE_MAX / 2);
    peek(&bytes, all, 1);
    peek(&cut, all, piece);
    check_same(&whole, &bytes);
    check_same(&whole, &cut);
    for (unsigned i = 0; i < whole.n; i++) {
        check_text(whole.found[i].value);
    }
    read_header(&read, all);
    check_same(&whole, &read);
    FUZZ_CHECK(bytes.end == read.end);
    if (whole.n > 0) {
        fuzz_reached("field");
    }
    if (whole.n == MX_PEEK_FIELDS && bytes.end < all.len) {
        fuzz_reached("all fields, and a body");
    }
}
