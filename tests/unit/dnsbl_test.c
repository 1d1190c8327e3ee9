/* SPDX-License-Identifier: BSD-3-Clause */
/* Block lists, asked of a resolver that does as it is told. */
#include "stage.h"

#include "net/dnsbl.h"

#include "lwip/dns.h"
#include "lwip/netif.h"
#include "lwip/udp.h"

#include <stdio.h>
#include <string.h>

#define ZONE "bl.example.test"

/* --- the resolver ------------------------------------------------------- */

enum { NOERROR = 0, SERVFAIL = 2, NXDOMAIN = 3, SILENCE = 16 };

static struct {
    struct udp_pcb *pcb;
    int rcode;
    uint8_t address[4]; /* of the answer, if NOERROR */
    unsigned asked;
    char name[256]; /* of the last question */
} resolver;

/* The question's name, dotted; returns the octet behind it. */
static uint16_t read_name(struct pbuf *p)
{
    uint16_t at = 12;
    size_t fill = 0;
    uint8_t len;

    while ((len = pbuf_get_at(p, at)) != 0) {
        fill +=
            (size_t)snprintf(resolver.name + fill, sizeof resolver.name - fill,
                             "%s", fill > 0 ? "." : "");
        (void)pbuf_copy_partial(p, resolver.name + fill, len,
                                (uint16_t)(at + 1));
        fill += len;
        at = (uint16_t)(at + 1 + len);
    }
    resolver.name[fill] = '\0';
    return (uint16_t)(at + 1);
}

/* RFC 1035 4.1: the question as it came, and one A record that points to it. It
 * lives for no time: lwIP's own cache shall have no part in this. */
static void resolve(void *arg, struct udp_pcb *pcb, struct pbuf *p,
                    const ip_addr_t *from, uint16_t port)
{
    uint8_t record[16] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4};
    uint16_t end = (uint16_t)(read_name(p) + 4);
    bool found = resolver.rcode == NOERROR;
    struct pbuf *reply;

    (void)arg;
    resolver.asked++;
    if (resolver.rcode != SILENCE) {
        reply = pbuf_alloc(PBUF_TRANSPORT, (uint16_t)(end + 16), PBUF_RAM);
        assert_non_null(reply);
        pbuf_realloc(p, end);
        assert_int_equal(pbuf_copy(reply, p), ERR_OK);
        memcpy(record + 12, resolver.address, 4);
        (void)pbuf_take_at(reply, record, 16, end);
        pbuf_put_at(reply, 2, 0x81);
        pbuf_put_at(reply, 3, (uint8_t)(0x80 | resolver.rcode));
        pbuf_put_at(reply, 7, found);
        pbuf_realloc(reply, (uint16_t)(end + (found ? 16 : 0)));
        assert_int_equal(udp_sendto(pcb, reply, from, port), ERR_OK);
        (void)pbuf_free(reply);
    }
    (void)pbuf_free(p);
}

static void answers(int rcode, const char *address)
{
    ip4_addr_t a = {0};

    resolver.rcode = rcode;
    assert_true(address == NULL || ip4addr_aton(address, &a));
    memcpy(resolver.address, &a, 4);
}

/* --- peers -------------------------------------------------------------- */

static struct tcp_pcb pcb;
static struct mx_conn conn = {.pcb = &pcb};

static void peer_is(const char *address)
{
    assert_true(ipaddr_aton(address, &pcb.remote_ip));
}

/* A peer that nobody has asked about before. */
static void somebody_new(void)
{
    static unsigned number;
    char address[32];

    number++;
    snprintf(address, sizeof address, "198.51.%u.%u", number / 256 % 256,
             number % 256);
    peer_is(address);
}

static enum dnsbl_verdict verdict(void)
{
    enum dnsbl_verdict v;

    UNTIL((v = dnsbl_ask(&conn, ZONE)) != DNSBL_WAIT);
    return v;
}

/* --- the tests ---------------------------------------------------------- */

