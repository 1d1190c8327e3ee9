/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A card as somebody else left it. The input changes single bytes of a good
 * card, or is the beginning of one itself; check sums can be made right again,
 * or nothing behind them would ever be reached.
 *
 *     flags, operation that fails, operation that fails after the mount;
 *     then offset (2) and mask (1), as often as there are
 *
 * The card is mounted, listed, read; a message is delivered, and after the next
 * mount what was there is there still. The device sees to it that every
 * operation keeps to the rules of tinymx/block.h.
 */
#include "fuzz.h"

#include "store/card.h"
#include "tinymx/err.h"

#include <string.h>

#define BLOCK MX_CARD_RECORD
#define BLOCKS 160
#define MESSAGE_MAX 4096
#define LISTED_MAX BLOCKS

enum flag {
    F_RAW = 1,        /* the image is the input */
    F_SEAL_LABEL = 2, /* its check sum is made right, */
    F_SEAL_MAIL = 4,  /* and those of all headers */
    F_ERASES = 8,     /* flash, not a card */
};

/* --- the device --------------------------------------------------------- */

static struct device {
    struct mx_block block;
    unsigned fail_at; /* the operation, from 1; 0: none */
    unsigned count;
    bool erased[BLOCKS];
    uint8_t bytes[BLOCKS][BLOCK];
} device;

static int act(uint32_t block, uint32_t off, size_t len)
{
    FUZZ_CHECK(block < BLOCKS && off == 0 && len == BLOCK);
    return ++device.count == device.fail_at ? MX_EIO : 0;
}

static int device_read(struct mx_block *dev, uint32_t block, uint32_t off,
                       void *buf, size_t len)
{
    int rc = act(block, off, len);

    (void)dev;
    if (rc == 0) {
        memcpy(buf, device.bytes[block], BLOCK);
    }
    return rc;
}

static int device_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                       const void *data, size_t len)
{
    int rc = act(block, off, len);

    FUZZ_CHECK(dev->overwrite || device.erased[block]);
    device.erased[block] = false;
    if (rc == 0) {
        memcpy(device.bytes[block], data, BLOCK);
    }
    return rc;
}

static int device_erase(struct mx_block *dev, uint32_t block)
{
    int rc = act(block, 0, BLOCK);

    FUZZ_CHECK(!dev->overwrite);
    if (rc == 0) {
        device.erased[block] = true;
        memset(device.bytes[block], 0xff, BLOCK);
    }
    return rc;
}

static int device_sync(struct mx_block *dev)
{
    (void)dev;
    return act(0, 0, BLOCK);
}

static void insert(bool overwrite)
{
    memset(device.erased, 0, sizeof device.erased);
    device.fail_at = device.count = 0;
    device.block = (struct mx_block){
        .read = device_read,
        .prog = device_prog,
        .erase = device_erase,
        .sync = device_sync,
        .read_size = BLOCK,
        .prog_size = BLOCK,
        .block_size = BLOCK,
        .block_count = BLOCKS,
        .overwrite = overwrite,
    };
}

/* --- messages ----------------------------------------------------------- */

static struct mx_card card;

/* 0, or what the card said. */
static int deliver(const char *text, size_t len)
{
    struct mx_path from = {.text = {"a@b.example", 11}};
    struct mx_envelope env = {.peer = "192.0.2.1", .reverse_path = from};
    struct mx_path to = {.text = {"joe@example.test", 16}};
    int msg = card.sink.open(&card.sink, &env);
    int rc = msg < 0 ? msg : card.sink.rcpt(&card.sink, msg, &to);

    while (rc >= 0 && len > 0) {
        rc = card.sink.write(&card.sink, msg, text, len);
        FUZZ_CHECK(rc != 0 && (rc < 0 || (size_t)rc <= len));
        if (rc > 0) {
            text += rc;
            len -= (size_t)rc;
        }
    }
    if (rc >= 0) {
        return card.sink.commit(&card.sink, msg);
    }
    if (msg >= 0) {
        card.sink.abort(&card.sink, msg);
    }
    return rc;
}

static uint8_t good[BLOCKS][BLOCK];

/* Three messages; the first is whole, the second empty. */
static void make_good(void)
{
    char text[700];

    memset(text, 'x', sizeof text);
    memset(device.bytes, 0, sizeof device.bytes);
    insert(true);
    FUZZ_CHECK(mx_card_mount(&card, &device.block, MESSAGE_MAX) == 0);
    FUZZ_CHECK(deliver(text, sizeof text) == 0 && deliver(text, 0) == 0 &&
               deliver(text, 9) == 0);
    memcpy(good, device.bytes, sizeof good);
}

/* --- what is on it ------------------------------------------------------ */

