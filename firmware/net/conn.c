/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/conn.h"

#include "net/address.h"
#include "net/core.h"
#include "net/refuse.h"
#include "tinymx/err.h"
#include "util/assert.h"

#include "lwip/pbuf.h"
#include "lwip/tcp.h"

#include <string.h>

/* A chain's length is counted in 16 bits (pbuf.tot_len). */
_Static_assert(MX_TCP_WND <= 0xffff, "MX_TCP_WND needs window scaling");

/* From here on lwIP tells us nothing of this pcb, and we do not touch it. */
static void let_go(struct mx_conn *c, struct tcp_pcb *pcb)
{
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    if (CORE_SHARED) {
        tcp_sent(pcb, NULL);
    }
    c->pcb = NULL;
}

/* --- lwIP's callbacks: they note, and nothing else ----------------------
 *
 * Both FINs have passed when recv says so after conn_shut(): the pcb is in, or
 * on its way to, TIME_WAIT, where lwIP may take it for a newcomer without
 * telling anybody. So it is let go on the spot. */

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    struct mx_conn *c = arg;

    (void)err;
    if (p == NULL) {
        c->eof = true;
        if (c->shut) {
            let_go(c, pcb);
        }
    } else if (c->rx == NULL) {
        c->rx = p;
    } else {
        pbuf_cat(c->rx, p);
    }
    core_wake();
    return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
    struct mx_conn *c = arg;

    (void)err;
    c->pcb = NULL;
    c->lost = true;
    core_wake();
}

/* Where the core is not shared the server looks after every frame anyway. */
static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    (void)arg;
    (void)pcb;
    (void)len;
    core_wake();
    return ERR_OK;
}

/* --- a connection begins ------------------------------------------------ */

void conn_attach(struct mx_conn *c, struct tcp_pcb *pcb)
{
    memset(c, 0, sizeof *c);
    c->pcb = pcb;
    address_text(c->peer, pcb);
    c->peer_port = pcb->remote_port;
    /* Replies leave at once: Nagle against the peer's delayed ACK costs 40 ms
     * and more a reply. */
    tcp_nagle_disable(pcb);
    tcp_arg(pcb, c);
    tcp_recv(pcb, on_recv);
    tcp_err(pcb, on_err);
    if (CORE_SHARED) {
        tcp_sent(pcb, on_sent);
    }
}

void conn_attach_lost(struct mx_conn *c, const char *peer)
{
    memset(c, 0, sizeof *c);
    memcpy(c->peer, peer, sizeof c->peer);
    c->lost = true;
}

bool conn_prefix(const struct mx_conn *c, struct mx_prefix *prefix)
{
    bool there;

    core_enter();
    there = c->pcb != NULL;
    if (there) {
        *prefix = address_prefix(c->pcb);
    }
    core_leave();
    return there;
}

/* --- what it received ----------------------------------------------------
 *
 * The first pbuf's bytes are read outside the core: on_recv() changes what is
 * behind them alone. */

static size_t pending(const struct mx_conn *c)
{
    return c->rx == NULL ? 0 : (size_t)c->rx->tot_len - c->rx_at;
}

const void *conn_in_buf(const struct mx_conn *c, size_t *len)
{
    const uint8_t *bytes = NULL;

    *len = 0;
    core_enter();
    if (c->rx != NULL) {
        *len = (size_t)c->rx->len - c->rx_at;
        bytes = (const uint8_t *)c->rx->payload + c->rx_at;
    }
    core_leave();
    return bytes;
}

/* Drops the first pbuf, which has been read to its end. pbuf_free() would take
 * the chain behind it along, so that gets a reference of its own. */
static void next_pbuf(struct mx_conn *c)
{
    struct pbuf *rest = c->rx->next;

    if (rest != NULL) {
        pbuf_ref(rest);
    }
    (void)pbuf_free(c->rx);
    c->rx = rest;
    c->rx_at = 0;
}

