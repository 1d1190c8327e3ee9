/* SPDX-License-Identifier: BSD-3-Clause */
/* MDIO of F4 and F7 (RM0090 33.4.1). */
#include "base.h"
#include "eth_v1.h"
#include "hw.h"
#include "regs/eth_v1.h"

#define ADDRESS (ETH_BASE + ETH_MACMIIAR)
#define DATA (ETH_BASE + ETH_MACMIIDR)

/* 64 bits at HCLK / 102 are 6528 cycles, and a look takes one at least. */
#define SPINS 20000u

/* At most 2.5 MHz: the divider for an HCLK up to (33.8.1, MACMIIAR.CR). */
static const struct {
    uint32_t hclk_hz;
    uint8_t divider;
} range[] = {
    {35000000, ETH_MACMIIAR_CR_DIV16},    {60000000, ETH_MACMIIAR_CR_DIV26},
    {100000000, ETH_MACMIIAR_CR_DIV42},   {150000000, ETH_MACMIIAR_CR_DIV62},
    {UINT32_MAX, ETH_MACMIIAR_CR_DIV102},
};

static uint8_t divider;

void mdio_start(uint32_t hclk_hz)
{
    unsigned i = 0;

    while (hclk_hz > range[i].hclk_hz) {
        i++;
    }
    divider = range[i].divider;
}

static bool ready(void)
{
    return hw_wait("ETH_MACMIIAR.MB", ADDRESS, ETH_MACMIIAR_MB, 0, SPINS);
}

static void go(uint8_t phy, uint8_t reg, uint32_t write)
{
    hw_wr(ADDRESS,
          hw_field(ETH_MACMIIAR_PA, phy) | hw_field(ETH_MACMIIAR_MR, reg) |
              hw_field(ETH_MACMIIAR_CR, divider) | write | ETH_MACMIIAR_MB);
}

bool mdio_read(uint8_t phy, uint8_t reg, uint16_t *value)
{
    if (!ready()) {
        return false;
    }
    go(phy, reg, 0);
    if (!ready()) {
        return false;
    }
    *value = (uint16_t)(hw_rd(DATA) & ETH_MACMIIDR_MD);
    return true;
}

/* Done when the next one is asked for. */
bool mdio_write(uint8_t phy, uint8_t reg, uint16_t value)
{
    if (!ready()) {
        return false;
    }
    hw_wr(DATA, value);
    go(phy, reg, ETH_MACMIIAR_MW);
    return true;
}
