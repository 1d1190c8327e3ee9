/* SPDX-License-Identifier: BSD-3-Clause */
/* F4 and F7: HSI or HSE, one PLL, three bus clocks; PWR with its over-drive; the
 * wait states. Numbers are the manuals', not the driver's headers'. */
#include "rcc_v1.h"

#include "base.h"
#include "model.h"
#include "rcc_parts.h"

#include <string.h>

#define HSI_HZ (16 * MHZ)

enum { CR = 0x00, PLLCFGR = 0x04, CFGR = 0x08, CSR = 0x74, DCKCFGR2 = 0x90 };

#define CR_KNOWN 0x00050001u /* HSEBYP, HSEON, HSION */
#define CR_PLLON BIT(24)
#define CR_HSEON BIT(16)
#define CR_HSEBYP BIT(18)
#define CR_CALIBRATION 0x0000fff8u
#define CFGR_DIVIDERS 0x0000fcf0u
#define PWR_ODEN BIT(16)
#define PWR_ODSWEN BIT(17)

/* One gate register for each bus; RAM that is on after a reset is left out. */
const struct gate gates[] = {
    {"GPIOA", 0x30, 0, 0x10, 0, false},
    {"GPIOB", 0x30, 1, 0x10, 1, false},
    {"GPIOC", 0x30, 2, 0x10, 2, false},
    {"GPIOD", 0x30, 3, 0x10, 3, false},
    {"GPIOE", 0x30, 4, 0x10, 4, false},
    {"GPIOF", 0x30, 5, 0x10, 5, false},
    {"GPIOG", 0x30, 6, 0x10, 6, false},
    {"GPIOH", 0x30, 7, 0x10, 7, false},
    {"GPIOI", 0x30, 8, 0x10, 8, false},
    {"CORERAM", 0x30, 20, 0, 0, true}, /* CCM, DTCM */
    {"ETHMAC", 0x30, 25, 0x10, 25, false},
    {"ETHMACTX", 0x30, 26, 0x10, 25, false},
    {"ETHMACRX", 0x30, 27, 0x10, 25, false},
    {"RNG", 0x34, 6, 0x14, 6, false},
    {"USART2", 0x40, 17, 0x20, 17, false},
    {"USART3", 0x40, 18, 0x20, 18, false},
    {"PWR", 0x40, 28, 0x20, 28, false},
    {"USART1", 0x44, 4, 0x24, 4, false},
    {"USART6", 0x44, 5, 0x24, 5, false},
    {"SYSCFG", 0x44, 14, 0x24, 14, false},
    {.name = NULL},
};

static struct {
    const struct v1_chip *chip;
    uint32_t cr, pllcfgr, cfgr, dckcfgr2, flags, pwr;
    unsigned sws, acr, latency;
    struct soon hse, pll, vos, od, odsw, leaving, sw, ws;
} tree;

/* --- how fast ----------------------------------------------------------------- */

struct rates {
    uint32_t sysclk, hclk, pclk1, pclk2;
};

static uint32_t pll_input(void)
{
    uint32_t from = (tree.pllcfgr & BIT(22)) != 0 ? crystal_hz() : HSI_HZ;
    uint32_t m = tree.pllcfgr & 63;

    return m < 2 ? 0 : from / m;
}

static uint32_t vco_hz(void)
{
    return pll_input() * (tree.pllcfgr >> 6 & 511);
}

static uint32_t sysclk_of(unsigned source)
{
    switch (source) {
    case 0:
        return HSI_HZ;
    case 1:
        return crystal_hz();
    default:
        return vco_hz() / (2 * ((tree.pllcfgr >> 16 & 3) + 1));
    }
}

static uint32_t ahb_divider(uint32_t hpre)
{
    static const uint16_t by[] = {2, 4, 8, 16, 64, 128, 256, 512};

    return hpre < 8 ? 1 : by[hpre - 8];
}

static uint32_t apb_divider(uint32_t ppre)
{
    return ppre < 4 ? 1 : 2u << (ppre - 4);
}

