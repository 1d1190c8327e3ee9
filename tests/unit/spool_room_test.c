/* SPDX-License-Identifier: BSD-3-Clause */
/* Room: what is full, what comes back, and what has to move for it. */
#include "spool_stage.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct stage stage;

static void fresh(const struct mx_block *geometry, enum mx_spool_full full)
{
    stage.cfg = (struct mx_spool_config){.full = full};
    stage_fresh(&stage, geometry);
}

static uint32_t messages(void)
{
    return mx_spool_stats(&stage.spool)->messages;
}

/* As many messages as it takes. */
static void fill(size_t len)
{
    int rc;

    do {
        rc = stage_deliver_some(&stage, len);
        assert_true(rc > 0 || rc == MX_ENOSPC);
    } while (rc > 0);
}

/* --- full --------------------------------------------------------------- */

/* 452, and nothing of what is there suffers; deleting makes room at once. */
static void full_refuses(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        uint32_t count;

        fresh(g, MX_SPOOL_REFUSE);
        fill(2000);
        count = messages();
        assert_true(count > 5);
        for (uint32_t i = 1; i <= count; i++) {
            stage_expect_some(&stage, i, 2000);
        }
        stage_delete(&stage, count / 2);
        assert_true(stage_deliver_some(&stage, 2000) > 0);
        assert_int_equal(stage_deliver_some(&stage, 2000), MX_ENOSPC);
        stage_remount(&stage);
        assert_int_equal(messages(), count);
        assert_int_equal(stage_deliver_some(&stage, 2000), MX_ENOSPC);
    }
}

/* Said at MAIL: too large for now, too large for ever. */
static void size_is_checked_first(void **state)
{
    uint32_t most;

    (void)state;
    FOR_GEOMETRIES(g)
    {
        int msg;

        fresh(g, MX_SPOOL_REFUSE);
        most = mx_spool_largest(&stage.spool);
        assert_true(most > 1000);
        assert_int_equal(stage_open(&stage, most + 8192), MX_E2BIG);
        assert_int_equal(stage_open(&stage, UINT32_MAX), MX_E2BIG);
        assert_true(stage_deliver_some(&stage, most) > 0);
        fill(2000);
        assert_int_equal(stage_open(&stage, most), MX_ENOSPC);
        stage_delete(&stage, 1);
        msg = stage_open(&stage, 1);
        assert_true(msg >= 0);
        stage_abort(&stage, msg);
    }
}

/* Nothing was said, or not the truth: it ends when there is no more. */
static void growing_is_refused(void **state)
{
    static const char page[504];

    (void)state;
    FOR_GEOMETRIES(g)
    {
        uint32_t count;
        int msg, rc;

        fresh(g, MX_SPOOL_REFUSE);
        fill(2000);
        stage_delete(&stage, 1);
        stage_delete(&stage, 2);
        stage_delete(&stage, 3);
        count = messages();
        msg = stage_open(&stage, 1);
        assert_true(msg >= 0);
        do {
            rc = stage_put(&stage, msg, page, sizeof page);
        } while (rc == 0);
        assert_true(rc == MX_ENOSPC || rc == MX_E2BIG);
        stage_abort(&stage, msg);
        assert_int_equal(messages(), count);
        assert_true(stage_deliver_some(&stage, 2000) > 0);
    }
}

/* --- policies ----------------------------------------------------------- */

static void see(uint32_t number)
{
    struct mx_spool_mail mail;

    assert_int_equal(mx_spool_find(&stage.spool, number, &mail), 1);
    assert_int_equal(mx_spool_see(&stage.spool, &mail), 0);
}

static bool is_there(uint32_t number)
{
    struct mx_spool_mail mail;

    return mx_spool_find(&stage.spool, number, &mail) == 1;
}

static void the_oldest_goes(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_spool_mail mail = {0};
        uint32_t first;

        fresh(g, MX_SPOOL_DROP_OLDEST);
        for (int i = 1; i <= 300; i++) {
            assert_int_equal(stage_deliver_some(&stage, 1500), i);
        }
        assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
        first = mail.number;
        assert_int_equal(300 - first + 1, messages());
        assert_int_equal(mx_spool_stats(&stage.spool)->dropped, first - 1);
        for (uint32_t i = first; i <= 300; i++) {
            stage_expect_some(&stage, i, 1500);
        }
    }
}

static void the_oldest_seen_goes(void **state)
{
    (void)state;
    fresh(&block_ram_geometry[1], MX_SPOOL_DROP_SEEN);
    fill(2000);
    see(5);
    see(3);
    assert_true(stage_deliver_some(&stage, 2000) > 0);
    assert_false(is_there(3));
    assert_true(is_there(1) && is_there(2) && is_there(4) && is_there(5));
    assert_true(stage_deliver_some(&stage, 2000) > 0);
    assert_false(is_there(5));
    assert_int_equal(stage_deliver_some(&stage, 2000), MX_ENOSPC);
    assert_int_equal(mx_spool_stats(&stage.spool)->dropped, 2);
}

