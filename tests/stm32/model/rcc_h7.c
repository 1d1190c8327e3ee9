/* SPDX-License-Identifier: BSD-3-Clause */
/* H743: RM0433 4.3.8, 6.4, 6.6, 6.8, 8.5, 8.7; the data sheet's general
 * operating conditions. PLL1 only; nothing is taken from CSI. */
#include "base.h"
#include "model.h"
#include "rcc_parts.h"

#include <string.h>

#define HSI_HZ (64 * MHZ)
#define HSI48_HZ (48 * MHZ)

enum { CR = 0x00, CFGR = 0x10, D1CFGR = 0x18, D2CFGR = 0x1c, D3CFGR = 0x20 };
enum { PLLCKSELR = 0x28, PLLCFGR = 0x2c, PLL1DIVR = 0x30, D2CCIP2R = 0x54 };
enum { RSR = 0xd0 };
enum { PWR_CSR1 = 0x04, PWR_CR3 = 0x0c, PWR_D3CR = 0x18 };

#define CR_HSI48ON BIT(12)
#define CR_HSEON BIT(16)
#define CR_HSEBYP BIT(18)
#define CR_PLL1ON BIT(24)
#define CR_OURS (CR_HSI48ON | CR_HSEON | CR_HSEBYP | CR_PLL1ON)
#define CR_READY (BIT(2) | BIT(5) | BIT(13) | BIT(14) | BIT(15) | BIT(17))

const struct gate gates[] = {
    {"ETH1MAC", 0xd8, 15, 0x80, 15, false},
    {"ETH1TX", 0xd8, 16, 0x80, 15, false},
    {"ETH1RX", 0xd8, 17, 0x80, 15, false},
    {"RNG", 0xdc, 6, 0x84, 6, false},
    {"SRAM1", 0xdc, 29, 0, 0, false},
    {"SRAM2", 0xdc, 30, 0, 0, false},
    {"SRAM3", 0xdc, 31, 0, 0, false},
    {"GPIOA", 0xe0, 0, 0x88, 0, false},
    {"GPIOB", 0xe0, 1, 0x88, 1, false},
    {"GPIOC", 0xe0, 2, 0x88, 2, false},
    {"GPIOD", 0xe0, 3, 0x88, 3, false},
    {"GPIOE", 0xe0, 4, 0x88, 4, false},
    {"GPIOF", 0xe0, 5, 0x88, 5, false},
    {"GPIOG", 0xe0, 6, 0x88, 6, false},
    {"GPIOH", 0xe0, 7, 0x88, 7, false},
    {"GPIOI", 0xe0, 8, 0x88, 8, false},
    {"USART2", 0xe8, 17, 0x90, 17, false},
    {"USART3", 0xe8, 18, 0x90, 18, false},
    {"USART1", 0xf0, 4, 0x98, 4, false},
    {"USART6", 0xf0, 5, 0x98, 5, false},
    {"SYSCFG", 0xf4, 1, 0x9c, 1, false},
    {.name = NULL},
};

static struct {
    uint32_t cr, cfgr, d1, d2, d3, pllckselr, pllcfgr, pll1divr, d2ccip2;
    uint32_t flags, cr3;
    unsigned sws, acr, latency, freq;
    unsigned vos, was_vos; /* 1 to 3: the scale */
    struct soon hse, pll, hsi48, sw, ws, actvos, vosrdy;
} tree;

/* --- how fast ----------------------------------------------------------------- */

struct rates {
    uint32_t cpu, hclk, pclk1, pclk2, pclk3, pclk4;
};

struct dividers {
    uint32_t d1, d2, d3;
};

static uint32_t pll_input(void)
{
    uint32_t m = tree.pllckselr >> 4 & 63;
    uint32_t from = (tree.pllckselr & 3) == 2 ? crystal_hz() : HSI_HZ;

    return m == 0 ? 0 : from / m;
}

static uint32_t vco_hz(void)
{
    return pll_input() * ((tree.pll1divr & 511) + 1);
}

