/* SPDX-License-Identifier: BSD-3-Clause */
/* Images of the first version of the format still mount: the bytes of
 * spool_v1_*.txt, which spool_image.c made once and nobody changes. */
#include "spool_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define DIGITS "01234567890123456789012345678901234567890123456789"
#define LONG_FROM                                                              \
    DIGITS DIGITS DIGITS "012345678901234567890123456789012345678901234"

static const struct expected {
    struct mx_spool_mail mail; /* its public part */
    struct mx_spool_envelope env;
    const char *front; /* of its data */
} expected[] = {
    {{.number = 1,
      .serial = 1,
      .size = 123,
      .envelope = 99,
      .time_s = 1795444080,
      .rcpts = 2,
      .flags = MX_MAIL_8BITMIME,
      .seen = true},
     {.peer = "IPv6:2001:db8::1", .from = "joe@example.test"},
     "Return-Path: <joe@example.test>\r\n"
     "Delivered-To: alice@example.test\r\n"
     "Delivered-To: joe@example.test\r\n"
     "Subject: 1\r\n\r\n.\r\nhello\r\n"},
    {{.number = 2, .serial = 3, .size = 617, .envelope = 17, .tls = true},
     {.peer = "IPv6:2001:db8::1",
      .tls = "TLSv1.3",
      .cipher = "TLS_AES_256_GCM_SHA384"},
     "Return-Path: <>\r\n0000 of the second\r\n0001 of the second\r\n"},
    {{.size = 319,
      .envelope = 302,
      .time_s = 1795444082,
      .rcpts = 1,
      .flags = MX_MAIL_SMTPUTF8 | MX_MAIL_REQUIRETLS},
     {.peer = "IPv6:2001:db8::1", .from = LONG_FROM},
     "Return-Path: <" DIGITS DIGITS DIGITS DIGITS
     "0123456789012345678901234567890123456789@example.test>\r\n"
     "Delivered-To: joe@example.test\r\n"
     "Subject: last\r\n\r\n"},
};

#define EXPECTED (sizeof expected / sizeof *expected)

/* The images, and the number and commit of the last message in each. */
static const struct image {
    const char *path;
    size_t geometry;
    uint32_t last, serial;
} images[] = {
    {SPOOL_V1 "_card.txt", 0, 13, 12},
    {SPOOL_V1 "_flash.txt", 1, 12, 11},
};

static struct stage stage;

/* A row stands for itself, and for those behind it up to the next. */
static void load(const struct image *image)
{
    FILE *file = fopen(image->path, "r");
    unsigned at = 0, next;
    char hex[33] = "";

    assert_non_null(file);
    block_ram_init(&stage.ram, &block_ram_geometry[image->geometry], 0);
    while (fscanf(file, "%x", &next) == 1) {
        for (; at < next; at++) {
            unsigned byte;

            assert_int_equal(sscanf(hex + at % 16 * 2, "%2x", &byte), 1);
            stage.ram.now[at] = (uint8_t)byte;
        }
        (void)!fscanf(file, "%32s", hex);
    }
    fclose(file);
    assert_int_equal(at,
                     stage.ram.block.block_size * stage.ram.block.block_count);
    block_ram_settle(&stage.ram);
}

static void look_at(const struct expected *e, const struct image *image,
                    struct mx_spool_mail *mail)
{
    bool last = e == &expected[EXPECTED - 1];
    struct mx_spool_envelope env;

    assert_int_equal(mx_spool_next(&stage.spool, mail), 1);
    assert_int_equal(mail->number, last ? image->last : e->mail.number);
    assert_int_equal(mail->serial, last ? image->serial : e->mail.serial);
    assert_int_equal(mail->size, e->mail.size);
    assert_int_equal(mail->envelope, e->mail.envelope);
    assert_int_equal(mail->time_s, e->mail.time_s);
    assert_int_equal(mail->rcpts, e->mail.rcpts);
    assert_int_equal(mail->flags, e->mail.flags);
    assert_int_equal(mail->tls, e->mail.tls);
    assert_int_equal(mail->seen, e->mail.seen);
    assert_int_equal(mx_spool_envelope(&stage.spool, mail, &env), 0);
    assert_string_equal(env.peer, e->env.peer);
    assert_string_equal(env.tls, e->env.tls);
    assert_string_equal(env.cipher, e->env.cipher);
    assert_string_equal(env.from, e->env.from);
    assert_int_equal(stage_read(&stage, mail, 512), e->mail.size);
    assert_memory_equal(stage.content, e->front, strlen(e->front));
}

static void is_as_expected(const struct image *image)
{
    const struct mx_spool_stats *stats = mx_spool_stats(&stage.spool);
    struct mx_spool_mail mail = {0};

    for (size_t i = 0; i < EXPECTED; i++) {
        look_at(&expected[i], image, &mail);
    }
    assert_int_equal(mx_spool_next(&stage.spool, &mail), 0);
    assert_int_equal(stats->messages, EXPECTED);
    assert_int_equal(stats->unseen, EXPECTED - 1);
    assert_int_equal(stats->damaged, 0);
    assert_int_equal(stats->bad, 0);
}

static void reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        load(&images[i]);
        stage.cfg.read_only = true;
        stage_remount(&stage);
        is_as_expected(&images[i]);
        assert_int_equal(stage.ram.count, 0);
    }
    stage.cfg.read_only = false;
}

/* And goes on from there. */
static void writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        uint32_t next = images[i].last + 1;

        load(&images[i]);
        stage_remount(&stage);
        is_as_expected(&images[i]);
        assert_int_equal(stage_deliver_some(&stage, 3000), next);
        stage_delete(&stage, 2);
        stage_remount(&stage);
        stage_expect_numbers(&stage, (uint32_t[]){1, images[i].last, next, 0});
        stage_expect_some(&stage, next, 3000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads),
        cmocka_unit_test(writes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
