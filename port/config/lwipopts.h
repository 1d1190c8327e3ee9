/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP as tinymx uses it: raw API, one thread, fixed pools, TCP server. Sizes
 * come from tinymx/config.h; everything else is decided here.
 */
#ifndef TINYMX_LWIPOPTS_H
#define TINYMX_LWIPOPTS_H

#include "tinymx/config.h"

#include <stdint.h>

/* One thread, no sockets. */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1

/* Nothing allocates but from pools and one heap of fixed size. */
#define MEM_LIBC_MALLOC 0
#define MEMP_MEM_MALLOC 0
#if UINTPTR_MAX > 0xffffffffu
#define MEM_ALIGNMENT 8
#else
#define MEM_ALIGNMENT 4
#endif
#define MEM_SIZE MX_LWIP_HEAP

/* IP */
#define LWIP_IPV4 1
#define LWIP_IPV6 MX_IPV6
#define LWIP_ARP 1
#define LWIP_ICMP 1
#define LWIP_RAW 0
#define LWIP_DHCP 1
#define LWIP_DHCP_DOES_ACD_CHECK 0
#define LWIP_ACD 0
#define LWIP_DNS MX_DNS
#define DNS_TABLE_SIZE 4
#define DNS_MAX_NAME_LENGTH 128 /* 32 nibbles and a zone (RFC 5782 2.4) */
#define LWIP_UDP 1
#define IP_REASSEMBLY 0
#define IP_FRAG 0
#define LWIP_IPV6_FRAG 0
#define LWIP_IPV6_REASS 0
#define LWIP_IPV6_AUTOCONFIG MX_IPV6
#define LWIP_IPV6_DHCP6 0
#define LWIP_IPV6_MLD MX_IPV6
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 0

/* Whom we know on the link: every peer, and the routers. */
#define MX_LINK_PEERS LWIP_MIN(10, MX_SESSIONS + 2)
#define ARP_TABLE_SIZE MX_LINK_PEERS
#define LWIP_ND6_NUM_NEIGHBORS MX_LINK_PEERS
#define LWIP_ND6_NUM_DESTINATIONS MX_LINK_PEERS
#define LWIP_ND6_NUM_PREFIXES LWIP_MIN(5, MX_SESSIONS / 2 + 1)
#define LWIP_ND6_NUM_ROUTERS LWIP_MAX(1, LWIP_MIN(3, MX_SESSIONS / 2))
#define MEMP_NUM_ND6_QUEUE LWIP_MIN(20, MX_SESSIONS)
/* DHCP, a question each to the resolver, and more. */
#define MEMP_NUM_UDP_PCB                                                       \
    (LWIP_MIN(4, MX_SESSIONS / 2 + 1) + MX_DNS * DNS_TABLE_SIZE)

/* TCP: a pcb for every session, for every newcomer being refused, and for
 * those that are past their session (FIN_WAIT, TIME_WAIT: lwIP reuses the
 * oldest of these when it needs one). */
#define LWIP_TCP 1
#define MEMP_NUM_TCP_PCB                                                       \
    (MX_SESSIONS + MX_REFUSALS + LWIP_MIN(4, MX_SESSIONS / 2))
#define MEMP_NUM_TCP_PCB_LISTEN MX_LISTENERS
#define MEMP_NUM_TCP_SEG MX_TCP_SEG_COUNT
#define TCP_MSS MX_TCP_MSS
#define TCP_WND MX_TCP_WND
#define TCP_SND_BUF MX_TCP_SND_BUF
#define TCP_SND_QUEUELEN 8
#define TCP_QUEUE_OOSEQ 0
#define TCP_LISTEN_BACKLOG 1
#define LWIP_TCP_KEEPALIVE 0
/* A new SYN ends TIME_WAIT: firmware/net/reuse.h. */
#define LWIP_HOOK_FILENAME "net/reuse.h"
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, optlen, opt1len, opt2, p)      \
    reuse_port(pcb, header)

#define PBUF_POOL_SIZE MX_PBUF_COUNT
#define PBUF_POOL_BUFSIZE MX_PBUF_SIZE
#define MEMP_NUM_PBUF (MX_SESSIONS * 2 + 8)

/* A netif tells of its address and link. */
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK 1
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#define LWIP_SINGLE_NETIF MX_SINGLE_NETIF

/* What pools hold and held at most: the counters that leak tests read. */
#define LWIP_STATS 1
#define LWIP_STATS_LARGE 1
#define MEM_STATS 1
#define MEMP_STATS 1
#define LINK_STATS 1
#define ETHARP_STATS 0
#define IP_STATS 0
#define IPFRAG_STATS 0
#define ICMP_STATS 0
#define UDP_STATS 0
#define TCP_STATS 1
#define IP6_STATS 0
#define ICMP6_STATS 0
#define IP6_FRAG_STATS 0
#define MLD6_STATS 0
#define ND6_STATS 0
#define SYS_STATS 0

#endif