static uint32_t wide_divider(uint32_t pre)
{
    static const uint16_t by[] = {2, 4, 8, 16, 64, 128, 256, 512};

    return pre < 8 ? 1 : by[pre - 8];
}

static uint32_t apb_divider(uint32_t ppre)
{
    return ppre < 4 ? 1 : 2u << (ppre - 4);
}

static uint32_t sysclk_of(unsigned source)
{
    return source == 3   ? vco_hz() / ((tree.pll1divr >> 9 & 127) + 1)
           : source == 2 ? crystal_hz()
                         : HSI_HZ;
}

static struct rates rates_of(unsigned source, struct dividers by)
{
    struct rates r;

    r.cpu = sysclk_of(source) / wide_divider(by.d1 >> 8 & 15);
    r.hclk = r.cpu / wide_divider(by.d1 & 15);
    r.pclk3 = r.hclk / apb_divider(by.d1 >> 4 & 7);
    r.pclk1 = r.hclk / apb_divider(by.d2 >> 4 & 7);
    r.pclk2 = r.hclk / apb_divider(by.d2 >> 8 & 7);
    r.pclk4 = r.hclk / apb_divider(by.d3 >> 4 & 7);
    return r;
}

static struct dividers dividers_now(void)
{
    return (struct dividers){tree.d1, tree.d2, tree.d3};
}

static struct rates rates_now(void)
{
    return rates_of(tree.sws, dividers_now());
}

uint32_t clock_hz(const char *what)
{
    struct rates r = rates_now();

    if (strcmp(what, "RNG") == 0) {
        return (tree.d2ccip2 >> 8 & 3) == 0 && tree.hsi48.come ? HSI48_HZ : 0;
    }
    return strcmp(what, "SYSCLK") == 0  ? r.cpu
           : strcmp(what, "HCLK") == 0  ? r.hclk
           : strcmp(what, "PCLK1") == 0 ? r.pclk1
                                        : r.pclk2;
}

bool clock_is_hsi(void)
{
    return tree.sws == 0;
}

/* The scale that there surely is. */
static unsigned scale(void)
{
    return tree.vosrdy.come || tree.vos > tree.was_vos ? tree.vos
                                                       : tree.was_vos;
}

/* "FLASH recommended number of wait states and programming delay": up to so
 * many MHz of the AXI clock. */
struct flash_row {
    uint16_t mhz;
    uint8_t latency, freq;
};
static const struct flash_row flash_rows[4][6] = {
    {{0, 0, 0}},
    {{70, 0, 0}, {140, 1, 1}, {185, 2, 1}, {210, 2, 2}, {225, 3, 2}},
    {{55, 0, 0}, {110, 1, 1}, {165, 2, 1}, {225, 3, 2}},
    {{45, 0, 0}, {90, 1, 1}, {135, 2, 1}, {180, 3, 2}, {225, 4, 2}},
};

static void flash_stands(uint32_t hclk, unsigned latency, unsigned freq)
{
    const struct flash_row *row = flash_rows[scale()];

    while (row->mhz != 0 && row->mhz * MHZ < hclk) {
        row++;
    }
    MODEL_RULE(row->mhz != 0 && latency >= row->latency && freq >= row->freq,
               "LATENCY %u, WRHIGHFREQ %u for %u Hz", latency, freq, hclk);
}

static void at_most(const char *what, uint32_t was, uint32_t hz, uint32_t max)
{
    MODEL_RULE(hz <= was || hz <= max * MHZ, "%s would be %u Hz, of %u MHz",
               what, hz, max);
}

/* A clock that does not rise is let be. */
static void may_become(struct rates r)
{
    static const uint16_t core[] = {0, 400, 300, 200};
    uint32_t max = core[scale()];
    struct rates was = rates_now();

    at_most("the core", was.cpu, r.cpu, max);
    at_most("HCLK", was.hclk, r.hclk, max / 2);
    at_most("PCLK1", was.pclk1, r.pclk1, max / 4);
    at_most("PCLK2", was.pclk2, r.pclk2, max / 4);
    at_most("PCLK3", was.pclk3, r.pclk3, max / 4);
    at_most("PCLK4", was.pclk4, r.pclk4, max / 4);
    if (r.hclk > was.hclk) {
        flash_stands(r.hclk, tree.latency, tree.freq);
    }
}

