/* SPDX-License-Identifier: BSD-3-Clause */
#include "inspect.h"

#include "story.h"

#include "tinymx/err.h"

#include <string.h>

/* --- one message --------------------------------------------------------- */

/* Which field of the head is not what it was? NULL: none. */
static const char *wrong_field(const struct letter *letter,
                               const struct mx_spool_mail *mail)
{
    struct mx_envelope env = letter_envelope(letter);
    uint32_t front = letter_front(letter);

    return mail->envelope != front                 ? "envelope"
           : mail->size != front + letter->size    ? "size"
           : mail->rcpts != letter->rcpts          ? "rcpts"
           : mail->flags != env.flags              ? "flags"
           : mail->tls != (env.tls != NULL)        ? "tls"
           : letter_id(mail->time_s) != letter->id ? "time"
                                                   : NULL;
}

static bool begins(const char *text, const char *with, size_t room)
{
    size_t len = strlen(with);

    return strncmp(text, with, len < room ? len : room - 1) == 0 &&
           strlen(text) == (len < room ? len : room - 1);
}

static const char *wrong_text(const struct letter *letter,
                              const struct mx_spool_envelope *got)
{
    struct mx_envelope env = letter_envelope(letter);
    const char *tls = env.tls != NULL ? env.tls->version : "";
    const char *cipher = env.tls != NULL ? env.tls->cipher : "";

    return !begins(got->peer, env.peer, sizeof got->peer)     ? "peer"
           : !begins(got->tls, tls, sizeof got->tls)          ? "tls"
           : !begins(got->cipher, cipher, sizeof got->cipher) ? "cipher"
           : !begins(got->from, letter_from(letter), sizeof got->from) ? "from"
                                                                       : NULL;
}

/* What a message that nobody promised may say when it is read. */
static bool excused(const struct model_mail *mail, int rc)
{
    return mail->wavers &&
           (rc == MX_EIO || rc == MX_EFORMAT || rc == MX_ECLOSED);
}

static void compare_envelope(struct world *w, const struct model_mail *mail,
                             struct mx_spool_mail *found)
{
    struct mx_spool_envelope env;
    const char *wrong;
    int rc = mx_spool_envelope(w->spool, found, &env);

    if (excused(mail, rc)) {
        return;
    }
    wrong = rc != 0 ? mx_strerror(rc) : wrong_text(&mail->letter, &env);
    if (wrong != NULL) {
        story_end("ALTERED", "message %u: its %s", mail->letter.id, wrong);
    }
}

/* Bytes [off, off + len) of it, in one call or more. 0, or an error that is
 * excused. */
static int compare_bytes(struct world *w, const struct model_mail *mail,
                         struct mx_spool_mail *found, const uint8_t *want,
                         uint32_t off, uint32_t len)
{
    static uint8_t got[2048];

    while (len > 0) {
        size_t step = len < sizeof got ? len : sizeof got;
        int rc = mx_spool_read(w->spool, found, off, got, step);

        if (excused(mail, rc)) {
            return rc;
        }
        if (rc <= 0 || (size_t)rc > step) {
            story_end("ALTERED", "message %u reads %d at %u of %u",
                      mail->letter.id, rc, off, found->size);
        }
        if (memcmp(got, want + off, (size_t)rc) != 0) {
            story_end("ALTERED", "message %u, in %d bytes from %u of %u",
                      mail->letter.id, rc, off, found->size);
        }
        off += (uint32_t)rc;
        len -= (uint32_t)rc;
    }
    return 0;
}

static void compare_data(struct world *w, const struct model_mail *mail,
                         struct mx_spool_mail *found)
{
    const uint8_t *want = letter_data(&mail->letter);
    uint32_t size = found->size;
    uint32_t off = (uint32_t)chance_below(&w->chance, size);
    uint8_t one;

