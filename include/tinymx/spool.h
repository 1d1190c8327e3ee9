/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The spool: mail on flash or an SD card, as a log that survives the plug being
 * pulled at any instant.
 *
 *     struct mx_spool spool;
 *     rc = mx_spool_mount(&spool, &card.block, &(struct mx_spool_config){0});
 *     config.sink = &spool.sink;
 *
 *     struct mx_spool_mail mail = {0};
 *     while (mx_spool_next(&spool, &mail) > 0) {
 *         mx_spool_read(&spool, &mail, 0, buf, sizeof buf);
 *     }
 *
 * commit() of the sink is one program of the device, and what it returned 0 for
 * is there after every power cut, byte for byte; what it did not, is not, and
 * its room comes back. Several messages are written at once. The room of
 * deleted ones is used again: what lives is moved out of its way, so wear is
 * even. RAM: a page for each open message and one more, whatever the size of
 * the device and the number of messages. firmware/store/README.md has the
 * design and the format.
 *
 * A message's data is what the sink was given, to the byte, with an envelope in
 * front: Return-Path: and one Delivered-To: for each recipient, each ended by
 * CR LF.
 *
 * Numbers go up in the order in which messages began to arrive, are never used
 * twice, and stay: over a restart, a move, and others' deletion. Wherever this
 * header says "in order", it is theirs.
 *
 * One thread. Nothing here waits but for the device; a call that has more to
 * do than a few pages does a part and says MX_EAGAIN.
 */
#ifndef TINYMX_SPOOL_H
#define TINYMX_SPOOL_H

#include "tinymx/block.h"
#include "tinymx/config.h"
#include "tinymx/sink.h"

/* What is programmed at once: block.h's read_size and prog_size divide it, and
 * it divides block_size. */
#define MX_SPOOL_PAGE 512

#define MX_SPOOL_PEER 48
#define MX_SPOOL_TLS 8
#define MX_SPOOL_CIPHER 48
#define MX_SPOOL_FROM 196

/* What to do when a message has no room. */
enum mx_spool_full {
    MX_SPOOL_REFUSE,      /* 452 4.3.1: the sender tries again */
    MX_SPOOL_DROP_SEEN,   /* the oldest that was seen goes, and the next ... */
    MX_SPOOL_DROP_OLDEST, /* the oldest goes, seen or not */
};

struct mx_spool_config {
    enum mx_spool_full full;
    bool read_only; /* no operation but read() is ever called; open() and marks
                       are MX_ENOTSUP */
    uint32_t reserve_blocks; /* at the device's end that are somebody else's */
};

/* How it does. Counters are since the mount. */
struct mx_spool_stats {
    uint32_t messages;
    uint32_t unseen;   /* of these */
    uint32_t size_kb;  /* what messages can have */
    uint32_t used_kb;  /* of it, have, or have been promised */
    uint32_t damaged;  /* places of messages that hold none: a commit that was
                          cut off, or bits that turned */
    uint32_t lost;     /* messages whose data turned out damaged when they had
                          to be moved, and are gone */
    uint32_t bad;      /* segments that cannot be used, or read as no such */
    uint32_t dropped;  /* for new ones, as mx_spool_full says */
    uint32_t moved;    /* messages, out of the log's way */
    uint32_t programs; /* pages */
    uint32_t erases;   /* blocks */
    uint32_t errors;   /* operations of the device that failed */
};

/* --- private ------------------------------------------------------------ */

/* A message being written. */
struct mx_spool_msg {
    bool taken;
    uint16_t flags; /* of the head to be */
    uint16_t rcpts;
    uint16_t fill; /* bytes in `page` */
    int error;     /* the first one: it cannot be committed any more */
    uint32_t number;
    uint32_t head;     /* the page of its head, */
    uint32_t head_seq; /* on this lap */
    uint32_t first;    /* its first page of data */
    uint32_t here;     /* where `page` will go, */
    uint32_t next;     /* and the one behind it, or none yet */
    uint32_t pages;    /* programmed */
    uint32_t promised; /* pages, head and all */
    uint32_t crc;      /* of the pages so far */
    uint32_t envelope; /* bytes of data that are envelope */
    int64_t time_s;
    const char *tls;
    const char *cipher;
    char peer[MX_SPOOL_PEER];
    uint8_t page[MX_SPOOL_PAGE];
};

