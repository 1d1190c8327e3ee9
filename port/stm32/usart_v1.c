/* SPDX-License-Identifier: BSD-3-Clause */
/* USART of F4 (RM0090 30): errors are cleared by a look at SR and DR. */
#include "usart.h"

#include "hw.h"
#include "regs/usart_v1.h"

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
    if (hw_wait("USART_SR.TXE", u->base + USART_SR, USART_SR_TXE, USART_SR_TXE,
                SPINS)) {
        hw_wr(u->base + USART_DR, (uint8_t)c);
    }
}

/* What came in a broken frame is not to be trusted. After an overrun DR has what
 * was there before; but if that was taken already there is nothing. */
bool usart_getc(const struct usart *u, char *c)
{
    const uint32_t broken = USART_SR_PE | USART_SR_FE | USART_SR_NE;

    for (unsigned i = 0; i < TRIES; i++) {
        uint32_t dr, sr = hw_rd(u->base + USART_SR);

        if ((sr & (USART_SR_RXNE | USART_SR_ORE | broken)) == 0) {
            return false;
        }
        dr = hw_rd(u->base + USART_DR);
        if ((sr & USART_SR_RXNE) != 0 && (sr & broken) == 0) {
            *c = (char)(uint8_t)dr;
            return true;
        }
    }
    return false;
}
