/* SPDX-License-Identifier: BSD-3-Clause */
/* Bits that turn, and blocks that fail: what they cost. */
#include "spool_stage.h"

#include "store/spool.h"
#include "tinymx/err.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define MESSAGES 12
#define LENGTH 1800

static struct stage stage;

static void fresh(const struct mx_block *geometry)
{
    stage_fresh(&stage, geometry);
    for (int i = 1; i <= MESSAGES; i++) {
        assert_int_equal(stage_deliver_some(&stage, LENGTH), i);
    }
}

static void turn_bit(size_t at)
{
    stage.ram.now[at] ^= 0x10;
    stage.ram.kept[at] ^= 0x10;
}

static size_t segment_bytes(void)
{
    return (size_t)stage.spool.segment_pages * MX_SPOOL_PAGE;
}

/* Every message but one is whole. */
static void expect_all_but(uint32_t one)
{
    for (uint32_t i = 1; i <= MESSAGES; i++) {
        if (i != one) {
            stage_expect_some(&stage, i, LENGTH);
        }
    }
}

/* A page: reading stops there and says so, the rest of the world goes on. */
static void damaged_data(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_spool_mail mail;

        fresh(g);
        assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 1);
        turn_bit((size_t)mail.first * MX_SPOOL_PAGE + 300);
        stage_remount(&stage);
        assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 1);
        assert_int_equal(
            mx_spool_read(&stage.spool, &mail, 0, stage.content, 504),
            MX_EFORMAT);
        assert_int_equal(mx_spool_check(&stage.spool, &mail), MX_EFORMAT);
        expect_all_but(5);
        stage_delete(&stage, 5);
    }
}

/* A link leads anywhere, out of the device too. */
static void damaged_link(void **state)
{
    (void)state;
    for (size_t byte = 4; byte < 8; byte++) {
        struct mx_spool_mail mail;

        fresh(&block_ram_geometry[1]);
        assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 1);
        turn_bit((size_t)mail.first * MX_SPOOL_PAGE + byte);
        stage_remount(&stage);
        assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 1);
        assert_int_equal(mx_spool_check(&stage.spool, &mail), MX_EFORMAT);
        expect_all_but(5);
    }
}

/* When it would have to move, it is lost, and counted; nothing stops. */
static void damaged_data_does_not_move(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_spool_mail mail;

        fresh(g);
        assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 1);
        turn_bit((size_t)mail.first * MX_SPOOL_PAGE + 300);
        stage_remount(&stage);
        while (mx_spool_stats(&stage.spool)->moved < 2 * MESSAGES) {
            int n = stage_deliver_some(&stage, LENGTH);

            assert_true(n > 0);
            stage_delete(&stage, (uint32_t)n);
        }
        assert_int_equal(mx_spool_stats(&stage.spool)->lost, 1);
        assert_int_equal(mx_spool_stats(&stage.spool)->messages, MESSAGES - 1);
        expect_all_but(5);
    }
}

/* A head, wherever the bit is: that message, and it is counted. */
static void damaged_head(void **state)
{
    (void)state;
    for (size_t byte = 0; byte < 384; byte++) {
        struct mx_spool_mail mail;
        uint32_t damaged = byte < 4 || (byte >= 20 && byte < 24) ? 0 : 1;

        fresh(&block_ram_geometry[byte % 4]);
        assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 1);
        turn_bit((size_t)mail.head * MX_SPOOL_PAGE + byte);
        stage_remount(&stage);
        assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 0);
        assert_int_equal(mx_spool_stats(&stage.spool)->damaged, damaged);
        expect_all_but(5);
    }
}

/* A label, of any segment: nothing is lost, and it is counted. */
static void damaged_label(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        uint32_t segments;

        fresh(g);
        segments = stage.spool.segments;
        for (uint32_t i = 0; i < segments; i++) {
            fresh(g);
            turn_bit(i * segment_bytes() + 100);
            stage_remount(&stage);
            assert_int_equal(mx_spool_stats(&stage.spool)->messages, MESSAGES);
            expect_all_but(0);
            assert_true(stage_deliver_some(&stage, 100) > MESSAGES);
            stage_remount(&stage);
            expect_all_but(0);
        }
    }
}

/* A failing operation, whichever it is, is said to the one whose message it
 * was; nothing that was taken before suffers, and the next try goes well. */
