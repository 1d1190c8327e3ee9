/* SPDX-License-Identifier: BSD-3-Clause */
#include "mac.h"

#include "base.h"
#include "clock.h"
#include "lan8742a.h"
#include "mac_v1_parts.h"
#include "mdio.h"
#include "model.h"

#include <string.h>

enum {
    MACCR = 0x00,
    MACFFR = 0x04,
    MACMIIAR = 0x10,
    MACMIIDR = 0x14,
    MACIMR = 0x3c,
    MACA0HR = 0x40,
    MACA0LR = 0x44,
    MMCCR = 0x100,
    MMCRIMR = 0x10c,
    MMCTIMR = 0x110,
    MMCRFCECR = 0x194,
    DMABMR = 0x1000,
    DMATPDR = 0x1004,
    DMARPDR = 0x1008,
    DMARDLAR = 0x100c,
    DMATDLAR = 0x1010,
    DMASR = 0x1014,
    DMAOMR = 0x1018,
    DMAIER = 0x101c,
    DMAMFBOCR = 0x1020,
    SIZE = 0x1400
};

#define CR_RE (1u << 2)
#define CR_TE (1u << 3)
#define CR_DM (1u << 11)
#define CR_ROD (1u << 13)
#define CR_FES (1u << 14)
#define FFR_PAM (1u << 4)
#define BMR_SR (1u << 0)
#define BMR_EDFE (1u << 7)
#define OMR_RSF (1u << 25)
#define OMR_FTF (1u << 20)
#define OMR_TSF (1u << 21)
#define SR_NIS (1u << 16)
#define SR_AIS (1u << 15)
#define SR_NORMAL 0x4045u   /* TS, TBUS, RS, ERS */
#define SR_ABNORMAL 0x27bau /* what AIS is of */
#define SR_CLEARED 0x1e7ffu /* by writing 1 */
#define MMC_RX 0x20060u     /* the masks */
#define MMC_TX 0x20c000u

#define LEN_MIN 60u
#define LEN_WATCHDOG 2044u /* with FCS 2048: cut off */
#define RESET_STEPS 40

static uint32_t reg[SIZE / 4];
static uint64_t when[SIZE / 4]; /* last written, in accesses */
static uint8_t address[6];
static uint32_t hclk;
static unsigned reset_left;
static bool there; /* the RCC's reset is over */
static bool remembers, wakes, drops_long;

struct mac_counts mac_count;
void (*mac_sent)(const uint8_t *frame, size_t len, bool live);

/* --- SYSCFG -------------------------------------------------------------------- */

#define PMC 0x04u
#define PMC_RMII (1u << 23)

static uint32_t pmc;

static uint32_t syscfg_rd(uint32_t off)
{
    clock_needed("SYSCFG");
    MODEL_RULE(off == PMC, "SYSCFG: 0x%02x is not modelled", off);
    return pmc;
}

static void syscfg_wr(uint32_t off, uint32_t value)
{
    clock_needed("SYSCFG");
    MODEL_RULE(off == PMC, "SYSCFG: 0x%02x is not modelled", off);
    MODEL_RULE((value & ~PMC_RMII) == 0, "SYSCFG_PMC: 0x%08x", value);
    MODEL_RULE(value == pmc || model_in_reset("ETHMAC"),
               "RMII is chosen while the MAC is not in reset");
    pmc = value;
}

static struct model_unit syscfg = {
    .name = "SYSCFG",
    .base = SYSCFG_BASE,
    .size = 0x400,
    .rd = syscfg_rd,
    .wr = syscfg_wr,
};

/* --- reset ----------------------------------------------------------------------- */

static void forget(void)
{
    memset(reg, 0, sizeof reg);
    memset(when, 0, sizeof when);
    reg[MACCR / 4] = 0x8000;
    reg[MACA0HR / 4] = 0x8000ffff;
    reg[MACA0LR / 4] = 0xffffffff;
    reg[DMABMR / 4] = 0x20101; /* in reset */
    memset(address, 0xff, sizeof address);
    reset_left = 1 + model_random(RESET_STEPS);
    dma_reset(remembers, wakes);
}

static bool pins(void)
{
    static const struct {
        char port;
        uint8_t pin;
    } rmii[] = {{'A', 1}, {'A', 2}, {'A', 7},  {'B', 13}, {'C', 1},
                {'C', 4}, {'C', 5}, {'G', 11}, {'G', 13}};

    for (unsigned i = 0; i < sizeof rmii / sizeof rmii[0]; i++) {
        if (model_pin_af(rmii[i].port, rmii[i].pin) != 11) {
            return false;
        }
    }
    return true;
}