/* --- RCC -------------------------------------------------------------------- */

static void pll_starts(void)
{
    static const uint8_t from[] = {1, 2, 4, 8};
    uint32_t rge = tree.pllcfgr >> 2 & 3, in = pll_input();
    uint32_t p = (tree.pll1divr >> 9 & 127) + 1;

    MODEL_RULE((tree.pllckselr & 3) == 2 && tree.hse.come,
               "PLL1 starts before HSERDY, or not from HSE");
    MODEL_RULE(in >= from[rge] * MHZ && in <= 2 * from[rge] * MHZ,
               "PLL1RGE is %u for %u Hz", rge, in);
    MODEL_RULE((tree.pllcfgr & 2) == 0 && in >= 2 * MHZ,
               "the wide VCO wants 2 MHz or more, gets %u", in);
    MODEL_RULE(vco_hz() >= 192 * MHZ && vco_hz() <= 836 * MHZ,
               "the VCO is to make %u Hz", vco_hz());
    MODEL_RULE((tree.pll1divr & 511) >= 3, "DIVN1 is less than 4");
    MODEL_RULE(p == 2 || (p > 2 && p % 2 == 0), "DIVP1 is %u", p);
    MODEL_RULE((tree.pllcfgr & BIT(16)) != 0, "DIVP1EN is off");
    MODEL_RULE((tree.pllcfgr & 1) == 0, "PLL1FRACEN is not what we want");
}

static void write_cr(uint32_t v)
{
    bool pll = (v & CR_PLL1ON) != 0;

    must_stay("RCC_CR", tree.cr, v, ~(CR_OURS | CR_READY | BIT(25)));
    MODEL_RULE(((tree.cr ^ v) & CR_HSEBYP) == 0 || !tree.hse.wanted,
               "HSEBYP changes while HSE is on");
    MODEL_RULE((v & CR_HSEON) == 0 ||
                   crystal_bypass() == ((v & CR_HSEBYP) != 0),
               "HSEBYP is not as the board is made");
    MODEL_RULE((v & CR_HSEON) != 0 || (tree.sws != 2 && !tree.pll.wanted),
               "HSE is in use and goes off");
    MODEL_RULE(pll || (tree.sws != 3 && (tree.cfgr & 7) != 3),
               "PLL1 is SYSCLK and goes off");
    if (pll && !tree.pll.wanted) {
        pll_starts();
    }
    tree.cr = v & ~(CR_READY | BIT(25));
    soon_want(&tree.hse, (v & CR_HSEON) != 0);
    soon_want(&tree.pll, pll);
    soon_want(&tree.hsi48, (v & CR_HSI48ON) != 0);
}

static uint32_t read_cr(void)
{
    return tree.cr | BIT(2) | BIT(5) | BIT(14) | BIT(15) |
           (tree.hsi48.come ? BIT(13) : 0) | (tree.hse.come ? BIT(17) : 0) |
           (tree.pll.come ? BIT(25) : 0);
}

static void write_cfgr(uint32_t v)
{
    unsigned sw = v & 7;
    bool ready =
        sw == 0 || (sw == 2 && tree.hse.come) || (sw == 3 && tree.pll.come);

    must_stay("RCC_CFGR", tree.cfgr, v, ~0x3fu);
    MODEL_RULE(ready, "SW is %u, which is not ready", sw);
    may_become(rates_of(sw, dividers_now()));
    tree.cfgr = v & 7;
    soon_want(&tree.sw, false);
    soon_want(&tree.sw, sw != tree.sws);
}

