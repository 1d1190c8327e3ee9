/* SPDX-License-Identifier: BSD-3-Clause */
/* The board's MAC, with IPv4 and IPv6 above it. */
#include "link.h"

#include "address.h"
#include "board.h"

#include "tinymx/console.h"
#include "tinymx/err.h"
#include "util/log.h"

#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "netif/ethernet.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Frames before the server gets its turn and gives pbufs back. */
#define FRAMES 2

static err_t output(struct netif *n, struct pbuf *p)
{
    (void)n;
    return board_eth_send(p) ? ERR_OK : ERR_IF;
}

static err_t init(struct netif *n)
{
    n->name[0] = 'e';
    n->name[1] = 'n';
    n->hostname = "tinymx";
    n->mtu = 1500;
    n->hwaddr_len = ETH_HWADDR_LEN;
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    n->output = etharp_output;
    n->linkoutput = output;
    return board_eth_start(n->hwaddr) == 0 ? ERR_OK : ERR_IF;
}

int link_add(struct netif *n)
{
    return netif_add_noaddr(n, NULL, init, ethernet_input) != NULL ? 0 : MX_EIO;
}

/* DHCP and IPv6 begin anew when the cable is plugged in. */
static void follow_cable(struct netif *n)
{
    bool up = board_eth_link();

    if (up == (netif_is_link_up(n) != 0)) {
        return;
    }
    if (up) {
        netif_set_link_up(n);
    } else {
        netif_set_link_down(n);
    }
    log_begin(MX_LOG_INFO, "link", 0);
    log_str("state", up ? "up" : "down");
    log_end();
}

#if LWIP_IPV6
/* A link-local address, and what routers advertise (RFC 4862). */
static void start_ip6(struct netif *n)
{
    n->flags |= NETIF_FLAG_MLD6;
    n->output_ip6 = ethip6_output;
    netif_create_ip6_linklocal_address(n, 1);
    netif_set_ip6_autoconfig_enabled(n, 1);
}
#else
static void start_ip6(struct netif *n)
{
    (void)n;
}
#endif

int link_start(struct netif *n, const struct mx_settings *settings)
{
    start_ip6(n);
    follow_cable(n);
    return address_start(n, settings);
}

bool link_poll(struct netif *n)
{
    bool more = true;

    follow_cable(n);
    for (int i = 0; more && i < FRAMES; i++) {
        struct pbuf *p = board_eth_receive(&more);

        if (p != NULL && n->input(p, n) != ERR_OK) {
            (void)pbuf_free(p);
        }
    }
    return more;
}

void link_status(struct mx_console *c)
{
    const struct board_eth_stats *e = board_eth_stats();
    const struct mx_console_level ethernet[] = {
        {e->received, "received"}, {e->sent, "sent"},
        {e->no_pbuf, "no buffer"}, {e->broken, "broken"},
        {e->overruns, "overruns"}, {e->stuck, "stuck"},
    };

    mx_console_levels(c, "ethernet", ethernet, COUNT(ethernet));
}
