/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's IPv4 address is in its configuration, or comes from a DHCP
 * server. While none answers, lwIP goes on asking, in the end once a minute, for
 * ever; the device is reached by IPv6 meanwhile, and its log says what it waits
 * for.
 */
#include "address.h"

#include "tinymx/err.h"
#include "util/log.h"

#include "lwip/dhcp.h"
#include "lwip/dns.h"

#include <string.h>

/* The first two go unanswered where a switch is slow to let frames pass. */
#define TRIES_IN_SILENCE 2

/* "192.0.2.7/24" into its two halves. */
static bool parse(const char *text, ip4_addr_t *ip, ip4_addr_t *mask)
{
    char host[IP4ADDR_STRLEN_MAX];
    size_t len = strcspn(text, "/");
    unsigned bits = 0;

    if (len >= sizeof host || text[len] != '/') {
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    for (text += len + 1; *text >= '0' && *text <= '9' && bits <= 32; text++) {
        bits = 10 * bits + (unsigned)(*text - '0');
    }
    if (*text != '\0' || bits < 1 || bits > 32) {
        return false;
    }
    ip4_addr_set_u32(mask, lwip_htonl(UINT32_MAX << (32 - bits)));
    return ip4addr_aton(host, ip) != 0;
}

#if LWIP_DNS
static void set_resolver(const struct mx_settings *settings)
{
    const char *text = mx_settings_text(settings, MX_SETTING_DNS);
    ip_addr_t server;

    if (text != NULL && ipaddr_aton(text, &server)) {
        dns_setserver(0, &server);
    }
}
#else
static void set_resolver(const struct mx_settings *settings)
{
    (void)settings;
}
#endif

int address_start(struct netif *n, const struct mx_settings *settings)
{
    const char *text = mx_settings_text(settings, MX_SETTING_ADDRESS);
    const char *gateway = mx_settings_text(settings, MX_SETTING_GATEWAY);
    ip4_addr_t ip, mask, router = {0};

    set_resolver(settings);
    if (text == NULL) {
        return dhcp_start(n) == ERR_OK ? 0 : MX_EIO;
    }
    if (!parse(text, &ip, &mask) ||
        (gateway != NULL && !ip4addr_aton(gateway, &router))) {
        log_begin(MX_LOG_ERROR, "address", 0);
        log_text("why", "address or gateway of the configuration is none");
        log_end();
        return MX_EINVAL;
    }
    netif_set_addr(n, &ip, &mask, &router);
    return 0;
}

/* Nothing, where DHCP was not started. */
void address_poll(const struct netif *n)
{
    static uint8_t seen;
    const struct dhcp *dhcp = netif_dhcp_data(n);

    if (dhcp == NULL || dhcp->tries == seen) {
        return;
    }
    seen = dhcp->tries;
    if (seen > TRIES_IN_SILENCE && !dhcp_supplied_address(n)) {
        log_begin(MX_LOG_WARN, "dhcp", 0);
        log_u32("tries", seen);
        log_text("state", "no answer, asking on");
        log_end();
    }
}