static void ack(struct mx_conn *c, size_t len)
{
    MX_ASSERT(len <= pending(c));
    if (c->pcb != NULL && len > 0) {
        tcp_recved(c->pcb, (u16_t)len);
    }
    while (len > 0) {
        size_t first = (size_t)c->rx->len - c->rx_at;
        size_t n = len < first ? len : first;

        c->rx_at = (uint16_t)(c->rx_at + n);
        len -= n;
        if (c->rx_at == c->rx->len) {
            next_pbuf(c);
        }
    }
}

void conn_in_ack(struct mx_conn *c, size_t len)
{
    core_enter();
    ack(c, len);
    core_leave();
}

size_t conn_in_pending(const struct mx_conn *c)
{
    size_t len;

    core_enter();
    len = pending(c);
    core_leave();
    return len;
}

bool conn_at_eof(const struct mx_conn *c)
{
    bool eof;

    core_enter();
    eof = c->eof && c->rx == NULL;
    core_leave();
    return eof;
}

bool conn_lost(const struct mx_conn *c)
{
    bool lost;

    core_enter();
    lost = c->lost;
    core_leave();
    return lost;
}

/* --- what it sends ------------------------------------------------------- */

static size_t put(struct mx_conn *c, const void *data, size_t len)
{
    if (c->pcb == NULL || c->shut) {
        return 0;
    }
    if (len > tcp_sndbuf(c->pcb)) {
        len = tcp_sndbuf(c->pcb);
    }
    if (len > TCP_MSS) { /* a segment at a time asks little of the heap */
        len = TCP_MSS;
    }
    if (len == 0 ||
        tcp_write(c->pcb, data, (u16_t)len, TCP_WRITE_FLAG_COPY) != ERR_OK) {
        return 0;
    }
    return len;
}

size_t conn_write(struct mx_conn *c, const void *data, size_t len)
{
    core_enter();
    len = put(c, data, len);
    core_leave();
    return len;
}

void conn_flush(struct mx_conn *c)
{
    core_enter();
    if (c->pcb != NULL) {
        (void)tcp_output(c->pcb); /* ERR_MEM: lwIP's own timers try again */
    }
    core_leave();
}

void conn_shut(struct mx_conn *c)
{
    core_enter();
    if (c->pcb != NULL && !c->shut) {
        /* Without memory for the FIN lwIP returns ERR_OK and tries again from
         * its own timer; ERR_CONN says that there is nothing to shut. */
        (void)tcp_shutdown(c->pcb, 0, 1);
        c->shut = true;
    }
    core_leave();
}

/* --- its end -------------------------------------------------------------- */

/* The chain goes, whatever became of the pcb. */
static void forget(struct mx_conn *c)
{
    if (c->rx != NULL) {
        (void)pbuf_free(c->rx);
    }
    c->rx = NULL;
    c->rx_at = 0;
    c->lost = true;
}

static void end(struct mx_conn *c)
{
    struct tcp_pcb *pcb = c->pcb;

    if (pcb != NULL) {
        let_go(c, pcb);
        if (tcp_close(pcb) != ERR_OK) {
            tcp_abort(pcb);
        }
    }
    forget(c);
}

void conn_close(struct mx_conn *c)
{
    core_enter();
    end(c);
    core_leave();
}

void conn_see_off(struct mx_conn *c)
{
    struct tcp_pcb *pcb;

    core_enter();
    pcb = c->pcb;
    ack(c, pending(c));
    if (pcb != NULL && !c->eof) {
        let_go(c, pcb);
        (void)refuse_more(pcb);
    }
    end(c);
    core_leave();
}

void conn_abort(struct mx_conn *c)
{
    struct tcp_pcb *pcb;

    core_enter();
    pcb = c->pcb;
    if (pcb != NULL) {
        let_go(c, pcb);
        tcp_abort(pcb);
    }
    forget(c);
    core_leave();
}
