/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Finding messages, without a table of them. A walk goes along the log from
 * head to head, some reads each.
 *
 * The order of numbers is not that of the log once messages were moved: but
 * those that were moved as often as each other are in order, since the log is
 * cleared from its tail, and all that were moved more often come before them.
 * So messages in order are one walk for each age, the oldest first.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/le.h"

/* Of the next ages to list nothing is known. */
#define AGE_UNKNOWN UINT32_MAX

/* --- along the log ------------------------------------------------------ */

static uint32_t slots_max(const struct mx_spool *spool)
{
    return (spool->segment_pages - 1) / spool->head_pages;
}

/* The label that says how many heads this segment has: that of the one opened
 * next. `seq` is the number of its own label, or 0 if nobody knows. */
static bool find_next_label(struct mx_spool *spool, uint32_t segment,
                            uint32_t seq, struct spool_label *label)
{
    uint32_t next = segment;

    while (next != spool->head) {
        next = spool_after(spool, next);
        if (spool_label_of(spool, next, label) == 0 &&
            label->before == segment &&
            (seq == 0 || label->before_seq == seq)) {
            return true;
        }
    }
    return false;
}

/* A label that is damaged is not missed: the next one says what it said. */
uint32_t spool_heads_of(struct mx_spool *spool, uint32_t segment, uint32_t *seq,
                        uint32_t *last)
{
    struct spool_label label;

    *last = UINT32_MAX;
    if (segment == spool->head) {
        *seq = spool->head_seq;
        return spool->heads;
    }
    *seq = spool_label_of(spool, segment, &label) == 0 ? label.seq : 0;
    if (!find_next_label(spool, segment, *seq, &label)) {
        return *seq > 0 ? slots_max(spool) : 0;
    }
    *seq = label.before_seq;
    *last = label.number;
    return label.before_heads < slots_max(spool) ? label.before_heads
                                                 : slots_max(spool);
}

int spool_head_of(struct mx_spool *spool, uint32_t page, uint32_t seq,
                  uint32_t last)
{
    int rc = spool_head_load(spool, page, seq);

    return rc == 1 && spool_head_get32(spool, SPOOL_HEAD_NUMBER) > last ? 0
                                                                        : rc;
}

/* The walk is in this segment now. One whose number is not higher than that of
 * the one before could not be used on this lap: what is there is old. */
static void enter(struct mx_spool *spool, struct spool_walk *walk,
                  uint32_t segment)
{
    uint32_t seq = 0;

    walk->segment = segment;
    walk->slot = 0;
    walk->slots = spool_heads_of(spool, segment, &seq, &walk->last);
    if (seq > walk->seq) {
        walk->seq = seq;
    } else {
        walk->slots = 0;
    }
}

void spool_walk_begin(struct mx_spool *spool, struct spool_walk *walk)
{
    walk->seq = 0;
    enter(spool, walk, spool->tail);
}

void spool_walk_behind(struct mx_spool *spool, struct spool_walk *walk,
                       uint32_t page)
{
    uint32_t end;

    walk->seq = 0;
    enter(spool, walk, spool_segment(spool, page));
    end = (walk->segment + 1) * spool->segment_pages;
    walk->slot = (end - page) / spool->head_pages;
}

int spool_walk_next(struct mx_spool *spool, struct spool_walk *walk)
{
    for (;;) {
        while (walk->slot < walk->slots) {
            uint32_t end = (walk->segment + 1) * spool->segment_pages;
            int rc;

            walk->page = end - ++walk->slot * spool->head_pages;
            rc = spool_head_of(spool, walk->page, walk->seq, walk->last);
            if (rc != 0) {
                return rc;
            }
        }
        if (walk->segment == spool->head) {
            return 0;
        }
        enter(spool, walk, spool_after(spool, walk->segment));
    }
}

/* --- messages ----------------------------------------------------------- */

