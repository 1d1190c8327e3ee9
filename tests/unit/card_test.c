/* SPDX-License-Identifier: BSD-3-Clause */
/* Mail on a card: what is on it, and what is on it after the power went in any
 * operation. */
#include "block_ram.h"

#include "test_port.h"
#include "tinymx/card.h"
#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define MESSAGE_MAX 4096

static struct block_ram ram;
static struct mx_card card;
static char content[32768];

/* --- a sender's calls in short ------------------------------------------ */

static struct mx_path path_of(const char *text)
{
    return (struct mx_path){.text = {text, strlen(text)}};
}

static struct mx_envelope envelope(const char *from)
{
    return (struct mx_envelope){.mx_name = "mx.example.test",
                                .peer = "192.0.2.1",
                                .time_s = 1795444080,
                                .reverse_path = path_of(from)};
}

static int open_from(const char *from)
{
    struct mx_envelope env = envelope(from);

    return card.sink.open(&card.sink, &env);
}

static int add_rcpt(int msg, const char *text)
{
    struct mx_path path = path_of(text);

    return card.sink.rcpt(&card.sink, msg, &path);
}

static int put(int msg, const void *data, size_t len)
{
    return card.sink.write(&card.sink, msg, data, len);
}

static int commit(int msg)
{
    return card.sink.commit(&card.sink, msg);
}

static void abort_message(int msg)
{
    card.sink.abort(&card.sink, msg);
}

static void must_deliver(const char *from, const char *text)
{
    int msg = open_from(from);

    assert_true(msg >= 0);
    assert_int_equal(add_rcpt(msg, "joe@example.test"), 0);
    assert_int_equal(put(msg, text, strlen(text)), (int)strlen(text));
    assert_int_equal(commit(msg), 0);
}

static void mount(void)
{
    assert_int_equal(mx_card_mount(&card, &ram.block, MESSAGE_MAX), 0);
}

static void fresh(const struct mx_block *geometry)
{
    block_ram_init(&ram, geometry, 0);
    mount();
}

static void remount(void)
{
    block_ram_reboot(&ram);
    memset(&card, 0xa5, sizeof card);
    mount();
}

/* The whole data, read in pieces of `step`. */
static size_t read_all(const struct mx_card_mail *mail, size_t step)
{
    uint32_t at = 0;
    int n;

    while ((n = mx_card_read(&card, mail, at, content + at, step)) > 0) {
        at += (uint32_t)n;
        assert_true(at + step < sizeof content);
    }
    assert_int_equal(n, 0);
    content[at] = '\0';
    return at;
}

static unsigned count_mails(void)
{
    struct mx_card_mail mail = {0};
    unsigned n = 0;

    while (mx_card_next(&card, &mail) > 0) {
        n++;
    }
    return n;
}

#define FOR_GEOMETRIES(g)                                                      \
    for (const struct mx_block *g = block_ram_geometry; g->block_size != 0; g++)

/* --- what is on it ------------------------------------------------------ */

static void delivers_whole(void **state)
{
    static const char want[] = "Return-Path: <a@b.test>\r\n"
                               "Delivered-To: joe@example.test\r\n"
                               "Delivered-To: alice@example.test\r\n"
                               "Received: x\r\n\r\nhello\r\n";
    static const struct mx_tls_facts tls = {.version = "TLSv1.3"};

    (void)state;
    FOR_GEOMETRIES(g)
    {
        struct mx_envelope env = envelope("a@b.test");
        struct mx_card_mail mail = {0};
        int msg;

        fresh(g);
        env.tls = &tls;
        env.flags = MX_MAIL_SMTPUTF8;
        msg = card.sink.open(&card.sink, &env);
        assert_true(msg >= 0);
        assert_int_equal(add_rcpt(msg, "joe@example.test"), 0);
        assert_int_equal(add_rcpt(msg, "alice@example.test"), 0);
        assert_int_equal(put(msg, "Received: x\r\n\r\nhello\r\n", 22), 22);
        assert_int_equal(count_mails(), 0);
        assert_int_equal(commit(msg), 0);
        for (int round = 0; round < 2; round++) {
            memset(&mail, 0, sizeof mail);
            assert_int_equal(mx_card_next(&card, &mail), 1);
            assert_int_equal(mail.number, 1);
            assert_int_equal(mail.size, sizeof want - 1);
            assert_int_equal(mail.time_s, 1795444080);
            assert_int_equal(mail.rcpts, 2);
            assert_int_equal(mail.flags, MX_MAIL_SMTPUTF8);
            assert_true(mail.tls);
            assert_string_equal(mail.peer, "192.0.2.1");
            assert_string_equal(mail.from, "a@b.test");
            assert_int_equal(mx_card_check(&card, &mail), 0);
            assert_int_equal(read_all(&mail, 512), sizeof want - 1);
            assert_string_equal(content, want);
            assert_int_equal(mx_card_next(&card, &mail), 0);
            assert_int_equal(mx_card_next(&card, &mail), 0);
            remount();
        }
    }
}

