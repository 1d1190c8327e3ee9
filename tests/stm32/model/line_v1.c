/* SPDX-License-Identifier: BSD-3-Clause */
/* RM0090 30.6: SR, DR, BRR, CR1. Errors go when SR was read with them, and then
 * DR. */
#include "clock.h"
#include "line.h"
#include "model.h"

enum { SR = 0x00, DR = 0x04, BRR = 0x08, CR1 = 0x0c };

static uint32_t cr1;
static unsigned seen;
static bool seen_rxne;

static uint32_t read_sr(void)
{
    seen = line.flags;
    seen_rxne = line.rxne;
    return line.flags | (line.rxne ? 0x20u : 0) | (line.txe ? 0x80u : 0);
}

static uint32_t read_dr(void)
{
    char c = line_read(seen_rxne);

    line.flags &= ~seen;
    seen = 0;
    seen_rxne = false;
    return (uint8_t)c;
}

static uint32_t usart_rd(uint32_t off)
{
    clock_needed("USART3");
    switch (off) {
    case SR:
        return read_sr();
    case DR:
        return read_dr();
    case BRR:
        return line.brr;
    case CR1:
        return cr1;
    default:
        model_broken("USART has nothing that we use at 0x%02x", off);
    }
}

static void usart_wr(uint32_t off, uint32_t v)
{
    clock_needed("USART3");
    switch (off) {
    case DR:
        line_write(v);
        break;
    case BRR:
        line_divide(v);
        break;
    case CR1:
        MODEL_RULE((v & ~0x202cu) == 0, "USART_CR1: 0x%08x", v);
        cr1 = v;
        line_enable((v & 0x2000) != 0, (v & 4) != 0, (v & 8) != 0,
                    (v & 0x20) != 0);
        break;
    default:
        model_broken("USART, 0x%02x, is not to be written", off);
    }
}

static struct model_unit unit = {.name = "USART3",
                                 .base = LINE_BASE,
                                 .size = 0x400,
                                 .rd = usart_rd,
                                 .wr = usart_wr,
                                 .step = line_step};

void line_add(void)
{
    cr1 = 0;
    seen = 0;
    seen_rxne = false;
    model_add(&unit);
}
