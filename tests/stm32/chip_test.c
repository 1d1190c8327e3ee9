/* SPDX-License-Identifier: BSD-3-Clause */
/* The MAC address: of the ID, the whole ID. */
#include "chip.h"

#include "counts.h"
#include "id.h"
#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define CHIPS 20000

/* A lot's chips: one wafer, its places, few bits. */
static void chip_at(unsigned n)
{
    id_uid[0] = n % 150 << 16 | n / 150;
    id_uid[1] = 0x31395119;
    id_uid[2] = 0x20363354;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, 6);
}

static void address_is_ours_to_give(void **state)
{
    (void)state;
    model_begin(1);
    id_begin();
    for (unsigned n = 0; n < CHIPS; n++) {
        uint8_t mac[6], again[6];

        for (unsigned i = 0; i < 3; i++) {
            id_uid[i] = model_random(UINT32_MAX);
        }
        chip_mac(mac);
        assert_int_equal(mac[0] & 3, 2); /* local, of one station */
        chip_mac(again);
        assert_memory_equal(mac, again, 6);
    }
}

static void neighbours_have_others(void **state)
{
    static uint8_t macs[CHIPS][6];

    (void)state;
    model_begin(1);
    id_begin();
    for (unsigned n = 0; n < CHIPS; n++) {
        chip_at(n);
        chip_mac(macs[n]);
    }
    qsort(macs, CHIPS, 6, compare);
    for (unsigned n = 1; n < CHIPS; n++) {
        assert_memory_not_equal(macs[n - 1], macs[n], 6);
    }
}

static void every_bit_counts(void **state)
{
    uint8_t mac[6], other[6];

    (void)state;
    model_begin(1);
    id_begin();
    chip_at(1);
    chip_mac(mac);
    for (unsigned bit = 0; bit < 96; bit++) {
        id_uid[bit / 32] ^= 1u << bit % 32;
        chip_mac(other);
        id_uid[bit / 32] ^= 1u << bit % 32;
        assert_memory_not_equal(mac, other, 6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_is_ours_to_give),
        cmocka_unit_test(neighbours_have_others),
        cmocka_unit_test(every_bit_counts),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);

    print_counts();
    return rc;
}
