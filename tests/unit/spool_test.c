/* SPDX-License-Identifier: BSD-3-Clause */
/* What is put into the spool comes out of it. */
#include "spool_stage.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct stage stage;

/* --- one message -------------------------------------------------------- */

static void keeps_all_of_it(void **state)
{
    static const char want[] = "Return-Path: <a@b.test>\r\n"
                               "Delivered-To: joe@example.test\r\n"
                               "Delivered-To: alice@example.test\r\n"
                               "Received: x\r\n\r\nhello\r\n";
    static const char sent[] = "Received: x\r\n\r\nhello\r\n";
    static const struct mx_tls_facts tls = {.version = "TLSv1.3",
                                            .cipher = "TLS_AES_256_GCM_SHA384"};
    struct mx_sink *sink = &stage.spool.sink;

    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_envelope env = stage_envelope(STAGE_FROM);
        int msg;

        stage_fresh(&stage, g);
        env.tls = &tls;
        env.flags = MX_MAIL_SMTPUTF8;
        msg = sink->open(sink, &env);
        assert_true(msg >= 0);
        assert_int_equal(stage_rcpt(&stage, msg, "joe@example.test"), 0);
        assert_int_equal(stage_rcpt(&stage, msg, "alice@example.test"), 0);
        assert_int_equal(stage_put(&stage, msg, sent, sizeof sent - 1), 0);
        stage_expect_numbers(&stage, (uint32_t[]){0});
        assert_int_equal(stage_commit(&stage, msg), 0);
        for (int round = 0; round < 2; round++) {
            struct mx_spool_mail mail = {0};
            struct mx_spool_envelope texts;

            assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
            assert_int_equal(mail.number, 1);
            assert_int_equal(mail.serial, 1);
            assert_int_equal(mail.size, sizeof want - 1);
            assert_int_equal(mail.envelope, sizeof want - sizeof sent);
            assert_int_equal(mail.time_s, STAGE_TIME);
            assert_int_equal(mail.rcpts, 2);
            assert_int_equal(mail.flags, MX_MAIL_SMTPUTF8);
            assert_true(mail.tls);
            assert_false(mail.seen);
            assert_int_equal(stage_read(&stage, &mail, 512), sizeof want - 1);
            assert_string_equal(stage.content, want);
            assert_int_equal(mx_spool_envelope(&stage.spool, &mail, &texts), 0);
            assert_string_equal(texts.peer, "192.0.2.1");
            assert_string_equal(texts.tls, "TLSv1.3");
            assert_string_equal(texts.cipher, "TLS_AES_256_GCM_SHA384");
            assert_string_equal(texts.from, "a@b.test");
            assert_int_equal(mx_spool_next(&stage.spool, &mail), 0);
            stage_remount(&stage);
        }
    }
}

/* Every length around the ends of pages, written in two parts, read in steps
 * that do not fit. */
static void any_length(void **state)
{
    static char text[1200];
    const size_t front = sizeof STAGE_ENVELOPE - 1;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 26);
    }
    stage_fresh(&stage, &block_ram_geometry[0]);
    for (size_t len = 0; len < sizeof text; len++) {
        size_t past_end = (front + len) % 504;
        size_t part = len * 2 / 3;
        struct mx_spool_mail mail;
        int msg;

        if (past_end > 3 && past_end < 501) {
            continue;
        }
        msg = stage_open(&stage, 0);
        assert_int_equal(stage_rcpt(&stage, msg, STAGE_TO), 0);
        assert_int_equal(stage_put(&stage, msg, text, part), 0);
        assert_int_equal(stage_put(&stage, msg, text + part, len - part), 0);
        assert_int_equal(stage_commit(&stage, msg), 0);
        assert_int_equal(mx_spool_find(&stage.spool, stage.spool.number, &mail),
                         1);
        assert_int_equal(stage_read(&stage, &mail, 1 + len % 700), front + len);
        assert_memory_equal(stage.content + front, text, len);
        assert_int_equal(mx_spool_check(&stage.spool, &mail), 0);
        stage_delete(&stage, mail.number);
    }
}

