/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A PHY is asked, it does not call: every 250 ms a step of this.
 *
 *              reset is written             it is over
 *     ST_RESET ───────────────► ST_RESETTING ────────► ST_LINK: up, down
 *        ▲                           │                    │
 *        └───────────────────────────┴────────────────────┘
 *               no answer, or no end of it, for a second
 *
 * Where no PHY is the line floats, and reads as ones, as no register of ours
 * ever is; or it is stuck at zero, as no status register is (IEEE 802.3
 * 22.2.4.2).
 */
#include "phy.h"

#include "regs/phy.h"

#include <stddef.h>

#define ASK_MS 250u
#define SILENT_MS 1000u /* a reset takes half of it at most (22.2.4.1.1) */

enum state { ST_RESET, ST_RESETTING, ST_LINK };

static struct {
    enum state state;
    uint8_t address;
    bool began; /* the times below are */
    uint32_t asked_ms;
    uint32_t answered_ms;
    uint16_t ours; /* what it took of EVERYTHING */
    struct phy_link link;
} phy;

static struct phy_stats stats;

/* The best that both can do (annex 28B.3). */
static const struct {
    uint16_t ability;
    struct phy_link link;
} best[] = {
    {PHY_ANAR_FULL100, {.up = true, .fast = true, .full = true}},
    {PHY_ANAR_HALF100, {.up = true, .fast = true}},
    {PHY_ANAR_FULL10, {.up = true, .full = true}},
    {PHY_ANAR_HALF10, {.up = true}},
};
#define BEST (sizeof best / sizeof best[0])

#define EVERYTHING                                                             \
    (PHY_ANAR_FULL100 | PHY_ANAR_HALF100 | PHY_ANAR_FULL10 | PHY_ANAR_HALF10 | \
     PHY_ANAR_SELECTOR_8023)

static bool rd(uint8_t reg, uint16_t *value)
{
    return mdio_read(phy.address, reg, value) && *value != 0xffff;
}

static bool wr(uint8_t reg, uint32_t value)
{
    return mdio_write(phy.address, reg, (uint16_t)value);
}

static bool status(uint16_t *bsr)
{
    return rd(PHY_BSR, bsr) && *bsr != 0;
}

static void begin_anew(void)
{
    phy.state = ST_RESET;
    phy.link = (struct phy_link){.up = false};
}

/* --- a step in each state; false: it did not get on ----------------------- */

static bool reset(void)
{
    if (!wr(PHY_BCR, PHY_BCR_RESET)) {
        return false;
    }
    phy.state = ST_RESETTING;
    return true;
}

/* When it is over: who is it? Then negotiation, of all that it can do, and no
 * longer isolated from the MAC as some are that have address 0. */
static bool resetting(void)
{
    uint16_t bcr, bsr;

    if (!status(&bsr) || !rd(PHY_BCR, &bcr) || (bcr & PHY_BCR_RESET) != 0 ||
        !rd(PHY_ID1, &stats.id1) || !rd(PHY_ID2, &stats.id2) ||
        !wr(PHY_ANAR, EVERYTHING) || !rd(PHY_ANAR, &phy.ours) ||
        !wr(PHY_BCR, PHY_BCR_ANENABLE | PHY_BCR_ANRESTART)) {
        return false;
    }
    phy.state = ST_LINK;
    return true;
}

static struct phy_link common(uint16_t abilities)
{
    for (size_t i = 0; i < BEST; i++) {
        if ((abilities & best[i].ability) != 0) {
            return best[i].link;
        }
    }
    return (struct phy_link){.up = false};
}

/* BSR is read once: LINK is 0 until then if the link was lost meanwhile, and what
 * was negotiated since may be different. A side that does not negotiate is in
 * ANLPAR as well (28.2.3.1, parallel detection). A PHY that is not as it was left
 * had no power for a moment. */
static bool linked(void)
{
    uint16_t bsr, bcr, ours, theirs;

    if (!status(&bsr) || !rd(PHY_BCR, &bcr) || !rd(PHY_ANAR, &ours) ||
        !rd(PHY_ANLPAR, &theirs)) {
        return false;
    }
    if ((bcr & PHY_BCR_ANENABLE) == 0 || ours != phy.ours) {
        begin_anew();
    } else if ((bsr & PHY_BSR_LINK) == 0 || (bsr & PHY_BSR_ANDONE) == 0) {
        phy.link = (struct phy_link){.up = false};
    } else {
        phy.link = common(ours & theirs);
    }
    return true;
}

static bool (*const step[])(void) = {
    [ST_RESET] = reset,
    [ST_RESETTING] = resetting,
    [ST_LINK] = linked,
};

/* --- phy.h ---------------------------------------------------------------- */

void phy_start(uint8_t address)
{
    phy.address = address;
    phy.began = false;
    begin_anew();
}

/* No answer: begins anew if that has been so for long. */
static void silence(uint32_t now_ms)
{
    if (now_ms - phy.answered_ms >= SILENT_MS) {
        stats.restarts++;
        phy.answered_ms = now_ms;
        begin_anew();
    }
}

static bool same(struct phy_link a, struct phy_link b)
{
    return a.up == b.up && a.fast == b.fast && a.full == b.full;
}

bool phy_poll(uint32_t now_ms, struct phy_link *link)
{
    struct phy_link before = phy.link;

    if (phy.began && now_ms - phy.asked_ms < ASK_MS) {
        *link = phy.link;
        return false;
    }
    phy.asked_ms = now_ms;
    if (!phy.began) {
        phy.began = true;
        phy.answered_ms = now_ms;
    }
    if (step[phy.state]()) {
        phy.answered_ms = now_ms;
    } else {
        silence(now_ms);
    }
    *link = phy.link;
    if (same(before, phy.link)) {
        return false;
    }
    stats.changes++;
    return true;
}

const struct phy_stats *phy_stats(void)
{
    return &stats;
}
