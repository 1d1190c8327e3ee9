/* SPDX-License-Identifier: BSD-3-Clause */
/* What is on the board already: which area it takes its configuration from, so
 * that the next one goes into the other and counts more. */
#define _DEFAULT_SOURCE
#include "provision.h"

#include "file.h"
#include "tinymx/err.h"
#include "why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DUMP_MAX (16u * 1024 * 1024)

/* A place that nobody wrote to yet is as it should be. */
static void say_unused(const char *path, const struct mx_settings_area *area)
{
    const char *why = "";
    struct mx_settings s;

    if (!mx_settings_blank(area->image, area->room) &&
        mx_settings_open(&s, area->image, area->room, &why) != 0) {
        fprintf(stderr, "tinymx-provision: %s: note: %s\n", path, why);
    }
}

static int choose(struct provision_after *after,
                  const struct mx_settings_area *area, uint32_t *counter,
                  char *why)
{
    struct mx_settings s;

    for (unsigned i = 0; i < after->count; i++) {
        say_unused(after->path[i], &area[i]);
    }
    after->newest = mx_settings_choose(&s, area, after->count);
    if (after->newest >= 0 && s.counter == UINT32_MAX) {
        return why_set(why, MX_E2BIG,
                       "%s: its counter is at the end: erase the area, and "
                       "begin anew",
                       after->path[after->newest]);
    }
    *counter = after->newest >= 0 ? s.counter + 1 : 1;
    return 0;
}

/* There is a private key in a dump. */
static void forget(struct mx_settings_area *area, char *dump)
{
    if (dump != NULL) {
        explicit_bzero(dump, area->room);
        free(dump);
    }
}

int provision_after_read(struct provision_after *after, uint32_t *counter,
                         char *why)
{
    struct mx_settings_area area[PROVISION_AREAS] = {{NULL, 0}};
    char *dump[PROVISION_AREAS] = {NULL};
    int rc = 0;

    for (unsigned i = 0; i < after->count && rc == 0; i++) {
        dump[i] = file_read(after->path[i], DUMP_MAX, &area[i].room);
        area[i].image = dump[i];
        if (dump[i] == NULL) {
            rc = why_set(why, MX_EIO, "cannot read %s: %s", after->path[i],
                         strerror(errno));
        }
    }
    if (rc == 0) {
        rc = choose(after, area, counter, why);
    }
    for (unsigned i = 0; i < after->count; i++) {
        forget(&area[i], dump[i]);
    }
    return rc;
}
