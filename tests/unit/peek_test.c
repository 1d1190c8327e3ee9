/* SPDX-License-Identifier: BSD-3-Clause */
/* What a peek makes of a header: tables, every row whole, byte by byte, and in
 * two pieces for every place where it can be cut. */
#include "tinymx/peek.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FFFD "\xef\xbf\xbd"
#define EURO "\xe2\x82\xac"
#define CUT " (cut)"

/* All that is reported of a message, in order: a line each. */
struct report {
    char text[4096];
    size_t len;
};

static void note(void *ctx, enum mx_peek_field f, const char *value, bool cut)
{
    static const char *const names[MX_PEEK_FIELDS] = {
        [MX_PEEK_FROM] = "from",       [MX_PEEK_TO] = "to",
        [MX_PEEK_SUBJECT] = "subject", [MX_PEEK_DATE] = "date",
        [MX_PEEK_MESSAGE_ID] = "id",
    };
    struct report *r = ctx;
    int n = snprintf(r->text + r->len, sizeof r->text - r->len, "%s: %s%s\n",
                     names[f], value, cut ? CUT : "");

    assert_true(n > 0 && (size_t)n < sizeof r->text - r->len);
    r->len += (size_t)n;
}

/* --- a message, cut anywhere -------------------------------------------- */

/* Pushes [from, to) from memory that ends there, for the sanitizer. */
static void push(struct mx_peek *p, const char *data, size_t from, size_t to)
{
    char *copy = malloc(to - from + 1);

    assert_non_null(copy);
    memcpy(copy, data + from, to - from);
    mx_peek_push(p, copy, to - from);
    free(copy);
}

static void begin(struct mx_peek *p, struct report *r)
{
    *r = (struct report){0};
    memset(p, 0xa5, sizeof *p);
    mx_peek_init(p, note, r);
    assert_false(mx_peek_done(p));
}

static void check(const struct report *r, const char *want, const char *in,
                  size_t cut)
{
    if (strcmp(r->text, want) != 0) {
        fail_msg("%s\ncut at %zu: got\n%sinstead of\n%s", in, cut, r->text,
                 want);
    }
}

static void try_cut(const char *in, size_t len, size_t cut, const char *want)
{
    struct mx_peek p;
    struct report r;

    begin(&p, &r);
    push(&p, in, 0, cut);
    push(&p, in, cut, len);
    mx_peek_end(&p);
    assert_true(mx_peek_done(&p));
    check(&r, want, in, cut);
}

static void try_bytes(const char *in, size_t len, const char *want)
{
    struct mx_peek p;
    struct report r;

    begin(&p, &r);
    for (size_t i = 0; i < len; i++) {
        push(&p, in, i, i + 1);
        push(&p, in, i, i);
    }
    mx_peek_end(&p);
    check(&r, want, in, len);
}

static void try_message(const char *in, size_t len, const char *want)
{
    for (size_t cut = 0; cut <= len; cut++) {
        try_cut(in, len, cut, want);
    }
    try_bytes(in, len, want);
}

/* --- lines and fields --------------------------------------------------- */

struct row {
    const char *in;
    const char *want;
};

