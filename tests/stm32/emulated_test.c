/* SPDX-License-Identifier: BSD-3-Clause */
/* An emulator's chip, which faults when it is asked what it is: nobody asks. */
#include "chip.h"

#include "counts.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void nobody_asks(void **state)
{
    uint8_t mac[6];

    (void)state;
    model_begin(1); /* there is nothing, anywhere */
    chip_mac(mac);
    assert_int_equal(mac[0] & 3, 2);
    assert_null(chip_erratum());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_asks),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    print_counts();
    return rc;
}
