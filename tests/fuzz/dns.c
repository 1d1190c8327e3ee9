/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a resolver, or somebody who says he is one, answers about peers.
 *
 * The input is a row of deeds: a peer is asked about, an answer comes, time
 * passes. An answer has the number and the question of one of the last queries,
 * so that it is looked at; what stands behind them is the input's, or an honest
 * record with any address, or the whole of it is the input's.
 *
 * A peer is listed only if there was an answer that a list can give (RFC 5782
 * 2.1); nobody waits longer than MX_DNSBL_S; and every question comes to an end.
 */
#include "fuzz.h"
#include "resolver.h"

#include "lwip/dns.h"
#include "lwip/inet_chksum.h"
#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/prot/udp.h"
#include "lwip/tcp.h"
#include "lwip/udp.h"

#include <string.h>

#define PEERS 24
#define QUERIES 8
#define FRAME_MAX 600
#define HEADERS (IP_HLEN + UDP_HLEN)
#define DNS_HEADER 12
#define RECORD 12    /* of an honest answer, but for the address */
#define GIVE_UP_S 60 /* lwIP asks again a few times before that */

/* A query as it went out, with its IP header. */
static struct query {
    uint16_t len;
    uint8_t bytes[FRAME_MAX];
} queries[QUERIES];
static unsigned asked;

static struct netif wire;
static bool listed;              /* an answer said so, or may have */
static uint32_t since_ms[PEERS]; /* the query about a peer */

/* --- the wire ----------------------------------------------------------- */

static err_t output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    struct query *q = &queries[asked++ % QUERIES];

    (void)netif;
    (void)to;
    FUZZ_CHECK(p->tot_len > HEADERS + DNS_HEADER);
    FUZZ_CHECK(p->tot_len <= FRAME_MAX / 2 - RECORD);
    q->len = pbuf_copy_partial(p, q->bytes, p->tot_len, 0);
    return ERR_OK;
}

static err_t start(struct netif *netif)
{
    netif->output = output;
    netif->mtu = 1500;
    netif->flags |= NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

static void init(void)
{
    ip4_addr_t addr, mask, none;

    lwip_init();
    IP4_ADDR(&addr, 192, 0, 2, 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    ip4_addr_set_zero(&none);
    FUZZ_CHECK(netif_add(&wire, &addr, &mask, &none, NULL, start, ip_input) !=
               NULL);
    netif_set_up(&wire);
}

/* Addresses and ports of the query the other way round; no UDP checksum. */
static void turn_round(uint8_t *frame, uint16_t len)
{
    struct ip_hdr *ip = (struct ip_hdr *)(void *)frame;
    struct udp_hdr *udp = (struct udp_hdr *)(void *)(frame + IP_HLEN);
    ip4_addr_p_t from = ip->src;
    u16_t port = udp->src;

    ip->src = ip->dest;
    ip->dest = from;
    ip->_len = lwip_htons(len);
    ip->_chksum = 0;
    ip->_chksum = inet_chksum(ip, IP_HLEN);
    udp->src = udp->dest;
    udp->dest = port;
    udp->len = lwip_htons((u16_t)(len - IP_HLEN));
    udp->chksum = 0;
}

/* Looser than any parser: four such bytes, wherever they stand. */
static bool may_list(const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i + 4 <= len; i++) {
        if (bytes[i] == 127 && !(bytes[i + 1] == 255 && bytes[i + 2] == 255)) {
            return true;
        }
    }
    return false;
}

static void deliver(uint8_t *frame, uint16_t len)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, len, PBUF_POOL);

    FUZZ_CHECK(p != NULL);
    turn_round(frame, len);
    listed = listed || may_list(frame + HEADERS, len - HEADERS);
    (void)pbuf_take(p, frame, len);
    if (ip_input(p, &wire) != ERR_OK) {
        (void)pbuf_free(p);
    }
}

/* --- deeds -------------------------------------------------------------- */

static void ask(struct fuzz_in *in)
{
    size_t peer = fuzz_upto(in, PEERS - 1);
    struct tcp_pcb pcb = {.remote_ip = IPADDR4_INIT_BYTES(198, 51, 100, peer)};
    struct mx_conn conn = {.pcb = &pcb};
    unsigned before = asked;
    enum dnsbl_verdict verdict = dnsbl_ask(&conn, "bl.example");

    since_ms[peer] = asked != before ? fuzz_now_ms : since_ms[peer];
    FUZZ_CHECK(verdict != DNSBL_WAIT ||
               fuzz_now_ms - since_ms[peer] < MX_DNSBL_S * 1000);
    FUZZ_CHECK(verdict != DNSBL_LISTED || listed);
    fuzz_reached(verdict == DNSBL_WAIT     ? "wait"
                 : verdict == DNSBL_LISTED ? "listed"
                                           : "clean");
}

static const struct query *choose(struct fuzz_in *in)
{
    size_t back = fuzz_upto(in, QUERIES - 1);

    return back < asked ? &queries[(asked - 1 - back) % QUERIES] : NULL;
}

/* As much of the query as there is, and behind it what the input says; its
 * flags and counts are the input's too. */
static void answer(struct fuzz_in *in, bool honest)
{
    static const char record[] = "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4";
    static const char counts[] = "\x81\x80\0\1\0\1\0\0\0\0";
    const struct query *q = choose(in);
    struct mx_span head = {counts, 10}, tail;
    uint8_t frame[FRAME_MAX];
    size_t len;

    if (q == NULL) {
        return;
    }
    len = q->len;
    memcpy(frame, q->bytes, len);
    if (honest) {
        memcpy(frame + len, record, RECORD);
        len += RECORD;
        tail = fuzz_bytes(in, 4);
    } else {
        head = fuzz_bytes(in, 10);
        tail = fuzz_bytes(in, fuzz_upto(in, FRAME_MAX / 2));
    }
    memcpy(frame + HEADERS + 2, head.ptr, head.len);
    memcpy(frame + len, tail.ptr, tail.len);
    deliver(frame, (uint16_t)(len + tail.len));
}

/* Only the ports are those of a query. */
static void answer_raw(struct fuzz_in *in)
{
    const struct query *q = choose(in);
    struct mx_span bytes = fuzz_bytes(in, fuzz_upto(in, FRAME_MAX / 2));
    uint8_t frame[FRAME_MAX];

    if (q != NULL) {
        memcpy(frame, q->bytes, q->len);
        memcpy(frame + HEADERS, bytes.ptr, bytes.len);
        deliver(frame, (uint16_t)(HEADERS + bytes.len));
    }
}

static void wait_s(unsigned seconds)
{
    for (; seconds > 0; seconds--) {
        fuzz_now_ms += 1000;
        dns_tmr();
    }
}

static void run(struct fuzz_in *in)
{
    switch (fuzz_upto(in, 4)) {
    case 0:
        ask(in);
        break;
    case 1:
        answer(in, true);
        break;
    case 2:
        answer(in, false);
        break;
    case 3:
        answer_raw(in);
        break;
    default:
        wait_s(fuzz_u8(in));
        break;
    }
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static bool ready;
    struct fuzz_in in = fuzz_in(data, len);
    ip_addr_t server;

    if (!ready) {
        init();
        ready = true;
    }
    resolver_forget();
    IP_ADDR4(&server, 192, 0, 2, 53);
    dns_setserver(0, &server);
    asked = 0;
    listed = false;
    while (in.left > 0) {
        run(&in);
    }
    wait_s(GIVE_UP_S);
    FUZZ_CHECK(udp_pcbs == NULL);
}
