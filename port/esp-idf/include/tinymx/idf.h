/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tinymx as a component of ESP-IDF: the whole device, as boards/esp32 has it.
 *
 *     nvs_flash_init(); esp_netif_init(); esp_event_loop_create_default();
 *     ... bring Wi-Fi or Ethernet up ...
 *     mx_idf_start(&(struct mx_idf_config){.console = true, .radio = true});
 *
 * Name, domains, limits are in the configuration partitions (tinymx-provision), or
 * in menuconfig ("tinymx"); mail goes into the spool on the partition "spool", the
 * identity into NVS. An appliance with a sink of its own makes its server itself,
 * with tinymx/server.h and tinymx/task.h: examples/esp-idf.
 */
#ifndef TINYMX_IDF_H
#define TINYMX_IDF_H

#include "tinymx/console.h"
#include "tinymx/settings.h"

/* Copied; what it points to lives as long as the device runs. */
struct mx_idf_config {
    bool console; /* the commands of every board, on ESP-IDF's console */
    bool radio;   /* Wi-Fi or Bluetooth is on: see mx_idf_entropy() */

    /* Adds to `status`: link state, signal strength. Or NULL. */
    void (*status)(struct mx_console *c);
};

/* The configuration that counts: of the partitions "mx_config_a" and
 * "mx_config_b" the valid one with the higher counter. NULL: neither is valid, and
 * menuconfig's values count; the log says which. Before mx_idf_start(), for the
 * network's own settings. */
const struct mx_settings *mx_idf_settings(void);

/* Says whose noise makes numbers random: that of Wi-Fi or Bluetooth, which is on
 * by now and stays so; or, if there is neither, that of the ADC, which is switched
 * on and kept (on an ESP32 I2S goes with it). While nobody has said it there is no
 * TLS. mx_idf_start() does it; who starts a server without that calls it first,
 * and whoever switches a radio on later calls it before. */
void mx_idf_entropy(bool radio);

/* For a server of one's own, in its task, before mx_tls_arena_init(): from here on
 * TLS leaves CONFIG_TINYMX_HEAP_RESERVE of the heap to all others, and begins a
 * session only if a whole one fits above it. mx_idf_start() does it. */
void mx_idf_memory(void);

/* Checks the sdkconfig, starts the server's task and returns when it serves. 0;
 * MX_EINVAL: the configuration, and why is logged (the console runs all the same);
 * MX_ENOMEM; MX_EENTROPY. */
int mx_idf_start(const struct mx_idf_config *config);

#endif