static bool clocks(void)
{
    return model_clock_runs("ETHMAC") && model_clock_runs("ETHMACTX") &&
           model_clock_runs("ETHMACRX") && lan8742a_refclk() &&
           (pmc & PMC_RMII) != 0 && pins();
}

static bool resetting(void)
{
    return (reg[DMABMR / 4] & BMR_SR) != 0;
}

static void step(void)
{
    if (model_in_reset("ETHMAC")) {
        if (there) {
            forget();
        }
        there = false;
        return;
    }
    there = true;
    if (resetting() && clocks() && --reset_left == 0) {
        reg[DMABMR / 4] &= ~BMR_SR;
    }
    model_mdio_step();
    if (!resetting() && clocks()) {
        dma_step();
    }
}

/* --- status ------------------------------------------------------------------------ */

static void summarize(void)
{
    uint32_t asked = reg[DMASR / 4] & reg[DMAIER / 4];

    if ((asked & SR_NORMAL) != 0) {
        reg[DMASR / 4] |= SR_NIS;
    }
    if ((asked & SR_ABNORMAL) != 0) {
        reg[DMASR / 4] |= SR_AIS;
    }
}

void mac_raise(uint32_t status)
{
    reg[DMASR / 4] |= status;
    summarize();
}

bool mac_interrupts(void)
{
    return (reg[DMASR / 4] & reg[DMAIER / 4] & (SR_NIS | SR_AIS)) != 0;
}

static void count(uint32_t mask, uint32_t unit, uint32_t went_round)
{
    uint32_t *missed = &reg[DMAMFBOCR / 4];
    uint32_t value = (*missed & mask) + unit;

    *missed = (*missed & ~mask) | (value & mask) |
              ((value & ~mask) != 0 ? went_round : 0);
}

void mac_missed(void)
{
    count(0xffff, 1, 1u << 16);
}

void mac_missed_overflow(void)
{
    count(0x7ffu << 17, 1u << 17, 1u << 28);
}

uint32_t mac_preset(void)
{
    reg[DMAMFBOCR / 4] = 0xffff | 0x7ffu << 17;
    return 0xffff + 0x7ff;
}

bool mac_sends(void)
{
    return (reg[MACCR / 4] & CR_TE) != 0;
}

bool mac_half(void)
{
    return (reg[MACCR / 4] & CR_DM) == 0;
}

bool mac_live(void)
{
    struct lan8742a_link link = lan8742a_link();

    return link.up && link.fast == ((reg[MACCR / 4] & CR_FES) != 0) &&
           link.full != mac_half();
}

/* --- registers: reads --------------------------------------------------------------- */

static uint32_t take(uint32_t off)
{
    uint32_t value = reg[off / 4];

    reg[off / 4] = 0;
    return value;
}

static uint32_t rd(uint32_t off)
{
    clock_needed("ETHMAC");
    switch (off) {
    case MACMIIAR:
        return reg[MACMIIAR / 4] | model_mdio_busy();
    case MACMIIDR:
        return model_mdio_get();
    case DMASR:
        return reg[DMASR / 4] | dma_states();
    case DMAMFBOCR:
        return take(off);
    case MMCRFCECR:
        return (reg[MMCCR / 4] & 4) != 0 ? take(off) : reg[off / 4];
    default:
        return reg[off / 4];
    }
}

/* --- registers: writes -------------------------------------------------------------- */

/* 33.8.1, MACMIIAR.CR: dividers 0 to 4, and the HCLK each is for. */
static uint32_t mdc(unsigned cr)
{
    static const struct {
        uint32_t divider, from, to;
    } range[] = {{42, 60000000, 100000000},
                 {62, 100000000, 150000000},
                 {16, 20000000, 35000000},
                 {26, 35000000, 60000000},
                 {102, 150000000, 216000000}};

    MODEL_RULE(cr < 5, "MACMIIAR.CR: %u is reserved", cr);
    MODEL_RULE(hclk >= range[cr].from && hclk <= range[cr].to,
               "MACMIIAR.CR: %u is not for an HCLK of %u", cr, hclk);
    return hclk / range[cr].divider;
}

static void wr_miiar(uint32_t value)
{
    uint32_t hz = mdc(value >> 2 & 7);

    MODEL_RULE((value & 1) != 0, "MACMIIAR written, and nothing begun");
    MODEL_RULE(model_pin_af('A', 2) == 11 && model_pin_af('C', 1) == 11,
               "MDIO has no pins");
    reg[MACMIIAR / 4] = value & ~1u;
    model_mdio_go(value >> 11 & 31, value >> 6 & 31, (value & 2) != 0, hz);
}

