/* SPDX-License-Identifier: BSD-3-Clause */
/* Clocks, pins, and what the chip says of itself. */
#include "board.h"

#include "regs.h"
#include "typed.h"
#include "sdcard.h"
#include "tinymx/err.h"

#define CLOCK_HZ 50000000u
#define PLL_SPINS 100000u /* it locks within 0.5 ms */

/* The chip's part of the vector table, behind the core's. One that is not there
 * is never enabled. */
__attribute__((section(".vectors.irq"),
               used)) static void (*const handlers[IRQ_COUNT])(void) = {
    [IRQ_UART0] = uart_interrupt,
    [IRQ_ETHERNET] = ethernet_interrupt,
};

static uint32_t reset_cause;

/* 5.3: 8 MHz crystal, PLL at 400 MHz, fixed divider 2, then 4: 50 MHz. Without
 * a lock the core stays at the crystal's pace. */
static void set_clock(void)
{
    uint32_t rcc = SYSCTL_RCC;

    rcc = (rcc | RCC_BYPASS) & ~RCC_USESYSDIV;
    SYSCTL_RCC = rcc;
    rcc &= ~(RCC_XTAL | RCC_OSCSRC | RCC_PWRDN | RCC_MOSCDIS);
    SYSCTL_RCC = rcc | RCC_XTAL_8MHZ;
    rcc = (rcc & ~RCC_SYSDIV) | RCC_XTAL_8MHZ | RCC_USESYSDIV | RCC_SYSDIV_4;
    SYSCTL_RCC = rcc;
    for (uint32_t i = 0; (SYSCTL_RIS & RIS_PLLL) == 0 && i < PLL_SPINS; i++) {
    }
    SYSCTL_RCC = rcc & ~RCC_BYPASS;
}

static void set_pins(void)
{
    SYSCTL_RCGC1 |= RCGC1_UART0 | RCGC1_SSI0;
    SYSCTL_RCGC2 |=
        RCGC2_GPIOA | RCGC2_GPIOD | RCGC2_GPIOF | RCGC2_EMAC0 | RCGC2_EPHY0;
    (void)SYSCTL_RCGC2;         /* a few cycles until the clocks run */
    GPIO_AFSEL(GPIO_A) |= 0x37; /* UART0: 0, 1; SSI0: 2, 4, 5 */
    GPIO_PUR(GPIO_A) |= 0x10;   /* the card's answers, when there is no card */
    GPIO_DEN(GPIO_A) |= 0x37;
    GPIO_DATA(GPIO_D, 1) = 1; /* the card's chip select, high */
    GPIO_DIR(GPIO_D) |= 1;
    GPIO_DEN(GPIO_D) |= 1;
    GPIO_AFSEL(GPIO_F) |= 0x0c; /* the Ethernet LEDs */
    GPIO_DEN(GPIO_F) |= 0x0c;
}

uint32_t board_start(void)
{
    reset_cause = SYSCTL_RESC;
    SYSCTL_RESC = 0;
    set_clock();
    set_pins();
    uart_start(CLOCK_HZ);
    return CLOCK_HZ;
}

/* Nothing that is not the same on every board. */
void board_hello(void)
{
}

void board_status(struct mx_console *c)
{
    (void)c;
}

/* No watchdog. */
void board_feed(void)
{
}

/* The PHY is not asked. */
bool board_eth_link(void)
{
    return true;
}

int board_identity(struct mx_block **dev)
{
    (void)dev;
    return MX_ENOTSUP;
}

/* 5.4, RESC: bits add up until they are cleared; the highest tells most. */
const char *board_reset_cause(void)
{
    static const char *const names[] = {"pin",      "power-on", "brown-out",
                                        "watchdog", "software", "LDO"};

    for (unsigned bit = 6; bit-- > 0;) {
        if ((reset_cause & 1u << bit) != 0) {
            return names[bit];
        }
    }
    return "unknown";
}

bool board_readable(const void *flash, size_t len)
{
    (void)flash;
    (void)len;
    return true;
}

/* The chip has no generator, and nothing from which one could be made. */
int board_entropy(void *buf, size_t len)
{
    (void)buf;
    (void)len;
    return MX_EENTROPY;
}

static struct sdcard card;

int board_store(struct mx_block **dev)
{
    int rc = sdcard_open(&card);

    if (rc == 0) {
        *dev = &card.block;
    }
    return rc;
}

bool board_pending(void)
{
    return ethernet_pending() || typed_pending();
}
