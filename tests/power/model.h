/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What has to be in the spool: what was acknowledged, and nothing else. The call
 * that is in flight when the power goes may have happened or not.
 */
#ifndef TINYMX_POWER_MODEL_H
#define TINYMX_POWER_MODEL_H

#include "letter.h"

#include "tinymx/spool.h"

#define MODEL_MAX 600
#define MODEL_GHOSTS 128

struct model_mail {
    struct letter letter;
    uint32_t number;
    uint32_t serial;
    bool seen;
    /* The power went in a call about it, and left bytes that may read this way
     * or that: it may be there or not, seen or not, each time one looks. */
    bool wavers;
};

struct model_open {
    bool used;
    int msg;          /* the sink's number */
    uint32_t written; /* of the body */
    struct letter letter;
};

enum flight { FLIGHT_NONE, FLIGHT_COMMIT, FLIGHT_SEE, FLIGHT_DELETE };

struct model {
    unsigned count;
    uint32_t ids;         /* the last one */
    uint32_t gone_id;     /* of those that were there once, the last, */
    uint32_t gone_number; /* and its number */
    uint32_t serial;      /* the last one */
    enum flight flight;
    struct letter letter; /* that it is about */
    /* It may make room; REFUSE: it may not. */
    enum mx_spool_full drops;
    bool wavers; /* the last power cut left what reads both ways */
    /* Commits that such a cut was in: may be found any time. */
    struct letter ghost[MODEL_GHOSTS];
    unsigned ghosts; /* so many so far */
    enum mx_spool_full full;
    bool locked;
    /* Operations fail too, so MX_EIO is no wonder. Where the mark of an original
     * fails, it comes back when the copy is deleted. */
    bool hurt;
    struct model_open open[MX_SPOOL_OPEN];
    struct model_mail mail[MODEL_MAX]; /* by id */
};

/* NULL: not there. */
struct model_mail *model_find(struct model *m, uint32_t id);
/* Where it belongs by its id. Its number must be right between its neighbours':
 * false if it is not. */
bool model_insert(struct model *m, const struct model_mail *mail);
void model_remove(struct model *m, struct model_mail *mail);

/* Any that wavers, or may? */
bool model_wavers(const struct model *m);

/* A commit of which nobody knows. */
void model_haunt(struct model *m, const struct letter *letter);
/* A letter whose commit was in flight, that was not there yet. NULL: none. */
const struct letter *model_pending(const struct model *m, uint32_t id);

/* The next one to go when there is no room, of those that do not waver; NULL:
 * none. */
struct model_mail *model_droppable(struct model *m);

/* The power went. `wavers`: and left in its operation what reads this way or
 * that. */
void model_cut(struct model *m, bool wavers);
/* What was in flight is settled: it happened or it did not. */
void model_settle(struct model *m);

#endif
