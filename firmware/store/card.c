/* SPDX-License-Identifier: BSD-3-Clause */
#include "store/card.h"

#include "tinymx/err.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

#define LABEL_MAGIC "tmx-card"
#define LABEL_BLOCK 0

/* --- records ------------------------------------------------------------ */

void card_begin(uint8_t *record, const char *magic)
{
    memcpy(record + CARD_MAGIC, magic, CARD_MAGIC_LEN);
    le_put(record + CARD_VERSION, 2, CARD_THIS_VERSION);
}

void card_seal(uint8_t *record)
{
    le_put(record + CARD_CRC, 4, crc32c(0, record, CARD_CRC));
}

static bool is_sealed(const uint8_t *record)
{
    return le_get32(record + CARD_CRC) == crc32c(0, record, CARD_CRC);
}

static bool has_magic(const uint8_t *record, const char *magic)
{
    return memcmp(record + CARD_MAGIC, magic, CARD_MAGIC_LEN) == 0;
}

/* --- slots on the device ------------------------------------------------ */

static uint32_t block_of(const struct mx_card *card, uint32_t slot,
                         uint32_t off)
{
    return card->first + slot * card->step + off / card->dev->block_size;
}

int card_get(struct mx_card *card, uint32_t slot, uint32_t off, uint8_t *record)
{
    return card->dev->read(card->dev, block_of(card, slot, off),
                           off % card->dev->block_size, record, MX_CARD_RECORD);
}

int card_put(struct mx_card *card, uint32_t slot, uint32_t off,
             const uint8_t *record)
{
    return card->dev->prog(card->dev, block_of(card, slot, off),
                           off % card->dev->block_size, record, MX_CARD_RECORD);
}

int card_erase(struct mx_card *card, uint32_t slot, uint32_t block)
{
    if (card->dev->overwrite) {
        return 0;
    }
    return card->dev->erase(card->dev, block_of(card, slot, 0) + block);
}

/* A header that breaks the rules is damaged, never free: what it stands for
 * may still be of use to somebody. */
int card_probe(struct mx_card *card, uint32_t slot, uint8_t *record)
{
    int rc = card_get(card, slot, 0, record);

    if (rc != 0) {
        return rc;
    }
    if (!has_magic(record, CARD_MAIL_MAGIC)) {
        return CARD_FREE;
    }
    if (!is_sealed(record) ||
        le_get16(record + CARD_VERSION) != CARD_THIS_VERSION ||
        le_get32(record + CARD_MAIL_SIZE) > card->room) {
        return CARD_DAMAGED;
    }
    return CARD_USED;
}

struct mx_card_msg *card_spare(struct mx_card *card)
{
    for (size_t i = 0; i < MX_CARD_OPEN; i++) {
        if (!card->msg[i].taken) {
            return &card->msg[i];
        }
    }
    return NULL;
}

/* --- format ------------------------------------------------------------- */

static int attach(struct mx_card *card, struct mx_block *dev)
{
    memset(card, 0, sizeof *card);
    card->dev = dev;
    card_sink_init(card);
    if (MX_CARD_RECORD % dev->read_size != 0 ||
        MX_CARD_RECORD % dev->prog_size != 0 ||
        dev->block_size % MX_CARD_RECORD != 0) {
        return MX_EINVAL;
    }
    return 0;
}

/* Checked in 64 bits, so that nothing wraps afterwards. */
static int set_layout(struct mx_card *card, uint64_t step, uint64_t slots)
{
    uint64_t bytes = step * card->dev->block_size;

    if (step == 0 || step > INT32_MAX || bytes > INT32_MAX ||
        bytes <= MX_CARD_RECORD) {
        return MX_EINVAL;
    }
    if (slots == 0 ||
        slots > (card->dev->block_count - card->first) / (uint32_t)step) {
        return MX_ENOSPC;
    }
    card->step = (uint32_t)step;
    card->slots = (uint32_t)slots;
    card->room = (uint32_t)bytes - MX_CARD_RECORD;
    return 0;
}

