/* SPDX-License-Identifier: BSD-3-Clause */
/* The Maildir sink: what is in the file, when it is visible, and what is left
 * when the system says no. */
#define _GNU_SOURCE
#include "maildir_stage.h"

#include "tinymx/err.h"
#include "test_port.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* --- what is delivered -------------------------------------------------- */

static void delivers_whole(void **state)
{
    int msg = open_message();

    (void)state;
    assert_true(msg >= 0);
    assert_int_equal(add_rcpt(msg, "joe@example.test"), 0);
    assert_int_equal(add_rcpt(msg, "alice@example.test"), 0);
    must_put(msg, "Received: x\r\n\r\nhello\r\n", 22);
    assert_int_equal(count("new", NULL), 0);
    assert_int_equal(count("tmp", NULL), 1);
    assert_int_equal(commit(msg), 0);
    assert_int_equal(count("tmp", NULL), 0);
    take_message();
    assert_string_equal(content, FRONT "Delivered-To: joe@example.test\n"
                                       "Delivered-To: alice@example.test\n"
                                       "Received: x\n\nhello\n");
}

/* The file is on the disk before it is visible, and the folder before the
 * sender is told. */
static void durable_then_visible(void **state)
{
    int msg = open_message();

    (void)state;
    must_put(msg, "x\r\n", 3);
    assert_int_equal(commit(msg), 0);
    assert_string_equal(order, "wsls");
}

static void name_follows_convention(void **state)
{
    char name[256], rest[256];
    long long seconds;
    unsigned long micro, pid, number;
    int msg = open_message();

    (void)state;
    assert_int_equal(commit(msg), 0);
    assert_int_equal(count("new", name), 1);
    assert_int_equal(sscanf(name, "%lld.M%6luP%luQ%lu.%255s", &seconds, &micro,
                            &pid, &number, rest),
                     5);
    assert_int_equal(pid, (unsigned long)getpid());
    assert_null(strpbrk(name, "/:"));
}

static void crlf_becomes_lf_however_it_is_cut(void **state)
{
    static const char in[] = "a\r\nb\rc\nd\r\r\ne\r\n\r\n\r\r";
    static const char out[] = FRONT "a\nb\rc\nd\r\ne\n\n\r\r";
    const size_t len = sizeof in - 1;

    (void)state;
    for (size_t i = 0; i <= len; i++) {
        for (size_t k = i; k <= len; k++) {
            int msg = open_message();

            must_put(msg, in, i);
            must_put(msg, in + i, k - i);
            must_put(msg, in + k, len - k);
            assert_int_equal(commit(msg), 0);
            assert_int_equal(take_message(), sizeof out - 1);
            assert_string_equal(content, out);
        }
    }
}

/* A pair that falls on the end of the buffer, at every offset near it. */
static void crlf_at_the_buffers_end(void **state)
{
    static char in[MX_MAILDIR_BUF + 64];

    (void)state;
    for (size_t at = MX_MAILDIR_BUF - 64; at < MX_MAILDIR_BUF; at++) {
        int msg = open_message();

        memset(in, 'x', sizeof in);
        memcpy(in + at, "\r\n\r\r\n", 5);
        must_put(msg, in, sizeof in);
        assert_int_equal(commit(msg), 0);
        assert_int_equal(take_message(), sizeof FRONT - 1 + sizeof in - 2);
        assert_memory_equal(content + sizeof FRONT - 1, in, at);
        assert_memory_equal(content + sizeof FRONT - 1 + at, "\n\r\nx", 4);
    }
}

static void large_one_needs_few_calls(void **state)
{
    static char block[1460];
    const unsigned blocks = 5 * 1024 * 1024 / sizeof block;
    int msg = open_message();

    (void)state;
    memset(block, 'x', sizeof block);
    for (unsigned i = 0; i < blocks; i++) {
        must_put(msg, block, sizeof block);
    }
    assert_int_equal(commit(msg), 0);
    assert_int_equal(take_message(), sizeof FRONT - 1 + blocks * sizeof block);
    assert_true(write_fault.calls <=
                blocks * sizeof block / (MX_MAILDIR_BUF - 1) + 2);
}

