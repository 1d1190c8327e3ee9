/* SPDX-License-Identifier: BSD-3-Clause */
#include "workload.h"

#include "inspect.h"
#include "story.h"

#include "tinymx/err.h"

#include <string.h>

#define PAGE MX_SPOOL_PAGE

/* --- messages ----------------------------------------------------------- */

static uint32_t below(struct world *w, uint32_t n)
{
    return (uint32_t)chance_below(&w->chance, n);
}

/* With what is in front, it ends where a page ends, or about there. */
static uint32_t page_end(struct world *w, const struct letter *letter)
{
    uint32_t front = letter_front(letter);
    uint32_t pages = 1 + front / PAGE + below(w, 5);

    return pages * PAGE - front - 1 + below(w, 3);
}

static struct letter new_letter(struct world *w)
{
    uint32_t largest = mx_spool_largest(w->spool);
    struct letter letter = world_letter(w, 0);

    switch (below(w, 10)) {
    case 0:
        break;
    case 1:
    case 2:
        letter.size = below(w, 100);
        break;
    case 3:
    case 4:
    case 5:
        letter.size = below(w, 2000);
        break;
    case 6:
    case 7:
        letter.size = page_end(w, &letter);
        break;
    case 8:
        letter.size = below(w, largest / 4);
        break;
    default:
        letter.size = below(w, largest);
    }
    return letter;
}

static void hear(struct world *w)
{
    const struct device *dev = w->dev;

    if (w->depth == 0) {
        letter_hear(&w->chance,
                    dev->cells.now + PAGE * below(w, device_size(dev) / PAGE));
    }
}

/* One that is open; NULL: none. */
static struct model_open *some_open(struct world *w)
{
    struct model_open *o = &w->model.open[below(w, MX_SPOOL_OPEN)];

    return o->used ? o : NULL;
}

static struct model_mail *some_mail(struct world *w)
{
    struct model *m = &w->model;

    return m->count == 0 ? NULL : &m->mail[below(w, m->count)];
}

/* --- what they do -------------------------------------------------------- */

static void open_one(struct world *w)
{
    struct letter letter;

    for (int i = 0; i < MX_SPOOL_OPEN; i++) {
        if (!w->model.open[i].used) {
            hear(w);
            letter = new_letter(w);
            (void)world_open(w, &letter);
            return;
        }
    }
}

static void write_some(struct world *w)
{
    struct model_open *o = some_open(w);
    uint32_t left, len;

    if (o == NULL) {
        return;
    }
    left = o->letter.size - o->written;
    len = chance_permille(&w->chance, 500) ? left : below(w, left);
    if (world_write(w, o, len) != 0) {
        world_abort(w, o);
    }
}

static void commit_one(struct world *w)
{
    struct model_open *o = some_open(w);

    if (o != NULL) {
        (void)world_commit(w, o);
    }
}

static void abort_one(struct world *w)
{
    struct model_open *o = some_open(w);

    if (o != NULL) {
        world_abort(w, o);
    }
}

static void deliver_one(struct world *w)
{
    struct letter letter;

    for (int i = 0; i < MX_SPOOL_OPEN; i++) {
        if (!w->model.open[i].used) {
            letter = new_letter(w);
            (void)world_deliver(w, &letter);
            return;
        }
    }
}

static void see_one(struct world *w)
{
    struct model_mail *mail = some_mail(w);

    if (mail != NULL) {
        world_see(w, mail);
    }
}

/* In times of plenty few; then many. */
static void delete_one(struct world *w)
{
    struct model_mail *mail = some_mail(w);

    if (chance_permille(&w->chance, 30)) {
        w->greed = below(w, 1000);
    }
    if (mail != NULL && chance_permille(&w->chance, w->greed)) {
        world_delete(w, mail);
    }
}

static void delete_oldest(struct world *w)
{
    if (w->model.count > 1 && chance_permille(&w->chance, w->greed)) {
        world_delete(w, &w->model.mail[0]);
    }
}

static void poll_some(struct world *w)
{
    for (unsigned n = below(w, 6); n > 0 && world_poll(w); n--) {
    }
}

static void lock_or_not(struct world *w)
{
    if (chance_permille(&w->chance, 300)) {
        world_lock(w, !w->model.locked);
    }
}

static const struct {
    unsigned weight;
    void (*act)(struct world *w);
} acts[] = {
    {18, open_one},    {22, write_some},   {14, commit_one}, {3, abort_one},
    {14, deliver_one}, {6, see_one},       {20, delete_one}, {6, delete_oldest},
    {8, poll_some},    {3, inspect_stale}, {1, lock_or_not},
};

void workload_step(struct world *w)
{
    unsigned all = 0, i = 0;
    uint32_t at;

    for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++) {
        all += acts[k].weight;
    }
    at = below(w, all);
    while (at >= acts[i].weight) {
        at -= acts[i++].weight;
    }
    acts[i].act(w);
}

/* --- what has to go well -------------------------------------------------- */

void workload_rest(struct world *w)
{
    for (int i = 0; i < MX_SPOOL_OPEN; i++) {
        if (w->model.open[i].used) {
            world_abort(w, &w->model.open[i]);
        }
    }
    if (w->model.locked) {
        world_lock(w, false);
    }
}

void workload_one_more(struct world *w)
{
    for (;;) {
        struct letter letter = world_letter(w, below(w, 700));
        int rc = world_deliver(w, &letter);

        if (rc == 0 || w->model.hurt || model_wavers(&w->model)) {
            return;
        }
        if (w->model.count == 0) {
            story_end("FULL", "%u bytes have no room in an empty spool: %s",
                      letter.size, mx_strerror(rc));
        }
        world_delete(w, &w->model.mail[0]);
    }
}

void workload_empty(struct world *w)
{
    struct letter letter;
    int rc;

    while (w->model.count > 0) {
        struct model_mail *mail = &w->model.mail[w->model.count - 1];

        if (mail->wavers) {
            model_remove(&w->model, mail);
        } else {
            world_delete(w, mail);
        }
    }
    letter = world_letter(w, 0);
    letter.size = mx_spool_largest(w->spool) - letter_front(&letter);
    rc = model_wavers(&w->model) ? 0 : world_deliver(w, &letter);
    if (rc != 0 && !w->model.hurt) {
        story_end("FULL",
                  "%u bytes, the largest message, have no room in an "
                  "empty spool: %s",
                  letter.size, mx_strerror(rc));
    }
}
