/* SPDX-License-Identifier: BSD-3-Clause */
/* Newcomers between lwIP and a place. The pcbs are not lwIP's: of one only what it
 * calls back is looked at. */
#include "net/lobby.h"

#include "test_port.h"

#include "lwip/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static struct tcp_pcb pcbs[MEMP_NUM_TCP_PCB + 1];
static const char ours, others;

u32_t sys_now(void)
{
    return test_now_ms;
}

static int begin(void **state)
{
    struct lobby_guest guest;

    (void)state;
    while (lobby_call(&guest, &ours) || lobby_call(&guest, &others)) {
        (void)lobby_leave(&guest);
    }
    memset(pcbs, 0, sizeof pcbs);
    return 0;
}

/* What lwIP does with a pcb that was reset. */
static void reset(struct tcp_pcb *pcb)
{
    pcb->errf(pcb->callback_arg, ERR_RST);
}

static void comes_and_leaves(void **state)
{
    struct lobby_guest guest;

    (void)state;
    assert_true(lobby_enter(&pcbs[0], &ours));
    assert_false(lobby_call(&guest, &others));
    assert_true(lobby_call(&guest, &ours));
    assert_ptr_equal(guest.pcb, &pcbs[0]);
    assert_ptr_equal(lobby_leave(&guest), &pcbs[0]);
    assert_null(pcbs[0].errf);
    assert_null(pcbs[0].callback_arg);
    assert_false(lobby_call(&guest, &ours));
}

static void is_gone_before_the_call(void **state)
{
    struct lobby_guest guest;

    (void)state;
    assert_true(lobby_enter(&pcbs[0], &ours));
    reset(&pcbs[0]);
    assert_false(lobby_call(&guest, &ours));
}

/* While a place is looked for; the next one has the same pcb, and is not taken
 * for the one that is asked about. */
static void is_gone_after_the_call(void **state)
{
    struct lobby_guest guest;

    (void)state;
    assert_true(lobby_enter(&pcbs[0], &ours));
    assert_true(lobby_call(&guest, &ours));
    reset(&pcbs[0]);
    assert_true(lobby_enter(&pcbs[0], &ours));
    assert_null(lobby_leave(&guest));
    assert_true(lobby_call(&guest, &ours));
    assert_ptr_equal(lobby_leave(&guest), &pcbs[0]);
}

static void what_is_said_stays_with_lwip(void **state)
{
    struct lobby_guest guest;
    struct pbuf p = {.ref = 1};

    (void)state;
    assert_true(lobby_enter(&pcbs[0], &ours));
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(
            pcbs[0].recv(pcbs[0].callback_arg, &pcbs[0], &p, ERR_OK), ERR_MEM);
        (void)lobby_call(&guest, &ours);
    }
    assert_ptr_equal(lobby_leave(&guest), &pcbs[0]);
}

/* More than there are in lwIP's pool: its pcbs may be of the heap. */
static void is_full(void **state)
{
    struct lobby_guest guest;
    struct tcp_pcb *last = &pcbs[MEMP_NUM_TCP_PCB];

    (void)state;
    for (struct tcp_pcb *pcb = pcbs; pcb < last; pcb++) {
        assert_true(lobby_enter(pcb, &ours));
    }
    assert_false(lobby_enter(last, &ours));
    assert_null(last->errf);
    assert_true(lobby_call(&guest, &ours));
    assert_true(lobby_enter(last, &ours));
    assert_non_null(lobby_leave(&guest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(comes_and_leaves, begin),
        cmocka_unit_test_setup(is_gone_before_the_call, begin),
        cmocka_unit_test_setup(is_gone_after_the_call, begin),
        cmocka_unit_test_setup(what_is_said_stays_with_lwip, begin),
        cmocka_unit_test_setup(is_full, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
