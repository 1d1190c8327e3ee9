/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx/port.h on POSIX: clock, randomness, log, fatal. */
#define _DEFAULT_SOURCE
#include "tinymx/posix.h"

#include "tinymx/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static enum mx_log_level log_level = MX_LOG_INFO;

static const char *const level_names[] = {
    [MX_LOG_ERROR] = "error",
    [MX_LOG_WARN] = "warn",
    [MX_LOG_INFO] = "info",
    [MX_LOG_DEBUG] = "debug",
};

uint32_t mx_port_now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint32_t)((uint64_t)ts.tv_sec * 1000 +
                      (uint64_t)ts.tv_nsec / 1000000);
}

int64_t mx_port_time_s(void)
{
    return (int64_t)time(NULL);
}

int mx_port_entropy(void *buf, size_t len)
{
    char *at = buf;

    while (len > 0) {
        ssize_t n = getrandom(at, len, 0);

        if (n < 0 && errno != EINTR) {
            return MX_EENTROPY;
        }
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

void mx_posix_log_level(enum mx_log_level level)
{
    log_level = level;
}

/* One writev a line, so that lines of several writers do not mix. */
void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    char head[64];
    struct timespec ts;
    struct tm tm;
    size_t n;

    if (level > log_level) {
        return;
    }
    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    n = strftime(head, sizeof head, "time=%Y-%m-%dT%H:%M:%S", &tm);
    n += (size_t)snprintf(head + n, sizeof head - n, ".%03uZ level=%s ",
                          (unsigned)(ts.tv_nsec / 1000000), level_names[level]);

    struct iovec iov[3] = {
        {head, n}, {(void *)(uintptr_t)line, len}, {(char[]){'\n'}, 1}};
    ssize_t rc = writev(STDERR_FILENO, iov, 3);
    (void)rc; /* a log that nobody can read is no reason to stop taking mail */
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    fprintf(stderr, "tinymx: %s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
