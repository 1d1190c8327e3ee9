/* SPDX-License-Identifier: BSD-3-Clause */
/* Format and mount. */
#include "store/spool.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "util/crc32c.h"
#include "util/log.h"

#include <string.h>

/* Heads that are looked for where a label may have been lost. */
#define LOST_LABEL_HEADS 4

/* --- geometry ----------------------------------------------------------- */

static int attach(struct mx_spool *spool, struct mx_block *dev,
                  const struct mx_spool_config *cfg)
{
    memset(spool, 0, sizeof *spool);
    spool->dev = dev;
    spool->cfg = *cfg;
    spool->cached = SPOOL_NONE;
    spool->epoch = 1;
    spool_sink_init(spool);
    return MX_SPOOL_PAGE % dev->read_size == 0 &&
                   MX_SPOOL_PAGE % dev->prog_size == 0 &&
                   dev->block_size % MX_SPOOL_PAGE == 0
               ? 0
               : MX_EINVAL;
}

/* Segments are blocks, or 2, 4, 8 ... of them: large enough, and not too
 * many. */
static int lay_out(struct mx_spool *spool)
{
    uint32_t prog = spool->dev->prog_size;
    uint64_t pages = spool_block_pages(spool);
    uint64_t all = spool_own_pages(spool);

    all = all < SPOOL_NONE ? all : SPOOL_NONE - 1;
    while (pages * MX_SPOOL_PAGE < SPOOL_SEGMENT_MIN ||
           all / pages > SPOOL_SEGMENTS_MAX) {
        pages *= 2;
    }
    if (all / pages < SPOOL_SEGMENTS_MIN) {
        return MX_ENOSPC;
    }
    spool->segment_pages = (uint32_t)pages;
    spool->segments = (uint32_t)(all / pages);
    spool->overwrite = spool->dev->overwrite;
    spool_set_marks(spool, prog < SPOOL_MARK_MIN ? SPOOL_MARK_MIN : prog);
    return 0;
}

/* --- format ------------------------------------------------------------- */

static void make_id(struct mx_spool *spool)
{
    uint32_t random[2];

    if (mx_port_entropy(random, sizeof random) != 0) {
        int64_t time_s = mx_port_time_s();

        random[0] = crc32c(mx_port_now_ms(), &time_s, sizeof time_s);
        random[1] = crc32c(random[0], random, sizeof random[0]);
    }
    spool->id = random[0];
    spool->secret = random[1];
}

/* A first label, where mount would look for one, but not in front: a blank
 * device stays blank until it is there, and is formatted again if the power
 * goes. */
static int write_first(struct mx_spool *spool)
{
    int rc = MX_EIO;

    for (uint32_t i = 1; rc != 0 && i <= 4; i *= 2) {
        rc = 0;
        for (uint32_t b = 0;
             rc == 0 && b < spool->segment_pages / spool_block_pages(spool);
             b++) {
            rc = spool_erase(spool, i, b);
        }
        spool->seq++;
        spool->head = spool->tail = i;
        rc = rc == 0 ? spool_label_write(spool, i) : rc;
    }
    return rc;
}

int mx_spool_format(struct mx_spool *spool, struct mx_block *dev,
                    const struct mx_spool_config *cfg)
{
    struct spool_label old;
    uint32_t seq = 0;
    int rc = attach(spool, dev, cfg);

    if (rc != 0) {
        return rc;
    }
    rc = spool_probe(spool, &old);
    if (rc == 0 && spool_find_newest(spool, &old) == 0) {
        seq = spool->seq; /* the new one has to be newer */
    }
    /* Nor is it to be taken for one that has the whole device. */
    rc = rc == MX_ENOSPC && lay_out(spool) == 0 ? spool_forget(spool) : 0;
    if (rc == 0) {
        rc = attach(spool, dev, cfg);
    }
    rc = rc == 0 ? lay_out(spool) : rc;
    if (rc != 0) {
        return rc;
    }
    spool->seq = seq;
    make_id(spool);
    return write_first(spool);
}

/* --- mount -------------------------------------------------------------- */

