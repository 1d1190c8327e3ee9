/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the spool's files share: where things are on the device, and who does
 * what. README.md has the picture.
 *
 *     spool.c        format, mount, what it says of itself
 *     spool_page.c   the device in pages
 *     spool_label.c  labels of segments, and the newest of them
 *     spool_log.c    the ring: the next segment, pages and heads of it
 *     spool_head.c   heads and their marks
 *     spool_walk.c   heads in the order of the log, messages in that of numbers
 *     spool_read.c   data
 *     spool_room.c   is there room, and what goes for it
 *     spool_sink.c   messages on their way in
 *     spool_move.c   messages out of the log's way
 */
#ifndef TINYMX_STORE_SPOOL_H
#define TINYMX_STORE_SPOOL_H

#include "tinymx/spool.h"

#define SPOOL_VERSION 1
#define SPOOL_NONE UINT32_MAX /* no page */

/* A segment has at least so many bytes, and there are so many of them. */
#define SPOOL_SEGMENT_MIN 16384
#define SPOOL_SEGMENTS_MIN 6
#define SPOOL_SEGMENTS_MAX 1024

/* Where things are in a page of data, */
enum {
    SPOOL_PAGE_CRC = 0,
    SPOOL_PAGE_NEXT = 4,
    SPOOL_PAGE_DATA = 8,
    SPOOL_ROOM = MX_SPOOL_PAGE - SPOOL_PAGE_DATA,
};

/* in a label, the first page of a segment, */
enum {
    SPOOL_LABEL_MAGIC = 0, /* "tmxspool" */
    SPOOL_LABEL_VERSION = 8,
    SPOOL_LABEL_FLAGS = 10,
    SPOOL_LABEL_ID = 12,
    SPOOL_LABEL_SECRET = 16,
    SPOOL_LABEL_SEQ = 20,
    SPOOL_LABEL_PAGES = 24,    /* of a segment */
    SPOOL_LABEL_SEGMENTS = 28, /* of the log */
    SPOOL_LABEL_MARK = 32,     /* bytes */
    SPOOL_LABEL_TAIL = 36,     /* the log begins in this segment */
    SPOOL_LABEL_NUMBER = 40,
    SPOOL_LABEL_SERIAL = 44,
    SPOOL_LABEL_BEFORE = 48,       /* the segment opened before, */
    SPOOL_LABEL_BEFORE_SEQ = 52,   /* its number, */
    SPOOL_LABEL_BEFORE_HEADS = 56, /* heads in it */
    SPOOL_LABEL_CRC = 508,
};
#define SPOOL_LABEL_OVERWRITE 1 /* a flag */

/* in a head, */
enum {
    SPOOL_HEAD_MAGIC = 0, /* "mail" */
    SPOOL_HEAD_FLAGS = 4,
    SPOOL_HEAD_RCPTS = 6,
    SPOOL_HEAD_NUMBER = 8,
    SPOOL_HEAD_SERIAL = 12,
    SPOOL_HEAD_AGE = 16,
    SPOOL_HEAD_SEQ = 20,
    SPOOL_HEAD_FIRST = 24,
    SPOOL_HEAD_PAGES = 28,
    SPOOL_HEAD_SIZE = 32,
    SPOOL_HEAD_END = 36,  /* check sum of the last page */
    SPOOL_HEAD_LAST = 40, /* the last page */
    SPOOL_HEAD_ENVELOPE = 44,
    SPOOL_HEAD_TIME = 48,
    SPOOL_HEAD_SOURCE = 56,     /* the page of the head this is moved from, */
    SPOOL_HEAD_SOURCE_SEQ = 60, /* and its segment's number */
    SPOOL_HEAD_VIRGIN = 64,     /* check sums of the marks when erased: two */
    SPOOL_HEAD_PEER = 80,
    SPOOL_HEAD_TLS = 128,
    SPOOL_HEAD_CIPHER = 136,
    SPOOL_HEAD_FROM = 184,
    SPOOL_HEAD_CRC = 380,
    SPOOL_HEAD_LEN = 384,
};
/* Its flags: enum mx_mail_flag, and */
#define SPOOL_F_TLS 256
#define SPOOL_F_SEEN 512 /* when it was moved */

/* and in a mark. */
enum {
    SPOOL_MARK_MAGIC = 0, /* "seen", "gone" */
    SPOOL_MARK_NUMBER = 4,
    SPOOL_MARK_SEQ = 8,
    SPOOL_MARK_CRC = 12,
    SPOOL_MARK_LEN = 16,
    SPOOL_MARK_MIN = 32, /* what one takes, or prog_size */
};

enum spool_mark { SPOOL_SEEN, SPOOL_GONE };

/* --- spool_page.c ------------------------------------------------------- */

/* Pages of a block, of the whole device, and of it without the reserve. */
uint32_t spool_block_pages(const struct mx_spool *spool);
uint64_t spool_device_pages(const struct mx_spool *spool);
uint64_t spool_own_pages(const struct mx_spool *spool);

