/* SPDX-License-Identifier: BSD-3-Clause */
/* The two wires to a PHY, as a MAC's registers have them: an operation takes
 * its time, and until then nothing may be touched. */
#ifndef TINYMX_TEST_STM32_MDIO_H
#define TINYMX_TEST_STM32_MDIO_H

#include <stdbool.h>
#include <stdint.h>

void model_mdio_begin(void);
void model_mdio_step(void);

/* It never gets done any more: its clock is gone. */
void model_mdio_stop(bool stop);

bool model_mdio_busy(void);
void model_mdio_go(uint8_t phy, uint8_t reg, bool write, uint32_t mdc_hz);

/* Written before a write, read behind a read; not while busy. */
void model_mdio_set(uint16_t data);
uint16_t model_mdio_get(void);

#endif
