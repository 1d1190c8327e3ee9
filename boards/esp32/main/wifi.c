/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Wi-Fi as a station. It joins again for ever, whatever it was that ended it: after
 * a second, then two, up to a minute. The radio does not doze (WIFI_PS_NONE): a
 * server is who others wait for.
 */
#include "address.h"
#include "link.h"

#include "esp_log.h"
#include "esp_timer.h"
#include "esp_wifi.h"
#include "sdkconfig.h"

#include <string.h>

#define TAG "wifi"
#define FIRST_S 1
#define LAST_S 60

const bool link_radio = true;

static esp_netif_t *netif; /* NULL: there is no network to join */
static esp_timer_handle_t again;
static _Atomic bool joined;
static uint32_t wait_s = FIRST_S;

/* The event that comes of it says how it went. */
static void join(void *arg)
{
    esp_err_t err = esp_wifi_connect();

    (void)arg;
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "cannot join: %s", esp_err_to_name(err));
    }
}

static void on_start(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    (void)base;
    (void)id;
    (void)data;
    join(arg);
}

static void on_joined(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    joined = true;
    address_link_up(arg, base, id, data);
}

static void on_lost(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    const wifi_event_sta_disconnected_t *event = data;

    (void)arg;
    (void)base;
    (void)id;
    joined = false;
    ESP_LOGW(TAG, "not joined, reason %u; again in %u s", event->reason,
             (unsigned)wait_s);
    (void)esp_timer_stop(again); /* it may not run */
    ESP_ERROR_CHECK(esp_timer_start_once(again, wait_s * UINT64_C(1000000)));
    wait_s = wait_s < LAST_S / 2 ? 2 * wait_s : LAST_S;
}

static void on_address(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    wait_s = FIRST_S;
    address_found(arg, base, id, data);
}

/* Texts of the driver need no end if they are full. False: too long. */
static bool copy(uint8_t *to, size_t room, const char *text)
{
    size_t len = strlen(text);

    if (len > room) {
        return false;
    }
    memcpy(to, text, len);
    return true;
}

static const char *choose(const struct mx_settings *settings,
                          enum mx_setting what, const char *else_text)
{
    const char *text =
        settings != NULL ? mx_settings_text(settings, what) : NULL;

    return text != NULL ? text : else_text;
}

/* The configuration's network counts as a whole: menuconfig's password is of
 * menuconfig's network. */
static bool choose_network(const struct mx_settings *settings,
                           wifi_config_t *wc)
{
    const char *ssid = choose(settings, MX_SETTING_WIFI_SSID, NULL);
    const char *password = choose(settings, MX_SETTING_WIFI_PASSWORD, "");

    if (ssid == NULL) {
        ssid = CONFIG_TINYMX_WIFI_SSID;
        password = CONFIG_TINYMX_WIFI_PASSWORD;
    }
    if (ssid[0] == '\0') {
        ESP_LOGE(TAG, "no network to join: wifi-ssid of the configuration "
                      "(tinymx-provision), or menuconfig");
        return false;
    }
    if (!copy(wc->sta.ssid, sizeof wc->sta.ssid, ssid) ||
        !copy(wc->sta.password, sizeof wc->sta.password, password)) {
        ESP_LOGE(TAG, "SSID or password is too long");
        return false;
    }
    return true;
}

static void listen_to_events(void)
{
    ESP_ERROR_CHECK(esp_event_handler_register(WIFI_EVENT, WIFI_EVENT_STA_START,
                                               on_start, netif));
    ESP_ERROR_CHECK(esp_event_handler_register(
        WIFI_EVENT, WIFI_EVENT_STA_CONNECTED, on_joined, netif));
    ESP_ERROR_CHECK(esp_event_handler_register(
        WIFI_EVENT, WIFI_EVENT_STA_DISCONNECTED, on_lost, netif));
    ESP_ERROR_CHECK(esp_event_handler_register(IP_EVENT, IP_EVENT_STA_GOT_IP,
                                               on_address, netif));
}

/* The password stays where it is: the driver would copy it into NVS. */
void link_start(const struct mx_settings *settings)
{
    const wifi_init_config_t init = WIFI_INIT_CONFIG_DEFAULT();
    const esp_timer_create_args_t timer = {.callback = join, .name = "wifi"};
    wifi_config_t wc = {.sta = {.sae_pwe_h2e = WPA3_SAE_PWE_BOTH}};

    ESP_ERROR_CHECK(esp_wifi_init(&init));
    ESP_ERROR_CHECK(esp_wifi_set_storage(WIFI_STORAGE_RAM));
    ESP_ERROR_CHECK(esp_wifi_set_mode(WIFI_MODE_STA));
    if (choose_network(settings, &wc)) {
        netif = esp_netif_create_default_wifi_sta();
        address_start(netif, settings);
        ESP_ERROR_CHECK(esp_timer_create(&timer, &again));
        listen_to_events();
        ESP_ERROR_CHECK(esp_wifi_set_config(WIFI_IF_STA, &wc));
    }
    ESP_ERROR_CHECK(esp_wifi_start());
    ESP_ERROR_CHECK(esp_wifi_set_ps(WIFI_PS_NONE));
}

void link_status(struct mx_console *c)
{
    wifi_ap_record_t ap;

    if (netif == NULL) {
        mx_console_print(c, "Wi-Fi: no network is configured\n");
        return;
    }
    mx_console_print(c, joined ? "Wi-Fi: joined" : "Wi-Fi: not joined");
    if (joined && esp_wifi_sta_get_ap_info(&ap) == ESP_OK) {
        mx_console_print(c, ap.rssi < 0 ? ", -" : ", ");
        mx_console_number(c, (uint32_t)(ap.rssi < 0 ? -ap.rssi : ap.rssi));
        mx_console_print(c, " dBm");
    }
    mx_console_print(c, "\n");
    address_status(netif, c);
}
