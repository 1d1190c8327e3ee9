/* SPDX-License-Identifier: BSD-3-Clause */
#include "spool_stage.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

/* Steps that clearing the log may take; more is a spool that does not end. */
#define PATIENCE 20000

/* --- the device --------------------------------------------------------- */

static void mount(struct stage *s)
{
    assert_int_equal(mx_spool_mount(&s->spool, &s->ram.block, &s->cfg), 0);
}

void stage_fresh(struct stage *s, const struct mx_block *geometry)
{
    block_ram_init(&s->ram, geometry, 0);
    mount(s);
}

void stage_remount(struct stage *s)
{
    block_ram_reboot(&s->ram);
    memset(&s->spool, 0xa5, sizeof s->spool);
    mount(s);
}

/* --- a sender ----------------------------------------------------------- */

struct mx_path stage_path(const char *text)
{
    return (struct mx_path){.text = {text, strlen(text)}};
}

struct mx_envelope stage_envelope(const char *from)
{
    return (struct mx_envelope){.mx_name = "mx.example.test",
                                .peer = "192.0.2.1",
                                .time_s = STAGE_TIME,
                                .reverse_path = stage_path(from)};
}

static bool is_done(int rc, int *turns)
{
    assert_true(++*turns < PATIENCE);
    return rc != MX_EAGAIN;
}

int stage_open(struct stage *s, uint32_t size)
{
    struct mx_envelope env = stage_envelope(STAGE_FROM);
    int turns = 0;
    int rc;

    env.size = size;
    do {
        rc = s->spool.sink.open(&s->spool.sink, &env);
    } while (!is_done(rc, &turns));
    return rc;
}

int stage_rcpt(struct stage *s, int msg, const char *to)
{
    struct mx_path path = stage_path(to);
    int turns = 0;
    int rc;

    do {
        rc = s->spool.sink.rcpt(&s->spool.sink, msg, &path);
    } while (!is_done(rc, &turns));
    return rc;
}

int stage_put(struct stage *s, int msg, const void *data, size_t len)
{
    const char *bytes = data;
    int turns = 0;

    for (size_t done = 0; done < len;) {
        int n =
            s->spool.sink.write(&s->spool.sink, msg, bytes + done, len - done);

        if (is_done(n, &turns)) {
            if (n < 0) {
                return n;
            }
            assert_in_range(n, 1, len - done);
            done += (size_t)n;
        }
    }
    return 0;
}

int stage_commit(struct stage *s, int msg)
{
    return s->spool.sink.commit(&s->spool.sink, msg);
}

void stage_abort(struct stage *s, int msg)
{
    s->spool.sink.abort(&s->spool.sink, msg);
}

/* What is there before anything is written has no number that could be
 * asked for; what is open has the next. */
int stage_deliver(struct stage *s, const void *data, size_t len)
{
    int msg = stage_open(s, (uint32_t)len);
    int number, rc;

    if (msg < 0) {
        return msg;
    }
    number = (int)s->spool.msg[msg].number;
    rc = stage_rcpt(s, msg, STAGE_TO);
    if (rc == 0) {
        rc = stage_put(s, msg, data, len);
    }
    if (rc != 0) {
        stage_abort(s, msg);
        return rc;
    }
    rc = stage_commit(s, msg);
    return rc == 0 ? number : rc;
}

/* --- bytes that tell whose they are ------------------------------------- */

static char byte_of(uint32_t number, size_t at)
{
    return (char)('a' + (number * 7 + at + at / 504) % 26);
}

int stage_deliver_some(struct stage *s, size_t len)
{
    static char text[BLOCK_RAM_MAX];
    uint32_t number = s->spool.number + 1;

    assert_true(len <= sizeof text);
    for (size_t i = 0; i < len; i++) {
        text[i] = byte_of(number, i);
    }
    return stage_deliver(s, text, len);
}

/* --- a reader ----------------------------------------------------------- */

size_t stage_read(struct stage *s, struct mx_spool_mail *mail, size_t step)
{
    uint32_t at = 0;
    int n;

    while ((n = mx_spool_read(&s->spool, mail, at, s->content + at, step)) >
           0) {
        at += (uint32_t)n;
        assert_true(at + step < sizeof s->content);
    }
    assert_int_equal(n, 0);
    s->content[at] = '\0';
    return at;
}

void stage_expect_some(struct stage *s, uint32_t number, size_t len)
{
    const size_t front = sizeof STAGE_ENVELOPE - 1;
    struct mx_spool_mail mail;

    assert_int_equal(mx_spool_find(&s->spool, number, &mail), 1);
    assert_int_equal(mail.number, number);
    assert_int_equal(mail.size, front + len);
    assert_int_equal(stage_read(s, &mail, 512), front + len);
    assert_memory_equal(s->content, STAGE_ENVELOPE, front);
    for (size_t i = 0; i < len; i++) {
        assert_int_equal(s->content[front + i], byte_of(number, i));
    }
}

void stage_expect_numbers(struct stage *s, const uint32_t *numbers)
{
    struct mx_spool_mail mail = {0};
    uint32_t count = 0;

    for (; numbers[count] != 0; count++) {
        assert_int_equal(mx_spool_next(&s->spool, &mail), 1);
        assert_int_equal(mail.number, numbers[count]);
    }
    assert_int_equal(mx_spool_next(&s->spool, &mail), 0);
    assert_int_equal(mx_spool_stats(&s->spool)->messages, count);
}

void stage_delete(struct stage *s, uint32_t number)
{
    struct mx_spool_mail mail;

    assert_int_equal(mx_spool_find(&s->spool, number, &mail), 1);
    assert_int_equal(mx_spool_delete(&s->spool, &mail), 0);
}