static void describe(struct mx_spool *spool, struct mx_spool_mail *mail,
                     uint32_t page)
{
    uint16_t flags = spool_head_get16(spool, SPOOL_HEAD_FLAGS);

    mail->number = spool_head_get32(spool, SPOOL_HEAD_NUMBER);
    mail->serial = spool_head_get32(spool, SPOOL_HEAD_SERIAL);
    mail->size = spool_head_get32(spool, SPOOL_HEAD_SIZE);
    mail->envelope = spool_head_get32(spool, SPOOL_HEAD_ENVELOPE);
    mail->time_s = (int64_t)le_get(spool->page + SPOOL_HEAD_TIME, 8);
    mail->rcpts = spool_head_get16(spool, SPOOL_HEAD_RCPTS);
    mail->flags = (uint8_t)flags;
    mail->tls = (flags & SPOOL_F_TLS) != 0;
    mail->epoch = spool->epoch;
    mail->head = page;
    mail->age = spool_head_get32(spool, SPOOL_HEAD_AGE);
    mail->first = spool_head_get32(spool, SPOOL_HEAD_FIRST);
    mail->pages = spool_head_get32(spool, SPOOL_HEAD_PAGES);
    mail->end = spool_head_get32(spool, SPOOL_HEAD_END);
    mail->at = SPOOL_NONE;
    mail->seen =
        (flags & SPOOL_F_SEEN) != 0 || spool_marked(spool, page, SPOOL_SEEN);
}

/* Messages of one age behind a number, from where the walk is. */
static int next_of_age(struct mx_spool *spool, struct spool_walk *walk,
                       struct mx_spool_mail *mail, uint32_t age)
{
    int rc;

    while ((rc = spool_walk_next(spool, walk)) != 0) {
        uint32_t its = rc > 0 ? spool_head_get32(spool, SPOOL_HEAD_AGE) : 0;

        if (rc < 0) {
            continue;
        }
        if (its < age && its + 1 > mail->younger) {
            mail->younger = its + 1;
        }
        if (its == age &&
            spool_head_get32(spool, SPOOL_HEAD_NUMBER) > mail->number &&
            !spool_marked(spool, walk->page, SPOOL_GONE) &&
            spool_head_of(spool, walk->page, walk->seq, walk->last) == 1) {
            describe(spool, mail, walk->page);
            return 1;
        }
    }
    return 0;
}

int mx_spool_next(struct mx_spool *spool, struct mx_spool_mail *mail)
{
    struct spool_walk walk;
    uint32_t age = mail->age;

    if (mail->number > 0 && mail->epoch == spool->epoch &&
        mail->younger != AGE_UNKNOWN) {
        spool_walk_behind(spool, &walk, mail->head);
    } else {
        spool_walk_begin(spool, &walk);
        age = spool->age;
        mail->younger = 0;
    }
    while (next_of_age(spool, &walk, mail, age) == 0) {
        if (mail->younger == 0) {
            return 0;
        }
        age = mail->younger - 1;
        mail->younger = 0;
        spool_walk_begin(spool, &walk);
    }
    return 1;
}

/* mail->younger is not known then: that takes a walk from the tail on. */
static int look_up(struct mx_spool *spool, uint32_t number,
                   struct mx_spool_mail *mail)
{
    struct spool_walk walk;
    int rc;

    spool_walk_begin(spool, &walk);
    while ((rc = spool_walk_next(spool, &walk)) != 0) {
        if (rc > 0 && spool_head_get32(spool, SPOOL_HEAD_NUMBER) == number &&
            !spool_marked(spool, walk.page, SPOOL_GONE) &&
            spool_head_of(spool, walk.page, walk.seq, walk.last) == 1) {
            describe(spool, mail, walk.page);
            mail->younger = AGE_UNKNOWN;
            return 1;
        }
    }
    return 0;
}

int mx_spool_find(struct mx_spool *spool, uint32_t number,
                  struct mx_spool_mail *mail)
{
    *mail = (struct mx_spool_mail){0};
    return look_up(spool, number, mail);
}

int spool_follow(struct mx_spool *spool, struct mx_spool_mail *mail)
{
    return mail->epoch == spool->epoch || look_up(spool, mail->number, mail) > 0
               ? 0
               : MX_ECLOSED;
}

int spool_meet(struct mx_spool *spool, struct mx_spool_mail *mail)
{
    int rc = spool_follow(spool, mail);

    if (rc == 0 && (spool_marked(spool, mail->head, SPOOL_GONE) ||
                    !spool_head_is(spool, mail->head, mail->number))) {
        rc = MX_ECLOSED;
    }
    return rc;
}