/* spool->page becomes this page of the device, if it is not. 0 or MX_EIO. */
int spool_load(struct mx_spool *spool, uint32_t page);

/* Programs `len` bytes at `off` of a page. 0 or MX_EIO. */
int spool_prog(struct mx_spool *spool, uint32_t page, uint32_t off,
               const void *data, size_t len);

/* Erases block number `block` of a segment, where that is needed. */
int spool_erase(struct mx_spool *spool, uint32_t segment, uint32_t block);
int spool_sync(struct mx_spool *spool);

/* spool->page is about to be used for something else. */
uint8_t *spool_scratch(struct mx_spool *spool);

/* --- spool_label.c ------------------------------------------------------ */

struct spool_label {
    uint16_t version;
    uint16_t flags;
    uint32_t id, secret, seq;
    uint32_t segment_pages, segments, mark;
    uint32_t tail, number, serial;
    uint32_t before, before_seq, before_heads;
};

/* Reads what should be a label. 0, MX_EFORMAT: it is none; MX_EIO. */
int spool_label_read(struct mx_spool *spool, uint32_t page,
                     struct spool_label *label);

/* The label of a segment of this log. 0, or as above. */
int spool_label_of(struct mx_spool *spool, uint32_t segment,
                   struct spool_label *label);

/* Programs the label of a segment, and syncs. 0 or MX_EIO. */
int spool_label_write(struct mx_spool *spool, uint32_t segment);

/* Any label of a log that fits the device, from where the first segments begin
 * whatever their size. 0; MX_EFORMAT: there is none; MX_ENOTSUP; MX_ENOSPC: its
 * log reaches into the reserve; MX_EIO. */
int spool_probe(struct mx_spool *spool, struct spool_label *label);

/* No label is where spool_probe() looks. 0 or MX_EIO. */
int spool_forget(struct mx_spool *spool);

/* Can the device be programmed as this log has it? */
bool spool_can_write(const struct mx_spool *spool,
                     const struct spool_label *label);

/* Takes over what the newest label of this form says. 0 or MX_EFORMAT. */
int spool_find_newest(struct mx_spool *spool, const struct spool_label *form);

/* --- spool_log.c -------------------------------------------------------- */

uint32_t spool_after(const struct mx_spool *spool, uint32_t segment);

/* Segments that the log has not. */
uint32_t spool_free(const struct mx_spool *spool);

/* Of these, how many have to stay when one is opened, at the least. */
uint32_t spool_margin(const struct mx_spool *spool);

/* Heads and data that fit a segment whatever their lengths, pages. */
uint32_t spool_usable(const struct mx_spool *spool);

/* How many segments a segment is behind the tail. */
uint32_t spool_distance(const struct mx_spool *spool, uint32_t segment);
uint32_t spool_segment(const struct mx_spool *spool, uint32_t page);

/* To be said when segments or messages have changed: is there room for new
 * mail in the segment that is written? */
void spool_log_weigh(struct mx_spool *spool);

/* Opens the next segment. 0; MX_ENOSPC: the margin would not stay free behind
 * it, nor, unless it is for a move, the reserve; MX_EIO. */
int spool_log_open(struct mx_spool *spool, bool moving);

/* The next page of data, or the place of the next head; a segment is opened
 * where that is needed, as above. */
int spool_log_page(struct mx_spool *spool, bool moving, uint32_t *page);
int spool_log_head(struct mx_spool *spool, bool moving, uint32_t *page);

/* A head that was not used: its place is, if it was the last. */
void spool_log_return(struct mx_spool *spool, uint32_t page, uint32_t seq);

/* Erases a block of the next segment. False: there is none to erase. */
bool spool_log_ahead(struct mx_spool *spool);

/* --- spool_head.c ------------------------------------------------------- */

/* Marks have so many bytes: and so heads so many pages. */
void spool_set_marks(struct mx_spool *spool, uint32_t mark);

/* Bytes that a head takes without its marks. */
uint32_t spool_head_bytes(uint32_t mark);

/* The head at a page, on this lap, into spool->page. 1; 0: there is none;
 * MX_EFORMAT: what was one is damaged; MX_EIO. */
int spool_head_load(struct mx_spool *spool, uint32_t page, uint32_t seq);

/* Is there the head of this message, on whatever lap? It is in spool->page. */
bool spool_head_is(struct mx_spool *spool, uint32_t page, uint32_t number);

/* Numbers of the head in spool->page. */
uint16_t spool_head_get16(const struct mx_spool *spool, int field);
uint32_t spool_head_get32(const struct mx_spool *spool, int field);

/* Is the head at `page` marked so? Loads it again where need be. */
bool spool_marked(struct mx_spool *spool, uint32_t page, enum spool_mark which);

/* Marks it, durably. 0, also when it was; MX_EIO. */
int spool_mark(struct mx_spool *spool, uint32_t page, enum spool_mark which);

