/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table of peers, and lwIP's resolver.
 *
 *   EMPTY ──ask──► ASKING ──answer──► CLEAN or LISTED ──MX_DNSBL_CACHE_S──► EMPTY
 *
 * lwIP calls back once for every question and cannot be told to forget one, so
 * an entry that is ASKING is nobody else's until then. Its own cache is too
 * small, and knows nothing of names that are not there.
 *
 * The table is lwIP's as much as the server's: it is looked at inside the core,
 * and what has to be logged is said outside of it.
 */
#include "net/dnsbl.h"

#include "lwip/opt.h"

#if LWIP_DNS

#include "net/core.h"
#include "util/assert.h"
#include "util/fmt.h"
#include "util/log.h"

#include "lwip/dns.h"
#include "lwip/tcp.h"

#include <string.h>

/* 32 nibbles and their dots (RFC 5782 2.4), the zone, a NUL. */
#define NIBBLES 64u
_Static_assert(DNS_MAX_NAME_LENGTH > NIBBLES + 1, "no room for a zone");

/* The last two are CLEAN when that has been said. */
enum { EMPTY, ASKING, CLEAN, LISTED, UNWILLING, NO_LIST };

static struct entry {
    ip_addr_t peer;
    uint32_t since_ms; /* of the question */
    uint8_t state;
    bool late; /* its answer was given up on, and this was said */
} table[MX_DNSBL_PEERS];

const char *dnsbl_check(const char *zone)
{
    return strlen(zone) + NIBBLES < DNS_MAX_NAME_LENGTH
               ? NULL
               : "dnsbl: the name of the zone is too long";
}

/* What has to be said when the core is left; no `why`: nothing. */
struct complaint {
    const struct entry *about; /* or NULL. Only the server writes its peer */
    const char *why;
};

static void complain(const struct complaint *c)
{
    char text[IPADDR_STRLEN_MAX];

    if (c->why == NULL) {
        return;
    }
    log_begin(MX_LOG_WARN, "dnsbl", 0);
    if (c->about != NULL) {
        log_str("peer", ipaddr_ntoa_r(&c->about->peer, text, (int)sizeof text));
    }
    log_text("error", c->why);
    log_end();
}

/* --- the question ------------------------------------------------------- */

/* 192.0.2.99 is 99.2.0.192.zone; of IPv6 every nibble is a label. */
static void put_label(struct fmt *f, uint8_t octet, bool nibbles)
{
    static const char hex[] = "0123456789abcdef";

    if (nibbles) {
        fmt_bytes(f, &hex[octet & 15], 1);
        fmt_str(f, ".");
        fmt_bytes(f, &hex[octet >> 4], 1);
    } else {
        fmt_u32(f, octet);
    }
    fmt_str(f, ".");
}

static const char *query(const ip_addr_t *peer, const char *zone)
{
    static char name[DNS_MAX_NAME_LENGTH];
    bool v6 = IP_IS_V6(peer);
    const uint8_t *octets = (const uint8_t *)ip_2_ip4(peer);
    struct fmt f;

    fmt_init(&f, name, sizeof name);
    for (size_t i = v6 ? 16 : 4; i-- > 0;) {
        put_label(&f, octets[i], v6);
    }
    fmt_str(&f, zone);
    MX_ASSERT(!f.cut);
    return name;
}

/* --- the answer --------------------------------------------------------- */

/* 127.0.0.0/8 is what a list answers; 127.255.255.0/24 of it says that it does
 * not want to be asked, by us or in this way. Anything else is no list: a
 * resolver that has an address for every name, or a zone that was sold. */
static uint8_t judge(const ip_addr_t *answer)
{
    uint32_t a;

    if (answer == NULL) {
        return CLEAN;
    }
    a = lwip_ntohl(ip4_addr_get_u32(ip_2_ip4(answer)));
    if (a >> 24 != 127 || a >> 8 == 0x7fffff) {
        return a >> 24 == 127 ? UNWILLING : NO_LIST;
    }
    return LISTED;
}

