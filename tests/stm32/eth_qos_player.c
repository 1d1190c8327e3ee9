/* SPDX-License-Identifier: BSD-3-Clause */
#include "eth_stage.h"

#include "eth_qos.h"

const struct stage_driver stage_driver = {
    .chip = "h743",
    .rx = &eth_qos_rx,
    .tx = &eth_qos_tx,
    .rx_size = sizeof eth_qos_rx,
    .tx_size = sizeof eth_qos_tx,
    .rx_ring = ETH_RX_RING,
    .reset = "ETH_DMAMR.SWR",
    .mdio = "ETH_MACMDIOAR.MB",
};
