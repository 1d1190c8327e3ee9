/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tinymx-spool fsck: every byte of every message, every head, every label.
 *
 * A head that is damaged and a commit that was cut off by the power look the
 * same: the sender of the one was told 250, of the other was not. It says so,
 * and leaves the verdict to whoever knows what happened.
 */
#define _DEFAULT_SOURCE
#include "tool.h"

#include "store/spool.h"
#include "tinymx/err.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PROGRESS_MS 200

struct check {
    struct tool *tool;
    uint32_t done;    /* messages */
    uint32_t wrong;   /* of these */
    uint32_t heads;   /* that are none */
    uint32_t labels;  /* that are none */
    uint64_t said_ms; /* when progress was said */
    bool terminal;    /* somebody watches */
};

static unsigned long byte_of(uint32_t page)
{
    return (unsigned long)page * MX_SPOOL_PAGE;
}

/* --- progress ----------------------------------------------------------- */

static void wipe(const struct check *c)
{
    if (c->terminal && c->said_ms != 0) {
        fputs("\r\033[K", stderr);
    }
}

static void progress(struct check *c)
{
    struct timespec now;
    uint64_t ms;

    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    if (c->terminal && ms - c->said_ms >= PROGRESS_MS) {
        fprintf(stderr, "\r%lu of %lu messages", (unsigned long)c->done,
                (unsigned long)c->tool->spool->stats.messages);
        c->said_ms = ms;
    }
}

/* --- what is looked at -------------------------------------------------- */

/* The segment has what is left of a label of this spool. */
static bool was_label(const struct mx_spool *spool,
                      const struct spool_label *label)
{
    return memcmp(spool->page, "tmxspool", 8) == 0 && label->id == spool->id;
}

static void say_label(struct check *c, uint32_t segment, const char *what)
{
    c->labels++;
    printf("segment %lu, byte %lu: %s\n", (unsigned long)segment,
           byte_of(segment * c->tool->spool->segment_pages), what);
}

/* Every segment of the log has a label; others may have one, and then it is
 * whole. A damaged one loses nothing: others say what it said. */
static void check_labels(struct check *c)
{
    struct mx_spool *spool = c->tool->spool;
    uint32_t n = spool->segments;
    uint32_t of_log = (spool->head + n - spool->kept) % n;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t segment = (spool->kept + i) % n;
        struct spool_label label;
        int rc = spool_label_of(spool, segment, &label);

        if (rc == MX_EIO) {
            say_label(c, segment, "cannot be read");
        } else if (rc != 0 && i <= of_log) {
            say_label(c, segment, "its label is damaged");
        } else if (rc != 0 && was_label(spool, &label)) {
            say_label(c, segment, "its label is damaged, or was cut off");
        }
    }
}

static void check_heads(struct check *c)
{
    struct mx_spool *spool = c->tool->spool;
    struct spool_walk walk;
    int rc;

    spool_walk_begin(spool, &walk);
    while ((rc = spool_walk_next(spool, &walk)) != 0) {
        if (rc < 0) {
            c->heads++;
            printf("segment %lu, byte %lu: a damaged head: a message is lost, "
                   "or its commit was cut off\n",
                   (unsigned long)walk.segment, byte_of(walk.page));
        }
    }
}

static int check_messages(struct check *c)
{
    struct tool *t = c->tool;
    struct mx_spool_mail mail = {0};
    int rc;

    while ((rc = tool_next(t, &mail)) > 0) {
        int wrong = mx_spool_check(t->spool, &mail);

        c->done++;
        if (wrong != 0) {
            c->wrong++;
            wipe(c);
            printf("message %lu, its head at byte %lu: %s\n",
                   (unsigned long)mail.number, byte_of(mail.head),
                   wrong == MX_EFORMAT ? "its data is damaged"
                                       : mx_strerror(wrong));
        }
        progress(c);
    }
    wipe(c);
    return rc;
}

enum tool_status fsck_run(struct tool *t)
{
    struct check c = {.tool = t, .terminal = isatty(STDERR_FILENO) != 0};
    int rc;

    check_labels(&c);
    check_heads(&c);
    rc = check_messages(&c);
    printf("%lu messages, %lu damaged; %lu damaged heads, %lu damaged labels\n",
           (unsigned long)c.done, (unsigned long)c.wrong,
           (unsigned long)c.heads, (unsigned long)c.labels);
    return rc == 0 && c.wrong + c.heads + c.labels == 0 ? TOOL_FINE
                                                        : TOOL_WRONG;
}
