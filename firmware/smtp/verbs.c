/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command table, and how each command reads its argument.
 *
 * A verb may have several rows, for different states; the row of the state we
 * are in is taken. Its function reads the argument and has no other effect than
 * to remember what is in it; only when that went well the row's question is
 * asked, its reply said, its state entered.
 */
#include "smtp/verbs.h"

#include "smtp/bdat.h"
#include "smtp/counts.h"
#include "smtp/data.h"
#include "smtp/hops.h"
#include "smtp/line.h"
#include "smtp/param.h"
#include "smtp/path.h"
#include "smtp/state.h"

#include <string.h>

/* --- arguments ---------------------------------------------------------- */

static enum smtp_reply parse_none(struct mx_smtp *s, struct mx_span arg)
{
    (void)s;
    return arg.len == 0 ? R_NONE : R_NO_ARGUMENT;
}

static enum smtp_reply parse_some(struct mx_smtp *s, struct mx_span arg)
{
    (void)s;
    return arg.len > 0 ? R_NONE : R_ARGUMENT;
}

static enum smtp_reply parse_any(struct mx_smtp *s, struct mx_span arg)
{
    (void)s;
    (void)arg;
    return R_NONE;
}

static enum smtp_reply parse_helo(struct mx_smtp *s, struct mx_span arg)
{
    size_t len = arg.len < MX_HELO_MAX ? arg.len : MX_HELO_MAX;

    if (!smtp_path_is_helo(arg)) {
        return R_NAME;
    }
    memcpy(s->helo, arg.ptr, len);
    s->helo[len] = '\0';
    s->esmtp = false;
    return R_NONE;
}

static enum smtp_reply parse_ehlo(struct mx_smtp *s, struct mx_span arg)
{
    enum smtp_reply reply = parse_helo(s, arg);

    s->esmtp = s->esmtp || reply == R_NONE;
    return reply;
}

/* RFC 3207 4; without an identity it is a command we do not have. */
static enum smtp_reply parse_tls(struct mx_smtp *s, struct mx_span arg)
{
    if (s->in_tls) {
        return R_SEQUENCE;
    }
    return s->cfg->starttls ? parse_none(s, arg) : R_ABSENT;
}

static void skip(struct mx_span *arg, size_t n)
{
    arg->ptr += n;
    arg->len -= n;
}

/* "FROM:" or "TO:", and the blanks behind it that common senders put there. */
static bool take_prefix(struct mx_span *arg, const char *prefix)
{
    struct mx_span start = *arg;

    start.len = strlen(prefix);
    if (arg->len < start.len || !smtp_word_is(start, prefix)) {
        return false;
    }
    skip(arg, start.len);
    while (arg->len > 0 && *arg->ptr == ' ') {
        skip(arg, 1);
    }
    return true;
}

static bool charset_fits(const struct mx_smtp *s)
{
    enum smtp_charset charset = smtp_path_charset(s->path.text);

    return charset == CHARSET_ASCII ||
           (charset == CHARSET_UTF8 && (s->flags & MX_MAIL_SMTPUTF8) != 0);
}

static enum smtp_reply parse_mail(struct mx_smtp *s, struct mx_span arg)
{
    enum smtp_reply reply;

    if (!take_prefix(&arg, "FROM:") || !smtp_path_parse(&arg, &s->path)) {
        return R_SENDER_SYNTAX;
    }
    reply = smtp_param_mail(s, arg);
    if (reply != R_NONE) {
        return reply;
    }
    if (s->cfg->max_mail != 0 && s->mails >= s->cfg->max_mail) {
        return R_MAIL_MAX;
    }
    s->rcpts = 0;
    s->taken = 0;
    smtp_hops_begin(s);
    return charset_fits(s) ? R_NONE : R_NON_ASCII;
}

static bool parse_forward_path(struct mx_span *arg, struct mx_path *path)
{
    return smtp_path_postmaster(arg, path) ||
           (smtp_path_parse(arg, path) && path->text.len > 0);
}

static enum smtp_reply parse_rcpt(struct mx_smtp *s, struct mx_span arg)
{
    if (!take_prefix(&arg, "TO:") || !parse_forward_path(&arg, &s->path)) {
        return R_RCPT_SYNTAX;
    }
    if (arg.len > 0) {
        return R_PARAMETER;
    }
    if (!charset_fits(s)) {
        return R_NON_ASCII;
    }
    return s->rcpts < s->cfg->max_rcpt ? R_NONE : R_RCPT_MAX;
}

static enum smtp_reply parse_data(struct mx_smtp *s, struct mx_span arg)
{
    s->text = DATA_LINE;
    return parse_none(s, arg);
}

/* --- the table ---------------------------------------------------------- */

/* Sets of states in which a command can come. */
#define READY (IN(ST_GREETED) | IN(ST_HELLO))
#define HELLO IN(ST_HELLO)
#define OPEN (IN(ST_MAIL) | IN(ST_RCPT))
#define RCPT IN(ST_RCPT)
#define CHUNKS IN(ST_BDAT)
#define NO_RCPT (READY | IN(ST_MAIL))
#define MAILING (OPEN | CHUNKS)
#define ANY (READY | MAILING)

/* Traits. */
enum {
    L = 1, /* last in its group: the peer waits for the reply (RFC 2920 3.1) */
    I = 2, /* idle: brings no message nearer */
    C = 4, /* allowed in clear where TLS is required (RFC 3207 4) */
};

