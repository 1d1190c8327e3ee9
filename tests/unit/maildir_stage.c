/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "maildir_stage.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char base[] = "/tmp/maildir_test.XXXXXX";

char dir[128];
struct mx_maildir maildir;
char content[6 * 1024 * 1024];

/* --- faults ------------------------------------------------------------- */

struct fault write_fault, fsync_fault, linkat_fault;
size_t write_most;
char order[64];

static bool strikes(struct fault *f, char letter)
{
    size_t len = strlen(order);

    if (len + 1 < sizeof order) {
        order[len] = letter;
        order[len + 1] = '\0';
    }
    errno = f->error;
    return ++f->calls == f->at;
}

ssize_t __real_write(int fd, const void *buf, size_t len);
ssize_t __wrap_write(int fd, const void *buf, size_t len);
ssize_t __wrap_write(int fd, const void *buf, size_t len)
{
    if (strikes(&write_fault, 'w')) {
        return -1;
    }
    if (write_most != 0 && len > write_most) {
        len = write_most;
    }
    return __real_write(fd, buf, len);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    return strikes(&fsync_fault, 's') ? -1 : __real_fsync(fd);
}

int __real_linkat(int from, const char *old, int to, const char *new, int f);
int __wrap_linkat(int from, const char *old, int to, const char *new, int f);
int __wrap_linkat(int from, const char *old, int to, const char *new, int f)
{
    return strikes(&linkat_fault, 'l') ? -1
                                       : __real_linkat(from, old, to, new, f);
}

void no_faults(void)
{
    write_fault = fsync_fault = linkat_fault = (struct fault){0, 0, 0};
    write_most = 0;
    order[0] = '\0';
}

/* --- helpers ------------------------------------------------------------ */

static struct mx_path path_of(const char *text)
{
    const char *at = strchr(text, '@');

    return (struct mx_path){
        .text = {text, strlen(text)},
        .local = {text, (size_t)(at - text)},
        .domain = {at + 1, strlen(at + 1)},
    };
}

int open_message(void)
{
    struct mx_envelope env = {.mx_name = "mx.example.test",
                              .reverse_path = path_of("a@b.test")};

    return maildir.sink.open(&maildir.sink, &env);
}

int add_rcpt(int msg, const char *text)
{
    struct mx_path path = path_of(text);

    return maildir.sink.rcpt(&maildir.sink, msg, &path);
}

int put(int msg, const void *bytes, size_t len)
{
    return maildir.sink.write(&maildir.sink, msg, bytes, len);
}

void must_put(int msg, const void *bytes, size_t len)
{
    assert_int_equal(put(msg, bytes, len), (int)len);
}

int commit(int msg)
{
    return maildir.sink.commit(&maildir.sink, msg);
}

void abort_message(int msg)
{
    maildir.sink.abort(&maildir.sink, msg);
}

unsigned count(const char *folder, char *name)
{
    char path[256];
    struct dirent *entry;
    unsigned n = 0;

    snprintf(path, sizeof path, "%s/%s", dir, folder);
    DIR *d = opendir(path);
    assert_non_null(d);
    while ((entry = readdir(d)) != NULL) {
        if (entry->d_name[0] != '.') {
            n++;
            if (name != NULL) {
                strcpy(name, entry->d_name);
            }
        }
    }
    closedir(d);
    return n;
}

void assert_empty(void)
{
    assert_int_equal(count("tmp", NULL), 0);
    assert_int_equal(count("new", NULL), 0);
}

size_t take_message(void)
{
    char name[256], path[512];

    assert_int_equal(count("new", name), 1);
    snprintf(path, sizeof path, "%s/new/%s", dir, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t len = fread(content, 1, sizeof content - 1, f);
    fclose(f);
    content[len] = '\0';
    assert_int_equal(unlink(path), 0);
    return len;
}

int setup(void **state)
{
    static unsigned number;

    (void)state;
    no_faults();
    snprintf(dir, sizeof dir, "%s/%u", base, number++);
    assert_int_equal(mx_maildir_init(&maildir, dir, NULL), 0);
    no_faults();
    return 0;
}

int teardown(void **state)
{
    (void)state;
    no_faults();
    mx_maildir_close(&maildir);
    return 0;
}

int make_base(void **state)
{
    (void)state;
    return mkdtemp(base) == NULL;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int remove_base(void **state)
{
    (void)state;
    return nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