static int lay_out(struct mx_card *card, uint32_t max_message)
{
    uint32_t block_size = card->dev->block_size;
    uint64_t bytes = (uint64_t)max_message + MX_CARD_TRACE + MX_CARD_RECORD;
    uint64_t step = (bytes + block_size - 1) / block_size;
    uint64_t slots;

    card->first = LABEL_BLOCK + 1;
    if (card->dev->block_count <= card->first) {
        return MX_ENOSPC;
    }
    slots = (card->dev->block_count - card->first) / step;
    return set_layout(card, step,
                      slots < MX_CARD_SLOTS ? slots : MX_CARD_SLOTS);
}

/* Makes the record at the beginning of a block one that is none of ours. */
static int clear(struct mx_card *card, uint32_t block)
{
    struct mx_block *dev = card->dev;
    uint8_t *record = card->msg[0].record;

    if (!dev->overwrite) {
        return dev->erase(dev, block);
    }
    memset(record, 0, MX_CARD_RECORD);
    return dev->prog(dev, block, 0, record, MX_CARD_RECORD);
}

static int write_label(struct mx_card *card)
{
    struct mx_block *dev = card->dev;
    uint8_t *record = card->msg[0].record;
    int rc;

    memset(record, 0, MX_CARD_RECORD);
    card_begin(record, LABEL_MAGIC);
    le_put(record + CARD_LABEL_BLOCK_SIZE, 4, dev->block_size);
    le_put(record + CARD_LABEL_FIRST, 4, card->first);
    le_put(record + CARD_LABEL_STEP, 4, card->step);
    le_put(record + CARD_LABEL_SLOTS, 4, card->slots);
    card_seal(record);
    rc = dev->prog(dev, LABEL_BLOCK, 0, record, MX_CARD_RECORD);
    return rc == 0 ? dev->sync(dev) : rc;
}

/* The label goes first and comes back last: with headers half cleared, the
 * device is blank. */
int mx_card_format(struct mx_card *card, struct mx_block *dev,
                   uint32_t max_message)
{
    int rc = attach(card, dev);

    if (rc == 0) {
        rc = lay_out(card, max_message);
    }
    if (rc == 0) {
        rc = clear(card, LABEL_BLOCK);
    }
    if (rc == 0) {
        rc = dev->sync(dev);
    }
    for (uint32_t slot = 0; rc == 0 && slot < card->slots; slot++) {
        rc = clear(card, block_of(card, slot, 0));
    }
    if (rc == 0) {
        rc = dev->sync(dev);
    }
    return rc == 0 ? write_label(card) : rc;
}

/* --- mount -------------------------------------------------------------- */

static int read_label(struct mx_card *card)
{
    return card->dev->read(card->dev, LABEL_BLOCK, 0, card->msg[0].record,
                           MX_CARD_RECORD);
}

static bool is_blank(const uint8_t *record)
{
    for (size_t i = 1; i < MX_CARD_RECORD; i++) {
        if (record[i] != record[0]) {
            return false;
        }
    }
    return record[0] == 0 || record[0] == 0xff;
}

static int parse_label(struct mx_card *card)
{
    const uint8_t *record = card->msg[0].record;

    if (!has_magic(record, LABEL_MAGIC) || !is_sealed(record)) {
        return MX_EFORMAT;
    }
    if (le_get16(record + CARD_VERSION) != CARD_THIS_VERSION) {
        return MX_ENOTSUP;
    }
    card->first = le_get32(record + CARD_LABEL_FIRST);
    if (le_get32(record + CARD_LABEL_BLOCK_SIZE) != card->dev->block_size ||
        card->first <= LABEL_BLOCK || card->first >= card->dev->block_count ||
        set_layout(card, le_get32(record + CARD_LABEL_STEP),
                   le_get32(record + CARD_LABEL_SLOTS)) != 0) {
        return MX_EFORMAT;
    }
    return 0;
}

/* What the headers say: the last number, the lowest free slot. One that cannot
 * be read costs its slot; when that is true of all, the device is broken. */
static int scan(struct mx_card *card)
{
    uint8_t *record = card->msg[0].record;
    uint32_t unreadable = 0;

    card->lowest = card->slots;
    for (uint32_t slot = 0; slot < card->slots; slot++) {
        int state = card_probe(card, slot, record);

        if (state == CARD_FREE) {
            if (slot < card->lowest) {
                card->lowest = slot;
            }
            continue;
        }
        card->top = slot + 1;
        if (state != CARD_USED) {
            card->damaged++;
            unreadable += state < 0;
            continue;
        }
        card->used++;
        if (le_get32(record + CARD_MAIL_NUMBER) > card->number) {
            card->number = le_get32(record + CARD_MAIL_NUMBER);
        }
    }
    return unreadable == card->slots ? MX_EIO : 0;
}

