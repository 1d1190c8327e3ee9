/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The H7's Ethernet MAC, DWC Ethernet QoS 4 (RM0433 58), by RMII: MAC, a queue
 * each way, and DMA, whose rings are in eth_qos_ring.c.
 *
 *             eth_start()             the link comes up
 *     ST_OFF ─────────────► ST_IDLE ───────────────────► ST_RUNS
 *                              ▲    reset, settings  │      │
 *                              │                     ▼      │
 *                              │   ST_STUCK: it has not     │
 *                              │   ended, tried again       │
 *                              └────────────────────────────┘
 *                         the link goes, or the bus fails
 *
 * There is one way to begin: a software reset, which also empties the queues. It
 * takes the clock that comes from the PHY, and no register but its own is to be
 * touched before it has ended.
 *
 * Broken frames are handed on by the MAC (FEP), so that they are counted, and for
 * the sake of those at 10 Mbit/s that are not.
 */
#include "eth_qos.h"

#include "hw.h"
#include "rcc.h"

#include "base.h"
#include "regs/eth_qos.h"
#include "syscfg.h"

#include "tinymx/err.h"

#include <stddef.h>

#define RESET_SPINS 20000u
#define MDIO_SPINS 20000u /* it takes 32 us */
#define ROUND 0x800u      /* a counter of 11 bits */

enum state { ST_OFF, ST_IDLE, ST_STUCK, ST_RUNS };

static struct {
    enum state state;
    struct eth_config cfg;
    struct phy_link link;
} eth;

/* --- MDIO --------------------------------------------------------------- */

/* MDC is at most 2.5 MHz. */
static const struct {
    uint32_t below_hz;
    uint32_t divider;
} mdc[] = {
    {35000000, ETH_MACMDIOAR_CR_DIV16},   {60000000, ETH_MACMDIOAR_CR_DIV26},
    {100000000, ETH_MACMDIOAR_CR_DIV42},  {150000000, ETH_MACMDIOAR_CR_DIV62},
    {250000000, ETH_MACMDIOAR_CR_DIV102}, {UINT32_MAX, ETH_MACMDIOAR_CR_DIV124},
};

static uint32_t mdc_divider(uint32_t hclk_hz)
{
    size_t i = 0;

    while (hclk_hz >= mdc[i].below_hz) {
        i++;
    }
    return mdc[i].divider;
}

static bool mdio_wait(void)
{
    return hw_wait("ETH_MACMDIOAR.MB", ETH_BASE + ETH_MACMDIOAR,
                   ETH_MACMDIOAR_MB, 0, MDIO_SPINS);
}

static bool mdio(uint8_t phy, uint8_t reg, uint32_t operation)
{
    hw_wr(ETH_BASE + ETH_MACMDIOAR,
          hw_field(ETH_MACMDIOAR_PA, phy) | hw_field(ETH_MACMDIOAR_RDA, reg) |
              hw_field(ETH_MACMDIOAR_CR, mdc_divider(eth.cfg.hclk_hz)) |
              hw_field(ETH_MACMDIOAR_MOC, operation) | ETH_MACMDIOAR_MB);
    return mdio_wait();
}

bool mdio_read(uint8_t phy, uint8_t reg, uint16_t *value)
{
    if (!mdio_wait() || !mdio(phy, reg, ETH_MACMDIOAR_MOC_RD)) {
        return false;
    }
    *value =
        (uint16_t)hw_value(ETH_MACMDIODR_MD, hw_rd(ETH_BASE + ETH_MACMDIODR));
    return true;
}

bool mdio_write(uint8_t phy, uint8_t reg, uint16_t value)
{
    if (!mdio_wait()) {
        return false;
    }
    hw_wr(ETH_BASE + ETH_MACMDIODR, hw_field(ETH_MACMDIODR_MD, value));
    return mdio(phy, reg, ETH_MACMDIOAR_MOC_WR);
}

/* --- start -------------------------------------------------------------- */

/* The MAC looks at the choice of interface when it comes out of its reset. */
static void choose_rmii(void)
{
    rcc_enable(RCC_SYSCFG);
    rcc_enable(RCC_ETH);
    rcc_hold(RCC_ETH);
    hw_put(SYSCFG_BASE + SYSCFG_PMCR, SYSCFG_PMCR_EPIS_SEL,
           SYSCFG_PMCR_EPIS_SEL_RMII);
    (void)hw_rd(SYSCFG_BASE + SYSCFG_PMCR);
    rcc_release(RCC_ETH);
}

static bool quiet(void)
{
    return hw_wait("ETH_DMAMR.SWR", ETH_BASE + ETH_DMAMR, ETH_DMAMR_SWR, 0,
                   RESET_SPINS);
}

static bool reset(void)
{
    hw_wr(ETH_BASE + ETH_DMAMR, ETH_DMAMR_SWR);
    return quiet();
}

/* The address counts when its lower half is written. All groups: IPv6 neighbour
 * discovery. Counters that are half full would interrupt for ever. */
static void set_mac(void)
{
    const uint8_t *mac = eth.cfg.mac;

    hw_wr(ETH_BASE + ETH_MACA0HR, (uint32_t)mac[5] << 8 | mac[4]);
    hw_wr(ETH_BASE + ETH_MACA0LR, (uint32_t)mac[3] << 24 |
                                      (uint32_t)mac[2] << 16 |
                                      (uint32_t)mac[1] << 8 | mac[0]);
    hw_wr(ETH_BASE + ETH_MACPFR, ETH_MACPFR_PM);
    hw_set(ETH_BASE + ETH_MMCRIMR,
           ETH_MMCRIMR_RXCRCERPIM | ETH_MMCRIMR_RXALGNERPIM |
               ETH_MMCRIMR_RXUCGPIM | ETH_MMCRIMR_RXLPIUSCIM |
               ETH_MMCRIMR_RXLPITRCIM);
    hw_set(ETH_BASE + ETH_MMCTIMR,
           ETH_MMCTIMR_TXSCOLGPIM | ETH_MMCTIMR_TXMCOLGPIM |
               ETH_MMCTIMR_TXGPKTIM | ETH_MMCTIMR_TXLPIUSCIM |
               ETH_MMCTIMR_TXLPITRCIM);
}

