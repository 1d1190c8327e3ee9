/* SPDX-License-Identifier: BSD-3-Clause */
/* What is said of an sdkconfig: each row of the table alone, at its very bound,
 * and all of them in the order of their weight. */
#include "fit.h"

#include "tinymx/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define RESERVE 49152u
#define SESSION (16384u + 4096u + 8192u)

/* Those of boards/esp32 and menuconfig, on a chip with Wi-Fi on. */
static const struct fit_facts defaults = {
    .task_stack = 10240,
    .tcpip_stack = 8192,
    .tls_in = 16384,
    .tls_out = 4096,
    .tcp_pcbs = 16,
    .tcp_listeners = 16,
    .tcp_window = 5760,
    .udp_pcbs = 16,
    .sessions = 8,
    .tls_sessions = 4,
    .reserve = RESERVE,
    .watchdog_s = 20,
    .tls13 = true,
    .dynamic_buffers = false,
    .rf = true,
    .entropy_source = false,
    .heap_free = 180000,
    .heap_largest = 110000,
};

#define FIELD(name)                                                            \
    offsetof(struct fit_facts, name), sizeof(((struct fit_facts *)0)->name)

/* One fact changed: the last value that is fine, and the first that is not. */
static const struct {
    const char *says;
    enum fit_level level;
    size_t offset, size;
    uint32_t fine, wrong;
    uint32_t want;
} rows[] = {
    {"CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN", FIT_FAIL, FIELD(tls_in), 16384, 16383,
     16384},
    {"CONFIG_MBEDTLS_DYNAMIC_BUFFER", FIT_FAIL, FIELD(dynamic_buffers), 0, 1,
     0},
    {"bootloader_random_enable()", FIT_FAIL, FIELD(rf), 1, 0, 1},
    {"CONFIG_TINYMX_TASK_STACK", FIT_FAIL, FIELD(task_stack), 8192, 8191, 8192},
    {"CONFIG_LWIP_TCPIP_TASK_STACK_SIZE", FIT_FAIL, FIELD(tcpip_stack), 3072,
     3071, 3072},
    {"CONFIG_LWIP_MAX_LISTENING_TCP", FIT_FAIL, FIELD(tcp_listeners),
     MX_LISTENERS, MX_LISTENERS - 1, MX_LISTENERS},
    {"no room for one TLS session", FIT_FAIL, FIELD(heap_free),
     RESERVE + SESSION, RESERVE + SESSION - 1, RESERVE + SESSION},
    {"pieces too small", FIT_FAIL, FIELD(heap_largest), 16896, 16895, 16896},
    {"CONFIG_TINYMX_TLS_SESSIONS", FIT_WARN, FIELD(heap_free),
     RESERVE + 4 * SESSION, RESERVE + 4 * SESSION - 1, RESERVE + 4 * SESSION},
    {"CONFIG_TINYMX_HEAP_RESERVE", FIT_WARN, FIELD(reserve), 8 * 5760,
     8 * 5760 - 1, 8 * 5760},
    {"CONFIG_LWIP_MAX_ACTIVE_TCP", FIT_WARN, FIELD(tcp_pcbs), 8 + MX_REFUSALS,
     8 + MX_REFUSALS - 1, 8 + MX_REFUSALS},
    {"CONFIG_LWIP_MAX_UDP_PCBS", FIT_WARN, FIELD(udp_pcbs), 8, 7, 8},
    {"CONFIG_LWIP_TCP_WND_DEFAULT", FIT_WARN, FIELD(tcp_window), 2880, 2879,
     2880},
    {"CONFIG_MBEDTLS_SSL_OUT_CONTENT_LEN", FIT_WARN, FIELD(tls_out), 2304, 2303,
     2304},
    {"CONFIG_MBEDTLS_SSL_PROTO_TLS1_3", FIT_WARN, FIELD(tls13), 1, 0, 1},
    {"CONFIG_ESP_TASK_WDT_INIT", FIT_WARN, FIELD(watchdog_s), 5, 0, 1},
    {"CONFIG_ESP_TASK_WDT_TIMEOUT_S", FIT_WARN, FIELD(watchdog_s), 5, 4, 5},
};

