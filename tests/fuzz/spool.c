/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A spool as somebody else left it. The input changes a good image, which can
 * have its check sums made right again, or nothing behind them would ever be
 * reached; then it says what happens to it:
 *
 *     image, flags, operation of the first mount that fails
 *     how many changes, and these: see damage.h
 *     letters, some with a number behind them: `verbs` below
 *
 * Nothing is read or programmed but by the rules of tinymx/block.h, and every
 * call ends. Messages whose bytes nobody has changed are whole. What could be
 * read once, and what was taken in, is there until it is deleted.
 */
#include "damage.h"
#include "fuzz.h"
#include "images.h"

#include "tinymx/err.h"

#include <string.h>

/* The first ones are those of enum seal. */
enum flag {
    F_READ_ONLY = 8,
    F_FILE = 16, /* a flash's image in a file */
    F_DROP_SEEN = 32,
    F_DROP_OLDEST = 64,
    F_FAIL_LATE = 128, /* what fails is done nevertheless */
};
#define SEALS (SEAL_LABELS | SEAL_HEADS | SEAL_DATA)

/* --- what has to be there ----------------------------------------------- */

#define KNOWN_MAX 600
#define OPEN_NONE (-1)

static struct world {
    struct mx_spool spool;
    struct mx_spool_config cfg;
    struct damage damage;
    size_t known_count;
    struct known {
        uint32_t number, digest;
        bool ours; /* it was sent in this run */
    } known[KNOWN_MAX];
    unsigned lost;  /* were dropped, so many of these */
    bool disturbed; /* something has failed since the mount */
    int open;       /* a message, or OPEN_NONE */
    struct reader_list list;
} w;

static void know(const struct reader_mail *mail, bool ours)
{
    if (w.known_count < KNOWN_MAX) {
        w.known[w.known_count++] =
            (struct known){mail->mail.number, mail->digest, ours};
    }
}

static void forget(uint32_t number)
{
    for (size_t i = 0; i < w.known_count; i++) {
        if (w.known[i].number == number) {
            w.known[i] = w.known[--w.known_count];
            return;
        }
    }
}

/* Nobody has made the image lie: what it says can be relied upon. */
static bool is_honest(void)
{
    return !w.damage.lies;
}

/* Is all that has to be there in w.list? Of what it was full of when it dropped
 * some, those may be missing. */
static void compare(void)
{
    size_t i = 0;
    unsigned missing = 0;

    while (i < w.known_count) {
        const struct known *k = &w.known[i];
        const struct reader_mail *mail = reader_find(&w.list, k->number);

        if (mail == NULL || !mail->whole || mail->digest != k->digest) {
            missing += is_honest() || k->ours;
            w.known[i] = w.known[--w.known_count];
        } else {
            i++;
        }
    }
    w.lost += missing;
    FUZZ_CHECK(w.lost <= w.spool.stats.dropped);
}

static void check_stats(void)
{
    const struct mx_spool_stats *stats = mx_spool_stats(&w.spool);
    uint32_t unseen = 0;

    for (size_t i = 0; i < w.list.count; i++) {
        unseen += !w.list.mail[i].mail.seen;
    }
    if (is_honest()) {
        FUZZ_CHECK(stats->unseen <= stats->messages);
        /* Some may have been lost since they were listed. */
        FUZZ_CHECK(stats->messages + stats->lost >= w.list.count);
    }
    if (!w.damage.any && !w.disturbed) {
        FUZZ_CHECK(stats->messages == w.list.count);
        FUZZ_CHECK(stats->unseen == unseen);
    }
}

static void look(unsigned ways)
{
    reader_list(&w.spool, &w.list, ways);
    if (!medium.failed) {
        compare();
        check_stats();
    }
}

/* The same, and nothing fails meanwhile. */
static void look_undisturbed(void)
{
    unsigned fail_in = medium.fail_in;

    medium.fail_in = 0;
    w.disturbed |= medium.failed;
    medium.failed = false;
    look(0);
    medium.fail_in = fail_in;
}

/* --- the mount ---------------------------------------------------------- */

