/* SPDX-License-Identifier: BSD-3-Clause */
/* What a tee shows, and when: a sink behind that does as it is told, and hooks
 * that write down what they see. */
#include "tinymx/tee.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define POOL 2

/* --- the sink behind ---------------------------------------------------- */

/* Its messages are 70, 71 ..., to be told from the tee's. */
#define FIRST_BEHIND 70

static struct behind {
    struct mx_sink sink;
    int open_answer, rcpt_answer, write_answer, commit_answer;
    bool hiccups; /* every other call says MX_EAGAIN */
    bool hiccup;  /* this one did */
    size_t most;  /* a write takes no more */
    int opened;
    size_t fill;
    char text[4096];  /* all that was taken */
    char calls[1024]; /* that ended something */
} behind;

static bool not_now(void)
{
    behind.hiccup = behind.hiccups && !behind.hiccup;
    return behind.hiccup;
}

static int behind_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    assert_ptr_equal(sink, &behind.sink);
    assert_non_null(env);
    if (not_now()) {
        return MX_EAGAIN;
    }
    return behind.open_answer < 0 ? behind.open_answer
                                  : FIRST_BEHIND + behind.opened++;
}

static int behind_rcpt(struct mx_sink *sink, int msg,
                       const struct mx_path *path)
{
    assert_ptr_equal(sink, &behind.sink);
    assert_true(msg >= FIRST_BEHIND && path->text.len > 0);
    return not_now() ? MX_EAGAIN : behind.rcpt_answer;
}

static int behind_write(struct mx_sink *sink, int msg, const void *data,
                        size_t len)
{
    assert_ptr_equal(sink, &behind.sink);
    assert_true(msg >= FIRST_BEHIND);
    if (not_now()) {
        return MX_EAGAIN;
    }
    if (behind.write_answer < 0) {
        return behind.write_answer;
    }
    len = len < behind.most ? len : behind.most;
    assert_true(len <= sizeof behind.text - behind.fill);
    memcpy(behind.text + behind.fill, data, len);
    behind.fill += len;
    return (int)len;
}

static void called(const char *what, int msg)
{
    size_t at = strlen(behind.calls);

    snprintf(behind.calls + at, sizeof behind.calls - at, "%s %d\n", what, msg);
}

static int behind_commit(struct mx_sink *sink, int msg)
{
    assert_ptr_equal(sink, &behind.sink);
    if (not_now()) {
        return MX_EAGAIN;
    }
    called("commit", msg);
    return behind.commit_answer;
}

static void behind_abort(struct mx_sink *sink, int msg)
{
    assert_ptr_equal(sink, &behind.sink);
    called("abort", msg);
}

/* --- the program -------------------------------------------------------- */

static char seen[8192]; /* a line for each hook's call */
static char bodies[4096];
static enum mx_answer answer;

static void see(const char *format, ...)
{
    size_t at = strlen(seen);
    va_list args;

    va_start(args, format);
    vsnprintf(seen + at, sizeof seen - at, format, args);
    va_end(args);
}

static void on_opened(void *ctx, int msg, const struct mx_envelope *env)
{
    assert_ptr_equal(ctx, seen);
    see("%d opened by %.*s\n", msg, (int)env->reverse_path.text.len,
        env->reverse_path.text.ptr);
}

static void on_rcpt(void *ctx, int msg, const struct mx_path *path)
{
    assert_ptr_equal(ctx, seen);
    see("%d for %.*s\n", msg, (int)path->text.len, path->text.ptr);
}

static void on_field(void *ctx, int msg, enum mx_peek_field f,
                     const char *value, bool cut)
{
    assert_ptr_equal(ctx, seen);
    assert_false(cut);
    see("%d field %d %s\n", msg, (int)f, value);
}

static void on_body(void *ctx, int msg, const void *data, size_t len)
{
    assert_ptr_equal(ctx, seen);
    assert_int_equal(msg, 0);
    assert_true(len > 0 && len < sizeof bodies - strlen(bodies));
    strncat(bodies, data, len);
}

static enum mx_answer on_commit(void *ctx, int msg)
{
    assert_ptr_equal(ctx, seen);
    see("%d commit?\n", msg);
    return answer;
}

static void on_committed(void *ctx, int msg)
{
    assert_ptr_equal(ctx, seen);
    see("%d committed\n", msg);
}

static void on_aborted(void *ctx, int msg)
{
    assert_ptr_equal(ctx, seen);
    see("%d aborted\n", msg);
}

static const struct mx_tee_app all = {
    .ctx = seen,
    .opened = on_opened,
    .rcpt = on_rcpt,
    .field = on_field,
    .body = on_body,
    .commit = on_commit,
    .committed = on_committed,
    .aborted = on_aborted,
};

/* --- both ---------------------------------------------------------------- */

static struct mx_tee tee;
static struct mx_tee_msg pool[POOL];

