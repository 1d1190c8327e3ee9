/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command `mail`. It keeps no more than where it is: a list may be of some
 * hundred messages and a message of megabytes, and in between, at each turn, the
 * server has its say, messages come and go, and the owner may have had enough.
 */
#include "tinymx/console_mail.h"

#include "tinymx/err.h"
#include "tinymx/peek.h"
#include "tinymx/trace.h"

#include <string.h>

/* What a UART sends in the time of a packet or two. */
#define PRINT_BYTES 128

/* A header's first so many bytes are looked at, or the list would take its time
 * over one that has no end. */
#define LOOK_BYTES 8192

#define NUMBER_WIDTH 5
#define SIZE_WIDTH 9
#define DATE_WIDTH 17
#define FROM_WIDTH 32
#define SUBJECT_WIDTH 60

const char mx_console_mail_help[] =
    "list; mail N, mail N headers, mail del N: print, delete";

/* --- output ------------------------------------------------------------- */

static void put(void *ctx, const char *text, size_t len)
{
    struct mx_console *c = ctx;

    c->mail->last = text[len - 1];
    c->write(text, len);
}

static void blanks(struct mx_console *c, size_t count)
{
    while (count-- > 0) {
        mx_console_print(c, " ");
    }
}

static void right(struct mx_console *c, uint32_t n, size_t width)
{
    size_t digits = 1;

    for (uint32_t rest = n; rest > 9; rest /= 10) {
        digits++;
    }
    blanks(c, width > digits ? width - digits : 0);
    mx_console_number(c, n);
}

/* As many characters of a peek's value as fit. How many more would. */
static size_t left(struct mx_console *c, const char *text, size_t width)
{
    size_t len = 0;

    while (text[len] != '\0' && (width > 0 || (text[len] & 0xc0) == 0x80)) {
        width -= (text[len++] & 0xc0) != 0x80;
    }
    if (len > 0) {
        c->write(text, len);
    }
    return width;
}

/* "message 3" and what is to be said of it. */
static void say(struct mx_console *c, const char *what)
{
    mx_console_print(c, "message ");
    mx_console_number(c, c->mail->at.number);
    mx_console_print(c, what);
    mx_console_print(c, "\n");
}

/* What an error of the spool is to somebody at a console. */
static void say_error(struct mx_console *c, int rc)
{
    if (rc == MX_ECLOSED) {
        say(c, " is gone");
    } else if (rc == MX_EFORMAT) {
        say(c, " is damaged from here on");
    } else {
        mx_console_print(c, "the spool failed: ");
        mx_console_print(c, mx_strerror(rc));
        mx_console_print(c, "\n");
    }
}

/* --- the list ----------------------------------------------------------- */

/* A field of the header that is looked for. */
struct column {
    struct mx_console *c;
    enum mx_peek_field field;
    size_t width; /* characters, what is left of them */
};

static void see_field(void *ctx, enum mx_peek_field field, const char *value,
                      bool cut)
{
    struct column *column = ctx;

    (void)cut;
    if (field == column->field) {
        column->width = left(column->c, value, column->width);
    }
}

/* Each field is looked for by itself: that is the price of keeping none. Data
 * that cannot be read is an empty column here, and said by `mail N`. */
static size_t say_field(struct mx_console *c, enum mx_peek_field field,
                        size_t width)
{
    struct mx_spool_mail *mail = &c->mail->at;
    struct column column = {.c = c, .field = field, .width = width};
    uint32_t off = mail->envelope;
    struct mx_peek peek;
    char buf[64];
    int n = 1;

    mx_peek_init(&peek, see_field, &column);
    while (n > 0 && off - mail->envelope < LOOK_BYTES && !mx_peek_done(&peek)) {
        n = mx_spool_read(c->mail->spool, mail, off, buf, sizeof buf);
        if (n > 0) {
            mx_peek_push(&peek, buf, (size_t)n);
            off += (uint32_t)n;
        }
    }
    mx_peek_end(&peek);
    return column.width;
}

/* A date is "Mon, 23 Nov 2026 14:28:00 +0000", and shown without its ends. */
static void say_date(struct mx_console *c, int64_t time_s)
{
    char date[MX_DATE_MAX];

    mx_date_format(date, time_s);
    date[5 + DATE_WIDTH] = '\0';
    blanks(c, left(c, time_s != 0 ? date + 5 : "(time not known)", DATE_WIDTH));
}

static void say_mail(struct mx_console *c)
{
    const struct mx_spool_mail *mail = &c->mail->at;

    right(c, mail->number, NUMBER_WIDTH);
    mx_console_print(c, mail->seen ? " seen " : " new  ");
    say_date(c, mail->time_s);
    right(c, mail->size, SIZE_WIDTH);
    mx_console_print(c, mail->tls ? " TLS  " : "      ");
    blanks(c, say_field(c, MX_PEEK_FROM, FROM_WIDTH) + 2);
    say_field(c, MX_PEEK_SUBJECT, SUBJECT_WIDTH);
    mx_console_print(c, "\n");
}

static bool list_turn(struct mx_console *c)
{
    const struct mx_spool_stats *s = mx_spool_stats(c->mail->spool);
    int rc = mx_spool_next(c->mail->spool, &c->mail->at);

    if (rc > 0) {
        say_mail(c);
    } else if (rc == 0) {
        mx_console_number(c, s->messages);
        mx_console_print(c, s->messages == 1 ? " message, " : " messages, ");
        mx_console_number(c, s->unseen);
        mx_console_print(c, " new\n");
    } else if (rc != MX_EAGAIN) {
        say_error(c, rc);
    }
    return rc > 0 || rc == MX_EAGAIN;
}

