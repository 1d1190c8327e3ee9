/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Does the sdkconfig fit? What an ESP-IDF project decides elsewhere and the server
 * depends on, looked at once at the start and said in plain words: what is wrong,
 * what comes of it, and which option mends it.
 */
#ifndef TINYMX_ESP_IDF_FIT_H
#define TINYMX_ESP_IDF_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes in bytes. */
struct fit_facts {
    /* From Kconfig. */
    uint32_t task_stack;    /* the server's */
    uint32_t tcpip_stack;   /* lwIP's thread */
    uint32_t tls_in;        /* MBEDTLS_SSL_IN_CONTENT_LEN */
    uint32_t tls_out;       /* MBEDTLS_SSL_OUT_CONTENT_LEN */
    uint32_t tcp_pcbs;      /* LWIP_MAX_ACTIVE_TCP */
    uint32_t tcp_listeners; /* LWIP_MAX_LISTENING_TCP */
    uint32_t tcp_window;    /* LWIP_TCP_WND_DEFAULT */
    uint32_t udp_pcbs;      /* LWIP_MAX_UDP_PCBS */
    uint32_t sessions;      /* TINYMX_SESSIONS */
    uint32_t tls_sessions;  /* TINYMX_TLS_SESSIONS */
    uint32_t reserve;       /* TINYMX_HEAP_RESERVE */
    uint32_t watchdog_s;    /* 0: none */
    bool tls13;             /* MBEDTLS_SSL_PROTO_TLS1_3 */
    bool dynamic_buffers;   /* MBEDTLS_DYNAMIC_BUFFER */
    bool rf;                /* Wi-Fi or Bluetooth runs: its noise is entropy */
    bool entropy_source;    /* or the bootloader's source was on at start */

    /* Of the chip, now. */
    uint32_t heap_free;
    uint32_t heap_largest;
};

enum fit_level {
    FIT_WARN, /* it works, less well */
    FIT_FAIL, /* it would not, or not safely: the server does not start */
};

struct fit_finding {
    enum fit_level level;
    const char *what; /* static: a sentence, with the option to change */
    uint32_t have;
    uint32_t want; /* at least; at most where `what` says so */
};

/* The `n`th finding, the gravest first. False: there is no more. */
bool fit_check(const struct fit_facts *facts, size_t n,
               struct fit_finding *finding);

/* What a TLS session takes of the heap in a handshake, at most. */
uint32_t fit_tls_session(const struct fit_facts *facts);

#endif