static struct rates rates_of(unsigned source, uint32_t cfgr)
{
    struct rates r = {.sysclk = sysclk_of(source)};

    r.hclk = r.sysclk / ahb_divider(cfgr >> 4 & 15);
    r.pclk1 = r.hclk / apb_divider(cfgr >> 10 & 7);
    r.pclk2 = r.hclk / apb_divider(cfgr >> 13 & 7);
    return r;
}

static struct rates rates_now(void)
{
    return rates_of(tree.sws, tree.cfgr);
}

uint32_t clock_hz(const char *what)
{
    struct rates r = rates_now();
    uint32_t q = tree.pllcfgr >> 24 & 15;
    bool sai = (tree.dckcfgr2 & BIT(27)) != 0;

    if (strcmp(what, "SYSCLK") == 0) {
        return r.sysclk;
    }
    if (strcmp(what, "RNG") == 0) {
        return tree.pll.come && !sai && q >= 2 ? vco_hz() / q : 0;
    }
    return strcmp(what, "HCLK") == 0    ? r.hclk
           : strcmp(what, "PCLK1") == 0 ? r.pclk1
                                        : r.pclk2;
}

bool clock_is_hsi(void)
{
    return tree.sws == 0;
}

static void at_most(const char *what, uint32_t was, uint32_t hz, uint32_t max)
{
    MODEL_RULE(hz <= was || hz <= max, "%s would be %u Hz, of %u", what, hz,
               max);
}

/* ODSWRDY goes some steps after ODSWEN. */
static bool over_drive(void)
{
    return tree.odsw.come || (tree.leaving.wanted && !tree.leaving.come);
}

/* A clock that does not rise is let be. */
static void may_become(struct rates r)
{
    const struct v1_chip *c = tree.chip;
    struct rates was = rates_now();
    bool od = tree.odsw.come;

    at_most("SYSCLK", was.sysclk, r.sysclk,
            od ? c->over_drive.sysclk : c->sysclk);
    at_most("PCLK1", was.pclk1, r.pclk1, od ? c->over_drive.pclk1 : c->pclk1);
    at_most("PCLK2", was.pclk2, r.pclk2, od ? c->over_drive.pclk2 : c->pclk2);
    at_most("HCLK with these wait states", was.hclk, r.hclk,
            (tree.latency + 1) * 30 * MHZ);
    MODEL_RULE(tree.vos.come || r.sysclk <= c->no_vos,
               "SYSCLK would be %u Hz before VOSRDY", r.sysclk);
}

/* --- RCC -------------------------------------------------------------------- */

static void pll_starts(void)
{
    uint32_t m = tree.pllcfgr & 63, n = tree.pllcfgr >> 6 & 511;
    uint32_t q = tree.pllcfgr >> 24 & 15;

    MODEL_RULE((tree.pllcfgr & BIT(22)) == 0 || tree.hse.come,
               "the PLL starts before HSERDY");
    MODEL_RULE(m >= 2, "PLLM is %u", m);
    MODEL_RULE(n >= 50 && n <= 432, "PLLN is %u", n);
    MODEL_RULE(pll_input() >= MHZ && pll_input() <= 2 * MHZ,
               "the VCO gets %u Hz", pll_input());
    MODEL_RULE(vco_hz() >= 100 * MHZ && vco_hz() <= 432 * MHZ,
               "the VCO is to make %u Hz", vco_hz());
    MODEL_RULE(q >= 2 && vco_hz() / q <= 48 * MHZ, "PLLQ is %u", q);
}

