/* SPDX-License-Identifier: BSD-3-Clause */
#include "records.h"

#include "fuzz.h"

/* Alerts to clients that were not understood are of version 3.1 or 3.3. */
static void check_header(struct records *r)
{
    r->left = (size_t)r->head[3] << 8 | r->head[4];
    r->fill = 0;
    r->whole++;
    FUZZ_CHECK(r->head[0] >= 20 && r->head[0] <= 23);
    FUZZ_CHECK(r->head[1] == 3 && (r->head[2] == 1 || r->head[2] == 3));
    FUZZ_CHECK(r->left > 0 && r->left <= 16384 + 256);
}

void records_push(struct records *r, const void *data, size_t len)
{
    const uint8_t *bytes = data;

    for (size_t i = 0; i < len; i++) {
        if (r->left > 0) {
            r->left--;
            continue;
        }
        r->head[r->fill++] = bytes[i];
        if (r->fill == sizeof r->head) {
            check_header(r);
        }
    }
}
