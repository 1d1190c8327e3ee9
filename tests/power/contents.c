/* SPDX-License-Identifier: BSD-3-Clause */
#include "contents.h"

#include "chance.h"
#include "story.h"

#include <inttypes.h>
#include <string.h>

/* Every second change is of the chain only. */
static size_t make(uint32_t number, enum mx_id_part part, uint8_t *buf)
{
    uint64_t of = part == MX_ID_CHAIN ? number : number / 2;
    struct chance chance = chance_of(of * MX_ID_PARTS + part, "contents");
    size_t len = part == MX_ID_CHAIN
                     ? chance_between(&chance, 1, CONTENTS_CHAIN_MAX)
                 : part == MX_ID_NEXT_KEY ? 121 * chance_below(&chance, 2)
                                          : 121;

    chance_fill(&chance, buf, len);
    return number == 0 ? 0 : len;
}

void contents_make(struct contents *c, uint32_t number)
{
    for (unsigned p = 0; p < MX_ID_PARTS; p++) {
        c->part[p].ptr = (const char *)c->bytes[p];
        c->part[p].len = make(number, (enum mx_id_part)p, c->bytes[p]);
    }
}

bool contents_are(struct mx_idstore *store, void *page, uint32_t number)
{
    for (unsigned p = 0; p < MX_ID_PARTS; p++) {
        uint8_t want[CONTENTS_CHAIN_MAX], got[CONTENTS_CHAIN_MAX];
        size_t len = make(number, (enum mx_id_part)p, want);

        if (mx_idstore_len(store, (enum mx_id_part)p) != len) {
            return false;
        }
        if (mx_idstore_read(store, (enum mx_id_part)p, got, page) != 0) {
            story_end("LOST", "contents %" PRIu32 ": a part is not read",
                      number);
        }
        if (memcmp(got, want, len) != 0) {
            return false;
        }
    }
    return true;
}
