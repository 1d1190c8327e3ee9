/* SPDX-License-Identifier: BSD-3-Clause */
#include "lan8742a.h"

#include "model.h"

#define BCR 0
#define BSR 1
#define ID1 2
#define ID2 3
#define ANAR 4
#define ANLPAR 5

#define BCR_RESET 0x8000
#define BCR_AN 0x1000
#define BCR_DOWN 0x0c00 /* power down, isolate */
#define BCR_RESTART 0x0200
#define BCR_RESERVED 0x00ff
#define BSR_CAN 0x7809 /* 100, 10, full and half; negotiation; extended */
#define BSR_ANDONE 0x0020
#define BSR_LINK 0x0004

#define ABILITIES 0x01e0
#define FULL 0x0140
#define FAST 0x0180

#define RESET_MS 500 /* at most */
#define AN_MS 2000
#define NEVER UINT32_MAX

static struct {
    uint8_t address;
    bool on, hangs, hang_next;
    uint16_t bcr, anar;
    uint16_t told;     /* ANAR, when negotiation began */
    uint32_t reset_ms; /* to go; 0: not in reset */
    uint32_t an_ms;    /* to go until it has a link */
    bool lost;         /* LINK latches low */
    uint16_t straps;   /* ANAR as they say */
    uint16_t theirs;
    bool they_negotiate;
} phy;

static uint16_t lowest_first(uint16_t bits)
{
    return (uint16_t)(bits & -bits);
}

/* 28B.3: a higher bit is better, in this register's first four. */
static uint16_t best(uint16_t bits)
{
    uint16_t rest = bits & ABILITIES;

    while ((rest & (rest - 1)) != 0) {
        rest = (uint16_t)(rest & ~lowest_first(rest));
    }
    return rest;
}

/* What is seen of the other side: by parallel detection, half duplex. */
static uint16_t seen(void)
{
    uint16_t as_half = (phy.theirs & FAST) != 0 ? 0x0080 : 0x0020;

    if (phy.theirs == 0) {
        return 0;
    }
    return phy.they_negotiate ? phy.theirs | 1 : as_half;
}

static void drop_link(void)
{
    phy.lost = true;
    phy.told = phy.anar;
    phy.an_ms = 1 + model_random(AN_MS);
}

static bool link_up(void)
{
    return phy.on && phy.reset_ms == 0 && phy.an_ms == 0 &&
           (phy.bcr & BCR_DOWN) == 0 && (phy.bcr & BCR_AN) != 0 &&
           best(phy.told & seen()) != 0;
}

static void defaults(bool negotiates)
{
    phy.bcr = negotiates ? 0x3000 : 0x2100;
    phy.anar = phy.straps;
    drop_link();
}

void lan8742a_begin(uint8_t address)
{
    phy.address = address;
    phy.theirs = 0;
    phy.hang_next = false;
    lan8742a_power(true, true);
}

void lan8742a_power(bool on, bool negotiates)
{
    phy.on = on;
    phy.reset_ms = 0;
    phy.hangs = false;
    phy.straps = model_chance(2) ? ABILITIES | 1 : 0x0081;
    defaults(negotiates);
}

void lan8742a_hang(void)
{
    phy.hang_next = true;
}

void lan8742a_cable(uint16_t abilities, bool negotiates)
{
    phy.theirs = abilities;
    phy.they_negotiate = negotiates;
    drop_link();
}

static void count_down(uint32_t *left, uint32_t ms)
{
    *left -= ms < *left ? ms : *left;
}

void lan8742a_pass(uint32_t ms)
{
    if (phy.reset_ms != 0) {
        if (!phy.hangs) {
            count_down(&phy.reset_ms, ms);
        }
    } else if (phy.theirs != 0) {
        count_down(&phy.an_ms, ms);
    }
}

struct lan8742a_link lan8742a_link(void)
{
    uint16_t mode = best(phy.told & seen());

    return (struct lan8742a_link){
        .up = link_up(),
        .fast = (mode & FAST) != 0,
        .full = (mode & FULL) != 0,
    };
}

bool lan8742a_refclk(void)
{
    return phy.on;
}

/* --- by MDIO ------------------------------------------------------------------ */

static uint16_t status(void)
{
    uint16_t bits = BSR_CAN;

    if (link_up()) {
        bits |= BSR_ANDONE;
        bits |= phy.lost ? 0 : BSR_LINK;
    }
    phy.lost = false;
    return bits;
}

uint16_t lan8742a_rd(uint8_t address, uint8_t reg)
{
    if (!phy.on || address != phy.address) {
        return 0xffff; /* the line floats */
    }
    if (phy.reset_ms != 0) {
        return reg == BCR ? BCR_RESET | phy.bcr : model_chance(2) ? 0 : 0xffff;
    }
    switch (reg) {
    case BCR:
        return phy.bcr;
    case BSR:
        return status();
    case ID1:
        return 0x0007;
    case ID2:
        return 0xc131;
    case ANAR:
        return phy.anar;
    case ANLPAR:
        return link_up() ? seen() : 0;
    default:
        model_broken("PHY register %u is not one of this model's", reg);
    }
}

static void wr_bcr(uint16_t value)
{
    MODEL_RULE((value & BCR_RESERVED) == 0, "BCR: reserved bits 0x%04x", value);
    if ((value & BCR_RESET) != 0) {
        phy.hangs = phy.hang_next;
        phy.hang_next = false;
        phy.reset_ms = 1 + model_random(RESET_MS);
        defaults((phy.bcr & BCR_AN) != 0);
        return;
    }
    MODEL_RULE(phy.reset_ms == 0, "PHY written while in reset");
    phy.bcr = value & (uint16_t)~BCR_RESTART;
    if ((value & BCR_RESTART) != 0) {
        drop_link();
    }
}

void lan8742a_wr(uint8_t address, uint8_t reg, uint16_t value)
{
    MODEL_RULE(address < 32 && reg < 32, "MDIO has five bits of each");
    if (!phy.on || address != phy.address) {
        return;
    }
    if (reg == BCR) {
        wr_bcr(value);
        return;
    }
    MODEL_RULE(reg == ANAR, "PHY register %u written", reg);
    MODEL_RULE(phy.reset_ms == 0, "PHY written while in reset");
    MODEL_RULE((value & 0x1f) == 1 && (value & ~(ABILITIES | 0x1f)) == 0,
               "ANAR: 0x%04x is not what it can do", value);
    phy.anar = value;
}
