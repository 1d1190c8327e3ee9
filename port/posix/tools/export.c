/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tinymx-spool export: each message becomes a file, whole or not at all: it is
 * written under a name that nobody looks at, and linked, which never overwrites.
 *
 *     Maildir   DIR/tmp/NAME       ─► DIR/new/NAME, or DIR/cur/NAME:2,S
 *     .eml      DIR/.NNNN.eml.part ─► DIR/NNNN.eml
 *
 * A message's name in a Maildir is made of when it came, its spool and its
 * number: the same each time, so that a second export brings what is new.
 */
#define _DEFAULT_SOURCE
#include "tool.h"

#include "tinymx/err.h"
#include "tinymx/posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_SIZE 96

struct export
{
    struct tool *tool;
    int part, fresh, seen; /* folders: being written, new, seen */
    uint32_t done, there, failed;
};

/* --- bytes -------------------------------------------------------------- */

/* CR LF as LF, every other byte as it is; *cr: one is held back. */
static void put_unix(FILE *file, const char *data, size_t len, bool *cr)
{
    for (size_t i = 0; i < len; i++) {
        if (*cr && data[i] != '\n') {
            putc('\r', file);
        }
        *cr = data[i] == '\r';
        if (!*cr) {
            putc(data[i], file);
        }
    }
}

/* All of a message into a file. 0, or an error of the spool. */
static int copy(struct tool *t, struct mx_spool_mail *mail, FILE *file)
{
    char buf[MX_SPOOL_PAGE];
    uint32_t off = 0;
    bool cr = false;
    int n;

    while ((n = mx_spool_read(t->spool, mail, off, buf, sizeof buf)) > 0) {
        if (t->eml) {
            fwrite(buf, 1, (size_t)n, file);
        } else {
            put_unix(file, buf, (size_t)n, &cr);
        }
        off += (uint32_t)n;
    }
    if (cr) {
        putc('\r', file);
    }
    return n;
}

/* The file is on the disk, and as old as its message. 0 or -1. */
static int settle(FILE *file, const struct mx_spool_mail *mail)
{
    const struct timespec times[2] = {{.tv_sec = (time_t)mail->time_s},
                                      {.tv_sec = (time_t)mail->time_s}};
    bool failed = fflush(file) != 0 || ferror(file) != 0;

    if (!failed && mail->time_s != 0) {
        failed = futimens(fileno(file), times) != 0;
    }
    return failed || fsync(fileno(file)) != 0 ? -1 : 0;
}

/* --- files -------------------------------------------------------------- */

/* 0, -1 with errno set, or an error of the spool, which was said. */
static int write_part(struct export *e, struct mx_spool_mail *mail,
                      const char *part)
{
    int fd;
    FILE *file;
    int rc;

    unlinkat(e->part, part, 0); /* of an export that was cut off */
    fd = openat(e->part, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL) {
        return -1;
    }
    rc = copy(e->tool, mail, file);
    if (rc < 0) {
        tool_say(e->tool, "message %lu is damaged and was not exported: %s",
                 (unsigned long)mail->number, mx_strerror(rc));
    } else {
        rc = settle(file, mail);
    }
    return fclose(file) != 0 && rc == 0 ? -1 : rc;
}

/* What `name` is called while it is written, and then. */
static void make_names(const struct export *e, const struct mx_spool_mail *mail,
                       char *part, char *name)
{
    unsigned long number = mail->number;

    if (e->tool->eml) {
        snprintf(part, NAME_SIZE, ".%04lu.eml.part", number);
        snprintf(name, NAME_SIZE, "%04lu.eml", number);
        return;
    }
    snprintf(part, NAME_SIZE, "%lld.S%08lxN%lu.tinymx", (long long)mail->time_s,
             (unsigned long)mx_spool_id(e->tool->spool), number);
    snprintf(name, NAME_SIZE, "%.80s%s", part, mail->seen ? ":2,S" : "");
}

/* In a Maildir that is the same message; as NNNN.eml it may be any. */
static void say_there(const struct export *e, const char *name)
{
    if (e->tool->eml) {
        tool_say(e->tool, "%s is there already and was left as it is", name);
    }
}

static void export_mail(struct export *e, struct mx_spool_mail *mail)
{
    int to = mail->seen ? e->seen : e->fresh;
    char part[NAME_SIZE], name[NAME_SIZE];
    int rc;

    make_names(e, mail, part, name);
    rc = write_part(e, mail, part);
    if (rc == 0) {
        rc = linkat(e->part, part, to, name, 0);
    }
    if (rc == 0) {
        e->done++;
    } else if (rc == -1 && errno == EEXIST) {
        e->there++;
        say_there(e, name);
    } else {
        e->failed++;
        if (rc == -1) {
            tool_say(e->tool, "%s/%s: %s", e->tool->folder, name,
                     strerror(errno));
        }
    }
    unlinkat(e->part, part, 0);
}

/* --- folders ------------------------------------------------------------ */

static int open_folder(int at, const char *name)
{
    if (mkdirat(at, name, 0700) != 0 && errno != EEXIST) {
        return -1;
    }
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_folders(struct export *e)
{
    int top = open_folder(AT_FDCWD, e->tool->folder);

    if (top < 0 || e->tool->eml) {
        e->part = e->fresh = e->seen = top;
        return top;
    }
    e->part = open_folder(top, "tmp");
    e->fresh = open_folder(top, "new");
    e->seen = open_folder(top, "cur");
    return e->part < 0 || e->fresh < 0 || e->seen < 0 ? -1 : 0;
}

enum tool_status export_run(struct tool *t)
{
    struct export e = {.tool = t};
    struct mx_spool_mail mail = {0};
    int rc;

    if (open_folders(&e) < 0) {
        tool_say(t, "%s: %s", t->folder, strerror(errno));
        return TOOL_WRONG;
    }
    while ((rc = tool_next(t, &mail)) > 0) {
        export_mail(&e, &mail);
    }
    if (fsync(e.fresh) != 0 || fsync(e.seen) != 0) {
        tool_say(t, "%s: %s", t->folder, strerror(errno));
        rc = -1;
    }
    printf("%lu exported, %lu there already, %lu failed\n",
           (unsigned long)e.done, (unsigned long)e.there,
           (unsigned long)e.failed);
    return rc < 0 || e.failed > 0 || (t->eml && e.there > 0) ? TOOL_WRONG
                                                             : TOOL_FINE;
}