/* Every length around a record's end, written in every way of two parts. */
static void any_length(void **state)
{
    static char text[1200];
    const size_t front = sizeof "Return-Path: <>\r\n" - 1;

    (void)state;
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i % 26);
    }
    for (size_t len = 512 - front - 2; len < 512 - front + 3; len++) {
        for (size_t k = 0; k <= len; k += 7) {
            struct mx_card_mail mail = {0};
            int msg;

            fresh(&block_ram_geometry[k % 2]);
            msg = open_from("");
            assert_int_equal(put(msg, text, k), (int)k);
            assert_int_equal(put(msg, text + k, len - k), (int)(len - k));
            assert_int_equal(commit(msg), 0);
            assert_int_equal(mx_card_next(&card, &mail), 1);
            assert_string_equal(mail.from, "");
            assert_int_equal(read_all(&mail, 1 + k), front + len);
            assert_memory_equal(content + front, text, len);
            assert_int_equal(mx_card_check(&card, &mail), 0);
        }
    }
}

/* A sender of any length: the whole in the data, in the listing what fits. */
static void long_senders(void **state)
{
    static char from[600];

    (void)state;
    for (size_t len = 1; len < sizeof from; len++) {
        struct mx_card_mail mail = {0};

        if (len % 40 > 2 && (len < 495 || len > 500)) {
            continue;
        }
        memset(from, 'x', len);
        from[len] = '\0';
        fresh(&block_ram_geometry[0]);
        must_deliver(from, "x\r\n");
        assert_int_equal(mx_card_next(&card, &mail), 1);
        assert_int_equal(strlen(mail.from),
                         len < MX_CARD_FROM ? len : MX_CARD_FROM - 1);
        assert_memory_equal(mail.from, from, strlen(mail.from));
        read_all(&mail, 512);
        assert_memory_equal(content + 14, from, len);
        assert_memory_equal(content + 14 + len, ">\r\n", 3);
    }
}

static void two_at_once(void **state)
{
    char text[1000];

    (void)state;
    memset(text, 'y', sizeof text);
    FOR_GEOMETRIES(g)
    {
        struct mx_card_mail mail = {0};
        int a, b;

        fresh(g);
        a = open_from("a@b.test");
        b = open_from("c@d.test");
        assert_int_not_equal(a, b);
        assert_int_equal(open_from("e@f.test"), MX_EAGAIN);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(put(a, "first\r\n", 7), 7);
            assert_int_equal(put(b, text, sizeof text), sizeof text);
        }
        assert_int_equal(mx_card_next(&card, &mail), MX_EAGAIN);
        assert_int_equal(mx_card_check(&card, &mail), MX_EAGAIN);
        assert_int_equal(mx_card_read(&card, &mail, 0, text, 1), MX_EAGAIN);
        assert_int_equal(commit(b), 0);
        assert_int_equal(commit(a), 0);
        remount();
        assert_int_equal(mx_card_next(&card, &mail), 1);
        assert_string_equal(mail.from, "a@b.test");
        assert_int_equal(mail.number, 2);
        assert_int_equal(mx_card_check(&card, &mail), 0);
        read_all(&mail, 512);
        assert_string_equal(content, "Return-Path: <a@b.test>\r\n"
                                     "first\r\nfirst\r\nfirst\r\n");
        assert_int_equal(mx_card_next(&card, &mail), 1);
        assert_string_equal(mail.from, "c@d.test");
        assert_int_equal(mail.number, 1);
        assert_int_equal(mx_card_check(&card, &mail), 0);
        must_deliver("e@f.test", "x");
        assert_int_equal(card.number, 3);
    }
}