/* Is a label of this image as it was? */
static bool is_labelled(void)
{
    bool all = !w.damage.lies;

    for (size_t i = 0; i < MEDIUM_PAGES; i += 32) {
        all &= !w.damage.touched[i];
    }
    return all;
}

static bool mount(void)
{
    int rc;

    medium_call();
    rc = mx_spool_mount(&w.spool, &medium.block, &w.cfg);
    FUZZ_CHECK(rc == 0 || rc == MX_EFORMAT || rc == MX_ENOTSUP ||
               rc == MX_EIO || rc == MX_ENOSPC || rc == MX_EINVAL);
    FUZZ_CHECK(rc != MX_EIO || medium.failed);
    w.lost = 0;
    w.disturbed = medium.failed;
    w.open = OPEN_NONE;
    return rc == 0;
}

/* What nobody has touched is there, and as it was. */
static void check_untouched(const struct image *image)
{
    for (size_t i = 0; i < image->list.count; i++) {
        const struct reader_mail *was = &image->list.mail[i];
        const struct reader_mail *is = reader_find(&w.list, was->mail.number);

        if (!image_touched(image, &was->mail, w.damage.touched)) {
            FUZZ_CHECK(is != NULL && is->whole && is->digest == was->digest);
            fuzz_reached("untouched message");
        }
    }
}

static void first_look(const struct image *image)
{
    reader_list(&w.spool, &w.list, READER_CURIOUS);
    check_stats();
    if (is_honest()) {
        check_untouched(image);
    }
    for (size_t i = 0; i < w.list.count; i++) {
        if (w.list.mail[i].whole) {
            fuzz_reached("message");
            know(&w.list.mail[i], false);
        }
    }
}

/* --- what happens to it ------------------------------------------------- */

static struct mx_spool_mail *pick(uint8_t n)
{
    return w.list.count > 0 ? &w.list.mail[n % w.list.count].mail : NULL;
}

static void do_list(uint8_t n)
{
    look(n);
}

static void do_see(uint8_t n)
{
    struct mx_spool_mail *mail = pick(n);
    int rc = mail != NULL ? mx_spool_see(&w.spool, mail) : 0;

    FUZZ_CHECK(rc == 0 || rc == MX_ECLOSED || (rc == MX_EIO && medium.failed) ||
               (rc == MX_ENOTSUP && w.cfg.read_only));
}

static void do_delete(uint8_t n)
{
    struct mx_spool_mail *mail = pick(n);
    int rc = mail != NULL ? mx_spool_delete(&w.spool, mail) : 0;

    FUZZ_CHECK(rc == 0 || rc == MX_ECLOSED || (rc == MX_EIO && medium.failed) ||
               (rc == MX_ENOTSUP && w.cfg.read_only));
    if (mail != NULL && rc != MX_ENOTSUP) {
        forget(mail->number);
        fuzz_reached("deleted");
    }
}

static void do_poll(uint8_t n)
{
    for (unsigned i = 0; i <= n; i++) {
        medium_call();
        if (!mx_spool_poll(&w.spool)) {
            return;
        }
    }
}

static void do_abort(uint8_t n)
{
    (void)n;
    if (w.open != OPEN_NONE) {
        w.spool.sink.abort(&w.spool.sink, w.open);
    }
    w.open = OPEN_NONE;
}

static void do_open(uint8_t n)
{
    do_abort(0);
    w.open = image_send(&w.spool, n * 30u);
    if (w.open < 0) {
        fuzz_reached(mx_strerror(w.open));
        FUZZ_CHECK(w.open != MX_ENOTSUP || w.cfg.read_only);
        w.open = OPEN_NONE;
    }
    FUZZ_CHECK(w.open == OPEN_NONE || !w.cfg.read_only);
}

static void do_commit(uint8_t n)
{
    const struct reader_mail *mail;
    uint32_t number;
    int msg = w.open;

    (void)n;
    if (msg == OPEN_NONE) {
        return;
    }
    number = w.spool.msg[msg].number;
    w.open = OPEN_NONE;
    if (w.spool.sink.commit(&w.spool.sink, msg) != 0) {
        fuzz_reached("commit failed");
        return;
    }
    fuzz_reached("delivered");
    look_undisturbed();
    mail = reader_find(&w.list, number);
    FUZZ_CHECK(mail != NULL && mail->whole);
    FUZZ_CHECK(mail == &w.list.mail[w.list.count - 1]);
    know(mail, true);
}

