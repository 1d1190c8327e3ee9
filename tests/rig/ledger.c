/* SPDX-License-Identifier: BSD-3-Clause */
#include "ledger.h"

#include "platform.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct message {
    uint64_t due_ms;
    bool out;  /* under way */
    bool done; /* the sender saw 250 */
    unsigned stored;
};

struct attempt {
    unsigned message;
    enum fate fate;
    unsigned stored;
};

static struct message *messages;
static unsigned message_count;
static struct attempt *attempts;
static unsigned attempt_count, attempt_room;
static unsigned altered, unheard_of;
static uint64_t octets;

void ledger_open(unsigned count)
{
    message_count = count;
    messages = calloc(count, sizeof *messages);
    if (messages == NULL) {
        give_up("no memory for %u messages", count);
    }
}

static int add_attempt(unsigned message)
{
    if (attempt_count == attempt_room) {
        attempt_room = 2 * attempt_room + 1024;
        attempts = realloc(attempts, attempt_room * sizeof *attempts);
        if (attempts == NULL) {
            give_up("no memory for %u attempts", attempt_room);
        }
    }
    attempts[attempt_count] = (struct attempt){.message = message};
    return (int)attempt_count++;
}

/* Those before `first` are delivered. */
static unsigned first;

int ledger_begin(void)
{
    while (first < message_count && messages[first].done) {
        first++;
    }
    for (unsigned i = first; i < message_count; i++) {
        struct message *m = &messages[i];

        if (!m->out && !m->done && m->due_ms <= platform_now()) {
            m->out = true;
            return add_attempt(i);
        }
    }
    return -1;
}

unsigned ledger_message(int attempt)
{
    return attempts[attempt].message;
}

void ledger_end(int attempt, enum fate fate, uint64_t again_ms)
{
    struct message *m = &messages[attempts[attempt].message];

    attempts[attempt].fate = fate;
    m->out = false;
    m->done = fate == ACCEPTED;
    m->due_ms = again_ms;
}

uint64_t ledger_due(void)
{
    uint64_t due = UINT64_MAX;

    for (unsigned i = first; i < message_count; i++) {
        const struct message *m = &messages[i];

        if (!m->out && !m->done && m->due_ms < due) {
            due = m->due_ms;
        }
        if (due <= platform_now()) {
            break;
        }
    }
    return due;
}

bool ledger_done(void)
{
    for (unsigned i = first; i < message_count; i++) {
        if (!messages[i].done) {
            return false;
        }
    }
    return true;
}

/* --- what was stored ---------------------------------------------------- */

void ledger_store(int attempt, const char *text, size_t len)
{
    size_t sent_len;
    char *sent;

    if (attempt < 0 || (unsigned)attempt >= attempt_count) {
        printf("UNHEARD OF attempt %d was stored\n", attempt);
        unheard_of++;
        return;
    }
    sent = text_make(attempts[attempt].message, &sent_len);
    if (len != sent_len || memcmp(text, sent, len) != 0) {
        printf("ALTERED message %u: %zu octets sent, %zu stored\n",
               attempts[attempt].message, sent_len, len);
        altered++;
    }
    free(sent);
    attempts[attempt].stored++;
    messages[attempts[attempt].message].stored++;
    octets += len;
}

/* --- the verdict -------------------------------------------------------- */

static unsigned judge(const struct attempt *a)
{
    static const char *const names[FATES] = {
        "under way", "not ended", "refused", "unknown", "accepted",
    };
    static const struct {
        unsigned least, most;
    } may[FATES] = {{0, 1}, {0, 0}, {0, 0}, {0, 1}, {1, 1}};

    if (a->stored > may[a->fate].most) {
        printf("DOUBLED message %u: attempt %s, stored %u times\n", a->message,
               names[a->fate], a->stored);
    } else if (a->stored < may[a->fate].least) {
        printf("LOST message %u: attempt %s, not stored\n", a->message,
               names[a->fate]);
    } else {
        return 0;
    }
    return 1;
}

unsigned ledger_verdict(bool all)
{
    unsigned bad = altered + unheard_of;

    for (unsigned i = 0; i < attempt_count; i++) {
        bad += judge(&attempts[i]);
    }
    for (unsigned i = 0; all && i < message_count; i++) {
        if (!messages[i].done) {
            printf("LOST message %u: never delivered\n", i);
            bad++;
        }
    }
    return bad;
}

struct ledger_sums ledger_sums(void)
{
    struct ledger_sums sums = {
        .messages = message_count, .attempts = attempt_count, .octets = octets};

    for (unsigned i = 0; i < attempt_count; i++) {
        sums.fate[attempts[i].fate]++;
        sums.stored += attempts[i].stored;
    }
    for (unsigned i = 0; i < message_count; i++) {
        sums.waiting += !messages[i].done;
        sums.doubled += messages[i].stored > 1;
    }
    return sums;
}
