/* SPDX-License-Identifier: BSD-3-Clause */
/* What the spool says of itself is what a reader finds, wherever the power went
 * while messages were on the move. */
#include "spool_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define KEPT 3
#define LAP 60  /* messages that come and go: more than the log holds */
#define EVERY 7 /* operation is cut: it shifts from message to message */

static struct stage stage;
static struct block_ram before;

static void expect_counts(void)
{
    const struct mx_spool_stats *stats = mx_spool_stats(&stage.spool);
    struct mx_spool_mail mail = {0};
    uint32_t messages = 0, unseen = 0;

    while (mx_spool_next(&stage.spool, &mail) > 0) {
        messages++;
        unseen += !mail.seen;
    }
    assert_int_equal(stats->messages, messages);
    assert_int_equal(stats->unseen, unseen);
}

/* Comes, is seen, and goes; or the power has gone. */
static void churn(void)
{
    int number = stage_deliver_some(&stage, 1500);
    struct mx_spool_mail mail;

    if (number > 0 && mx_spool_find(&stage.spool, (uint32_t)number, &mail)) {
        (void)mx_spool_see(&stage.spool, &mail);
        (void)mx_spool_delete(&stage.spool, &mail);
    }
}

/* Some that stay, of which the first was seen; all have been moved already. */
static void prepare(const struct mx_block *geometry)
{
    struct mx_spool_mail mail;

    stage_fresh(&stage, geometry);
    for (unsigned i = 0; i < KEPT; i++) {
        assert_true(stage_deliver_some(&stage, 1200) > 0);
    }
    assert_int_equal(mx_spool_find(&stage.spool, 1, &mail), 1);
    assert_int_equal(mx_spool_see(&stage.spool, &mail), 0);
    while (mx_spool_stats(&stage.spool)->moved < KEPT) {
        churn();
    }
    stage_remount(&stage);
    expect_counts();
    before = stage.ram;
}

/* The power goes in this operation of a lap. False: there are not so many. */
static bool cut(unsigned operation, enum block_ram_torn torn)
{
    stage.ram = before;
    stage_remount(&stage);
    stage.ram.torn = torn;
    stage.ram.cut_at = stage.ram.count + operation;
    for (unsigned i = 0; i < LAP && !stage.ram.dark; i++) {
        churn();
    }
    return stage.ram.dark;
}

static void counts_are_right_after_a_cut(void **state)
{
    static const enum block_ram_torn ways[] = {TORN_NEW, TORN_HALF};

    (void)state;
    FOR_GEOMETRIES(g)
    {
        prepare(g);
        for (unsigned i = 0; i < 2; i++) {
            for (unsigned at = 1; cut(at, ways[i]); at += EVERY) {
                stage_remount(&stage);
                expect_counts();
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_right_after_a_cut),
    };

    return cmocka_run_group_tests_name("spool counts", tests, NULL, NULL);
}