static void write_cr(uint32_t v)
{
    bool pll = (v & CR_PLLON) != 0, was = (tree.cr & CR_PLLON) != 0;

    must_stay("RCC_CR", 0, v, 0xfcf00004);
    must_stay("RCC_CR", tree.cr, v, BIT(0) | CR_CALIBRATION | BIT(19));
    MODEL_RULE(((tree.cr ^ v) & CR_HSEBYP) == 0 || !tree.hse.wanted,
               "HSEBYP changes while HSE is on");
    MODEL_RULE((v & CR_HSEON) == 0 ||
                   crystal_bypass() == ((v & CR_HSEBYP) != 0),
               "HSEBYP is not as the board is made");
    MODEL_RULE((v & CR_HSEON) != 0 ||
                   (tree.sws != 1 && (!was || (tree.pllcfgr & BIT(22)) == 0)),
               "HSE is in use and goes off");
    MODEL_RULE(pll || (tree.sws != 2 && (tree.cfgr & 3) != 2),
               "the PLL is SYSCLK and goes off");
    MODEL_RULE(pll || !was || !over_drive(),
               "the PLL goes off before over-drive");
    if (pll && !was) {
        pll_starts();
    }
    tree.cr = v & (CR_KNOWN | CR_CALIBRATION | CR_PLLON);
    soon_want(&tree.hse, (v & CR_HSEON) != 0);
    soon_want(&tree.pll, pll);
    soon_want(&tree.vos, pll);
}

static void write_cfgr(uint32_t v)
{
    unsigned sw = v & 3;
    bool ready[] = {true, tree.hse.come, tree.pll.come, false};

    must_stay("RCC_CFGR", tree.cfgr, v, ~(CFGR_DIVIDERS | 15u));
    if (sw != (tree.cfgr & 3)) {
        must_stay("RCC_CFGR with SW", tree.cfgr, v, CFGR_DIVIDERS);
        MODEL_RULE(ready[sw], "SW is %u, which is not ready", sw);
        may_become(rates_of(sw, v));
    } else {
        MODEL_RULE(sw == tree.sws || tree.cfgr == (v & (CFGR_DIVIDERS | 3)),
                   "dividers change before SWS has");
        may_become(rates_of(tree.sws, v));
    }
    tree.cfgr = v & (CFGR_DIVIDERS | 3);
    soon_want(&tree.sw, false);
    soon_want(&tree.sw, sw != tree.sws);
}