#define ROWS (sizeof rows / sizeof *rows)

static void set(struct fit_facts *facts, size_t row, uint32_t value)
{
    char *at = (char *)facts + rows[row].offset;
    bool flag = value != 0;

    if (rows[row].size == sizeof flag) {
        memcpy(at, &flag, sizeof flag);
    } else {
        memcpy(at, &value, sizeof value);
    }
}

static size_t count(const struct fit_facts *facts)
{
    struct fit_finding finding;
    size_t n = 0;

    while (fit_check(facts, n, &finding)) {
        n++;
    }
    return n;
}

/* The finding that says so, or fails. */
static struct fit_finding find(const struct fit_facts *facts, const char *says)
{
    struct fit_finding finding;

    for (size_t n = 0; fit_check(facts, n, &finding); n++) {
        if (strstr(finding.what, says) != NULL) {
            return finding;
        }
    }
    fail_msg("nothing says %s", says);
    return finding;
}

static void defaults_fit(void **state)
{
    (void)state;
    assert_int_equal(count(&defaults), 0);
}

/* Too little for one session is too little for all of them. */
static size_t findings_of(size_t row)
{
    return strstr(rows[row].says, "one TLS session") != NULL ? 2 : 1;
}

static void each_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct fit_facts facts = defaults;
        struct fit_finding finding;

        set(&facts, i, rows[i].wrong);
        finding = find(&facts, rows[i].says);
        assert_int_equal(finding.level, rows[i].level);
        assert_int_equal(finding.have, rows[i].wrong);
        assert_int_equal(finding.want, rows[i].want);
        assert_int_equal(count(&facts), findings_of(i));
    }
}

/* At the bound nothing is said of that. */
static void each_at_its_bound(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct fit_facts facts = defaults;
        struct fit_finding finding;

        set(&facts, i, rows[i].fine);
        for (size_t n = 0; fit_check(&facts, n, &finding); n++) {
            assert_null(strstr(finding.what, rows[i].says));
        }
    }
}

/* Everything but the watchdog, of which two rows cannot be at once. */
static void all_of_them(void **state)
{
    struct fit_facts facts = defaults;
    struct fit_finding finding;

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        set(&facts, i, rows[i].wrong);
    }
    facts.reserve = 8 * facts.tcp_window - 1;
    facts.heap_free = 1000;
    assert_int_equal(count(&facts), ROWS - 1);
    for (size_t i = 0, n = 0; i < ROWS; i++) {
        if (strstr(rows[i].says, "WDT_INIT") == NULL) {
            assert_true(fit_check(&facts, n++, &finding));
            assert_non_null(strstr(finding.what, rows[i].says));
        }
    }
}

/* The gravest first, whatever is wrong. */
static void in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < ROWS; j++) {
            struct fit_facts facts = defaults;
            struct fit_finding finding;
            enum fit_level last = FIT_FAIL;

            set(&facts, i, rows[i].wrong);
            set(&facts, j, rows[j].wrong);
            for (size_t n = 0; fit_check(&facts, n, &finding); n++) {
                assert_true(finding.level <= last);
                last = finding.level;
            }
        }
    }
}

/* Without Wi-Fi it is the bootloader's source. */
static void ethernet_alone(void **state)
{
    struct fit_facts facts = defaults;

    (void)state;
    facts.rf = false;
    facts.entropy_source = true;
    assert_int_equal(count(&facts), 0);
}

static void a_session(void **state)
{
    (void)state;
    assert_int_equal(fit_tls_session(&defaults), SESSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_fit),      cmocka_unit_test(each_alone),
        cmocka_unit_test(each_at_its_bound), cmocka_unit_test(all_of_them),
        cmocka_unit_test(in_order),          cmocka_unit_test(ethernet_alone),
        cmocka_unit_test(a_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
