/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP, and its only interface: what all links have in common. */
#include "address.h"
#include "cortexm.h"
#include "link.h"

#include "tinymx/port.h"
#include "util/log.h"

#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"

static struct netif netif;

u32_t sys_now(void)
{
    return mx_port_now_ms();
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
#else
static void say_ip6(const struct netif *n)
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

int net_start(const struct mx_settings *settings)
{
    int rc;

    lwip_init();
    rc = link_add(&netif);
    if (rc != 0) {
        return rc;
    }
    netif_set_status_callback(&netif, status_changed);
    netif_set_default(&netif);
    netif_set_up(&netif);
    return link_start(&netif, settings);
}

uint32_t net_poll(void)
{
    bool more = link_poll(&netif);

    sys_check_timeouts();
    address_poll(&netif);
    return more ? 0 : sys_timeouts_sleeptime();
}