static void aborted_one_was_never_there(void **state)
{
    static char block[3 * MX_MAILDIR_BUF];
    int msg = open_message();

    (void)state;
    must_put(msg, block, sizeof block);
    abort_message(msg);
    assert_empty();
    abort_message(open_message());
    assert_empty();
}

static void as_many_open_as_sessions(void **state)
{
    int msg[MX_SESSIONS];
    char text[32], expected[128];
    unsigned seen = 0;

    (void)state;
    for (int i = 0; i < MX_SESSIONS; i++) {
        msg[i] = open_message();
        assert_true(msg[i] >= 0);
    }
    assert_int_equal(open_message(), MX_EAGAIN);
    for (int half = 0; half < 2; half++) {
        for (int i = 0; i < MX_SESSIONS; i++) {
            snprintf(text, sizeof text, "%d\r\n", i);
            must_put(msg[i], text, strlen(text));
        }
    }
    for (int i = 0; i < MX_SESSIONS; i++) {
        assert_int_equal(commit(msg[i]), 0);
        take_message();
        snprintf(expected, sizeof expected, FRONT "%d\n%d\n", i, i);
        assert_string_equal(content, expected);
        seen++;
    }
    assert_int_equal(seen, MX_SESSIONS);
    assert_empty();
}

/* --- what goes wrong ---------------------------------------------------- */

/* Each way a commit can fail, what the sender is told of it. */
static void failed_commit_leaves_nothing(void **state)
{
    static const struct {
        struct fault *fault;
        unsigned at;
        int error;
        int expected;
    } cases[] = {
        {&write_fault, 1, ENOSPC, MX_ENOSPC},
        {&write_fault, 1, EDQUOT, MX_ENOSPC},
        {&write_fault, 1, EIO, MX_EIO},
        {&fsync_fault, 1, EIO, MX_EIO}, /* the file */
        {&fsync_fault, 1, ENOSPC, MX_ENOSPC},
        {&fsync_fault, 2, EIO, MX_EIO}, /* new/ */
        {&linkat_fault, 1, EIO, MX_EIO},
        {&linkat_fault, 1, ENOSPC, MX_ENOSPC},
        {&linkat_fault, 1, EEXIST, MX_EIO}, /* never over another message */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned logged = test_log_count;
        int msg = open_message();

        must_put(msg, "x\r\n", 3);
        no_faults();
        cases[i].fault->at = cases[i].at;
        cases[i].fault->error = cases[i].error;
        assert_int_equal(commit(msg), cases[i].expected);
        assert_int_equal(test_log_count, logged + 1);
        assert_non_null(strstr(test_log_line, strerror(cases[i].error)));
        no_faults();
        assert_empty();
    }
}

static void file_system_without_links(void **state)
{
    int msg = open_message();

    (void)state;
    linkat_fault = (struct fault){.at = 1, .error = EPERM};
    must_put(msg, "x\r\n", 3);
    assert_int_equal(commit(msg), 0);
    assert_int_equal(count("tmp", NULL), 0);
    take_message();
    assert_string_equal(content, FRONT "x\n");
}

static void short_and_interrupted_writes(void **state)
{
    static char block[2 * MX_MAILDIR_BUF];
    int msg = open_message();

    (void)state;
    for (size_t i = 0; i < sizeof block; i++) {
        block[i] = (char)('a' + i % 26);
    }
    write_most = 1000;
    write_fault = (struct fault){.at = 3, .error = EINTR};
    must_put(msg, block, sizeof block);
    assert_int_equal(commit(msg), 0);
    assert_int_equal(take_message(), sizeof FRONT - 1 + sizeof block);
    assert_memory_equal(content + sizeof FRONT - 1, block, sizeof block);
}

/* A real limit of the system, not a fault of ours. */
static void full_disk(void **state)
{
    static char block[MX_MAILDIR_BUF];
    struct rlimit before, small;
    int msg = open_message();
    int rc = 0;

    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){.rlim_cur = 20000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 10 && rc >= 0; i++) {
        rc = put(msg, block, sizeof block);
    }
    assert_int_equal(rc, MX_ENOSPC);
    abort_message(msg);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_empty();
}

/* rcpt() that fails, in the middle of writing what came before, leaves the
 * message without that recipient alone. */
