/* SPDX-License-Identifier: BSD-3-Clause */
/* The board's configuration: an image at the end of its flash, between the
 * linker's config_start and config_end. */
#ifndef TINYMX_CORTEXM_SETUP_H
#define TINYMX_CORTEXM_SETUP_H

#include "tinymx/settings.h"

/* Looks at it once. NULL: there is none that is valid, and the log says why and
 * what to do. */
const struct mx_settings *setup_open(void);

#endif
