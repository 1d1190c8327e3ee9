/* SPDX-License-Identifier: BSD-3-Clause */
#include "address.h"

#include "esp_log.h"
#include "sdkconfig.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TAG "address"

static const char *resolver; /* of the configuration, or NULL */

/* "24" into 255.255.255.0. */
static bool parse_mask(const char *text, esp_ip4_addr_t *mask)
{
    unsigned bits = 0;

    for (; *text >= '0' && *text <= '9' && bits <= 32; text++) {
        bits = 10 * bits + (unsigned)(*text - '0');
    }
    if (*text != '\0' || bits < 1 || bits > 32) {
        return false;
    }
    mask->addr = esp_netif_htonl(UINT32_MAX << (32 - bits));
    return true;
}

/* "192.0.2.7/24" into its two halves. */
static bool parse(const char *text, esp_netif_ip_info_t *info)
{
    char host[sizeof "255.255.255.255"];
    size_t len = strcspn(text, "/");

    if (len >= sizeof host || text[len] != '/') {
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    return parse_mask(text + len + 1, &info->netmask) &&
           esp_netif_str_to_ip4(host, &info->ip) == ESP_OK;
}

/* DHCP is stopped first: only then an address is taken. */
static esp_err_t set_address(esp_netif_t *netif, const char *address,
                             const char *gateway)
{
    esp_netif_ip_info_t info = {0};
    esp_err_t err = ESP_ERR_INVALID_ARG;

    if (parse(address, &info) &&
        (gateway == NULL ||
         esp_netif_str_to_ip4(gateway, &info.gw) == ESP_OK)) {
        err = esp_netif_dhcpc_stop(netif);
    }
    return err == ESP_OK ? esp_netif_set_ip_info(netif, &info) : err;
}

void address_start(esp_netif_t *netif, const struct mx_settings *settings)
{
    const char *address = NULL;
    const char *gateway = NULL;
    esp_err_t err = esp_netif_set_hostname(netif, CONFIG_TINYMX_HOSTNAME);

    if (settings != NULL) {
        address = mx_settings_text(settings, MX_SETTING_ADDRESS);
        gateway = mx_settings_text(settings, MX_SETTING_GATEWAY);
        resolver = mx_settings_text(settings, MX_SETTING_DNS);
    }
    if (err != ESP_OK) {
        ESP_LOGW(TAG, "hostname: %s", esp_err_to_name(err));
    }
    if (address == NULL) {
        return;
    }
    err = set_address(netif, address, gateway);
    if (err != ESP_OK) {
        ESP_LOGE(TAG,
                 "address or gateway of the configuration: %s; DHCP is asked",
                 esp_err_to_name(err));
    }
}

/* From its link-local address on the router's prefix is found. */
void address_link_up(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    esp_err_t err = esp_netif_create_ip6_linklocal(arg);

    (void)base;
    (void)id;
    (void)data;
    if (err != ESP_OK) {
        ESP_LOGW(TAG, "no IPv6: %s", esp_err_to_name(err));
    }
}

/* A lease brings resolvers along; the configuration's counts before them. */
static void set_resolver(esp_netif_t *netif)
{
    esp_netif_dns_info_t dns = {0};
    esp_err_t err;

    if (resolver == NULL) {
        return;
    }
    err = esp_netif_str_to_ip4(resolver, &dns.ip.u_addr.ip4);
    dns.ip.type = ESP_IPADDR_TYPE_V4;
    if (err != ESP_OK) {
        err = esp_netif_str_to_ip6(resolver, &dns.ip.u_addr.ip6);
        dns.ip.type = ESP_IPADDR_TYPE_V6;
    }
    if (err == ESP_OK) {
        err = esp_netif_set_dns_info(netif, ESP_NETIF_DNS_MAIN, &dns);
    }
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "resolver %s: %s", resolver, esp_err_to_name(err));
    }
}

void address_found(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    const ip_event_got_ip_t *event = data;

    (void)base;
    (void)id;
    ESP_LOGI(TAG, IPSTR, IP2STR(&event->ip_info.ip));
    set_resolver(arg);
}

static void say(struct mx_console *c, const char *address)
{
    mx_console_print(c, "address: ");
    mx_console_print(c, address);
    mx_console_print(c, "\n");
}

void address_status(esp_netif_t *netif, struct mx_console *c)
{
    esp_ip6_addr_t ip6[CONFIG_LWIP_IPV6_NUM_ADDRESSES];
    esp_netif_ip_info_t info;
    char text[40];
    int count = esp_netif_get_all_ip6(netif, ip6);

    if (esp_netif_get_ip_info(netif, &info) == ESP_OK && info.ip.addr != 0) {
        snprintf(text, sizeof text, IPSTR, IP2STR(&info.ip));
        say(c, text);
    }
    for (int i = 0; i < count; i++) {
        snprintf(text, sizeof text, IPV6STR, IPV62STR(ip6[i]));
        say(c, text);
    }
}
