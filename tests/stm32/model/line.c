/* SPDX-License-Identifier: BSD-3-Clause */
/* What is the same in both versions of a USART: the wires, and what is lost. */
#include "line.h"

#include "clock.h"
#include "model.h"

#include <string.h>

struct line line;

static struct {
    char wire[LINE_MOST], good[LINE_MOST], sent[LINE_MOST];
    size_t put, come, goods, sends;
    unsigned broken;
    bool stuck, is_good; /* what is in DR */
} side;

void line_begin(unsigned broken)
{
    memset(&line, 0, sizeof line);
    memset(&side, 0, sizeof side);
    line.txe = true;
    side.broken = broken;
    line_add();
}

void line_put(const char *text, size_t len)
{
    if (len > LINE_MOST - side.put) {
        model_broken("the test puts too much on the line");
    }
    memcpy(side.wire + side.put, text, len);
    side.put += len;
}

bool line_idle(void)
{
    return side.come == side.put;
}

bool line_asks(void)
{
    return line.enabled && line.listens &&
           (line.rxne || (line.flags & LINE_ORE) != 0);
}

const char *line_good(size_t *len)
{
    *len = side.goods;
    return side.good;
}

const char *line_sent(size_t *len)
{
    *len = side.sends;
    return side.sent;
}

void line_stuck(bool stuck)
{
    side.stuck = stuck;
}

uint32_t line_baud(void)
{
    return clock_hz("PCLK1") / line.brr;
}

/* --- the registers' meaning -------------------------------------------------- */

void line_enable(bool on, bool receives, bool sends, bool listens)
{
    MODEL_RULE(!on || line.brr >= 16, "USART: UE before BRR");
    line.enabled = on && receives && sends;
    line.listens = listens;
}

void line_divide(uint32_t brr)
{
    MODEL_RULE(!line.enabled, "USART: BRR changes while UE is on");
    MODEL_RULE(brr >= 16 && brr <= 0xffff, "USART: BRR is %u", brr);
    line.brr = brr;
}

void line_write(uint32_t value)
{
    MODEL_RULE(line.enabled, "USART: sends before UE");
    MODEL_RULE(line.txe, "USART: sends before TXE");
    MODEL_RULE(value <= 0xff, "USART: sends 0x%x", value);
    if (side.sends < LINE_MOST) {
        side.sent[side.sends++] = (char)value;
    }
    line.txe = false;
}

/* What came after the last look is lost, if it is read unseen. */
char line_read(bool known)
{
    if (line.rxne && !known && side.is_good) {
        side.goods--;
    }
    line.rxne = false;
    return line.data;
}

/* Behind an overrun a flag may be there still that was an earlier one's. */
static void arrive(char c)
{
    bool broken = side.broken != 0 && model_chance(side.broken);
    bool marked = (line.flags & ~(unsigned)LINE_ORE) != 0;

    if (line.rxne) {
        line.flags |= LINE_ORE;
        return;
    }
    line.rxne = true;
    line.data = c;
    side.is_good = !broken && !marked;
    if (broken) {
        line.flags |= model_chance(2) ? LINE_FE : LINE_NE;
    } else if (side.is_good) {
        side.good[side.goods++] = c;
    }
}

void line_step(void)
{
    if (!line.txe && !side.stuck) {
        line.txe = model_chance(8);
    }
    if (line.enabled && side.come < side.put && model_chance(8)) {
        arrive(side.wire[side.come++]);
    }
}