/* Slots of what was aborted come back, at once and after a mount, whatever had
 * been written there. */
static void abort_leaves_nothing(void **state)
{
    static char text[MESSAGE_MAX];

    (void)state;
    FOR_GEOMETRIES(g)
    {
        fresh(g);
        for (unsigned i = 0; i < 3 * card.slots; i++) {
            int other = open_from("c@d.test");
            int msg = open_from("a@b.test");

            assert_true(msg >= 0 && other >= 0);
            memset(text, (int)i, sizeof text);
            assert_int_equal(put(msg, text, i * 700 % sizeof text),
                             (int)(i * 700 % sizeof text));
            abort_message(i % 2 ? msg : other);
            abort_message(i % 2 ? other : msg);
        }
        assert_int_equal(count_mails(), 0);
        assert_int_equal(card.lowest, 0);
        remount();
        assert_int_equal(count_mails(), 0);
        assert_int_equal(card.lowest, 0);
        must_deliver("a@b.test", "x");
        assert_int_equal(count_mails(), 1);
    }
}

/* A slot that is being written is not given away, though one below it came
 * back. */
static void slots_of_open_messages(void **state)
{
    struct mx_card_mail mail = {0};
    int a, b;

    (void)state;
    fresh(&block_ram_geometry[0]);
    a = open_from("a@b.test");
    b = open_from("c@d.test");
    abort_message(a);
    must_deliver("e@f.test", "x");
    must_deliver("g@h.test", "x");
    assert_int_equal(commit(b), 0);
    assert_int_equal(mx_card_next(&card, &mail), 1);
    assert_string_equal(mail.from, "e@f.test");
    assert_int_equal(mx_card_next(&card, &mail), 1);
    assert_string_equal(mail.from, "c@d.test");
    assert_int_equal(mx_card_next(&card, &mail), 1);
    assert_string_equal(mail.from, "g@h.test");
    assert_int_equal(mx_card_next(&card, &mail), 0);
}

/* A full card refuses, and goes on refusing; nothing is written over. */
static void full(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        unsigned slots;

        fresh(g);
        slots = card.slots;
        assert_true(slots > 1);
        for (unsigned i = 0; i < slots - 1; i++) {
            must_deliver("a@b.test", "x");
        }
        int last = open_from("a@b.test");
        assert_int_equal(open_from("a@b.test"), MX_ENOSPC);
        assert_int_equal(commit(last), 0);
        assert_int_equal(open_from("a@b.test"), MX_ENOSPC);
        remount();
        assert_int_equal(open_from("a@b.test"), MX_ENOSPC);
        assert_int_equal(count_mails(), slots);
        assert_int_equal(card.used, slots);
        assert_int_equal(mx_card_format(&card, &ram.block, MESSAGE_MAX), 0);
        remount();
        assert_int_equal(count_mails(), 0);
        must_deliver("a@b.test", "x");
        assert_int_equal(card.number, 1);
    }
}

static void too_big(void **state)
{
    static char text[BLOCK_RAM_MAX];
    static char rcpt[512];
    struct mx_envelope env = envelope("a@b.test");
    struct mx_card_mail mail = {0};
    size_t before;
    int msg;

    (void)state;
    fresh(&block_ram_geometry[0]);
    env.size = card.room + 1;
    assert_int_equal(card.sink.open(&card.sink, &env), MX_E2BIG);
    assert_true(card.room >= MESSAGE_MAX + MX_CARD_TRACE);
    msg = open_from("");
    before = card.room - (sizeof "Return-Path: <>\r\n" - 1);
    assert_int_equal(put(msg, text, before + 1), MX_E2BIG);
    assert_int_equal(put(msg, text, before - 10), before - 10);
    memset(rcpt, 'x', sizeof rcpt - 1);
    assert_int_equal(add_rcpt(msg, rcpt), MX_E2BIG); /* still open, without */
    assert_int_equal(put(msg, "0123456789", 10), 10);
    assert_int_equal(put(msg, "0", 1), MX_E2BIG);
    assert_int_equal(commit(msg), 0);
    assert_int_equal(mx_card_next(&card, &mail), 1);
    assert_int_equal(mail.size, card.room);
    assert_int_equal(mail.rcpts, 0);
    assert_int_equal(mx_card_check(&card, &mail), 0);
}

/* --- what is not a card ------------------------------------------------- */

