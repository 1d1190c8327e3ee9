/* SPDX-License-Identifier: BSD-3-Clause */
/* GPIO: RM0090 8.4, RM0410 6.4, RM0433 11.4. */
#include "pins.h"

#include "base.h"
#include "clock.h"
#include "model.h"

#include <string.h>

#define PORTS 9 /* A to I */
#define PINS 16
#define AF 2u

enum { MODER = 0x00, OTYPER = 0x04, OSPEEDR = 0x08, PUPDR = 0x0c };
enum { AFRL = 0x20, AFRH = 0x24, SIZE = 0x28 };

static uint32_t reg[PORTS][SIZE / 4];

/* `width` bits of one pin. */
static uint32_t field(uint32_t word, unsigned pin, unsigned width)
{
    return word >> pin * width & ((1u << width) - 1);
}

static uint32_t mode(unsigned port, unsigned pin)
{
    return field(reg[port][MODER / 4], pin, 2);
}

int model_pin_af(char port, unsigned pin)
{
    unsigned p = (unsigned)(port - 'A');

    if (p >= PORTS || pin >= PINS || mode(p, pin) != AF) {
        return -1;
    }
    return (int)field(reg[p][AFRL / 4 + pin / 8], pin % 8, 4);
}

bool pins_fast(char port, unsigned pin)
{
    const uint32_t *r = reg[port - 'A'];

    return field(r[OTYPER / 4], pin, 1) == 0 &&
           field(r[OSPEEDR / 4], pin, 2) == 3 &&
           field(r[PUPDR / 4], pin, 2) == 0;
}

static unsigned port_at(uint32_t off)
{
    const char name[] = {'G', 'P', 'I', 'O', (char)('A' + off / 0x400), 0};

    clock_needed(name);
    MODEL_RULE(off % 0x400 < SIZE, "%s has nothing at 0x%03x", name,
               off % 0x400);
    return off / 0x400;
}

static uint32_t gpio_rd(uint32_t off)
{
    return reg[port_at(off)][off % 0x400 / 4];
}

/* What one pin is to become. */
static void pin_changes(unsigned port, unsigned pin, uint32_t r, uint32_t now)
{
    MODEL_RULE(port != 0 || (pin != 13 && pin != 14), "PA%u is the debugger's",
               pin);
    MODEL_RULE(r < AFRL || mode(port, pin) != AF,
               "P%c%u changes its alternate function while it has one",
               'A' + (int)port, pin);
    MODEL_RULE(r != OSPEEDR || now <= 3, "no such speed");
}

static void gpio_wr(uint32_t off, uint32_t value)
{
    unsigned port = port_at(off);
    uint32_t r = off % 0x400, old = reg[port][r / 4];
    unsigned width = r == OTYPER ? 1 : r >= AFRL ? 4 : 2;
    unsigned first = r == AFRH ? 8 : 0, count = r >= AFRL ? 8 : PINS;

    MODEL_RULE(r <= PUPDR || r >= AFRL, "GPIO, 0x%02x, is not to be written",
               r);
    MODEL_RULE(r != OTYPER || value <= 0xffff, "GPIO_OTYPER: 0x%08x", value);
    for (unsigned i = 0; i < count; i++) {
        if (field(old, i, width) != field(value, i, width)) {
            pin_changes(port, first + i, r, field(value, i, width));
        }
    }
    reg[port][r / 4] = value;
}

static struct model_unit unit = {
    .name = "GPIO",
    .base = GPIOA_BASE,
    .size = PORTS * 0x400,
    .rd = gpio_rd,
    .wr = gpio_wr,
};

/* Pins are inputs, or (H7) analog; the debugger's have their functions. */
void pins_begin(void)
{
    bool analog = GPIOA_BASE == 0x58020000;

    memset(reg, 0, sizeof reg);
    for (unsigned port = 0; port < PORTS; port++) {
        reg[port][MODER / 4] = analog ? 0xffffffff : 0;
    }
    reg[0][MODER / 4] = analog ? 0xabffffff : 0xa8000000;
    reg[0][OSPEEDR / 4] = 0x0c000000;
    reg[0][PUPDR / 4] = 0x64000000;
    reg[1][MODER / 4] = analog ? 0xfffffebf : 0x00000280;
    reg[1][OSPEEDR / 4] = 0x000000c0;
    reg[1][PUPDR / 4] = 0x00000100;
    model_add(&unit);
}
