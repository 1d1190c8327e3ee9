/* SPDX-License-Identifier: BSD-3-Clause */
/* A tee in front of the spool: what was wanted is there after a power cut, what
 * was not never was, and the spool's data tells a peek what the tee was told. */
#include "spool_stage.h"

#include "tinymx/err.h"
#include "tinymx/tee.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const char text[] = "Received: from x\r\n\tby y; z\r\n"
                           "Subject: =?utf-8?q?relay?=\r\n on\r\n"
                           "From: a@b.test\r\n\r\nTo: nobody\r\n";

static struct stage stage;
static struct mx_tee tee;
static struct mx_tee_msg pool[MX_SPOOL_OPEN + 1];
static char fields[256]; /* of the last message, a line each */
static enum mx_answer answer;
static unsigned committed, aborted;

static void see(void *ctx, enum mx_peek_field f, const char *value, bool cut)
{
    char *out = ctx;
    size_t at = strlen(out);

    assert_false(cut);
    snprintf(out + at, sizeof fields - at, "%d %s\n", (int)f, value);
}

static void on_opened(void *ctx, int msg, const struct mx_envelope *env)
{
    (void)msg;
    (void)env;
    *(char *)ctx = '\0';
}

static void on_field(void *ctx, int msg, enum mx_peek_field f,
                     const char *value, bool cut)
{
    (void)msg;
    see(ctx, f, value, cut);
}

static enum mx_answer on_commit(void *ctx, int msg)
{
    (void)ctx;
    (void)msg;
    return answer;
}

static void on_committed(void *ctx, int msg)
{
    (void)ctx;
    (void)msg;
    committed++;
}

static void on_aborted(void *ctx, int msg)
{
    (void)ctx;
    (void)msg;
    aborted++;
}

static const struct mx_tee_app app = {
    .ctx = fields,
    .opened = on_opened,
    .field = on_field,
    .commit = on_commit,
    .committed = on_committed,
    .aborted = on_aborted,
};

static void fresh(const struct mx_block *geometry)
{
    stage_fresh(&stage, geometry);
    mx_tee_init(&tee, &stage.spool.sink, &app, pool, MX_SPOOL_OPEN + 1);
    committed = 0;
    aborted = 0;
}

static int deliver(enum mx_answer a)
{
    struct mx_envelope env = stage_envelope(STAGE_FROM);
    struct mx_path to = stage_path(STAGE_TO);
    size_t at = 0;
    int msg, rc;

    answer = a;
    while ((msg = tee.sink.open(&tee.sink, &env)) == MX_EAGAIN) {
    }
    assert_true(msg >= 0);
    while ((rc = tee.sink.rcpt(&tee.sink, msg, &to)) == MX_EAGAIN) {
    }
    assert_int_equal(rc, 0);
    while (at < sizeof text - 1) {
        int n = tee.sink.write(&tee.sink, msg, text + at, sizeof text - 1 - at);

        assert_true(n > 0 || n == MX_EAGAIN);
        at += n > 0 ? (size_t)n : 0;
    }
    while ((rc = tee.sink.commit(&tee.sink, msg)) == MX_EAGAIN) {
    }
    return rc;
}

static void check_read(uint32_t number)
{
    char again[sizeof fields] = "";
    struct mx_spool_mail mail = {0};
    struct mx_peek peek;
    size_t len;

    assert_int_equal(mx_spool_find(&stage.spool, number, &mail), 1);
    len = stage_read(&stage, &mail, 7);
    mx_peek_init(&peek, see, again);
    mx_peek_push(&peek, stage.content, len);
    assert_true(mx_peek_done(&peek));
    assert_string_equal(again, fields);
}

static void wanted_and_not(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        fresh(g);
        assert_int_equal(deliver(MX_YES), 0);
        assert_int_equal(deliver(MX_NO), MX_EREFUSED);
        assert_int_equal(deliver(MX_LATER), MX_ELATER);
        assert_int_equal(deliver(MX_YES), 0);
        assert_string_equal(fields, "2 relay on\n0 a@b.test\n");
        assert_int_equal(committed, 2);
        assert_int_equal(aborted, 2);
        stage_remount(&stage);
        stage_expect_numbers(&stage, (uint32_t[]){1, 4, 0});
        check_read(4);
    }
}

/* What the spool has no place for waits; the program does not hear of it. */
static void waits_for_a_place(void **state)
{
    struct mx_envelope env = stage_envelope(STAGE_FROM);
    int msg[MX_SPOOL_OPEN];

    (void)state;
    fresh(block_ram_geometry);
    env.size = 100; /* so that all of them have room */
    for (int i = 0; i < MX_SPOOL_OPEN; i++) {
        while ((msg[i] = tee.sink.open(&tee.sink, &env)) == MX_EAGAIN) {
        }
        assert_true(msg[i] >= 0);
    }
    strcpy(fields, "as it was");
    for (int i = 0; i < 100; i++) {
        assert_int_equal(tee.sink.open(&tee.sink, &env), MX_EAGAIN);
    }
    assert_string_equal(fields, "as it was");
    tee.sink.abort(&tee.sink, msg[0]);
    assert_int_equal(deliver(MX_YES), 0);
    assert_int_equal(committed, 1);
    assert_int_equal(aborted, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wanted_and_not),
        cmocka_unit_test(waits_for_a_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
