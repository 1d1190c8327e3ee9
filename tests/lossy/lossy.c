/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mail through bad weather. Senders deliver a queue of messages over TLS, again
 * and again as mail servers do, until each has its 250. Then the ledger is
 * read: none lost, none altered, none doubled but where neither side could
 * know; and the device has to be what it was before the first of them.
 */
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
#include <stdlib.h>
#include <string.h>

#define SENDERS 6
/* After five days senders give a message up (RFC 5321 4.5.4.1): it is lost. */
#define GIVE_UP_MS (5ull * 86400 * 1000)

/* --- conditions --------------------------------------------------------- */

struct condition {
    const char *name;
    struct weather weather;
    struct store_mood mood;
    uint16_t window;  /* the senders'; 0: a PC's */
    uint32_t largest; /* message */
    uint16_t least;   /* window of the device: with less no handshake would
                         end within its deadline */
};

/* clang-format off */
static const struct condition conditions[] = {
    {"fair",      {.delay_ms = 20}, {0}, 0, 200000, 0},
    {"loss-10",   {.drop = 100, .delay_ms = 20}, {0}, 0, 200000, 0},
    {"loss-30",   {.drop = 300, .delay_ms = 20}, {0}, 0, 20000, 0},
    {"twice",     {.twice = 200, .delay_ms = 20}, {0}, 0, 200000, 0},
    {"reorder",   {.late = 200, .late_ms = 90, .delay_ms = 20}, {0}, 0,
                  200000, 0},
    {"jitter",    {.delay_ms = 20, .jitter_ms = 2000}, {0}, 0, 100000,
                  1460},
    {"flip",      {.flip = 100, .delay_ms = 20}, {0}, 0, 200000, 0},
    {"narrow",    {.delay_ms = 20}, {0}, 1460, 200000, 0},
    {"keyhole",   {.drop = 20, .delay_ms = 20}, {0}, 256, 50000, 0},
    {"outages",   {.delay_ms = 20, .up_s = 7, .down_s = 25}, {0}, 0, 200000, 0},
    {"blackout",  {.delay_ms = 150, .up_s = 60, .down_s = 700}, {0}, 0,
                  5000, 0},
    {"slow-card", {.drop = 20, .delay_ms = 20}, {.busy = 300, .full = 20}, 0,
                  200000, 0},
    {"all",       {.drop = 50, .twice = 50, .flip = 20, .late = 50,
                   .late_ms = 500, .delay_ms = 50, .jitter_ms = 200,
                   .up_s = 600, .down_s = 60},
                  {.busy = 100, .full = 10}, 1460, 50000, 0},
};
/* clang-format on */

#define CONDITIONS (sizeof conditions / sizeof *conditions)

/* --- senders ------------------------------------------------------------ */

static struct {
    struct sender sender;
    bool open;
} senders[SENDERS];

static struct chance chance;

/* Whether somebody delivers, or began to. */
static bool sender_goes_on(unsigned i, uint64_t *due_ms)
{
    uint64_t due;

    if (!senders[i].open && ledger_due() <= platform_now()) {
        struct plan plan = plan_honest(&chance);

        sender_begin(&senders[i].sender, &plan, i);
        senders[i].open = true;
    }
    if (senders[i].open) {
        senders[i].open = sender_turn(&senders[i].sender, &chance);
    }
    due = senders[i].open ? sender_due(&senders[i].sender) : ledger_due();
    *due_ms = due < *due_ms ? due : *due_ms;
    return senders[i].open;
}

static bool senders_turn(uint64_t *due_ms)
{
    bool any = false;

    for (unsigned i = 0; i < SENDERS; i++) {
        any |= sender_goes_on(i, due_ms);
    }
    return (any || !ledger_done()) && platform_now() < GIVE_UP_MS;
}

/* --- a run -------------------------------------------------------------- */

static void print_run(const struct condition *c)
{
    struct ledger_sums l = ledger_sums();

    printf("%s: %u messages, %" PRIu64 " octets, %" PRIu64 " s of its time\n",
           c->name, l.messages, l.octets, platform_now() / 1000);
    printf("  attempts %u: accepted %u, refused %u, not ended %u, "
           "no reply to the end %u; stored %u; doubled as may be %u\n",
           l.attempts, l.fate[ACCEPTED], l.fate[REFUSED], l.fate[NOT_ENDED],
           l.fate[UNKNOWN], l.stored, l.doubled);
    printf(
        "  sessions %u, complete %u, told 421 %u; TLS 1.2 %u (resumed %u), "
        "TLS 1.3 %u (resumed %u)\n",
        sender_stats.sessions, sender_stats.complete, sender_stats.busy,
        talk_stats.handshakes[TALK_TLS_1_2], talk_stats.resumed[TALK_TLS_1_2],
        talk_stats.handshakes[TALK_TLS_1_3], talk_stats.resumed[TALK_TLS_1_3]);
    printf("  frames %" PRIu64 ": dropped %" PRIu64 ", twice %" PRIu64
           ", flipped %" PRIu64 ", late %" PRIu64 "\n",
           link_stats.frames, link_stats.dropped, link_stats.doubled,
           link_stats.flipped, link_stats.late);
    near_print();
    printf("  trace %016" PRIx64 "\n", link_trace());
}

/* The device's own books. */
static unsigned audit(void)
{
    unsigned bad = 0;

    if (near_stats()->accepted != store_stats.committed) {
        printf("COUNT accepted %u, committed %u\n",
               (unsigned)near_stats()->accepted, store_stats.committed);
        bad++;
    }
    if (near_stats()->aborted != store_stats.aborted) {
        printf("COUNT aborted %u, the store's %u\n",
               (unsigned)near_stats()->aborted, store_stats.aborted);
        bad++;
    }
    return bad;
}

static unsigned run(const struct condition *c, const struct options *o)
{
    const struct world world = {o->seed, &c->weather, &c->mood, o->fault, true};
    unsigned bad;

    if (c->window != 0) {
        far_window = c->window;
    }
    rig_open(&world);
    text_open(o->seed, c->largest);
    ledger_open(o->count);
    chance = chance_of(o->seed, "senders");
    rig_run(senders_turn);
    bad = rig_settle() + ledger_verdict(true) + audit();
    print_run(c);
    return bad;
}

static const struct condition *find(const char *name)
{
    for (size_t i = 0; i < CONDITIONS; i++) {
        if (strcmp(conditions[i].name, name) == 0) {
            return &conditions[i];
        }
    }
    give_up("no such condition: %s", name);
}

static void list(void)
{
    for (size_t i = 0; i < CONDITIONS; i++) {
        if (conditions[i].least <= MX_TCP_WND) {
            puts(conditions[i].name);
        }
    }
}

int main(int argc, char **argv)
{
    struct options o = {.seed = 1, .count = 500};
    unsigned bad;

    options_read(&o, argc, argv);
    if (o.name == NULL) {
        list();
        return 0;
    }
    bad = run(find(o.name), &o);
    printf("  %u wrong\n", bad);
    return bad == 0 ? 0 : 1;
}
