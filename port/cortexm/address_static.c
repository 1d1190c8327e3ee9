/* SPDX-License-Identifier: BSD-3-Clause */
/* The device's IPv4 address was decided when it was built: TINYMX_ADDRESS of
 * CMake, taken apart by address.cmake. */
#include "address.h"

#include "lwip/netif.h"

int address_start(struct netif *n)
{
    static const ip4_addr_t ip = {PP_HTONL(ADDRESS_IP)};
    static const ip4_addr_t mask = {PP_HTONL(ADDRESS_MASK)};
    static const ip4_addr_t router = {PP_HTONL(ADDRESS_ROUTER)};

    netif_set_addr(n, &ip, &mask, &router);
    return 0;
}

void address_poll(const struct netif *n)
{
    (void)n;
}
