/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of tinymx-spool to each other. */
#ifndef TINYMX_TOOLS_TOOL_H
#define TINYMX_TOOLS_TOOL_H

#include "tinymx/spool.h"

/* Exit status: nothing is wrong; something is, or could not be done; it was
 * called in a way that makes no sense. */
enum tool_status { TOOL_FINE = 0, TOOL_WRONG = 1, TOOL_USAGE = 2 };

/* What a command was told, and what it is about. */
struct tool {
    const char *path; /* of the image */
    struct mx_spool *spool;
    uint32_t number;    /* of `cat` */
    const char *folder; /* of `export` */
    bool eml;           /* not a Maildir */
};

enum tool_status list_run(struct tool *t);
enum tool_status cat_run(struct tool *t);
enum tool_status stat_run(struct tool *t);
enum tool_status export_run(struct tool *t);
enum tool_status fsck_run(struct tool *t);

/* mx_spool_next(), to its end. */
int tool_next(struct tool *t, struct mx_spool_mail *mail);

/* A line on standard error: "tinymx-spool: IMAGE: ...". */
/* clang-format off */
__attribute__((format(printf, 2, 3)))
void tool_say(const struct tool *t, const char *format, ...);
/* clang-format on */

#endif
