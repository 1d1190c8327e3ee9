/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A public address for a while: more visitors at once than the device has
 * sessions, most of them up to no good. Each tide of them ebbs away, and then
 * the device has to be what it was before the first; at the end the ledger is
 * read.
 */
#include "behave.h"
#include "chance.h"
#include "far.h"
#include "ledger.h"
#include "link.h"
#include "near.h"
#include "options.h"
#include "platform.h"
#include "rig.h"
#include "sender.h"
#include "store.h"
#include "talk.h"
#include "text.h"
#include "tinymx/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Twice the sessions and some, each with an address of its own. */
#define VISITORS                                                               \
    (2 * MX_SESSIONS + 3 < FAR_HOSTS ? 2 * MX_SESSIONS + 3 : FAR_HOSTS)

#define TIDE 1000       /* sessions */
#define PAUSE_MS 60000u /* between two visits of one, at most */
#define SLOW ((MX_SESSIONS + 1) / 2)

static struct {
    struct visitor visitor;
    bool here;
    uint64_t next_ms;
} visitors[VISITORS];

static struct chance chance;
static unsigned begun;    /* sessions */
static unsigned tide_at;  /* none is begun beyond this, for now */
static unsigned came[32]; /* of each behaviour */
static unsigned slow;     /* here now */

/* --- visits ------------------------------------------------------------- */

static const struct behaviour *draw(void)
{
    unsigned all = 0;
    uint64_t at;
    unsigned i = 0;

    for (unsigned k = 0; k < behaviour_count; k++) {
        all += behaviours[k].weight;
    }
    at = chance_below(&chance, all);
    while (at >= behaviours[i].weight) {
        at -= behaviours[i++].weight;
    }
    return &behaviours[i];
}

static void arrive(unsigned i)
{
    const struct behaviour *b = draw();

    if (b->slow && slow == SLOW) {
        b = &behaviours[0];
    }
    visitors[i].visitor.is = b;
    visitors[i].here = true;
    b->begin(&visitors[i].visitor, i, &chance);
    slow += b->slow;
    came[b - behaviours]++;
    begun++;
}

static void stay(unsigned i)
{
    struct visitor *v = &visitors[i].visitor;

    if (!v->is->turn(v, &chance)) {
        visitors[i].here = false;
        slow -= v->is->slow;
        visitors[i].next_ms = platform_now() + chance_below(&chance, PAUSE_MS);
    }
}

static bool visitors_turn(uint64_t *due_ms)
{
    bool any = false;

    for (unsigned i = 0; i < VISITORS; i++) {
        uint64_t due;

        if (!visitors[i].here && begun < tide_at &&
            visitors[i].next_ms <= platform_now()) {
            arrive(i);
        }
        if (visitors[i].here) {
            stay(i);
        }
        due = visitors[i].here
                  ? visitors[i].visitor.is->due(&visitors[i].visitor)
                  : visitors[i].next_ms;
        if (visitors[i].here || begun < tide_at) {
            *due_ms = due < *due_ms ? due : *due_ms;
            any = true;
        }
    }
    return any;
}

/* --- a run -------------------------------------------------------------- */

static void print_mail(void)
{
    struct ledger_sums l = ledger_sums();

    printf("attempts %u: accepted %u, refused %u, not ended %u, "
           "no reply to the end %u; stored %u, %" PRIu64
           " octets; doubled as may be %u\n",
           l.attempts, l.fate[ACCEPTED], l.fate[REFUSED], l.fate[NOT_ENDED],
           l.fate[UNKNOWN], l.stored, l.octets, l.doubled);
    printf(
        "TLS 1.2 %u (resumed %u), TLS 1.3 %u (resumed %u)\n",
        talk_stats.handshakes[TALK_TLS_1_2], talk_stats.resumed[TALK_TLS_1_2],
        talk_stats.handshakes[TALK_TLS_1_3], talk_stats.resumed[TALK_TLS_1_3]);
}