static const struct row lines[] = {
    /* All of them, in the order of the message, in any case. */
    {"Return-Path: <a@b.example>\r\nDelivered-To: joe@example.test\r\n"
     "Received: from a ([192.0.2.1])\r\n\tby mx.example.test (tinymx) with "
     "ESMTPS id 0000002a;\r\n\tMon, 23 Nov 2026 14:28:00 +0000\r\n"
     "DATE: Mon, 23 Nov 2026 14:28:00 +0000\r\nfrom: A B <a@b.example>\r\n"
     "To: joe@example.test\r\nsUBJECT: relay on\r\n"
     "Message-Id: <1@b.example>\r\n\r\n",
     "date: Mon, 23 Nov 2026 14:28:00 +0000\nfrom: A B <a@b.example>\n"
     "to: joe@example.test\nsubject: relay on\nid: <1@b.example>\n"},
    /* Behind the header nothing counts. */
    {"Subject: a\r\n\r\nFrom: b\r\n\r\nTo: c\r\n", "subject: a\n"},
    {"\r\nSubject: a\r\n", ""},
    {"\nSubject: a\r\n", ""},
    {"Subject: a\n\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\n\nFrom: b\r\n", "subject: a\n"},
    /* A line that is no field is body, and what is behind it. */
    {" Subject: a\r\nFrom: b\r\n", ""},
    {"Subject: a\r\nno field\r\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\nno\r\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\nno\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\nno field: \r\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\nn\xc3\xb6: \r\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\nn\x7f: \r\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\n: c\r\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\n\rX: c\r\nFrom: b\r\n", "subject: a\n"},
    {"Subject: a\r\nX\r: c\r\nFrom: b\r\n", "subject: a\n"},
    {"From joe Mon Nov 23 14:28:00 2026\r\nSubject: a\r\n", ""},
    /* Or is not there at all. */
    {"", ""},
    {"Subject: a", "subject: a\n"},
    {"Subject: a\r", "subject: a\n"}, /* half a line end */
    {"Subject: a\r\n", "subject: a\n"},
    {"Subject", ""},
    {"Subject:", "subject: \n"},
    /* The first of a field that is repeated counts, also when it is empty. */
    {"Subject: a\r\nSubject: b\r\n\r\n", "subject: a\n"},
    {"Subject: \r\nFrom: b\r\nsubject: b\r\n c\r\n\r\n",
     "subject: \nfrom: b\n"},
    /* Names are names, whole. */
    {"Subjec: a\r\nSubjects: b\r\nX-Subject: c\r\nResent-From: d\r\n\r\n", ""},
    {"Subject-Line-That-Goes-On-And-On-And-On: a\r\nTo: b\r\n\r\n", "to: b\n"},
    {"Message-ID-: a\r\nMessage_ID: b\r\n\r\n", ""},
    {"Subject \t : a\r\n\r\n", "subject: a\n"},
    {"Subject:a\r\n\r\n", "subject: a\n"},
    {"Subject:: a\r\n\r\n", "subject: : a\n"},
    /* Folds and white space. */
    {"Subject: relay\r\n on\r\n\r\n", "subject: relay on\n"},
    {"Subject:\r\n relay\r\n\ton\r\n\r\n", "subject: relay on\n"},
    {"Subject: \t relay \t  on \t \r\n\r\n", "subject: relay on\n"},
    {"Subject: relay\r\n \r\n\t\r\n on\r\n \r\n\r\n", "subject: relay on\n"},
    {"Subject: relay\n on\n\n", "subject: relay on\n"},
    {"X: a\r\n Subject: b\r\nSubject: c\r\n\r\n", "subject: c\n"},
    {"Subject: a\r\nX: b\r\n c\r\n\r\n", "subject: a\n"},
};

static void of_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        try_message(lines[i].in, strlen(lines[i].in), lines[i].want);
    }
}

/* --- the body of a field ------------------------------------------------ */