static int mount_with(const struct mx_block *geometry)
{
    block_ram_init(&ram, geometry, 0);
    return mx_card_mount(&card, &ram.block, MESSAGE_MAX);
}

static void wrong_devices(void **state)
{
    struct mx_block g = block_ram_geometry[0];

    (void)state;
    g.block_count = 1;
    assert_int_equal(mount_with(&g), MX_ENOSPC);
    g.block_count = (MESSAGE_MAX + MX_CARD_TRACE) / 512 + 1;
    assert_int_equal(mount_with(&g), MX_ENOSPC);
    g.block_count++;
    assert_int_equal(mount_with(&g), 0);
    assert_int_equal(card.slots, 1);
    g.prog_size = 1024;
    assert_int_equal(mount_with(&g), MX_EINVAL);
    g = block_ram_geometry[0];
    g.read_size = 1024;
    assert_int_equal(mount_with(&g), MX_EINVAL);
    g = block_ram_geometry[0];
    g.block_size = 256;
    assert_int_equal(mount_with(&g), MX_EINVAL);
    block_ram_init(&ram, &block_ram_geometry[0], 0);
    assert_int_equal(mx_card_mount(&card, &ram.block, UINT32_MAX), MX_EINVAL);
}

/* Only what is blank is formatted unasked. */
static void foreign_content(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        static const uint8_t blanks[] = {0, 0xff};

        for (size_t i = 0; i < sizeof blanks; i++) {
            block_ram_init(&ram, g, blanks[i]);
            mount();
        }
        block_ram_init(&ram, g, 'x');
        assert_int_equal(mx_card_mount(&card, &ram.block, MESSAGE_MAX),
                         MX_EFORMAT);
        block_ram_init(&ram, g, 0);
        ram.now[511] = 1;
        assert_int_equal(mx_card_mount(&card, &ram.block, MESSAGE_MAX),
                         MX_EFORMAT);
        assert_int_equal(ram.count, 0); /* nothing was written */
        assert_int_equal(mx_card_format(&card, &ram.block, MESSAGE_MAX), 0);
        mount();
    }
}

/* A label that was changed is not believed, wherever the change is. */
static void damaged_label(void **state)
{
    (void)state;
    for (size_t i = 0; i < MX_CARD_RECORD; i++) {
        fresh(&block_ram_geometry[0]);
        ram.now[i] ^= 0x10;
        assert_int_equal(mx_card_mount(&card, &ram.block, MESSAGE_MAX),
                         MX_EFORMAT);
    }
}

/* A header that was changed is reported, its slot kept, and others stay. A
 * magic that was changed is no header any more. */
static void damaged_header(void **state)
{
    (void)state;
    for (size_t i = 8; i < MX_CARD_RECORD; i++) {
        struct mx_card_mail mail = {0};
        const size_t at = 512; /* block 1 of this geometry */

        fresh(&block_ram_geometry[0]);
        must_deliver("a@b.test", "x");
        must_deliver("c@d.test", "x");
        ram.now[at + i] ^= 0x10;
        mount();
        assert_int_equal(card.used, 1);
        assert_int_equal(card.damaged, 1);
        assert_int_equal(mx_card_next(&card, &mail), MX_EFORMAT);
        assert_int_equal(mx_card_next(&card, &mail), 1);
        assert_string_equal(mail.from, "c@d.test");
        assert_int_equal(mx_card_next(&card, &mail), 0);
        must_deliver("e@f.test", "x");
        ram.now[at + i] ^= 0x10;
        mount();
        assert_int_equal(count_mails(), 3);
    }
}

static void damaged_data(void **state)
{
    struct mx_card_mail mail = {0};

    (void)state;
    fresh(&block_ram_geometry[0]);
    must_deliver("a@b.test", "hello\r\n");
    assert_int_equal(mx_card_next(&card, &mail), 1);
    for (size_t i = 0; i < mail.size; i++) {
        ram.now[512 + MX_CARD_RECORD + i] ^= 1;
        assert_int_equal(mx_card_check(&card, &mail), MX_EFORMAT);
        ram.now[512 + MX_CARD_RECORD + i] ^= 1;
    }
    assert_int_equal(mx_card_check(&card, &mail), 0);
}

/* --- a device that fails ------------------------------------------------ */

/* Each operation of a delivery fails once: the sender is told, nothing is to
 * be seen, also after a mount, and the next delivery works. */