static void start_with(const struct mx_tee_app *app)
{
    behind = (struct behind){
        .sink = {behind_open, behind_rcpt, behind_write, behind_commit,
                 behind_abort},
        .most = SIZE_MAX,
    };
    seen[0] = '\0';
    bodies[0] = '\0';
    answer = MX_YES;
    memset(&tee, 0xa5, sizeof tee);
    memset(pool, 0xa5, sizeof pool);
    mx_tee_init(&tee, &behind.sink, app, pool, POOL);
}

static void start(void)
{
    start_with(&all);
}

static const struct mx_envelope env = {.reverse_path = {.text = {"a@b", 3}}};

static int open_message(void)
{
    int msg;

    do {
        msg = tee.sink.open(&tee.sink, &env);
    } while (msg == MX_EAGAIN && behind.hiccup);
    return msg;
}

static int add_rcpt(int msg, const char *to)
{
    const struct mx_path path = {.text = {to, strlen(to)}};
    int rc;

    do {
        rc = tee.sink.rcpt(&tee.sink, msg, &path);
    } while (rc == MX_EAGAIN);
    return rc;
}

/* As the server does it. */
static int put(int msg, const char *data, size_t len)
{
    while (len > 0) {
        int n = tee.sink.write(&tee.sink, msg, data, len);

        if (n < 0 && n != MX_EAGAIN) {
            tee.sink.abort(&tee.sink, msg);
            return n;
        }
        if (n > 0) {
            data += n;
            len -= (size_t)n;
        }
    }
    return 0;
}

static int commit(int msg)
{
    int rc;

    do {
        rc = tee.sink.commit(&tee.sink, msg);
    } while (rc == MX_EAGAIN);
    return rc;
}

/* --- what is shown ------------------------------------------------------ */

static const char header[] = "Received: from x\r\n\tby y; z\r\n"
                             "Subject: relay\r\n on\r\nX: c\r\n\r\n";
static const char body[] = "Subject: not this\r\n\r\nbye\r\n";

#define SHOWN                                                                  \
    "0 opened by a@b\n0 for joe@example.test\n0 for jim@example.test\n"        \
    "0 field 2 relay on\n0 commit?\n"

static void deliver_cut(const char *text, size_t len, size_t cut)
{
    int msg = open_message();

    assert_int_equal(add_rcpt(msg, "joe@example.test"), 0);
    assert_int_equal(add_rcpt(msg, "jim@example.test"), 0);
    assert_int_equal(put(msg, text, cut), 0);
    assert_int_equal(put(msg, text + cut, len - cut), 0);
    assert_int_equal(commit(msg), 0);
    assert_int_equal(behind.fill, len);
    assert_memory_equal(behind.text, text, len);
}

/* All of it, once, in order, however it was cut, and however often the sink
 * behind has it come again. */
static void shown_once(void **state)
{
    static const size_t most[] = {SIZE_MAX, 7, 1};
    char text[sizeof header + sizeof body];
    size_t len = (size_t)snprintf(text, sizeof text, "%s%s", header, body);

    (void)state;
    for (size_t cut = 0; cut <= len; cut++) {
        for (size_t i = 0; i < 2 * sizeof most / sizeof *most; i++) {
            start();
            behind.hiccups = i % 2 > 0;
            behind.most = most[i / 2];
            deliver_cut(text, len, cut);
            assert_string_equal(seen, SHOWN "0 committed\n");
            assert_string_equal(bodies, body);
            assert_string_equal(behind.calls, "commit 70\n");
        }
    }
}

/* A field is known before the message is decided on, also without a body; and
 * where a header ends that is no header, the body begins behind that line. */
static void short_ones(void **state)
{
    static const struct {
        const char *text, *shown, *body;
    } cases[] = {
        {"", "", ""},
        {"Subject: a", "0 field 2 a\n", ""},
        {"Subject: a\r\n", "0 field 2 a\n", ""},
        {"Subject: a\r\n\r\n", "0 field 2 a\n", ""},
        {"Subject: a\r\n\r\n\n", "0 field 2 a\n", "\n"},
        {"\r\nSubject: a\r\n", "", "Subject: a\r\n"},
        {"no field\r\nSubject: a\r\n", "", "Subject: a\r\n"},
        {"To: a\nno\nb\n", "0 field 1 a\n", "b\n"},
        {"To: a\r\n\rno\r\nb\r\n", "0 field 1 a\n", "b\r\n"},
    };
    char want[256];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].text);

        for (size_t cut = 0; cut <= len; cut++) {
            start();
            deliver_cut(cases[i].text, len, cut);
            snprintf(want, sizeof want,
                     "0 opened by a@b\n0 for joe@example.test\n"
                     "0 for jim@example.test\n%s0 commit?\n0 committed\n",
                     cases[i].shown);
            assert_string_equal(seen, want);
            assert_string_equal(bodies, cases[i].body);
        }
    }
}

/* --- how it ends -------------------------------------------------------- */

