/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "test_port.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

uint32_t test_now_ms = 1000;
int64_t test_time_s = 1795444080; /* Mon, 23 Nov 2026 14:28:00 +0000 */
int test_no_entropy;
char test_log_line[512];
unsigned test_log_count;
void (*test_log_see)(const char *line);

uint32_t mx_port_now_ms(void)
{
    return test_now_ms;
}

int64_t mx_port_time_s(void)
{
    return test_time_s;
}

int mx_port_entropy(void *buf, size_t len)
{
    if (test_no_entropy || getrandom(buf, len, 0) != (ssize_t)len) {
        return MX_EENTROPY;
    }
    return 0;
}

void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    size_t n = len < sizeof test_log_line - 1 ? len : sizeof test_log_line - 1;

    (void)level;
    memcpy(test_log_line, line, n);
    test_log_line[n] = '\0';
    test_log_count++;
    if (test_log_see != NULL) {
        test_log_see(test_log_line);
    }
    if (getenv("TINYMX_TEST_LOG") != NULL) {
        fprintf(stderr, "%u %s\n", (unsigned)test_now_ms, test_log_line);
    }
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, what);
    abort();
}
