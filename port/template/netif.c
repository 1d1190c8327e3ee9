/* SPDX-License-Identifier: BSD-3-Clause */
#include "netif.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include "lwip/dhcp.h"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#include <string.h>

static struct netif netif;

/* lwIP's clock is ours. */
u32_t sys_now(void)
{
    return mx_port_now_ms();
}

/* One frame out, `p->tot_len` bytes in a chain of pieces. It is copied or sent
 * before the return: lwIP reuses the pbufs. No room in the ring: ERR_MEM, and
 * TCP will send it again.
 *
 * As it stands: every frame is lost. */
static err_t link_output(struct netif *n, struct pbuf *p)
{
    (void)n;
    (void)p;
    return ERR_OK;
}

/* One frame in: how long it is, and where; 0 when there is none.
 *
 * As it stands: none ever arrives. */
static uint16_t next_frame(const void **frame)
{
    *frame = NULL;
    return 0;
}

/* What lwIP has to know of an Ethernet interface. Link state comes and goes
 * with the cable: call netif_set_link_up() and _down() when the PHY says so. */
static err_t init(struct netif *n)
{
    n->name[0] = 'e';
    n->name[1] = 'n';
    n->mtu = 1500;
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    n->output = etharp_output;
    n->linkoutput = link_output;
    return ERR_OK;
}

/* A link-local address, and what routers advertise. */
#if LWIP_IPV6
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

int template_netif_up(const uint8_t mac[6])
{
    if (netif_add_noaddr(&netif, NULL, init, ethernet_input) == NULL) {
        return MX_EIO;
    }
    netif.hwaddr_len = 6;
    memcpy(netif.hwaddr, mac, 6);
    start_ip6(&netif);
    netif_set_default(&netif);
    netif_set_up(&netif);
    netif_set_link_up(&netif);
    return dhcp_start(&netif) == ERR_OK ? 0 : MX_EIO;
}

/* No pbuf free: the frame is dropped, and whoever sent it sends it again. That
 * is what keeps the pool's size a matter of speed and not of right. */
void template_netif_poll(void)
{
    const void *frame;
    uint16_t len;

    while ((len = next_frame(&frame)) > 0) {
        struct pbuf *p = pbuf_alloc(PBUF_RAW, len, PBUF_POOL);

        if (p == NULL) {
            continue;
        }
        if (pbuf_take(p, frame, len) != ERR_OK ||
            netif.input(p, &netif) != ERR_OK) {
            pbuf_free(p);
        }
    }
    sys_check_timeouts();
}
