/* SPDX-License-Identifier: BSD-3-Clause */
/* What the card's two halves share: card.c knows the device and what is on it,
 * card_sink.c writes messages. */
#ifndef TINYMX_STORE_CARD_H
#define TINYMX_STORE_CARD_H

#include "tinymx/card.h"

/* Where things are in a record; tinymx/card.h draws it. */
enum {
    CARD_MAGIC = 0,
    CARD_MAGIC_LEN = 8,
    CARD_VERSION = 8,
    CARD_CRC = 508,

    CARD_LABEL_BLOCK_SIZE = 12,
    CARD_LABEL_FIRST = 16,
    CARD_LABEL_STEP = 20,
    CARD_LABEL_SLOTS = 24,

    CARD_MAIL_FLAGS = 10,
    CARD_MAIL_NUMBER = 12,
    CARD_MAIL_SIZE = 16,
    CARD_MAIL_CRC = 20,
    CARD_MAIL_TIME = 24,
    CARD_MAIL_RCPTS = 32,
    CARD_MAIL_FROM_LEN = 34,
    CARD_MAIL_PEER = 48,
    CARD_MAIL_FROM = 96,
};

#define CARD_THIS_VERSION 1
#define CARD_MAIL_MAGIC "tmx-mail"
#define CARD_FLAG_TLS 256

enum card_slot { CARD_FREE, CARD_USED, CARD_DAMAGED };

/* Magic and version in, the rest is the caller's; then seal it. */
void card_begin(uint8_t *record, const char *magic);
void card_seal(uint8_t *record);

/* The record at `off` of a slot: its header at 0, data behind. 0 or MX_EIO. */
int card_get(struct mx_card *card, uint32_t slot, uint32_t off,
             uint8_t *record);
int card_put(struct mx_card *card, uint32_t slot, uint32_t off,
             const uint8_t *record);
/* Erases block number `block` of the slot, where that is needed. */
int card_erase(struct mx_card *card, uint32_t slot, uint32_t block);

/* Reads a slot's header; enum card_slot or MX_EIO. */
int card_probe(struct mx_card *card, uint32_t slot, uint8_t *record);

/* A message that nobody writes at the moment, or NULL. */
struct mx_card_msg *card_spare(struct mx_card *card);

void card_sink_init(struct mx_card *card);

#endif