static void write_divider(const char *name, uint32_t *reg, uint32_t v,
                          uint32_t mask)
{
    struct dividers by = dividers_now();

    MODEL_RULE((v & ~mask) == 0, "%s: 0x%08x", name, v);
    MODEL_RULE((tree.cfgr & 7) == tree.sws, "%s changes before SWS has", name);
    by.d1 = reg == &tree.d1 ? v : by.d1;
    by.d2 = reg == &tree.d2 ? v : by.d2;
    by.d3 = reg == &tree.d3 ? v : by.d3;
    may_become(rates_of(tree.sws, by));
    *reg = v;
}

static uint32_t *pll_register(uint32_t off)
{
    return off == PLLCKSELR  ? &tree.pllckselr
           : off == PLLCFGR  ? &tree.pllcfgr
           : off == PLL1DIVR ? &tree.pll1divr
                             : NULL;
}

static void write_pll(uint32_t off, uint32_t v)
{
    static const uint32_t ours[] = {0x3f3, 0x7000f, 0x7f7fffff};
    uint32_t *reg = pll_register(off);

    MODEL_RULE(!tree.pll.wanted, "RCC, 0x%02x, changes while PLL1 is on", off);
    must_stay("PLL1", *reg, v, ~ours[(off - PLLCKSELR) / 4]);
    *reg = v;
}

uint32_t tree_rd(uint32_t off)
{
    switch (off) {
    case CR:
        return read_cr();
    case CFGR:
        return tree.cfgr | tree.sws << 3;
    case D1CFGR:
        return tree.d1;
    case D2CFGR:
        return tree.d2;
    case D3CFGR:
        return tree.d3;
    case PLLCKSELR:
    case PLLCFGR:
    case PLL1DIVR:
        return *pll_register(off);
    case D2CCIP2R:
        return tree.d2ccip2;
    case RSR:
        return tree.flags;
    default:
        model_broken("RCC has nothing that we use at 0x%02x", off);
    }
}

void tree_wr(uint32_t off, uint32_t v)
{
    switch (off) {
    case CR:
        write_cr(v);
        break;
    case CFGR:
        write_cfgr(v);
        break;
    case D1CFGR:
        write_divider("RCC_D1CFGR", &tree.d1, v, 0xf7f);
        break;
    case D2CFGR:
        write_divider("RCC_D2CFGR", &tree.d2, v, 0x770);
        break;
    case D3CFGR:
        write_divider("RCC_D3CFGR", &tree.d3, v, 0x070);
        break;
    case PLLCKSELR:
    case PLLCFGR:
    case PLL1DIVR:
        write_pll(off, v);
        break;
    case D2CCIP2R:
        must_stay("RCC_D2CCIP2R", tree.d2ccip2, v, ~0x300u);
        tree.d2ccip2 = v;
        break;
    case RSR:
        tree.flags = (v & BIT(16)) != 0 ? 0 : tree.flags;
        break;
    default:
        model_broken("RCC has nothing that we use at 0x%02x", off);
    }
}

void tree_flags(uint32_t flags)
{
    tree.flags = flags;
}

void tree_step(void)
{
    soon_step(&tree.hse);
    soon_step(&tree.pll);
    soon_step(&tree.hsi48);
    soon_step(&tree.actvos);
    soon_step(&tree.vosrdy);
    soon_step(&tree.ws);
    if ((tree.cfgr & 7) == 0 || !soon_never("SWS")) {
        soon_step(&tree.sw);
    }
    if (tree.sw.come) {
        tree.sws = tree.cfgr & 7;
        soon_want(&tree.sw, false);
    }
    if (tree.ws.come) {
        tree.latency = tree.acr & 15;
        tree.freq = tree.acr >> 4 & 3;
    }
}

/* --- PWR -------------------------------------------------------------------- */

/* Also where a reset left it. */
static bool supplied(void)
{
    return tree.actvos.come && !soon_never(tree.actvos.name);
}