/* A place in the data is found from behind it too. */
static void any_place(void **state)
{
    const size_t front = sizeof STAGE_ENVELOPE - 1;
    struct mx_spool_mail mail;

    (void)state;
    stage_fresh(&stage, &block_ram_geometry[1]);
    assert_int_equal(stage_deliver_some(&stage, 3000), 1);
    assert_int_equal(mx_spool_find(&stage.spool, 1, &mail), 1);
    stage_read(&stage, &mail, 512);
    for (size_t i = 0; i < 200; i++) {
        uint32_t off = (uint32_t)(i * 997 % (front + 3000));
        char byte;

        assert_int_equal(mx_spool_read(&stage.spool, &mail, off, &byte, 1), 1);
        assert_int_equal(byte, stage.content[off]);
    }
}

/* A sender of any length: whole in the data, and in the head what fits. */
static void long_senders(void **state)
{
    static const size_t lengths[] = {0, 1, 194, 195, 196, 197, 254, 480};
    static char from[600];

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t len = lengths[i];
        size_t most = len < MX_SPOOL_FROM ? len : MX_SPOOL_FROM - 1;
        struct mx_spool_mail mail = {0};
        struct mx_spool_envelope texts;
        struct mx_envelope env;
        int msg;

        memset(from, 'x', len);
        from[len] = '\0';
        env = stage_envelope(from);
        stage_fresh(&stage, &block_ram_geometry[i % 4]);
        msg = stage.spool.sink.open(&stage.spool.sink, &env);
        assert_int_equal(stage_put(&stage, msg, "x\r\n", 3), 0);
        assert_int_equal(stage_commit(&stage, msg), 0);
        assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
        assert_int_equal(mx_spool_envelope(&stage.spool, &mail, &texts), 0);
        assert_int_equal(strlen(texts.from), most);
        assert_memory_equal(texts.from, from, most);
        stage_read(&stage, &mail, 512);
        assert_memory_equal(stage.content + 14, from, len);
        assert_memory_equal(stage.content + 14 + len, ">\r\nx\r\n", 6);
    }
}

/* Recipients take pages of their own if they must. */
static void many_recipients(void **state)
{
    struct mx_spool_mail mail = {0};
    char to[64];
    int msg;

    (void)state;
    stage_fresh(&stage, &block_ram_geometry[1]);
    msg = stage_open(&stage, 0);
    for (int i = 0; i < 100; i++) {
        snprintf(to, sizeof to, "recipient-%d@a-longer-name.example.test", i);
        assert_int_equal(stage_rcpt(&stage, msg, to), 0);
    }
    assert_int_equal(stage_put(&stage, msg, "x\r\n", 3), 0);
    assert_int_equal(stage_commit(&stage, msg), 0);
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
    assert_int_equal(mail.rcpts, 100);
    assert_int_equal(mail.envelope, mail.size - 3);
    stage_read(&stage, &mail, 512);
    for (int i = 0; i < 100; i++) {
        snprintf(to, sizeof to,
                 "\r\nDelivered-To: recipient-%d@a-longer-name.ex", i);
        assert_non_null(strstr(stage.content, to));
    }
}

/* --- several of them ---------------------------------------------------- */

