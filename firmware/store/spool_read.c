/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A message's data: pages, each of which says where the next one is. The check
 * sum of a page begins with that of the page before, and the first with the
 * message's number: so the last one, which the head has, covers all of them,
 * and no page is taken for one of another message or of an earlier lap.
 */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/crc32c.h"
#include "util/le.h"

#include <string.h>

uint32_t spool_seed(const struct mx_spool *spool, uint32_t number)
{
    uint8_t bytes[4];

    le_put32(bytes, number);
    return crc32c(spool->secret, bytes, sizeof bytes);
}

static uint32_t sum(uint32_t crc, const uint8_t *page)
{
    return crc32c(crc, page + SPOOL_PAGE_DATA, SPOOL_ROOM);
}

int spool_data_load(struct mx_spool *spool, uint32_t page, uint32_t crc)
{
    int rc;

    if (page >= spool->segments * spool->segment_pages) {
        return MX_EFORMAT;
    }
    rc = spool_load(spool, page);
    if (rc != 0) {
        return rc;
    }
    return le_get32(spool->page + SPOOL_PAGE_CRC) == sum(crc, spool->page)
               ? 0
               : MX_EFORMAT;
}

int spool_data_write(struct mx_spool *spool, uint32_t page, uint32_t next,
                     uint8_t *data, uint32_t *crc)
{
    *crc = sum(*crc, data);
    le_put32(data + SPOOL_PAGE_CRC, *crc);
    le_put32(data + SPOOL_PAGE_NEXT, next);
    return spool_prog(spool, page, 0, data, MX_SPOOL_PAGE);
}

/* --- reading ------------------------------------------------------------ */

static void rewind_to_start(const struct mx_spool *spool,
                            struct mx_spool_mail *mail)
{
    mail->at = mail->first;
    mail->at_number = 0;
    mail->at_crc = spool_seed(spool, mail->number);
}

/* The page with this number, counted in the message, into spool->page. */
static int go_to(struct mx_spool *spool, struct mx_spool_mail *mail,
                 uint32_t number)
{
    int rc;

    if (mail->at == SPOOL_NONE || mail->at_number > number) {
        rewind_to_start(spool, mail);
    }
    rc = spool_data_load(spool, mail->at, mail->at_crc);
    while (rc == 0 && mail->at_number < number) {
        mail->at_crc = le_get32(spool->page + SPOOL_PAGE_CRC);
        mail->at = le_get32(spool->page + SPOOL_PAGE_NEXT);
        mail->at_number++;
        rc = spool_data_load(spool, mail->at, mail->at_crc);
    }
    if (rc == 0 && number == mail->pages - 1 &&
        le_get32(spool->page + SPOOL_PAGE_CRC) != mail->end) {
        rc = MX_EFORMAT;
    }
    if (rc != 0) {
        mail->at = SPOOL_NONE;
    }
    return rc;
}

int mx_spool_read(struct mx_spool *spool, struct mx_spool_mail *mail,
                  uint32_t off, void *buf, size_t len)
{
    uint32_t in_page = off % SPOOL_ROOM;
    uint32_t most = SPOOL_ROOM - in_page;
    int rc = spool_follow(spool, mail);

    if (rc != 0) {
        return rc;
    }
    if (off >= mail->size || len == 0) {
        return 0;
    }
    if (most > mail->size - off) {
        most = mail->size - off;
    }
    rc = go_to(spool, mail, off / SPOOL_ROOM);
    if (rc != 0) {
        return rc;
    }
    len = len < most ? len : most;
    memcpy(buf, spool->page + SPOOL_PAGE_DATA + in_page, len);
    return (int)len;
}

uint32_t mx_spool_serial(const struct mx_spool *spool)
{
    return spool->serial;
}

/* There is no bare LF in mail (firmware/smtp), so the last byte tells. */
int mx_spool_ends_line(struct mx_spool *spool, struct mx_spool_mail *mail)
{
    int rc = spool_meet(spool, mail);

    if (rc != 0 || mail->size == 0) {
        return rc;
    }
    rc = spool_load(spool, spool_head_get32(spool, SPOOL_HEAD_LAST));
    if (rc != 0) {
        return rc;
    }
    return le_get32(spool->page + SPOOL_PAGE_CRC) != mail->end
               ? MX_EFORMAT
               : spool->page[SPOOL_PAGE_DATA + (mail->size - 1) % SPOOL_ROOM] ==
                     '\n';
}

int mx_spool_check(struct mx_spool *spool, struct mx_spool_mail *mail)
{
    uint8_t byte;
    int rc = 0;

    for (uint32_t off = 0; rc >= 0 && off < mail->size; off += SPOOL_ROOM) {
        rc = mx_spool_read(spool, mail, off, &byte, 1);
    }
    return rc < 0 ? rc : 0;
}

/* --- the head's texts --------------------------------------------------- */

/* What is in the head ends it, or its place does. */
static void copy_text(char *out, size_t cap, const uint8_t *text)
{
    memcpy(out, text, cap);
    out[cap - 1] = '\0';
}

int mx_spool_envelope(struct mx_spool *spool, struct mx_spool_mail *mail,
                      struct mx_spool_envelope *env)
{
    int rc = spool_meet(spool, mail);

    if (rc != 0) {
        return rc;
    }
    copy_text(env->peer, sizeof env->peer, spool->page + SPOOL_HEAD_PEER);
    copy_text(env->tls, sizeof env->tls, spool->page + SPOOL_HEAD_TLS);
    copy_text(env->cipher, sizeof env->cipher, spool->page + SPOOL_HEAD_CIPHER);
    copy_text(env->from, sizeof env->from, spool->page + SPOOL_HEAD_FROM);
    return 0;
}

/* --- marks -------------------------------------------------------------- */

int mx_spool_see(struct mx_spool *spool, struct mx_spool_mail *mail)
{
    int rc = spool_meet(spool, mail);

    if (rc != 0) {
        return rc;
    }
    if (spool->cfg.read_only) {
        return MX_ENOTSUP;
    }
    if ((spool_head_get16(spool, SPOOL_HEAD_FLAGS) & SPOOL_F_SEEN) == 0 &&
        !spool_marked(spool, mail->head, SPOOL_SEEN)) {
        rc = spool_mark(spool, mail->head, SPOOL_SEEN);
        spool->stats.unseen -= rc == 0;
    }
    mail->seen = mail->seen || rc == 0;
    return rc;
}

int mx_spool_delete(struct mx_spool *spool, struct mx_spool_mail *mail)
{
    bool seen;
    int rc = spool_meet(spool, mail);

    if (rc != 0) {
        return rc;
    }
    if (spool->cfg.read_only) {
        return MX_ENOTSUP;
    }
    seen = (spool_head_get16(spool, SPOOL_HEAD_FLAGS) & SPOOL_F_SEEN) != 0 ||
           spool_marked(spool, mail->head, SPOOL_SEEN);
    rc = spool_mark(spool, mail->head, SPOOL_GONE);
    if (rc == 0) {
        spool_uncount(spool, mail->pages, seen);
    }
    return rc;
}
