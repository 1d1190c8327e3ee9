/* SPDX-License-Identifier: BSD-3-Clause */
/* How many pcbs may be, in lwIP's own lists. */
#include "net/crowd.h"

#include "test_port.h"

#include "lwip/init.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MOST 4u
_Static_assert(MEMP_NUM_TCP_PCB > MOST, "the pool is larger");

u32_t sys_now(void)
{
    return test_now_ms;
}

static int begin(void **state)
{
    (void)state;
    while (tcp_active_pcbs != NULL) {
        tcp_abort(tcp_active_pcbs);
    }
    while (tcp_tw_pcbs != NULL) {
        tcp_abort(tcp_tw_pcbs);
    }
    return 0;
}

static struct tcp_pcb *add(struct tcp_pcb **list, enum tcp_state state)
{
    struct tcp_pcb *pcb = tcp_new();

    assert_non_null(pcb);
    pcb->state = state;
    TCP_REG(list, pcb);
    return pcb;
}

static struct tcp_pcb *leaves(void)
{
    return add(&tcp_tw_pcbs, TIME_WAIT);
}

static struct tcp_pcb *comes(void)
{
    return add(&tcp_active_pcbs, SYN_SENT); /* nothing is sent when it ends */
}

static bool waits(const struct tcp_pcb *pcb)
{
    const struct tcp_pcb *p = tcp_tw_pcbs;

    while (p != NULL && p != pcb) {
        p = p->next;
    }
    return p != NULL;
}

static void stays_where_there_is_room(void **state)
{
    struct tcp_pcb *old = leaves();

    (void)state;
    for (unsigned i = 1; i < MOST; i++) {
        comes();
    }
    assert_true(crowd_bear(MOST));
    assert_true(waits(old));
}

static void oldest_go(void **state)
{
    struct tcp_pcb *oldest = leaves();
    struct tcp_pcb *older = leaves();
    struct tcp_pcb *old = leaves();

    (void)state;
    for (unsigned i = 1; i < MOST; i++) {
        comes();
    }
    assert_true(crowd_bear(MOST));
    assert_false(waits(oldest));
    assert_false(waits(older));
    assert_true(waits(old));
}

static void too_many_are_there(void **state)
{
    struct tcp_pcb *old = leaves();

    (void)state;
    for (unsigned i = 0; i < MOST; i++) {
        comes();
    }
    assert_true(crowd_bear(MOST));
    assert_false(waits(old));
    comes();
    assert_false(crowd_bear(MOST));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stays_where_there_is_room, begin),
        cmocka_unit_test_setup(oldest_go, begin),
        cmocka_unit_test_setup(too_many_are_there, begin),
    };

    lwip_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