/* In the order in which they began; one that is aborted was never there. */
static void several_at_once(void **state)
{
    char text[1000];

    (void)state;
    memset(text, 'y', sizeof text);
    FOR_GEOMETRIES(g)
    {
        struct mx_envelope env = stage_envelope(STAGE_FROM);
        struct mx_spool_mail mail;
        int a, b;

        stage_fresh(&stage, g);
        a = stage_open(&stage, 1);
        for (int i = 1; i < MX_SPOOL_OPEN - 1; i++) {
            assert_true(stage_open(&stage, 1) >= 0);
        }
        b = stage_open(&stage, 1);
        assert_int_equal(stage.spool.sink.open(&stage.spool.sink, &env),
                         MX_EAGAIN);
        for (int i = 0; i < 5; i++) {
            assert_int_equal(stage_put(&stage, a, "first\r\n", 7), 0);
            assert_int_equal(stage_put(&stage, b, text, sizeof text), 0);
        }
        assert_int_equal(stage_commit(&stage, b), 0);
        stage_expect_numbers(&stage, (uint32_t[]){MX_SPOOL_OPEN, 0});
        assert_int_equal(stage_commit(&stage, a), 0);
        stage_expect_numbers(&stage, (uint32_t[]){1, MX_SPOOL_OPEN, 0});
        for (int i = 0; i < MX_SPOOL_OPEN; i++) {
            if (i != a && i != b) {
                stage_abort(&stage, i);
            }
        }
        stage_remount(&stage);
        stage_expect_numbers(&stage, (uint32_t[]){1, MX_SPOOL_OPEN, 0});
        assert_int_equal(mx_spool_find(&stage.spool, MX_SPOOL_OPEN, &mail), 1);
        assert_int_equal(mail.serial, 1);
        assert_int_equal(stage_read(&stage, &mail, 99), 5025);
        assert_int_equal(mx_spool_find(&stage.spool, 1, &mail), 1);
        assert_int_equal(mail.serial, 2);
        stage_read(&stage, &mail, 512);
        assert_memory_equal(stage.content + 25, "first\r\nfirst\r\n", 14);
    }
}

static void marks_stay(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_spool_mail mail;

        stage_fresh(&stage, g);
        for (int i = 1; i <= 4; i++) {
            assert_int_equal(stage_deliver_some(&stage, 700), i);
        }
        assert_int_equal(mx_spool_find(&stage.spool, 2, &mail), 1);
        for (int twice = 0; twice < 2; twice++) {
            assert_int_equal(mx_spool_see(&stage.spool, &mail), 0);
            assert_true(mail.seen);
            assert_int_equal(mx_spool_stats(&stage.spool)->unseen, 3);
        }
        stage_delete(&stage, 3);
        for (int round = 0; round < 2; round++) {
            stage_expect_numbers(&stage, (uint32_t[]){1, 2, 4, 0});
            assert_int_equal(mx_spool_stats(&stage.spool)->unseen, 2);
            assert_int_equal(mx_spool_find(&stage.spool, 2, &mail), 1);
            assert_true(mail.seen);
            assert_int_equal(mx_spool_find(&stage.spool, 3, &mail), 0);
            stage_remount(&stage);
        }
    }
}

/* What was found may be gone when it is asked for. */
static void gone_is_said(void **state)
{
    struct mx_spool_mail mail;
    struct mx_spool_envelope texts;

    (void)state;
    stage_fresh(&stage, &block_ram_geometry[0]);
    assert_int_equal(stage_deliver_some(&stage, 100), 1);
    assert_int_equal(mx_spool_find(&stage.spool, 1, &mail), 1);
    stage_delete(&stage, 1);
    assert_int_equal(mx_spool_delete(&stage.spool, &mail), MX_ECLOSED);
    assert_int_equal(mx_spool_see(&stage.spool, &mail), MX_ECLOSED);
    assert_int_equal(mx_spool_envelope(&stage.spool, &mail, &texts),
                     MX_ECLOSED);
}

/* The next message is looked for behind the number, whatever came or went. */
static void next_goes_on(void **state)
{
    struct mx_spool_mail mail = {0};

    (void)state;
    stage_fresh(&stage, &block_ram_geometry[1]);
    for (int i = 1; i <= 5; i++) {
        assert_int_equal(stage_deliver_some(&stage, 300), i);
    }
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
    assert_int_equal(mail.number, 2);
    stage_delete(&stage, 2);
    stage_delete(&stage, 3);
    assert_int_equal(stage_deliver_some(&stage, 300), 6);
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
    assert_int_equal(mail.number, 4);
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
    assert_int_equal(mail.number, 6);
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 0);
}

/* --- the device --------------------------------------------------------- */

static void numbers_are_not_used_again(void **state)
{
    (void)state;
    stage_fresh(&stage, &block_ram_geometry[0]);
    assert_int_equal(stage_deliver_some(&stage, 100), 1);
    assert_int_equal(stage_deliver_some(&stage, 100), 2);
    stage_delete(&stage, 2);
    stage_remount(&stage);
    assert_int_equal(stage_deliver_some(&stage, 100), 3);
}

