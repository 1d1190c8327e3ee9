/* SPDX-License-Identifier: BSD-3-Clause */
#include "mdio.h"

#include "lan8742a.h"
#include "model.h"

#define MDC_MIN 1000000u
#define MDC_MAX 2500000u /* IEEE 802.3 22.2.2.13: 400 ns */
#define STEPS 12

static struct {
    unsigned left; /* steps; 0: idle */
    bool stopped, write, read_back;
    uint8_t phy, reg;
    uint16_t data;
} mdio;

void model_mdio_begin(void)
{
    mdio.left = 0;
    mdio.stopped = false;
    mdio.read_back = false;
}

void model_mdio_stop(bool stop)
{
    mdio.stopped = stop;
}

bool model_mdio_busy(void)
{
    return mdio.left != 0;
}

void model_mdio_go(uint8_t phy, uint8_t reg, bool write, uint32_t mdc_hz)
{
    MODEL_RULE(!model_mdio_busy(), "MDIO is busy: a second operation");
    MODEL_RULE(mdc_hz >= MDC_MIN && mdc_hz <= MDC_MAX, "MDC of %u Hz", mdc_hz);
    MODEL_RULE(phy < 32 && reg < 32, "MDIO has five bits of each");
    mdio.phy = phy;
    mdio.reg = reg;
    mdio.write = write;
    mdio.left = 1 + model_random(STEPS);
}

void model_mdio_step(void)
{
    if (mdio.stopped || mdio.left == 0 || --mdio.left > 0) {
        return;
    }
    mdio.read_back = !mdio.write;
    if (mdio.write) {
        lan8742a_wr(mdio.phy, mdio.reg, mdio.data);
    } else {
        mdio.data = lan8742a_rd(mdio.phy, mdio.reg);
    }
}

void model_mdio_set(uint16_t data)
{
    MODEL_RULE(!model_mdio_busy(), "MDIO is busy: its data written");
    mdio.data = data;
    mdio.read_back = false;
}

uint16_t model_mdio_get(void)
{
    MODEL_RULE(!model_mdio_busy(), "MDIO is busy: its data read");
    MODEL_RULE(mdio.read_back, "MDIO has read nothing");
    return mdio.data;
}
