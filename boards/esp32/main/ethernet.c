/* SPDX-License-Identifier: BSD-3-Clause */
/* Ethernet: a driver's events, and its interface's addresses. */
#include "address.h"
#include "ethernet_driver.h"
#include "link.h"

#include "esp_log.h"

#define TAG "ethernet"

const bool link_radio = false;

static esp_netif_t *netif; /* NULL: there is none */
static _Atomic bool up;

static void on_up(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    up = true;
    address_link_up(arg, base, id, data);
}

static void on_down(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    (void)arg;
    (void)base;
    (void)id;
    (void)data;
    up = false;
    ESP_LOGW(TAG, "link down");
}

static void listen_to_events(void)
{
    ESP_ERROR_CHECK(esp_event_handler_register(
        ETH_EVENT, ETHERNET_EVENT_CONNECTED, on_up, netif));
    ESP_ERROR_CHECK(esp_event_handler_register(
        ETH_EVENT, ETHERNET_EVENT_DISCONNECTED, on_down, netif));
    ESP_ERROR_CHECK(esp_event_handler_register(IP_EVENT, IP_EVENT_ETH_GOT_IP,
                                               address_found, netif));
}

void link_start(const struct mx_settings *settings)
{
    const esp_netif_config_t config = ESP_NETIF_DEFAULT_ETH();
    esp_eth_handle_t handle = NULL;
    esp_err_t err = ethernet_driver(&handle);

    if (err != ESP_OK) {
        ESP_LOGE(TAG, "no Ethernet: %s (menuconfig: Ethernet Configuration)",
                 esp_err_to_name(err));
        return;
    }
    netif = esp_netif_new(&config);
    ESP_ERROR_CHECK(esp_netif_attach(netif, esp_eth_new_netif_glue(handle)));
    address_start(netif, settings);
    listen_to_events();
    ESP_ERROR_CHECK(esp_eth_start(handle));
}

void link_status(struct mx_console *c)
{
    if (netif == NULL) {
        mx_console_print(c, "Ethernet: none\n");
        return;
    }
    mx_console_print(c, up ? "Ethernet: up\n" : "Ethernet: down\n");
    address_status(netif, c);
}