static void print_device(void)
{
    const struct mx_server_stats *s = near_stats();

    printf("device: connections %u, refused %u, handshakes %u, failed %u, "
           "TLS waits %u, breaches %u, timeouts %u, peak %u sessions, %u in "
           "TLS\n",
           (unsigned)s->connections, (unsigned)s->refused,
           (unsigned)s->handshakes, (unsigned)s->handshakes_failed,
           (unsigned)s->tls_waits, (unsigned)s->breaches, (unsigned)s->timeouts,
           (unsigned)s->sessions_peak, (unsigned)s->tls_sessions_peak);
    near_print();
}

static void print_run(void)
{
    static const char *const phases[PHASES] = {
        "connecting", "greeted", "STARTTLS", "handshake", "hello",    "mail",
        "rcpt",       "data",    "text",     "reply",     "quitting", "closing",
    };

    printf("%u sessions, %" PRIu64 " s of its time\n", begun,
           platform_now() / 1000);
    for (unsigned i = 0; i < behaviour_count; i++) {
        printf("  %s %u\n", behaviours[i].name, came[i]);
    }
    printf("mail servers reached:");
    for (int i = 0; i < PHASES; i++) {
        printf(" %s %u", phases[i], sender_stats.reached[i]);
    }
    printf("; complete %u, told 421 %u\n", sender_stats.complete,
           sender_stats.busy);
    print_mail();
    print_device();
    printf("trace %016" PRIx64 "\n", link_trace());
}

/* The device's own books. */
static unsigned audit(void)
{
    const struct mx_server_stats *s = near_stats();

    if (s->accepted == store_stats.committed &&
        s->aborted == store_stats.aborted &&
        store_stats.opened == store_stats.committed + store_stats.aborted) {
        return 0;
    }
    printf("COUNT device: accepted %u, aborted %u; store: opened %u, "
           "committed %u, aborted %u\n",
           (unsigned)s->accepted, (unsigned)s->aborted, store_stats.opened,
           store_stats.committed, store_stats.aborted);
    return 1;
}

/* A crowd that nobody let in would prove nothing: every behaviour came, mail
 * servers got through to the end, and there was hostility to stand. */
static unsigned idle(void)
{
    const struct mx_server_stats *s = near_stats();
    unsigned missing = 0;

    for (unsigned i = 0; i < behaviour_count; i++) {
        missing += came[i] == 0;
    }
    if (missing == 0 && sender_stats.complete > begun / 10 &&
        s->handshakes_failed > 0 && s->breaches > 0 && s->timeouts > 0) {
        return 0;
    }
    printf("NOTHING to prove: %u behaviours never came, %u of %u sessions were "
           "whole\n",
           missing, sender_stats.complete, begun);
    return 1;
}

static unsigned tide(unsigned sessions)
{
    unsigned bad;

    tide_at = begun + sessions;
    rig_run(visitors_turn);
    bad = rig_settle() + audit();
    fprintf(stderr, "%u sessions, %" PRIu64 " s, %u stored\n", begun,
            platform_now() / 1000, store_stats.committed);
    return bad;
}

int main(int argc, char **argv)
{
    static const struct weather weather = {
        .drop = 5, .delay_ms = 10, .jitter_ms = 5};
    static const struct store_mood mood = {.busy = 50, .full = 5};
    struct options o = {.seed = 1, .count = 3000};
    struct world world;
    unsigned bad = 0;

    options_read(&o, argc, argv);
    world = (struct world){o.seed, &weather, &mood, o.fault, false};
    rig_open(&world);
    text_open(o.seed, 20000);
    ledger_open(2 * o.count);
    chance = chance_of(o.seed, "visitors");
    while (begun < o.count && bad == 0) {
        bad = tide(o.count - begun < TIDE ? o.count - begun : TIDE);
    }
    bad += ledger_verdict(false) + idle();
    print_run();
    printf("%u wrong\n", bad);
    return bad == 0 ? 0 : 1;
}
