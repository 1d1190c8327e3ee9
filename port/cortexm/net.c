/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's only interface: the board's MAC, with IPv4 and IPv6 above it. */
#include "address.h"
#include "board.h"
#include "cortexm.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "util/log.h"

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

static void say_ip4(const struct netif *n)
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
/* Each when it is sure that nobody else has it. */
static void say_ip6(const struct netif *n)
{
    static uint8_t said; /* a bit each */
    char text[IP6ADDR_STRLEN_MAX];

    for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
        bool sure = ip6_addr_ispreferred(netif_ip6_addr_state(n, i));
        bool news = sure && (said >> i & 1) == 0;

        said = (uint8_t)((said & ~(1u << i)) | (unsigned)sure << i);
        if (news) {
            log_begin(MX_LOG_INFO, "address6", 0);
            log_str("ip",
                    ip6addr_ntoa_r(netif_ip6_addr(n, i), text, sizeof text));
            log_end();
        }
    }
}

/* A link-local address, and what routers advertise (RFC 4862). */
static void start_ip6(struct netif *n)
{
    n->flags |= NETIF_FLAG_MLD6;
    n->output_ip6 = ethip6_output;
    netif_create_ip6_linklocal_address(n, 1);
    netif_set_ip6_autoconfig_enabled(n, 1);
}
#else
static void say_ip6(const struct netif *n)
{
    (void)n;
}

static void start_ip6(struct netif *n)
{
    (void)n;
}
#endif

/* lwIP calls it for every change; said is what is new. */
static void status_changed(struct netif *n)
{
    say_ip4(n);
    say_ip6(n);
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
    n->linkoutput = link_output;
    return board_eth_start(n->hwaddr) == 0 ? ERR_OK : ERR_IF;
}

int net_start(const struct mx_settings *settings)
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
    return address_start(&netif, settings);
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
    address_poll(&netif);
    return more ? 0 : sys_timeouts_sleeptime();
}
