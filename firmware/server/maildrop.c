/* SPDX-License-Identifier: BSD-3-Clause */
#include "server/maildrop.h"

#include "tinymx/err.h"

#include <string.h>

/* What is done at once. */
#define COUNT_STEP 8
#define CHECK_STEP 16

/* Before the first message. */
static void rewind_to_start(struct mx_maildrop *m)
{
    m->mail = (struct mx_spool_mail){0};
    m->place = 0;
}

/* The next message of this maildrop. 1; 0: no more. */
static int next(struct mx_maildrop *m)
{
    while (mx_spool_next(m->spool, &m->mail) > 0) {
        if (m->mail.serial <= m->serial) {
            m->place++;
            return 1;
        }
    }
    return 0;
}

bool maildrop_lock(struct mx_maildrop *m)
{
    if (!mx_spool_lock(m->spool)) {
        return false;
    }
    m->stage = MAILDROP_COUNTING;
    m->serial = mx_spool_serial(m->spool);
    m->lost = mx_spool_stats(m->spool)->lost;
    m->drop.id = mx_spool_id(m->spool);
    m->drop.messages = 0;
    m->drop.octets = 0;
    rewind_to_start(m);
    return true;
}

int maildrop_count(struct mx_maildrop *m)
{
    for (int i = 0; i < COUNT_STEP; i++) {
        int64_t octets = 0;

        if (m->drop.messages == MX_POP3_MESSAGES || next(m) == 0) {
            m->stage = MAILDROP_OPEN;
            return 0;
        }
        octets = maildrop_octets(m);
        if (octets < 0) {
            return (int)octets;
        }
        if ((uint32_t)octets > UINT32_MAX - m->drop.octets) {
            m->stage = MAILDROP_OPEN; /* the rest is for the next session */
            return 0;
        }
        m->drop.octets += (uint32_t)octets;
        m->drop.messages++;
    }
    return MX_EAGAIN;
}

int maildrop_find(struct mx_maildrop *m, uint16_t place)
{
    if (m->lost != mx_spool_stats(m->spool)->lost) {
        return MX_ECLOSED;
    }
    if (place < m->place) {
        rewind_to_start(m);
    }
    m->opening = 0;
    while (m->place < place) {
        if (next(m) == 0) {
            rewind_to_start(m);
            return MX_ECLOSED;
        }
    }
    return 0;
}

int64_t maildrop_octets(struct mx_maildrop *m)
{
    int whole = mx_spool_ends_line(m->spool, &m->mail);

    if (whole == MX_EFORMAT) {
        whole = 1; /* it will never be sent */
    }
    return whole < 0 ? whole : (int64_t)m->mail.size + (whole ? 0 : 2);
}

/* A part of it. */
static int check(struct mx_maildrop *m, void *room, size_t len)
{
    for (int i = 0; i < CHECK_STEP && m->checked < m->mail.size; i++) {
        int n = mx_spool_read(m->spool, &m->mail, m->checked, room, len);

        if (n <= 0) {
            return n < 0 ? n : MX_EFORMAT;
        }
        m->checked += (uint32_t)n;
    }
    return m->checked < m->mail.size ? MX_EAGAIN : 0;
}

int maildrop_open(struct mx_maildrop *m, uint16_t place, void *room, size_t len)
{
    int rc = m->opening == place ? 0 : maildrop_find(m, place);

    if (rc == 0 && m->opening == 0) {
        m->opening = place;
        m->checked = 0;
    }
    if (rc == 0) {
        rc = check(m, room, len);
    }
    if (rc != MX_EAGAIN) {
        m->opening = 0;
    }
    return rc;
}

int maildrop_read(struct mx_maildrop *m, uint32_t off, void *room, size_t len)
{
    char *to = room;
    size_t fill = 0;
    int n = 1;

    while (fill < len && n > 0) {
        n = mx_spool_read(m->spool, &m->mail, off + (uint32_t)fill, to + fill,
                          len - fill);
        fill += n > 0 ? (size_t)n : 0;
    }
    return n < 0 ? n : (int)fill;
}

void maildrop_release(struct mx_maildrop *m)
{
    if (m->stage > MAILDROP_TRYING) {
        mx_spool_unlock(m->spool);
    }
    m->stage = MAILDROP_FREE;
    m->opening = 0;
    m->holder = 0;
}