    if (chance_permille(&w->chance, 200) &&
        compare_bytes(w, mail, found, want, off,
                      size - off < 9 ? size - off : 9) != 0) {
        return;
    }
    if (compare_bytes(w, mail, found, want, 0, size) == 0 &&
        mx_spool_read(w->spool, found, size, &one, 1) > 0) {
        story_end("ALTERED", "message %u goes on behind its end",
                  mail->letter.id);
    }
    if (chance_permille(&w->chance, 50)) {
        int rc = mx_spool_check(w->spool, found);

        if (rc != 0 && !excused(mail, rc)) {
            story_end("ALTERED", "message %u: %s", mail->letter.id,
                      mx_strerror(rc));
        }
    }
}

static void compare(struct world *w, struct model_mail *mail,
                    struct mx_spool_mail *found)
{
    const char *wrong = wrong_field(&mail->letter, found);

    if (wrong != NULL) {
        story_end("ALTERED", "message %u: its %s", mail->letter.id, wrong);
    }
    if (mail->number != found->number || mail->serial != found->serial) {
        story_end("NUMBER",
                  "message %u was number %u, serial %u, and is %u, %u",
                  mail->letter.id, mail->number, mail->serial, found->number,
                  found->serial);
    }
    if (mail->seen != found->seen && !mail->wavers) {
        if (w->model.flight != FLIGHT_SEE ||
            w->model.letter.id != mail->letter.id) {
            story_end("SEEN", "message %u: %d", mail->letter.id, found->seen);
        }
        mail->seen = found->seen;
    }
    compare_envelope(w, mail, found);
    compare_data(w, mail, found);
}

/* --- all of them --------------------------------------------------------- */

static bool present[MODEL_MAX];

/* It is there, and the model does not have it. Was it in flight? */
static struct model_mail *appear(struct world *w, const struct mx_spool_mail *m)
{
    uint32_t id = letter_id(m->time_s);
    const struct letter *letter = model_pending(&w->model, id);
    struct model_mail mail = {.number = m->number, .serial = m->serial};
    bool flying = w->model.flight == FLIGHT_COMMIT && w->model.letter.id == id;
    struct model_mail *added;

    if (letter == NULL) {
        story_end("GHOST", "message %u, number %u, was never acknowledged", id,
                  m->number);
    }
    mail.letter = *letter;
    mail.seen = m->seen && !flying;
    mail.wavers = w->model.wavers || !flying;
    if (!model_insert(&w->model, &mail)) {
        story_end("NUMBER", "message %u has number %u", id, m->number);
    }
    if (!mail.wavers && m->serial <= w->model.serial) {
        story_end("NUMBER", "message %u has serial %u", id, m->serial);
    }
    if (!mail.wavers) {
        w->model.serial = m->serial;
    }
    added = model_find(&w->model, id);
    memmove(present + (added - w->model.mail) + 1,
            present + (added - w->model.mail),
            w->model.count - 1 - (size_t)(added - w->model.mail));
    return added;
}

static void may_be_missing(struct world *w, struct model_mail *mail)
{
    struct model *m = &w->model;

    if (mail->wavers ||
        (m->flight == FLIGHT_DELETE && m->letter.id == mail->letter.id)) {
        return;
    }
    if (model_droppable(m) == mail) {
        mail->wavers = m->wavers;
        return;
    }
    story_end("LOST", "message %u, number %u, of %u bytes", mail->letter.id,
              mail->number, mail->letter.size);
}

/* In order of what would be dropped first: what is missing may be dropped only
 * if those before it were. */
static void strike_out(struct world *w)
{
    struct model *m = &w->model;

    for (unsigned i = 0; i < m->count;) {
        struct model_mail *mail = &m->mail[i];

        if (present[i]) {
            i++;
            continue;
        }
        may_be_missing(w, mail);
        if (mail->wavers) {
            i++;
            continue;
        }
        memmove(present + i, present + i + 1, m->count - 1 - i);
        model_remove(m, mail);
    }
}

