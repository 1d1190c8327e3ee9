/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whoever has an IPv6 address has at least 2^64 of them (RFC 7421), so there a
 * peer is a /64. An IPv4 address stands in the lower half behind zeros: no /64
 * of ::/8 is anybody's.
 */
#include "net/address.h"

#include "lwip/tcp.h"

#include <string.h>

void address_text(char text[MX_PEER_TEXT], const struct tcp_pcb *pcb)
{
    size_t at = 0;

    if (IP_IS_V6(&pcb->remote_ip)) {
        memcpy(text, "IPv6:", 5);
        at = 5;
    }
    (void)ipaddr_ntoa_r(&pcb->remote_ip, text + at, (int)(MX_PEER_TEXT - at));
    for (; text[at] != '\0'; at++) {
        if (text[at] >= 'A' && text[at] <= 'F') {
            text[at] = (char)(text[at] - 'A' + 'a'); /* RFC 5952 4.3 */
        }
    }
}

#if LWIP_IPV6
struct mx_prefix address_prefix(const struct tcp_pcb *pcb)
{
    const ip_addr_t *ip = &pcb->remote_ip;

    if (IP_IS_V6(ip)) {
        const ip6_addr_t *ip6 = ip_2_ip6(ip);

        return (struct mx_prefix){{ip6->addr[0], ip6->addr[1]}};
    }
    return (struct mx_prefix){{0, ip4_addr_get_u32(ip_2_ip4(ip))}};
}
#else
struct mx_prefix address_prefix(const struct tcp_pcb *pcb)
{
    return (struct mx_prefix){{0, ip4_addr_get_u32(&pcb->remote_ip)}};
}
#endif