static void read_only_writes_nothing(void **state)
{
    struct mx_envelope env = stage_envelope(STAGE_FROM);
    struct mx_spool_mail mail;

    (void)state;
    FOR_GEOMETRIES(g)
    {
        stage_fresh(&stage, g);
        assert_int_equal(stage_deliver_some(&stage, 700), 1);
        stage.ram.block.prog = NULL;
        stage.ram.block.erase = NULL;
        stage.ram.block.sync = NULL;
        stage.cfg.read_only = true;
        stage_remount(&stage);
        stage_expect_some(&stage, 1, 700);
        assert_int_equal(mx_spool_find(&stage.spool, 1, &mail), 1);
        assert_int_equal(mx_spool_see(&stage.spool, &mail), MX_ENOTSUP);
        assert_int_equal(mx_spool_delete(&stage.spool, &mail), MX_ENOTSUP);
        assert_int_equal(stage.spool.sink.open(&stage.spool.sink, &env),
                         MX_ENOTSUP);
        assert_false(mx_spool_poll(&stage.spool));
        stage.cfg.read_only = false;
    }
}

static void foreign_is_left_alone(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        block_ram_init(&stage.ram, g, 0);
        memset(stage.ram.now, 0x55, 3);
        assert_int_equal(
            mx_spool_mount(&stage.spool, &stage.ram.block, &stage.cfg),
            MX_EFORMAT);
        assert_int_equal(stage.ram.count, 0);
        assert_int_equal(
            mx_spool_format(&stage.spool, &stage.ram.block, &stage.cfg), 0);
        stage_remount(&stage);
        stage_expect_numbers(&stage, (uint32_t[]){0});
        assert_int_equal(stage_deliver_some(&stage, 100), 1);
        stage_expect_some(&stage, 1, 100);
    }
}

/* A new format is another spool, and nothing of the old one is in it. */
static void format_forgets(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        uint32_t id;

        stage_fresh(&stage, g);
        for (int i = 1; i <= 10; i++) {
            assert_int_equal(stage_deliver_some(&stage, 2000), i);
        }
        id = mx_spool_id(&stage.spool);
        assert_int_equal(
            mx_spool_format(&stage.spool, &stage.ram.block, &stage.cfg), 0);
        stage_remount(&stage);
        assert_int_not_equal(mx_spool_id(&stage.spool), id);
        stage_expect_numbers(&stage, (uint32_t[]){0});
        assert_int_equal(stage_deliver_some(&stage, 100), 1);
        stage_remount(&stage);
        stage_expect_numbers(&stage, (uint32_t[]){1, 0});
    }
}

static void devices_that_do_not_do(void **state)
{
    struct mx_block small = block_ram_geometry[0];
    struct mx_block odd = block_ram_geometry[0];

    (void)state;
    small.block_count = 5 * 32;
    block_ram_init(&stage.ram, &small, 0);
    assert_int_equal(mx_spool_mount(&stage.spool, &stage.ram.block, &stage.cfg),
                     MX_ENOSPC);
    odd.read_size = odd.prog_size = odd.block_size = 1024;
    odd.block_count = 128;
    block_ram_init(&stage.ram, &odd, 0);
    assert_int_equal(mx_spool_mount(&stage.spool, &stage.ram.block, &stage.cfg),
                     MX_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_all_of_it),
        cmocka_unit_test(any_length),
        cmocka_unit_test(any_place),
        cmocka_unit_test(long_senders),
        cmocka_unit_test(many_recipients),
        cmocka_unit_test(several_at_once),
        cmocka_unit_test(marks_stay),
        cmocka_unit_test(gone_is_said),
        cmocka_unit_test(next_goes_on),
        cmocka_unit_test(numbers_are_not_used_again),
        cmocka_unit_test(read_only_writes_nothing),
        cmocka_unit_test(foreign_is_left_alone),
        cmocka_unit_test(format_forgets),
        cmocka_unit_test(devices_that_do_not_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
