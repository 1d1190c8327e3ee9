/* SPDX-License-Identifier: BSD-3-Clause */
/* What the programs of the rig can be told:
 *
 *     PROGRAM [--seed N] [--count N] [--fault NAME] [NAME]
 */
#ifndef TINYMX_RIG_OPTIONS_H
#define TINYMX_RIG_OPTIONS_H

#include <stdint.h>

#include "fault.h"

struct options {
    uint64_t seed;
    unsigned count;
    enum fault fault;
    const char *name; /* NULL: none was given */
};

/* Over what is in `o`. Ends the program at one it does not know. */
void options_read(struct options *o, int argc, char **argv);

#endif