static const struct row values[] = {
    /* Text. */
    {"J\xc3\xb6rg " EURO " \xf0\x9f\x92\xa1",
     "J\xc3\xb6rg " EURO " \xf0\x9f\x92\xa1"},
    {"a \"b\" <c@d> (e)", "a \"b\" <c@d> (e)"},
    /* Controls: C0 and DEL, C1, and CR that ends no line. */
    {"a\x01"
     "b\x1b[31m\x7f",
     "a" FFFD "b" FFFD "[31m" FFFD},
    {"a\xc2\x80"
     "b\xc2\x9f"
     "c\xc2\xa0",
     "a" FFFD "b" FFFD "c\xc2\xa0"},
    {"a\rb\r\rc\r d", "a" FFFD "b" FFFD FFFD "c" FFFD " d"},
    /* What is not UTF-8: octets that are never in it, too short, too long,
     * surrogates, beyond the last. */
    {"a\xff"
     "b\xfe\xf8",
     "a" FFFD "b" FFFD FFFD},
    {"\xf8\x88\x80\x80\x80 \xf9\x80\x80\x80",
     FFFD FFFD FFFD FFFD FFFD " " FFFD FFFD FFFD FFFD},
    {"\x80"
     "a\xbf",
     FFFD "a" FFFD},
    {"\xc3"
     "a \xe2\x82 b \xf0\x9f\x92",
     FFFD "a " FFFD " b " FFFD},
    {"\xe2\x82\xc3\xb6", FFFD "\xc3\xb6"},
    {"\xc0\xaf"
     "a\xe0\x80\xaf"
     "b\xf0\x80\x80\xaf",
     FFFD "a" FFFD "b" FFFD},
    {"\xc1\xbf\xe0\x9f\xbf\xf0\x8f\xbf\xbf", FFFD FFFD FFFD},
    {"\xc2\xa0\xe0\xa0\x80\xf0\x90\x80\x80",
     "\xc2\xa0\xe0\xa0\x80\xf0\x90\x80\x80"},
    {"\xed\xa0\x80"
     "a\xed\xbf\xbf"
     "b\xed\x9f\xbf\xee\x80\x80",
     FFFD "a" FFFD "b\xed\x9f\xbf\xee\x80\x80"},
    {"\xf4\x8f\xbf\xbf"
     "a\xf4\x90\x80\x80"
     "b\xf5\x80\x80\x80",
     "\xf4\x8f\xbf\xbf"
     "a" FFFD "b" FFFD},

    /* Encoded words, Q and B, in every charset; RFC 2047 8's examples. */
    {"=?UTF-8?Q?relay_on?=", "relay on"},
    {"=?utf-8?q?J=C3=B6rg_=e2=82=ac?=", "J\xc3\xb6rg " EURO},
    {"=?UTF-8?B?SsO2cmcg4oKs?=", "J\xc3\xb6rg " EURO},
    {"=?utf-8?b?cmVsYXkgb24=?=", "relay on"},
    {"=?utf-8?b?cmVsYXkgbw==?=", "relay o"},
    {"=?utf-8?b?cmVsYXkgbw?=", "relay o"},
    {"=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>",
     "Keith Moore <moore@cs.utk.edu>"},
    {"=?us-ascii?b?b24=?=", "on"},
    {"=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <keld@dkuug.dk>",
     "Keld J\xc3\xb8rn Simonsen <keld@dkuug.dk>"},
    {"=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=",
     "If you can read this yo"},
    {"(=?ISO-8859-1?Q?a?=)", "(a)"},
    {"(=?ISO-8859-1?Q?a?= b)", "(a b)"},
    {"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"},
    {"(=?ISO-8859-1?Q?a?= \t\r\n =?ISO-8859-1?Q?b?=)", "(ab)"},
    {"(=?ISO-8859-1?Q?a_b?=)", "(a b)"},
    {"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?_b?=)", "(a b)"},
    {"(=?ISO-8859-1?Q?a_?= =?ISO-8859-1?Q?b?=)", "(a b)"},
    /* White space between a word and text counts. */
    {"relay =?utf-8?q?on?=", "relay on"},
    {"=?utf-8?q?relay?= on", "relay on"},
    {"=?utf-8?q?relay?=\r\n on =?utf-8?q?please?=", "relay on please"},
    {"=?utf-8?q?relay?= =x =?utf-8?q?on?=", "relay =x on"},
    {"=?utf-8?q?relay?==?utf-8?q?_on?=", "relay on"},
    {"=?utf-8?q?relay?=.", "relay."},
    {"=?utf-8?q?__relay__on__?=", "relay on"},
    {"=?utf-8?q?=09relay=20?= on", "relay on"},
    {"=?utf-8?q?"
     "?= =?utf-8?b?"
     "?=",
     ""},
    /* Characters that were split between words, and some that were not. */
    {"=?utf-8?q?J=C3?= =?utf-8?q?=B6rg?=", "J\xc3\xb6rg"},
    {"=?utf-8?b?4oI=?=\r\n =?utf-8?q?=AC?=", EURO},
    {"=?utf-8?q?=F0?= =?utf-8?q?=9F?= =?utf-8?q?=92?= =?utf-8?q?=A1?=",
     "\xf0\x9f\x92\xa1"},
    {"=?utf-8?q?J=C3?= \xb6rg", "J" FFFD " " FFFD "rg"},
    {"=?utf-8?q?J=C3?=\xb6rg", "J" FFFD FFFD "rg"},
    {"=?utf-8?q?J=C3?= =?iso-8859-1?q?=B6rg?=", "J" FFFD "\xc2\xb6rg"},
    {"=?utf-8?q?J=C3?=", "J" FFFD},
    {"=?utf-8?q?J=C3_?= =?utf-8?q?=B6rg?=", "J" FFFD " " FFFD "rg"},
    {"J\xc3 =?utf-8?q?=B6rg?=", "J" FFFD " " FFFD "rg"},
    {"J\xc3 b", "J" FFFD " b"},
    /* What is in a word is no better than text. */
    {"=?utf-8?q?a=0D=0ATo:_b=00c?=", "a" FFFD FFFD "To: b" FFFD "c"},
    {"=?utf-8?b?YQ0KYg==?=", "a" FFFD FFFD "b"},
    {"=?iso-8859-1?q?a=80=9F=A0=FF?=", "a" FFFD FFFD "\xc2\xa0\xc3\xbf"},
    {"=?us-ascii?q?=C3=B6=FF?=", "\xc3\xb6" FFFD},
    {"=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3F=3D?=", "=?utf-8?q?a?="},
    /* Not quite by the rules. */
    {"=?utf-8?q?a=G1b=1Gc=?=", "a=G1b=1Gc="},
    {"=?utf-8?q?a?b?"
     "?c?"
     "?"
     "?=",
     "a?b??c??"},
    {"=?utf-8?q?=?=", "="},
    {"=?utf-8?q?=a?=", "=a"},
    {"=?utf-8?b?c-m.V?s?aXk?=", "reliy"},
    {"=?utf-8?b?YQ==YQ==?=", "aa"},
    {"=?utf-8?b?A?= =?utf-8?b?YQ?=", "a"},
    {"\"=?utf-8?q?a?=\" b", "\"a\" b"},
    /* A word that breaks off ends there. */
    {"=?utf-8?q?relay on?=", "relay on?="},
    {"=?utf-8?b?YQ b", "a b"},
    {"=?utf-8?q?a", "a"},
    {"=?utf-8?q?a=", "a="},
    {"=?utf-8?q?a=4", "a=4"},
    {"=?utf-8?q?a?", "a?"},
    {"=?utf-8?q?a? b", "a? b"},
    {"=?utf-8?b?YQ?", "a"},
    {"=?utf-8?q?a\r\n b?=", "a b?="},
    /* What is none stays as it came. */
    {"=?Koi8-R?B?8NLJ18XU?=", "=?Koi8-R?B?8NLJ18XU?="},
    {"=?Utf-8?X?a?= =?uTf-8?", "=?Utf-8?X?a?= =?uTf-8?"},
    {"=?UTF-8*en?Q?a?=", "=?UTF-8*en?Q?a?="},
    {"=?ISO-8859-15?Q?=A4?=", "=?ISO-8859-15?Q?=A4?="},
    {"=?iso-8859-1?", "=?iso-8859-1?"},
    {"a=?utf-8?q?b?=", "a=?utf-8?q?b?="},
    {"==?utf-8?q?b?=", "==?utf-8?q?b?="},
    {"= =? =?= ?=", "= =? =?= ?="},
    {"a = b", "a = b"},
    {"=?utf-8\r\n ?q?a?=", "=?utf-8 ?q?a?="},
    {"=\xc3\xb6", "=\xc3\xb6"},
    {"=\x1futf-8?q?a?=", "=" FFFD "utf-8?q?a?="},
};

