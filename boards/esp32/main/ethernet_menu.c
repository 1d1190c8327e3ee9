/* SPDX-License-Identifier: BSD-3-Clause */
/* By espressif/ethernet_init: the menu "Ethernet Configuration" says which. Of
 * several interfaces the first is used. */
#include "ethernet_driver.h"

#include "ethernet_init.h"

#include <stddef.h>
#include <stdint.h>

esp_err_t ethernet_driver(esp_eth_handle_t *handle)
{
    esp_eth_handle_t *handles = NULL;
    uint8_t count = 0;
    esp_err_t err = ethernet_init_all(&handles, &count);

    if (err == ESP_OK && count == 0)
        err = ESP_ERR_NOT_FOUND;
    if (err == ESP_OK)
        *handle = handles[0];
    return err;
}
