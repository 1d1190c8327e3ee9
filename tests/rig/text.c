/* SPDX-License-Identifier: BSD-3-Clause */
#include "text.h"

#include "chance.h"
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_OCTETS 998
#define HEADER_MAX 64

static uint64_t seed;
static size_t largest;

void text_open(uint64_t s, size_t most)
{
    seed = s;
    largest = most;
}

static struct chance chance_for(unsigned number)
{
    return chance_of(seed + number, "text");
}

/* Half of them up to 2 KB, one in twelve up to the largest. */
static size_t size_of(struct chance *c)
{
    static const unsigned parts[] = {512, 512, 8, 8, 2, 1};
    unsigned part = parts[chance_below(c, sizeof parts / sizeof *parts)];
    size_t most = chance_permille(c, 500) ? 2048 : largest / part;

    return chance_permille(c, 60) ? 0 : chance_below(c, most);
}

/* The first thing that is drawn for a message. */
static bool draw_binary(struct chance *c)
{
    return chance_permille(c, 250);
}

bool text_is_binary(unsigned number)
{
    struct chance c = chance_for(number);

    return draw_binary(&c);
}

static size_t line(struct chance *c, char *out, size_t room)
{
    static const size_t lengths[] = {0, 1, 72, 72, 72, 200, LINE_MAX_OCTETS};
    size_t most = lengths[chance_below(c, sizeof lengths / sizeof *lengths)];
    size_t len = chance_below(c, most + 1);
    size_t dots = chance_permille(c, 200) ? chance_below(c, 4) : 0;

    len = len < room - 2 ? len : room - 2;
    for (size_t i = 0; i < len; i++) {
        out[i] = i < dots ? '.' : (char)chance_between(c, ' ', 0xff);
    }
    out[len] = '\r';
    out[len + 1] = '\n';
    return len + 2;
}

char *text_make(unsigned number, size_t *len)
{
    struct chance c = chance_for(number);
    bool binary = draw_binary(&c);
    size_t size = size_of(&c);
    char *text = malloc(size + HEADER_MAX);
    size_t at = 0;

    if (text == NULL) {
        give_up("no memory for a text of %zu", size);
    }
    if (size > HEADER_MAX) {
        at = (size_t)snprintf(text, HEADER_MAX,
                              "Message-ID: <m%u@sender.example>\r\n\r\n",
                              number);
    }
    if (binary) {
        chance_fill(&c, text + at, size - at);
        at = size;
    }
    while (at + 2 <= size) {
        at += line(&c, text + at, size - at);
    }
    if (at > 0 && (text[0] == ' ' || text[0] == '\t')) {
        text[0] = 'x'; /* or it would continue the field in front of it */
    }
    *len = at;
    return text;
}

char *text_stuffed(const char *text, size_t len, size_t *stuffed_len)
{
    char *out = malloc(2 * len + 3);
    size_t at = 0;

    if (out == NULL) {
        give_up("no memory for a text of %zu", len);
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '.' && (i == 0 || text[i - 1] == '\n')) {
            out[at++] = '.';
        }
        out[at++] = text[i];
    }
    memcpy(out + at, ".\r\n", 3);
    *stuffed_len = at + 3;
    return out;
}
