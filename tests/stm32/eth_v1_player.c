/* SPDX-License-Identifier: BSD-3-Clause */
#include "eth_stage.h"

#include "eth_v1.h"

const struct stage_driver stage_driver = {
    .chip = STAGE_CHIP,
    .rx = &eth_v1_rx,
    .tx = &eth_v1_tx,
    .rx_size = sizeof eth_v1_rx,
    .tx_size = sizeof eth_v1_tx,
    .rx_ring = ETH_RX_RING,
    .reset = "ETH_DMABMR.SR",
    .mdio = "ETH_MACMIIAR.MB",
};
