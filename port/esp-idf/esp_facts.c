/* SPDX-License-Identifier: BSD-3-Clause */
/* The sdkconfig, as data: what fits is for fit.c to say, what is set up for
 * setup.c. */
#include "fit.h"
#include "menu.h"
#include "os.h"

#include "sdkconfig.h"

#ifdef CONFIG_MBEDTLS_ASYMMETRIC_CONTENT_LEN
#define TLS_IN CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN
#define TLS_OUT CONFIG_MBEDTLS_SSL_OUT_CONTENT_LEN
#else
#define TLS_IN CONFIG_MBEDTLS_SSL_MAX_CONTENT_LEN
#define TLS_OUT CONFIG_MBEDTLS_SSL_MAX_CONTENT_LEN
#endif

#ifdef CONFIG_ESP_TASK_WDT_INIT
#define WATCHDOG_S CONFIG_ESP_TASK_WDT_TIMEOUT_S
#else
#define WATCHDOG_S 0
#endif

#ifdef CONFIG_MBEDTLS_SSL_PROTO_TLS1_3
#define TLS13 true
#else
#define TLS13 false
#endif

#ifdef CONFIG_MBEDTLS_DYNAMIC_BUFFER
#define DYNAMIC_BUFFERS true
#else
#define DYNAMIC_BUFFERS false
#endif

void os_facts(struct fit_facts *facts)
{
    struct os_heap heap;

    os_heap(&heap);
    *facts = (struct fit_facts){
        .task_stack = CONFIG_TINYMX_TASK_STACK,
        .tcpip_stack = CONFIG_LWIP_TCPIP_TASK_STACK_SIZE,
        .tls_in = TLS_IN,
        .tls_out = TLS_OUT,
        .tcp_pcbs = CONFIG_LWIP_MAX_ACTIVE_TCP,
        .tcp_listeners = CONFIG_LWIP_MAX_LISTENING_TCP,
        .tcp_window = CONFIG_LWIP_TCP_WND_DEFAULT,
        .udp_pcbs = CONFIG_LWIP_MAX_UDP_PCBS,
        .sessions = CONFIG_TINYMX_SESSIONS,
        .tls_sessions = CONFIG_TINYMX_TLS_SESSIONS,
        .reserve = CONFIG_TINYMX_HEAP_RESERVE,
        .watchdog_s = WATCHDOG_S,
        .tls13 = TLS13,
        .dynamic_buffers = DYNAMIC_BUFFERS,
        .rf = os_noise() == OS_NOISE_RADIO,
        .entropy_source = os_noise() == OS_NOISE_ADC,
        .heap_free = (uint32_t)heap.free,
        .heap_largest = (uint32_t)heap.largest,
    };
}

void os_menu(struct menu *menu)
{
    *menu = (struct menu){
        .mx_name = CONFIG_TINYMX_MX_NAME,
        .domains = CONFIG_TINYMX_DOMAINS,
        .recipients = CONFIG_TINYMX_RECIPIENTS,
        .ntp_server = CONFIG_TINYMX_NTP_SERVER,
        .message_max = CONFIG_TINYMX_MESSAGE_MAX,
        .task_stack = CONFIG_TINYMX_TASK_STACK,
        .task_priority = CONFIG_TINYMX_TASK_PRIORITY,
    };
}