static void names(void **state)
{
    static const struct {
        const char *peer, *name;
    } cases[] = {
        {"192.0.2.99", "99.2.0.192." ZONE},
        {"255.255.255.255", "255.255.255.255." ZONE},
        {"2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
                               "0.8.b.d.0.1.0.0.2." ZONE},
    };

    (void)state;
    answers(NXDOMAIN, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        peer_is(cases[i].peer);
        assert_int_equal(verdict(), DNSBL_CLEAN);
        assert_string_equal(resolver.name, cases[i].name);
    }
}

static void verdicts(void **state)
{
    static const struct {
        int rcode;
        const char *address;
        enum dnsbl_verdict verdict;
        const char *log; /* what must be said, or NULL */
    } cases[] = {
        {NXDOMAIN, NULL, DNSBL_CLEAN, NULL},
        {NOERROR, "127.0.0.2", DNSBL_LISTED, NULL},
        {NOERROR, "127.0.0.11", DNSBL_LISTED, NULL},
        {NOERROR, "127.255.255.254", DNSBL_CLEAN, "refuses to be asked"},
        {NOERROR, "192.0.2.1", DNSBL_CLEAN, "not a block list"},
        {NOERROR, "128.0.0.1", DNSBL_CLEAN, "not a block list"},
        {SERVFAIL, NULL, DNSBL_CLEAN, NULL},
        {SILENCE, NULL, DNSBL_CLEAN, "no answer in time"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned logged = test_log_count;

        somebody_new();
        answers(cases[i].rcode, cases[i].address);
        assert_int_equal(dnsbl_ask(&conn, ZONE), DNSBL_WAIT);
        assert_int_equal(verdict(), cases[i].verdict);
        assert_int_equal(test_log_count - logged, cases[i].log != NULL);
        if (cases[i].log != NULL) {
            assert_non_null(strstr(test_log_line, cases[i].log));
        }
    }
}

/* An answer holds for MX_DNSBL_CACHE_S and no longer. */
static void cached(void **state)
{
    unsigned asked;

    (void)state;
    somebody_new();
    answers(NOERROR, "127.0.0.2");
    assert_int_equal(verdict(), DNSBL_LISTED);
    asked = resolver.asked;
    answers(NXDOMAIN, NULL);
    test_now_ms += (MX_DNSBL_CACHE_S - 10) * 1000u;
    assert_int_equal(verdict(), DNSBL_LISTED);
    assert_int_equal(resolver.asked, asked);
    test_now_ms += 10 * 1000u;
    assert_int_equal(verdict(), DNSBL_CLEAN);
    assert_int_equal(resolver.asked, asked + 1);
    assert_int_equal(verdict(), DNSBL_CLEAN);
    assert_int_equal(resolver.asked, asked + 1);
}

/* More peers than the table holds: the oldest is asked about again. */
static void replaced(void **state)
{
    ip_addr_t first;
    unsigned asked;

    (void)state;
    answers(NXDOMAIN, NULL);
    somebody_new();
    first = pcb.remote_ip;
    assert_int_equal(verdict(), DNSBL_CLEAN);
    for (int i = 0; i < MX_DNSBL_PEERS; i++) {
        test_now_ms += 1000;
        somebody_new();
        assert_int_equal(verdict(), DNSBL_CLEAN);
    }
    asked = resolver.asked;
    assert_int_equal(verdict(), DNSBL_CLEAN);
    assert_int_equal(resolver.asked, asked);
    pcb.remote_ip = first;
    assert_int_equal(verdict(), DNSBL_CLEAN);
    assert_int_equal(resolver.asked, asked + 1);
}

/* lwIP has room for a few questions only: the others are not listed. */
static void flood(void **state)
{
    unsigned clean = 0, wait = 0;

    (void)state;
    answers(SILENCE, NULL);
    for (int i = 0; i < 3 * MX_DNSBL_PEERS; i++) {
        somebody_new();
        if (dnsbl_ask(&conn, ZONE) == DNSBL_WAIT) {
            wait++;
        } else {
            clean++;
        }
    }
    assert_int_equal(wait, DNS_TABLE_SIZE);
    assert_int_equal(clean, 3 * MX_DNSBL_PEERS - DNS_TABLE_SIZE);
    UNTIL(pool_used(MEMP_UDP_PCB) == pool_before(MEMP_UDP_PCB) + 1);
    answers(NOERROR, "127.0.0.2");
    somebody_new();
    assert_int_equal(verdict(), DNSBL_LISTED);
}

static void no_resolver(void **state)
{
    (void)state;
    dns_setserver(0, NULL);
    somebody_new();
    assert_int_equal(dnsbl_ask(&conn, ZONE), DNSBL_CLEAN);
    assert_non_null(strstr(test_log_line, "no resolver"));
}

static void zones(void **state)
{
    char zone[DNS_MAX_NAME_LENGTH];

    (void)state;
    memset(zone, 'z', sizeof zone);
    assert_null(dnsbl_check(ZONE));
    zone[DNS_MAX_NAME_LENGTH - 64 - 1] = '\0';
    assert_null(dnsbl_check(zone));
    zone[DNS_MAX_NAME_LENGTH - 64 - 1] = 'z';
    zone[DNS_MAX_NAME_LENGTH - 64] = '\0';
    assert_non_null(dnsbl_check(zone));
}

/* --- a session ---------------------------------------------------------- */

/* Whoever is listed may talk, but has nothing to deliver. */
static void listed(void **state)
{
    static struct peer peer;

    (void)state;
    answers(NOERROR, "127.0.0.2");
    peer_connect(&peer);
    SAYS(&peer, "220 ");
    peer_tell(&peer, "EHLO c.example\r\nMAIL FROM:<a@b.example>\r\n"
                     "RCPT TO:<joe@example.test>\r\nQUIT\r\n");
    SAYS(&peer, "\r\n554 5.7.1 ");
    SAYS(&peer, "\r\n503 5.5.1 ");
    SAYS(&peer, "\r\n221 ");
    assert_int_equal(server.stats.blocked, 1);
    assert_int_equal(store.opened, 0);
    peer_close(&peer);
}

/* A resolver that is silent keeps nobody waiting for longer than MX_DNSBL_S. */
static void not_answered(void **state)
{
    static struct peer peer;
    uint32_t began;

    (void)state;
    answers(SILENCE, NULL);
    test_now_ms += (MX_DNSBL_CACHE_S + 1) * 1000u;
    peer_connect(&peer);
    SAYS(&peer, "220 ");
    peer_tell(&peer, "EHLO c.example\r\nMAIL FROM:<a@b.example>\r\n");
    SAYS(&peer, "ENHANCEDSTATUSCODES\r\n");
    began = test_now_ms;
    SAYS(&peer, "\r\n250 2.1.0 ");
    assert_true(test_now_ms - began <= (MX_DNSBL_S + 1) * 1000u);
    assert_int_equal(server.stats.blocked, 0);
    peer_tell(&peer, "QUIT\r\n");
    SAYS(&peer, "\r\n221 ");
    peer_close(&peer);
}

static int start(void **state)
{
    struct mx_server_config cfg = stage_defaults;
    int rc;

    (void)state;
    cfg.dnsbl = ZONE;
    rc = stage_start_with(&cfg);
    resolver.pcb = udp_new();
    assert_non_null(resolver.pcb);
    assert_int_equal(udp_bind(resolver.pcb, IP_ADDR_ANY, 53), ERR_OK);
    udp_recv(resolver.pcb, resolve, NULL);
    dns_setserver(0, netif_ip_addr4(netif_list));
    return rc;
}

/* lwIP asks on for a while when nobody waits any more. */
static int stop(void **state)
{
    UNTIL(pool_used(MEMP_UDP_PCB) == pool_before(MEMP_UDP_PCB) + 1);
    udp_remove(resolver.pcb);
    return stage_stop(state);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {
        TEST(names),    TEST(verdicts), TEST(cached),
        TEST(replaced), TEST(flood),    TEST(no_resolver),
        TEST(zones),    TEST(listed),   TEST(not_answered),
    };

    return cmocka_run_group_tests(tests, stage_open, NULL);
}