/* A message that lives on its way to the log's head. */
struct mx_spool_move {
    bool copying;     /* `source` */
    uint8_t tries;    /* of this one */
    uint32_t slot;    /* of the tail: the next head to look at */
    uint32_t cleared; /* segments since somebody got what he wanted */
    uint32_t source;  /* the page of its head, */
    uint32_t from;    /* the next of its data, */
    uint32_t pages;   /* of which there are so many, */
    uint32_t left;    /* and so many to come, */
    uint32_t crc;     /* with this check sum in front */
    uint32_t end;     /* and that behind them */
    uint32_t head, head_seq, first, here; /* as in struct mx_spool_msg */
};

struct mx_spool {
    struct mx_sink sink; /* set by mx_spool_mount() */
    struct mx_spool_stats stats;

    /* Private from here on: of the format, */
    struct mx_block *dev;
    struct mx_spool_config cfg;
    uint32_t id;
    uint32_t secret; /* check sums of heads begin with it */
    uint32_t segments;
    uint32_t segment_pages;
    uint16_t mark;       /* bytes of a mark */
    uint16_t head_pages; /* of a message's head */
    bool overwrite;
    bool locked;

    /* of the log, */
    uint32_t head;     /* the segment that is written, */
    uint32_t head_seq; /* its number, */
    uint32_t front;    /* its next page of data, */
    uint32_t back;     /* its last head; equal to `front`: it is full */
    uint32_t heads;    /* in it */
    uint32_t tail;     /* the segment where the log begins */
    uint32_t newest;   /* has the newest label, with */
    uint32_t seq;      /* this number; it says that the log */
    uint32_t kept;     /* begins in this segment */
    uint32_t ahead;    /* blocks of the next segment that are erased */

    /* of what is in it. */
    uint32_t number; /* the last one */
    uint32_t serial; /* of the last commit */
    uint32_t age;    /* the most moves of a message, or more */
    uint32_t epoch;  /* goes up when messages move */
    uint32_t live;   /* pages of messages */
    uint32_t open;   /* pages promised to open ones */
    uint32_t mixed;  /* pages of messages that were written together, at
                         the most, or more */
    bool roomy;      /* new mail may use the segment that is written */
    bool mixed_old;  /* `mixed` may be too much */

    uint32_t cached; /* the page that `page` holds, or none */
    struct mx_spool_move move;
    struct mx_spool_msg msg[MX_SPOOL_OPEN];
    uint8_t page[MX_SPOOL_PAGE];
};

/* --- the spool ---------------------------------------------------------- */

/*
 * Mounts. A blank device (its first page all 0x00 or all 0xff) is formatted
 * first. Looks at every message once: some milliseconds each on an SD card.
 * 0; MX_EFORMAT: something else is on it, mx_spool_format() would take it;
 * MX_ENOTSUP: a newer version; MX_EINVAL: a geometry that does not fit
 * MX_SPOOL_PAGE; MX_ENOSPC: too small for a log, or the log that is there reaches
 * into the reserve; MX_EIO.
 */
int mx_spool_mount(struct mx_spool *spool, struct mx_block *dev,
                   const struct mx_spool_config *cfg);

/* Forgets everything on the device, but for the reserve, and begins a new log;
 * mount it afterwards. Errors as above. */
int mx_spool_format(struct mx_spool *spool, struct mx_block *dev,
                    const struct mx_spool_config *cfg);

/* Does a little of what can be done ahead: erases, moves. True: there is more.
 * For when nobody waits; all goes well without it, and slower. */
bool mx_spool_poll(struct mx_spool *spool);