static void wr_miidr(uint32_t value)
{
    model_mdio_set((uint16_t)value);
}

static void wr_cr(uint32_t value)
{
    uint32_t mode = CR_FES | CR_DM | CR_ROD;
    uint32_t was = reg[MACCR / 4];

    MODEL_RULE((was & (CR_TE | CR_RE)) == 0 || ((was ^ value) & mode) == 0,
               "MACCR: speed or duplex changed while it runs");
    MODEL_RULE((value & (CR_DM | CR_ROD)) != 0,
               "MACCR: half duplex, and it hears itself");
    MODEL_RULE((value & CR_RE) == 0 ||
                   (reg[MMCRIMR / 4] == MMC_RX && reg[MMCTIMR / 4] == MMC_TX &&
                    reg[MACIMR / 4] == 0x208),
               "the MAC's interrupts are not masked");
    reg[MACCR / 4] = value;
}

static void wr_stopped(uint32_t off, uint32_t value)
{
    MODEL_RULE((reg[MACCR / 4] & (CR_TE | CR_RE)) == 0,
               "0x%04x is set while the MAC runs", off);
    reg[off / 4] = value;
}

static void wr_ffr(uint32_t value)
{
    wr_stopped(MACFFR, value);
}

static void wr_a0h(uint32_t value)
{
    wr_stopped(MACA0HR, value);
}

/* Both halves get into effect. */
static void wr_a0l(uint32_t value)
{
    wr_stopped(MACA0LR, value);
    for (unsigned i = 0; i < 6; i++) {
        uint32_t word = i < 4 ? value : reg[MACA0HR / 4];

        address[i] = (uint8_t)(word >> 8 * (i % 4));
    }
}

static void wr_bmr(uint32_t value)
{
    uint32_t pbl = value >> 8 & 63, rdp = value >> 17 & 63;

    MODEL_RULE((value & BMR_SR) != 0 || !dma_runs(),
               "DMABMR is set while the DMA runs");
    MODEL_RULE(pbl != 0 && pbl <= 32 && (pbl & (pbl - 1)) == 0,
               "DMABMR.PBL: %u", pbl);
    MODEL_RULE(rdp != 0 && rdp <= 32 && (rdp & (rdp - 1)) == 0,
               "DMABMR.RDP: %u", rdp);
    if ((value & BMR_SR) != 0) {
        forget();
        when[DMABMR / 4] = model_counts().accesses;
    } else {
        reg[DMABMR / 4] = value;
    }
}

static void wr_list(uint32_t off, uint32_t value)
{
    MODEL_RULE(!dma_runs(), "0x%04x is set while the DMA runs", off);
    MODEL_RULE((value & 3) == 0, "a list at 0x%08x", value);
    reg[off / 4] = value;
}

static void wr_rdlar(uint32_t value)
{
    wr_list(DMARDLAR, value);
}

static void wr_tdlar(uint32_t value)
{
    wr_list(DMATDLAR, value);
}

static void wr_sr(uint32_t value)
{
    MODEL_RULE((value & ~SR_CLEARED) == 0, "DMASR: 0x%08x is read only",
               value & ~SR_CLEARED);
    reg[DMASR / 4] &= ~value;
    summarize();
}

static void wr_omr(uint32_t value)
{
    uint32_t both = OMR_SR | OMR_ST;

    MODEL_RULE((value & OMR_FTF) == 0, "DMAOMR.FTF: errata ES0206 2.7.3");
    MODEL_RULE((value & OMR_TSF) != 0 && (value & OMR_RSF) != 0,
               "DMAOMR: frames are not kept whole");
    MODEL_RULE((value & both) == both && !dma_runs(),
               "DMAOMR: RX and TX are started at once, and once");
    MODEL_RULE((reg[DMABMR / 4] & BMR_EDFE) != 0, "DMABMR.EDFE is not set");
    MODEL_RULE((reg[MACCR / 4] & CR_RE) != 0, "the MAC comes before the DMA");
    MODEL_RULE(reg[DMARDLAR / 4] != 0 && reg[DMATDLAR / 4] != 0, "no lists");
    reg[DMAOMR / 4] = value;
    dma_start(reg[DMARDLAR / 4], reg[DMATDLAR / 4]);
}

static void wr_ier(uint32_t value)
{
    reg[DMAIER / 4] = value;
    summarize();
}

static void wr_rpdr(uint32_t value)
{
    (void)value;
    dma_demand_rx();
}

static void wr_tpdr(uint32_t value)
{
    (void)value;
    dma_demand_tx();
}

/* What can be written, and what is reserved and stays. `slow`: a second write
 * is lost within four cycles of TX_CLK (errata ES0206 2.7.5). */