static void try_value(const struct row *row)
{
    char in[2048];
    char want[2048];
    int n = snprintf(in, sizeof in, "Subject: %s\r\nTo: b\r\n\r\n", row->in);

    snprintf(want, sizeof want, "subject: %s\nto: b\n", row->want);
    try_message(in, (size_t)n, want);
}

static void of_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        try_value(&values[i]);
    }
}

/* A NUL, which no C string of the table can have. */
static void nul(void **state)
{
    static const char in[] = "Subject: a\0b\r\n\r\n";

    (void)state;
    try_message(in, sizeof in - 1, "subject: a" FFFD "b\n");
    try_message("To: b\r\n\0: c\r\n", 13, "to: b\n");
}

/* --- the limit ---------------------------------------------------------- */

/* Behind so many bytes below the limit, and the room of them that is used. */
static const struct limit {
    size_t below;
    const char *tail;
    size_t fits;
    bool cut;
} limits[] = {
    {0, "", 0, false},
    {0, " \t ", 0, false},
    {0, "\r\n ", 0, false},
    {0, "x", 0, true},
    {0, "=", 0, true},
    {0, " x", 0, true},
    {0, "\xc3", 0, true},
    {1, "x", 1, false},
    {1, "xx", 1, true},
    {1, " x", 0, true},
    {1, "\xc3\xb6", 0, true},
    {1, "\xc3\xb6x", 0, true}, /* nothing of what is behind a gap */
    {2, "\xc3\xb6", 2, false},
    {2, " x", 2, false},
    {2, EURO, 0, true},
    {3, EURO, 3, false},
    {3, " \xc3\xb6", 3, false},
    {3, "\xf0\x9f\x92\xa1", 0, true},
    {4, "\xf0\x9f\x92\xa1", 4, false},
    {4, "\xf0\x9f\x92\xa1x", 4, true},
    {3, " =?x", 3, true},
    {4, " =?x", 4, false},
};

