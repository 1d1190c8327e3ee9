/* SPDX-License-Identifier: BSD-3-Clause */
#include "store.h"

#include "chance.h"
#include "ledger.h"
#include "platform.h"
#include "tinymx/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_MAX 64

struct draft {
    bool taken;
    int attempt;
    size_t len, room;
    size_t full_at; /* there is no more room than this */
    char *text;
};

struct store_stats store_stats;
static struct draft drafts[OPEN_MAX];
static const struct store_mood *mood;
static enum fault fault;
static struct chance chance, fault_chance;

unsigned store_now_open(void)
{
    unsigned n = 0;

    for (size_t i = 0; i < OPEN_MAX; i++) {
        n += drafts[i].taken;
    }
    return n;
}

static bool is_busy(void)
{
    return chance_permille(&chance, mood->busy);
}

static bool is_full(void)
{
    return chance_permille(&chance, mood->full);
}

/* 0, or why this call does nothing. */
static int whim(void)
{
    return is_busy() ? MX_EAGAIN : is_full() ? MX_ENOSPC : 0;
}

/* The reverse-path is a<attempt>@sender.example; any other is a stranger's. */
static int attempt_of(const struct mx_path *path)
{
    char local[16] = "";
    int attempt;

    if (path->local.len < sizeof local) {
        memcpy(local, path->local.ptr, path->local.len);
    }
    return sscanf(local, "a%d", &attempt) == 1 ? attempt : -1;
}

static int on_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    int err = whim();

    (void)sink;
    if (err != 0) {
        return err;
    }
    for (int i = 0; i < OPEN_MAX; i++) {
        if (!drafts[i].taken) {
            drafts[i].taken = true;
            drafts[i].len = 0;
            drafts[i].full_at =
                is_full() ? chance_below(&chance, 20000) : SIZE_MAX;
            drafts[i].attempt = attempt_of(&env->reverse_path);
            store_stats.opened++;
            return i;
        }
    }
    give_up("more open messages than there can be sessions");
}

static int on_rcpt(struct mx_sink *sink, int msg, const struct mx_path *path)
{
    (void)sink;
    (void)msg;
    (void)path;
    return whim();
}

static int on_write(struct mx_sink *sink, int msg, const void *data, size_t len)
{
    struct draft *d = &drafts[msg];

    (void)sink;
    if (is_busy()) {
        return MX_EAGAIN;
    }
    if (d->len + len > d->full_at) {
        return MX_ENOSPC;
    }
    if (mood->busy > 0) {
        len = chance_between(&chance, 1, len);
    }
    if (d->len + len > d->room) {
        d->room = 2 * (d->len + len);
        d->text = realloc(d->text, d->room);
        if (d->text == NULL) {
            give_up("no memory for a message of %zu", d->room);
        }
    }
    memcpy(d->text + d->len, data, len);
    d->len += len;
    return (int)len;
}

/* What is behind the first field, which is the server's own. */
static size_t trace_len(const struct draft *d)
{
    static const char name[] = "Received: ";

    if (d->len < sizeof name || memcmp(d->text, name, sizeof name - 1) != 0) {
        give_up("no trace field in front of attempt %d", d->attempt);
    }
    for (size_t i = 1; i < d->len; i++) {
        if (d->text[i - 1] == '\n' && d->text[i] != ' ' && d->text[i] != '\t') {
            return i;
        }
    }
    return d->len;
}

static int on_commit(struct mx_sink *sink, int msg)
{
    struct draft *d = &drafts[msg];
    int err = whim();
    enum fault f = chance_permille(&fault_chance, 10) ? fault : FAULT_NONE;
    size_t at;

    (void)sink;
    if (err == MX_EAGAIN) {
        return err;
    }
    d->taken = false;
    if (err != 0) {
        store_stats.aborted++;
        return err;
    }
    store_stats.committed++;
    at = trace_len(d);
    for (int n = f == FAULT_NEVER ? 0 : f == FAULT_TWICE ? 2 : 1; n > 0; n--) {
        ledger_store(d->attempt, d->text + at,
                     d->len - at - (f == FAULT_SHORT && d->len > at));
    }
    return f == FAULT_REPLY ? MX_EIO : 0;
}

static void on_abort(struct mx_sink *sink, int msg)
{
    (void)sink;
    drafts[msg].taken = false;
    store_stats.aborted++;
}

struct mx_sink *store_open(const struct store_mood *m, enum fault f,
                           uint64_t seed)
{
    static struct mx_sink sink = {on_open, on_rcpt, on_write, on_commit,
                                  on_abort};

    mood = m;
    fault = f;
    chance = chance_of(seed, "store");
    fault_chance = chance_of(seed, "fault");
    return &sink;
}
