/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_eth.h and of what it includes
 * (esp_eth_driver.h, esp_eth_mac.h, esp_eth_phy.h, esp_eth_netif_glue.h), as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_ETH_H
#define TINYMX_DECLARED_ESP_ETH_H

#include "esp_err.h"
#include "esp_event.h"
#include "esp_idf_version.h"

#include <stdint.h>

typedef void *esp_eth_handle_t;
typedef struct esp_eth_netif_glue_t *esp_eth_netif_glue_handle_t;

typedef enum {
    ETHERNET_EVENT_START,
    ETHERNET_EVENT_STOP,
    ETHERNET_EVENT_CONNECTED,
    ETHERNET_EVENT_DISCONNECTED,
} eth_event_t;

ESP_EVENT_DECLARE_BASE(ETH_EVENT);

typedef struct esp_eth_mac_s esp_eth_mac_t;
typedef struct esp_eth_phy_s esp_eth_phy_t;

typedef struct {
    uint32_t sw_reset_timeout_ms;
    uint32_t rx_task_stack_size;
    uint32_t rx_task_prio;
    uint32_t flags;
} eth_mac_config_t;

typedef struct {
    int32_t phy_addr;
    uint32_t reset_timeout_ms;
    uint32_t autonego_timeout_ms;
    int reset_gpio_num;
    int32_t hw_reset_assert_time_us;
    int32_t post_hw_reset_delay_ms;
} eth_phy_config_t;

typedef struct {
    esp_eth_mac_t *mac;
    esp_eth_phy_t *phy;
    uint32_t check_link_period_ms;
} esp_eth_config_t;

#define ETH_MAC_DEFAULT_CONFIG() {100, 4096, 15, 0}
#define ETH_PHY_DEFAULT_CONFIG() {-1, 100, 4000, 5, 0, 0}
#define ETH_DEFAULT_CONFIG(emac, ephy) {emac, ephy, 2000}

/* Before 6 the generic one is declared too, but compiled for chips with a MAC of
 * their own only. */
#if ESP_IDF_VERSION < ESP_IDF_VERSION_VAL(6, 0, 0)
esp_eth_phy_t *esp_eth_phy_new_dp83848(const eth_phy_config_t *config);
#else
esp_eth_phy_t *esp_eth_phy_new_generic(const eth_phy_config_t *config);
#endif

esp_err_t esp_eth_driver_install(const esp_eth_config_t *config,
                                 esp_eth_handle_t *out_hdl);
esp_eth_netif_glue_handle_t esp_eth_new_netif_glue(esp_eth_handle_t eth_hdl);
esp_err_t esp_eth_start(esp_eth_handle_t hdl);

#endif
