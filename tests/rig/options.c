/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include "platform.h"

#include <stdlib.h>
#include <string.h>

static enum fault fault_of(const char *name)
{
    static const char *const names[FAULTS] = {
        [FAULT_NONE] = "none",   [FAULT_TWICE] = "twice",
        [FAULT_NEVER] = "never", [FAULT_SHORT] = "short",
        [FAULT_REPLY] = "reply", [FAULT_PBUF] = "pbuf",
        [FAULT_ARENA] = "arena",
    };

    for (int i = 0; i < FAULTS; i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum fault)i;
        }
    }
    give_up("no such fault: %s", name);
}

void options_read(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            o->name = argv[i];
        } else if (i + 1 == argc) {
            give_up("%s: of what?", argv[i]);
        } else if (strcmp(argv[i], "--seed") == 0) {
            o->seed = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--count") == 0) {
            o->count = (unsigned)strtoul(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--fault") == 0) {
            o->fault = fault_of(argv[++i]);
        } else {
            give_up("no such option: %s", argv[i]);
        }
    }
}
