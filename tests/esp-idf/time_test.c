/* SPDX-License-Identifier: BSD-3-Clause */
/* port/esp-idf/esp_time.c, with DHCP's time servers in the build and without
 * (DHCP_ASKED): who is asked, and when the time is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "esp_event.h"
#include "esp_netif.h"
#include "esp_netif_sntp.h"
#include "lwip/dhcp.h"
#include "lwip/netif.h"
#include "lwip/tcpip.h"
#include "os.h"
#include "tinymx/err.h"
#include "tinymx/port.h"

static struct netif by_dhcp, by_hand = {.next = &by_dhcp};
struct netif *netif_list = &by_hand;

static int locked, renewed, inits, starts;
static esp_err_t init_answer;
static esp_event_handler_t on_address;
esp_event_base_t const IP_EVENT = "IP_EVENT";
static esp_sntp_config_t config;

void declared_lock(void)
{
    locked++;
}

void declared_unlock(void)
{
    locked--;
}

unsigned char dhcp_supplied_address(const struct netif *netif)
{
    assert_int_equal(locked, 1);
    return netif == &by_dhcp;
}

signed char dhcp_renew(struct netif *netif)
{
    assert_int_equal(locked, 1);
    assert_ptr_equal(netif, &by_dhcp);
    renewed++;
    return 0;
}

esp_err_t esp_netif_sntp_init(const esp_sntp_config_t *cfg)
{
    assert_int_equal(locked, 0);
    inits++;
    config = *cfg;
    return init_answer;
}

/* SNTP must not be started before it was initialized: lwIP stops the program. */
esp_err_t esp_netif_sntp_start(void)
{
    assert_int_equal(locked, 0);
    assert_int_equal(inits, 1);
    starts++;
    return ESP_OK;
}

esp_err_t esp_event_handler_register(esp_event_base_t base, int32_t id,
                                     esp_event_handler_t handler, void *arg)
{
    assert_ptr_equal(base, IP_EVENT);
    assert_int_equal(id, ESP_EVENT_ANY_ID);
    assert_int_equal(inits, 1);
    assert_null(arg);
    on_address = handler;
    return ESP_OK;
}

static int fresh(void **state)
{
    (void)state;
    inits = renewed = starts = 0;
    on_address = NULL;
    init_answer = ESP_OK;
    return 0;
}

static void test_a_server_of_ours(void **state)
{
    (void)state;
    assert_int_equal(os_time_start("time.test"), 0);
    assert_true(config.start);
    assert_false(config.server_from_dhcp);
    assert_int_equal(config.num_of_servers, 1);
    assert_string_equal(config.servers[0], "time.test");
    assert_int_equal(renewed, 0);
}

static void test_dhcp(void **state)
{
    (void)state;
    if (!DHCP_ASKED) {
        assert_int_equal(os_time_start(NULL), MX_ENOTSUP);
        assert_int_equal(inits, 0);
        return;
    }
    assert_int_equal(os_time_start(NULL), 0);
    assert_true(config.start);
    assert_true(config.server_from_dhcp);
    assert_int_equal(config.num_of_servers, 0);
    assert_int_equal(renewed, 1);
    assert_int_equal(locked, 0);
}

static void test_it_fails(void **state)
{
    (void)state;
    init_answer = ESP_FAIL;
    assert_int_equal(os_time_start("time.test"), MX_EIO);
    assert_null(on_address);
}

/* A question without an address had no answer. */
static void test_an_address_comes_later(void **state)
{
    struct timeval now = {.tv_sec = 1795478400};

    (void)state;
    assert_int_equal(os_time_start("time.test"), 0);
    assert_int_equal(starts, 0);
    on_address(NULL, IP_EVENT, IP_EVENT_ETH_GOT_IP, NULL);
    assert_int_equal(starts, 1);
    config.sync_cb(&now);
    on_address(NULL, IP_EVENT, IP_EVENT_ETH_GOT_IP, NULL);
    assert_int_equal(starts, 1);
}

/* A time before this firmware was written is none, also later. */
static void test_when_it_is_known(void **state)
{
    struct timeval now = {.tv_sec = 1795478400}, old = {.tv_sec = 1795478399};

    (void)state;
    assert_int_equal(mx_port_time_s(), 0);
    assert_int_equal(os_time_start("time.test"), 0);
    assert_int_equal(mx_port_time_s(), 0);
    config.sync_cb(&old);
    assert_int_equal(mx_port_time_s(), 0);
    config.sync_cb(&now);
    assert_true(mx_port_time_s() > 0);
    config.sync_cb(&old);
    assert_int_equal(mx_port_time_s(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_server_of_ours, fresh),
        cmocka_unit_test_setup(test_dhcp, fresh),
        cmocka_unit_test_setup(test_it_fails, fresh),
        cmocka_unit_test_setup(test_when_it_is_known, fresh),
        cmocka_unit_test_setup(test_an_address_comes_later, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