uint32_t tree_rd(uint32_t off)
{
    switch (off) {
    case CR:
        return tree.cr | BIT(1) | (tree.hse.come ? BIT(17) : 0) |
               (tree.pll.come ? BIT(25) : 0);
    case PLLCFGR:
        return tree.pllcfgr;
    case CFGR:
        return tree.cfgr | tree.sws << 2;
    case CSR:
        return tree.flags;
    case DCKCFGR2:
        return tree.dckcfgr2;
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
    case PLLCFGR:
        MODEL_RULE(!tree.pll.wanted, "PLLCFGR changes while the PLL is on");
        must_stay("RCC_PLLCFGR", tree.pllcfgr, v, tree.chip->pll_fixed);
        tree.pllcfgr = v;
        break;
    case CFGR:
        write_cfgr(v);
        break;
    case CSR:
        must_stay("RCC_CSR", 0, v, 0x00fffffc);
        tree.flags = (v & BIT(24)) != 0 ? 0 : tree.flags;
        break;
    case DCKCFGR2:
        must_stay("RCC_DCKCFGR2", tree.dckcfgr2, v, ~BIT(27));
        tree.dckcfgr2 = v;
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
    soon_step(&tree.vos);
    soon_step(&tree.od);
    soon_step(&tree.odsw);
    soon_step(&tree.leaving);
    soon_step(&tree.ws);
    if ((tree.cfgr & 3) == 0 || !soon_never("SWS")) {
        soon_step(&tree.sw);
    }
    if (tree.sw.come) {
        tree.sws = tree.cfgr & 3;
        soon_want(&tree.sw, false);
    }
    if (tree.ws.come) {
        tree.latency = tree.acr & 15;
    }
}

/* --- PWR -------------------------------------------------------------------- */

static uint32_t pwr_rd(uint32_t off)
{
    clock_needed("PWR");
    MODEL_RULE(off == 0 || off == 4, "PWR has nothing that we use at 0x%02x",
               off);
    if (off == 0) {
        return tree.pwr;
    }
    return (tree.vos.come ? BIT(14) : 0) | (tree.od.come ? BIT(16) : 0) |
           (over_drive() ? BIT(17) : 0);
}

static void over_drive_begins(uint32_t v)
{
    MODEL_RULE(tree.chip->over_drive.sysclk != 0, "there is no over-drive");
    MODEL_RULE(tree.sws != 2 && (tree.cfgr & 3) != 2,
               "over-drive begins on the PLL");
    MODEL_RULE(tree.pll.wanted, "over-drive begins before PLLON");
    MODEL_RULE((v & tree.chip->vos) == tree.chip->vos,
               "over-drive begins without VOS scale 1");
}

static void pwr_wr(uint32_t off, uint32_t v)
{
    uint32_t on = v & ~tree.pwr;

    clock_needed("PWR");
    MODEL_RULE(off == 0, "PWR, 0x%02x, is not to be written", off);
    must_stay("PWR_CR", tree.pwr, v, ~(tree.chip->vos | PWR_ODEN | PWR_ODSWEN));
    MODEL_RULE(((tree.pwr ^ v) & tree.chip->vos) == 0 || !tree.pll.wanted,
               "VOS changes while the PLL is on");
    if ((on & PWR_ODEN) != 0) {
        over_drive_begins(v);
    }
    if ((on & PWR_ODSWEN) != 0) {
        MODEL_RULE(tree.od.come && (v & PWR_ODEN) != 0,
                   "ODSWEN comes before ODRDY");
        MODEL_RULE(gates_open_but("PWR") == NULL,
                   "over-drive is switched while %s runs",
                   gates_open_but("PWR"));
    }
    MODEL_RULE((v & PWR_ODEN) != 0 || tree.sws != 2,
               "over-drive ends on the PLL");
    tree.pwr = v;
    soon_want(&tree.leaving, tree.odsw.come && (v & PWR_ODSWEN) == 0);
    soon_want(&tree.od, (v & PWR_ODEN) != 0);
    soon_want(&tree.odsw, (v & PWR_ODSWEN) != 0);
}

static struct model_unit pwr = {
    .name = "PWR", .base = PWR_BASE, .size = 0x400, .rd = pwr_rd, .wr = pwr_wr};

/* --- wait states -------------------------------------------------------------- */

static uint32_t acr_rd(uint32_t off)
{
    (void)off;
    return (tree.acr & ~15u) | tree.latency;
}

static void acr_wr(uint32_t off, uint32_t v)
{
    uint32_t hclk = rates_now().hclk;

    (void)off;
    must_stay("FLASH_ACR", 0, v, ~tree.chip->acr);
    MODEL_RULE(((v & 15) + 1) * 30 * MHZ >= hclk,
               "%u wait states are too few for %u Hz", v & 15, hclk);
    tree.acr = v;
    soon_want(&tree.ws, false);
    soon_want(&tree.ws, (v & 15) != tree.latency);
}

/* The rest of FLASH is another model's. */
static struct model_unit acr = {.name = "FLASH_ACR",
                                .base = FLASH_R_BASE,
                                .size = 4,
                                .rd = acr_rd,
                                .wr = acr_wr};

void tree_begin(const char *chip)
{
    const struct v1_chip *c = v1_chips;

    while (c->name != NULL && strcmp(c->name, chip) != 0) {
        c++;
    }
    if (c->name == NULL) {
        model_broken("there is no chip %s", chip);
    }
    memset(&tree, 0, sizeof tree);
    tree.chip = c;
    tree.cr = 0x81;
    tree.pllcfgr = 0x24003010;
    tree.pwr = c->pwr_reset;
    tree.hse.name = "HSERDY";
    tree.pll.name = "PLLRDY";
    tree.vos.name = "VOSRDY";
    tree.od.name = "ODRDY";
    tree.odsw.name = "ODSWRDY";
    tree.leaving.name = "ODSWRDY leaving";
    tree.sw.name = "SW";
    tree.ws.name = "LATENCY";
    model_add(&pwr);
    model_add(&acr);
}
