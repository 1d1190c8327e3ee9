/* SPDX-License-Identifier: BSD-3-Clause */
#include "reader.h"

#include "fuzz.h"

#include "tinymx/err.h"
#include "util/crc32c.h"

#include <string.h>

static bool is_read_error(int rc)
{
    return rc == MX_EFORMAT || rc == MX_EIO || rc == MX_ECLOSED;
}

/* --- one message -------------------------------------------------------- */

/* From the first byte to the last, into `digest`. 0 or an error. */
static int read_through(struct mx_spool *spool, struct mx_spool_mail *mail,
                        uint32_t *digest)
{
    uint8_t buf[700];
    uint32_t off = 0;
    int n;

    medium_call();
    while ((n = mx_spool_read(spool, mail, off, buf, sizeof buf)) > 0) {
        FUZZ_CHECK(n <= (int)sizeof buf && (uint32_t)n <= mail->size - off);
        *digest = crc32c(*digest, buf, (size_t)n);
        off += (uint32_t)n;
    }
    FUZZ_CHECK(n == 0 ? off == mail->size : is_read_error(n));
    return n;
}

static void read_here_and_there(struct mx_spool *spool,
                                struct mx_spool_mail *mail)
{
    uint32_t offs[] = {mail->size - 1, 0,          1,         503, 504,
                       mail->size / 2, mail->size, UINT32_MAX};
    uint8_t buf[64];

    for (size_t i = 0; i < sizeof offs / sizeof *offs; i++) {
        int n = mx_spool_read(spool, mail, offs[i], buf, i * 9);

        FUZZ_CHECK(n <= (int)(i * 9) && (n >= 0 || is_read_error(n)));
        FUZZ_CHECK(n != 0 || i == 0 || offs[i] >= mail->size);
    }
}

static uint32_t add_text(uint32_t digest, const char *text, size_t cap)
{
    size_t len = strnlen(text, cap);

    FUZZ_CHECK(len < cap);
    return crc32c(digest, text, len);
}

static int read_envelope(struct mx_spool *spool, struct mx_spool_mail *mail,
                         uint32_t *digest)
{
    struct mx_spool_envelope env;
    int rc = mx_spool_envelope(spool, mail, &env);

    FUZZ_CHECK(rc == 0 || rc == MX_ECLOSED);
    if (rc == 0) {
        *digest = add_text(*digest, env.peer, sizeof env.peer);
        *digest = add_text(*digest, env.tls, sizeof env.tls);
        *digest = add_text(*digest, env.cipher, sizeof env.cipher);
        *digest = add_text(*digest, env.from, sizeof env.from);
    }
    return rc;
}

/* Of what stays the same when it moves. */
static uint32_t digest_of(const struct mx_spool_mail *mail)
{
    uint32_t digest = crc32c(0, &mail->number, sizeof mail->number);

    digest = crc32c(digest, &mail->serial, sizeof mail->serial);
    digest = crc32c(digest, &mail->envelope, sizeof mail->envelope);
    digest = crc32c(digest, &mail->time_s, sizeof mail->time_s);
    digest = crc32c(digest, &mail->rcpts, sizeof mail->rcpts);
    digest = crc32c(digest, &mail->flags, sizeof mail->flags);
    return crc32c(digest, &mail->tls, sizeof mail->tls);
}

static void check_mail(struct mx_spool *spool, struct mx_spool_mail *mail,
                       bool whole)
{
    bool right;

    medium_call();
    right = mx_spool_check(spool, mail) == 0;
    FUZZ_CHECK(medium.failed || right == whole);
}

static void read_mail(struct mx_spool *spool, struct mx_spool_mail *mail,
                      struct reader_mail *read, bool curious)
{
    int rc;

    FUZZ_CHECK(mail->size > 0 && mail->envelope <= mail->size);
    read->digest = digest_of(mail);
    rc = read_envelope(spool, mail, &read->digest);
    rc = rc == 0 ? read_through(spool, mail, &read->digest) : rc;
    if (curious) {
        read_here_and_there(spool, mail);
        check_mail(spool, mail, rc == 0);
    }
    read->whole = rc == 0;
    read->mail = *mail;
}

/* --- all of them -------------------------------------------------------- */

/* Whatever is listed can be asked for. */
static void find_again(struct mx_spool *spool, uint32_t number)
{
    struct mx_spool_mail found;

    medium_call();
    if (mx_spool_find(spool, number, &found) == 0) {
        FUZZ_CHECK(medium.failed);
    } else {
        FUZZ_CHECK(found.number == number);
    }
}

void reader_list(struct mx_spool *spool, struct reader_list *list,
                 unsigned ways)
{
    struct mx_spool_mail mail = {0};
    uint32_t before = 0;
    int rc;

    list->count = 0;
    for (;;) {
        medium_call();
        rc = mx_spool_next(spool, &mail);
        FUZZ_CHECK(rc == 0 || rc == 1);
        if (rc == 0) {
            return;
        }
        FUZZ_CHECK(mail.number > before && list->count < READER_MAX);
        before = mail.number;
        if ((ways & READER_CURIOUS) != 0) {
            find_again(spool, mail.number);
        }
        medium_call();
        if ((ways & READER_POLLS) != 0) {
            (void)mx_spool_poll(spool);
        }
        read_mail(spool, &mail, &list->mail[list->count++],
                  (ways & READER_CURIOUS) != 0);
    }
}

const struct reader_mail *reader_find(const struct reader_list *list,
                                      uint32_t number)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->mail[i].mail.number == number) {
            return &list->mail[i];
        }
    }
    return NULL;
}
