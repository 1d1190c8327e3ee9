/* SPDX-License-Identifier: BSD-3-Clause */
#include "letter.h"

#include "story.h"

#include <stdio.h>
#include <string.h>

#define EPOCH_S 1700000000
#define ECHOES 64
#define PAGE 512

/* What was lent is good while the power goes in the call it was lent to. */
static struct shelf {
    char from[256], rcpt[64], peer[48];
    char front[1024];
    uint8_t data[1024 + LETTER_MAX];
} shelves[STORY_DEEP];
static struct shelf *shelf = shelves;

static uint8_t heard[ECHOES][PAGE];
static unsigned heard_count;

void letter_shelf(unsigned depth)
{
    shelf = &shelves[depth];
}

void letter_open(void)
{
    heard_count = 0;
    shelf = shelves;
}

unsigned letter_heard(void)
{
    return heard_count;
}

void letter_hear(struct chance *chance, const uint8_t page[512])
{
    if (heard_count < ECHOES && chance_permille(chance, 200)) {
        memcpy(heard[heard_count++], page, PAGE);
    }
}

/* --- envelope ----------------------------------------------------------- */

const char *letter_from(const struct letter *letter)
{
    if (letter->id % 7 == 0) {
        return ""; /* the null reverse-path */
    }
    snprintf(shelf->from, sizeof shelf->from, "m%u.%0*u@example.test",
             letter->id, letter->id % 11 == 0 ? 160 : 1, 0u);
    return shelf->from;
}

const char *letter_rcpt(const struct letter *letter, unsigned i)
{
    snprintf(shelf->rcpt, sizeof shelf->rcpt, "r%u.%u@example.test", letter->id,
             i);
    return shelf->rcpt;
}

static const char *peer(const struct letter *letter)
{
    snprintf(shelf->peer, sizeof shelf->peer, "192.0.2.%u", letter->id % 256);
    return shelf->peer;
}

static const struct mx_tls_facts *tls(const struct letter *letter)
{
    static const struct mx_tls_facts facts = {
        .version = "TLSv1.3", .cipher = "TLS_AES_256_GCM_SHA384"};

    return letter->id % 2 ? &facts : NULL;
}

struct mx_envelope letter_envelope(const struct letter *letter)
{
    const char *from = letter_from(letter);

    return (struct mx_envelope){
        .id = letter->id,
        .mx_name = "mx.example.test",
        .peer = peer(letter),
        .helo = "client.example.test",
        .protocol = "ESMTP",
        .tls = tls(letter),
        .reverse_path = {.text = {from, strlen(from)}},
        .flags = letter->id % 8,
        .time_s = EPOCH_S + letter->id,
    };
}

uint32_t letter_id(int64_t time_s)
{
    return (uint32_t)(time_s - EPOCH_S);
}

/* --- data --------------------------------------------------------------- */

uint32_t letter_front(const struct letter *letter)
{
    char *front = shelf->front;
    int n = sprintf(front, "Return-Path: <%s>\r\n", letter_from(letter));

    for (unsigned i = 0; i < letter->rcpts; i++) {
        n += sprintf(front + n, "Delivered-To: %s\r\n", letter_rcpt(letter, i));
    }
    return (uint32_t)n;
}

static void put_echo(const struct letter *letter, uint8_t *to)
{
    for (uint32_t off = 0; off < letter->size; off += PAGE) {
        uint32_t left = letter->size - off;

        memcpy(to + off, heard[off / PAGE % letter->heard],
               left < PAGE ? left : PAGE);
    }
}

const uint8_t *letter_data(const struct letter *letter)
{
    struct chance noise = {letter->id};
    uint32_t len = letter_front(letter);
    uint8_t *body = shelf->data + len;

    memcpy(shelf->data, shelf->front, len);
    switch ((enum letter_kind)letter->kind) {
    case LETTER_ZEROS:
        memset(body, 0, letter->size);
        break;
    case LETTER_ONES:
        memset(body, 0xff, letter->size);
        break;
    case LETTER_ECHO:
        if (letter->heard > 0) {
            put_echo(letter, body);
            break;
        } /* fall through */
    case LETTER_NOISE:
    case LETTER_KINDS:
        chance_fill(&noise, body, letter->size);
    }
    return shelf->data;
}
