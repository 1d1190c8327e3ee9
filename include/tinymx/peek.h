/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A look at a message's header while it streams by: From, To, Subject, Date and
 * Message-ID, each in plain UTF-8.
 *
 *     static void field(void *ctx, enum mx_peek_field f, const char *value,
 *                       bool cut);
 *
 *     struct mx_peek peek;
 *     mx_peek_init(&peek, field, ctx);
 *     while (there is more && !mx_peek_done(&peek)) {
 *         mx_peek_push(&peek, data, len);
 *     }
 *     mx_peek_end(&peek);
 *
 * What goes in is a message as a sink is given it, or as the spool has it: the
 * Return-Path:, Delivered-To: and Received: in front are fields like others. It
 * may be cut anywhere; what comes out does not depend on it.
 *
 *     =?UTF-8?Q?relay_on?= =?utf-8?b?LCBwbGVhc2U=?= (soon)
 *     relay on, please (soon)
 *
 * A value is always valid UTF-8 without control characters, neither C0 nor C1:
 * a folded field is one line (RFC 5322 2.2.3); white space, however much, is
 * one blank, and none at the ends; RFC 2047's encoded words are decoded, and
 * the white space between two of them is none; a character that was split
 * between two is whole. What is not UTF-8, and controls, are U+FFFD each. It is
 * at most MX_PEEK_MAX bytes: a longer one is cut off behind a character.
 *
 * Charsets are UTF-8, US-ASCII and ISO-8859-1, of which a decoder needs no
 * table; words in others, and what only looks like a word, are as they came. So
 * is ISO-8859-15, eight characters away: who has its euro sign has UTF-8 today.
 * A word is looked for where one may begin (RFC 2047 5), and in a quoted string,
 * where none may be and senders put them. White space ends a word that does not
 * end itself.
 *
 * Of a field that is repeated the first counts. The header ends with the first
 * empty line, or with one that is no field: that is body to whoever reads the
 * message later. A lone LF ends a line too, since BDAT may bring one.
 *
 * Only text is decoded here. From: is what somebody wrote, and proves nothing.
 */
#ifndef TINYMX_PEEK_H
#define TINYMX_PEEK_H

#include "tinymx/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mx_peek_field {
    MX_PEEK_FROM,
    MX_PEEK_TO,
    MX_PEEK_SUBJECT,
    MX_PEEK_DATE,
    MX_PEEK_MESSAGE_ID,
    MX_PEEK_FIELDS /* how many there are */
};

/* Longest name of a field, or beginning of an encoded word, that is known. */
#define MX_PEEK_WORD 16

/* Contents private to firmware/store. */
struct mx_peek {
    void (*field)(void *ctx, enum mx_peek_field f, const char *value, bool cut);
    void *ctx;
    uint32_t point; /* the character that is arriving */
    uint16_t len;   /* of value */
    uint16_t bits;  /* of base64 that are no octet yet */
    uint8_t state;  /* enum peek_state */
    uint8_t wanted; /* enum mx_peek_field of this line; MX_PEEK_FIELDS: none */
    uint8_t seen;   /* fields that came, a bit each */
    uint8_t part;   /* enum value_state */
    uint8_t coding; /* of the encoded word */
    uint8_t fill;   /* of word */
    uint8_t size;   /* octets of the character that came, */
    uint8_t more;   /* and are still to come */
    uint8_t octet[4];
    uint8_t count; /* how many of `bits` */
    bool start;    /* an encoded word may begin here */
    bool behind;   /* what was last is an encoded word */
    bool gap;      /* and white space, which may not count */
    bool blank;    /* white space, when something follows */
    bool cut;
    char word[MX_PEEK_WORD]; /* what may become a name, or an encoded word */
    char value[MX_PEEK_MAX + 1];
};

/* A message begins. `field` is called from push() and end(), at most once for
 * each field; `value` is terminated and good for the call, `cut` says that
 * there was more of it. */
void mx_peek_init(struct mx_peek *p,
                  void (*field)(void *ctx, enum mx_peek_field f,
                                const char *value, bool cut),
                  void *ctx);

/* The next bytes; what is behind the header is not looked at. */
void mx_peek_push(struct mx_peek *p, const void *data, size_t len);

/* The message is over, also if its header never ended. */
void mx_peek_end(struct mx_peek *p);

/* The header is over: there is nothing more to come. So it is from the LF on
 * that ends it. */
bool mx_peek_done(const struct mx_peek *p);

#endif