static void one_failure(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        for (unsigned at = 1;; at++) {
            unsigned count;
            int rc;

            fresh(g);
            count = stage.ram.count;
            stage.ram.fail_at = count + at;
            rc = stage_deliver_some(&stage, LENGTH);
            if (stage.ram.count < stage.ram.fail_at) {
                break; /* it was behind the message's end */
            }
            assert_true(rc == MX_EIO || rc == MESSAGES + 1);
            stage_remount(&stage);
            assert_int_equal(mx_spool_stats(&stage.spool)->messages,
                             MESSAGES + (rc > 0 ? 1 : 0));
            expect_all_but(0);
            assert_true(stage_deliver_some(&stage, LENGTH) > 0);
        }
    }
}

/* A message that lies in two segments; what was tried before it is deleted. */
static uint32_t deliver_across(size_t len)
{
    struct mx_spool_mail mail;
    uint32_t number;
    size_t other = 0;

    do {
        assert_true(other < LENGTH);
        stage_delete(&stage,
                     (uint32_t)stage_deliver_some(&stage, other += 100));
        number = (uint32_t)stage_deliver_some(&stage, len);
        assert_int_equal(mx_spool_find(&stage.spool, number, &mail), 1);
        if (mail.head / stage.spool.segment_pages == stage.spool.head) {
            stage_delete(&stage, number);
        }
    } while (mail.head / stage.spool.segment_pages == stage.spool.head);
    return number;
}

/* The newest one, and only data of a message that began before it is behind it:
 * nobody writes over that. */
static void damaged_label_of_data(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        uint32_t number;

        stage_fresh(&stage, g);
        number = deliver_across(3000);
        turn_bit(stage.spool.head * segment_bytes() + 100);
        for (unsigned i = 0; i < 3; i++) {
            stage_remount(&stage);
            assert_true(stage_deliver_some(&stage, 100) > 0);
            stage_expect_some(&stage, number, 3000);
        }
    }
}

/* A dump of flash in a file, which is read in larger pieces than flash was, and
 * the page of a head cannot be: that message alone is lost. */
static void unreadable_in_a_dump(void **state)
{
    struct mx_spool_mail mail;

    (void)state;
    fresh(&block_ram_geometry[1]);
    assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 1);
    block_ram_reboot(&stage.ram);
    stage.ram.state[mail.head * MX_SPOOL_PAGE / BLOCK_RAM_UNIT] =
        UNIT_UNREADABLE;
    stage.ram.block.read_size = stage.ram.block.prog_size = MX_SPOOL_PAGE;
    assert_int_equal(
        mx_spool_mount(&stage.spool, &stage.ram.block,
                       &(struct mx_spool_config){.read_only = true}),
        0);
    assert_int_equal(mx_spool_find(&stage.spool, 5, &mail), 0);
    expect_all_but(5);
}

/* Any read of a mount fails once: nothing is lost by that, not even at the next
 * mount. */
static void read_fails_once(void **state)
{
    static struct block_ram before;

    (void)state;
    FOR_GEOMETRIES(g)
    {
        unsigned reads = 0;
        bool failed;

        fresh(g);
        before = stage.ram;
        do {
            stage.ram = before;
            stage.ram.fail_read = ++reads;
            stage_remount(&stage);
            failed = stage.ram.fail_read == 0;
            stage.ram.fail_read = 0;
            stage_remount(&stage);
            expect_all_but(0);
        } while (failed);
        assert_true(reads > MESSAGES);
    }
}

/* In all labels a number is the highest there is. */
static void set_in_labels(size_t field)
{
    for (uint32_t i = 0; i < stage.spool.segments; i++) {
        uint8_t *label = stage.ram.now + i * segment_bytes();

        if (memcmp(label, "tmxspool", 8) == 0) {
            le_put(label + field, 4, UINT32_MAX);
            le_put(label + SPOOL_LABEL_CRC, 4,
                   crc32c(0, label, SPOOL_LABEL_CRC));
        }
    }
    block_ram_reboot(&stage.ram);
}

/* A label that says so was made by somebody: nothing is taken that would not be
 * found again. */
static void numbers_run_out(void **state)
{
    static const size_t fields[] = {SPOOL_LABEL_SEQ, SPOOL_LABEL_NUMBER};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        FOR_GEOMETRIES(g)
        {
            fresh(g);
            set_in_labels(fields[i]);
            stage_remount(&stage);
            assert_int_equal(stage_deliver_some(&stage, 100), MX_ENOSPC);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_data),
        cmocka_unit_test(damaged_link),
        cmocka_unit_test(damaged_data_does_not_move),
        cmocka_unit_test(damaged_head),
        cmocka_unit_test(damaged_label),
        cmocka_unit_test(damaged_label_of_data),
        cmocka_unit_test(unreadable_in_a_dump),
        cmocka_unit_test(read_fails_once),
        cmocka_unit_test(numbers_run_out),
        cmocka_unit_test(one_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
