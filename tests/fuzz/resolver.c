/* SPDX-License-Identifier: BSD-3-Clause */
/* Their tables are their own, hence the includes: an input must not see what
 * another one has asked. */
#include "core/dns.c"
#include "net/dnsbl.c"

#include "resolver.h"

void resolver_forget(void)
{
    for (int i = 0; i < DNS_MAX_SOURCE_PORTS; i++) {
        if (dns_pcbs[i] != NULL) {
            udp_remove(dns_pcbs[i]);
        }
    }
    memset(dns_pcbs, 0, sizeof dns_pcbs);
    memset(dns_table, 0, sizeof dns_table);
    memset(dns_requests, 0, sizeof dns_requests);
    dns_last_pcb_idx = 0;
    dns_seqno = 0;
    memset(table, 0, sizeof table);
}
