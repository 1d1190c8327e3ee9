/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace field is a template: an array of parts, each either text of ours or,
 * when it is one of the one-byte strings below, a value to be looked up. The
 * walk over it knows no field from another.
 *
 * What the peer chose goes out harmless: of the EHLO argument only what a host
 * name is made of; paths as they are, since the engine's grammar lets no CR, LF
 * or NUL into one.
 */
#include "tinymx/trace.h"

#include "util/fmt.h"

#include <string.h>

#define HELO "\1"
#define PEER "\2"
#define TLS_VERSION "\3"
#define TLS_CIPHER "\4"
#define MX_NAME "\5"
#define PROTOCOL "\6"
#define ID "\7"
#define DATE "\10"
#define NO_CLOCK "\11"
#define REVERSE_PATH "\12"
#define RCPT "\13"

/* Texts are two bytes or more, so none is taken for a value. */
/* clang-format off */
static const char *const return_path[] = {
    "Return-Path: <", REVERSE_PATH, ">\r\n", NULL,
};

static const char *const delivered_to[] = {
    "Delivered-To: ", RCPT, "\r\n", NULL,
};

/* RFC 5321 4.4, `with` from RFC 3848 and 6531. No `for`: there is one field for
 * all recipients, and they need not know of each other. */
static const char *const received[] = {
    "Received: from ", HELO, " ([", PEER, "])\r\n\t"
    "by ", MX_NAME, " (tinymx) with ", PROTOCOL, " id ", ID, ";\r\n\t",
    DATE, NO_CLOCK, "\r\n", NULL,
};

static const char *const received_tls[] = {
    "Received: from ", HELO, " ([", PEER, "])\r\n\t"
    "(using ", TLS_VERSION, " with cipher ", TLS_CIPHER, ")\r\n\t"
    "by ", MX_NAME, " (tinymx) with ", PROTOCOL, " id ", ID, ";\r\n\t",
    DATE, NO_CLOCK, "\r\n", NULL,
};
/* clang-format on */

static struct mx_span text(const char *str)
{
    return (struct mx_span){.ptr = str, .len = strlen(str)};
}

/* Bytes of a domain or an address literal. Anything else could end a comment,
 * open one, or look like another clause of the field. */
static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || (c != '\0' && strchr(".-_:[]", c) != NULL);
}

/* A piece is a run of good bytes, or "?" for one that is not. */
static struct mx_span helo(struct mx_trace *t)
{
    const char *name = t->env->helo;
    size_t len = 0;

    if (*name == '\0') {
        return text(t->done == 0 ? "unknown" : "");
    }
    name += t->done;
    while (is_name_byte(name[len])) {
        len++;
    }
    if (len == 0 && *name != '\0') {
        return text("?");
    }
    return (struct mx_span){.ptr = name, .len = len};
}

static struct mx_span peer(struct mx_trace *t)
{
    return text(t->env->peer);
}

static struct mx_span tls_version(struct mx_trace *t)
{
    return text(t->env->tls->version);
}

static struct mx_span tls_cipher(struct mx_trace *t)
{
    return text(t->env->tls->cipher);
}

static struct mx_span mx_name(struct mx_trace *t)
{
    return text(t->env->mx_name);
}

static struct mx_span protocol(struct mx_trace *t)
{
    return text(t->env->protocol);
}

static struct mx_span id(struct mx_trace *t)
{
    struct fmt f;

    fmt_init(&f, t->scratch, sizeof t->scratch);
    fmt_hex(&f, t->env->id, 8);
    return text(t->scratch);
}

static struct mx_span date(struct mx_trace *t)
{
    mx_date_format(t->scratch, t->env->time_s);
    return text(t->scratch);
}

static struct mx_span no_clock(struct mx_trace *t)
{
    return text(t->env->time_s > 0 ? "" : " (time not known)");
}

static struct mx_span reverse_path(struct mx_trace *t)
{
    return t->env->reverse_path.text;
}

static struct mx_span rcpt(struct mx_trace *t)
{
    return t->path->text;
}

/* Indexed by the byte of a part, as defined at the top. */
/* clang-format off */
static struct mx_span (*const value[])(struct mx_trace *t) = {
    [2] = peer,          [3] = tls_version,   [4] = tls_cipher,
    [5] = mx_name,       [6] = protocol,      [7] = id,
    [8] = date,          [9] = no_clock,      [10] = reverse_path,
    [11] = rcpt,
};
/* clang-format on */

/* What is left of a part; empty when it was given. */
static struct mx_span piece(struct mx_trace *t, const char *part)
{
    if (strcmp(part, HELO) == 0) {
        return helo(t);
    }
    if (t->done > 0) {
        return text("");
    }
    return part[1] == '\0' ? value[(unsigned char)part[0]](t) : text(part);
}

void mx_trace_return_path(struct mx_trace *t, const struct mx_envelope *env)
{
    *t = (struct mx_trace){.parts = return_path, .env = env};
}

void mx_trace_delivered_to(struct mx_trace *t, const struct mx_path *path)
{
    *t = (struct mx_trace){.parts = delivered_to, .path = path};
}

void mx_trace_received(struct mx_trace *t, const struct mx_envelope *env)
{
    *t = (struct mx_trace){
        .parts = env->tls != NULL ? received_tls : received,
        .env = env,
    };
}

struct mx_span mx_trace_next(struct mx_trace *t)
{
    while (t->parts[t->at] != NULL) {
        struct mx_span s = piece(t, t->parts[t->at]);

        if (s.len > 0) {
            t->done = (uint16_t)(t->done + s.len);
            return s;
        }
        t->at++;
        t->done = 0;
    }
    return text("");
}
