/* SPDX-License-Identifier: BSD-3-Clause */
#include "stage.h"

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"

#include <stdio.h>
#include <string.h>

/* --- the wire ----------------------------------------------------------- */

#define WIRE_MAX 256

static struct netif wire; /* the server's, */
static struct netif far;  /* and where others come from */
static struct pbuf *frames[WIRE_MAX];
static unsigned frames_in, frames_out;
bool wire_cut;

u32_t sys_now(void)
{
    return test_now_ms;
}

static err_t carry(struct pbuf *p)
{
    struct pbuf *copy;

    if (wire_cut || frames_in - frames_out == WIRE_MAX) {
        return ERR_OK;
    }
    copy = pbuf_clone(PBUF_RAW, PBUF_POOL, p);
    if (copy != NULL) {
        frames[frames_in++ % WIRE_MAX] = copy;
    }
    return ERR_OK;
}

static err_t output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    (void)netif;
    (void)to;
    return carry(p);
}

static err_t output_ip6(struct netif *netif, struct pbuf *p,
                        const ip6_addr_t *to)
{
    (void)netif;
    (void)to;
    return carry(p);
}

static err_t wire_init(struct netif *netif)
{
    netif->output = output;
    netif->output_ip6 = output_ip6;
    netif->mtu = 1500;
    netif->flags |= NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

/* --- a sink that does as it is told ------------------------------------- */

struct store store;

static int store_open(struct mx_sink *sink, const struct mx_envelope *env)
{
    (void)sink;
    (void)env;
    if (store.open_answer != 0) {
        return store.open_answer;
    }
    store.fill = 0;
    return (int)store.opened++;
}

static int store_rcpt(struct mx_sink *sink, int msg, const struct mx_path *path)
{
    (void)sink;
    (void)msg;
    (void)path;
    return 0;
}

static int store_write(struct mx_sink *sink, int msg, const void *data,
                       size_t len)
{
    (void)sink;
    (void)msg;
    if (store.write_answer != 0) {
        return store.write_answer;
    }
    if (store.hiccups && store.writes++ % 2 == 0) {
        return MX_EAGAIN;
    }
    len = len < store.most ? len : store.most;
    if (store.discard) {
        return (int)len;
    }
    assert_true(store.fill + len <= sizeof store.text);
    memcpy(store.text + store.fill, data, len);
    store.fill += len;
    return (int)len;
}

static int store_commit(struct mx_sink *sink, int msg)
{
    (void)sink;
    (void)msg;
    if (store.commit_answer == 0) {
        store.committed++;
    }
    return store.commit_answer;
}

static void store_abort(struct mx_sink *sink, int msg)
{
    (void)sink;
    (void)msg;
    store.aborted++;
}

/* --- the client --------------------------------------------------------- */

static err_t peer_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
                       err_t err)
{
    struct peer *peer = arg;

    (void)err;
    if (p == NULL) {
        peer->eof = true;
        return ERR_OK;
    }
    for (u16_t i = 0; i < p->tot_len; i++) {
        peer->lines += pbuf_get_at(p, i) == '\n';
    }
    if (peer->hold) {
        peer->held += p->tot_len;
    } else {
        assert_true(peer->fill + p->tot_len < sizeof peer->in);
        (void)pbuf_copy_partial(p, peer->in + peer->fill, p->tot_len, 0);
        peer->fill += p->tot_len;
        peer->in[peer->fill] = '\0';
        tcp_recved(pcb, p->tot_len);
    }
    (void)pbuf_free(p);
    return ERR_OK;
}

static void peer_err(void *arg, err_t err)
{
    struct peer *peer = arg;

    (void)err;
    peer->pcb = NULL;
    peer->reset = true;
}

static err_t peer_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct peer *peer = arg;

    (void)pcb;
    peer->connected = err == ERR_OK;
    return ERR_OK;
}

static void connect_to(struct peer *peer, const ip_addr_t *from, uint16_t port,
                       const ip_addr_t *to)
{
    memset(peer, 0, sizeof *peer);
    peer->pcb = tcp_new_ip_type(IP_GET_TYPE(from));
    assert_non_null(peer->pcb);
    assert_int_equal(tcp_bind(peer->pcb, from, port), ERR_OK);
    tcp_arg(peer->pcb, peer);
    tcp_recv(peer->pcb, peer_recv);
    tcp_err(peer->pcb, peer_err);
    assert_int_equal(tcp_connect(peer->pcb, to, 25, peer_connected), ERR_OK);
}

void peer_connect(struct peer *peer)
{
    peer_connect_from(peer, 0);
}

void peer_connect_from(struct peer *peer, uint16_t port)
{
    connect_to(peer, &wire.ip_addr, port, &wire.ip_addr);
}

void peer_connect_as(struct peer *peer, const char *address)
{
    ip_addr_t from;

    assert_int_equal(ipaddr_aton(address, &from), 1);
    connect_to(peer, &from, 0,
               IP_IS_V6(&from) ? &wire.ip6_addr[0] : &wire.ip_addr);
}

size_t peer_send(struct peer *peer, const char *text, size_t len)
{
    size_t room = tcp_sndbuf(peer->pcb);

    len = len < room ? len : room;
    if (len == 0 ||
        tcp_write(peer->pcb, text, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
        return 0;
    }
    (void)tcp_output(peer->pcb);
    return len;
}

void peer_say(struct peer *peer, const char *text)
{
    assert_int_equal(peer_send(peer, text, strlen(text)), strlen(text));
}

/* Up to the end of the first command that has to be the last of its group. */
static size_t group(const char *text)
{
    static const char *const last[] = {"EHLO ", "HELO ", "DATA\r\n"};
    const char *at = text;

    while (*at != '\0') {
        const char *end = strstr(at, "\r\n");

        end = end != NULL ? end + 2 : at + strlen(at);
        for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
            if (strncmp(at, last[i], strlen(last[i])) == 0) {
                return (size_t)(end - text);
            }
        }
        at = end;
    }
    return (size_t)(at - text);
}

