/* SPDX-License-Identifier: BSD-3-Clause */
/* First the sink behind, then the program: what it is shown was taken, and a
 * call that has to be made again was no call. Only commit() asks it first. */
#include "tinymx/tee.h"

#include "tinymx/err.h"

#include <string.h>

static struct mx_tee *self(struct mx_sink *sink)
{
    return (struct mx_tee *)sink; /* its first member */
}

static struct mx_tee_msg *message(struct mx_sink *sink, int msg)
{
    return &self(sink)->msg[msg];
}

static int number(const struct mx_tee_msg *m)
{
    return (int)(m - m->tee->msg);
}

static void show_field(void *ctx, enum mx_peek_field f, const char *value,
                       bool cut)
{
    const struct mx_tee_msg *m = ctx;
    const struct mx_tee_app *app = m->tee->app;

    if (app->field != NULL) {
        app->field(app->ctx, number(m), f, value, cut);
    }
}

static void begin(struct mx_tee *tee, struct mx_tee_msg *m, int behind)
{
    m->tee = tee;
    m->behind = behind;
    m->taken = true;
    m->asked = false;
    mx_peek_init(&m->peek, show_field, m);
}

static int tee_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    struct mx_tee *tee = self(sink);
    size_t i = 0;
    int behind;

    while (i < tee->msgs && tee->msg[i].taken) {
        i++;
    }
    if (i == tee->msgs) {
        return MX_EAGAIN;
    }
    behind = tee->behind->open(tee->behind, env);
    if (behind < 0) {
        return behind;
    }
    begin(tee, &tee->msg[i], behind);
    if (tee->app->opened != NULL) {
        tee->app->opened(tee->app->ctx, (int)i, env);
    }
    return (int)i;
}

static int tee_rcpt(struct mx_sink *sink, int msg, const struct mx_path *path)
{
    struct mx_tee *tee = self(sink);
    int rc = tee->behind->rcpt(tee->behind, message(sink, msg)->behind, path);

    if (rc == 0 && tee->app->rcpt != NULL) {
        tee->app->rcpt(tee->app->ctx, msg, path);
    }
    return rc;
}

/* The header's bytes in front, a line at a time, since its end is one's. */
static size_t show_header(struct mx_peek *peek, const char *data, size_t len)
{
    size_t at = 0;

    while (at < len && !mx_peek_done(peek)) {
        const char *end = memchr(data + at, '\n', len - at);
        size_t n = end != NULL ? (size_t)(end + 1 - (data + at)) : len - at;

        mx_peek_push(peek, data + at, n);
        at += n;
    }
    return at;
}

static void show(struct mx_tee_msg *m, const char *data, size_t len)
{
    const struct mx_tee_app *app = m->tee->app;
    size_t at = show_header(&m->peek, data, len);

    if (at < len && app->body != NULL) {
        app->body(app->ctx, number(m), data + at, len - at);
    }
}

static int tee_write(struct mx_sink *sink, int msg, const void *data,
                     size_t len)
{
    struct mx_sink *behind = self(sink)->behind;
    struct mx_tee_msg *m = message(sink, msg);
    int n = behind->write(behind, m->behind, data, len);

    if (n > 0) {
        show(m, data, (size_t)n);
    }
    return n;
}

static void end(struct mx_tee_msg *m, void (*how)(void *ctx, int msg))
{
    m->taken = false;
    if (how != NULL) {
        how(m->tee->app->ctx, number(m));
    }
}

static void tee_abort(struct mx_sink *sink, int msg)
{
    struct mx_tee_msg *m = message(sink, msg);

    m->tee->behind->abort(m->tee->behind, m->behind);
    end(m, m->tee->app->aborted);
}

/* 0, or the error that says no. */
static int ask(struct mx_tee_msg *m)
{
    const struct mx_tee_app *app = m->tee->app;
    enum mx_answer a = MX_YES;

    if (m->asked) {
        return 0;
    }
    mx_peek_end(&m->peek);
    if (app->commit != NULL) {
        a = app->commit(app->ctx, number(m));
    }
    m->asked = a == MX_YES;
    if (m->asked) {
        return 0;
    }
    return a == MX_NO ? MX_EREFUSED : MX_ELATER;
}

static int tee_commit(struct mx_sink *sink, int msg)
{
    struct mx_tee *tee = self(sink);
    struct mx_tee_msg *m = message(sink, msg);
    int rc = ask(m);

    if (rc != 0) {
        tee_abort(sink, msg);
        return rc;
    }
    rc = tee->behind->commit(tee->behind, m->behind);
    if (rc != MX_EAGAIN) {
        end(m, rc == 0 ? tee->app->committed : tee->app->aborted);
    }
    return rc;
}

void mx_tee_init(struct mx_tee *tee, struct mx_sink *behind,
                 const struct mx_tee_app *app, struct mx_tee_msg *pool,
                 size_t count)
{
    *tee = (struct mx_tee){
        .sink =
            {
                .open = tee_open,
                .rcpt = tee_rcpt,
                .write = tee_write,
                .commit = tee_commit,
                .abort = tee_abort,
            },
        .behind = behind,
        .app = app,
        .msg = pool,
        .msgs = count,
    };
    for (size_t i = 0; i < count; i++) {
        pool[i].taken = false;
    }
}
