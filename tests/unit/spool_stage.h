/* SPDX-License-Identifier: BSD-3-Clause */
/* A spool on a device in RAM, and a sender's and a reader's calls in short. */
#ifndef TINYMX_TEST_SPOOL_STAGE_H
#define TINYMX_TEST_SPOOL_STAGE_H

#include "block_ram.h"

#include "tinymx/spool.h"

#define STAGE_FROM "a@b.test"
#define STAGE_TO "joe@example.test"
/* What the spool puts in front of a message of these two. */
#define STAGE_ENVELOPE                                                         \
    "Return-Path: <" STAGE_FROM ">\r\nDelivered-To: " STAGE_TO "\r\n"
#define STAGE_TIME 1795444080

struct stage {
    struct block_ram ram;
    struct mx_spool spool;
    struct mx_spool_config cfg;
    char content[BLOCK_RAM_MAX]; /* of stage_read() */
};

/* Blank, and mounted. */
void stage_fresh(struct stage *s, const struct mx_block *geometry);
/* The power goes and comes back. */
void stage_remount(struct stage *s);

struct mx_path stage_path(const char *text);
struct mx_envelope stage_envelope(const char *from);

/* Calls of the sink, as often as it says MX_EAGAIN. */
int stage_open(struct stage *s, uint32_t size);
int stage_rcpt(struct stage *s, int msg, const char *to);
int stage_put(struct stage *s, int msg, const void *data, size_t len);
int stage_commit(struct stage *s, int msg);
void stage_abort(struct stage *s, int msg);

/* A message of these bytes, from and to the two above. Its number, or an
 * error. */
int stage_deliver(struct stage *s, const void *data, size_t len);
/* The same of `len` bytes that only this number has. */
int stage_deliver_some(struct stage *s, size_t len);

/* Reads all of a message into `content`, in pieces of `step`. */
size_t stage_read(struct stage *s, struct mx_spool_mail *mail, size_t step);

/* Is this message there, with what stage_deliver_some() wrote? */
void stage_expect_some(struct stage *s, uint32_t number, size_t len);
/* Are these there in order, and nothing else? The list ends with 0. */
void stage_expect_numbers(struct stage *s, const uint32_t *numbers);

void stage_delete(struct stage *s, uint32_t number);

#define FOR_GEOMETRIES(g)                                                      \
    for (const struct mx_block *g = block_ram_geometry; g->block_size != 0; g++)

#endif
