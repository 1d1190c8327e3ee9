/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include "inspect.h"
#include "story.h"

#include "tinymx/err.h"

#include <string.h>

struct world_stats world_stats;

/* A call may say MX_EAGAIN while the spool works its way around the device: some
 * pages each time. */
#define PATIENCE 5000

/* Is the call to be made once more? */
static bool again(struct world *w, int rc, unsigned *turns)
{
    if (rc != MX_EAGAIN) {
        return false;
    }
    world_stats.again++;
    if (++*turns > PATIENCE) {
        story_end("HANG", "%u times MX_EAGAIN", *turns);
    }
    if (chance_permille(&w->chance, 300)) {
        mx_spool_poll(w->spool);
    }
    return true;
}

/* --- the call in flight -------------------------------------------------- */

static void begin(struct world *w, enum flight flight,
                  const struct letter *letter, bool drops)
{
    w->model.flight = flight;
    if (letter != NULL) {
        w->model.letter = *letter;
    }
    w->model.drops =
        drops && !w->model.locked ? w->model.full : MX_SPOOL_REFUSE;
}

static void end(struct world *w, uint32_t dropped_before)
{
    uint32_t dropped = mx_spool_stats(w->spool)->dropped - dropped_before;

    for (; dropped > 0; dropped--) {
        struct model_mail *mail = model_droppable(&w->model);

        if (mail == NULL) {
            story_end("DROPPED", "one that was not to be dropped");
        }
        model_remove(&w->model, mail);
        world_stats.dropped++;
    }
    model_settle(&w->model);
}

static uint32_t dropped(const struct world *w)
{
    return mx_spool_stats(w->spool)->dropped;
}

/* Is `rc` an answer that a sink may give? */
static int allowed(const struct world *w, const char *what, int rc)
{
    if (rc < 0 && rc != MX_ENOSPC && rc != MX_E2BIG &&
        !(w->model.hurt && rc == MX_EIO)) {
        story_end("ERROR", "%s: %s", what, mx_strerror(rc));
    }
    return rc;
}

/* --- mount -------------------------------------------------------------- */

/* What wavers may be dropped or not, and so may what was dropped when an
 * operation failed: nobody could say what comes next. */
static enum mx_spool_full policy(struct world *w)
{
    enum mx_spool_full full = (enum mx_spool_full)chance_below(&w->chance, 3);

    return w->model.hurt || model_wavers(&w->model) ? MX_SPOOL_REFUSE : full;
}

void world_mount(struct world *w)
{
    struct mx_spool_config config = {.full = policy(w)};
    int rc;

    memset(w->spool, 0xa5, sizeof *w->spool);
    memset(&w->stale, 0, sizeof w->stale);
    world_stats.mounts++;
    rc = mx_spool_mount(w->spool, device_seen(w->dev), &config);
    if (rc != 0) {
        story_end("MOUNT", "%s", mx_strerror(rc));
    }
    w->model.full = config.full;
    w->model.locked = false;
}

void world_restart(struct world *w)
{
    struct operation idle = {.kind = SYNC};

    w->model.letter.id = 0;
    model_cut(&w->model, false);
    device_outage(w->dev, &idle, TORN_OLD,
                  (enum loss)chance_below(&w->chance, LOSSES));
    world_mount(w);
    inspect(w);
}

/* --- the sink ----------------------------------------------------------- */

struct letter world_letter(struct world *w, uint32_t size)
{
    struct letter letter = {
        .id = ++w->model.ids,
        .size = size,
        .kind = (uint8_t)chance_below(&w->chance, LETTER_KINDS),
        .rcpts = (uint8_t)chance_below(&w->chance, LETTER_RCPTS + 1),
        .heard = (uint8_t)letter_heard(),
    };

    return letter;
}

static struct model_open *free_slot(struct world *w)
{
    for (int i = 0; i < MX_SPOOL_OPEN; i++) {
        if (!w->model.open[i].used) {
            return &w->model.open[i];
        }
    }
    return NULL;
}

static int add_rcpts(struct world *w, const struct model_open *o)
{
    struct mx_sink *sink = &w->spool->sink;
    int rc = 0;

    for (unsigned i = 0; i < o->letter.rcpts && rc == 0; i++) {
        const char *text = letter_rcpt(&o->letter, i);
        struct mx_path path = {.text = {text, strlen(text)}};
        uint32_t before = dropped(w);
        unsigned turns = 0;

        begin(w, FLIGHT_NONE, NULL, true);
        do {
            rc = sink->rcpt(sink, o->msg, &path);
        } while (again(w, rc, &turns));
        end(w, before);
    }
    return allowed(w, "rcpt", rc);
}

/* What SIZE= says: nothing, or about the truth. */
static uint32_t announced(struct world *w, const struct letter *letter)
{
    return chance_permille(&w->chance, 400) ? letter->size : 0;
}