static void compare_stats(struct world *w)
{
    const struct mx_spool_stats *stats = mx_spool_stats(w->spool);
    uint32_t unseen = 0;

    for (unsigned i = 0; i < w->model.count; i++) {
        unseen += !w->model.mail[i].seen;
    }
    if (w->model.hurt || model_wavers(&w->model)) {
        return;
    }
    if (stats->messages != w->model.count || stats->unseen != unseen) {
        story_end("STATS",
                  "%u messages, %u unseen, %u of %u KB; should be %u, "
                  "%u",
                  stats->messages, stats->unseen, stats->used_kb,
                  stats->size_kb, w->model.count, unseen);
    }
    if (stats->lost > 0) {
        story_end("STATS", "%u lost", stats->lost);
    }
}

/* Found by its number, it is the same. */
static void compare_found(struct world *w, const struct model_mail *mail)
{
    struct mx_spool_mail found;

    if (!mail->wavers && world_find(w, mail, &found) &&
        wrong_field(&mail->letter, &found) != NULL) {
        story_end("ALTERED", "number %u is found as another", mail->number);
    }
}

void inspect(struct world *w)
{
    struct mx_spool_mail found = {0};
    uint32_t last = 0;
    int rc;

    memset(present, 0, sizeof present);
    while ((rc = mx_spool_next(w->spool, &found)) > 0) {
        struct model_mail *mail =
            model_find(&w->model, letter_id(found.time_s));

        if (found.number <= last) {
            story_end("ORDER", "number %u behind %u", found.number, last);
        }
        last = found.number;
        mail = mail != NULL ? mail : appear(w, &found);
        present[mail - w->model.mail] = true;
        compare(w, mail, &found);
        if (chance_permille(&w->chance, 100)) {
            compare_found(w, mail);
        }
    }
    if (rc != 0 && !w->model.hurt) {
        story_end("ERROR", "next: %s", mx_strerror(rc));
    }
    strike_out(w);
    if (mx_spool_find(w->spool, last + 1000, &found) == 1) {
        story_end("GHOST", "number %u is found", last + 1000);
    }
    compare_stats(w);
    model_settle(&w->model);
}

/* --- single ones -------------------------------------------------------- */

void inspect_new(struct world *w, const struct letter *letter)
{
    struct mx_spool_mail found = {0};
    struct model_mail *mail;

    /* All that are older are behind the last of the model's, or between. */
    while (mx_spool_next(w->spool, &found) > 0) {
        if (letter_id(found.time_s) != letter->id) {
            continue;
        }
        mail = appear(w, &found);
        mail->wavers = false;
        compare(w, mail, &found);
        w->stale = found;
        w->stale_mail = *mail;
        return;
    }
    story_end("LOST", "message %u, just committed", letter->id);
}

bool inspect_is(struct world *w, const struct model_mail *mail,
                struct mx_spool_mail *found)
{
    static uint8_t got[LETTER_MAX + 1024];
    const uint8_t *want = letter_data(&mail->letter);
    uint32_t off = 0;
    int rc = 1;

    if (wrong_field(&mail->letter, found) != NULL) {
        return false;
    }
    while (off < found->size && rc > 0) {
        rc = mx_spool_read(w->spool, found, off, got + off, found->size - off);
        off += rc > 0 ? (uint32_t)rc : 0;
    }
    if (memcmp(got, want, off) != 0) {
        story_end("ALTERED", "message %u, in the first %u bytes",
                  mail->letter.id, off);
    }
    return off == found->size;
}

/* Who deletes a message that is being read need not stop the reader; but what
 * he reads is that message. */
void inspect_stale(struct world *w)
{
    struct model_mail *mail = model_find(&w->model, w->stale_mail.letter.id);
    uint8_t byte;

    if (w->stale.number == 0) {
        return;
    }
    if (mail != NULL) {
        compare_data(w, mail, &w->stale);
    } else if (mx_spool_read(w->spool, &w->stale, 0, &byte, 1) == 1) {
        compare_data(w, &w->stale_mail, &w->stale);
    }
}
