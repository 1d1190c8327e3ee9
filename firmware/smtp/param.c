/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * esmtp-param = esmtp-keyword ["=" esmtp-value]    (RFC 5321 4.1.2)
 *
 * A row per parameter and value that we know. Two rows may have one keyword; a
 * keyword may come once.
 */
#include "smtp/param.h"

#include <string.h>

struct param {
    const char *keyword;
    const char *value; /* "": none; "9": a number, the message's size */
    bool in_tls;       /* known only there */
    uint8_t once;      /* the bit of this keyword */
    uint8_t flag;      /* enum mx_mail_flag */
};

/* clang-format off */
static const struct param params[] = {
    {"SIZE",       "9",        false, 1, 0},                  /* RFC 1870 */
    {"BODY",       "7BIT",     false, 2, 0},                  /* RFC 6152 */
    {"BODY",       "8BITMIME", false, 2, MX_MAIL_8BITMIME},
    {"SMTPUTF8",   "",         false, 4, MX_MAIL_SMTPUTF8},   /* RFC 6531 */
    {"REQUIRETLS", "",         true,  8, MX_MAIL_REQUIRETLS}, /* RFC 8689 */
};
/* clang-format on */
#define PARAMS (sizeof params / sizeof params[0])

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip(struct mx_span *line, size_t n)
{
    line->ptr += n;
    line->len -= n;
}

struct mx_span smtp_word_next(struct mx_span *line)
{
    struct mx_span word;

    while (line->len > 0 && is_blank(*line->ptr)) {
        skip(line, 1);
    }
    word = (struct mx_span){line->ptr, 0};
    while (line->len > 0 && !is_blank(*line->ptr)) {
        skip(line, 1);
        word.len++;
    }
    while (line->len > 0 && is_blank(*line->ptr)) {
        skip(line, 1);
    }
    return word;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool smtp_word_is(struct mx_span word, const char *text)
{
    for (size_t i = 0; i < word.len; i++) {
        if (text[i] == '\0' || upper(word.ptr[i]) != text[i]) {
            return false;
        }
    }
    return text[word.len] == '\0';
}

bool smtp_word_number(struct mx_span word, uint32_t *n)
{
    *n = 0;
    for (size_t i = 0; i < word.len; i++) {
        uint32_t digit = (uint32_t)(word.ptr[i] - '0');

        if (word.ptr[i] < '0' || word.ptr[i] > '9' ||
            *n > (UINT32_MAX - digit) / 10) {
            return false;
        }
        *n = *n * 10 + digit;
    }
    return word.len > 0;
}

/* 1*20DIGIT (RFC 1870 6); what does not fit 32 bits is too big anyhow. */
static enum smtp_reply parse_size(struct mx_smtp *s, struct mx_span value)
{
    size_t digits = 0;

    while (digits < value.len && value.ptr[digits] >= '0' &&
           value.ptr[digits] <= '9') {
        digits++;
    }
    if (digits != value.len || digits == 0 || digits > 20) {
        return R_PARAMETER_VALUE;
    }
    if (!smtp_word_number(value, &s->size) || s->size > s->cfg->max_message) {
        return R_TOO_BIG;
    }
    return R_NONE;
}

/* Divides KEYWORD=VALUE; without the "=" the value's ptr is NULL. */
static struct mx_span split(struct mx_span *word)
{
    const char *equals = memchr(word->ptr, '=', word->len);
    struct mx_span value = {NULL, 0};

    if (equals != NULL) {
        value.ptr = equals + 1;
        value.len = word->len - (size_t)(value.ptr - word->ptr);
        word->len -= value.len + 1;
    }
    return value;
}

static bool is_number(const struct param *row)
{
    return row->value[0] == '9';
}

static bool value_fits(const struct param *row, struct mx_span value)
{
    if (row->value[0] == '\0') {
        return value.ptr == NULL;
    }
    return value.ptr != NULL &&
           (is_number(row) || smtp_word_is(value, row->value));
}

/* The row for a parameter; NULL and *reply when there is none. */
static const struct param *find(const struct mx_smtp *s, struct mx_span word,
                                struct mx_span value, enum smtp_reply *reply)
{
    *reply = R_PARAMETER;
    for (size_t i = 0; i < PARAMS; i++) {
        if (!smtp_word_is(word, params[i].keyword) ||
            (params[i].in_tls && !s->in_tls)) {
            continue;
        }
        if (value_fits(&params[i], value)) {
            return &params[i];
        }
        *reply = R_PARAMETER_VALUE;
    }
    return NULL;
}

static enum smtp_reply parse_one(struct mx_smtp *s, struct mx_span word,
                                 uint8_t *seen)
{
    struct mx_span value = split(&word);
    enum smtp_reply reply;
    const struct param *row = find(s, word, value, &reply);

    if (row == NULL) {
        return reply;
    }
    if ((*seen & row->once) != 0) {
        return R_PARAMETER_VALUE;
    }
    *seen |= row->once;
    s->flags |= row->flag;
    return is_number(row) ? parse_size(s, value) : R_NONE;
}

enum smtp_reply smtp_param_mail(struct mx_smtp *s, struct mx_span line)
{
    struct mx_span word = smtp_word_next(&line);
    enum smtp_reply reply = R_NONE;
    uint8_t seen = 0;

    s->flags = 0;
    s->size = 0;
    while (reply == R_NONE && word.len > 0) {
        reply = parse_one(s, word, &seen);
        word = smtp_word_next(&line);
    }
    return reply;
}
