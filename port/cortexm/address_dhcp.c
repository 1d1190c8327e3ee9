/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's IPv4 address comes from a DHCP server. While none answers, lwIP
 * goes on asking, in the end once a minute, for ever; the device is reached by
 * IPv6 meanwhile, and its log says what it waits for.
 */
#include "address.h"

#include "tinymx/err.h"
#include "util/log.h"

#include "lwip/dhcp.h"

/* The first two go unanswered where a switch is slow to let frames pass. */
#define TRIES_IN_SILENCE 2

int address_start(struct netif *n)
{
    return dhcp_start(n) == ERR_OK ? 0 : MX_EIO;
}

void address_poll(const struct netif *n)
{
    static uint8_t seen;
    uint8_t tries = netif_dhcp_data(n)->tries;

    if (tries == seen) {
        return;
    }
    seen = tries;
    if (tries > TRIES_IN_SILENCE && !dhcp_supplied_address(n)) {
        log_begin(MX_LOG_WARN, "dhcp", 0);
        log_u32("tries", tries);
        log_text("state", "no answer, asking on");
        log_end();
    }
}
