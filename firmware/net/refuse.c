/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/refuse.h"

#include "tinymx/config.h"

#include <string.h>

/* In units of lwIP's slow timer, half a second: how long a refused peer may
 * take to close. */
#define PATIENCE 8

static unsigned pending;

static void let_go(struct tcp_pcb *pcb)
{
    tcp_recv(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_poll(pcb, NULL, 0);
    pending--;
}

/* The pcb is ours until the peer's FIN; then lwIP's to finish. */
static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
    (void)arg;
    (void)err;
    if (p != NULL) {
        tcp_recved(pcb, p->tot_len);
        (void)pbuf_free(p);
        return ERR_OK;
    }
    let_go(pcb);
    if (tcp_close(pcb) != ERR_OK) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    return ERR_OK;
}

static void on_err(void *arg, err_t err)
{
    (void)arg;
    (void)err;
    pending--;
}

static err_t on_patience(void *arg, struct tcp_pcb *pcb)
{
    (void)arg;
    let_go(pcb);
    tcp_abort(pcb);
    return ERR_ABRT;
}

err_t refuse_more(struct tcp_pcb *pcb)
{
    if (pending >= MX_REFUSALS) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    pending++;
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, on_recv);
    tcp_err(pcb, on_err);
    tcp_poll(pcb, on_patience, PATIENCE);
    (void)tcp_shutdown(pcb, 0, 1);
    return ERR_OK;
}

err_t refuse(struct tcp_pcb *pcb, const char *text)
{
    size_t len = strlen(text);

    /* The text is static: lwIP sends it from where it stands. */
    if (len > 0 && tcp_write(pcb, text, (u16_t)len, 0) != ERR_OK) {
        tcp_abort(pcb);
        return ERR_ABRT;
    }
    return refuse_more(pcb);
}