static struct listing {
    size_t count;
    struct mx_card_mail mail[LISTED_MAX];
} before, after;

static void read_some(const struct mx_card_mail *mail)
{
    char buf[64];
    uint32_t offs[] = {0, 1, 511, mail->size - 1, mail->size, UINT32_MAX};

    for (size_t i = 0; i < sizeof offs / sizeof *offs; i++) {
        int n = mx_card_read(&card, mail, offs[i], buf, sizeof buf);

        FUZZ_CHECK(n <= (int)sizeof buf && (n >= 0 || n == MX_EIO));
        FUZZ_CHECK(n != 0 || offs[i] >= mail->size);
    }
}

static void list(struct listing *l)
{
    struct mx_card_mail mail = {0};
    unsigned turns = 0;
    int rc;

    memset(l, 0, sizeof *l);
    while ((rc = mx_card_next(&card, &mail)) != 0) {
        FUZZ_CHECK(++turns <= card.slots);
        FUZZ_CHECK(rc == 1 || rc == MX_EFORMAT || rc == MX_EIO);
        if (rc != 1) {
            continue;
        }
        FUZZ_CHECK(mail.size <= card.room);
        FUZZ_CHECK(strlen(mail.peer) < sizeof mail.peer);
        FUZZ_CHECK(strlen(mail.from) < sizeof mail.from);
        read_some(&mail);
        rc = mx_card_check(&card, &mail);
        FUZZ_CHECK(rc == 0 || rc == MX_EFORMAT || rc == MX_EIO);
        if (rc == 0) {
            fuzz_reached("message");
            l->mail[l->count++] = mail;
        }
    }
}

static bool has(const struct listing *l, const struct mx_card_mail *mail)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct mx_card_mail *m = &l->mail[i];

        if (m->slot == mail->slot && m->number == mail->number &&
            m->size == mail->size && m->crc == mail->crc &&
            m->time_s == mail->time_s && strcmp(m->from, mail->from) == 0) {
            return true;
        }
    }
    return false;
}

/* --- the input ---------------------------------------------------------- */

static void seal(void)
{
    for (uint32_t i = 1; i < BLOCKS; i++) {
        if (memcmp(device.bytes[i], CARD_MAIL_MAGIC, CARD_MAGIC_LEN) == 0) {
            card_seal(device.bytes[i]);
        }
    }
}

static void make_image(uint8_t flags, struct fuzz_in *in)
{
    uint8_t *bytes = device.bytes[0];

    memcpy(bytes, good, sizeof good);
    if (flags & F_RAW) {
        struct mx_span raw = fuzz_bytes(in, sizeof good);

        memset(bytes, 0, sizeof good);
        memcpy(bytes, raw.ptr, raw.len);
    }
    while (in->left >= 3) {
        size_t at = (size_t)fuzz_u8(in) << 8;

        at |= fuzz_u8(in);
        bytes[at] ^= fuzz_u8(in);
    }
    if (flags & F_SEAL_LABEL) {
        card_seal(bytes);
    }
    if (flags & F_SEAL_MAIL) {
        seal();
    }
}

static bool mount(void)
{
    int rc = mx_card_mount(&card, &device.block, MESSAGE_MAX);

    FUZZ_CHECK(rc == 0 || rc == MX_EFORMAT || rc == MX_ENOTSUP ||
               rc == MX_EIO || rc == MX_ENOSPC);
    if (rc == 0) {
        FUZZ_CHECK(card.used + card.damaged <= card.slots);
        fuzz_reached("mounted");
    }
    return rc == 0;
}

static void deliver_one(unsigned fail_at)
{
    static const char text[] = "Subject: x\r\n\r\none more\r\n";
    int rc;

    device.count = 0;
    device.fail_at = fail_at;
    rc = deliver(text, sizeof text - 1);
    device.fail_at = 0;
    FUZZ_CHECK(mount());
    list(&after);
    for (size_t i = 0; i < before.count; i++) {
        FUZZ_CHECK(has(&after, &before.mail[i]));
    }
    FUZZ_CHECK(rc != 0 || after.count == before.count + 1);
    fuzz_reached(rc == 0 ? "delivered" : mx_strerror(rc));
}

void fuzz_one(const uint8_t *data, size_t len)
{
    struct fuzz_in in = fuzz_in(data, len);
    uint8_t flags = fuzz_u8(&in);
    unsigned fail_at = fuzz_u8(&in), fail_later = fuzz_u8(&in);

    if (good[0][0] == 0) {
        make_good();
    }
    insert((flags & F_ERASES) == 0);
    make_image(flags, &in);
    device.fail_at = fail_at;
    if (mount()) {
        device.fail_at = 0;
        list(&before);
        deliver_one(fail_later);
    }
}