int world_open(struct world *w, const struct letter *letter)
{
    struct mx_sink *sink = &w->spool->sink;
    struct mx_envelope env = letter_envelope(letter);
    struct model_open *o = free_slot(w);
    uint32_t before = dropped(w);
    unsigned turns = 0;
    int rc;

    env.size = announced(w, letter);
    begin(w, FLIGHT_NONE, NULL, true);
    do {
        rc = sink->open(sink, &env);
    } while (again(w, rc, &turns));
    end(w, before);
    if (rc < 0) {
        world_stats.refused++;
        return allowed(w, "open", rc);
    }
    *o = (struct model_open){true, rc, 0, *letter};
    rc = add_rcpts(w, o);
    if (rc < 0) {
        world_abort(w, o);
        return rc;
    }
    return (int)(o - w->model.open);
}

int world_write(struct world *w, struct model_open *o, uint32_t len)
{
    struct mx_sink *sink = &w->spool->sink;
    unsigned turns = 0;

    while (len > 0) {
        const uint8_t *data = letter_data(&o->letter);
        uint32_t before = dropped(w);
        int rc;

        data += letter_front(&o->letter) + o->written;
        begin(w, FLIGHT_NONE, NULL, true);
        rc = sink->write(sink, o->msg, data, len);
        end(w, before);
        if (again(w, rc, &turns)) {
            continue;
        }
        if (rc < 0) {
            return allowed(w, "write", rc);
        }
        if (rc == 0 || (uint32_t)rc > len) {
            story_end("ERROR", "write took %d of %u", rc, len);
        }
        o->written += (uint32_t)rc;
        len -= (uint32_t)rc;
    }
    return 0;
}

int world_commit(struct world *w, struct model_open *o)
{
    struct mx_sink *sink = &w->spool->sink;
    uint32_t before = dropped(w);
    unsigned turns = 0;
    int rc;

    o->letter.size = o->written;
    begin(w, FLIGHT_COMMIT, &o->letter, true);
    do {
        rc = sink->commit(sink, o->msg);
    } while (again(w, rc, &turns));
    o->used = false;
    if (allowed(w, "commit", rc) == 0) {
        inspect_new(w, &o->letter);
        world_stats.delivered++;
    } else {
        if (rc == MX_EIO) {
            model_haunt(&w->model, &o->letter);
        }
        world_stats.refused++;
    }
    end(w, before);
    return rc;
}

void world_abort(struct world *w, struct model_open *o)
{
    w->spool->sink.abort(&w->spool->sink, o->msg);
    o->used = false;
    world_stats.aborted++;
}

int world_deliver(struct world *w, const struct letter *letter)
{
    int rc = world_open(w, letter);
    struct model_open *o;

    if (rc < 0) {
        return rc;
    }
    o = &w->model.open[rc];
    rc = world_write(w, o, letter->size);
    if (rc < 0) {
        world_abort(w, o);
        return rc;
    }
    return world_commit(w, o);
}

/* --- the reader --------------------------------------------------------- */

bool world_find(struct world *w, const struct model_mail *mail,
                struct mx_spool_mail *found)
{
    int rc = mx_spool_find(w->spool, mail->number, found);

    if (rc != 1 && !mail->wavers) {
        story_end("LOST", "number %u is not found: %d", mail->number, rc);
    }
    return rc == 1;
}

/* Makes a mark. 0; an error if that is no wonder. */
static int mark(struct world *w, struct model_mail *mail, enum flight flight,
                int (*call)(struct mx_spool *, struct mx_spool_mail *))
{
    struct mx_spool_mail found;
    unsigned turns = 0;
    int rc;

    if (!world_find(w, mail, &found)) {
        return MX_ECLOSED;
    }
    begin(w, flight, &mail->letter, false);
    do {
        rc = call(w->spool, &found);
    } while (again(w, rc, &turns));
    if (rc != 0 && !(w->model.hurt && rc == MX_EIO) &&
        !(mail->wavers && rc == MX_ECLOSED)) {
        story_end("ERROR", "a mark: %s", mx_strerror(rc));
    }
    return rc;
}

void world_see(struct world *w, struct model_mail *mail)
{
    int rc = mark(w, mail, FLIGHT_SEE, mx_spool_see);

    if (rc == 0) {
        mail->seen = true;
        world_stats.seen++;
    } else if (w->model.hurt) {
        mail->wavers = true; /* like a power cut in it */
    }
    model_settle(&w->model);
}

void world_delete(struct world *w, struct model_mail *mail)
{
    int rc = mark(w, mail, FLIGHT_DELETE, mx_spool_delete);

    if (rc == 0) {
        model_remove(&w->model, mail);
        world_stats.deleted++;
    } else if (w->model.hurt) {
        mail->wavers = true;
    }
    model_settle(&w->model);
}

bool world_poll(struct world *w)
{
    uint32_t before = dropped(w);
    bool more;

    begin(w, FLIGHT_NONE, NULL, false);
    more = mx_spool_poll(w->spool);
    end(w, before);
    return more;
}

void world_lock(struct world *w, bool on)
{
    if (on) {
        bool was = w->model.locked;

        if (mx_spool_lock(w->spool) == was) {
            story_end("LOCK", "it was %slocked", was ? "" : "not ");
        }
    } else {
        mx_spool_unlock(w->spool);
    }
    w->model.locked = on;
    if (mx_spool_locked(w->spool) != on) {
        story_end("LOCK", "it says the contrary");
    }
}
