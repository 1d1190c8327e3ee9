/* SPDX-License-Identifier: BSD-3-Clause */
#include "images.h"

#include "fuzz.h"

#include "store/spool.h"
#include "tinymx/err.h"
#include "util/le.h"

#include <string.h>

/* A sink may say so often that it is not ready. */
#define TURNS_MAX 20000u

#define TEXT_MAX 8192

/* --- a sender ----------------------------------------------------------- */

static int send_bytes(struct mx_sink *sink, int msg, const char *text,
                      size_t len)
{
    unsigned turns = 0;
    int rc = 0;

    while (len > 0 && rc >= 0) {
        medium_call();
        rc = sink->write(sink, msg, text, len);
        FUZZ_CHECK(rc != 0 && (rc < 0 || (size_t)rc <= len));
        FUZZ_CHECK(rc != MX_EAGAIN || ++turns < TURNS_MAX);
        if (rc > 0) {
            text += rc;
            len -= (size_t)rc;
        }
        rc = rc == MX_EAGAIN ? 0 : rc;
    }
    return rc < 0 ? rc : 0;
}

static int open_message(struct mx_sink *sink, size_t len)
{
    static const struct mx_tls_facts facts = {.version = "TLSv1.3",
                                              .cipher = "TLS_AES_128"};
    struct mx_envelope env = {.peer = "192.0.2.1",
                              .reverse_path = {.text = {"a@b.example", 11}},
                              .size = (uint32_t)len,
                              .time_s = 1000000,
                              .tls = len % 2 == 0 ? &facts : NULL};
    unsigned turns = 0;
    int msg;

    do {
        medium_call();
        msg = sink->open(sink, &env);
        FUZZ_CHECK(++turns < TURNS_MAX);
    } while (msg == MX_EAGAIN);
    return msg;
}

static int add_recipient(struct mx_sink *sink, int msg)
{
    struct mx_path to = {.text = {"joe@example.test", 16}};
    unsigned turns = 0;
    int rc;

    do {
        medium_call();
        rc = sink->rcpt(sink, msg, &to);
        FUZZ_CHECK(++turns < TURNS_MAX);
    } while (rc == MX_EAGAIN);
    return rc;
}

int image_send(struct mx_spool *spool, size_t len)
{
    static char text[TEXT_MAX];
    struct mx_sink *sink = &spool->sink;
    int msg = open_message(sink, len);
    int rc;

    if (msg < 0) {
        return msg;
    }
    for (size_t i = 0; i < len && i < TEXT_MAX; i++) {
        text[i] = (char)('a' + (i + len) % 25);
    }
    rc = add_recipient(sink, msg);
    rc = rc == 0 ? send_bytes(sink, msg, text, len < TEXT_MAX ? len : TEXT_MAX)
                 : rc;
    if (rc != 0) {
        sink->abort(sink, msg);
    }
    return rc == 0 ? msg : rc;
}

/* --- good ones ---------------------------------------------------------- */

#define OLD_MAILS 160
#define KEPT 4

static struct image images[MEDIUM_KINDS][IMAGE_AGES];
static struct mx_spool spool;
static struct medium_state cut; /* the last moment that was worth it */

static void deliver(size_t len)
{
    int msg = image_send(&spool, len);

    FUZZ_CHECK(msg >= 0 && spool.sink.commit(&spool.sink, msg) == 0);
}

/* The new head of a message is there, the old one not marked yet. */
static void watch(const uint8_t *data)
{
    if (spool.move.copying && memcmp(data, "gone", 4) == 0) {
        cut = medium.now;
    }
}

/* Every ninth stays for a long time, of the others the last few. */
static void delete_some(void)
{
    struct mx_spool_mail mail = {0};
    unsigned kept = 0;

    while (mx_spool_next(&spool, &mail) > 0) {
        bool stays = mail.number % 9 == 0 && ++kept <= KEPT;

        if (!stays && mail.number + 2 < spool.number) {
            FUZZ_CHECK(mx_spool_delete(&spool, &mail) == 0);
        } else if (mail.number % 2 == 0) {
            FUZZ_CHECK(mx_spool_see(&spool, &mail) == 0);
        }
    }
}

static void grow_old(void)
{
    for (size_t i = 0; i < OLD_MAILS; i++) {
        deliver(i * 331 % 2500);
        delete_some();
        if (i % 4 == 0) {
            (void)mx_spool_poll(&spool);
        }
    }
}

static void take(enum medium_kind kind, enum image_age age,
                 const struct medium_state *state)
{
    struct image *image = &images[kind][age];

    medium_insert(kind);
    medium.now = image->state = *state;
    medium_call();
    FUZZ_CHECK(mx_spool_mount(&image->spool, &medium.block,
                              &(struct mx_spool_config){0}) == 0);
    reader_list(&image->spool, &image->list, 0);
}

static void make(enum medium_kind kind)
{
    static struct medium_state now;

    memset(&now, 0, sizeof now);
    memset(now.bytes, kind == MEDIUM_CARD ? 0 : 0xff, sizeof now.bytes);
    take(kind, IMAGE_BLANK, &now);
    FUZZ_CHECK(mx_spool_mount(&spool, &medium.block,
                              &(struct mx_spool_config){0}) == 0);
    deliver(700);
    deliver(0);
    deliver(1300);
    now = medium.now;
    take(kind, IMAGE_YOUNG, &now);
    medium.now = now;
    FUZZ_CHECK(mx_spool_mount(&spool, &medium.block,
                              &(struct mx_spool_config){0}) == 0);
    medium.before = watch;
    grow_old();
    FUZZ_CHECK(spool.stats.moved > 0);
    now = medium.now;
    take(kind, IMAGE_OLD, &now);
    take(kind, IMAGE_CUT, &cut);
}

const struct image *image_of(enum medium_kind kind, enum image_age age)
{
    static bool made;

    for (int i = 0; !made && i < MEDIUM_KINDS; i++) {
        make((enum medium_kind)i);
    }
    made = true;
    return &images[kind][age];
}

bool image_touched(const struct image *image, const struct mx_spool_mail *mail,
                   const bool *touched)
{
    uint32_t page = mail->first;
    bool hit = touched[mail->head - mail->head % image->spool.segment_pages];

    for (uint32_t i = 0; i < image->spool.head_pages; i++) {
        hit |= touched[mail->head + i];
    }
    for (uint32_t i = 0; i < mail->pages; i++) {
        hit |= touched[page];
        page = le_get32(image->state.bytes + (size_t)page * MEDIUM_PAGE +
                        SPOOL_PAGE_NEXT);
    }
    return hit;
}
