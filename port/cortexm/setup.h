/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The board's configuration: images in its flash, in two places that the
 * board's linker script names. Who writes a new one writes it over the one that
 * does not count, so that a power cut in that leaves the old one.
 *
 *     config_a_start ··· config_a_end     config_b_start ··· config_b_end
 *
 * A board may have no B: then that is of no length.
 */
#ifndef TINYMX_CORTEXM_SETUP_H
#define TINYMX_CORTEXM_SETUP_H

#include "tinymx/settings.h"

/* Takes the valid one with the higher counter, A of equal ones; the log says
 * which that is, and of the other one why not. NULL: none is valid, and the log
 * says why and what to do. Called once. */
const struct mx_settings *setup_open(void);

#endif