static void each_operation_fails(void **state)
{
    static char text[1500];
    unsigned failures = 0;

    (void)state;
    memset(text, 'x', sizeof text);
    FOR_GEOMETRIES(g)
    {
        for (unsigned at = 1;; at++) {
            int msg, rc;

            fresh(g);
            msg = open_from("a@b.test");
            assert_true(msg >= 0);
            ram.fail_at = ram.count + at;
            rc = put(msg, text, sizeof text);
            if (rc < 0) {
                assert_int_equal(rc, MX_EIO);
                assert_int_equal(put(msg, "x", 1), MX_EIO);
                assert_int_equal(add_rcpt(msg, "a@b.test"), MX_EIO);
                abort_message(msg);
            } else {
                rc = commit(msg);
            }
            if (ram.count < ram.fail_at) {
                assert_int_equal(rc, 0);
                break;
            }
            failures++;
            assert_int_equal(rc < 0 ? MX_EIO : rc, MX_EIO);
            assert_int_equal(count_mails(), 0);
            must_deliver("c@d.test", "x");
            remount();
            assert_int_equal(count_mails(), 1);
        }
    }
    assert_true(failures > 20);
}

/* A commit after an error that nobody minded is no commit. */
static void error_sticks(void **state)
{
    static char text[1500];
    int msg;

    (void)state;
    fresh(&block_ram_geometry[0]);
    msg = open_from("a@b.test");
    ram.fail_at = ram.count + 1;
    assert_int_equal(put(msg, text, sizeof text), MX_EIO);
    assert_int_equal(commit(msg), MX_EIO);
    assert_int_equal(count_mails(), 0);
    assert_int_equal(open_from("a@b.test"), msg); /* its place is free */
}

static void dead_device(void **state)
{
    (void)state;
    fresh(&block_ram_geometry[0]);
    must_deliver("a@b.test", "x");
    memset(ram.state + 512 / BLOCK_RAM_UNIT, UNIT_UNREADABLE,
           sizeof ram.state - 512 / BLOCK_RAM_UNIT);
    assert_int_equal(mx_card_mount(&card, &ram.block, MESSAGE_MAX), MX_EIO);
    ram.dark = true;
    assert_int_equal(mx_card_mount(&card, &ram.block, MESSAGE_MAX), MX_EIO);
}

/* --- power cuts --------------------------------------------------------- */

#define MESSAGES 5

/* Which messages of the workload were said to be stored, and which may be: the
 * power went during their commit. */
static bool stored[MESSAGES], maybe[MESSAGES];

static size_t text_of(unsigned n, char *text)
{
    static const size_t length[MESSAGES] = {0, 600, 1, 1500, 470};

    for (size_t i = 0; i < length[n]; i++) {
        text[i] = (char)('a' + (i + 5 * n) % 26);
    }
    return length[n];
}

/* The sender says which it is. */
static int begin_message(unsigned n)
{
    char from[] = "0@b.test";

    from[0] = (char)('0' + n);
    return open_from(from);
}

static bool write_message(unsigned n, int msg)
{
    char text[2000];
    size_t len = text_of(n, text);

    return msg >= 0 && put(msg, text, len) == (int)len;
}

static void end_message(unsigned n, int msg)
{
    bool dark = ram.dark;

    stored[n] = commit(msg) == 0;
    maybe[n] = !dark && ram.dark;
}

/* Message 0 alone; 1 and 2 at once, 2 first; 3 aborted; 4 alone. After the
 * power went every call fails, as it would be if the program still ran. */
static void workload(void)
{
    int a, b;

    memset(stored, 0, sizeof stored);
    memset(maybe, 0, sizeof maybe);
    a = begin_message(0);
    if (write_message(0, a)) {
        end_message(0, a);
    }
    a = begin_message(1);
    b = begin_message(2);
    if (write_message(1, a) && write_message(2, b)) {
        end_message(2, b);
        end_message(1, a);
    }
    a = begin_message(3);
    if (write_message(3, a)) {
        abort_message(a);
    }
    a = begin_message(4);
    if (write_message(4, a)) {
        end_message(4, a);
    }
}

/* Every message on the card is one of ours, whole, and once; all that were
 * stored are there. At most one header may be damaged: the one being written. */
