/* SPDX-License-Identifier: BSD-3-Clause */
/* A port of pins (RM0090 8.4, RM0410 6.4, RM0433 11.4): the fields of pin 0,
 * behind which the others follow. */
#ifndef TINYMX_STM32_REGS_GPIO_H
#define TINYMX_STM32_REGS_GPIO_H

#define GPIO_MODER 0x00u
#define GPIO_MODER_MODE0 0x00000003u
#define GPIO_MODER_MODE0_AF 2u

#define GPIO_OTYPER 0x04u
#define GPIO_OTYPER_OT0 0x00000001u

#define GPIO_OSPEEDR 0x08u
#define GPIO_OSPEEDR_OSPEED0 0x00000003u
#define GPIO_OSPEEDR_OSPEED0_VERYHIGH 3u

#define GPIO_PUPDR 0x0cu
#define GPIO_PUPDR_PUPD0 0x00000003u

#define GPIO_AFRL 0x20u
#define GPIO_AFRL_AFSEL0 0x0000000fu

#define GPIO_AFRH 0x24u

#endif
