/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A spool on a device, and beside it the model of what has to be in it. What is
 * done here is done to both; what the spool answers has to make sense.
 *
 * Each power cut begins a world of its own, on the same device: see trial.h.
 */
#ifndef TINYMX_POWER_WORLD_H
#define TINYMX_POWER_WORLD_H

#include "device.h"
#include "model.h"

#include "chance.h"
#include "tinymx/spool.h"

struct world {
    struct device *dev;
    struct mx_spool *spool;
    struct model model;
    struct chance chance;
    unsigned depth;               /* of how many power cuts it is the outcome */
    unsigned ops;                 /* programs, erases, syncs in it */
    unsigned greed;               /* permille: how often something is deleted */
    struct mx_spool_mail stale;   /* found some time ago: */
    struct model_mail stale_mail; /* what it was then */
};

/* What the worlds of a run have done. */
struct world_stats {
    unsigned long mounts, delivered, refused, aborted, dropped, deleted, seen;
    unsigned long again; /* MX_EAGAIN */
};
extern struct world_stats world_stats;

/* The power is on: mounts with one of the policies, by chance. */
void world_mount(struct world *w);

/* The power goes while the device rests, and comes back: mounts, and compares. */
void world_restart(struct world *w);

/* A slot of model.open; or an error of the sink's. */
int world_open(struct world *w, const struct letter *letter);
/* All of it or an error; the sink's. */
int world_write(struct world *w, struct model_open *o, uint32_t len);
int world_commit(struct world *w, struct model_open *o);
void world_abort(struct world *w, struct model_open *o);
/* These three in a row. 0, or the first error: then it is aborted. */
int world_deliver(struct world *w, const struct letter *letter);

void world_see(struct world *w, struct model_mail *mail);
void world_delete(struct world *w, struct model_mail *mail);
bool world_poll(struct world *w);
void world_lock(struct world *w, bool on);

/* Its handle from the spool; it has to be there. */
bool world_find(struct world *w, const struct model_mail *mail,
                struct mx_spool_mail *found);

/* The next letter: an id, and nothing else yet. */
struct letter world_letter(struct world *w, uint32_t size);

#endif
