/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * lwIP as tinymx uses it: raw API, one thread, fixed pools, TCP server. Sizes
 * come from tinymx/config.h; everything else is decided here.
 *
 * MX_LWIP_THREAD (CMake's TINYMX_THREADS) gives lwIP a thread of its own, as it
 * has one with ESP-IDF: firmware/net/core.h.
 */
#ifndef TINYMX_LWIPOPTS_H
#define TINYMX_LWIPOPTS_H

#include "tinymx/config.h"

#include <stdint.h>

#ifndef MX_LWIP_THREAD
#define MX_LWIP_THREAD 0
#endif

/* No sockets. */
#define NO_SYS (!MX_LWIP_THREAD)
#define SYS_LIGHTWEIGHT_PROT MX_LWIP_THREAD
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1

/* Frames go to the thread by way of its mailbox; who else enters lwIP holds the
 * core, and lwIP looks whether it does. */
#if MX_LWIP_THREAD
#define LWIP_TCPIP_CORE_LOCKING 1
#define LWIP_TCPIP_CORE_LOCKING_INPUT 0
#define TCPIP_MBOX_SIZE 128
#define MEMP_NUM_TCPIP_MSG_INPKT 100
#define LWIP_ASSERT_CORE_LOCKED() sys_check_core_locking()
void sys_check_core_locking(void);
#endif

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
/* DHCP, a question each to the resolver, the time server, and more. */
#define MEMP_NUM_UDP_PCB                                                       \
    (LWIP_MIN(4, MX_SESSIONS / 2 + 1) + MX_DNS * DNS_TABLE_SIZE + MX_SNTP)

/* SNTP: for an answer 15 seconds, then 15, 30 ... 960 until the next question;
 * an hour behind an answer. One server: with two that are silent lwIP does not
 * back off. What lwIP does not check in answers is checked before it
 * (port/cortexm/ntp.h). */
#define LWIP_DHCP_GET_NTP_SRV MX_SNTP
#define LWIP_DHCP_MAX_NTP_SERVERS 1
#define SNTP_GET_SERVERS_FROM_DHCP 0 /* the platform is told of them */
#define SNTP_MAX_SERVERS 1
#define SNTP_SERVER_DNS MX_DNS
#define SNTP_CHECK_RESPONSE 2 /* the most there is */
#define SNTP_STARTUP_DELAY 1  /* up to 5 s, so that not all ask at once */
#define SNTP_STARTUP_DELAY_FUNC (LWIP_RAND() % 5000)
#define SNTP_RECV_TIMEOUT 15000
#define SNTP_RETRY_TIMEOUT 15000
#define SNTP_RETRY_TIMEOUT_MAX 960000
#define SNTP_UPDATE_DELAY 3600000
#define SNTP_MONITOR_SERVER_REACHABILITY 0
#define SNTP_GET_SYSTEM_TIME_NTP(s, frac) mx_sntp_ask(&(s), &(frac))
#define SNTP_SET_SYSTEM_TIME_NTP(s, frac) mx_sntp_tell(s, frac)
void mx_sntp_ask(int32_t *s, uint32_t *frac);
void mx_sntp_tell(int32_t s, uint32_t frac);

/* lwIP's own timers; SNTP has one for an answer and one for a question. */
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 2 * MX_SNTP)

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
