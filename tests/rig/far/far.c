/* SPDX-License-Identifier: BSD-3-Clause */
#include "../far.h"

#include "tinymx/port.h"

#include "lwip/init.h"
#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/timeouts.h"

#include <string.h>

#define CONNS 256

struct far_conn {
    struct tcp_pcb *pcb; /* NULL: gone */
    struct pbuf *rx;     /* received, not yet read */
    bool taken;
    bool connected, eof, lost;
};

uint16_t far_window = 8 * TCP_MSS;
static struct far_conn conns[CONNS];
static struct netif hosts[FAR_HOSTS];
static ip_addr_t device;
static void (*send_frame)(const void *frame, size_t len);

/* --- frames ------------------------------------------------------------- */

static err_t output(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    unsigned char frame[1500];
    u16_t len = pbuf_copy_partial(p, frame, sizeof frame, 0);

    (void)netif;
    (void)to;
    send_frame(frame, len);
    return ERR_OK;
}

static err_t host_init(struct netif *netif)
{
    netif->output = output;
    netif->mtu = 1500;
    netif->flags |= NETIF_FLAG_LINK_UP;
    return ERR_OK;
}

void far_open(void (*send)(const void *frame, size_t len))
{
    ip4_addr_t addr, mask, none;

    send_frame = send;
    lwip_init();
    IP_ADDR4(&device, 192, 0, 2, 1);
    IP4_ADDR(&mask, 255, 255, 255, 0);
    ip4_addr_set_zero(&none);
    for (unsigned i = 0; i < FAR_HOSTS; i++) {
        IP4_ADDR(&addr, 192, 0, 2, 10 + i);
        (void)netif_add(&hosts[i], &addr, &mask, &none, NULL, host_init,
                        ip_input);
        netif_set_up(&hosts[i]);
    }
}

void far_input(const void *frame, size_t len)
{
    struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_RAM);

    (void)pbuf_take(p, frame, (u16_t)len);
    if (ip_input(p, &hosts[0]) != ERR_OK) {
        (void)pbuf_free(p);
    }
}

uint32_t far_timers(void)
{
    sys_check_timeouts();
    return sys_timeouts_sleeptime();
}

bool far_idle(void)
{
    return tcp_active_pcbs == NULL;
}

/* --- connections -------------------------------------------------------- */

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct far_conn *c = arg;

    (void)pcb;
    c->connected = err == ERR_OK;
    return ERR_OK;
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct far_conn *c = arg;

    (void)pcb;
    (void)err;
    if (p == NULL) {
        c->eof = true;
    } else if (c->rx == NULL) {
        c->rx = p;
    } else {
        pbuf_cat(c->rx, p);
    }
    return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
    struct far_conn *c = arg;

    (void)err;
    c->pcb = NULL;
    c->lost = true;
}

static struct far_conn *take(void)
{
    for (size_t i = 0; i < CONNS; i++) {
        if (!conns[i].taken) {
            conns[i] = (struct far_conn){.taken = true};
            return &conns[i];
        }
    }
    mx_port_fatal(__FILE__, __LINE__, "more connections than the rig has");
}

struct far_conn *far_connect(unsigned host, uint16_t port)
{
    struct far_conn *c = take();

    c->pcb = tcp_new();
    tcp_arg(c->pcb, c);
    tcp_recv(c->pcb, on_recv);
    tcp_err(c->pcb, on_err);
    tcp_nagle_disable(c->pcb);
    if (tcp_bind(c->pcb, &hosts[host].ip_addr, 0) != ERR_OK ||
        tcp_connect(c->pcb, &device, port, on_connected) != ERR_OK) {
        mx_port_fatal(__FILE__, __LINE__, "no way to the device");
    }
    return c;
}

bool far_connected(const struct far_conn *c)
{
    return c->connected;
}

size_t far_write(struct far_conn *c, const void *data, size_t len)
{
    size_t room = c->pcb != NULL && c->connected ? tcp_sndbuf(c->pcb) : 0;

    len = len < room ? len : room;
    if (len == 0 ||
        tcp_write(c->pcb, data, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
        return 0;
    }
    (void)tcp_output(c->pcb);
    return len;
}

size_t far_read(struct far_conn *c, void *buf, size_t room)
{
    u16_t len;

    if (c->rx == NULL) {
        return 0;
    }
    len = pbuf_copy_partial(c->rx, buf, (u16_t)(room < 0xffff ? room : 0xffff),
                            0);
    c->rx = pbuf_free_header(c->rx, len);
    if (c->pcb != NULL) {
        tcp_recved(c->pcb, len);
    }
    return len;
}

bool far_eof(const struct far_conn *c)
{
    return c->eof && c->rx == NULL;
}

bool far_lost(const struct far_conn *c)
{
    return c->lost;
}

/* --- ends --------------------------------------------------------------- */

/* What is left to lwIP; NULL: nothing. */
static struct tcp_pcb *let_go(struct far_conn *c)
{
    struct tcp_pcb *pcb = c->pcb;

    if (pcb != NULL) {
        tcp_arg(pcb, NULL);
        tcp_recv(pcb, NULL);
        tcp_err(pcb, NULL);
    }
    if (c->rx != NULL) {
        (void)pbuf_free(c->rx);
    }
    c->taken = false;
    return pcb;
}

void far_close(struct far_conn *c)
{
    struct tcp_pcb *pcb = let_go(c);

    if (pcb != NULL && tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
    }
}

void far_reset(struct far_conn *c)
{
    struct tcp_pcb *pcb = let_go(c);

    if (pcb != NULL) {
        tcp_abort(pcb);
    }
}

void far_vanish(struct far_conn *c)
{
    struct tcp_pcb *pcb = let_go(c);

    if (pcb != NULL) {
        tcp_abandon(pcb, 0);
    }
}
