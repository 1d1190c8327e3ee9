/* SPDX-License-Identifier: BSD-3-Clause */
#include "model.h"

#include "story.h"

#include <string.h>

struct model_mail *model_find(struct model *m, uint32_t id)
{
    for (unsigned i = 0; i < m->count; i++) {
        if (m->mail[i].letter.id == id) {
            return &m->mail[i];
        }
    }
    return NULL;
}

/* Numbers go up as ids do, also over those that are gone. */
static bool number_fits(const struct model *m, unsigned at,
                        const struct model_mail *mail)
{
    uint32_t id = mail->letter.id, number = mail->number;

    return (at == 0 || number > m->mail[at - 1].number) &&
           (at == m->count || number < m->mail[at].number) &&
           (id == m->gone_id || (id > m->gone_id) == (number > m->gone_number));
}

bool model_insert(struct model *m, const struct model_mail *mail)
{
    unsigned at = m->count;

    while (at > 0 && m->mail[at - 1].letter.id > mail->letter.id) {
        at--;
    }
    if (m->count == MODEL_MAX) {
        story_end("TEST", "the model is full");
    }
    if (!number_fits(m, at, mail)) {
        return false;
    }
    memmove(&m->mail[at + 1], &m->mail[at],
            (m->count - at) * sizeof m->mail[0]);
    m->mail[at] = *mail;
    m->count++;
    return true;
}

void model_haunt(struct model *m, const struct letter *letter)
{
    m->ghost[m->ghosts++ % MODEL_GHOSTS] = *letter;
}

void model_remove(struct model *m, struct model_mail *mail)
{
    unsigned at = (unsigned)(mail - m->mail);

    if (mail->wavers || m->hurt) {
        model_haunt(m, &mail->letter); /* as its mark may waver */
    }
    if (mail->letter.id > m->gone_id && mail->number != 0) {
        m->gone_id = mail->letter.id;
        m->gone_number = mail->number;
    }
    m->count--;
    memmove(mail, mail + 1, (m->count - at) * sizeof m->mail[0]);
}

struct model_mail *model_droppable(struct model *m)
{
    for (unsigned i = 0; i < m->count && m->drops != MX_SPOOL_REFUSE; i++) {
        if (!m->mail[i].wavers &&
            (m->mail[i].seen || m->drops == MX_SPOOL_DROP_OLDEST)) {
            return &m->mail[i];
        }
    }
    return NULL;
}

const struct letter *model_pending(const struct model *m, uint32_t id)
{
    if (m->flight == FLIGHT_COMMIT && m->letter.id == id) {
        return &m->letter;
    }
    for (unsigned i = 0; i < m->ghosts && i < MODEL_GHOSTS; i++) {
        if (m->ghost[i].id == id) {
            return &m->ghost[i];
        }
    }
    return NULL;
}

bool model_wavers(const struct model *m)
{
    for (unsigned i = 0; i < m->count; i++) {
        if (m->mail[i].wavers) {
            return true;
        }
    }
    return m->ghosts > 0;
}

void model_cut(struct model *m, bool wavers)
{
    struct model_mail *mail = model_find(m, m->letter.id);

    memset(m->open, 0, sizeof m->open);
    m->locked = false;
    m->wavers = m->wavers || wavers; /* also if nobody has looked since */
    if (wavers && m->flight == FLIGHT_COMMIT) {
        model_haunt(m, &m->letter);
    } else if (wavers && m->flight != FLIGHT_NONE && mail != NULL) {
        mail->wavers = true;
    }
    if (wavers && model_droppable(m) != NULL) {
        model_droppable(m)->wavers = true;
    }
}

void model_settle(struct model *m)
{
    m->flight = FLIGHT_NONE;
    m->drops = MX_SPOOL_REFUSE;
    m->wavers = false;
}