static void compare(void)
{
    bool found[MESSAGES] = {false};
    struct mx_card_mail mail = {0};
    unsigned damaged = 0, numbers = 0;
    int rc;

    while ((rc = mx_card_next(&card, &mail)) != 0) {
        char text[2000];
        const size_t front = sizeof "Return-Path: <0@b.test>\r\n" - 1;

        assert_int_not_equal(rc, MX_EAGAIN);
        if (rc < 0) {
            damaged++;
            continue;
        }
        unsigned n = (unsigned)(mail.from[0] - '0');
        assert_true(n < MESSAGES && !found[n]);
        found[n] = true;
        assert_int_equal(numbers & 1u << mail.number, 0);
        numbers |= 1u << mail.number;
        assert_int_equal(mx_card_check(&card, &mail), 0);
        size_t len = text_of(n, text);
        assert_int_equal(read_all(&mail, 512), front + len);
        assert_memory_equal(content + front, text, len);
    }
    assert_true(damaged <= 1);
    assert_int_equal(card.damaged, damaged);
    for (unsigned n = 0; n < MESSAGES; n++) {
        assert_true(found[n] || !stored[n]);
        assert_true(!found[n] || stored[n] || maybe[n]);
        assert_true(damaged == 0 || stored[n] || maybe[n] || !found[n]);
    }
}

static unsigned cut(const struct mx_block *g, unsigned at,
                    enum block_ram_torn torn, uint32_t seed)
{
    unsigned count;

    fresh(g);
    /* What was there before is no blank card. */
    must_deliver("9@b.test", "");
    assert_int_equal(mx_card_format(&card, &ram.block, MESSAGE_MAX), 0);
    mount();
    ram.count = 0;
    ram.cut_at = at;
    ram.torn = torn;
    ram.seed = seed;
    workload();
    count = ram.count;
    remount();
    compare();
    must_deliver("9@b.test", "x"); /* and it goes on */
    return count;
}

static void power_cuts(void **state)
{
    unsigned cuts = 0;

    (void)state;
    FOR_GEOMETRIES(g)
    {
        unsigned whole = cut(g, 0, TORN_OLD, 1);

        assert_true(whole > 15);
        for (unsigned at = 1; at <= whole; at++) {
            for (unsigned way = 0; way < TORN_WAYS * 8; way++) {
                cut(g, at, (enum block_ram_torn)(way % TORN_WAYS), way);
                cuts++;
            }
        }
    }
    print_message("%u power cuts\n", cuts);
}

/* A card is never left half formatted with some of its mail showing: it is as
 * it was, or empty, or, when the power went while the label was written, it
 * says that it is no card. */
static void power_cuts_in_format(void **state)
{
    (void)state;
    FOR_GEOMETRIES(g)
    {
        for (unsigned at = 1;; at++) {
            unsigned label;
            int rc;

            fresh(g);
            must_deliver("9@b.test", "x");
            must_deliver("9@b.test", "x");
            label = card.slots + 4; /* clear, sync, slots, sync, label */
            ram.cut_at = ram.count + at;
            ram.torn = (enum block_ram_torn)(at % TORN_WAYS);
            rc = mx_card_format(&card, &ram.block, MESSAGE_MAX);
            if (rc == 0) {
                assert_int_equal(at, label + 2);
                break;
            }
            block_ram_reboot(&ram);
            rc = mx_card_mount(&card, &ram.block, MESSAGE_MAX);
            if (rc != 0) {
                assert_true(at <= 2 || at >= label);
                continue;
            }
            assert_int_equal(count_mails(), at <= 2 && card.used ? 2 : 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delivers_whole),
        cmocka_unit_test(any_length),
        cmocka_unit_test(long_senders),
        cmocka_unit_test(two_at_once),
        cmocka_unit_test(abort_leaves_nothing),
        cmocka_unit_test(slots_of_open_messages),
        cmocka_unit_test(full),
        cmocka_unit_test(too_big),
        cmocka_unit_test(wrong_devices),
        cmocka_unit_test(foreign_content),
        cmocka_unit_test(damaged_label),
        cmocka_unit_test(damaged_header),
        cmocka_unit_test(damaged_data),
        cmocka_unit_test(each_operation_fails),
        cmocka_unit_test(error_sticks),
        cmocka_unit_test(dead_device),
        cmocka_unit_test(power_cuts),
        cmocka_unit_test(power_cuts_in_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
