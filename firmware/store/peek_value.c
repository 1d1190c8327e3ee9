/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A field's body as text, in three layers:
 *
 *     bytes ─► encoded words (RFC 2047) ─► octets ─► characters ─► value
 *
 * What looks like the beginning of an encoded word is kept in p->word until it
 * is one or turns out to be text; so what is put into the value stays there. A
 * character goes in whole or not at all.
 */
#include "store/peek.h"

#include <string.h>

/* What a byte is read as. */
enum value_state {
    TEXT,
    PREFIX, /* p->word, up to the beginning of an encoded word */
    QUOTED, /* in a Q word */
    EQUALS, /* = in a Q word */
    DIGIT,  /* = and a hexadecimal digit, which p->word has */
    BASE64, /* in a B word */
    MARK,   /* ? in a word */
};

enum coding { Q = 0, B = 1, LATIN_1 = 2 };

static const struct peek_row prefixes[] = {
    {"=?utf-8?q?", Q},
    {"=?utf-8?b?", B},
    {"=?us-ascii?q?", Q}, /* part of UTF-8 */
    {"=?us-ascii?b?", B},
    {"=?iso-8859-1?q?", LATIN_1 | Q}, /* its octets are code points */
    {"=?iso-8859-1?b?", LATIN_1 | B},
};

_Static_assert(MX_PEEK_MAX >= 4 && MX_PEEK_MAX <= UINT16_MAX, "mx_peek.len");
_Static_assert(sizeof "=?iso-8859-1?q?" - 1 <= MX_PEEK_WORD, "mx_peek.word");

/* --- the word ----------------------------------------------------------- */

void peek_word_begin(struct mx_peek *p, char c)
{
    p->word[0] = c;
    p->fill = 1;
}

void peek_word_add(struct mx_peek *p, char c)
{
    if (p->fill < sizeof p->word) {
        p->word[p->fill++] = c;
    }
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool begins(const char *text, const char *word, size_t len)
{
    size_t i = 0;

    while (i < len && text[i] != '\0' && text[i] == lower(word[i])) {
        i++;
    }
    return i == len;
}

const struct peek_row *peek_word_find(const struct mx_peek *p,
                                      const struct peek_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (begins(rows[i].text, p->word, p->fill)) {
            return &rows[i];
        }
    }
    return NULL;
}

/* --- characters --------------------------------------------------------- */

/* After the first that has no room nothing is put in any more. */
static void put(struct mx_peek *p, const void *character, size_t size)
{
    size_t blank = p->blank && p->len > 0;

    p->blank = false;
    if (p->cut || blank + size > (size_t)(MX_PEEK_MAX - p->len)) {
        p->cut = true;
        return;
    }
    if (blank > 0) {
        p->value[p->len] = ' ';
    }
    memcpy(p->value + p->len + blank, character, size);
    p->len = (uint16_t)(p->len + blank + size);
}

/* What is none, or must not be seen. */
static void put_replacement(struct mx_peek *p)
{
    put(p, "\xef\xbf\xbd", 3);
}

static void put_ascii(struct mx_peek *p, uint8_t c)
{
    if (c == ' ' || c == '\t') {
        p->blank = true;
    } else if (c < ' ' || c == 0x7f) {
        put_replacement(p);
    } else {
        put(p, &c, 1);
    }
}

/* --- octets ------------------------------------------------------------- */

/* A character that does not go on is none. */
static void break_off(struct mx_peek *p)
{
    if (p->more > 0) {
        p->more = 0;
        put_replacement(p);
    }
}

/* As short as it can be, no surrogate, none behind the last (RFC 3629 3), and
 * no control. */
static bool is_character(uint32_t point, uint8_t size)
{
    static const uint8_t least[] = {[2] = 7, [3] = 11, [4] = 16}; /* bits */

    return point >> least[size] != 0 && point <= 0x10ffff &&
           (point < 0xd800 || point > 0xdfff) && point > 0x9f;
}

static void begin_character(struct mx_peek *p, uint8_t c)
{
    p->more = (uint8_t)(1 + (c >= 0xe0) + (c >= 0xf0));
    p->size = 1;
    p->octet[0] = c;
    p->point = c & (0x3fu >> p->more);
}

static void go_on(struct mx_peek *p, uint8_t c)
{
    p->octet[p->size++] = c;
    p->point = p->point << 6 | (c & 0x3f);
    p->more--;
    if (p->more > 0) {
        return;
    }
    if (is_character(p->point, p->size)) {
        put(p, p->octet, p->size);
    } else {
        put_replacement(p);
    }
}

static void utf8(struct mx_peek *p, uint8_t c)
{
    bool continues = (c & 0xc0) == 0x80;

    if (continues && p->more > 0) {
        go_on(p, c);
        return;
    }
    break_off(p);
    if (c < 0x80) {
        put_ascii(p, c);
    } else if (continues || c >= 0xf8) {
        put_replacement(p);
    } else {
        begin_character(p, c);
    }
}

