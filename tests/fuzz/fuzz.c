/* SPDX-License-Identifier: BSD-3-Clause */
#include "fuzz.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include <sanitizer/asan_interface.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REACH_MAX 32

static struct reach {
    const char *what;
    unsigned long inputs;
    unsigned long last; /* input that reached it */
} reach[REACH_MAX];
static unsigned long input;

/* --- reading ------------------------------------------------------------ */

struct fuzz_in fuzz_in(const uint8_t *data, size_t len)
{
    return (struct fuzz_in){(const char *)data, len};
}

struct mx_span fuzz_bytes(struct fuzz_in *in, size_t len)
{
    struct mx_span bytes = {in->at, len < in->left ? len : in->left};

    if (bytes.len > 0) {
        in->at += bytes.len;
        in->left -= bytes.len;
    }
    return bytes;
}

uint8_t fuzz_u8(struct fuzz_in *in)
{
    struct mx_span byte = fuzz_bytes(in, 1);

    return byte.len > 0 ? (uint8_t)*byte.ptr : 0;
}

size_t fuzz_upto(struct fuzz_in *in, size_t most)
{
    size_t n = fuzz_u8(in);

    if (most > UINT8_MAX) {
        n = n << 8 | fuzz_u8(in);
    }
    return n % (most + 1);
}

bool fuzz_line(struct fuzz_in *in, struct mx_span *line)
{
    const char *end;

    if (in->left == 0) {
        return false;
    }
    end = memchr(in->at, '\n', in->left);
    *line = fuzz_bytes(in, end != NULL ? (size_t)(end - in->at) : in->left);
    (void)fuzz_u8(in); /* the LF */
    return true;
}

static void skip_blanks(struct fuzz_in *in)
{
    while (in->left > 0 && *in->at == ' ') {
        (void)fuzz_u8(in);
    }
}

uint32_t fuzz_number(struct fuzz_in *in, uint32_t most)
{
    uint64_t n = 0;

    skip_blanks(in);
    while (in->left > 0 && *in->at >= '0' && *in->at <= '9') {
        n = n * 10 + (uint64_t)(fuzz_u8(in) - '0');
        n = n > UINT32_MAX ? UINT32_MAX : n;
    }
    skip_blanks(in);
    return n < most ? (uint32_t)n : most;
}

/* Not by malloc(): for bytes that come one by one that is most of the time. */
const void *fuzz_lend(const void *data, size_t len)
{
    static alignas(8) char lent[FUZZ_LEND_MAX];
    static size_t before = sizeof lent;

    FUZZ_CHECK(len <= sizeof lent);
    __asan_poison_memory_region(lent, before);
    __asan_unpoison_memory_region(lent, len);
    before = len;
    if (len > 0) {
        memcpy(lent, data, len);
    }
    return lent;
}

char *fuzz_string(const void *data, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy == NULL) {
        abort();
    }
    if (len > 0) {
        memcpy(copy, data, len);
    }
    copy[len] = '\0';
    return copy;
}

/* --- checking ----------------------------------------------------------- */

void fuzz_broken(const char *file, int line, const char *what)
{
    const char *name = strrchr(file, '/');

    fprintf(stderr, "%s:%d: broken: %s\n", name != NULL ? name + 1 : file, line,
            what);
    abort();
}

bool fuzz_span_within(struct mx_span part, const void *whole, size_t len)
{
    uintptr_t from = (uintptr_t)part.ptr - (uintptr_t)whole;

    return from <= len && part.len <= len - from;
}

bool fuzz_span_is(struct mx_span span, const char *text)
{
    for (size_t i = 0; i < span.len; i++) {
        char a = span.ptr[i], b = text[i];

        a = a >= 'A' && a <= 'Z' ? (char)(a | 0x20) : a;
        b = b >= 'A' && b <= 'Z' ? (char)(b | 0x20) : b;
        if (a != b || b == '\0') {
            return false;
        }
    }
    return text[span.len] == '\0';
}

void fuzz_reached(const char *what)
{
    struct reach *r = reach;

    while (r->what != NULL && strcmp(r->what, what) != 0) {
        r++;
        FUZZ_CHECK(r < reach + REACH_MAX);
    }
    r->what = what;
    r->inputs += r->last != input;
    r->last = input;
}

static void print_reach(void)
{
    for (size_t i = 0; i < REACH_MAX && reach[i].what != NULL; i++) {
        fprintf(stderr, "reached %lu %s\n", reach[i].inputs, reach[i].what);
    }
}

/* --- the platform ------------------------------------------------------- */

uint32_t fuzz_now_ms;
unsigned fuzz_no_entropy;
static uint64_t random_state;

void fuzz_restart(void)
{
    fuzz_now_ms = 1000;
    fuzz_no_entropy = 0;
    random_state = 0x9e3779b97f4a7c15u;
}

uint32_t mx_port_now_ms(void)
{
    return fuzz_now_ms;
}

int64_t mx_port_time_s(void)
{
    return 1795444080; /* Mon, 23 Nov 2026 14:28:00 +0000 */
}

/* Of lwip/sys.h. */
uint32_t sys_now(void);

uint32_t sys_now(void)
{
    return fuzz_now_ms;
}

/* xorshift64* */
uint32_t fuzz_random(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (uint32_t)((random_state * 0x2545f4914f6cdd1du) >> 32);
}

int mx_port_entropy(void *buf, size_t len)
{
    unsigned char *out = buf;

    if (fuzz_no_entropy > 0) {
        fuzz_no_entropy--;
        return MX_EENTROPY;
    }
    for (size_t i = 0; i < len; i++) {
        out[i] = (unsigned char)fuzz_random();
    }
    return 0;
}

void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    (void)level;
    for (size_t i = 0; i < len; i++) {
        FUZZ_CHECK(line[i] >= ' ' && line[i] <= '~');
    }
    if (getenv("TINYMX_FUZZ_LOG") != NULL) {
        fprintf(stderr, "%u %.*s\n", (unsigned)fuzz_now_ms, (int)len, line);
    }
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    fuzz_broken(file, line, what);
}

/* --- libFuzzer ---------------------------------------------------------- */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (input++ == 0 && getenv("TINYMX_FUZZ_REACH") != NULL) {
        (void)atexit(print_reach);
    }
    fuzz_restart();
    fuzz_one(data, len);
    return 0;
}
