/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/name.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool equal(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

/* The length of the label at `s`, 0 if it is not a good one. */
static size_t label_len(const char *s, bool *number)
{
    size_t n = 0;

    *number = true;
    while (is_letter(s[n]) || is_digit(s[n]) || s[n] == '-') {
        *number = *number && is_digit(s[n]);
        n++;
    }
    if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-') {
        return 0;
    }
    return n;
}

bool name_is_host(const char *name)
{
    const char *s = name;
    bool number;

    if (strlen(name) > NAME_MAX_LEN) {
        return false;
    }
    for (;;) {
        size_t n = label_len(s, &number);

        if (n == 0) {
            return false;
        }
        s += n;
        if (*s == '\0') {
            return !number;
        }
        if (*s++ != '.') {
            return false;
        }
    }
}

/* `*.` and a rest of two labels or more: senders' libraries do not take a
 * wildcard right below a top-level domain. */
static bool is_wildcard(const char *pattern, size_t len)
{
    return len > 4 && pattern[0] == '*' && pattern[1] == '.' &&
           memchr(pattern + 2, '.', len - 2) != NULL &&
           memchr(pattern + 2, '*', len - 2) == NULL;
}

enum name_match name_match(const char *pattern, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    const char *dot;
    size_t rest;

    if (name_len > 0 && name[name_len - 1] == '.') {
        name_len--;
    }
    if (name_len == 0) {
        return NAME_DIFFERS;
    }
    if (len == name_len && pattern[0] != '*' && equal(pattern, name, len)) {
        return NAME_SAME;
    }
    if (!is_wildcard(pattern, len)) {
        return NAME_DIFFERS;
    }
    dot = memchr(name, '.', name_len);
    if (dot == NULL || dot == name) {
        return NAME_DIFFERS;
    }
    rest = name_len - (size_t)(dot - name);
    if (rest == len - 1 && equal(pattern + 1, dot, rest)) {
        return NAME_BY_WILDCARD;
    }
    return NAME_DIFFERS;
}