/* --- one message -------------------------------------------------------- */

/* The header is all that is wanted: how much of `text` belongs to it. */
static size_t header_part(struct mx_console_mail *m, const char *text,
                          size_t len, bool *over)
{
    size_t i = 0;

    while (i < len && !*over) {
        *over = text[i] == '\n' && m->blank;
        m->blank = text[i] == '\n' || (m->blank && text[i] == '\r');
        i++;
    }
    return i;
}

static void end_text(struct mx_console *c)
{
    mx_plain_end(&c->mail->text);
    if (c->mail->last != '\n') {
        mx_console_print(c, "\n");
    }
}

/* It was seen when all of it was shown. */
static bool end_print(struct mx_console *c)
{
    struct mx_console_mail *m = c->mail;
    int rc = m->headers ? 0 : mx_spool_see(m->spool, &m->at);

    if (rc == MX_EAGAIN) {
        return true;
    }
    end_text(c);
    mx_console_print(c, m->headers ? "end of the header of " : "end of ");
    say(c, "");
    if (rc != 0) {
        say_error(c, rc);
    }
    return false;
}

static bool print_turn(struct mx_console *c)
{
    struct mx_console_mail *m = c->mail;
    char buf[PRINT_BYTES];
    bool over = false;
    int rc = mx_spool_read(m->spool, &m->at, m->off, buf, sizeof buf);
    size_t len = rc > 0 ? (size_t)rc : 0;

    if (rc < 0 && rc != MX_EAGAIN) {
        end_text(c);
        say_error(c, rc);
        return false;
    }
    if (m->headers) {
        len = header_part(m, buf, len, &over);
    }
    mx_plain_push(&m->text, buf, len);
    m->off += (uint32_t)len;
    return rc != 0 && !over ? true : end_print(c);
}

static bool delete_turn(struct mx_console *c)
{
    struct mx_console_mail *m = c->mail;
    int rc;

    if (mx_spool_locked(m->spool)) {
        mx_console_print(c, "in use: somebody reads the mail over the network; "
                            "try again later\n");
        return false;
    }
    rc = mx_spool_delete(m->spool, &m->at);
    if (rc == MX_EAGAIN) {
        return true;
    }
    if (rc == 0) {
        say(c, " is deleted");
    } else {
        say_error(c, rc);
    }
    return false;
}

/* --- the command -------------------------------------------------------- */

/* Takes a number off the front of `text`, and blanks; 0: there is none. */
static uint32_t take_number(const char **text)
{
    const char *at = *text;
    uint32_t n = 0;

    while (*at >= '0' && *at <= '9' && n <= (UINT32_MAX - 9) / 10) {
        n = n * 10 + (uint32_t)(*at++ - '0');
    }
    if (*at != '\0' && *at != ' ') {
        return 0;
    }
    *text = at + strspn(at, " ");
    return n;
}

/* By its number, and then what is wanted of it. */
static bool find_turn(struct mx_console *c)
{
    struct mx_console_mail *m = c->mail;
    uint32_t number = m->at.number;
    int rc = mx_spool_find(m->spool, number, &m->at);

    m->at.number = number;
    if (rc > 0) {
        mx_console_turns(c, m->deletion ? delete_turn : print_turn);
    } else if (rc == 0) {
        mx_console_print(c, "there is no ");
        say(c, "; mail lists those there are");
    } else if (rc != MX_EAGAIN) {
        say_error(c, rc);
    }
    return rc > 0 || rc == MX_EAGAIN;
}

/* "", "3", "3 headers" or "del 3", into `m`. False: something else. */
static bool parse(struct mx_console_mail *m, const char *args)
{
    if (args[0] == '\0') {
        return true;
    }
    m->deletion = strncmp(args, "del ", 4) == 0;
    args += m->deletion ? 4 : 0;
    args += strspn(args, " ");
    m->at.number = take_number(&args);
    m->headers = !m->deletion && strcmp(args, "headers") == 0;
    return m->at.number > 0 && (args[0] == '\0' || m->headers);
}

void mx_console_mail(struct mx_console *c, const char *args)
{
    struct mx_console_mail *m = c->mail;

    *m = (struct mx_console_mail){.spool = m->spool, .blank = true};
    mx_plain_init(&m->text, put, c);
    if (!parse(m, args)) {
        mx_console_print(
            c, "mail, mail N, mail N headers or mail del N: N is a number of "
               "the list\n");
    } else if (m->spool == NULL) {
        mx_console_print(c, "there is no spool: the log says why\n");
    } else {
        mx_console_turns(c, m->at.number > 0 ? find_turn : list_turn);
    }
}

void mx_console_mail_status(struct mx_console *c, const char *args)
{
    const struct mx_spool_stats *s;

    (void)args;
    if (c->mail->spool == NULL) {
        mx_console_print(c, "spool: none\n");
        return;
    }
    s = mx_spool_stats(c->mail->spool);

    const struct mx_console_level levels[] = {
        {s->messages, "messages"}, {s->unseen, "unseen"},
        {s->used_kb, "used KB"},   {s->size_kb, "size KB"},
        {s->damaged, "damaged"},   {s->lost, "lost"},
        {s->bad, "bad"},           {s->dropped, "dropped"},
        {s->errors, "errors"},
    };

    mx_console_levels(c, "spool", levels, sizeof levels / sizeof *levels);
}
