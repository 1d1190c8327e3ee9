/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command table, and how each command reads its argument.
 *
 * A verb may have several rows, for different states and arguments; the first
 * that fits is taken. Only when its function likes the argument the row's
 * question is asked, its reply said, its state entered.
 */
#include "pop3/verbs.h"

#include "pop3/line.h"
#include "pop3/state.h"
#include "pop3/walk.h"

#include <string.h>

/* --- arguments ---------------------------------------------------------- */

static enum pop3_reply parse_none(struct mx_pop3 *s, struct mx_span arg)
{
    (void)s;
    return arg.len == 0 ? R_NONE : R_ARGUMENT;
}

/* Digits up to the next blank; what is behind it remains. */
static bool take_number(struct mx_span *arg, uint32_t *n)
{
    size_t digits = 0;

    *n = 0;
    while (arg->len > 0 && *arg->ptr >= '0' && *arg->ptr <= '9') {
        uint32_t digit = (uint32_t)(*arg->ptr - '0');

        if (*n > (UINT32_MAX - digit) / 10) {
            return false;
        }
        *n = *n * 10 + digit;
        arg->ptr++;
        arg->len--;
        digits++;
    }
    while (arg->len > 0 && *arg->ptr == ' ') {
        arg->ptr++;
        arg->len--;
    }
    return digits > 0;
}

static enum pop3_reply take_message(struct mx_pop3 *s, struct mx_span *arg)
{
    uint32_t n;

    if (!take_number(arg, &n)) {
        return R_ARGUMENT;
    }
    if (n == 0 || n > s->drop->messages || pop3_walk_is_marked(s, n)) {
        return R_NO_MESSAGE;
    }
    s->message = (uint16_t)n;
    return R_NONE;
}

static enum pop3_reply parse_message(struct mx_pop3 *s, struct mx_span arg)
{
    enum pop3_reply reply = take_message(s, &arg);

    s->top = false;
    return reply == R_NONE && arg.len > 0 ? R_ARGUMENT : reply;
}

static enum pop3_reply parse_top(struct mx_pop3 *s, struct mx_span arg)
{
    enum pop3_reply reply = take_message(s, &arg);

    s->top = true;
    if (reply == R_NONE && (!take_number(&arg, &s->lines) || arg.len > 0)) {
        reply = R_ARGUMENT;
    }
    return reply;
}

static enum pop3_reply parse_stls(struct mx_pop3 *s, struct mx_span arg)
{
    return s->in_tls ? R_SEQUENCE : parse_none(s, arg);
}

static enum pop3_reply parse_user(struct mx_pop3 *s, struct mx_span arg)
{
    if (arg.len == 0) {
        return R_ARGUMENT;
    }
    if (arg.len > MX_POP3_NAME_MAX) {
        arg.len = 0; /* nobody's, as is "" */
    }
    memcpy(s->user, arg.ptr, arg.len);
    s->user[arg.len] = '\0';
    return R_NONE;
}

/* All of the rest, blanks too (RFC 1939 7). */
static enum pop3_reply parse_pass(struct mx_pop3 *s, struct mx_span arg)
{
    s->password = arg;
    return R_NONE;
}

static enum pop3_reply parse_rset(struct mx_pop3 *s, struct mx_span arg)
{
    if (arg.len == 0) {
        pop3_walk_reset(s->drop);
    }
    return parse_none(s, arg);
}

/* --- the table ---------------------------------------------------------- */

#define OPEN IN(ST_OPEN)
#define NAMED IN(ST_NAMED)
#define LOGIN IN_LOGIN
#define ANY (LOGIN | OPEN)

/* Traits. */
enum {
    T = 1, /* only inside TLS, and not looked at in clear */
    N = 2, /* this row is for no argument; another is for some */
    B = 4, /* blanks at its end are part of the argument */
};

struct verb {
    char name[5];
    uint8_t legal; /* states, or-ed */
    uint8_t traits;
    enum pop3_reply (*parse)(struct mx_pop3 *s, struct mx_span arg);
    uint8_t ask;   /* enum mx_pop3_ask, when the argument is good */
    uint8_t reply; /* said then */
    uint8_t next;  /* enum pop3_state */
};

