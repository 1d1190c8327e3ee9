/* SPDX-License-Identifier: BSD-3-Clause */
/* For tests, not ESP-IDF: what we use of protocol_examples_common.h, as 5.5 and
 * 6.0 have it in examples/common_components. */
#ifndef TINYMX_DECLARED_PROTOCOL_EXAMPLES_COMMON_H
#define TINYMX_DECLARED_PROTOCOL_EXAMPLES_COMMON_H

#include "esp_err.h"

esp_err_t example_connect(void);

#endif