static void on_found(const char *name, const ip_addr_t *answer, void *arg)
{
    struct entry *e = arg;

    (void)name;
    e->state = judge(answer);
    core_wake();
}

/* What went wrong, or NULL. */
static const char *ask(struct entry *e, const ip_addr_t *peer, const char *zone)
{
    ip_addr_t answer;
    err_t err;

    *e = (struct entry){
        .peer = *peer, .since_ms = mx_port_now_ms(), .state = ASKING};
    err = dns_gethostbyname_addrtype(query(peer, zone), &answer, on_found, e,
                                     LWIP_DNS_ADDRTYPE_IPV4);
    if (err == ERR_OK) {
        e->state = judge(&answer);
    } else if (err != ERR_INPROGRESS) {
        e->state = EMPTY;
        return err == ERR_VAL ? "there is no resolver to ask"
                              : "too many questions at once";
    }
    return NULL;
}

/* --- the table ---------------------------------------------------------- */

static uint32_t age_s(const struct entry *e)
{
    return (mx_port_now_ms() - e->since_ms) / 1000;
}

static struct entry *find(const ip_addr_t *peer)
{
    for (size_t i = 0; i < MX_DNSBL_PEERS; i++) {
        struct entry *e = &table[i];

        if (e->state > ASKING && age_s(e) >= MX_DNSBL_CACHE_S) {
            e->state = EMPTY;
        }
        if (e->state != EMPTY && ip_addr_cmp(&e->peer, peer)) {
            return e;
        }
    }
    return NULL;
}

/* An empty one, or the oldest that is not being asked about; or NULL. */
static struct entry *make_room(void)
{
    struct entry *oldest = NULL;

    for (size_t i = 0; i < MX_DNSBL_PEERS; i++) {
        struct entry *e = &table[i];

        if (e->state == EMPTY) {
            return e;
        }
        if (e->state != ASKING &&
            (oldest == NULL || age_s(e) > age_s(oldest))) {
            oldest = e;
        }
    }
    return oldest;
}

/* The first time, why an answer that is none leaves the peer unlisted. */
static const char *say_once(struct entry *e)
{
    if (e->state == ASKING && !e->late && age_s(e) >= MX_DNSBL_S) {
        e->late = true;
        return "no answer in time";
    }
    if (e->state == UNWILLING || e->state == NO_LIST) {
        bool unwilling = e->state == UNWILLING;

        e->state = CLEAN;
        return unwilling ? "the list refuses to be asked"
                         : "this zone is not a block list";
    }
    return NULL;
}

static enum dnsbl_verdict look(const ip_addr_t *peer, const char *zone,
                               struct complaint *c)
{
    struct entry *e = find(peer);

    if (e == NULL) {
        e = make_room();
        if (e == NULL) {
            c->why = "too many peers at once";
            return DNSBL_CLEAN;
        }
        c->why = ask(e, peer, zone);
    }
    c->about = e;
    if (c->why == NULL) {
        c->why = say_once(e);
    }
    if (e->state == ASKING && age_s(e) < MX_DNSBL_S) {
        return DNSBL_WAIT;
    }
    return e->state == LISTED ? DNSBL_LISTED : DNSBL_CLEAN;
}

enum dnsbl_verdict dnsbl_ask(const struct mx_conn *c, const char *zone)
{
    enum dnsbl_verdict verdict = DNSBL_CLEAN; /* who has gone needs no answer */
    struct complaint complaint = {0};

    core_enter();
    if (c->pcb != NULL) {
        verdict = look(&c->pcb->remote_ip, zone, &complaint);
    }
    core_leave();
    complain(&complaint);
    return verdict;
}

#else

const char *dnsbl_check(const char *zone)
{
    (void)zone;
    return "dnsbl: this build has no resolver (MX_DNS)";
}

enum dnsbl_verdict dnsbl_ask(const struct mx_conn *c, const char *zone)
{
    (void)c;
    (void)zone;
    return DNSBL_CLEAN;
}

#endif