static void refused_recipient_is_not_in_it(void **state)
{
    static char name[200 + sizeof "@example.test"];
    static char expected[2 * MX_MAILDIR_BUF];
    size_t len = sizeof FRONT - 1;
    int msg = open_message();
    int rc = 0;

    (void)state;
    memset(name, 'n', 200);
    strcpy(name + 200, "@example.test");
    strcpy(expected, FRONT);
    write_most = 1000;
    write_fault = (struct fault){.at = 2, .error = ENOSPC};
    while ((rc = add_rcpt(msg, name)) == 0 && len < MX_MAILDIR_BUF) {
        len += (size_t)sprintf(expected + len, "Delivered-To: %s\n", name);
    }
    assert_int_equal(rc, MX_ENOSPC);
    assert_int_equal(add_rcpt(msg, "joe@example.test"), 0);
    strcpy(expected + len, "Delivered-To: joe@example.test\n");
    assert_int_equal(commit(msg), 0);
    take_message();
    assert_string_equal(content, expected);
}

static void overlong_recipient_is_not_in_it(void **state)
{
    static char name[2 * MX_LINE_MAX];
    int msg = open_message();

    (void)state;
    memset(name, 'n', sizeof name - 1);
    name[10] = '@';
    assert_int_equal(add_rcpt(msg, name), MX_E2BIG);
    assert_int_equal(add_rcpt(msg, "joe@example.test"), 0);
    assert_int_equal(commit(msg), 0);
    take_message();
    assert_string_equal(content, FRONT "Delivered-To: joe@example.test\n");
}

static void folder_is_gone(void **state)
{
    char path[256];

    (void)state;
    snprintf(path, sizeof path, "%s/tmp", dir);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(open_message(), MX_EIO);
    assert_int_equal(mkdir(path, 0700), 0);
    mx_maildir_close(&maildir);
    assert_int_equal(mx_maildir_init(&maildir, dir, NULL), 0);
    abort_message(open_message());
}

static void no_folder_can_be_made(void **state)
{
    static struct mx_maildir other;
    char why[MX_POSIX_WHY_MAX] = "";

    (void)state;
    assert_int_equal(mx_maildir_init(&other, "/dev/null/mail", why), MX_EIO);
    assert_non_null(strstr(why, "/dev/null/mail"));
    assert_non_null(strstr(why, strerror(ENOTDIR)));
}

/* --- the start ---------------------------------------------------------- */

static void touch(const char *name, time_t age_s)
{
    char path[256];
    struct timespec times[2] = {{.tv_sec = time(NULL) - age_s},
                                {.tv_sec = time(NULL) - age_s}};

    snprintf(path, sizeof path, "%s/tmp/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

static void stale_files_are_removed(void **state)
{
    char name[256];

    (void)state;
    touch("old", 37 * 3600);
    touch("young", 35 * 3600);
    mx_maildir_close(&maildir);
    assert_int_equal(mx_maildir_init(&maildir, dir, NULL), 0);
    assert_int_equal(count("tmp", name), 1);
    assert_string_equal(name, "young");
}

static void closing_aborts(void **state)
{
    (void)state;
    must_put(open_message(), "x", 1);
    mx_maildir_close(&maildir);
    assert_empty();
}

static void folders_are_private(void **state)
{
    static const char *const names[] = {"", "/tmp", "/new", "/cur"};
    char path[256];
    struct stat st;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", dir, names[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0700);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(delivers_whole),
        TEST(durable_then_visible),
        TEST(name_follows_convention),
        TEST(crlf_becomes_lf_however_it_is_cut),
        TEST(crlf_at_the_buffers_end),
        TEST(large_one_needs_few_calls),
        TEST(aborted_one_was_never_there),
        TEST(as_many_open_as_sessions),
        TEST(failed_commit_leaves_nothing),
        TEST(file_system_without_links),
        TEST(short_and_interrupted_writes),
        TEST(full_disk),
        TEST(refused_recipient_is_not_in_it),
        TEST(overlong_recipient_is_not_in_it),
        TEST(folder_is_gone),
        TEST(no_folder_can_be_made),
        TEST(stale_files_are_removed),
        TEST(closing_aborts),
        TEST(folders_are_private),
    };

    return cmocka_run_group_tests(tests, make_base, remove_base);
}
