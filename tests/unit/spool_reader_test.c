/* SPDX-License-Identifier: BSD-3-Clause */
/* A reader who takes his time, while messages come, go and move. */
#include "spool_stage.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define KEPT 5
#define CHURNS 200

static struct stage stage;

/* One comes and goes, so that the log goes on. */
static void churn(void)
{
    int number = stage_deliver_some(&stage, 1500);

    assert_true(number > 0);
    stage_delete(&stage, (uint32_t)number);
}

/* Every message has its turn, though some move between any two steps. */
static void expect_kept(void)
{
    struct mx_spool_mail mail = {0};
    char byte;

    for (uint32_t number = 1; number <= KEPT; number++) {
        assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
        assert_int_equal(mail.number, number);
        (void)mx_spool_poll(&stage.spool);
        assert_int_equal(mx_spool_read(&stage.spool, &mail, 0, &byte, 1), 1);
    }
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 0);
}

/* The handle of a message that has moved was found again by its number: the
 * list goes on behind it, with those that have not. */
static void list_goes_on_behind_a_move(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        stage_fresh(&stage, g);
        for (uint32_t i = 0; i < KEPT; i++) {
            assert_true(stage_deliver_some(&stage, 2000) > 0);
        }
        for (unsigned i = 0; i < CHURNS; i++) {
            churn();
            expect_kept();
        }
        assert_true(mx_spool_stats(&stage.spool)->moved > KEPT);
    }
}

/* One that went while it was read is not read on, and the list goes on behind
 * it. */
static void list_goes_on_behind_what_is_gone(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_spool_mail mail = {0};
        uint32_t moved;
        char byte;

        stage_fresh(&stage, g);
        for (uint32_t i = 0; i < KEPT; i++) {
            assert_true(stage_deliver_some(&stage, 2000) > 0);
        }
        assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
        assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
        stage_delete(&stage, 2);
        moved = mx_spool_stats(&stage.spool)->moved;
        while (mx_spool_stats(&stage.spool)->moved == moved) {
            churn();
        }
        assert_int_equal(mx_spool_read(&stage.spool, &mail, 0, &byte, 1),
                         MX_ECLOSED);
        assert_int_equal(mx_spool_next(&stage.spool, &mail), 1);
        assert_int_equal(mail.number, 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_goes_on_behind_a_move),
        cmocka_unit_test(list_goes_on_behind_what_is_gone),
    };

    return cmocka_run_group_tests_name("spool reader", tests, NULL, NULL);
}