static uint32_t pwr_rd(uint32_t off)
{
    switch (off) {
    case PWR_CSR1:
        return (supplied() ? BIT(13) : 0) | (4 - scale()) << 14;
    case PWR_CR3:
        return tree.cr3;
    case PWR_D3CR:
        return (tree.vosrdy.come ? BIT(13) : 0) | (4 - tree.vos) << 14;
    default:
        model_broken("PWR has nothing that we use at 0x%02x", off);
    }
}

/* The low byte is written once after power came; SCUEN says whether it was. */
static void write_supply(uint32_t v)
{
    must_stay("PWR_CR3", tree.cr3, v, ~7u);
    MODEL_RULE((tree.cr3 & BIT(2)) != 0, "PWR_CR3 is written a second time");
    MODEL_RULE((v & 3) == 2, "PWR_CR3: the LDO is what feeds the core");
    tree.cr3 = v & ~BIT(2);
    soon_want(&tree.actvos, true);
}

static void write_vos(uint32_t v)
{
    unsigned vos = 4 - (v >> 14 & 3);

    MODEL_RULE((v & ~(BIT(13) | 0xc000u)) == 0, "PWR_D3CR: 0x%08x", v);
    MODEL_RULE(supplied(), "VOS changes before ACTVOSRDY");
    MODEL_RULE(vos >= 1 && vos <= 3, "there is no such scale");
    MODEL_RULE(vos <= tree.vos || tree.sws != 3, "VOS goes down on PLL1");
    if (vos != tree.vos) {
        tree.was_vos = scale();
        tree.vos = vos;
        soon_want(&tree.vosrdy, false);
        soon_want(&tree.vosrdy, true);
    }
}

static void pwr_wr(uint32_t off, uint32_t v)
{
    switch (off) {
    case PWR_CR3:
        write_supply(v);
        break;
    case PWR_D3CR:
        write_vos(v);
        break;
    default:
        model_broken("PWR, 0x%02x, is not to be written", off);
    }
}

static struct model_unit pwr = {
    .name = "PWR", .base = PWR_BASE, .size = 0x400, .rd = pwr_rd, .wr = pwr_wr};

/* --- wait states -------------------------------------------------------------- */

static uint32_t acr_rd(uint32_t off)
{
    (void)off;
    return tree.freq << 4 | tree.latency;
}

static void acr_wr(uint32_t off, uint32_t v)
{
    (void)off;
    MODEL_RULE((v & ~0x3fu) == 0, "FLASH_ACR: 0x%08x", v);
    flash_stands(rates_now().hclk, v & 15, v >> 4 & 3);
    tree.acr = v;
    soon_want(&tree.ws, false);
    soon_want(&tree.ws, true);
}

/* The rest of FLASH is another model's. */
static struct model_unit acr = {.name = "FLASH_ACR",
                                .base = FLASH_R_BASE,
                                .size = 4,
                                .rd = acr_rd,
                                .wr = acr_wr};

/* After power-on the supply is still to be set, after another reset it is. */
static void power_begin(void)
{
    bool cold = model_chance(2);

    tree.cr3 = cold ? 6 : 2;
    tree.vos = tree.was_vos = 3;
    tree.actvos = (struct soon){"ACTVOSRDY", !cold, !cold, 0};
    tree.vosrdy = (struct soon){"VOSRDY", true, true, 0};
}

void tree_begin(const char *chip)
{
    if (strcmp(chip, "h743") != 0) {
        model_broken("there is no chip %s", chip);
    }
    memset(&tree, 0, sizeof tree);
    tree.cr = 0x01;
    tree.pllckselr = 0x02020200;
    tree.pllcfgr = 0x01ff0000;
    tree.pll1divr = 0x01010280;
    tree.acr = 0x37;
    tree.latency = 7;
    tree.freq = 3;
    tree.hse.name = "HSERDY";
    tree.pll.name = "PLL1RDY";
    tree.hsi48.name = "HSI48RDY";
    tree.sw.name = "SW";
    tree.ws.name = "LATENCY";
    power_begin();
    model_add(&pwr);
    model_add(&acr);
}