/* Of an encoded word. */
static void octet(struct mx_peek *p, uint8_t c)
{
    if ((p->coding & LATIN_1) != 0 && c >= 0x80) {
        utf8(p, (uint8_t)(0xc0 | c >> 6));
        c = (uint8_t)(0x80 | (c & 0x3f));
    }
    utf8(p, c);
}

/* --- encoded words ------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void plain(struct mx_peek *p, char c)
{
    if (p->behind) {
        break_off(p);
        p->blank |= p->gap;
        p->behind = false;
    }
    utf8(p, (uint8_t)c);
    p->start = c == '(' || c == '"';
}

static bool text(struct mx_peek *p, char c)
{
    if (is_blank(c) && p->behind) {
        p->gap = true;
    } else if (is_blank(c)) {
        utf8(p, ' ');
        p->start = true;
    } else if (c == '=' && p->start) {
        peek_word_begin(p, c);
        p->part = PREFIX;
    } else {
        plain(p, c);
    }
    return true;
}

static void begin_word(struct mx_peek *p, uint8_t coding)
{
    p->coding = coding;
    p->part = (coding & B) != 0 ? BASE64 : QUOTED;
    p->bits = 0;
    p->count = 0;
}

static void end_word(struct mx_peek *p)
{
    p->part = TEXT;
    p->behind = true;
    p->gap = false;
    p->start = true;
}

static bool prefix(struct mx_peek *p, char c)
{
    const struct peek_row *row;

    peek_word_add(p, c);
    row = peek_word_find(p, prefixes, sizeof prefixes / sizeof *prefixes);
    if (row == NULL) {
        for (uint8_t i = 0; i + 1 < p->fill; i++) {
            plain(p, p->word[i]);
        }
        p->part = TEXT;
        return false;
    }
    if (row->text[p->fill] == '\0') {
        begin_word(p, row->is);
    }
    return true;
}

static bool quoted(struct mx_peek *p, char c)
{
    if (is_blank(c)) {
        end_word(p);
        return false;
    }
    if (c == '=') {
        p->part = EQUALS;
    } else if (c == '?') {
        p->part = MARK;
    } else {
        octet(p, c == '_' ? ' ' : (uint8_t)c);
    }
    return true;
}

/* -1: it is none. */
static int hex(char c)
{
    c = lower(c);
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool equals(struct mx_peek *p, char c)
{
    if (hex(c) < 0) {
        octet(p, '=');
        p->part = QUOTED;
        return false;
    }
    peek_word_begin(p, c);
    p->part = DIGIT;
    return true;
}

static bool digit(struct mx_peek *p, char c)
{
    int low = hex(c);

    p->part = QUOTED;
    if (low < 0) {
        octet(p, '=');
        octet(p, (uint8_t)p->word[0]);
        return false;
    }
    octet(p, (uint8_t)(hex(p->word[0]) << 4 | low));
    return true;
}

/* -1: it is none. */
static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* What is no digit of base64 is passed over (RFC 2045 6.8); padding ends what
 * is no octet. */
static bool base64(struct mx_peek *p, char c)
{
    int six = sextet(c);

    if (is_blank(c)) {
        end_word(p);
        return false;
    }
    if (c == '?') {
        p->part = MARK;
    } else if (c == '=') {
        p->count = 0;
    } else if (six >= 0) {
        p->bits = (uint16_t)(p->bits << 6 | six);
        p->count = (uint8_t)(p->count + 6);
        if (p->count >= 8) {
            p->count = (uint8_t)(p->count - 8);
            octet(p, (uint8_t)(p->bits >> p->count));
        }
    }
    return true;
}

static bool mark(struct mx_peek *p, char c)
{
    if (c == '=') {
        end_word(p);
        return true;
    }
    p->part = BASE64;
    if ((p->coding & B) == 0) {
        octet(p, '?');
        p->part = QUOTED;
    }
    return false;
}

/* --- the value ---------------------------------------------------------- */

void peek_value_begin(struct mx_peek *p)
{
    p->len = 0;
    p->part = TEXT;
    p->more = 0;
    p->start = true;
    p->behind = false;
    p->gap = false;
    p->blank = false;
    p->cut = false;
}

/* Each takes the byte, or leaves it to the state that it entered. */
void peek_value_byte(struct mx_peek *p, char c)
{
    static bool (*const read[])(struct mx_peek *, char) = {
        [TEXT] = text,     [PREFIX] = prefix, [QUOTED] = quoted,
        [EQUALS] = equals, [DIGIT] = digit,   [BASE64] = base64,
        [MARK] = mark,
    };

    while (!read[p->part](p, c)) {
        /* again, there */
    }
}

/* A blank brings all that is not decided yet to its end, and is not seen. */
void peek_value_end(struct mx_peek *p)
{
    peek_value_byte(p, ' ');
    break_off(p);
    p->value[p->len] = '\0';
}
