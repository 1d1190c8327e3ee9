/* SPDX-License-Identifier: BSD-3-Clause */
/* USART of F7 and H7 (RM0410 34, RM0433 48), without its FIFO: errors are cleared
 * in ICR. */
#include "usart.h"

#include "hw.h"
#include "regs/usart_v2.h"

_Static_assert(USART_ISR_PE == USART_ICR_PECF &&
                   USART_ISR_FE == USART_ICR_FECF &&
                   USART_ISR_NE == USART_ICR_NECF &&
                   USART_ISR_ORE == USART_ICR_ORECF,
               "what ISR shows, ICR clears");

#define SPINS 20000u /* longer than a character takes */
#define TRIES 8      /* broken frames passed over; then the interrupt is anew */

/* BRR has pclk / (16 * baud) in 16ths: rounded. */
void usart_start(const struct usart *u, const struct rcc_clocks *clocks)
{
    uint32_t hz = u->apb2 ? clocks->pclk2_hz : clocks->pclk1_hz;

    rcc_enable(u->unit);
    hw_wr(u->base + USART_CR1, 0);
    hw_wr(u->base + USART_BRR, (hz + u->baud / 2) / u->baud);
    hw_wr(u->base + USART_CR1,
          USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_RXNEIE);
}

void usart_putc(const struct usart *u, char c)
{
    if (hw_wait("USART_ISR.TXE", u->base + USART_ISR, USART_ISR_TXE,
                USART_ISR_TXE, SPINS)) {
        hw_wr(u->base + USART_TDR, (uint8_t)c);
    }
}

/* What came in a broken frame is not to be trusted. After an overrun RDR has what
 * was there before. */
bool usart_getc(const struct usart *u, char *c)
{
    const uint32_t broken = USART_ISR_PE | USART_ISR_FE | USART_ISR_NE;

    for (unsigned i = 0; i < TRIES; i++) {
        uint32_t rdr, isr = hw_rd(u->base + USART_ISR);

        if ((isr & (broken | USART_ISR_ORE)) != 0) {
            hw_wr(u->base + USART_ICR, isr & (broken | USART_ISR_ORE));
        }
        if ((isr & USART_ISR_RXNE) == 0) {
            return false;
        }
        rdr = hw_rd(u->base + USART_RDR);
        if ((isr & broken) == 0) {
            *c = (char)(uint8_t)rdr;
            return true;
        }
    }
    return false;
}
