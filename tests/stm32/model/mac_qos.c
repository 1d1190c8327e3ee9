/* SPDX-License-Identifier: BSD-3-Clause */
#include "lan8742a.h"
#include "mac_qos_parts.h"
#include "mdio.h"
#include "model.h"

#include "base.h"

#include <string.h>

#define MACCR 0x000
#define MACPFR 0x008
#define MACMDIOAR 0x200
#define MACMDIODR 0x204
#define MACA0HR 0x300
#define MACA0LR 0x304
#define MMCRIMR 0x70c
#define MMCTIMR 0x710
#define MTLTQOMR 0xd00
#define MTLRQOMR 0xd30
#define MTLRQMPOCR 0xd34
#define DMAMR 0x1000
#define DMASBMR 0x1004
#define DMACCR 0x1100
#define DMACTCR 0x1104
#define DMACRCR 0x1108
#define DMACTDLAR 0x1114
#define DMACRDLAR 0x111c
#define DMACTDTPR 0x1120
#define DMACRDTPR 0x1128
#define DMACTDRLR 0x112c
#define DMACRDRLR 0x1130
#define DMACIER 0x1134
#define DMACSR 0x1160
#define DMACMFCR 0x116c
#define SIZE 0x1200

#define CR_RE BIT(0)
#define CR_TE BIT(1)
#define CR_DO BIT(10)
#define CR_DM BIT(13)
#define CR_FES BIT(14)
#define MODE (CR_DO | CR_DM | CR_FES)

#define PFR_PM BIT(4)
#define TQ_TSF BIT(1)
#define RQ_FEP BIT(4)
#define RQ_RSF BIT(5)
#define SWR BIT(0)
#define START BIT(0) /* DMACTCR.ST, DMACRCR.SR */
#define FB_AAL (BIT(0) | BIT(12))

#define IE_AIE BIT(14)
#define IE_NIE BIT(15)
#define SR_AIS BIT(14)
#define SR_NIS BIT(15)
#define SR_NORMAL (SR_TI | SR_TBU | SR_RI | BIT(11))

#define MMC_RX (BIT(5) | BIT(6) | BIT(17) | BIT(26) | BIT(27))
#define MMC_TX (BIT(14) | BIT(15) | BIT(21) | BIT(26) | BIT(27))

#define MISSED BITS(0, 11)
#define MISSED_ROUND BIT(11)
#define MISSED_FLUSHED BIT(27) /* these went round */
#define MISSED_DMA BIT(15)
#define RMII 4u

/* When a register may be written. */
enum when { ANY, RX_OFF, MAC_OFF, RX_STOPPED, TX_STOPPED, DMA_STOPPED };

static const struct {
    uint16_t off;
    uint8_t when;
    uint32_t reset;
    uint32_t writable; /* what this model knows of; all else is to stay */
    uint32_t fixed;    /* read-only, whatever is written */
} registers[] = {
    {MACCR, ANY, 0x8000, CR_RE | CR_TE | MODE, 0},
    {MACPFR, RX_OFF, 0, PFR_PM, 0},
    {MACMDIOAR, ANY, 0, BIT(0) | BITS(2, 2) | BITS(8, 4) | BITS(16, 10), 0},
    {MACMDIODR, ANY, 0, BITS(0, 16), 0},
    {MACA0HR, RX_OFF, 0x8000ffff, BITS(0, 16), BIT(31)},
    {MACA0LR, RX_OFF, 0xffffffff, 0xffffffff, 0},
    {MMCRIMR, ANY, 0, MMC_RX, 0},
    {MMCTIMR, ANY, 0, MMC_TX, 0},
    {MTLTQOMR, MAC_OFF, 0x70008, TQ_TSF, BITS(16, 3)},
    {MTLRQOMR, MAC_OFF, 0x700000, RQ_RSF | RQ_FEP, BITS(20, 3)},
    {MTLRQMPOCR, ANY, 0, 0, 0},
    {DMAMR, ANY, 0, SWR, 0},
    {DMASBMR, DMA_STOPPED, 0, FB_AAL, 0},
    {DMACCR, DMA_STOPPED, 0, BITS(18, 3), 0},
    {DMACTCR, ANY, 0, START | BIT(4) | BITS(16, 6), 0},
    {DMACRCR, ANY, 0, START | BITS(1, 14) | BITS(16, 6), 0},
    {DMACTDLAR, TX_STOPPED, 0, 0xfffffffc, 0},
    {DMACRDLAR, RX_STOPPED, 0, 0xfffffffc, 0},
    {DMACTDTPR, ANY, 0, 0xfffffffc, 0},
    {DMACRDTPR, ANY, 0, 0xfffffffc, 0},
    {DMACTDRLR, TX_STOPPED, 0, BITS(0, 10), 0},
    {DMACRDRLR, RX_STOPPED, 0, BITS(0, 10), 0},
    {DMACIER, ANY, 0, BITS(0, 3) | BITS(6, 10), 0},
    {DMACSR, ANY, 0, BITS(0, 3) | BITS(6, 10), BITS(16, 6)},
    {DMACMFCR, ANY, 0, 0, 0},
};
#define REGISTERS (sizeof registers / sizeof *registers)

