/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_netif_ip_addr.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_NETIF_IP_ADDR_H
#define TINYMX_DECLARED_ESP_NETIF_IP_ADDR_H

#include <stdint.h>

typedef struct esp_ip6_addr {
    uint32_t addr[4];
    uint8_t zone;
} esp_ip6_addr_t;

typedef struct esp_ip4_addr {
    uint32_t addr;
} esp_ip4_addr_t;

typedef struct {
    union {
        esp_ip6_addr_t ip6;
        esp_ip4_addr_t ip4;
    } u_addr;
    uint8_t type;
} esp_ip_addr_t;

#define ESP_IPADDR_TYPE_V4 0U
#define ESP_IPADDR_TYPE_V6 6U

uint32_t declared_htonl(uint32_t n);
#define esp_netif_htonl(x) declared_htonl(x)

/* Four bytes of an address; eight words of one, by value. */
uint16_t declared_byte(const esp_ip4_addr_t *address, int n);
uint16_t declared_word(const esp_ip6_addr_t *address, int n);
#define IPSTR "%d.%d.%d.%d"
#define IP2STR(a)                                                              \
    declared_byte(a, 0), declared_byte(a, 1), declared_byte(a, 2),             \
        declared_byte(a, 3)
#define IPV6STR "%04x:%04x:%04x:%04x:%04x:%04x:%04x:%04x"
#define IPV62STR(a)                                                            \
    declared_word(&(a), 0), declared_word(&(a), 1), declared_word(&(a), 2),    \
        declared_word(&(a), 3), declared_word(&(a), 4),                        \
        declared_word(&(a), 5), declared_word(&(a), 6), declared_word(&(a), 7)

#endif
