/* SPDX-License-Identifier: BSD-3-Clause */
/* An assertion of the product is one of the proof: it cannot fail. */
#include "tinymx/port.h"

#include "proof.h"

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    (void)file;
    (void)line;
    (void)what;
    PROVE(false, "MX_ASSERT");
    ASSUME(false);
}
