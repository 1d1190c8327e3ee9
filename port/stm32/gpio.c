/* SPDX-License-Identifier: BSD-3-Clause */
#include "gpio.h"

#include "base.h"
#include "hw.h"
#include "rcc.h"
#include "regs/gpio.h"

/* The mask of pin 0, moved to a pin whose fields are `width` bits wide. */
static uint32_t of_pin(uint32_t mask, unsigned pin, unsigned width)
{
    return mask << pin * width;
}

static void give(uint32_t port, const struct gpio_pin *p)
{
    uint32_t af = port + (p->pin < 8 ? GPIO_AFRL : GPIO_AFRH);

    hw_clear(port + GPIO_OTYPER, of_pin(GPIO_OTYPER_OT0, p->pin, 1));
    hw_put(port + GPIO_OSPEEDR, of_pin(GPIO_OSPEEDR_OSPEED0, p->pin, 2),
           GPIO_OSPEEDR_OSPEED0_VERYHIGH);
    hw_clear(port + GPIO_PUPDR, of_pin(GPIO_PUPDR_PUPD0, p->pin, 2));
    hw_put(af, of_pin(GPIO_AFRL_AFSEL0, p->pin % 8, 4), p->af);
    hw_put(port + GPIO_MODER, of_pin(GPIO_MODER_MODE0, p->pin, 2),
           GPIO_MODER_MODE0_AF);
}

void gpio_alternate(const struct gpio_pin *pins, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned n = (unsigned)(pins[i].port - 'A');

        rcc_enable((enum rcc_unit)(RCC_GPIOA + n));
        give(GPIOA_BASE + n * GPIO_STRIDE, &pins[i]);
    }
}