static unsigned commands(const char *text, size_t len)
{
    unsigned n = 0;

    for (size_t i = 0; i < len; i++) {
        n += text[i] == '\n';
    }
    return n;
}

/* A reply's last line has a blank behind its code. */
static unsigned replies(const struct peer *peer)
{
    unsigned n = 0;

    for (const char *at = peer->in; *at != '\0';) {
        const char *end = strchr(at, '\n');

        if (end == NULL) {
            break;
        }
        n += end - at > 3 && at[3] == ' ';
        at = end + 1;
    }
    return n;
}

void peer_tell(struct peer *peer, const char *text)
{
    while (*text != '\0') {
        size_t len = group(text);
        unsigned want = replies(peer) + commands(text, len);

        assert_int_equal(peer_send(peer, text, len), len);
        text += len;
        if (*text != '\0') {
            UNTIL(replies(peer) >= want);
        }
    }
}

void peer_close(struct peer *peer)
{
    if (peer->pcb != NULL) {
        tcp_arg(peer->pcb, NULL);
        tcp_recv(peer->pcb, NULL);
        tcp_err(peer->pcb, NULL);
        assert_int_equal(tcp_close(peer->pcb), ERR_OK);
        peer->pcb = NULL;
    }
}

void peer_abort(struct peer *peer)
{
    tcp_arg(peer->pcb, NULL);
    tcp_err(peer->pcb, NULL);
    tcp_abort(peer->pcb);
    peer->pcb = NULL;
}

/* --- the machine -------------------------------------------------------- */

struct mx_server server;
uint32_t expected_timeouts;
static struct mx_table table;
static unsigned level[MEMP_MAX];

void deliver(void)
{
    while (frames_out != frames_in) {
        struct pbuf *p = frames[frames_out++ % WIRE_MAX];

        if (ip_input(p, &wire) != ERR_OK) {
            (void)pbuf_free(p);
        }
    }
}

/* Sleeps as long as a main loop would: till the next frame, or as long as
 * server and lwIP said. What does not ask to be called waits for that. */
void turn(void)
{
    uint32_t wait_ms, timer_ms;

    deliver();
    sys_check_timeouts();
    wait_ms = mx_server_poll(&server);
    if (frames_out == frames_in) {
        timer_ms = sys_timeouts_sleeptime();
        test_now_ms += timer_ms < wait_ms ? timer_ms : wait_ms;
    }
}

unsigned pool_used(int pool)
{
    return (unsigned)memp_pools[pool]->stats->used;
}

unsigned pool_before(int pool)
{
    return level[pool];
}

/* Every pcb has passed TIME_WAIT, and nothing of a session is left. */
static bool is_idle(void)
{
    return server.stats.sessions == 0 && tcp_active_pcbs == NULL &&
           tcp_tw_pcbs == NULL && frames_in == frames_out;
}

const struct mx_server_config stage_defaults = {
    .mx_name = "mx.example.test",
    .sink = &store.sink,
    .policy = &table.policy,
    .peer_connects = 0xffff, /* many are opened here in no time */
};

int stage_start_with(const struct mx_server_config *cfg)
{
    memset(&store, 0, sizeof store);
    store.sink = (struct mx_sink){store_open, store_rcpt, store_write,
                                  store_commit, store_abort};
    store.most = SIZE_MAX;
    wire_cut = false;
    expected_timeouts = 0;
    for (int i = 0; i < MEMP_MAX; i++) {
        level[i] = pool_used(i);
    }
    return mx_server_init(&server, cfg);
}

int stage_start(void **state)
{
    (void)state;
    return stage_start_with(&stage_defaults);
}

int stage_stop(void **state)
{
    (void)state;
    UNTIL(is_idle());
    mx_server_stop(&server);
    if (server.stats.timeouts != expected_timeouts) {
        fprintf(stderr, "%u timeouts\n", (unsigned)server.stats.timeouts);
        return -1;
    }
    for (int i = 0; i < MEMP_MAX; i++) {
        if (pool_used(i) != level[i] && i != MEMP_SYS_TIMEOUT) {
            fprintf(stderr, "memp_t %d: %u, was %u\n", i, pool_used(i),
                    level[i]);
            return -1;
        }
    }
    return lwip_stats.mem.used == 0 ? 0 : -1;
}

static void add_netif(struct netif *netif, const char *address,
                      const char *const *address6)
{
    ip4_addr_t addr, mask, none;

    assert_int_equal(ip4addr_aton(address, &addr), 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    ip4_addr_set_zero(&none);
    assert_non_null(
        netif_add(netif, &addr, &mask, &none, NULL, wire_init, ip_input));
    netif_set_up(netif);
    for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
        ip6_addr_t addr6;

        assert_int_equal(ip6addr_aton(address6[i], &addr6), 1);
        netif_ip6_addr_set(netif, i, &addr6);
        netif_ip6_addr_set_state(netif, i, IP6_ADDR_PREFERRED);
    }
}

int stage_open(void **state)
{
    static const char *const rcpts[] = {"*@example.test", NULL};
    static const char *const near6[] = {"2001:db8::1", "2001:db8::2",
                                        "2001:db8::3"};
    static const char *const far6[] = {"2001:db8:f::1", "2001:db8:f::2",
                                       "2001:db8:f:1::1"};

    (void)state;
    lwip_init();
    mx_table_init(&table, NULL, rcpts);
    add_netif(&wire, "192.0.2.1", near6);
    add_netif(&far, "198.51.100.1", far6);
    return 0;
}
