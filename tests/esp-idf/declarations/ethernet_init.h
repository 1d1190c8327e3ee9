/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of ethernet_init.h, as the component
 * espressif/ethernet_init has it since 1.0. */
#ifndef TINYMX_DECLARED_ETHERNET_INIT_H
#define TINYMX_DECLARED_ETHERNET_INIT_H

#include "esp_eth.h"

#include <stdint.h>

esp_err_t ethernet_init_all(esp_eth_handle_t *eth_handles_out[],
                            uint8_t *eth_cnt_out);

#endif