/* clang-format off */
static const struct verb verbs[] = {
/*   verb    where  traits argument       question             reply     state */
    {"CAPA", ANY,   0,   parse_none,    MX_POP3_ASK_NONE,  R_CAPA,   ST_SAME},
    {"STLS", LOGIN, 0,   parse_stls,    MX_POP3_ASK_STLS,  R_NONE,   ST_SAME},
    {"USER", LOGIN, T|B, parse_user,    MX_POP3_ASK_NONE,  R_USER,   ST_NAMED},
    {"PASS", NAMED, T|B, parse_pass,    MX_POP3_ASK_LOGIN, R_NONE,   ST_SAME},
    {"STAT", OPEN,  0,   parse_none,    MX_POP3_ASK_NONE,  R_STAT,   ST_SAME},
    {"LIST", OPEN,  N,   parse_none,    MX_POP3_ASK_NONE,  R_NONE,   ST_SIZES},
    {"LIST", OPEN,  0,   parse_message, MX_POP3_ASK_FIND,  R_NONE,   ST_SIZE},
    {"UIDL", OPEN,  N,   parse_none,    MX_POP3_ASK_NONE,  R_NONE,   ST_UIDS},
    {"UIDL", OPEN,  0,   parse_message, MX_POP3_ASK_FIND,  R_NONE,   ST_UID},
    {"RETR", OPEN,  0,   parse_message, MX_POP3_ASK_OPEN,  R_NONE,   ST_TEXT},
    {"TOP",  OPEN,  0,   parse_top,     MX_POP3_ASK_OPEN,  R_NONE,   ST_TEXT},
    {"DELE", OPEN,  0,   parse_message, MX_POP3_ASK_FIND,  R_NONE,   ST_MARK},
    {"RSET", OPEN,  0,   parse_rset,    MX_POP3_ASK_NONE,  R_LOGIN,  ST_SAME},
    {"NOOP", OPEN,  0,   parse_none,    MX_POP3_ASK_NONE,  R_OK,     ST_SAME},
    {"QUIT", LOGIN, 0,   parse_none,    MX_POP3_ASK_NONE,  R_BYE,    ST_SAME},
    {"QUIT", OPEN,  0,   parse_none,    MX_POP3_ASK_NONE,  R_NONE,   ST_UPDATE},
};
/* clang-format on */
_Static_assert((ANY & ~(unsigned)UINT8_MAX) == 0, "the size of verb.legal");
#define VERBS (sizeof verbs / sizeof verbs[0])

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_word(struct mx_span text, const char *word)
{
    size_t i = 0;

    while (i < text.len && word[i] != '\0' && upper(text.ptr[i]) == word[i]) {
        i++;
    }
    return i == text.len && word[i] == '\0';
}

/* "LIST 1": the verb; behind it, and one blank, the argument. */
static struct mx_span take_verb(struct mx_span *line)
{
    const char *blank = memchr(line->ptr, ' ', line->len);
    struct mx_span verb = *line;

    if (blank != NULL) {
        verb.len = (size_t)(blank - line->ptr);
    }
    line->ptr += verb.len;
    line->len -= verb.len;
    if (blank != NULL) {
        line->ptr++;
        line->len--;
    }
    return verb;
}

static size_t without_blanks(struct mx_span text)
{
    while (text.len > 0 && text.ptr[text.len - 1] == ' ') {
        text.len--;
    }
    return text.len;
}

/* The row of a verb, the one for this state and argument if there is any; or
 * NULL. */
static const struct verb *find(uint8_t state, struct mx_span name,
                               struct mx_span arg)
{
    const struct verb *found = NULL;

    for (size_t i = 0; i < VERBS; i++) {
        const struct verb *v = &verbs[i];
        bool fits = (v->traits & N) == 0 || without_blanks(arg) == 0;

        if (!is_word(name, v->name)) {
            continue;
        }
        if (fits && pop3_state_in(state, v->legal)) {
            return v;
        }
        found = v;
    }
    return found;
}

static void run(struct mx_pop3 *s, const struct verb *verb, struct mx_span arg)
{
    enum pop3_reply reply = R_SEQUENCE;

    if ((verb->traits & B) == 0) {
        arg.len = without_blanks(arg);
    }
    if ((verb->traits & T) != 0 && !s->in_tls) {
        reply = R_TLS_NEEDED;
    } else if (pop3_state_in(s->state, verb->legal)) {
        reply = verb->parse(s, arg);
    }
    if (reply != R_NONE) {
        pop3_enter(s, reply, MX_POP3_ASK_NONE, ST_SAME);
    } else {
        pop3_enter(s, verb->reply, verb->ask, verb->next);
        pop3_walk_begin(s);
    }
}

void pop3_verbs_run(struct mx_pop3 *s)
{
    struct mx_span line, name;
    const struct verb *verb = NULL;
    enum pop3_reply reply = pop3_line_get(s, &line);

    if (reply == R_NONE) {
        reply = R_UNKNOWN;
        name = take_verb(&line);
        verb = find(s->state, name, line);
    }
    if (verb != NULL) {
        run(s, verb, line);
    } else {
        pop3_enter(s, reply, MX_POP3_ASK_NONE, ST_SAME);
    }
}
