/* SPDX-License-Identifier: BSD-3-Clause */
#include "sdcard.h"

#include "board.h"
#include "tinymx/err.h"
#include "tinymx/port.h"

#include <string.h>

#define SIZE 512u
#define SLOW_HZ 400000u /* until it is initialised (SD 7.2.1) */
#define FAST_HZ 12500000u

#define START_MS 1000u /* ACMD41 (4.2.3) */
#define READ_MS 100u   /* 4.6.2.1 */
#define WRITE_MS 500u  /* 4.6.2.2 and 7.2.4 */

#define RESPONSE_BYTES 8 /* a response comes within so many (7.5.4) */

#define GO_IDLE 0
#define SEND_IF_COND 8
#define SEND_CSD 9
#define SEND_STATUS 13
#define SET_BLOCKLEN 16
#define READ_BLOCK 17
#define WRITE_BLOCK 24
#define SEND_OP_COND 41 /* behind APP_CMD */
#define APP_CMD 55
#define READ_OCR 58

#define R1_OK 0x00
#define R1_IDLE 0x01
#define R1_ILLEGAL 0x04
#define TOKEN_START 0xfe
#define TOKEN_MASK 0x1f
#define TOKEN_ACCEPTED 0x05

static uint8_t get(void)
{
    return board_spi(0xff);
}

/* Waits for a byte that is not `idle`; the last one read. */
static uint8_t wait_while(uint8_t idle, uint32_t ms)
{
    uint32_t since = mx_port_now_ms();
    uint8_t byte;

    do {
        byte = get();
    } while (byte == idle && mx_port_now_ms() - since < ms);
    return byte;
}

/* Waits until the card has let the line go; false: it is busy for ever. */
static bool ready(uint32_t ms)
{
    uint32_t since = mx_port_now_ms();

    while (get() != 0xff) {
        if (mx_port_now_ms() - since >= ms) {
            return false;
        }
    }
    return true;
}

/* The card lets go of the line a byte after it was deselected. */
static void release(void)
{
    board_spi_select(false);
    (void)get();
}

/* Selects the card and sends; its R1, or 0xff: it does not answer. It stays
 * selected: data may follow, and release() ends it. */
static uint8_t command(uint8_t number, uint32_t argument)
{
    uint8_t answer = 0xff;

    board_spi_select(true);
    if (number != GO_IDLE && !ready(WRITE_MS)) {
        return 0xff;
    }
    board_spi((uint8_t)(0x40 | number));
    for (int shift = 24; shift >= 0; shift -= 8) {
        board_spi((uint8_t)(argument >> shift));
    }
    /* Looked at for these two alone: CRC-7 of their constant arguments. */
    board_spi(number == GO_IDLE ? 0x95 : number == SEND_IF_COND ? 0x87 : 0x01);
    for (int i = 0; i < RESPONSE_BYTES && (answer & 0x80) != 0; i++) {
        answer = get();
    }
    return answer;
}

static uint8_t simple(uint8_t number, uint32_t argument)
{
    uint8_t answer = command(number, argument);

    release();
    return answer;
}

/* R3 and R7: four bytes behind R1. */
static uint8_t with_word(uint8_t number, uint32_t argument, uint32_t *word)
{
    uint8_t answer = command(number, argument);

    *word = 0;
    for (int i = 0; i < 4; i++) {
        *word = *word << 8 | get();
    }
    release();
    return answer;
}

/* --- data --------------------------------------------------------------- */

static int read_data(uint8_t number, uint32_t argument, uint8_t *buf,
                     size_t len)
{
    int rc = MX_EIO;

    if (command(number, argument) == R1_OK &&
        wait_while(0xff, READ_MS) == TOKEN_START) {
        board_spi_read(buf, len);
        (void)get(); /* CRC-16 */
        (void)get();
        rc = 0;
    }
    release();
    return rc;
}

/* R2: R1, then the card's own errors; both nought. */
static int check_status(void)
{
    uint8_t first = command(SEND_STATUS, 0);
    uint8_t second = get();

    release();
    return first == R1_OK && second == 0 ? 0 : MX_EIO;
}

static int write_data(uint32_t argument, const uint8_t *data)
{
    int rc = MX_EIO;

    if (command(WRITE_BLOCK, argument) == R1_OK) {
        (void)get();
        board_spi(TOKEN_START);
        board_spi_write(data, SIZE);
        board_spi(0xff); /* CRC-16, not looked at */
        board_spi(0xff);
        if ((wait_while(0xff, READ_MS) & TOKEN_MASK) == TOKEN_ACCEPTED &&
            ready(WRITE_MS)) {
            rc = 0;
        }
    }
    release();
    return rc == 0 ? check_status() : rc;
}

