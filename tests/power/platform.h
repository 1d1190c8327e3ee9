/* SPDX-License-Identifier: BSD-3-Clause */
/* The platform: its randomness is drawn here, so that a seed decides it. */
#ifndef TINYMX_POWER_PLATFORM_H
#define TINYMX_POWER_PLATFORM_H

#include "chance.h"

extern struct chance platform_chance;

#endif
