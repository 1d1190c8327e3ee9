/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The time of day, from a time server alone: what the chip's clock says after a
 * reset is nobody's word. No time before this one is believed.
 */
#include "os.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include "esp_event.h"
#include "esp_netif.h"
#include "esp_netif_sntp.h"
#include "lwip/dhcp.h"
#include "lwip/netif.h"
#include "lwip/tcpip.h"
#include "sdkconfig.h"

#include <time.h>

#define EARLIEST 1795478400 /* 24 Nov 2026 */

#ifdef CONFIG_LWIP_DHCP_GET_NTP_SRV
#define ASKS_DHCP true
#else
#define ASKS_DHCP false
#endif

static volatile bool known; /* set in lwIP's thread */

int64_t mx_port_time_s(void)
{
    return known ? (int64_t)time(NULL) : 0;
}

static void synced(struct timeval *tv)
{
    known = (int64_t)tv->tv_sec >= EARLIEST;
}

/* What was asked without an address had no answer, and SNTP waits longer after each
 * time. In the events' task. */
static void ask_anew(void *arg, esp_event_base_t base, int32_t id, void *data)
{
    (void)arg;
    (void)base;
    (void)id;
    (void)data;
    if (!known) {
        (void)esp_netif_sntp_start();
    }
}

/* Whoever has an address already was told of time servers before anybody
 * listened; its next answer tells again. */
static void ask_dhcp_again(void)
{
    struct netif *n;

    LOCK_TCPIP_CORE();
    NETIF_FOREACH(n)
    {
        if (dhcp_supplied_address(n) != 0) {
            (void)dhcp_renew(n);
        }
    }
    UNLOCK_TCPIP_CORE();
}

int os_time_start(const char *server)
{
    const esp_sntp_config_t config = {
        .start = true,
        .sync_cb = synced,
        .server_from_dhcp = server == NULL,
        .num_of_servers = server != NULL,
        .servers = {server},
    };

    if (server == NULL && !ASKS_DHCP) {
        return MX_ENOTSUP;
    }
    if (esp_netif_sntp_init(&config) != ESP_OK) {
        return MX_EIO;
    }
    /* Who has no event loop waits for SNTP's next time. */
    (void)esp_event_handler_register(IP_EVENT, ESP_EVENT_ANY_ID, ask_anew,
                                     NULL);
    if (server == NULL) {
        ask_dhcp_again();
    }
    return 0;
}
