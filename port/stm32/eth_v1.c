/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Ethernet MAC of F4 and F7 (RM0090 33, RM0410 42), by RMII.
 *
 *             eth_start()             the link comes up
 *     ST_OFF ─────────────► ST_IDLE ───────────────────► ST_RUNS
 *                              ▲      reset, settings       │
 *                              └────────────────────────────┘
 *                         the link goes, or the bus fails
 *
 * There is one way to begin, also after a change of speed and a fatal bus
 * error: a software reset, everything set anew, then transmitter and receiver.
 * It also empties the TX FIFO of what the cable did not take. To flush it
 * (DMAOMR.FTF) may leave it stuck (errata ES0206 2.7.3).
 */
#include "eth_v1.h"

#include "base.h"
#include "hw.h"
#include "rcc.h"
#include "regs/eth_v1.h"
#include "regs/syscfg_v1.h"

#include "tinymx/err.h"

#include <stddef.h>

#define RESET_SPINS 20000u

enum state { ST_OFF, ST_IDLE, ST_RUNS };

static struct {
    enum state state;
    uint8_t mac[6];
    unsigned settle;
    struct phy_link link;
} eth;

struct eth_stats eth_v1_stats;

/* What does not depend on the link, in this order. */
static const struct {
    uint16_t reg;
    uint32_t value;
} setting[] = {
    {ETH_DMABMR, ETH_DMABMR_AAB | ETH_DMABMR_USP | ETH_DMABMR_FB |
                     ETH_DMABMR_EDFE |
                     hw_field(ETH_DMABMR_RDP, ETH_DMABMR_RDP_32) |
                     hw_field(ETH_DMABMR_PBL, ETH_DMABMR_PBL_32)},
    /* A counter that is half full would interrupt, and nobody answer. */
    {ETH_MMCRIMR, ETH_MMCRIMR_RFCEM | ETH_MMCRIMR_RFAEM | ETH_MMCRIMR_RGUFM},
    {ETH_MMCTIMR, ETH_MMCTIMR_TGFSCM | ETH_MMCTIMR_TGFMSCM | ETH_MMCTIMR_TGFM},
    {ETH_MMCCR, ETH_MMCCR_ROR},
    {ETH_MACIMR, ETH_MACIMR_PMTIM | ETH_MACIMR_TSTIM},
    /* All groups: IPv6 neighbour discovery. */
    {ETH_MACFFR, ETH_MACFFR_PAM},
    {ETH_DMAIER, ETH_DMAIER_NISE | ETH_DMAIER_RIE},
};
#define SETTINGS (sizeof setting / sizeof setting[0])

/* A second write to a register of the MAC is lost within four cycles of TX_CLK,
 * 1.6 us at 10 Mbit/s (errata ES0206 2.7.5). A read takes a cycle at least. */
static void put(uint32_t reg, uint32_t value)
{
    hw_wr(ETH_BASE + reg, value);
    for (unsigned i = 0; i < eth.settle; i++) {
        (void)hw_rd(ETH_BASE + reg);
    }
}

/* --- begin ---------------------------------------------------------------- */

/* The MAC looks at this when it leaves its reset. */
static bool select_rmii(void)
{
    rcc_enable(RCC_SYSCFG);
    rcc_hold(RCC_ETH);
    hw_set(SYSCFG_BASE + SYSCFG_PMC, SYSCFG_PMC_MII_RMII_SEL);
    if (!hw_wait("SYSCFG_PMC.MII_RMII_SEL", SYSCFG_BASE + SYSCFG_PMC,
                 SYSCFG_PMC_MII_RMII_SEL, SYSCFG_PMC_MII_RMII_SEL, 4)) {
        return false;
    }
    rcc_enable(RCC_ETH);
    rcc_release(RCC_ETH);
    return true;
}

static bool quiet(void)
{
    return hw_wait("ETH_DMABMR.SR", ETH_BASE + ETH_DMABMR, ETH_DMABMR_SR, 0,
                   RESET_SPINS);
}

/* Ends when all clocks of the MAC ran: never, without 50 MHz from the PHY. The
 * one from the RCC comes first. */
static bool reset(void)
{
    if (!quiet()) {
        return false;
    }
    put(ETH_DMABMR, hw_rd(ETH_BASE + ETH_DMABMR) | ETH_DMABMR_SR);
    return quiet();
}

