/* SPDX-License-Identifier: BSD-3-Clause */
/* The program of every board with a Cortex-M and no operating system. */
#include "board.h"
#include "console.h"
#include "cortexm.h"
#include "device.h"
#include "setup.h"
#include "timesync.h"

#include "tinymx/err.h"
#include "util/log.h"

/* Even with nothing to do it goes round: watchdogs, cables. */
#define IDLE_MS 250

static struct device device;

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void say_hello(void)
{
    log_begin(MX_LOG_INFO, "boot", 0);
    log_str("version", TINYMX_VERSION);
    log_str("board", TINYMX_BOARD);
    log_str("reset", board_reset_cause());
    if (fault_last() != NULL) {
        log_text("after", fault_last());
    }
    log_end();
    board_hello();
}

static int start_net(const struct mx_settings *settings)
{
    int rc = net_start(settings);

    if (rc == 0) {
        timesync_start(settings);
    }
    return rc;
}

/* A device without a configuration has its console and nothing else. */
_Noreturn static void serve_nobody(void)
{
    console_start(&device, NULL);
    for (;;) {
        board_feed();
        clock_sleep(console_poll() ? 0 : IDLE_MS);
    }
}

int main(void)
{
    const struct mx_settings *settings;
    int rc = MX_EINVAL;

    fault_start();
    clock_start(board_start());
    say_hello();
    settings = setup_open();
    if (settings != NULL) {
        rc = device_start(&device, settings, start_net);
    }
    if (rc == MX_EINVAL) {
        serve_nobody();
    }
    if (rc != 0) {
        mx_port_fatal(__FILE__, __LINE__, mx_strerror(rc));
    }
    console_start(&device, settings);
    log_event(MX_LOG_INFO, "ready", 0);
    for (;;) {
        uint32_t ms = net_poll();
        bool more = console_poll();

        ms = least(device_poll(&device), ms);
        board_feed();
        clock_sleep(more ? 0 : least(ms, IDLE_MS));
    }
}
