/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/conn.h"

#include "net/address.h"
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
    return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
    struct mx_conn *c = arg;

    (void)err;
    c->pcb = NULL;
    c->lost = true;
}

/* --- what the server calls ---------------------------------------------- */

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
}

bool conn_prefix(const struct mx_conn *c, struct mx_prefix *prefix)
{
    if (c->pcb != NULL) {
        *prefix = address_prefix(c->pcb);
    }
    return c->pcb != NULL;
}

const void *conn_in_buf(const struct mx_conn *c, size_t *len)
{
    if (c->rx == NULL) {
        *len = 0;
        return NULL;
    }
    *len = (size_t)c->rx->len - c->rx_at;
    return (const uint8_t *)c->rx->payload + c->rx_at;
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

void conn_in_ack(struct mx_conn *c, size_t len)
{
    MX_ASSERT(len <= conn_in_pending(c));
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

size_t conn_in_pending(const struct mx_conn *c)
{
    return c->rx == NULL ? 0 : (size_t)c->rx->tot_len - c->rx_at;
}

bool conn_at_eof(const struct mx_conn *c)
{
    return c->eof && c->rx == NULL;
}

bool conn_lost(const struct mx_conn *c)
{
    return c->lost;
}

size_t conn_write(struct mx_conn *c, const void *data, size_t len)
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

void conn_flush(struct mx_conn *c)
{
    if (c->pcb != NULL) {
        (void)tcp_output(c->pcb); /* ERR_MEM: lwIP's own timers try again */
    }
}

void conn_shut(struct mx_conn *c)
{
    if (c->pcb != NULL && !c->shut) {
        /* Without memory for the FIN lwIP returns ERR_OK and tries again from
         * its own timer; ERR_CONN says that there is nothing to shut. */
        (void)tcp_shutdown(c->pcb, 0, 1);
        c->shut = true;
    }
}

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

void conn_close(struct mx_conn *c)
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

void conn_see_off(struct mx_conn *c)
{
    struct tcp_pcb *pcb = c->pcb;

    conn_in_ack(c, conn_in_pending(c));
    if (c->eof) {
        conn_close(c);
    } else if (pcb != NULL) {
        let_go(c, pcb);
        (void)refuse_more(pcb);
    }
    forget(c);
}

void conn_abort(struct mx_conn *c)
{
    struct tcp_pcb *pcb = c->pcb;

    if (pcb != NULL) {
        let_go(c, pcb);
        tcp_abort(pcb);
    }
    forget(c);
}
