/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_eth_mac_openeth.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_ETH_MAC_OPENETH_H
#define TINYMX_DECLARED_ESP_ETH_MAC_OPENETH_H

#include "esp_eth.h"

esp_eth_mac_t *esp_eth_mac_new_openeth(const eth_mac_config_t *config);

#endif
