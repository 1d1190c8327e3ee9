/* SPDX-License-Identifier: BSD-3-Clause */
/* An F767 tells of its revision A, and of no other. */
#include "chip.h"

#include "counts.h"
#include "id.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const char *of(uint32_t code)
{
    model_begin(1);
    id_begin();
    id_code = code;
    return chip_erratum();
}

static void only_revision_a(void **state)
{
    (void)state;
    assert_non_null(of(0x10000451));
    assert_non_null(of(0x1000f451)); /* bits 15 to 12 are reserved */
    assert_null(of(0x10010451));     /* Z */
    assert_null(of(0x10000449));     /* F74x */
    assert_null(of(0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_revision_a),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    print_counts();
    return rc;
}
