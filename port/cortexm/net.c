/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's only interface: the board's MAC, with DHCP and IPv6 above it. */
#include "board.h"
#include "cortexm.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "util/log.h"

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

/* Frames before the server gets its turn and gives pbufs back. */
#define FRAMES 2

static struct netif netif;

u32_t sys_now(void)
{
    return mx_port_now_ms();
}

static err_t link_output(struct netif *n, struct pbuf *p)
{
    (void)n;
    return board_eth_send(p) ? ERR_OK : ERR_IF;
}

static void status_changed(struct netif *n)
{
    static uint32_t said;
    uint32_t address = ip4_addr_get_u32(netif_ip4_addr(n));

    if (address != said) {
        said = address;
        log_begin(MX_LOG_INFO, "address", 0);
        log_str("ip", ip4addr_ntoa(netif_ip4_addr(n)));
        log_end();
    }
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

static err_t init(struct netif *n)
{
    n->name[0] = 'e';
    n->name[1] = 'n';
    n->hostname = "tinymx";
    n->mtu = 1500;
    n->hwaddr_len = ETH_HWADDR_LEN;
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    n->output = etharp_output;
    n->linkoutput = link_output;
    return board_eth_start(n->hwaddr) == 0 ? ERR_OK : ERR_IF;
}

int net_start(void)
{
    lwip_init();
    if (netif_add_noaddr(&netif, NULL, init, ethernet_input) == NULL) {
        return MX_EIO;
    }
    netif_set_status_callback(&netif, status_changed);
    netif_set_default(&netif);
    netif_set_up(&netif);
    netif_set_link_up(&netif);
    start_ip6(&netif);
    return dhcp_start(&netif) == ERR_OK ? 0 : MX_EIO;
}

uint32_t net_poll(void)
{
    bool more = true;

    for (int i = 0; more && i < FRAMES; i++) {
        struct pbuf *p = board_eth_receive(&more);

        if (p != NULL && netif.input(p, &netif) != ERR_OK) {
            (void)pbuf_free(p);
        }
    }
    sys_check_timeouts();
    return more ? 0 : sys_timeouts_sleeptime();
}
