/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A table of what has to be. Where the numbers come from:
 *
 *   the server's stack   a handshake in lwIP's callbacks went 3.8 KB deep on an
 *                        ESP32, a board's deepest call is 3.5 KB (mps2-an386,
 *                        with RSA and SHA-384); ESP_LOG and NVS want 2 KB more
 *   lwIP's stack         no TLS runs there, callbacks only note: ESP-IDF's own
 *                        default does
 *   a TLS session        25.6 KB with records of 16 KB in and 4 KB out, when it
 *                        is open; what a handshake has beside that is within the
 *                        same 8 KB
 */
#include "fit.h"

#include "tinymx/config.h"

#define TASK_STACK 8192u
#define TCPIP_STACK 3072u
#define RECORD_IN 16384u   /* RFC 8446 5.1 */
#define RECORD_OUT 2304u   /* a certificate of a public CA, its intermediate */
#define RECORD_MORE 512u   /* around a record's plaintext */
#define SESSION_MORE 8192u /* beside the two records' plaintext */
#define WATCHDOG_S 5u      /* a handshake, and a sector that is erased */
#define WINDOW 2880u       /* two segments: RFC 5681 4.2, one ACK for both */
#define UDP_PCBS 8u        /* DHCP, questions to the resolver, time */

static uint32_t pcbs(const struct fit_facts *facts)
{
    return facts->sessions + MX_REFUSALS;
}

/* What every peer may send before it hears of us. */
static uint32_t in_flight(const struct fit_facts *facts)
{
    return facts->sessions * facts->tcp_window;
}

static uint32_t one_session(const struct fit_facts *facts)
{
    return facts->reserve + fit_tls_session(facts);
}

static uint32_t all_sessions(const struct fit_facts *facts)
{
    return facts->reserve + facts->tls_sessions * fit_tls_session(facts);
}

static uint32_t entropy(const struct fit_facts *facts)
{
    return !facts->rf;
}

/* That there is none has a row of its own. */
static uint32_t watchdog(const struct fit_facts *facts)
{
    return facts->watchdog_s != 0 ? WATCHDOG_S : 0;
}

enum bound { LEAST, MOST };

static const struct row {
    const char *what;
    uint8_t level; /* enum fit_level */
    uint8_t bound; /* enum bound */
    uint8_t offset;
    uint8_t size;
    uint32_t want;
    uint32_t (*wants)(const struct fit_facts *facts); /* instead; or NULL */
} rows[] = {
#define FACT(field)                                                            \
    offsetof(struct fit_facts, field), sizeof(((struct fit_facts *)0)->field)
    /* The gravest first. */
    {"CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN has to be 16384: senders fill a "
     "record",
     FIT_FAIL, LEAST, FACT(tls_in), RECORD_IN, NULL},
    {"CONFIG_MBEDTLS_DYNAMIC_BUFFER has to be n: handshakes stall with it",
     FIT_FAIL, MOST, FACT(dynamic_buffers), 0, NULL},
    {"neither Wi-Fi nor Bluetooth runs, and the bootloader's entropy source "
     "was not on at the start: keys could be guessed. Call "
     "bootloader_random_enable() first",
     FIT_FAIL, LEAST, FACT(entropy_source), 0, entropy},
    {"CONFIG_TINYMX_TASK_STACK is too small for a handshake; 10240 is right",
     FIT_FAIL, LEAST, FACT(task_stack), TASK_STACK, NULL},
    {"CONFIG_LWIP_TCPIP_TASK_STACK_SIZE is less than ESP-IDF's own 3072: it "
     "would overflow",
     FIT_FAIL, LEAST, FACT(tcpip_stack), TCPIP_STACK, NULL},
    {"CONFIG_LWIP_MAX_LISTENING_TCP is less than the ports that mail comes to",
     FIT_FAIL, LEAST, FACT(tcp_listeners), MX_LISTENERS, NULL},
    {"the free heap has no room for one TLS session above "
     "CONFIG_TINYMX_HEAP_RESERVE: leave features out of the sdkconfig, or "
     "take a chip with more RAM",
     FIT_FAIL, LEAST, FACT(heap_free), 0, one_session},
    {"the free heap is in pieces too small for a TLS record: leave features "
     "out of the sdkconfig, or start the server earlier",
     FIT_FAIL, LEAST, FACT(heap_largest), RECORD_IN + RECORD_MORE, NULL},

    {"the free heap has no room for CONFIG_TINYMX_TLS_SESSIONS at once above "
     "CONFIG_TINYMX_HEAP_RESERVE: senders will wait. Choose fewer",
     FIT_WARN, LEAST, FACT(heap_free), 0, all_sessions},
    {"CONFIG_TINYMX_HEAP_RESERVE is less than CONFIG_TINYMX_SESSIONS times "
     "CONFIG_LWIP_TCP_WND_DEFAULT: a full house may leave lwIP without memory",
     FIT_WARN, LEAST, FACT(reserve), 0, in_flight},
    {"CONFIG_LWIP_MAX_ACTIVE_TCP is too small for CONFIG_TINYMX_SESSIONS: "
     "newcomers will get no answer",
     FIT_WARN, LEAST, FACT(tcp_pcbs), 0, pcbs},
    {"CONFIG_LWIP_MAX_UDP_PCBS is small: questions to the resolver and the "
     "time server may fail",
     FIT_WARN, LEAST, FACT(udp_pcbs), UDP_PCBS, NULL},
    {"CONFIG_LWIP_TCP_WND_DEFAULT is less than two segments: mail will be "
     "slow; 5760 is right",
     FIT_WARN, LEAST, FACT(tcp_window), WINDOW, NULL},
    {"CONFIG_MBEDTLS_SSL_OUT_CONTENT_LEN has no room for the certificate of a "
     "public CA with its intermediate; 4096 has",
     FIT_WARN, LEAST, FACT(tls_out), RECORD_OUT, NULL},
    {"CONFIG_MBEDTLS_SSL_PROTO_TLS1_3 is n: there is TLS 1.2 only", FIT_WARN,
     LEAST, FACT(tls13), 1, NULL},
    {"CONFIG_ESP_TASK_WDT_INIT is n: nothing restarts a server that hangs",
     FIT_WARN, LEAST, FACT(watchdog_s), 1, NULL},
    {"CONFIG_ESP_TASK_WDT_TIMEOUT_S is shorter than a handshake may take; 5 is "
     "right",
     FIT_WARN, LEAST, FACT(watchdog_s), 0, watchdog},
#undef FACT
};

_Static_assert(sizeof(struct fit_facts) <= UINT8_MAX, "offsets of a byte");

/* A number, or a bool. */
static uint32_t fact(const struct fit_facts *facts, const struct row *row)
{
    const char *at = (const char *)facts + row->offset;

    return row->size == sizeof(bool) ? *(const bool *)at
                                     : *(const uint32_t *)(const void *)at;
}

static bool is_broken(const struct row *row, const struct fit_facts *facts,
                      struct fit_finding *finding)
{
    uint32_t have = fact(facts, row);
    uint32_t want = row->wants != NULL ? row->wants(facts) : row->want;

    *finding =
        (struct fit_finding){(enum fit_level)row->level, row->what, have, want};
    return row->bound == LEAST ? have < want : have > want;
}

bool fit_check(const struct fit_facts *facts, size_t n,
               struct fit_finding *finding)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (is_broken(&rows[i], facts, finding) && n-- == 0) {
            return true;
        }
    }
    return false;
}

uint32_t fit_tls_session(const struct fit_facts *facts)
{
    return facts->tls_in + facts->tls_out + SESSION_MORE;
}
