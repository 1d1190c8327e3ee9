/* SPDX-License-Identifier: BSD-3-Clause */
/* port/esp-idf/esp_console.c: nothing that is typed is lost or waits for more, on
 * either kind of console. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "driver/uart.h"
#include "driver/uart_vfs.h"
#include "driver/usb_serial_jtag.h"
#include "driver/usb_serial_jtag_vfs.h"
#include "esp_intr_alloc.h"
#include "freertos/task.h"
#include "os.h"
#include "tinymx/err.h"

/* What comes, a burst each; between two of them the reader waits. */
static const char *const *bursts;
static char burst[512];
static size_t at, len;

static bool installed, used;
static esp_err_t install_answer;
static uint32_t ring;

static char typed[512];
static unsigned calls;

static esp_err_t install(uint32_t size)
{
    ring = size;
    installed = install_answer == ESP_OK;
    return install_answer;
}

/* A driver: waits for a burst, gives what there is; the end is an error. */
static int take(void *buf, uint32_t want, TickType_t ticks)
{
    size_t n;

    if (at == len && ticks == 0) {
        return 0;
    }
    if (at == len) {
        if (*bursts == NULL) {
            return -1;
        }
        at = 0;
        len = strlen(*bursts);
        memcpy(burst, *bursts++, len);
    }
    n = len - at < want ? len - at : want;
    memcpy(buf, burst + at, n);
    at += n;
    return (int)n;
}

esp_err_t uart_driver_install(uart_port_t port, int rx, int tx, int queue,
                              struct QueueDefinition **handle, int flags)
{
    assert_int_equal(port, UART_NUM_0);
    assert_int_equal(tx + queue, 0);
    assert_int_equal(flags, ESP_INTR_FLAG_IRAM);
    assert_null(handle);
    return install((uint32_t)rx);
}

bool uart_is_driver_installed(uart_port_t port)
{
    (void)port;
    return installed;
}

int uart_read_bytes(uart_port_t port, void *buf, uint32_t length,
                    TickType_t ticks)
{
    (void)port;
    return take(buf, length, ticks);
}

void uart_vfs_dev_use_driver(int port)
{
    assert_int_equal(port, 0);
    used = true;
}

esp_err_t
usb_serial_jtag_driver_install(usb_serial_jtag_driver_config_t *config)
{
    assert_true(config->tx_buffer_size > 0);
    return install(config->rx_buffer_size);
}

bool usb_serial_jtag_is_driver_installed(void)
{
    return installed;
}

int usb_serial_jtag_read_bytes(void *buf, uint32_t length, TickType_t ticks)
{
    return take(buf, length, ticks);
}

void usb_serial_jtag_vfs_use_driver(void)
{
    used = true;
}

BaseType_t xTaskCreate(TaskFunction_t code, const char *name, uint32_t stack,
                       void *arg, UBaseType_t priority, TaskHandle_t *handle)
{
    (void)name;
    (void)handle;
    assert_true(stack >= 2048 && priority > 0);
    code(arg);
    return pdPASS;
}

void vTaskDelete(TaskHandle_t task)
{
    assert_null(task);
}

static void see(const char *text, size_t n)
{
    assert_true(n > 0);
    calls++;
    memcpy(typed + strlen(typed), text, n);
}

static int fresh(void **state)
{
    (void)state;
    at = len = 0;
    installed = used = false;
    install_answer = ESP_OK;
    memset(typed, 0, sizeof typed);
    calls = 0;
    return 0;
}

static void test_nothing_is_lost(void **state)
{
    static const char *const lines[] = {
        "s", "tatus\r",
        "-----BEGIN CERTIFICATE-----\r\n"
        "MIIBszCCAVmgAwIBAgIUabcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH\r\n"
        "IJKLMNOPQRSTUVWXYZ==\r\n",
        ".\r", NULL};
    char all[512] = "";

    (void)state;
    bursts = lines;
    for (size_t i = 0; lines[i] != NULL; i++) {
        strcat(all, lines[i]);
    }
    assert_int_equal(os_console_start(see), 0);
    assert_string_equal(typed, all);
    assert_true(used);
    assert_true(ring >= 8192);
}

/* Each burst is handed on before the next one is waited for. */
static void test_nothing_waits(void **state)
{
    static const char *const keys[] = {"a", "b", "c", NULL};

    (void)state;
    bursts = keys;
    assert_int_equal(os_console_start(see), 0);
    assert_int_equal(calls, 3);
}

static void test_a_driver_that_is_there_is_used(void **state)
{
    static const char *const keys[] = {"a", NULL};

    (void)state;
    bursts = keys;
    installed = true;
    ring = 0;
    assert_int_equal(os_console_start(see), 0);
    assert_int_equal(ring, 0);
    assert_string_equal(typed, "a");
}

static void test_no_driver(void **state)
{
    (void)state;
    install_answer = ESP_FAIL;
    assert_int_equal(os_console_start(see), MX_ENOTSUP);
    assert_int_equal(calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_nothing_is_lost, fresh),
        cmocka_unit_test_setup(test_nothing_waits, fresh),
        cmocka_unit_test_setup(test_a_driver_that_is_there_is_used, fresh),
        cmocka_unit_test_setup(test_no_driver, fresh),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