struct verb {
    char name[9];
    uint16_t legal; /* states, or-ed; 503 in the others */
    uint8_t traits;
    enum smtp_reply (*parse)(struct mx_smtp *s, struct mx_span arg);
    uint8_t ask;   /* enum mx_smtp_ask, when the argument is good */
    uint8_t reply; /* said then */
    uint8_t next;  /* enum smtp_state */
};

/* clang-format off */
static const struct verb verbs[] = {
/*   verb        where    traits  argument         question         reply     state */
    {"EHLO",     ANY,     L|I|C,  parse_ehlo,      MX_ASK_NONE,     R_EHLO,   ST_HELLO},
    {"HELO",     ANY,     L|I,    parse_helo,      MX_ASK_NONE,     R_HELO,   ST_HELLO},
    {"STARTTLS", READY,   L|I|C,  parse_tls,       MX_ASK_STARTTLS, R_NONE,   ST_SAME},
    {"MAIL",     HELLO,   0,      parse_mail,      MX_ASK_MAIL,     R_NONE,   ST_SAME},
    {"RCPT",     OPEN,    0,      parse_rcpt,      MX_ASK_RCPT,     R_NONE,   ST_SAME},
    {"DATA",     RCPT,    L,      parse_data,      MX_ASK_DATA,     R_NONE,   ST_SAME},
    {"BDAT",     RCPT,    0,      smtp_bdat_parse, ASK_BDAT,        R_NONE,   ST_CHUNK},
    {"BDAT",     CHUNKS,  0,      smtp_bdat_parse, MX_ASK_NONE,     R_NONE,   ST_CHUNK},
    {"BDAT",     NO_RCPT, 0,      smtp_bdat_stray, MX_ASK_NONE,     R_NONE,   ST_SAME},
    {"RSET",     READY,   I,      parse_none,      MX_ASK_NONE,     R_OK,     ST_SAME},
    {"RSET",     MAILING, I,      parse_none,      MX_ASK_NONE,     R_OK,     ST_HELLO},
    {"NOOP",     ANY,     L|I|C,  parse_any,       MX_ASK_NONE,     R_OK,     ST_SAME},
    {"VRFY",     ANY,     L|I,    parse_some,      MX_ASK_NONE,     R_VRFY,   ST_SAME},
    {"HELP",     ANY,     L|I,    parse_any,       MX_ASK_NONE,     R_HELP,   ST_SAME},
    {"QUIT",     ANY,     L|C,    parse_none,      MX_ASK_NONE,     R_BYE,    ST_SAME},
    /* known, and not done here */
    {"EXPN",     ANY,     L|I,    parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
    {"AUTH",     ANY,     L|I,    parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
    {"ETRN",     ANY,     L|I,    parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
    {"ATRN",     ANY,     L|I,    parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
    {"TURN",     ANY,     L|I,    parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
    {"SEND",     ANY,     I,      parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
    {"SOML",     ANY,     I,      parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
    {"SAML",     ANY,     I,      parse_any,       MX_ASK_NONE,     R_ABSENT, ST_SAME},
};
/* clang-format on */
#define VERBS (sizeof verbs / sizeof verbs[0])

/* The row of a verb, the one for this state if there is any; or NULL. */
static const struct verb *find(uint8_t state, struct mx_span name)
{
    const struct verb *found = NULL;

    for (size_t i = 0; i < VERBS; i++) {
        if (!smtp_word_is(name, verbs[i].name)) {
            continue;
        }
        if (smtp_state_in(state, verbs[i].legal)) {
            return &verbs[i];
        }
        found = &verbs[i];
    }
    return found;
}

/* R_NONE, or why this peer may not have it here (RFC 3207 4, 4.1). */
static enum smtp_reply bar(const struct mx_smtp *s, const struct verb *verb)
{
    if (s->denied && verb->reply != R_BYE) {
        return R_DENIED;
    }
    return s->cfg->require_tls && !s->in_tls && (verb->traits & C) == 0
               ? R_TLS_NEEDED
               : R_NONE;
}

/* R_NONE, or why it is not done. The argument of what is barred is read all the
 * same: the bytes behind a BDAT come, and have to be skipped. */
static enum smtp_reply check(struct mx_smtp *s, const struct verb *verb,
                             struct mx_span arg)
{
    enum smtp_reply barred = bar(s, verb);
    enum smtp_reply reply = R_NONE;

    if ((verb->traits & I) != 0) {
        reply = smtp_counts_idle(s);
    }
    if (reply == R_NONE) {
        reply = smtp_state_in(s->state, verb->legal) ? verb->parse(s, arg)
                                                     : R_SEQUENCE;
    }
    return barred != R_NONE && !smtp_reply_closes(reply) ? barred : reply;
}

static void run(struct mx_smtp *s, const struct verb *verb, struct mx_span arg)
{
    enum smtp_reply reply = check(s, verb, arg);

    s->hold = (verb->traits & L) != 0 ? HOLD_SILENCE : HOLD_NONE;
    if (reply != R_NONE) {
        smtp_enter(s, reply, MX_ASK_NONE, ST_SAME);
    } else {
        smtp_enter(s, verb->reply, verb->ask, verb->next);
    }
}

/* A line that is no command may stand anywhere in a group, for all we know. */
void smtp_verbs_run(struct mx_smtp *s)
{
    struct mx_span line;
    const struct verb *verb = NULL;
    enum smtp_reply reply = smtp_line_get(s, &line);

    s->hold = HOLD_NONE;
    if (reply == R_NONE) {
        reply = s->denied ? R_DENIED : R_UNKNOWN;
        verb = find(s->state, smtp_word_next(&line));
    }
    if (verb != NULL) {
        run(s, verb, line);
    } else {
        smtp_enter(s, reply, MX_ASK_NONE, ST_SAME);
    }
}
