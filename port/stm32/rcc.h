/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reset and clock control: the clock tree, the gates, what ended the last life.
 * rcc.c over a tree: rcc_v1.c with rcc_f4.c or rcc_f7.c; rcc_h7.c.
 */
#ifndef TINYMX_STM32_RCC_H
#define TINYMX_STM32_RCC_H

#include <stdbool.h>
#include <stdint.h>

/* From the crystal to the core: a board's data. F4, F7:
 * SYSCLK = HSE / m * n / p, 48 MHz = HSE / m * n / q. H7: PLL1, p to SYSCLK. */
struct rcc_plan {
    uint32_t hse_hz;
    bool hse_bypass; /* a clock from outside, not a crystal */
    uint16_t m, n;
    uint8_t p, q;
    uint8_t ahb, apb1, apb2; /* dividers of SYSCLK, and of HCLK: 1, 2, 4 ... */
    uint8_t flash_latency;   /* wait states */
    bool over_drive;         /* F7 above 180 MHz */
};

struct rcc_clocks {
    uint32_t core_hz; /* SysTick's; F4, F7: hclk_hz */
    uint32_t hclk_hz;
    uint32_t pclk1_hz;
    uint32_t pclk2_hz;
    bool hsi; /* the plan did not work out: hw_missed() says of what */
};

/* Brings the plan up. When a bit never comes the chip stays on, or goes back to,
 * its internal oscillator, at its pace, and everything works but what
 * needs an exact clock. Called once, first of all. */
void rcc_start(const struct rcc_plan *plan, struct rcc_clocks *clocks);

/* What has a gate and a reset. GPIO ports follow each other. */
enum rcc_unit {
    RCC_GPIOA,
    RCC_GPIOB,
    RCC_GPIOC,
    RCC_GPIOD,
    RCC_GPIOE,
    RCC_GPIOF,
    RCC_GPIOG,
    RCC_GPIOH,
    RCC_SYSCFG,
    RCC_USART1,
    RCC_USART2,
    RCC_USART3,
    RCC_USART6,
    RCC_RNG,
    RCC_ETH,  /* the MAC's gates, all of them */
    RCC_SRAM, /* H7: the D2 domain's */
    RCC_UNITS
};

/* Lets its clock run, and waits until a write would arrive. */
void rcc_enable(enum rcc_unit unit);

/* Into reset, and out of it. */
void rcc_hold(enum rcc_unit unit);
void rcc_release(enum rcc_unit unit);

/* What ended the last life, "power-on", "watchdog"...; read by the first call,
 * and cleared in the chip. */
const char *rcc_reset_cause(void);

#endif
