/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The grammar of paths, names and parameters, and what a policy makes of a
 * path. The input is what stands behind "MAIL FROM:"; every parser gets it.
 *
 * What a parser returns is printed and parsed again, and has to be the same;
 * lengths and characters are held against RFC 5321 and 6531, written down here
 * a second time.
 */
#include "fuzz.h"

#include "smtp/param.h"
#include "smtp/path.h"
#include "tinymx/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MESSAGE 100000

static bool same(struct mx_span a, struct mx_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static bool same_path(const struct mx_path *a, const struct mx_path *b)
{
    return same(a->text, b->text) && same(a->local, b->local) &&
           same(a->domain, b->domain);
}

static struct mx_span rest(struct mx_span whole, size_t at)
{
    return (struct mx_span){whole.ptr + at, whole.len - at};
}

/* --- paths -------------------------------------------------------------- */

/* local "@" domain, each inside its limit (RFC 5321 4.5.3.1). */
static void check_parts(const struct mx_path *path)
{
    FUZZ_CHECK(path->text.len == path->local.len + 1 + path->domain.len);
    FUZZ_CHECK(path->local.ptr == path->text.ptr);
    FUZZ_CHECK(path->text.ptr[path->local.len] == '@');
    FUZZ_CHECK(path->domain.ptr == path->text.ptr + path->local.len + 1);
    FUZZ_CHECK(path->local.len >= 1 && path->local.len <= 64);
    FUZZ_CHECK(path->domain.len >= 1 && path->domain.len <= 255);
    for (size_t i = 0; i < path->text.len; i++) {
        unsigned char c = (unsigned char)path->text.ptr[i];

        FUZZ_CHECK(c >= ' ' && c != 0x7f);
    }
}

/* A mailbox is one however it is reached. */
static void check_mailbox(const struct mx_path *path)
{
    struct mx_path again;
    bool literal = path->domain.ptr[0] == '[';

    check_parts(path);
    FUZZ_CHECK(smtp_path_is_mailbox(path->text, &again));
    FUZZ_CHECK(same_path(path, &again));
    FUZZ_CHECK(smtp_path_is_domain(path->domain) == !literal);
    fuzz_reached(literal ? "address literal" : "domain");
    if (path->local.ptr[0] == '"') {
        fuzz_reached("quoted local part");
    }
}

/* "<" text ">" is the same path again, and a path of a source route too. */
static void check_again(const struct mx_path *path, struct mx_span tail)
{
    char text[800];
    struct mx_span in = {text, 0};
    struct mx_path again;
    int n = snprintf(text, sizeof text, "<%.*s>%.*s", (int)path->text.len,
                     path->text.len > 0 ? path->text.ptr : "", (int)tail.len,
                     tail.len > 0 ? tail.ptr : "");

    in.len = (size_t)n;
    FUZZ_CHECK(in.len < sizeof text);
    FUZZ_CHECK(smtp_path_parse(&in, &again));
    FUZZ_CHECK(same_path(path, &again) && same(in, tail));
}

static void try_path(struct mx_span whole)
{
    struct mx_span left = whole;
    struct mx_path path;
    size_t used;

    if (!smtp_path_parse(&left, &path)) {
        return;
    }
    used = whole.len - left.len;
    FUZZ_CHECK(same(left, rest(whole, used)));
    FUZZ_CHECK(used >= 2 && used <= 256);
    FUZZ_CHECK(whole.ptr[0] == '<' && whole.ptr[used - 1] == '>');
    FUZZ_CHECK(left.len == 0 || left.ptr[0] == ' ');
    if (path.text.len == 0) {
        FUZZ_CHECK(used == 2 && path.local.len == 0 && path.domain.len == 0);
        return;
    }
    FUZZ_CHECK(fuzz_span_within(path.text, whole.ptr + 1, used - 2));
    if (path.text.len < used - 2) {
        fuzz_reached("source route");
    }
    check_mailbox(&path);
    if (left.len < 100) {
        check_again(&path, memchr(left.ptr, '\0', left.len) != NULL
                               ? (struct mx_span){"", 0}
                               : left);
    }
}

static void try_postmaster(struct mx_span whole)
{
    struct mx_span left = whole;
    struct mx_path path;

    if (smtp_path_postmaster(&left, &path)) {
        FUZZ_CHECK(whole.len - left.len == strlen("<Postmaster>"));
        FUZZ_CHECK(fuzz_span_is(path.text, "postmaster"));
        FUZZ_CHECK(same(path.text, path.local) && path.domain.len == 0);
        fuzz_reached("postmaster");
    }
}

static void try_names(struct mx_span whole)
{
    struct mx_path path;

    if (smtp_path_is_mailbox(whole, &path)) {
        FUZZ_CHECK(same(path.text, whole));
        check_mailbox(&path);
    }
    if (smtp_path_is_domain(whole)) {
        FUZZ_CHECK(whole.len >= 1 && whole.len <= 255);
        FUZZ_CHECK(whole.ptr[0] != '-' && whole.ptr[whole.len - 1] != '-');
        FUZZ_CHECK(whole.ptr[0] != '.' && whole.ptr[whole.len - 1] != '.');
        fuzz_reached("bare domain");
    }
    if (smtp_path_is_helo(whole)) {
        FUZZ_CHECK(whole.len >= 1 && whole.len <= 255);
        for (size_t i = 0; i < whole.len; i++) {
            FUZZ_CHECK(whole.ptr[i] > ' ' && whole.ptr[i] <= '~');
        }
        fuzz_reached("helo name");
    }
}

/* --- UTF-8 -------------------------------------------------------------- */

/* By decoding: shortest form, no surrogates, up to U+10FFFF (RFC 3629 3). */
static enum smtp_charset charset_of(struct mx_span text)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    enum smtp_charset charset = CHARSET_ASCII;

    for (size_t i = 0; i < text.len;) {
        unsigned char c = (unsigned char)text.ptr[i++];
        unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
        uint32_t point = more > 0 ? c & (0x3fu >> more) : c;

        if (c < 0x80) {
            continue;
        }
        if (more == 0 || c >= 0xf8 || more > text.len - i) {
            return CHARSET_NEITHER;
        }
        for (unsigned n = 0; n < more; n++) {
            unsigned char d = (unsigned char)text.ptr[i++];

            if ((d & 0xc0) != 0x80) {
                return CHARSET_NEITHER;
            }
            point = point << 6 | (d & 0x3f);
        }
        if (point < least[more] || point > 0x10ffff ||
            (point >= 0xd800 && point <= 0xdfff)) {
            return CHARSET_NEITHER;
        }
        charset = CHARSET_UTF8;
    }
    return charset;
}

