/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP's own resolver does not do: it gives one address and no other record, and
 * says neither that a name was an alias nor that an answer was validated nor why
 * there is none. So A and AAAA are asked here, too.
 */
#include "net/ask.h"

#include "net/core.h"
#include "tinymx/err.h"
#include "tinymx/port.h"

#include "lwip/opt.h"

#if LWIP_DNS

#include "lwip/dns.h"
#include "lwip/netif.h"
#include "lwip/udp.h"

#include <string.h>

#define PORT 53
#define PORT_TRIES 4

/* For how long each try waits. */
static const uint16_t wait_ms[] = {2000, 3000, 5000};

#define TRIES (sizeof wait_ms / sizeof wait_ms[0])

/* The one for this try; NULL: there is none at all. */
static const ip_addr_t *server(uint8_t n)
{
    for (uint8_t i = 0; i < DNS_MAX_SERVERS; i++) {
        const ip_addr_t *ip =
            dns_getserver((uint8_t)((n + i) % DNS_MAX_SERVERS));

        if (!ip_addr_isany(ip)) {
            return ip;
        }
    }
    return NULL;
}

int ask_check(void)
{
    bool any;

    core_enter();
    any = server(0) != NULL;
    core_leave();
    return any ? 0 : MX_EINVAL;
}

/* --- the answer --------------------------------------------------------- */

static uint8_t octet(const void *packet, size_t at)
{
    return pbuf_get_at(packet, (uint16_t)at);
}

static struct dns_message message(const struct pbuf *p)
{
    return (struct dns_message){.octet = octet, .packet = p, .len = p->tot_len};
}

static void on_answer(void *arg, struct udp_pcb *pcb, struct pbuf *p,
                      const ip_addr_t *from, uint16_t port)
{
    struct mx_ask *ask = arg;
    struct dns_message m = message(p);

    (void)pcb;
    (void)from; /* it is connected */
    (void)port;
    if (ask->query != NULL && ask->answer == NULL &&
        dns_is_answer(ask->query, ask->len, &m)) {
        ask->answer = p;
        core_wake();
    } else {
        pbuf_free(p);
    }
}

/* --- the question ------------------------------------------------------- */

/* What goes wrong here is as if it were lost on the way. */
static void send(struct mx_ask *ask)
{
    const ip_addr_t *to = server(ask->tries);
    struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, ask->len, PBUF_RAM);

    ask->tries++;
    ask->since_ms = mx_port_now_ms();
    if (p == NULL) {
        return;
    }
    if (to != NULL && pbuf_take(p, ask->query, ask->len) == ERR_OK &&
        udp_connect(ask->pcb, to, PORT) == ERR_OK) {
        (void)udp_send(ask->pcb, p);
    }
    pbuf_free(p);
}

/* To a port of the dynamic ones that is free. */
static int bind_somewhere(struct udp_pcb *pcb, uint8_t id[2])
{
    for (unsigned i = 0; i < PORT_TRIES; i++) {
        uint8_t chance[4];

        if (mx_port_entropy(chance, sizeof chance) != 0) {
            return MX_EENTROPY;
        }
        memcpy(id, chance, 2);
        if (udp_bind(pcb, IP_ANY_TYPE,
                     (uint16_t)(0xc000 | chance[2] << 8 | chance[3])) ==
            ERR_OK) {
            return 0;
        }
    }
    return MX_ENOMEM;
}

static void stop(struct mx_ask *ask)
{
    if (ask->pcb != NULL) {
        udp_remove(ask->pcb);
    }
    if (ask->answer != NULL) {
        pbuf_free(ask->answer);
    }
    *ask = (struct mx_ask){0};
}

static int start(struct mx_ask *ask, uint8_t *query, size_t len)
{
    int err;

    stop(ask);
    ask->pcb = udp_new_ip_type(IPADDR_TYPE_ANY);
    if (ask->pcb == NULL) {
        return MX_ENOMEM;
    }
    err = bind_somewhere(ask->pcb, query);
    if (err != 0) {
        stop(ask);
        return err;
    }
    ask->query = query;
    ask->len = (uint16_t)len;
    udp_recv(ask->pcb, on_answer, ask);
    send(ask);
    return 0;
}

static enum ask_state look(struct mx_ask *ask, struct dns_message *m)
{
    if (ask->answer != NULL) {
        ask->query = NULL;
        *m = message(ask->answer);
        return ASK_ANSWER;
    }
    if (mx_port_now_ms() - ask->since_ms < wait_ms[ask->tries - 1]) {
        return ASK_WAIT;
    }
    if (ask->tries < TRIES) {
        send(ask);
        return ASK_WAIT;
    }
    ask->query = NULL;
    return ASK_SILENT;
}

int ask_start(struct mx_ask *ask, uint8_t *query, size_t len)
{
    int err;

    core_enter();
    err = start(ask, query, len);
    core_leave();
    return err;
}

/* The answer is read outside the core: lwIP has done with it. */
enum ask_state ask_poll(struct mx_ask *ask, struct dns_message *m)
{
    enum ask_state state;

    core_enter();
    state = look(ask, m);
    core_leave();
    return state;
}

void ask_stop(struct mx_ask *ask)
{
    core_enter();
    stop(ask);
    core_leave();
}

/* --- our own addresses -------------------------------------------------- */

#if LWIP_IPV6
static bool same(const ip_addr_t *ip, const uint8_t *octets, size_t len)
{
    return IP_IS_V6(ip) ? len == 16 && memcmp(ip_2_ip6(ip), octets, 16) == 0
                        : len == 4 && memcmp(ip_2_ip4(ip), octets, 4) == 0;
}

static bool is_of6(const struct netif *n, const uint8_t *octets, size_t len)
{
    for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
        if (ip6_addr_isvalid(netif_ip6_addr_state(n, i)) &&
            same(netif_ip_addr6(n, i), octets, len)) {
            return true;
        }
    }
    return false;
}
#else
static bool same(const ip_addr_t *ip, const uint8_t *octets, size_t len)
{
    return len == 4 && memcmp(ip_2_ip4(ip), octets, 4) == 0;
}

static bool is_of6(const struct netif *n, const uint8_t *octets, size_t len)
{
    (void)n;
    (void)octets;
    (void)len;
    return false;
}
#endif

static bool is_of_interface(const uint8_t *octets, size_t len)
{
    const struct netif *n;

    NETIF_FOREACH(n)
    {
        if (same(netif_ip_addr4(n), octets, len) || is_of6(n, octets, len)) {
            return true;
        }
    }
    return false;
}

bool ask_is_own(const struct mx_names *addresses, const uint8_t *octets,
                size_t len)
{
    const char *name;
    bool own;
    size_t at = 0;
    ip_addr_t ip;

    while ((name = mx_names_next(addresses, &at)) != NULL) {
        if (ipaddr_aton(name, &ip) && same(&ip, octets, len)) {
            return true;
        }
    }
    if (at > 0) {
        return false;
    }
    core_enter();
    own = is_of_interface(octets, len);
    core_leave();
    return own;
}

#else

int ask_check(void)
{
    return MX_ENOTSUP;
}

#endif
