/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of esp_netif_sntp.h, as 5.5
 * and 6.0 have it. */
#ifndef TINYMX_DECLARED_ESP_NETIF_SNTP_H
#define TINYMX_DECLARED_ESP_NETIF_SNTP_H

#include "esp_err.h"
#include "esp_netif_types.h"
#include "sdkconfig.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>

typedef void (*esp_sntp_time_cb_t)(struct timeval *tv);

typedef struct esp_sntp_config {
    bool smooth_sync;
    bool server_from_dhcp;
    bool wait_for_sync;
    bool start;
    esp_sntp_time_cb_t sync_cb;
    bool renew_servers_after_new_IP;
    ip_event_t ip_event_to_renew;
    size_t index_of_first_server;
    size_t num_of_servers;
    const char *servers[CONFIG_LWIP_SNTP_MAX_SERVERS];
} esp_sntp_config_t;

esp_err_t esp_netif_sntp_init(const esp_sntp_config_t *config);
esp_err_t esp_netif_sntp_start(void);

#endif