/* The largest message that has room when the spool is empty, bytes. */
uint32_t mx_spool_largest(const struct mx_spool *spool);

/* What makes numbers unique among all spools: changes with each format. */
uint32_t mx_spool_id(const struct mx_spool *spool);

/* The serial of the last commit: what has a higher one came later. */
uint32_t mx_spool_serial(const struct mx_spool *spool);

const struct mx_spool_stats *mx_spool_stats(const struct mx_spool *spool);

/* --- reading ------------------------------------------------------------ */

/* A message in the spool, as of when it was found. */
struct mx_spool_mail {
    uint32_t number;
    uint32_t serial;   /* goes up with each commit: what came since then? */
    uint32_t size;     /* bytes of data, */
    uint32_t envelope; /* of which so many in front are the envelope */
    int64_t time_s;    /* when it came; 0: not known */
    uint16_t rcpts;
    uint8_t flags; /* enum mx_mail_flag */
    bool tls;
    bool seen;

    /* Private. */
    uint32_t epoch;      /* of where it is: */
    uint32_t head;       /* the page of its head, */
    uint32_t age;        /* moves that it has behind it, */
    uint32_t younger;    /* the next age to look for */
    uint32_t first;      /* page of its data, */
    uint32_t pages;      /* of them, */
    uint32_t end;        /* check sum behind the last */
    uint32_t at, at_crc; /* where reading is: page, check sum in front, */
    uint32_t at_number;  /* the how manieth */
};

/* The next message in order, behind mail->number; begin with a `mail` that is
 * all zero. Messages may come and go between the calls. 1; 0: no more. */
int mx_spool_next(struct mx_spool *spool, struct mx_spool_mail *mail);

/* The message with this number. 1; 0: there is none (any more). */
int mx_spool_find(struct mx_spool *spool, uint32_t number,
                  struct mx_spool_mail *mail);

/* Texts of its head. Terminated; `from` is cut off when it is longer, "" is the
 * null reverse-path; `tls` and `cipher` are "" for mail that came in clear. */
struct mx_spool_envelope {
    char peer[MX_SPOOL_PEER];
    char tls[MX_SPOOL_TLS];
    char cipher[MX_SPOOL_CIPHER];
    char from[MX_SPOOL_FROM];
};

/* 0; MX_ECLOSED: it is gone. */
int mx_spool_envelope(struct mx_spool *spool, struct mx_spool_mail *mail,
                      struct mx_spool_envelope *env);

/* Reads the data from `off` on, sequentially at its best. >= 0: how many bytes,
 * fewer than `len` where a page ends, 0 at the end; MX_EFORMAT: the data is
 * damaged here; MX_EIO; MX_ECLOSED: it is gone. Data is checked as it is read:
 * what was returned was right. */
int mx_spool_read(struct mx_spool *spool, struct mx_spool_mail *mail,
                  uint32_t off, void *buf, size_t len);

/* Does its data end with a line's end? One page is read for it, and believed
 * unseen. 1, 0, or an error as above. */
int mx_spool_ends_line(struct mx_spool *spool, struct mx_spool_mail *mail);

/* Reads all of it. 0, or an error as above. */
int mx_spool_check(struct mx_spool *spool, struct mx_spool_mail *mail);

/* --- marks -------------------------------------------------------------- */

/* Durable when they return 0; also when it was so already. MX_EIO;
 * MX_ECLOSED: it is gone. */
int mx_spool_see(struct mx_spool *spool, struct mx_spool_mail *mail);
int mx_spool_delete(struct mx_spool *spool, struct mx_spool_mail *mail);

/* While a reader that counts messages has it locked, nothing is dropped for new
 * mail; whoever else would delete asks mx_spool_locked() first. True: it was
 * not locked, and is now. */
bool mx_spool_lock(struct mx_spool *spool);
void mx_spool_unlock(struct mx_spool *spool);
bool mx_spool_locked(const struct mx_spool *spool);

#endif
