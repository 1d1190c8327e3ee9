/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP as a sender's PC has it. The device's is in port/config. */
#ifndef TINYMX_RIG_FAR_LWIPOPTS_H
#define TINYMX_RIG_FAR_LWIPOPTS_H

#include <stdint.h>

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1
#define MEM_ALIGNMENT 8
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1

#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_ARP 0
#define LWIP_ETHERNET 0
#define LWIP_ICMP 1
#define LWIP_RAW 0
#define LWIP_UDP 0
#define LWIP_DHCP 0
#define LWIP_DNS 0
#define IP_REASSEMBLY 0
#define IP_FRAG 0

#define LWIP_TCP 1
#define TCP_MSS 1460
#define TCP_SND_BUF (16 * TCP_MSS)
#define TCP_SND_QUEUELEN 128
#define TCP_QUEUE_OOSEQ 1
#define TCP_LISTEN_BACKLOG 0

/* A window that a test chooses: what the compiler sees is a variable, which
 * lwIP's own checks by the preprocessor cannot judge. */
extern uint16_t far_window;
#define TCP_WND far_window
#define LWIP_DISABLE_TCP_SANITY_CHECKS 1

#define LWIP_STATS 0

#endif
