/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The DATA table against the words of RFC 5321, for every text of up to nine
 * bytes over a, dot, CR, LF and NUL.
 *
 * The words, each a function on the whole text below:
 *   4.1.1.4  the text ends with "<CRLF>.<CRLF>", and the <CRLF> of the DATA
 *            line counts as the first half of that
 *   2.3.8    CR and LF never appear but together
 *   4.5.2    a line that begins with a dot and has more loses the dot
 * and of RFC 2045 2.7 and 2.8: there is no NUL.
 */
#include "smtp/data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

/* What the texts are made of; the last is a NUL. */
static const char letters[] = "a.\r\n";
#define LETTERS sizeof letters

#define LENGTH 9     /* of all texts */
#define CUT_LENGTH 7 /* of those that are cut in every way */

struct result {
    bool ended;
    bool bare;
    size_t end;            /* bytes up to and with the end, or all */
    char body[LENGTH + 1]; /* what came before the first bare CR or LF */
    size_t body_len;
};

/* --- as the RFC says ---------------------------------------------------- */

static size_t find(const char *text, size_t len, const char *what)
{
    size_t n = strlen(what);

    for (size_t i = 0; i + n <= len; i++) {
        if (memcmp(text + i, what, n) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static size_t end_of(const char *text, size_t len)
{
    char with[LENGTH + 2] = "\r\n";
    size_t at;

    memcpy(with + 2, text, len);
    at = find(with, len + 2, "\r\n.\r\n");
    return at == SIZE_MAX ? SIZE_MAX : at + 5 - 2;
}

/* The last byte of a text that goes on may be a CR whose LF is to come. */
static bool has_bare(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\r' && i + 1 < len && text[i + 1] != '\n') {
            return true;
        }
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) {
            return true;
        }
        if (text[i] == '\0') {
            return true;
        }
    }
    return false;
}

static void unstuff(const char *text, size_t len, struct result *r)
{
    while (len > 0) {
        size_t line = find(text, len, "\r\n");
        size_t n = line == SIZE_MAX ? len : line + 2;
        size_t dot = text[0] == '.';

        memcpy(r->body + r->body_len, text + dot, n - dot);
        r->body_len += n - dot;
        text += n;
        len -= n;
    }
}

static void define(const char *text, size_t len, struct result *r)
{
    size_t end = end_of(text, len);

    memset(r, 0, sizeof *r);
    r->ended = end != SIZE_MAX;
    r->end = r->ended ? end : len;
    r->bare = has_bare(text, r->end);
    if (!r->bare) {
        unstuff(text, r->ended ? end - 3 : len, r);
    }
}

/* --- as the table does -------------------------------------------------- */

static void take(struct result *r, const struct mx_span *body)
{
    assert_true(body->len > 0);
    assert_true(r->body_len + body->len <= sizeof r->body);
    if (!r->bare) {
        memcpy(r->body + r->body_len, body->ptr, body->len);
        r->body_len += body->len;
    }
}

/* One piece; bit i of `cuts` cuts behind byte i. */
static void run(const char *text, size_t len, unsigned cuts, struct result *r)
{
    uint8_t state = DATA_LINE;
    size_t from = 0;

    memset(r, 0, sizeof *r);
    while (from < len && !r->ended) {
        struct mx_span body = {0};
        size_t to = from + 1;
        size_t used = 0;

        while (to < len && (cuts >> (to - 1) & 1) == 0) {
            to++;
        }
        switch (smtp_data_scan(&state, text + from, to - from, &used, &body)) {
        case DATA_MORE:
            assert_int_equal(used, to - from);
            break;
        case DATA_BODY:
            assert_true(body.ptr + body.len == text + from + used);
            take(r, &body);
            break;
        case DATA_BARE:
            r->bare = true;
            break;
        case DATA_END:
            r->ended = true;
            break;
        }
        assert_true(used > 0);
        from += used;
    }
    r->end = from;
}

/* --- all of them -------------------------------------------------------- */

/* The n-th text; false when there are not so many. */
static bool spell(size_t n, size_t len, char *text)
{
    for (size_t i = 0; i < len; i++) {
        text[i] = letters[n % LETTERS];
        n /= LETTERS;
    }
    return n == 0;
}

/* A text that stops behind "CRLF ." or "CRLF . CR" has not shown yet whether
 * that is its end; the plain definition takes the CR for text. */
static void forget_lone_dot(const char *text, struct result *want)
{
    size_t n = want->end;
    bool dot = n >= 2 && text[n - 1] == '\r' && text[n - 2] == '.' &&
               (n == 2 || (n >= 4 && memcmp(text + n - 4, "\r\n", 2) == 0));

    if (dot && !want->ended && !want->bare) {
        want->body_len--;
    }
}

static void check(const char *text, size_t len, unsigned cuts)
{
    struct result want;
    struct result have;

    define(text, len, &want);
    forget_lone_dot(text, &want);
    run(text, len, cuts, &have);
    assert_int_equal(have.ended, want.ended);
    assert_int_equal(have.end, want.end);
    assert_int_equal(have.bare, want.bare);
    if (!want.bare) {
        assert_int_equal(have.body_len, want.body_len);
        assert_memory_equal(have.body, want.body, want.body_len);
    }
}

static void every_text(void **state)
{
    char text[LENGTH];

    (void)state;
    for (size_t len = 1; len <= LENGTH; len++) {
        for (size_t n = 0; spell(n, len, text); n++) {
            check(text, len, 0);
        }
    }
}

static void every_cut(void **state)
{
    char text[LENGTH];

    (void)state;
    for (size_t n = 0; spell(n, CUT_LENGTH, text); n++) {
        struct result whole;
        struct result pieces;

        run(text, CUT_LENGTH, 0, &whole);
        for (unsigned cuts = 0; cuts < 1u << (CUT_LENGTH - 1); cuts++) {
            run(text, CUT_LENGTH, cuts, &pieces);
            assert_memory_equal(&pieces, &whole, sizeof whole);
        }
    }
}

/* Bytes that are none of the five are all alike. */
static void every_byte(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        char text[] = "?\r\n.?\r\n.\r\n";
        struct result r;

        if (c != 'a' && memchr(letters, (int)c, LETTERS) != NULL) {
            continue;
        }
        text[0] = text[4] = (char)c;
        run(text, 10, 0, &r);
        assert_true(r.ended && !r.bare);
        assert_int_equal(r.body_len, 6);
        assert_int_equal(r.body[0], (char)c);
        assert_int_equal(r.body[3], (char)c);
    }
}

/* Several bytes are looked at in one: none of them hides a CR behind it. */
static void every_neighbour(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        for (size_t at = 0; at < LENGTH - 2; at++) {
            char text[] = "aaaaaaaaaa";
            struct result r;

            if (memchr(".\r\n", (int)c, sizeof ".\r\n") != NULL) {
                continue;
            }
            text[at] = (char)c;
            run(text, LENGTH, 0, &r);
            assert_true(!r.bare && r.body_len == LENGTH);
            text[at + 1] = '\r';
            run(text, LENGTH, 0, &r);
            assert_true(r.bare);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text),
        cmocka_unit_test(every_cut),
        cmocka_unit_test(every_byte),
        cmocka_unit_test(every_neighbour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
