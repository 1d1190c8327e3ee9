/* SPDX-License-Identifier: BSD-3-Clause */
#include "ethif.h"

#include "ethif_lwip.h"
#include "net/core.h"
#include "tinymx/err.h"
#include "why.h"

#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/netif.h"
#include "lwip/stats.h"

#include <stdio.h>
#include <string.h>

static struct netif ethif;
static const struct ethif_config *config; /* while ethif_up() runs */
static void (*send_frame)(const void *frame, size_t len);
static uint32_t received;

static err_t link_output(struct netif *netif, struct pbuf *p)
{
    static uint8_t frame[ETHIF_FRAME_MAX];

    (void)netif;
    if (p->tot_len > sizeof frame) {
        LINK_STATS_INC(link.lenerr);
        return ERR_IF;
    }
    LINK_STATS_INC(link.xmit);
    if (p->len == p->tot_len) {
        send_frame(p->payload, p->len);
    } else {
        send_frame(frame, pbuf_copy_partial(p, frame, p->tot_len, 0));
    }
    ethif_wake();
    return ERR_OK;
}

static void count_input(bool dropped)
{
    core_enter();
    LINK_STATS_INC(link.recv);
    if (dropped) {
        LINK_STATS_INC(link.drop);
    }
    core_leave();
}

void ethif_input(const void *frame, size_t len)
{
    struct pbuf *p = NULL;

    received++;
    if (len > 0 && len <= ETHIF_FRAME_MAX) {
        p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    }
    count_input(p == NULL);
    if (p == NULL) {
        return;
    }
    pbuf_take(p, frame, (u16_t)len);
    if (ethif.input(p, &ethif) != ERR_OK) {
        pbuf_free(p);
    }
}

uint32_t ethif_received(void)
{
    return received;
}

/* lwIP calls it for every change, IPv6's states included; said is what is
 * new. util/log.h is the server's, which may be in another thread. */
static void status_changed(struct netif *netif)
{
    static uint32_t said;
    uint32_t address = ip4_addr_get_u32(netif_ip4_addr(netif));
    char line[64];
    int len;

    if (address != said) {
        said = address;
        len = snprintf(line, sizeof line, "event=address ip=%s",
                       ip4addr_ntoa(netif_ip4_addr(netif)));
        mx_port_log(MX_LOG_INFO, line, (size_t)len);
    }
}

/* A random MAC, locally administered, not a group's (IEEE 802 8.2). */
static int set_mac(struct netif *netif)
{
    int rc = mx_port_entropy(netif->hwaddr, ETH_HWADDR_LEN);

    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->hwaddr[0] = (u8_t)((netif->hwaddr[0] & 0xfc) | 2);
    return rc;
}

#if LWIP_IPV6
/* Router advertisements give a global address (RFC 4862) beside these. */
static void set_ip6(struct netif *netif)
{
    ip6_addr_t addr;

    netif->output_ip6 = ethip6_output;
    netif_create_ip6_linklocal_address(netif, 1);
    netif_set_ip6_autoconfig_enabled(netif, 1);
    if (config->sure6) {
        netif_ip6_addr_set_state(netif, 0, IP6_ADDR_PREFERRED);
    }
    if (config->static6) {
        memset(&addr, 0, sizeof addr);
        memcpy(addr.addr, &config->address6, sizeof addr.addr);
        netif_ip6_addr_set(netif, 1, &addr);
        netif_ip6_addr_set_state(
            netif, 1, config->sure6 ? IP6_ADDR_PREFERRED : IP6_ADDR_TENTATIVE);
    }
}
#else
static void set_ip6(struct netif *netif)
{
    (void)netif;
}
#endif

static void set_dns(void)
{
    ip_addr_t server = IPADDR4_INIT(config->dns.s_addr);

    if (config->dns.s_addr != 0) {
        dns_setserver(0, &server);
    }
}

static err_t init_netif(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->hostname = "tinymx";
    netif->mtu = 1500;
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP |
                   NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
    netif->output = etharp_output;
    netif->linkoutput = link_output;
    return set_mac(netif) == 0 ? ERR_OK : ERR_IF;
}

/* Inside the core, as the next one. */
static void take_away(void)
{
    netif_set_status_callback(&ethif, NULL);
    dhcp_stop(&ethif);
    dhcp_cleanup(&ethif);
    netif_remove(&ethif);
}

static int add(const struct ethif_config *cfg, char *why)
{
    ip4_addr_t address = {cfg->address.s_addr};
    ip4_addr_t mask = {cfg->mask.s_addr};
    ip4_addr_t gateway = {cfg->gateway.s_addr};

    config = cfg;
    send_frame = cfg->send;
    if (netif_add(&ethif, &address, &mask, &gateway, NULL, init_netif,
                  ethif_take) == NULL) {
        return why_set(why, MX_EIO,
                       "the network interface has no random "
                       "address: getrandom() failed");
    }
    netif_set_status_callback(&ethif, status_changed);
    netif_set_default(&ethif);
    netif_set_up(&ethif);
    netif_set_link_up(&ethif);
    set_ip6(&ethif);
    set_dns();
    if (cfg->dhcp && dhcp_start(&ethif) != ERR_OK) {
        take_away();
        return why_set(why, MX_EIO, "lwIP has no memory for DHCP");
    }
    return 0;
}

int ethif_up(const struct ethif_config *cfg, char *why)
{
    int rc;

    ethif_start_lwip();
    core_enter();
    rc = add(cfg, why);
    core_leave();
    return rc;
}

void ethif_down(void)
{
    core_enter();
    take_away();
    core_leave();
}

const char *mx_posix_address(void)
{
    static char text[IP4ADDR_STRLEN_MAX];

    core_enter();
    (void)ip4addr_ntoa_r(netif_ip4_addr(&ethif), text, (int)sizeof text);
    core_leave();
    return text;
}
