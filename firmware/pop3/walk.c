/* SPDX-License-Identifier: BSD-3-Clause */
#include "pop3/walk.h"

#include "pop3/state.h"

#include <string.h>

_Static_assert(MX_POP3_MESSAGES > 0 && MX_POP3_MESSAGES < UINT16_MAX,
               "the size of mx_pop3.message");

/* --- marks -------------------------------------------------------------- */

bool pop3_walk_is_marked(const struct mx_pop3 *s, uint32_t message)
{
    return (s->drop->marks[(message - 1) / 8] & 1u << (message - 1) % 8) != 0;
}

void pop3_walk_mark(struct mx_pop3 *s)
{
    struct mx_pop3_drop *drop = s->drop;
    unsigned bit = s->message - 1u;

    drop->marks[bit / 8] = (uint8_t)(drop->marks[bit / 8] | 1u << bit % 8);
    drop->marked++;
    drop->marked_octets += s->octets;
}

void pop3_walk_reset(struct mx_pop3_drop *drop)
{
    drop->marked = 0;
    drop->marked_octets = 0;
    memset(drop->marks, 0, sizeof drop->marks);
}

/* --- walking ------------------------------------------------------------ */

/* What each walk asks, about messages that are marked or about the others, and
 * a line about each. */
static const struct walk {
    uint8_t ask; /* 0: this state does not walk */
    bool marked;
    uint8_t head;
    uint8_t line;
} walks[ST_STATES] = {
    [ST_SIZES] = {MX_POP3_ASK_FIND, false, R_COUNT, R_SIZES_LINE},
    [ST_UIDS] = {MX_POP3_ASK_FIND, false, R_COUNT, R_UIDS_LINE},
    [ST_UPDATE] = {MX_POP3_ASK_DELETE, true, R_NONE, R_NONE},
};

static bool find_next(struct mx_pop3 *s, bool marked)
{
    uint32_t n = s->message + 1u;

    while (n <= s->drop->messages && pop3_walk_is_marked(s, n) != marked) {
        n++;
    }
    s->message = (uint16_t)n;
    return n <= s->drop->messages;
}

static void end(struct mx_pop3 *s)
{
    if (s->state == ST_UPDATE) {
        pop3_enter(s, s->failed ? R_LEFT : R_BYE, MX_POP3_ASK_NONE, ST_SAME);
    } else {
        pop3_enter(s, R_END, MX_POP3_ASK_NONE, ST_OPEN);
    }
}

static void go_on(struct mx_pop3 *s, const struct walk *w)
{
    if (!find_next(s, w->marked)) {
        end(s);
        return;
    }
    if (!pop3_reply_has_room(s)) {
        pop3_reply_send(s);
    }
    s->ask = w->ask;
}

void pop3_walk_begin(struct mx_pop3 *s)
{
    const struct walk *w = &walks[s->state];

    if (w->ask == MX_POP3_ASK_NONE) {
        return;
    }
    s->message = 0;
    s->failed = false;
    if (w->head != R_NONE) {
        pop3_reply_say(s, w->head);
    }
    go_on(s, w);
}

void pop3_walk_on(struct mx_pop3 *s)
{
    const struct walk *w = &walks[s->state];

    if (w->line != R_NONE) {
        pop3_reply_say(s, w->line);
    }
    go_on(s, w);
}
