/* SPDX-License-Identifier: BSD-3-Clause */
/* What the programs here can be told:
 *
 *     PROGRAM [--seed N] [--ops N] [--every N] [--ways N] [--fail PERMILLE]
 *             [--bad N] [GEOMETRY]
 */
#ifndef TINYMX_POWER_OPTIONS_H
#define TINYMX_POWER_OPTIONS_H

#include <stdint.h>

struct options {
    uint64_t seed;
    unsigned ops; /* programs, erases, syncs of each device */
    unsigned
        every;     /* so many of them is one in which the power goes; 0: none */
    unsigned ways; /* of enum torn, the first so many */
    unsigned fail; /* so many of a thousand operations do */
    unsigned bad;  /* so many blocks are, for good */
    const char *name; /* NULL: every geometry */
};

/* Over what is in `o`. Ends the program at one it does not know. */
void options_read(struct options *o, int argc, char **argv);

#endif
