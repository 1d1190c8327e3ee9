/* SPDX-License-Identifier: BSD-3-Clause */
/* OpenSSL 3 calls RAND_set_rand_method() deprecated. What it has instead, a
 * provider, does the same at ten times the length. */
#define OPENSSL_API_COMPAT 0x10100000L
#include "platform.h"

#include "chance.h"
#include "tinymx/port.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include <openssl/rand.h>

/* Close to the wrap of a clock of 32 bits, so that every run sees it. */
#define BOOT_MS (UINT32_MAX - 60000u)
#define BOOT_S 1795444080 /* Mon, 23 Nov 2026 14:28:00 +0000 */

static uint64_t now_ms;
static struct chance device_chance, openssl_chance;
static bool verbose;

/* --- the clock ---------------------------------------------------------- */

uint64_t platform_now(void)
{
    return now_ms;
}

void platform_advance(uint64_t until_ms)
{
    if (until_ms > now_ms) {
        now_ms = until_ms;
    }
}

uint32_t mx_port_now_ms(void)
{
    return (uint32_t)(BOOT_MS + now_ms);
}

/* lwIP's name for it, on both sides. */
uint32_t sys_now(void);
uint32_t sys_now(void)
{
    return mx_port_now_ms();
}

int64_t mx_port_time_s(void)
{
    return BOOT_S + (int64_t)(now_ms / 1000);
}

/* libcrypto's and libssl's calls end here, before they reach libc. */
time_t time(time_t *out)
{
    time_t now = (time_t)mx_port_time_s();

    if (out != NULL) {
        *out = now;
    }
    return now;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    (void)tz;
    tv->tv_sec = (time_t)mx_port_time_s();
    tv->tv_usec = (suseconds_t)(now_ms % 1000 * 1000);
    return 0;
}

/* --- randomness --------------------------------------------------------- */

int mx_port_entropy(void *buf, size_t len)
{
    chance_fill(&device_chance, buf, len);
    return 0;
}

static int openssl_bytes(unsigned char *buf, int len)
{
    chance_fill(&openssl_chance, buf, (size_t)len);
    return 1;
}

static int openssl_status(void)
{
    return 1;
}

/* --- words -------------------------------------------------------------- */

void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    (void)level;
    if (verbose) {
        fprintf(stderr, "%llu %.*s\n", (unsigned long long)now_ms, (int)len,
                line);
    }
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}

_Noreturn void give_up(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

void platform_open(uint64_t seed)
{
    static const RAND_METHOD method = {
        .bytes = openssl_bytes,
        .pseudorand = openssl_bytes,
        .status = openssl_status,
    };

    device_chance = chance_of(seed, "device");
    openssl_chance = chance_of(seed, "openssl");
    verbose = getenv("TINYMX_TEST_LOG") != NULL;
    if (RAND_set_rand_method(&method) != 1) {
        give_up("OpenSSL does not take our randomness");
    }
}
