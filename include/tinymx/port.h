/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a platform supplies. A port defines these functions; the firmware calls
 * them, from one thread only but for what says otherwise. port/template is where
 * a new one starts.
 */
#ifndef TINYMX_PORT_H
#define TINYMX_PORT_H

#include <stddef.h>
#include <stdint.h>

/* Milliseconds since some instant, never stepping back, wrapping at 2^32.
 * Drives lwIP and every deadline. */
uint32_t mx_port_now_ms(void);

/* Seconds since 1970 (UTC), or 0 while the platform does not know. */
int64_t mx_port_time_s(void);

/* Fills `buf` with `len` random bytes fit for keys.
 * 0, or MX_EENTROPY: there is no such source, and TLS must not be offered. */
int mx_port_entropy(void *buf, size_t len);

enum mx_log_level { MX_LOG_ERROR, MX_LOG_WARN, MX_LOG_INFO, MX_LOG_DEBUG };

/* One event: `line` is printable ASCII, key=value pairs separated by blanks,
 * `len` bytes, no line end, not terminated. */
void mx_port_log(enum mx_log_level level, const char *line, size_t len);

/* Only where lwIP has a thread of its own: the server's task has something to do,
 * and sleeps no longer. Called in lwIP's thread, which holds the core: it only
 * signals. */
void mx_port_wake(void);

/* A bug of ours was found. Says where, and resets or ends the program. */
_Noreturn void mx_port_fatal(const char *file, int line, const char *what);

#endif
