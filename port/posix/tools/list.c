/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx-spool list, cat and stat: what a spool has, on standard output. */
#define _DEFAULT_SOURCE
#include "tool.h"

#include "tinymx/err.h"
#include "tinymx/peek.h"
#include "tinymx/plain.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct fields {
    char from[MX_PEEK_MAX + 1];
    char subject[MX_PEEK_MAX + 1];
};

static void see_field(void *ctx, enum mx_peek_field field, const char *value,
                      bool cut)
{
    struct fields *fields = ctx;

    (void)cut;
    if (field == MX_PEEK_FROM) {
        strcpy(fields->from, value);
    } else if (field == MX_PEEK_SUBJECT) {
        strcpy(fields->subject, value);
    }
}

/* 0, or what is wrong with the data. */
static int look(struct tool *t, struct mx_spool_mail *mail,
                struct fields *fields)
{
    uint32_t off = mail->envelope;
    struct mx_peek peek;
    char buf[MX_SPOOL_PAGE];
    int n = 1;

    memset(fields, 0, sizeof *fields);
    mx_peek_init(&peek, see_field, fields);
    while (n > 0 && !mx_peek_done(&peek)) {
        n = mx_spool_read(t->spool, mail, off, buf, sizeof buf);
        if (n > 0) {
            mx_peek_push(&peek, buf, (size_t)n);
            off += (uint32_t)n;
        }
    }
    mx_peek_end(&peek);
    return n < 0 ? n : 0;
}

static void print_mail(const struct mx_spool_mail *mail,
                       const struct fields *fields)
{
    char date[32] = "-";
    time_t time_s = (time_t)mail->time_s;
    struct tm tm;

    if (mail->time_s != 0 && gmtime_r(&time_s, &tm) != NULL) {
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    }
    printf("%lu\t%s\t%s\t%lu\t%s\t%s\t%s\n", (unsigned long)mail->number,
           mail->seen ? "seen" : "new", date, (unsigned long)mail->size,
           mail->tls ? "TLS" : "clear", fields->from, fields->subject);
}

enum tool_status list_run(struct tool *t)
{
    struct mx_spool_mail mail = {0};
    enum tool_status status = TOOL_FINE;
    struct fields fields;
    int rc;

    while ((rc = tool_next(t, &mail)) > 0) {
        int wrong = look(t, &mail, &fields);

        print_mail(&mail, &fields);
        if (wrong != 0) {
            tool_say(t, "message %lu: %s", (unsigned long)mail.number,
                     mx_strerror(wrong));
            status = TOOL_WRONG;
        }
    }
    return rc < 0 ? TOOL_WRONG : status;
}

/* --- cat ---------------------------------------------------------------- */

static void write_out(void *ctx, const char *text, size_t len)
{
    (void)ctx;
    fwrite(text, 1, len, stdout);
}

enum tool_status cat_run(struct tool *t)
{
    bool terminal = isatty(STDOUT_FILENO) != 0;
    struct mx_spool_mail mail = {0};
    struct mx_plain plain;
    char buf[MX_SPOOL_PAGE];
    uint32_t off = 0;
    int n;

    if (mx_spool_find(t->spool, t->number, &mail) <= 0) {
        tool_say(t, "there is no message %lu: list shows those there are",
                 (unsigned long)t->number);
        return TOOL_WRONG;
    }
    mx_plain_init(&plain, write_out, NULL);
    while ((n = mx_spool_read(t->spool, &mail, off, buf, sizeof buf)) > 0) {
        if (terminal) {
            mx_plain_push(&plain, buf, (size_t)n);
        } else {
            write_out(NULL, buf, (size_t)n);
        }
        off += (uint32_t)n;
    }
    mx_plain_end(&plain);
    if (n < 0) {
        fflush(stdout);
        tool_say(t, "message %lu is damaged behind %lu of %lu bytes: %s",
                 (unsigned long)t->number, (unsigned long)off,
                 (unsigned long)mail.size, mx_strerror(n));
    }
    return n < 0 ? TOOL_WRONG : TOOL_FINE;
}

/* --- stat --------------------------------------------------------------- */

enum tool_status stat_run(struct tool *t)
{
    const struct mx_spool_stats *s = mx_spool_stats(t->spool);
    const struct {
        const char *name;
        uint32_t n;
    } rows[] = {
        {"messages", s->messages},
        {"unseen", s->unseen},
        {"used-kb", s->used_kb},
        {"size-kb", s->size_kb},
        {"largest-message", mx_spool_largest(t->spool)},
        {"segments", t->spool->segments},
        {"segment-bytes", t->spool->segment_pages * MX_SPOOL_PAGE},
        {"damaged", s->damaged},
    };

    printf("id: %08lx\n", (unsigned long)mx_spool_id(t->spool));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        printf("%s: %lu\n", rows[i].name, (unsigned long)rows[i].n);
    }
    return TOOL_FINE;
}
