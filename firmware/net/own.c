/* SPDX-License-Identifier: BSD-3-Clause */
#include "net/own.h"

#include "net/core.h"

#include "lwip/netif.h"

static bool is_private(const ip4_addr_t *ip)
{
    uint32_t a = lwip_ntohl(ip4_addr_get_u32(ip));

    return a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8 ||
           a >> 16 == 0xa9fe || a >> 22 == 0x191 /* 100.64/10 */ ||
           a >> 24 == 127;
}

static bool say_ip4(struct own_address *own, const struct netif *n)
{
    if (ip4_addr_isany(netif_ip4_addr(n))) {
        return false;
    }
    (void)ip4addr_ntoa_r(netif_ip4_addr(n), own->text, (int)sizeof own->text);
    own->global = !is_private(netif_ip4_addr(n));
    return true;
}

#if LWIP_IPV6
#define ADDRESSES (1 + LWIP_IPV6_NUM_ADDRESSES)

static bool say_ip6(struct own_address *own, const struct netif *n, size_t i)
{
    const ip6_addr_t *ip = netif_ip6_addr(n, i);

    if (!ip6_addr_isvalid(netif_ip6_addr_state(n, i)) ||
        ip6_addr_islinklocal(ip)) {
        return false;
    }
    (void)ip6addr_ntoa_r(ip, own->text, (int)sizeof own->text);
    for (char *at = own->text; *at != '\0'; at++) {
        if (*at >= 'A' && *at <= 'F') {
            *at = (char)(*at - 'A' + 'a'); /* RFC 5952 4.3 */
        }
    }
    own->global = ip6_addr_isglobal(ip);
    return true;
}
#else
#define ADDRESSES 1

static bool say_ip6(struct own_address *own, const struct netif *n, size_t i)
{
    (void)own;
    (void)n;
    (void)i;
    return false;
}
#endif

static bool find(struct own_address *own, size_t n)
{
    const struct netif *netif = netif_default;

    for (size_t i = 0; netif != NULL && i < ADDRESSES; i++) {
        bool found = i == 0 ? say_ip4(own, netif) : say_ip6(own, netif, i - 1);

        if (found && n-- == 0) {
            return true;
        }
    }
    return false;
}

bool own_address(struct own_address *own, size_t n)
{
    bool found;

    core_enter();
    found = find(own, n);
    core_leave();
    return found;
}