/* Whole frames in the queues, as long as these are from the reset on. */
static void set_queues(void)
{
    hw_set(ETH_BASE + ETH_MTLTQOMR, ETH_MTLTQOMR_TSF);
    hw_set(ETH_BASE + ETH_MTLRQOMR, ETH_MTLRQOMR_RSF | ETH_MTLRQOMR_FEP);
    hw_set(ETH_BASE + ETH_DMASBMR, ETH_DMASBMR_FB | ETH_DMASBMR_AAL);
}

/* Speed and duplex, and then it runs. On half a duplex the PHY may hand back
 * what is sent. */
static void set_mode(void)
{
    uint32_t mode = (eth.link.fast ? ETH_MACCR_FES : 0) |
                    (eth.link.full ? ETH_MACCR_DM : ETH_MACCR_DO);

    hw_set(ETH_BASE + ETH_MACCR, mode);
    hw_set(ETH_BASE + ETH_MACCR, ETH_MACCR_TE | ETH_MACCR_RE);
}

/* All three are cleared when they are read, and say if they went round. */
static void count_missed(void)
{
    uint32_t queue = hw_rd(ETH_BASE + ETH_MTLRQMPOCR);
    uint32_t dma = hw_rd(ETH_BASE + ETH_DMACMFCR);

    eth_qos_stats.overruns += hw_value(ETH_MTLRQMPOCR_OVFPKTCNT, queue) +
                              hw_value(ETH_MTLRQMPOCR_MISPKTCNT, queue) +
                              hw_value(ETH_DMACMFCR_MFC, dma);
    eth_qos_stats.overruns +=
        (queue & ETH_MTLRQMPOCR_OVFCNTOVF) != 0 ? ROUND : 0;
    eth_qos_stats.overruns +=
        (queue & ETH_MTLRQMPOCR_MISCNTOVF) != 0 ? ROUND : 0;
    eth_qos_stats.overruns += (dma & ETH_DMACMFCR_MFCO) != 0 ? ROUND : 0;
}

/* What is being sent is sent, and nothing more until it begins again. */
static void halt(void)
{
    hw_clear(ETH_BASE + ETH_MACCR, ETH_MACCR_TE | ETH_MACCR_RE);
    eth.state = ST_IDLE;
}

/* A reset forgets what there is to count; and an interrupt in the middle of it
 * would touch a register. */
static bool count_and_reset(void)
{
    hw_wr(ETH_BASE + ETH_DMACIER, 0);
    count_missed();
    eth_qos_stats.bus_errors +=
        (hw_rd(ETH_BASE + ETH_DMACSR) & ETH_DMACSR_FBE) != 0;
    return reset();
}

static void begin(void)
{
    bool over = eth.state == ST_STUCK ? quiet() : count_and_reset();

    eth.state = ST_STUCK;
    if (over) {
        set_mac();
        set_queues();
        ring_start();
        hw_wr(ETH_BASE + ETH_DMACIER, ETH_DMACIER_NIE | ETH_DMACIER_RIE);
        set_mode();
        eth.state = ST_RUNS;
    }
}

int eth_start(const struct eth_config *cfg)
{
    eth.state = ST_OFF;
    eth.cfg = *cfg;
    eth.link = (struct phy_link){.up = false};
    choose_rmii();
    if (!reset() || !ring_fill()) {
        return MX_EIO;
    }
    phy_start(cfg->phy);
    eth.state = ST_IDLE;
    return 0;
}

/* --- while it runs ------------------------------------------------------ */

/* Its registers may be touched. */
static bool is_on(void)
{
    return eth.state == ST_IDLE || eth.state == ST_RUNS;
}

/* RI is the interrupt's. A tail that was written while the DMA went to sleep may
 * have been overlooked: it is written again, now and then. */
static void look_after(void)
{
    uint32_t status = hw_rd(ETH_BASE + ETH_DMACSR);

    count_missed();
    if ((status & ETH_DMACSR_FBE) != 0) {
        halt();
        return;
    }
    if ((status & ETH_DMACSR_RBU) != 0) {
        hw_wr(ETH_BASE + ETH_DMACSR, ETH_DMACSR_RBU);
        eth_qos_stats.unavailable++;
    }
    ring_poll();
}

bool eth_poll(uint32_t now_ms)
{
    if (eth.state == ST_RUNS) {
        look_after();
    }
    if (is_on() && phy_poll(now_ms, &eth.link)) {
        halt();
    }
    if (eth.state == ST_STUCK || (eth.state == ST_IDLE && eth.link.up)) {
        begin();
    }
    return eth.state == ST_RUNS;
}

bool eth_send(const struct pbuf *frame)
{
    bool taken = eth.state == ST_RUNS && ring_send(frame);

    eth_qos_stats.stuck += !taken;
    return taken;
}

bool eth_pending(void)
{
    return is_on() && ring_pending();
}

struct pbuf *eth_receive(bool *more)
{
    *more = is_on();
    return *more ? ring_receive(more) : NULL;
}

void eth_interrupt(void)
{
    hw_wr(ETH_BASE + ETH_DMACSR, ETH_DMACSR_RI | ETH_DMACSR_NIS);
}

const struct eth_stats *eth_stats(void)
{
    return &eth_qos_stats;
}