static bool is_blank(struct mx_spool *spool)
{
    const uint8_t *page = spool->page;

    if (spool_load(spool, 0) != 0) {
        return false;
    }
    for (size_t i = 1; i < MX_SPOOL_PAGE; i++) {
        if (page[i] != page[0]) {
            return false;
        }
    }
    return page[0] == 0 || page[0] == 0xff;
}

/* Is there a head behind the newest label, in the first places of the next
 * segment? Then it is not the newest: that one is damaged. */
static void look_behind(struct mx_spool *spool)
{
    uint32_t segment = spool_after(spool, spool->newest);
    uint32_t end = (segment + 1) * spool->segment_pages;

    for (uint32_t i = 1; i <= LOST_LABEL_HEADS; i++) {
        uint32_t page = end - i * spool->head_pages;

        if (spool_head_load(spool, page, spool->seq + 1) == 1) {
            spool->newest = spool->head = segment;
            spool->head_seq = ++spool->seq;
            return;
        }
    }
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* Of the head in spool->page. One that was cut off may be there now and not the
 * next time: who takes it for one takes its numbers too. */
static void note_numbers(struct mx_spool *spool)
{
    spool->number =
        larger(spool->number, spool_head_get32(spool, SPOOL_HEAD_NUMBER));
    spool->serial =
        larger(spool->serial, spool_head_get32(spool, SPOOL_HEAD_SERIAL));
    spool->age = larger(spool->age, spool_head_get32(spool, SPOOL_HEAD_AGE));
}

/* Nobody has counted the heads of the last segment. What may be one behind the
 * last good one was cut off, or is damaged: it is not looked at again, but its
 * number is not given again either. */
static void count_heads(struct mx_spool *spool)
{
    uint32_t end = (spool->head + 1) * spool->segment_pages;
    uint32_t slots = (spool->segment_pages - 1) / spool->head_pages;
    uint32_t damaged = 0;

    for (uint32_t i = 1; i <= slots; i++) {
        int rc = spool_head_load(spool, end - i * spool->head_pages,
                                 spool->head_seq);

        if (rc == 1) {
            spool->heads = i;
            damaged = 0;
            note_numbers(spool);
        } else {
            damaged += rc == MX_EFORMAT;
        }
    }
    spool->stats.damaged = damaged;
    spool->number += damaged;
}

static void count_bad(struct mx_spool *spool)
{
    uint32_t segment = spool->tail;
    struct spool_label label;

    while (segment != spool->head) {
        spool->stats.bad += spool_label_of(spool, segment, &label) != 0;
        segment = spool_after(spool, segment);
    }
    spool->stats.bad += spool_label_of(spool, segment, &label) != 0;
}

/* A message was moved: is its old place still there, because the power went
 * just then? */
static void settle_move(struct mx_spool *spool)
{
    uint32_t source = spool_source(spool);
    uint32_t pages;
    bool seen;

    if (source == SPOOL_NONE) {
        return;
    }
    pages = spool_head_get32(spool, SPOOL_HEAD_PAGES);
    seen = (spool_head_get16(spool, SPOOL_HEAD_FLAGS) & SPOOL_F_SEEN) != 0 ||
           spool_marked(spool, source, SPOOL_SEEN);
    spool_uncount(spool, pages, seen);
    if (!spool->cfg.read_only) {
        (void)spool_mark(spool, source, SPOOL_GONE);
    }
}

struct survey {
    bool any;       /* there is a message, */
    uint32_t first; /* this segment has the first */
    uint32_t last;  /* how far behind the tail anything is that may be needed */
    struct spool_mix mix;
};

static void reach(const struct mx_spool *spool, struct survey *survey,
                  uint32_t page)
{
    uint32_t far = spool_distance(spool, spool_segment(spool, page));

    if (far > survey->last) {
        survey->last = far;
    }
}

/* The head in spool->page. */
static void look_at(struct mx_spool *spool, struct survey *survey,
                    const struct spool_walk *walk)
{
    uint32_t pages = spool_head_get32(spool, SPOOL_HEAD_PAGES);
    uint32_t last = spool_head_get32(spool, SPOOL_HEAD_LAST);
    bool seen = (spool_head_get16(spool, SPOOL_HEAD_FLAGS) & SPOOL_F_SEEN) != 0;

    note_numbers(spool);
    reach(spool, survey, walk->page);
    if (spool_marked(spool, walk->page, SPOOL_GONE) ||
        spool_head_load(spool, walk->page, walk->seq) != 1) {
        return; /* a copy that was taken back leaves its original alone */
    }
    settle_move(spool);
    reach(spool, survey, last);
    if (!survey->any) {
        survey->any = true;
        survey->first = walk->segment;
    }
    seen = seen || spool_marked(spool, walk->page, SPOOL_SEEN);
    spool_count(spool, pages, seen);
    if (spool_load(spool, walk->page) == 0) {
        spool_mix_add(spool, &survey->mix);
    }
}

/* A message goes on behind the newest label: one that was newer is damaged. */
static void go_behind(struct mx_spool *spool, uint32_t end)
{
    uint32_t lost = spool_distance(spool, end);

    lost -= spool_distance(spool, spool->head);
    spool->newest = spool->head = end;
    spool->head_seq = spool->seq += lost;
    spool->heads = 0;
}

/* Segments at the log's end in which nothing was committed are free again. The
 * newest label alone says where the log begins: its segment is not the first to
 * be written over. */
static void give_back(struct mx_spool *spool, const struct survey *survey)
{
    uint32_t end = (spool->tail + survey->last) % spool->segments;
    uint32_t heads, seq = 0, last = 0;

    if (survey->last > spool_distance(spool, spool->head)) {
        go_behind(spool, end);
        return;
    }
    if (end == spool->head || spool_after(spool, end) == spool->newest) {
        return;
    }
    heads = spool_heads_of(spool, end, &seq, &last);
    if (seq > 0) {
        spool->head = end;
        spool->head_seq = seq;
        spool->heads = heads;
    }
}

/* The last head may be one that was cut off and reads as it likes. A label
 * behind it says for good which heads there are and which numbers were given,
 * before anybody has seen them. Where there is no segment for it, it comes with
 * the next message. */
static void settle_heads(struct mx_spool *spool)
{
    if (!spool->cfg.read_only && spool->head == spool->newest &&
        spool->heads > 0) {
        (void)spool_log_open(spool, true);
    }
}

static int survey_log(struct mx_spool *spool)
{
    struct survey survey = {.first = spool->head};
    struct spool_walk walk;
    int rc;

    look_behind(spool);
    count_heads(spool);
    count_bad(spool);
    spool_walk_begin(spool, &walk);
    while ((rc = spool_walk_next(spool, &walk)) != 0) {
        if (rc > 0) {
            look_at(spool, &survey, &walk);
        } else {
            spool->stats.damaged++;
        }
    }
    give_back(spool, &survey);
    spool->mixed = survey.mix.peak;
    spool->tail = survey.any ? survey.first : spool->head;
    spool_log_weigh(spool);
    settle_heads(spool);
    spool_show(spool);
    return 0;
}

int mx_spool_mount(struct mx_spool *spool, struct mx_block *dev,
                   const struct mx_spool_config *cfg)
{
    struct spool_label label;
    int rc = attach(spool, dev, cfg);

    if (rc == 0) {
        rc = spool_probe(spool, &label);
    }
    if (rc == MX_EFORMAT && !cfg->read_only && is_blank(spool)) {
        rc = mx_spool_format(spool, dev, cfg);
        rc = rc == 0 ? spool_probe(spool, &label) : rc;
        spool->seq = 0;
    }
    if (rc == 0 && !cfg->read_only && !spool_can_write(spool, &label)) {
        rc = MX_EINVAL;
    }
    if (rc == 0) {
        rc = spool_find_newest(spool, &label);
    }
    return rc == 0 ? survey_log(spool) : rc;
}

/* --- what it says of itself --------------------------------------------- */

uint32_t mx_spool_id(const struct mx_spool *spool)
{
    return spool->id;
}

const struct mx_spool_stats *mx_spool_stats(const struct mx_spool *spool)
{
    return &spool->stats;
}

bool mx_spool_lock(struct mx_spool *spool)
{
    bool was = spool->locked;

    spool->locked = true;
    return !was;
}

void mx_spool_unlock(struct mx_spool *spool)
{
    spool->locked = false;
}

bool mx_spool_locked(const struct mx_spool *spool)
{
    return spool->locked;
}