/* --- parameters --------------------------------------------------------- */

/* Words, blanks between them, and nothing lost. */
static void try_words(struct mx_span whole)
{
    struct mx_span left = whole;

    for (;;) {
        struct mx_span before = left;
        struct mx_span word = smtp_word_next(&left);
        uint32_t n;

        FUZZ_CHECK(fuzz_span_within(left, whole.ptr, whole.len));
        if (word.len == 0) {
            FUZZ_CHECK(left.len == 0);
            return;
        }
        FUZZ_CHECK(fuzz_span_within(word, before.ptr, before.len));
        FUZZ_CHECK(left.len < before.len);
        FUZZ_CHECK(!memchr(word.ptr, ' ', word.len) &&
                   !memchr(word.ptr, '\t', word.len));
        if (smtp_word_number(word, &n)) {
            char *text = fuzz_string(word.ptr, word.len);

            FUZZ_CHECK(strspn(text, "0123456789") == word.len);
            FUZZ_CHECK(strtoull(text, NULL, 10) == n);
            free(text);
        }
    }
}

static void try_params(struct mx_span whole, bool in_tls)
{
    static const struct mx_smtp_config cfg = {.mx_name = "mx.example.test",
                                              .max_message = MAX_MESSAGE,
                                              .max_rcpt = 1};
    struct mx_smtp s = {.cfg = &cfg, .in_tls = in_tls};
    struct mx_smtp again = s;
    char text[80];
    int n;

    if (smtp_param_mail(&s, whole) != R_NONE) {
        return;
    }
    FUZZ_CHECK(s.size <= MAX_MESSAGE);
    FUZZ_CHECK(in_tls || (s.flags & MX_MAIL_REQUIRETLS) == 0);
    n = snprintf(text, sizeof text, "SIZE=%u%s%s%s", (unsigned)s.size,
                 s.flags & MX_MAIL_8BITMIME ? " body=8bitmime" : "",
                 s.flags & MX_MAIL_SMTPUTF8 ? " smtputf8" : "",
                 s.flags & MX_MAIL_REQUIRETLS ? " requiretls" : "");
    FUZZ_CHECK(smtp_param_mail(&again, (struct mx_span){text, (size_t)n}) ==
               R_NONE);
    FUZZ_CHECK(again.size == s.size && again.flags == s.flags);
    if (s.flags != 0 && s.size != 0) {
        fuzz_reached("parameters");
    }
}

/* --- the policy --------------------------------------------------------- */

/* It relays for nobody, and never forgets postmaster. */
static void try_policy(struct mx_span whole)
{
    static const char *const domains[] = {"list.test", NULL};
    static const char *const rcpts[] = {"joe@example.test", "*@any.test", NULL};
    struct mx_table table;
    struct mx_path path;
    bool ours;
    enum mx_answer a;

    if (!smtp_path_parse(&whole, &path) || path.text.len == 0) {
        return;
    }
    mx_table_init(&table, domains, rcpts);
    a = table.policy.rcpt(&table.policy, &path);
    ours = fuzz_span_is(path.domain, "list.test") ||
           fuzz_span_is(path.domain, "example.test") ||
           fuzz_span_is(path.domain, "any.test");
    FUZZ_CHECK(ours ? a == MX_YES || a == MX_NO_USER : a == MX_NO_RELAY);
    FUZZ_CHECK(!ours || !fuzz_span_is(path.local, "postmaster") || a == MX_YES);
    fuzz_reached(a == MX_YES ? "recipient" : "no recipient");
}

static void try_configured(struct mx_span whole)
{
    char *text = fuzz_string(whole.ptr, whole.len);
    bool whole_text = strlen(text) == whole.len;
    struct mx_path path;

    FUZZ_CHECK(!whole_text || (mx_table_check_domain(text) == 0) ==
                                  smtp_path_is_domain(whole));
    if (whole_text && smtp_path_is_mailbox(whole, &path) &&
        smtp_path_is_domain(path.domain)) {
        FUZZ_CHECK(mx_table_check_rcpt(text) == 0);
    }
    free(text);
}

void fuzz_one(const uint8_t *data, size_t len)
{
    struct mx_span whole = {(const char *)data, len};

    try_path(whole);
    try_postmaster(whole);
    try_names(whole);
    FUZZ_CHECK(smtp_path_charset(whole) == charset_of(whole));
    try_words(whole);
    try_params(whole, false);
    try_params(whole, true);
    try_policy(whole);
    try_configured(whole);
}
