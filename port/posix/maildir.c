/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A Maildir as a sink. tmp/NAME is written through a buffer, and what makes it
 * mail is link(tmp/NAME, new/NAME): before that no reader looks at it, and a
 * crash leaves a file in tmp/ that is removed later. rename() would do as well
 * but for one thing: it overwrites, and link() never does.
 */
#define _DEFAULT_SOURCE
#include "tinymx/posix.h"

#include "tinymx/err.h"
#include "tinymx/trace.h"
#include "util/assert.h"
#include "util/log.h"
#include "why.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* A file in tmp/ that was not touched for so long is a dead program's
 * (https://cr.yp.to/proto/maildir.html). */
#define STALE_S (36 * 60 * 60)

/* The longest trace line: a path is at most a command line. */
#define TRACE_ROOM (MX_LINE_MAX + 64)

static struct mx_maildir *maildir_of(struct mx_sink *sink)
{
    return (struct mx_maildir *)sink; /* its first member */
}

/* What errno means to a sender; says it in the log. */
static int failed(const char *what)
{
    int err = errno;
    bool full = err == ENOSPC || err == EDQUOT || err == EFBIG;

    log_begin(MX_LOG_ERROR, "maildir", 0);
    log_str("failed", what);
    log_int("errno", err);
    log_text("text", strerror(err));
    log_end();
    return full ? MX_ENOSPC : MX_EIO;
}

/* --- a message being written -------------------------------------------- */

static struct mx_maildir_msg *msg_of(struct mx_sink *sink, int number)
{
    MX_ASSERT(number >= 0 && number < MX_SESSIONS);
    MX_ASSERT(maildir_of(sink)->msg[number].fd >= 0);
    return &maildir_of(sink)->msg[number];
}

/* Writes the buffer out. What could not be written stays in it, so that the
 * file and the buffer together are always the message so far. */
static int flush(struct mx_maildir_msg *m)
{
    size_t done = 0;
    int rc = 0;

    while (done < m->fill && rc == 0) {
        ssize_t n = write(m->fd, m->buf + done, m->fill - done);

        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            rc = failed("write");
        }
    }
    m->fill -= done;
    memmove(m->buf, m->buf + done, m->fill);
    return rc;
}

/* Appends `data`, CR LF as LF, as far as the buffer has room; two bytes are
 * kept free for a CR that was held back. How many bytes were taken. */
static size_t fill(struct mx_maildir_msg *m, const char *data, size_t len)
{
    size_t i;

    for (i = 0; i < len && m->fill + 2 <= sizeof m->buf; i++) {
        if (m->cr && data[i] != '\n') {
            m->buf[m->fill++] = '\r';
        }
        m->cr = data[i] == '\r';
        if (!m->cr) {
            m->buf[m->fill++] = data[i];
        }
    }
    return i;
}

/* A whole trace line, or nothing of it. */
static int put_trace(struct mx_maildir_msg *m, struct mx_trace *trace)
{
    struct mx_span s;
    size_t room;

    if (sizeof m->buf - m->fill < TRACE_ROOM) {
        int rc = flush(m);

        if (rc != 0) {
            return rc;
        }
    }
    room = m->fill;
    while ((s = mx_trace_next(trace)).len > 0) {
        if (s.len > TRACE_ROOM || m->fill - room + s.len > TRACE_ROOM ||
            fill(m, s.ptr, s.len) < s.len) {
            m->fill = room;
            m->cr = false;
            return MX_E2BIG;
        }
    }
    return 0;
}

static void forget(struct mx_maildir *maildir, struct mx_maildir_msg *m)
{
    if (m->fd >= 0) {
        close(m->fd);
        m->fd = -1;
    }
    unlinkat(maildir->tmp_fd, m->name, 0);
}

/* --- the sink ----------------------------------------------------------- */

/* time.MmicrosecondsPpidQcount.host, the convention's way to be unique. */
static void make_name(struct mx_maildir *maildir, char *name)
{
    struct timeval tv;

    gettimeofday(&tv, NULL);
    snprintf(name, MX_MAILDIR_NAME, "%lld.M%06ldP%ldQ%lu.%s",
             (long long)tv.tv_sec, (long)tv.tv_usec, (long)getpid(),
             (unsigned long)++maildir->count, maildir->host);
}

static int maildir_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    struct mx_maildir *maildir = maildir_of(sink);
    struct mx_trace trace;
    int i = 0;

    while (i < MX_SESSIONS && maildir->msg[i].fd >= 0) {
        i++;
    }
    if (i == MX_SESSIONS) {
        return MX_EAGAIN;
    }

    struct mx_maildir_msg *m = &maildir->msg[i];

    m->fill = 0;
    m->cr = false;
    make_name(maildir, m->name);
    m->fd = openat(maildir->tmp_fd, m->name,
                   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (m->fd < 0) {
        return failed("open");
    }
    mx_trace_return_path(&trace, env);
    int rc = put_trace(m, &trace);
    if (rc != 0) {
        forget(maildir, m);
    }
    return rc != 0 ? rc : i;
}

static int maildir_rcpt(struct mx_sink *sink, int msg,
                        const struct mx_path *path)
{
    struct mx_trace trace;

    mx_trace_delivered_to(&trace, path);
    return put_trace(msg_of(sink, msg), &trace);
}

