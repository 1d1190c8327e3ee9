/* SPDX-License-Identifier: BSD-3-Clause */
/* The platform as unit tests see it. */
#ifndef TINYMX_TEST_PORT_H
#define TINYMX_TEST_PORT_H

#include <stddef.h>
#include <stdint.h>

/* What mx_port_now_ms() and mx_port_time_s() return. Set by the test. */
extern uint32_t test_now_ms;
extern int64_t test_time_s;

/* Make mx_port_entropy() fail. */
extern int test_no_entropy;

/* The last log line, terminated; and how many there were. */
extern char test_log_line[512];
extern unsigned test_log_count;

/* Sees each of them, if set. */
extern void (*test_log_see)(const char *line);

#endif
