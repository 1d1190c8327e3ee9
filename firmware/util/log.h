/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One event, one line: key=value pairs, a session id where there is a session.
 *
 *     log_begin(MX_LOG_INFO, "rcpt", session->id);
 *     log_span("to", path->text);
 *     log_str("answer", "yes");
 *     log_end();
 *
 *     event=rcpt sid=0000002a to=joe@example.test answer=yes
 *
 * There is one line buffer; events do not nest. What a peer chose is escaped
 * and bounded. A message's text is never logged, nor a key.
 */
#ifndef TINYMX_UTIL_LOG_H
#define TINYMX_UTIL_LOG_H

#include "tinymx/mail.h"
#include "tinymx/port.h"

/* `sid` 0: no session. */
void log_begin(enum mx_log_level level, const char *event, uint32_t sid);
void log_str(const char *key, const char *value); /* ours: as it is */
void log_text(const char *key,
              const char *text); /* ours, with blanks: quoted */
void log_peer(const char *key, struct mx_span s); /* a stranger's: escaped */
void log_u32(const char *key, uint32_t value);
void log_int(const char *key, int value);
void log_end(void);

/* An event with nothing to add. */
void log_event(enum mx_log_level level, const char *event, uint32_t sid);

#endif
