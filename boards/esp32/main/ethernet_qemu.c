/* SPDX-License-Identifier: BSD-3-Clause */
/* The OpenCores MAC of QEMU's machines. Not by espressif/ethernet_init, which asks
 * for esp_eth_phy_new_generic(): ESP-IDF 5 has that only where the chip has a MAC of
 * its own, and a C3 has none. */
#include "ethernet_driver.h"

#include "esp_eth_mac_openeth.h"
#include "esp_idf_version.h"

#if ESP_IDF_VERSION < ESP_IDF_VERSION_VAL(6, 0, 0)
#define phy_new esp_eth_phy_new_dp83848
#else
#define phy_new esp_eth_phy_new_generic
#endif

esp_err_t ethernet_driver(esp_eth_handle_t *handle)
{
    const eth_mac_config_t mac = ETH_MAC_DEFAULT_CONFIG();
    eth_phy_config_t phy = ETH_PHY_DEFAULT_CONFIG();

    phy.reset_gpio_num = -1;
    phy.autonego_timeout_ms = 100;

    const esp_eth_config_t config =
        ETH_DEFAULT_CONFIG(esp_eth_mac_new_openeth(&mac), phy_new(&phy));

    return esp_eth_driver_install(&config, handle);
}