/* How the marks behind a head's place read, erased; spool->page is used. */
int spool_virgin(struct mx_spool *spool, uint32_t page, uint32_t virgin[2]);

/* Makes a head whole, in `head` of MX_SPOOL_PAGE bytes, zero where it has
 * nothing, and programs it: what was written before it is durable then, and so
 * is the head. 0; MX_EIO, and it is gone as far as the device obeys. `head` may
 * be spool->page, and is not what it was afterwards. */
int spool_head_write(struct mx_spool *spool, uint32_t page, uint32_t seq,
                     const uint32_t virgin[2], uint8_t *head);

/* --- spool_walk.c ------------------------------------------------------- */

/* Where a walk along the log is. */
struct spool_walk {
    uint32_t segment, seq;
    uint32_t slot, slots;
    uint32_t last; /* number that a message in this segment may have */
    uint32_t page; /* of the head it is at */
};

/* From the tail on; or from behind the head at `page`. */
void spool_walk_begin(struct mx_spool *spool, struct spool_walk *walk);
void spool_walk_behind(struct mx_spool *spool, struct spool_walk *walk,
                       uint32_t page);

/* The next head, gone or not, into spool->page. 1; 0: no more; MX_EFORMAT: a
 * damaged one, MX_EIO: one that cannot be read. */
int spool_walk_next(struct mx_spool *spool, struct spool_walk *walk);

/* How many heads a segment has, or could have, the number of its label, and the
 * last number of a message in it: a head that was cut off, that the mount did not
 * see and that reads otherwise now, has a higher one. 0 and none if nobody
 * knows. */
uint32_t spool_heads_of(struct mx_spool *spool, uint32_t segment, uint32_t *seq,
                        uint32_t *last);

/* The head at a page, into spool->page, as spool_head_load(). */
int spool_head_of(struct mx_spool *spool, uint32_t page, uint32_t seq,
                  uint32_t last);

/* Where it is by now, if it has moved. 0; MX_ECLOSED: it is gone, and `mail` is
 * what it was, for mx_spool_next(). */
int spool_follow(struct mx_spool *spool, struct mx_spool_mail *mail);

/* The head of a message that was found, wherever it is by now, into
 * spool->page. 0, or MX_ECLOSED. */
int spool_meet(struct mx_spool *spool, struct mx_spool_mail *mail);

/* --- spool_read.c ------------------------------------------------------- */

/* The check sum in front of a message's first page. */
uint32_t spool_seed(const struct mx_spool *spool, uint32_t number);

/* A page of data, of which the check sum in front is known, into spool->page.
 * 0, MX_EFORMAT, MX_EIO. */
int spool_data_load(struct mx_spool *spool, uint32_t page, uint32_t crc);

/* Programs a page of data. 0 or MX_EIO. */
int spool_data_write(struct mx_spool *spool, uint32_t page, uint32_t next,
                     uint8_t *data, uint32_t *crc);

/* --- spool_room.c ------------------------------------------------------- */

/* Pages of a message of so many bytes, head and all. */
uint32_t spool_pages(const struct mx_spool *spool, uint32_t bytes);

/* Segments that are kept free for what has to be moved. */
uint32_t spool_reserve(const struct mx_spool *spool);

/* Promises so many pages more to a message that has `has`. 0; MX_ENOSPC;
 * MX_E2BIG: no log of this size has them. Something may have to go for it. */
int spool_promise(struct mx_spool *spool, uint32_t has, uint32_t more);

/* Messages that are written together mix, page by page; so does one that is
 * moved meanwhile. To be said when there are more of them. */
void spool_mix_now(struct mx_spool *spool);

/* The same of what is in the log: fed with each message, in the order of the
 * log, `peak` is the most pages of messages that lie mixed. */
struct spool_mix {
    struct {
        uint32_t last; /* page, counted from the tail */
        uint32_t pages;
    } at[MX_SPOOL_OPEN + 1];
    uint32_t peak;
};
void spool_mix_add(struct mx_spool *spool, struct spool_mix *mix);

/* Room in the stats. */
void spool_show(struct mx_spool *spool);

/* A message came, or went. */
void spool_count(struct mx_spool *spool, uint32_t pages, bool seen);
void spool_uncount(struct mx_spool *spool, uint32_t pages, bool seen);

/* --- spool_sink.c ------------------------------------------------------- */

void spool_sink_init(struct mx_spool *spool);

/* Does a message that is open have its head in this segment? */
bool spool_is_open_in(const struct mx_spool *spool, uint32_t segment);

/* --- spool_move.c ------------------------------------------------------- */

/* Some pages' work on making the tail's segment free. MX_EAGAIN: there is more
 * to do, or it is free; MX_ENOSPC: it cannot be; MX_EIO. */
int spool_move(struct mx_spool *spool);

/* The head that the one in spool->page is a copy of, into spool->page, if it is
 * there and not marked as gone. Its page, or SPOOL_NONE. */
uint32_t spool_source(struct mx_spool *spool);

#endif
