/* SPDX-License-Identifier: BSD-3-Clause */
/* SSI0 (a PL022, data sheet 13) as the SPI of the card; its chip select is
 * GPIO D0. */
#include "board.h"
#include "regs.h"

#define CLOCK_HZ 50000000u
#define CR0_8_BITS 7u
#define CR1_ENABLE 2u
#define SPINS 100000u /* longer than a byte takes at any speed */

/* The prescaler is even, from 2 to 254. */
void board_spi_speed(uint32_t hz)
{
    uint32_t divisor = (CLOCK_HZ + hz - 1) / hz;

    divisor += divisor & 1;
    SSI_CR1 = 0;
    SSI_CR0 = CR0_8_BITS;
    SSI_CPSR = divisor < 2 ? 2 : divisor > 254 ? 254 : divisor;
    SSI_CR1 = CR1_ENABLE;
}

void board_spi_select(bool selected)
{
    for (uint32_t i = 0; (SSI_SR & SR_BSY) != 0 && i < SPINS; i++) {
    }
    GPIO_DATA(GPIO_D, 1) = selected ? 0 : 1;
}

static uint8_t take(void)
{
    for (uint32_t i = 0; (SSI_SR & SR_RNE) == 0; i++) {
        if (i == SPINS) {
            return 0xff;
        }
    }
    return (uint8_t)SSI_DR;
}

uint8_t board_spi(uint8_t out)
{
    SSI_DR = out;
    return take();
}

void board_spi_write(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        SSI_DR = data[i];
        (void)take();
    }
}

void board_spi_read(uint8_t *buf, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        SSI_DR = 0xff;
        buf[i] = take();
    }
}
