/* SPDX-License-Identifier: BSD-3-Clause */
/* The sink that keeps nothing: every message is accepted, counted, forgotten.
 * Not for a device that receives mail, since its 250 is a lie. */
#include "tinymx/sink.h"

/* The sink is the first member, so its address is the whole's. */
static struct mx_null_sink *self(struct mx_sink *sink)
{
    return (struct mx_null_sink *)sink;
}

/* Numbers only have to differ among messages that are open at once. */
static int null_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    (void)env;
    return (int)(self(sink)->opened++ & INT32_MAX);
}

static int null_rcpt(struct mx_sink *sink, int msg, const struct mx_path *path)
{
    (void)sink;
    (void)msg;
    (void)path;
    return 0;
}

/* What is told is an int, so a longer span is taken in parts. */
static int null_write(struct mx_sink *sink, int msg, const void *data,
                      size_t len)
{
    (void)msg;
    (void)data;
    if (len > INT32_MAX) {
        len = INT32_MAX;
    }
    self(sink)->bytes += len;
    return (int)len;
}

static int null_commit(struct mx_sink *sink, int msg)
{
    (void)msg;
    self(sink)->committed++;
    return 0;
}

static void null_abort(struct mx_sink *sink, int msg)
{
    (void)msg;
    self(sink)->aborted++;
}

void mx_null_sink_init(struct mx_null_sink *null)
{
    *null = (struct mx_null_sink){
        .sink =
            {
                .open = null_open,
                .rcpt = null_rcpt,
                .write = null_write,
                .commit = null_commit,
                .abort = null_abort,
            },
    };
}