static void do_mail(uint8_t n)
{
    do_open(n);
    do_commit(0);
}

static void do_mount(uint8_t n)
{
    struct mx_spool_stats was;
    bool same;

    (void)n;
    look_undisturbed();
    was = w.spool.stats;
    same = !w.damage.any && !w.disturbed;
    medium.fail_in = 0;
    FUZZ_CHECK(mount());
    FUZZ_CHECK(!same || (w.spool.stats.messages == was.messages &&
                         w.spool.stats.unseen == was.unseen));
    fuzz_reached("mounted again");
}

static void do_fail(uint8_t n)
{
    medium.fail_in = n;
}

static void do_lock(uint8_t n)
{
    if (n % 2 == 0) {
        (void)mx_spool_lock(&w.spool);
    } else {
        mx_spool_unlock(&w.spool);
    }
}

static const struct verb {
    char letter;
    void (*act)(uint8_t n); /* with the byte behind it */
} verbs[] = {
    {'l', do_list},  {'s', do_see},   {'d', do_delete}, {'p', do_poll},
    {'o', do_open},  {'a', do_abort}, {'c', do_commit}, {'m', do_mail},
    {'r', do_mount}, {'f', do_fail},  {'k', do_lock},
};

static void act(uint8_t letter, uint8_t n)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (verbs[i].letter == letter) {
            medium_call();
            verbs[i].act(n);
            w.disturbed |= medium.failed;
            medium.failed = false;
        }
    }
}

/* --- the input ---------------------------------------------------------- */

/* Nothing can be wrong with these. */
static bool has_to_mount(const struct image *image, uint8_t flags)
{
    bool readable = (flags & F_FILE) == 0 || w.cfg.read_only;
    bool formatted = image->list.count > 0 || !w.cfg.read_only;

    return readable && formatted && is_labelled();
}

static const struct image *insert(struct fuzz_in *in, uint8_t flags)
{
    uint8_t which = fuzz_u8(in);
    enum medium_kind kind = (enum medium_kind)(which % MEDIUM_KINDS);
    enum image_age age = (enum image_age)(which / MEDIUM_KINDS % IMAGE_AGES);
    const struct image *image = image_of(kind, age);

    medium_insert((flags & F_FILE) != 0 ? MEDIUM_CARD : kind);
    medium.now = image->state;
    medium.fail_late = (flags & F_FAIL_LATE) != 0;
    medium.read_only = (flags & F_READ_ONLY) != 0;
    return image;
}

static void begin(struct fuzz_in *in, uint8_t flags)
{
    memset(&w, 0, sizeof w);
    w.cfg.read_only = medium.read_only;
    w.cfg.full = (flags & F_DROP_OLDEST) != 0 ? MX_SPOOL_DROP_OLDEST
                 : (flags & F_DROP_SEEN) != 0 ? MX_SPOOL_DROP_SEEN
                                              : MX_SPOOL_REFUSE;
    w.damage = damage_do(in);
    w.damage.lies |= (flags & SEALS) != 0;
    damage_seal(flags & SEALS);
    medium.trusting = w.damage.lies;
}

void fuzz_one(const uint8_t *data, size_t len)
{
    struct fuzz_in in = fuzz_in(data, len);
    uint8_t flags = fuzz_u8(&in);
    const struct image *image = insert(&in, flags);

    medium.fail_in = fuzz_u8(&in);
    begin(&in, flags);
    if (medium.fail_in > 0 && mount()) {
        reader_list(&w.spool, &w.list, 0);
    }
    medium.fail_in = 0;
    medium.failed = false;
    if (!mount()) {
        FUZZ_CHECK(!has_to_mount(image, flags));
        return;
    }
    fuzz_reached("mounted");
    first_look(image);
    while (in.left > 0) {
        uint8_t letter = fuzz_u8(&in);

        act(letter, fuzz_u8(&in));
    }
    do_abort(0);
    do_mount(0);
    look(0);
}