int mx_card_mount(struct mx_card *card, struct mx_block *dev,
                  uint32_t max_message)
{
    int rc = attach(card, dev);

    if (rc == 0) {
        rc = read_label(card);
    }
    if (rc == 0 && is_blank(card->msg[0].record)) {
        rc = mx_card_format(card, dev, max_message);
        if (rc == 0) {
            rc = read_label(card);
        }
    }
    if (rc == 0) {
        rc = parse_label(card);
    }
    return rc == 0 ? scan(card) : rc;
}

/* --- reading ------------------------------------------------------------ */

/* `room` bytes of a text in a record, terminated in `out`, cut off at `cap`. */
static void copy_text(char *out, size_t cap, const uint8_t *text, size_t room)
{
    size_t len = 0;

    while (len < room && len < cap - 1 && text[len] != '\0') {
        out[len] = (char)text[len];
        len++;
    }
    out[len] = '\0';
}

static void describe(struct mx_card_mail *mail, const uint8_t *record)
{
    uint16_t flags = le_get16(record + CARD_MAIL_FLAGS);

    mail->number = le_get32(record + CARD_MAIL_NUMBER);
    mail->size = le_get32(record + CARD_MAIL_SIZE);
    mail->crc = le_get32(record + CARD_MAIL_CRC);
    mail->time_s = (int64_t)le_get(record + CARD_MAIL_TIME, 8);
    mail->rcpts = le_get16(record + CARD_MAIL_RCPTS);
    mail->flags = (uint8_t)flags;
    mail->tls = (flags & CARD_FLAG_TLS) != 0;
    copy_text(mail->peer, sizeof mail->peer, record + CARD_MAIL_PEER,
              MX_CARD_PEER);
    copy_text(mail->from, sizeof mail->from, record + CARD_MAIL_FROM,
              CARD_CRC - CARD_MAIL_FROM);
}

int mx_card_next(struct mx_card *card, struct mx_card_mail *mail)
{
    struct mx_card_msg *spare = card_spare(card);

    if (spare == NULL) {
        return MX_EAGAIN;
    }
    while (mail->slot < card->top) {
        int state = card_probe(card, mail->slot++, spare->record);

        if (state == CARD_USED) {
            describe(mail, spare->record);
            return 1;
        }
        if (state != CARD_FREE) {
            return state < 0 ? state : MX_EFORMAT;
        }
    }
    return 0;
}

int mx_card_read(struct mx_card *card, const struct mx_card_mail *mail,
                 uint32_t off, void *buf, size_t len)
{
    struct mx_card_msg *spare = card_spare(card);
    uint32_t in_record = off % MX_CARD_RECORD;
    uint32_t most = MX_CARD_RECORD - in_record;
    int rc;

    if (spare == NULL) {
        return MX_EAGAIN;
    }
    if (off >= mail->size) {
        return 0;
    }
    if (most > mail->size - off) {
        most = mail->size - off;
    }
    if (len > most) {
        len = most;
    }
    rc = card_get(card, mail->slot - 1, MX_CARD_RECORD + off - in_record,
                  spare->record);
    if (rc != 0) {
        return rc;
    }
    memcpy(buf, spare->record + in_record, len);
    return (int)len;
}

int mx_card_check(struct mx_card *card, const struct mx_card_mail *mail)
{
    struct mx_card_msg *spare = card_spare(card);
    uint32_t crc = 0;

    if (spare == NULL) {
        return MX_EAGAIN;
    }
    for (uint32_t off = 0; off < mail->size; off += MX_CARD_RECORD) {
        uint32_t left = mail->size - off;
        int rc =
            card_get(card, mail->slot - 1, MX_CARD_RECORD + off, spare->record);

        if (rc != 0) {
            return rc;
        }
        crc = crc32c(crc, spare->record,
                     left < MX_CARD_RECORD ? left : MX_CARD_RECORD);
    }
    return crc == mail->crc ? 0 : MX_EFORMAT;
}