static const struct {
    enum mx_answer answer;
    int behind; /* what its commit says */
    int rc;
    const char *calls, *end;
} endings[] = {
    {MX_YES, 0, 0, "commit 70\n", "0 committed\n"},
    {MX_YES, MX_EIO, MX_EIO, "commit 70\n", "0 aborted\n"},
    {MX_YES, MX_ENOSPC, MX_ENOSPC, "commit 70\n", "0 aborted\n"},
    {MX_NO, 0, MX_EREFUSED, "abort 70\n", "0 aborted\n"},
    {MX_LATER, 0, MX_ELATER, "abort 70\n", "0 aborted\n"},
    {MX_FULL, 0, MX_ELATER, "abort 70\n", "0 aborted\n"},
    {MX_BREACH, 0, MX_ELATER, "abort 70\n", "0 aborted\n"},
};

static void ended(void **state)
{
    char want[256];

    (void)state;
    for (size_t i = 0; i < 2 * sizeof endings / sizeof *endings; i++) {
        int msg;

        start();
        answer = endings[i / 2].answer;
        behind.commit_answer = endings[i / 2].behind;
        behind.hiccups = i % 2 > 0;
        msg = open_message();
        assert_int_equal(put(msg, "x\r\n", 3), 0);
        assert_int_equal(commit(msg), endings[i / 2].rc);
        snprintf(want, sizeof want, "0 opened by a@b\n0 commit?\n%s",
                 endings[i / 2].end);
        assert_string_equal(seen, want);
        assert_string_equal(behind.calls, endings[i / 2].calls);
        assert_int_equal(open_message(), 0); /* its place is free again */
    }
}

/* Between the program's yes and a commit behind that has to wait the peer, or
 * the server, may go away. */
static void aborted_behind_its_yes(void **state)
{
    int msg;

    (void)state;
    start();
    msg = open_message();
    behind.hiccups = true;
    assert_int_equal(tee.sink.commit(&tee.sink, msg), MX_EAGAIN);
    tee.sink.abort(&tee.sink, msg);
    assert_string_equal(seen, "0 opened by a@b\n0 commit?\n0 aborted\n");
    assert_string_equal(behind.calls, "abort 70\n");
    behind.hiccups = false;
    seen[0] = '\0';
    msg = open_message(); /* the next one is asked about again */
    assert_int_equal(commit(msg), 0);
    assert_string_equal(seen, "0 opened by a@b\n0 commit?\n0 committed\n");
}

/* What the sink behind does not take is not shown. */
static void errors_behind(void **state)
{
    int msg;

    (void)state;
    start();
    behind.open_answer = MX_ENOSPC;
    assert_int_equal(open_message(), MX_ENOSPC);
    assert_string_equal(seen, "");
    behind.open_answer = 0;
    msg = open_message();
    behind.rcpt_answer = MX_E2BIG;
    assert_int_equal(add_rcpt(msg, "joe@example.test"), MX_E2BIG);
    behind.write_answer = MX_EIO;
    assert_int_equal(put(msg, "Subject: a\r\n\r\nb", 15), MX_EIO);
    assert_string_equal(seen, "0 opened by a@b\n0 aborted\n");
    assert_string_equal(bodies, "");
    assert_string_equal(behind.calls, "abort 70\n");
}

/* --- several at once ---------------------------------------------------- */

/* Each has its own header; one more than there is room for waits, and the sink
 * behind does not hear of it. */
static void at_once(void **state)
{
    int a, b;

    (void)state;
    start();
    a = open_message();
    b = open_message();
    assert_int_equal(a, 0);
    assert_int_equal(b, 1);
    assert_int_equal(open_message(), MX_EAGAIN);
    assert_int_equal(behind.opened, 2);
    assert_int_equal(put(b, "Sub", 3), 0);
    assert_int_equal(put(a, "To: a\r\n", 7), 0);
    assert_int_equal(put(b, "ject: b\r\n", 9), 0);
    tee.sink.abort(&tee.sink, a);
    assert_int_equal(open_message(), 0);
    assert_int_equal(put(0, "To: c\r\n", 7), 0);
    assert_int_equal(commit(b), 0);
    assert_int_equal(commit(0), 0);
    assert_string_equal(seen, "0 opened by a@b\n1 opened by a@b\n0 aborted\n"
                              "0 opened by a@b\n1 field 2 b\n1 commit?\n"
                              "1 committed\n0 field 1 c\n0 commit?\n"
                              "0 committed\n");
    assert_string_equal(behind.calls, "abort 70\ncommit 71\ncommit 72\n");
}

/* Nobody has to look at anything. */
static void no_hooks(void **state)
{
    static const struct mx_tee_app none = {0};

    (void)state;
    start_with(&none);
    deliver_cut(header, sizeof header - 1, 10);
    assert_string_equal(behind.calls, "commit 70\n");
    tee.sink.abort(&tee.sink, open_message());
    assert_string_equal(behind.calls, "commit 70\nabort 71\n");
    assert_string_equal(seen, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shown_once),
        cmocka_unit_test(short_ones),
        cmocka_unit_test(ended),
        cmocka_unit_test(aborted_behind_its_yes),
        cmocka_unit_test(errors_behind),
        cmocka_unit_test(at_once),
        cmocka_unit_test(no_hooks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