static const struct rule {
    uint16_t off;
    bool slow;
    uint32_t known, kept;
    void (*wr)(uint32_t value);
} rules[] = {
    {MACCR, true, 0x02d37efc, 0x8000, wr_cr},
    {MACFFR, true, 0x800007ff, 0, wr_ffr},
    {MACMIIAR, false, 0xffdf, 0, wr_miiar},
    {MACMIIDR, false, 0xffff, 0, wr_miidr},
    {MACIMR, true, 0x208, 0, NULL},
    {MACA0HR, true, 0xffff, 0x80000000, wr_a0h},
    {MACA0LR, true, UINT32_MAX, 0, wr_a0l},
    {MMCCR, true, 0x3f, 0, NULL},
    {MMCRIMR, true, MMC_RX, 0, NULL},
    {MMCTIMR, true, MMC_TX, 0, NULL},
    {DMABMR, true, 0x07ffffff, 0, wr_bmr},
    {DMATPDR, false, UINT32_MAX, 0, wr_tpdr},
    {DMARPDR, false, UINT32_MAX, 0, wr_rpdr},
    {DMARDLAR, false, UINT32_MAX, 0, wr_rdlar},
    {DMATDLAR, false, UINT32_MAX, 0, wr_tdlar},
    {DMASR, false, UINT32_MAX, 0, wr_sr},
    {DMAOMR, true, 0x0731e0de, 0, wr_omr},
    {DMAIER, false, 0x1e7ff, 0, wr_ier},
};

static void wr(uint32_t off, uint32_t value)
{
    const struct rule *r = rules;
    const struct rule *end = r + sizeof rules / sizeof rules[0];
    uint64_t now = model_counts().accesses;

    clock_needed("ETHMAC");
    while (r < end && r->off != off) {
        r++;
    }
    MODEL_RULE(r < end, "ETH: 0x%04x is not to be written", off);
    MODEL_RULE(!resetting(), "ETH: 0x%04x written during a reset", off);
    MODEL_RULE((value & ~r->known) == r->kept,
               "ETH: 0x%04x, reserved bits of 0x%08x", off, value);
    MODEL_RULE(!r->slow || when[off / 4] == 0 ||
                   (now - when[off / 4]) * 625000 >= hclk,
               "ETH: 0x%04x is written too fast", off);
    when[off / 4] = now;
    if (r->wr != NULL) {
        r->wr(value);
    } else {
        reg[off / 4] = value;
    }
}

static struct model_unit eth = {
    .name = "ETH",
    .base = ETH_BASE,
    .size = SIZE,
    .rd = rd,
    .wr = wr,
    .step = step,
};

/* --- the cable ------------------------------------------------------------------------ */

static bool hears(const uint8_t *to)
{
    static const uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    if (memcmp(to, all, 6) == 0 || memcmp(to, address, 6) == 0) {
        return true;
    }
    return (to[0] & 1) != 0 && (reg[MACFFR / 4] & FFR_PAM) != 0;
}

static bool is_long(const uint8_t *frame, size_t len)
{
    bool vlan = frame[12] == 0x81 && frame[13] == 0x00;

    return len > (vlan ? 1518u : 1514u);
}

enum mac_fate mac_arrive(const uint8_t *frame, size_t len, bool bad_fcs)
{
    bool too_long = is_long(frame, len);

    if (resetting() || !clocks() || !mac_live() ||
        (reg[MACCR / 4] & CR_RE) == 0) {
        return FATE_LOST;
    }
    if (len < LEN_MIN || !hears(frame)) {
        return FATE_FILTERED;
    }
    if (bad_fcs) {
        reg[MMCRFCECR / 4]++;
        return FATE_BROKEN;
    }
    if (len > LEN_WATCHDOG || (too_long && drops_long)) {
        return FATE_LONG;
    }
    return dma_take(frame, len, too_long && model_chance(2)) ? FATE_TAKEN
                                                             : FATE_MISSED;
}

/* --- mac.h ------------------------------------------------------------------------------ */

void mac_begin(uint32_t hclk_hz)
{
    hclk = hclk_hz;
    remembers = model_chance(2);
    wakes = model_chance(2);
    drops_long = model_chance(2);
    pmc = 0;
    there = true;
    forget();
    memset(&mac_count, 0, sizeof mac_count);
    model_mdio_begin();
    model_add(&eth);
    model_add(&syscfg);
}

void mac_fail(void)
{
    dma_fail();
}

bool mac_remembers(void)
{
    return remembers;
}

bool mac_idle(void)
{
    return dma_idle();
}

struct mac_counts mac_counts(void)
{
    return mac_count;
}