static struct {
    uint32_t reg[SIZE / 4];
    uint32_t pmcr;
    uint32_t hclk_hz;
    unsigned resetting; /* steps; 0: not */
    bool rmii;          /* as it was at the reset */
    bool told;          /* FBE was seen */
    bool held;
    uint8_t address[6]; /* as taken over with MACA0LR */
} mac;

struct mac_counts mac_count;
void (*mac_sent)(const uint8_t *frame, size_t len, bool live);

static uint32_t *reg(uint32_t off)
{
    return &mac.reg[off / 4];
}

/* --- clocks and reset --------------------------------------------------------- */

static bool clocked(const char *direction)
{
    return model_clock_runs(direction) && lan8742a_refclk() && mac.rmii &&
           model_pin_af('A', 1) == 11;
}

static bool clocked_both(void)
{
    return clocked("ETH1TX") && clocked("ETH1RX");
}

static void reset(void)
{
    mac.told = false;
    for (size_t i = 0; i < REGISTERS; i++) {
        *reg(registers[i].off) = registers[i].reset;
    }
    memset(mac.address, 0xff, sizeof mac.address);
    dma_reset();
    model_mdio_begin();
}

/* By RCC; at its end the MAC looks at SYSCFG. */
static void follow_rcc(void)
{
    if (model_in_reset("ETH1MAC")) {
        mac.held = true;
        mac.resetting = 0;
    } else if (mac.held) {
        mac.held = false;
        mac.rmii = (mac.pmcr >> 21 & 7) == RMII;
        reset();
    }
}

/* By SWR: it ends when all clocks have had their edges. */
static void follow_swr(void)
{
    if (mac.resetting > 0 && clocked_both() && --mac.resetting == 0) {
        reset();
    }
}

static void step(void)
{
    follow_rcc();
    follow_swr();
    if (mac.resetting > 0 || mac.held || !model_clock_runs("ETH1MAC")) {
        return;
    }
    model_mdio_step();
    dma_step();
}

/* --- status ------------------------------------------------------------------- */

void mac_raise(uint32_t status)
{
    uint32_t enabled = status & *reg(DMACIER);

    *reg(DMACSR) |= status;
    if ((enabled & SR_NORMAL) != 0) {
        *reg(DMACSR) |= SR_NIS;
    }
    if ((enabled & ~SR_NORMAL) != 0) {
        *reg(DMACSR) |= SR_AIS;
    }
}

void mac_fatal(uint32_t status)
{
    *reg(DMACSR) &= ~BITS(16, 6);
    mac_raise(SR_FBE | status);
    *reg(DMACSR) |= model_random(64) << 16;
}

bool mac_interrupts(void)
{
    uint32_t status = *reg(DMACSR), enabled = *reg(DMACIER);

    return ((status & SR_NIS) != 0 && (enabled & IE_NIE) != 0) ||
           ((status & SR_AIS) != 0 && (enabled & IE_AIE) != 0);
}

/* --- the cable ---------------------------------------------------------------- */

static bool same_mode(void)
{
    struct lan8742a_link link = lan8742a_link();

    return link.up && ((*reg(MACCR) & CR_FES) != 0) == link.fast &&
           ((*reg(MACCR) & CR_DM) != 0) == link.full;
}

bool mac_sends(void)
{
    return (*reg(MACCR) & CR_TE) != 0 && clocked("ETH1TX");
}

bool mac_half(void)
{
    return (*reg(MACCR) & CR_DM) == 0;
}