/* Both counters are cleared as they are read, and say if they went round. */
static void count_missed(void)
{
    uint32_t missed = hw_rd(ETH_BASE + ETH_DMAMFBOCR);

    eth_v1_stats.overruns += hw_value(ETH_DMAMFBOCR_MFC, missed) +
                             hw_value(ETH_DMAMFBOCR_MFA, missed);
    if ((missed & ETH_DMAMFBOCR_OMFC) != 0) {
        eth_v1_stats.overruns += 0x10000;
    }
    if ((missed & ETH_DMAMFBOCR_OFOC) != 0) {
        eth_v1_stats.overruns += 0x800;
    }
    eth_v1_stats.broken += hw_rd(ETH_BASE + ETH_MMCRFCECR);
}

/* The lower half is what makes the MAC take both. */
static void set_address(void)
{
    const uint8_t *mac = eth.mac;
    uint32_t high = hw_rd(ETH_BASE + ETH_MACA0HR) & ~ETH_MACA0HR_MACA0H;

    put(ETH_MACA0HR, high | (uint32_t)mac[4] | (uint32_t)mac[5] << 8);
    put(ETH_MACA0LR, (uint32_t)mac[0] | (uint32_t)mac[1] << 8 |
                         (uint32_t)mac[2] << 16 | (uint32_t)mac[3] << 24);
}

/* The order of 33.6.6. Frames go through the FIFOs whole: only so is what is
 * broken dropped there, and TX safe from its errata. */
static bool begin(void)
{
    uint32_t mode = ETH_MACCR_TE | ETH_MACCR_RE;

    count_missed(); /* a reset forgets them */
    if (!reset()) {
        return false;
    }
    for (size_t i = 0; i < SETTINGS; i++) {
        put(setting[i].reg, setting[i].value);
    }
    set_address();
    ring_start();
    mode |= eth.link.fast ? ETH_MACCR_FES : 0;
    mode |= eth.link.full ? ETH_MACCR_DM : ETH_MACCR_ROD;
    put(ETH_MACCR, hw_rd(ETH_BASE + ETH_MACCR) | mode);
    hw_barrier();
    put(ETH_DMAOMR,
        ETH_DMAOMR_RSF | ETH_DMAOMR_TSF | ETH_DMAOMR_ST | ETH_DMAOMR_SR);
    return true;
}

int eth_start(const struct eth_config *cfg)
{
    for (unsigned i = 0; i < sizeof eth.mac; i++) {
        eth.mac[i] = cfg->mac[i];
    }
    eth.settle = cfg->hclk_hz / 625000 + 1;
    eth.state = ST_OFF;
    if (!select_rmii() || !reset() || !ring_fill()) {
        return MX_EIO;
    }
    mdio_start(cfg->hclk_hz);
    phy_start(cfg->phy);
    eth.state = ST_IDLE;
    return 0;
}

/* --- while it runs -------------------------------------------------------- */

/* A reset has not ended, as the PHY has no power: not even MDIO is there. */
static bool resetting(void)
{
    return (hw_rd(ETH_BASE + ETH_DMABMR) & ETH_DMABMR_SR) != 0;
}

/* What is being sent is sent, and nothing more until it begins again. */
static void halt(void)
{
    if (eth.state == ST_RUNS) {
        put(ETH_MACCR,
            hw_rd(ETH_BASE + ETH_MACCR) & ~(ETH_MACCR_TE | ETH_MACCR_RE));
        eth.state = ST_IDLE;
    }
}

bool eth_poll(uint32_t now_ms)
{
    if (eth.state == ST_OFF || resetting()) {
        return false;
    }
    if ((hw_rd(ETH_BASE + ETH_DMASR) & ETH_DMASR_FBES) != 0) {
        hw_wr(ETH_BASE + ETH_DMASR, ETH_DMASR_FBES); /* counted once */
        eth_v1_stats.bus_errors++;
        halt();
    }
    if (phy_poll(now_ms, &eth.link)) {
        halt();
    }
    if (eth.state == ST_IDLE && eth.link.up && begin()) {
        eth.state = ST_RUNS;
    }
    if (eth.state == ST_RUNS) {
        ring_poll();
        count_missed();
    }
    return eth.state == ST_RUNS;
}

bool eth_send(const struct pbuf *frame)
{
    bool taken = eth.state == ST_RUNS && ring_send(frame);

    eth_v1_stats.stuck += !taken;
    return taken;
}

/* Only what was enabled. The other bits wait for eth_poll(). */
void eth_interrupt(void)
{
    hw_wr(ETH_BASE + ETH_DMASR, ETH_DMASR_NIS | ETH_DMASR_RS);
}

const struct eth_stats *eth_stats(void)
{
    return &eth_v1_stats;
}
