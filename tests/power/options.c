/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void unknown(const char *arg)
{
    fprintf(stderr, "no such option, or of what? %s\n", arg);
    exit(2);
}

static void set(struct options *o, const char *name, const char *value)
{
    const struct {
        const char *name;
        unsigned *to;
    } numbers[] = {
        {"--ops", &o->ops},   {"--every", &o->every}, {"--ways", &o->ways},
        {"--fail", &o->fail}, {"--bad", &o->bad},
    };

    if (strcmp(name, "--seed") == 0) {
        o->seed = strtoull(value, NULL, 10);
        return;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].to = (unsigned)strtoul(value, NULL, 10);
            return;
        }
    }
    unknown(name);
}

void options_read(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            o->name = argv[i];
        } else if (i + 1 < argc) {
            set(o, argv[i], argv[i + 1]);
            i++;
        } else {
            unknown(argv[i]);
        }
    }
}