bool mac_live(void)
{
    return same_mode();
}

static bool is_ours(const uint8_t *frame)
{
    static const uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    return memcmp(frame, mac.address, 6) == 0 || memcmp(frame, all, 6) == 0 ||
           ((frame[0] & 1) != 0 && (*reg(MACPFR) & PFR_PM) != 0);
}

static uint32_t fcs(const uint8_t *bytes, size_t len)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < len * 8; i++) {
        uint32_t bit = ((uint32_t)bytes[i / 8] >> i % 8 ^ crc) & 1;

        crc = crc >> 1 ^ (bit != 0 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/* Errata, "fake dribble": at 10 Mbit/s RMII may hand on a nibble too much. */
static uint32_t flaws(bool bad_fcs)
{
    bool dribbles = (*reg(MACCR) & CR_FES) == 0 && model_chance(3);
    uint32_t bits = bad_fcs ? RX_CE : 0;

    mac_count.dribbles += dribbles;
    bits |= bad_fcs && model_chance(4) ? RX_RE : 0;
    bits |= dribbles ? RX_CE | RX_DE : 0;
    return bits;
}

/* In 11 bits, and one that says that they went round. */
static void count_missed(void)
{
    uint32_t *missed = reg(MTLRQMPOCR);

    if ((*missed & MISSED) == MISSED) {
        *missed = (*missed & ~MISSED) | MISSED_ROUND;
    } else {
        (*missed)++;
    }
}

enum mac_fate mac_arrive(const uint8_t *frame, size_t len, bool bad_fcs)
{
    uint8_t whole[FRAME_ROOM];
    uint32_t sum = fcs(frame, len), bits;
    bool tagged = frame[12] == 0x81 && frame[13] == 0;
    bool giant = len + FCS > (tagged ? 1522u : 1518u);
    bool good = !bad_fcs && !giant;

    if (mac.resetting > 0 || mac.held || (*reg(MACCR) & CR_RE) == 0 ||
        !clocked("ETH1RX") || !same_mode()) {
        return FATE_LOST;
    }
    MODEL_RULE(*reg(MMCRIMR) == MMC_RX && *reg(MMCTIMR) == MMC_TX,
               "the counters' interrupts come, and nobody answers them");
    if (len + FCS < 64 || !is_ours(frame)) {
        return FATE_FILTERED;
    }
    memcpy(whole, frame, len);
    for (unsigned i = 0; i < FCS; i++) {
        whole[len + i] = (uint8_t)(sum >> 8 * i);
    }
    whole[model_random((uint32_t)(len + FCS))] ^= bad_fcs ? 0x10 : 0;
    bits = flaws(bad_fcs) | (giant ? RX_GP : 0);
    if (bits != 0 && (*reg(MTLRQOMR) & RQ_FEP) == 0) {
        return FATE_BROKEN;
    }
    if (!dma_take(whole, len + FCS, bits)) {
        count_missed();
        return FATE_MISSED;
    }
    return good ? FATE_TAKEN : FATE_BROKEN;
}

/* --- registers ---------------------------------------------------------------- */

static size_t known(uint32_t off)
{
    size_t i = 0;

    while (i < REGISTERS && registers[i].off != off) {
        i++;
    }
    MODEL_RULE(i < REGISTERS, "ETH, 0x%03x: none of this model's", off);
    return i;
}

static void check_access(uint32_t off)
{
    follow_rcc();
    MODEL_RULE(model_clock_runs("ETH1MAC"), "ETH, 0x%03x: no clock", off);
    MODEL_RULE(!mac.held && !model_in_reset("ETH1MAC"),
               "ETH, 0x%03x: held in reset", off);
    MODEL_RULE(mac.resetting == 0 || off == DMAMR,
               "ETH, 0x%03x: before SWR has ended", off);
}

static uint32_t mac_rd(uint32_t off)
{
    uint32_t value;

    check_access(off);
    (void)known(off);
    value = *reg(off);
    switch (off) {
    case DMAMR:
        return mac.resetting > 0 ? SWR : 0;
    case MACMDIOAR:
        return (value & ~1u) | model_mdio_busy();
    case MACMDIODR:
        return model_mdio_get();
    case DMACSR:
        mac_count.fatal += (value & SR_FBE) != 0 && !mac.told;
        mac.told = (value & SR_FBE) != 0;
        return value;
    case MTLRQMPOCR:
    case DMACMFCR:
        *reg(off) = 0;
        return value;
    default:
        return value;
    }
}

static void check_time(uint32_t off, enum when when)
{
    bool re = (*reg(MACCR) & CR_RE) != 0, te = (*reg(MACCR) & CR_TE) != 0;
    bool sr = (*reg(DMACRCR) & START) != 0, st = (*reg(DMACTCR) & START) != 0;
    const bool wrong[] = {
        [ANY] = false,     [RX_OFF] = re,     [MAC_OFF] = re || te,
        [RX_STOPPED] = sr, [TX_STOPPED] = st, [DMA_STOPPED] = sr || st,
    };

    MODEL_RULE(!wrong[when], "ETH, 0x%03x: written while it runs", off);
}

static void wr_mode(uint32_t value)
{
    uint32_t run = CR_RE | CR_TE;

    MODEL_RULE(((*reg(MACCR) ^ value) & MODE) == 0 ||
                   ((*reg(MACCR) | value) & run) == 0,
               "MACCR: mode changed while it runs");
    *reg(MACCR) = value;
}

/* MACMDIOAR.CR: dividers, and the HCLK each is for. */
static uint32_t mdc(uint32_t cr)
{
    static const struct {
        uint32_t divider, from_mhz, to_mhz;
    } range[] = {
        {42, 60, 100}, {62, 100, 150},  {16, 20, 35},
        {26, 35, 60},  {102, 150, 250}, {124, 250, 300},
    };

    MODEL_RULE(cr < sizeof range / sizeof *range, "MACMDIOAR.CR: %u", cr);
    MODEL_RULE(mac.hclk_hz >= range[cr].from_mhz * 1000000 &&
                   mac.hclk_hz <= range[cr].to_mhz * 1000000,
               "MACMDIOAR.CR: %u is not for an HCLK of %u", cr, mac.hclk_hz);
    return mac.hclk_hz / range[cr].divider;
}

static void wr_mdio(uint32_t value)
{
    uint32_t operation = value >> 2 & 3;

    MODEL_RULE(!model_mdio_busy(), "MACMDIOAR: written while busy");
    MODEL_RULE((value & 1) != 0 && (operation == 1 || operation == 3),
               "MACMDIOAR: 0x%08x", value);
    MODEL_RULE(model_pin_af('A', 2) == 11 && model_pin_af('C', 1) == 11,
               "MDIO has no pins");
    *reg(MACMDIOAR) = value;
    model_mdio_go((uint8_t)(value >> 21 & 31), (uint8_t)(value >> 16 & 31),
                  operation == 1, mdc(value >> 8 & 15));
}

static void take_address(void)
{
    for (unsigned i = 0; i < 4; i++) {
        mac.address[i] = (uint8_t)(*reg(MACA0LR) >> 8 * i);
    }
    mac.address[4] = (uint8_t)*reg(MACA0HR);
    mac.address[5] = (uint8_t)(*reg(MACA0HR) >> 8);
}

static struct dma_ring ring(uint32_t list, uint32_t length, uint32_t tail)
{
    return (struct dma_ring){
        .base = *reg(list),
        .count = *reg(length) + 1,
        .skip = *reg(DMACCR) >> 18 & 7,
        .tail = *reg(tail),
    };
}

static void check_burst(uint32_t value)
{
    uint32_t pbl = value >> 16 & 63;

    MODEL_RULE(pbl != 0 && (pbl & (pbl - 1)) == 0, "PBL %u", pbl);
}

static void wr_rx(uint32_t value, uint32_t old)
{
    struct dma_ring r = ring(DMACRDLAR, DMACRDRLR, DMACRDTPR);

    MODEL_RULE((old & START) == 0 || ((old ^ value) & ~START) == 0,
               "DMACRCR: changed while it runs");
    if ((value & ~old & START) != 0) {
        check_burst(value);
        dma_start_rx(&r, value >> 1 & 0x3fff, (*reg(MTLRQOMR) & RQ_RSF) != 0);
    } else if ((value & START) == 0) {
        dma_stop_rx();
    }
}

static void wr_tx(uint32_t value, uint32_t old)
{
    struct dma_ring r = ring(DMACTDLAR, DMACTDRLR, DMACTDTPR);

    MODEL_RULE((old & START) == 0 || ((old ^ value) & ~START) == 0,
               "DMACTCR: changed while it runs");
    if ((value & ~old & START) != 0) {
        check_burst(value);
        dma_start_tx(&r, (*reg(MTLTQOMR) & TQ_TSF) != 0);
    } else if ((value & START) == 0) {
        dma_stop_tx();
    }
}

/* What follows from a write. */
static void act(uint32_t off, uint32_t old)
{
    uint32_t value = *reg(off);

    switch (off) {
    case DMAMR:
        mac.resetting = 2 + model_random(20);
        break;
    case MACA0LR:
        take_address();
        break;
    case DMACRCR:
        wr_rx(value, old);
        break;
    case DMACTCR:
        wr_tx(value, old);
        break;
    case DMACRDTPR:
        dma_tail_rx(value);
        break;
    case DMACTDTPR:
        dma_tail_tx(value);
        break;
    default:
        break;
    }
}

static void mac_wr(uint32_t off, uint32_t value)
{
    size_t i = known(off);
    uint32_t stays = ~(registers[i].writable | registers[i].fixed);
    uint32_t old;

    check_access(off);
    old = *reg(off);
    check_time(off, registers[i].when);
    MODEL_RULE(off == DMACSR || ((old ^ value) & stays) == 0,
               "ETH, 0x%03x: 0x%08x, was 0x%08x", off, value, old);
    value = (value & ~registers[i].fixed) | (old & registers[i].fixed);
    switch (off) {
    case MACCR:
        wr_mode(value);
        return;
    case MACMDIOAR:
        wr_mdio(value);
        return;
    case MACMDIODR:
        model_mdio_set((uint16_t)value);
        return;
    case DMACSR:
        MODEL_RULE((value & stays) == 0, "DMACSR: 0x%08x", value);
        *reg(DMACSR) = old & ~(value & registers[i].writable);
        return;
    default:
        *reg(off) = value;
        act(off, old);
    }
}

/* --- SYSCFG ------------------------------------------------------------------- */

#define PMCR 0x04

static uint32_t syscfg_rd(uint32_t off)
{
    MODEL_RULE(model_clock_runs("SYSCFG"), "SYSCFG: no clock");
    MODEL_RULE(off == PMCR, "SYSCFG, 0x%03x: none of this model's", off);
    return mac.pmcr;
}

static void syscfg_wr(uint32_t off, uint32_t value)
{
    MODEL_RULE(model_clock_runs("SYSCFG"), "SYSCFG: no clock");
    MODEL_RULE(off == PMCR, "SYSCFG, 0x%03x: none of this model's", off);
    MODEL_RULE((value & ~BITS(21, 3)) == 0, "SYSCFG_PMCR: 0x%08x", value);
    MODEL_RULE(model_in_reset("ETH1MAC"),
               "SYSCFG_PMCR.EPIS_SEL: the MAC is not in reset");
    follow_rcc();
    mac.pmcr = value;
}

/* --- the units ---------------------------------------------------------------- */

static struct model_unit eth_unit = {
    .name = "ETH",
    .base = ETH_BASE,
    .size = SIZE,
    .rd = mac_rd,
    .wr = mac_wr,
    .step = step,
};

static struct model_unit syscfg_unit = {
    .name = "SYSCFG",
    .base = SYSCFG_BASE,
    .size = 0x400,
    .rd = syscfg_rd,
    .wr = syscfg_wr,
};

void mac_begin(uint32_t hclk_hz)
{
    memset(&mac, 0, sizeof mac);
    mac.hclk_hz = hclk_hz;
    reset();
    memset(&mac_count, 0, sizeof mac_count);
    dma_begin();
    model_add(&eth_unit);
    model_add(&syscfg_unit);
}

void mac_fail(void)
{
    dma_fail();
}

bool mac_remembers(void)
{
    return dma_remembers();
}

uint32_t mac_preset(void)
{
    *reg(MTLRQMPOCR) = MISSED | MISSED_FLUSHED | 5u << 16;
    *reg(DMACMFCR) = MISSED_DMA | 7;
    return MISSED + 2 * (MISSED + 1) + 5 + 7;
}

bool mac_idle(void)
{
    return mac.resetting == 0 && dma_idle();
}

struct mac_counts mac_counts(void)
{
    return mac_count;
}
