/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mail on an SD card or in flash, the least that works: a sink that gives each
 * message a slot of the largest message's size.
 *
 * This is a stopgap. It loses no committed message to a power cut, but a full
 * card stays full until it is formatted, nothing is ever deleted, and a note of
 * a line takes the room of the largest message. The spool takes its place.
 *
 *     struct mx_card card;
 *     rc = mx_card_mount(&card, &sd.block, MX_MESSAGE_MAX);
 *     config.sink = &card.sink;
 *
 * The card (little-endian; a record is MX_CARD_RECORD = 512 bytes, and its last
 * four are the CRC-32C of those before):
 *
 *     block 0       label
 *     block first   slot 0: header record, then data
 *     ... + step    slot 1 ...
 *
 *     label                              header
 *       0   8  "tmx-card"                  0   8  "tmx-mail"
 *       8   2  version, 1                  8   2  version, 1
 *      10   2  0                          10   2  enum mx_mail_flag; 256: TLS
 *      12   4  block_size of the device   12   4  number, from 1
 *      16   4  first: block of slot 0     16   4  bytes of data
 *      20   4  step: blocks of a slot     20   4  CRC-32C of the data
 *      24   4  slots                      24   8  time_s, 0: not known
 *      28 480  0                          32   2  recipients
 *     508   4  CRC-32C                    34   2  bytes of sender
 *                                         36  12  0
 *                                         48  48  peer, then 0
 *                                         96 412  sender, maybe cut off; then 0
 *                                        508   4  CRC-32C
 *
 * The data is the message as it came, with Return-Path: and one Delivered-To:
 * for each recipient in front; CR LF stays. It is written and synced, then the
 * header, and that is synced: this one record is the commit. A slot without a
 * header is free; one with a header is never written again. A header that is
 * damaged keeps its slot too, is counted and reported.
 *
 * Numbers count commits. Slots are taken from the lowest, so both go up
 * together but where messages overtook each other or were aborted.
 *
 * tests/tools/card.py reads an image of a card.
 */
#ifndef TINYMX_CARD_H
#define TINYMX_CARD_H

#include "tinymx/block.h"
#include "tinymx/config.h"
#include "tinymx/sink.h"

#define MX_CARD_RECORD 512

/* What a slot has room for beside the largest message: trace fields, with a
 * hundred recipients of the usual length. */
#define MX_CARD_TRACE 8192

/* A card is not cut into more slots than this: mounting reads each header. */
#define MX_CARD_SLOTS 4096

/* As much of peer and sender as struct mx_card_mail shows. */
#define MX_CARD_PEER 48
#define MX_CARD_FROM 80

/* A message being written. Private. */
struct mx_card_msg {
    bool taken;
    uint8_t flags;
    bool tls;
    uint16_t rcpts;
    uint16_t fill; /* bytes in record */
    int error;     /* the first one: the message cannot be committed */
    uint32_t slot;
    uint32_t at;     /* bytes of data written before those in record */
    uint32_t erased; /* blocks of the slot that are ready to be written */
    uint32_t crc;    /* of the data so far */
    int64_t time_s;
    char peer[MX_CARD_PEER];
    uint8_t record[MX_CARD_RECORD];
};

struct mx_card {
    struct mx_sink sink;  /* set by mx_card_mount() */
    uint32_t slots;       /* of the card; read only, as the next three */
    uint32_t used;        /* of these, with a message */
    uint32_t damaged;     /* of these, with something that is not one */
    uint32_t room;        /* bytes of data that a slot holds */
    struct mx_block *dev; /* private, as what follows */
    uint32_t first;       /* block of slot 0 */
    uint32_t step;        /* blocks of a slot */
    uint32_t number;      /* of the last message */
    uint32_t lowest;      /* no slot below is free */
    uint32_t top;         /* no slot from here on has a message */
    struct mx_card_msg msg[MX_CARD_OPEN];
};

/*
 * Mounts. A blank device (its first record all 0x00 or all 0xff) is formatted
 * for messages of up to max_message bytes first; a formatted one keeps the
 * slots it has. Reads every header, some milliseconds each.
 * 0; MX_EFORMAT: something else is on it, or it was made for another
 * block_size: mx_card_format() would take it; MX_ENOTSUP: a newer version;
 * MX_EINVAL: the geometry does not fit MX_CARD_RECORD; MX_ENOSPC: too small
 * for one message; MX_EIO.
 */
int mx_card_mount(struct mx_card *card, struct mx_block *dev,
                  uint32_t max_message);

/* Forgets everything on the device and makes it a card; mount it afterwards.
 * One that was cut off is finished by the next mount, or has to be asked for
 * again where that says MX_EFORMAT. Errors as above. */
int mx_card_format(struct mx_card *card, struct mx_block *dev,
                   uint32_t max_message);

/* A message on the card. */
struct mx_card_mail {
    uint32_t slot; /* private: the next slot to look at */
    uint32_t crc;  /* private */
    uint32_t number;
    uint32_t size;  /* bytes of data */
    int64_t time_s; /* 0: not known */
    uint16_t rcpts;
    uint8_t flags; /* enum mx_mail_flag */
    bool tls;
    char peer[MX_CARD_PEER];
    char from[MX_CARD_FROM]; /* "" is the null reverse-path */
};

/*
 * The next message, by slot; begin with a `mail` that is all zero.
 *
 *     struct mx_card_mail mail = {0};
 *     while ((rc = mx_card_next(&card, &mail)) != 0 && rc != MX_EAGAIN) {
 *         rc > 0 ? show(&mail) : complain(rc);
 *     }
 *
 * 1; 0: no more; MX_EFORMAT: a damaged header, and MX_EIO: an unreadable one,
 * go on behind it; MX_EAGAIN: as many messages are open as can be, nothing was
 * read, ask later (a header is read in a free message's buffer).
 */
int mx_card_next(struct mx_card *card, struct mx_card_mail *mail);

/* Reads the data from `off` on. >= 0: how many bytes, fewer than `len` where a
 * record or the message ends, 0 at its end; MX_EIO; MX_EAGAIN as above. */
int mx_card_read(struct mx_card *card, const struct mx_card_mail *mail,
                 uint32_t off, void *buf, size_t len);

/* Reads all of it, for its check sum. 0; MX_EFORMAT: it is damaged; MX_EIO;
 * MX_EAGAIN. */
int mx_card_check(struct mx_card *card, const struct mx_card_mail *mail);

#endif
