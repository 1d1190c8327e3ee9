/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TINYMX_CONSOLE_STATUS_H
#define TINYMX_CONSOLE_STATUS_H

#include "tinymx/console.h"

void status_run(struct mx_console *c, const char *args);

#endif
