/* SPDX-License-Identifier: BSD-3-Clause */
/* RM0410 34.8, RM0433 48.7: CR1, BRR, ISR, ICR, RDR, TDR. Errors go when they
 * are written to ICR. */
#include "clock.h"
#include "line.h"
#include "model.h"

enum { CR1 = 0x00, BRR = 0x0c, ISR = 0x1c, ICR = 0x20, RDR = 0x24, TDR = 0x28 };

static uint32_t cr1;
static bool seen_rxne;

static uint32_t read_isr(void)
{
    seen_rxne = line.rxne;
    return line.flags | (line.rxne ? 0x20u : 0) | (line.txe ? 0x80u : 0);
}

static uint32_t usart_rd(uint32_t off)
{
    clock_needed("USART3");
    switch (off) {
    case CR1:
        return cr1;
    case BRR:
        return line.brr;
    case ISR:
        return read_isr();
    case RDR:
        return (uint8_t)line_read(seen_rxne);
    default:
        model_broken("USART has nothing that we use at 0x%02x", off);
    }
}

static void usart_wr(uint32_t off, uint32_t v)
{
    clock_needed("USART3");
    switch (off) {
    case CR1:
        MODEL_RULE((v & ~0x2du) == 0, "USART_CR1: 0x%08x", v);
        cr1 = v;
        line_enable((v & 1) != 0, (v & 4) != 0, (v & 8) != 0, (v & 0x20) != 0);
        break;
    case BRR:
        line_divide(v);
        break;
    case ICR:
        MODEL_RULE((v & ~15u) == 0, "USART_ICR: 0x%08x", v);
        line.flags &= ~v;
        break;
    case TDR:
        line_write(v);
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
    seen_rxne = false;
    model_add(&unit);
}