/* A reader counts messages: none goes behind its back. */
static void nothing_goes_while_locked(void **state)
{
    (void)state;
    fresh(&block_ram_geometry[1], MX_SPOOL_DROP_OLDEST);
    assert_false(mx_spool_locked(&stage.spool));
    assert_true(mx_spool_lock(&stage.spool));
    assert_false(mx_spool_lock(&stage.spool));
    assert_true(mx_spool_locked(&stage.spool));
    fill(2000);
    assert_true(is_there(1));
    mx_spool_unlock(&stage.spool);
    assert_true(stage_deliver_some(&stage, 2000) > 0);
    assert_false(is_there(1));
}

/* --- moving ------------------------------------------------------------- */

/* Messages that stay while a hundred times the device's size goes by: whole,
 * in order, and with their marks. */
static void old_mail_moves(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        static const uint32_t stay[] = {1, 2, 40, 333, 334, 900, 0};
        uint32_t last;

        fresh(g, MX_SPOOL_REFUSE);
        for (uint32_t n = 1; n <= 2000; n++) {
            bool stays = false;

            assert_int_equal(stage_deliver_some(&stage, 700 + n % 1500), n);
            for (size_t i = 0; stay[i] != 0; i++) {
                stays = stays || stay[i] == n;
            }
            if (!stays) {
                stage_delete(&stage, n);
            } else if (n % 2 == 0) {
                see(n);
            }
        }
        for (int round = 0; round < 2; round++) {
            stage_expect_numbers(&stage, stay);
            for (size_t i = 0; stay[i] != 0; i++) {
                struct mx_spool_mail mail;

                stage_expect_some(&stage, stay[i], 700 + stay[i] % 1500);
                assert_int_equal(mx_spool_find(&stage.spool, stay[i], &mail),
                                 1);
                assert_int_equal(mail.seen, stay[i] % 2 == 0);
                assert_int_equal(mail.serial, stay[i]);
                assert_true(mail.age > 5);
            }
            stage_remount(&stage);
        }
        last = (uint32_t)stage_deliver_some(&stage, 10);
        assert_true(last > 2000);
    }
}

/* A reader in the middle of a message, and one in the middle of the list, when
 * it moves. */
static void readers_follow(void **state)
{
    struct mx_spool_mail reading, listing = {0};
    char byte;

    (void)state;
    fresh(&block_ram_geometry[1], MX_SPOOL_REFUSE);
    for (int i = 1; i <= 4; i++) {
        assert_int_equal(stage_deliver_some(&stage, 2000), i);
    }
    assert_int_equal(mx_spool_find(&stage.spool, 3, &reading), 1);
    stage_read(&stage, &reading, 512);
    assert_int_equal(mx_spool_next(&stage.spool, &listing), 1);
    assert_int_equal(mx_spool_next(&stage.spool, &listing), 1);
    assert_int_equal(listing.number, 2);
    while (mx_spool_stats(&stage.spool)->moved < 9) {
        int n = stage_deliver_some(&stage, 2000);

        assert_true(n > 0);
        stage_delete(&stage, (uint32_t)n);
    }
    assert_int_equal(mx_spool_read(&stage.spool, &reading, 1500, &byte, 1), 1);
    assert_int_equal(byte, stage.content[1500]);
    assert_int_equal(mx_spool_next(&stage.spool, &listing), 1);
    assert_int_equal(listing.number, 3);
    assert_int_equal(mx_spool_next(&stage.spool, &listing), 1);
    assert_int_equal(listing.number, 4);
    assert_int_equal(mx_spool_next(&stage.spool, &listing), 0);
}

/* When nobody waits, room is made ahead: and then it ends. */
static void poll_comes_to_an_end(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        unsigned turns = 0;

        fresh(g, MX_SPOOL_REFUSE);
        fill(1500);
        for (uint32_t i = 1; i <= stage.spool.number; i += 2) {
            if (is_there(i)) {
                stage_delete(&stage, i);
            }
        }
        while (mx_spool_poll(&stage.spool)) {
            assert_true(++turns < 20000);
        }
        assert_false(mx_spool_poll(&stage.spool));
        stage_remount(&stage);
        stage_expect_some(&stage, 2, 1500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_refuses),
        cmocka_unit_test(size_is_checked_first),
        cmocka_unit_test(growing_is_refused),
        cmocka_unit_test(the_oldest_goes),
        cmocka_unit_test(the_oldest_seen_goes),
        cmocka_unit_test(nothing_goes_while_locked),
        cmocka_unit_test(old_mail_moves),
        cmocka_unit_test(readers_follow),
        cmocka_unit_test(poll_comes_to_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