/* --- struct mx_block ---------------------------------------------------- */

static struct sdcard *self(struct mx_block *dev)
{
    return (struct sdcard *)dev; /* dev is its first member */
}

static uint32_t address(const struct sdcard *card, uint32_t block)
{
    return card->by_block ? block : block * SIZE;
}

/* Whole blocks: what the geometry allows. */
static int sdcard_read(struct mx_block *dev, uint32_t block, uint32_t off,
                       void *buf, size_t len)
{
    struct sdcard *card = self(dev);

    (void)off;
    return read_data(READ_BLOCK, address(card, block), buf, len);
}

static int sdcard_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                       const void *data, size_t len)
{
    struct sdcard *card = self(dev);

    (void)off;
    (void)len;
    return write_data(address(card, block), data);
}

/* Each write waited for the card's busy signal: it is in the flash. */
static int sdcard_sync(struct mx_block *dev)
{
    (void)dev;
    return 0;
}

/* --- start -------------------------------------------------------------- */

/* 74 clocks and more with the card not selected wake it up (6.4.1). */
static bool reset(void)
{
    board_spi_speed(SLOW_HZ);
    board_spi_select(false);
    for (int i = 0; i < 10; i++) {
        (void)get();
    }
    for (int i = 0; i < 10; i++) {
        if (simple(GO_IDLE, 0) == R1_IDLE) {
            return true;
        }
    }
    return false;
}

/* 4.2.3, with 7.2.1: until the card says that it is not idle any more. */
static int initialise(struct sdcard *card)
{
    uint32_t since = mx_port_now_ms();
    uint32_t word;
    uint8_t answer;

    /* 2.7 to 3.6 V, and a pattern that has to come back. */
    answer = with_word(SEND_IF_COND, 0x1aa, &word);
    if (answer != R1_IDLE || (word & 0xfff) != 0x1aa) {
        return (answer & R1_ILLEGAL) != 0 ? MX_ENOTSUP : MX_EIO;
    }
    do {
        (void)simple(APP_CMD, 0);
        answer = simple(SEND_OP_COND, 1u << 30); /* HCS: SDHC may be */
    } while (answer == R1_IDLE && mx_port_now_ms() - since < START_MS);
    if (answer != R1_OK) {
        return MX_EIO;
    }
    /* QEMU's card says "idle" here in any case. */
    if ((with_word(READ_OCR, 0, &word) & ~R1_IDLE) != 0) {
        return MX_EIO;
    }
    card->by_block = (word & 1u << 30) != 0; /* CCS */
    if (!card->by_block && simple(SET_BLOCKLEN, SIZE) != R1_OK) {
        return MX_EIO;
    }
    return 0;
}

/* Blocks of 512, from the CSD (5.3.2, 5.3.3). */
static uint32_t capacity(const uint8_t csd[16])
{
    uint32_t size, unit;

    if (csd[0] >> 6 == 1) {
        size = (uint32_t)(csd[7] & 0x3f) << 16 | (uint32_t)csd[8] << 8 | csd[9];
        return (size + 1) * 1024;
    }
    size = (uint32_t)(csd[6] & 3) << 10 | (uint32_t)csd[7] << 2 | csd[8] >> 6;
    unit = ((csd[9] & 3u) << 1 | csd[10] >> 7) + 2 + (csd[5] & 15u);
    return unit < 9 ? 0 : (size + 1) << (unit - 9);
}

int sdcard_open(struct sdcard *card)
{
    uint8_t csd[16];
    int rc;

    memset(card, 0, sizeof *card);
    if (!reset()) {
        return MX_EIO;
    }
    rc = initialise(card);
    if (rc != 0) {
        return rc;
    }
    board_spi_speed(FAST_HZ);
    rc = read_data(SEND_CSD, 0, csd, sizeof csd);
    if (rc == 0) {
        card->block = (struct mx_block){
            .read = sdcard_read,
            .prog = sdcard_prog,
            .sync = sdcard_sync,
            .read_size = SIZE,
            .prog_size = SIZE,
            .block_size = SIZE,
            .block_count = capacity(csd),
            .overwrite = true,
        };
    }
    return rc;
}
