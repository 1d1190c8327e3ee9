/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Trace header fields (RFC 5321 4.4), made a piece at a time so that no line
 * is ever whole in RAM.
 *
 *     struct mx_trace t;
 *     mx_trace_received(&t, &envelope);
 *     while ((s = mx_trace_next(&t)).len > 0) { write(s.ptr, s.len); }
 *
 * Envelope and path are borrowed until the last piece.
 */
#ifndef TINYMX_TRACE_H
#define TINYMX_TRACE_H

#include "tinymx/mail.h"

/* "Mon, 23 Nov 2026 14:28:00 +0000" and a NUL. */
#define MX_DATE_MAX 32

struct mx_trace {
    const char *const *parts;      /* private: the template */
    const struct mx_envelope *env; /* private */
    const struct mx_path *path;    /* private */
    char scratch[MX_DATE_MAX];     /* private: a number or a date */
    uint8_t at;                    /* private: this part */
    uint16_t done;                 /* private: bytes of it already given */
};

/* "Return-Path: <a@b>\r\n" from env->reverse_path. */
void mx_trace_return_path(struct mx_trace *t, const struct mx_envelope *env);

/* "Delivered-To: a@b\r\n". */
void mx_trace_delivered_to(struct mx_trace *t, const struct mx_path *path);

/* "Received: from helo ([peer])\r\n\tby ...\r\n". Without a clock the date is
 * the first second of 1970 and a comment says that it is not known. */
void mx_trace_received(struct mx_trace *t, const struct mx_envelope *env);

/* The next piece; empty at the end. Valid until the next call. */
struct mx_span mx_trace_next(struct mx_trace *t);

/* RFC 5322 3.3 date and time, UTC. `out` holds MX_DATE_MAX bytes. */
void mx_date_format(char *out, int64_t time_s);

#endif