static void of_limits(void **state)
{
    static char full[MX_PEEK_MAX + 1];
    char in[MX_PEEK_MAX + 64];
    char want[MX_PEEK_MAX + 64];

    (void)state;
    memset(full, 'a', MX_PEEK_MAX);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const struct limit *l = &limits[i];
        int head = (int)(MX_PEEK_MAX - l->below);
        int n =
            snprintf(in, sizeof in, "To: %.*s%s\r\n\r\n", head, full, l->tail);

        snprintf(want, sizeof want, "to: %.*s%.*s%s\n", head, full,
                 (int)l->fits, l->tail, l->cut ? CUT : "");
        try_message(in, (size_t)n, want);
    }
}

/* A word takes no more room than what it says. */
static void words_have_the_room_of_their_text(void **state)
{
    char full[MX_PEEK_MAX - 2 + 1];
    char in[MX_PEEK_MAX + 64];
    char want[MX_PEEK_MAX + 64];
    int n;

    (void)state;
    memset(full, 'a', sizeof full - 1);
    full[sizeof full - 1] = '\0';
    n = snprintf(in, sizeof in, "To: %s =?ISO-8859-1?Q?=62?=\r\n\r\n", full);
    snprintf(want, sizeof want, "to: %s b\n", full);
    try_message(in, (size_t)n, want);
}

/* One that was cut does not reach into the next. */
static void cut_once(void **state)
{
    static char in[3 * MX_PEEK_MAX];
    char want[2 * MX_PEEK_MAX];
    char full[MX_PEEK_MAX + 1] = {0};
    int n;

    (void)state;
    memset(full, 'a', MX_PEEK_MAX);
    n = snprintf(in, sizeof in, "To: %s\r\n %s\r\nFrom: c\r\n\r\n", full, full);
    snprintf(want, sizeof want, "to: %s" CUT "\nfrom: c\n", full);
    try_message(in, (size_t)n, want);
}

/* --- when ---------------------------------------------------------------- */

/* A field is reported as soon as it is known to be whole, and the header's end
 * is known as soon as it came. */
static void in_time(void **state)
{
    struct mx_peek p;
    struct report r;

    (void)state;
    begin(&p, &r);
    push(&p, "Subject: a\r\n", 0, 12);
    assert_string_equal(r.text, "");
    push(&p, "T", 0, 1);
    assert_string_equal(r.text, "subject: a\n");
    push(&p, "o: b\r\n", 0, 6);
    assert_false(mx_peek_done(&p));
    push(&p, "\r\n", 0, 2);
    assert_true(mx_peek_done(&p));
    assert_string_equal(r.text, "subject: a\nto: b\n");
    mx_peek_end(&p);
    mx_peek_end(&p);
    push(&p, "From: c\r\n\r\n", 0, 11);
    assert_string_equal(r.text, "subject: a\nto: b\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_lines),
        cmocka_unit_test(of_values),
        cmocka_unit_test(nul),
        cmocka_unit_test(of_limits),
        cmocka_unit_test(words_have_the_room_of_their_text),
        cmocka_unit_test(cut_once),
        cmocka_unit_test(in_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