static int maildir_write(struct mx_sink *sink, int msg, const void *data,
                         size_t len)
{
    struct mx_maildir_msg *m = msg_of(sink, msg);
    const char *bytes = data;
    size_t taken = 0;

    MX_ASSERT(len <= INT32_MAX);
    for (;;) {
        taken += fill(m, bytes + taken, len - taken);
        if (taken == len) {
            return (int)taken;
        }
        int rc = flush(m);
        if (rc != 0) {
            return rc;
        }
    }
}

/* Everything into the file, and the file onto the disk. */
static int settle(struct mx_maildir_msg *m)
{
    int fd = m->fd;
    int rc;

    if (m->cr) {
        m->buf[m->fill++] = '\r'; /* fill() kept this place free */
    }
    rc = flush(m);
    if (rc == 0 && fsync(fd) != 0) {
        rc = failed("fsync");
    }
    m->fd = -1;
    if (close(fd) != 0 && rc == 0) {
        rc = failed("close"); /* NFS tells of a full disk here */
    }
    return rc;
}

/* Some file systems have no links; renaming is the next best there. */
static int publish(struct mx_maildir *maildir, const char *name)
{
    if (linkat(maildir->tmp_fd, name, maildir->new_fd, name, 0) == 0) {
        return 0;
    }
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS) {
        return failed("link");
    }
    if (renameat(maildir->tmp_fd, name, maildir->new_fd, name) != 0) {
        return failed("rename");
    }
    return 0;
}

static int maildir_commit(struct mx_sink *sink, int msg)
{
    struct mx_maildir *maildir = maildir_of(sink);
    struct mx_maildir_msg *m = msg_of(sink, msg);
    int rc = settle(m);

    if (rc == 0) {
        rc = publish(maildir, m->name);
    }
    if (rc == 0 && fsync(maildir->new_fd) != 0) {
        rc = failed("fsync-new");
        unlinkat(maildir->new_fd, m->name, 0);
    }
    forget(maildir, m);
    return rc;
}

static void maildir_abort(struct mx_sink *sink, int msg)
{
    forget(maildir_of(sink), msg_of(sink, msg));
}

/* --- the folders -------------------------------------------------------- */

static int sync_folder(int at, const char *path)
{
    int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc;

    if (fd < 0) {
        return -1;
    }
    rc = fsync(fd);
    close(fd);
    return rc;
}

/* Opens folder `name` of `at`, which is made when it is missing. */
static int open_folder(int at, const char *name)
{
    if (mkdirat(at, name, 0700) != 0 && errno != EEXIST) {
        return -1;
    }
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_folders(struct mx_maildir *maildir, const char *dir)
{
    int top = open_folder(AT_FDCWD, dir);
    int cur;

    if (top < 0) {
        return -1;
    }
    maildir->tmp_fd = open_folder(top, "tmp");
    maildir->new_fd = open_folder(top, "new");
    cur = open_folder(top, "cur");
    /* The folders themselves have to be there after a power cut. */
    int rc = cur < 0 || fsync(top) != 0 || sync_folder(top, "..") != 0 ? -1 : 0;
    int err = errno;
    close(top);
    if (cur >= 0) {
        close(cur);
    }
    errno = err;
    return maildir->tmp_fd < 0 || maildir->new_fd < 0 ? -1 : rc;
}

static void remove_stale(int tmp_fd)
{
    int fd = openat(tmp_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    time_t now = time(NULL);
    struct dirent *entry;
    struct stat st;

    if (folder == NULL) {
        return;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (fstatat(tmp_fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(st.st_mode) && now - st.st_mtime > STALE_S) {
            unlinkat(tmp_fd, entry->d_name, 0);
        }
    }
    closedir(folder);
}

/* The host name as part of a file name: no slash, and no colon, which begins
 * the flags. */
static void set_host(struct mx_maildir *maildir)
{
    if (gethostname(maildir->host, sizeof maildir->host) != 0) {
        strcpy(maildir->host, "localhost");
    }
    maildir->host[sizeof maildir->host - 1] = '\0';
    for (char *at = maildir->host; *at != '\0'; at++) {
        if (*at == '/' || *at == ':') {
            *at = '_';
        }
    }
}

int mx_maildir_init(struct mx_maildir *maildir, const char *dir, char *why)
{
    maildir->sink = (struct mx_sink){.open = maildir_open,
                                     .rcpt = maildir_rcpt,
                                     .write = maildir_write,
                                     .commit = maildir_commit,
                                     .abort = maildir_abort};
    maildir->tmp_fd = -1;
    maildir->new_fd = -1;
    maildir->count = 0;
    for (size_t i = 0; i < MX_SESSIONS; i++) {
        maildir->msg[i].fd = -1;
    }
    if (open_folders(maildir, dir) != 0) {
        why_set(why, MX_EIO, "mail cannot be stored in %s: %s", dir,
                strerror(errno));
        mx_maildir_close(maildir);
        return MX_EIO;
    }
    set_host(maildir);
    remove_stale(maildir->tmp_fd);
    return 0;
}

void mx_maildir_close(struct mx_maildir *maildir)
{
    for (size_t i = 0; i < MX_SESSIONS; i++) {
        if (maildir->msg[i].fd >= 0) {
            forget(maildir, &maildir->msg[i]);
        }
    }
    if (maildir->tmp_fd >= 0) {
        close(maildir->tmp_fd);
    }
    if (maildir->new_fd >= 0) {
        close(maildir->new_fd);
    }
    maildir->tmp_fd = -1;
    maildir->new_fd = -1;
}
