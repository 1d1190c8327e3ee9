/* SPDX-License-Identifier: BSD-3-Clause */
#include "identity/draft.h"

#include "tinymx/err.h"
#include "tinymx/keeper.h"
#include "tls/arena.h"
#include "util/wipe.h"

#include <string.h>

uint32_t mx_keeper_blocks(const struct mx_block *dev)
{
    return mx_idstore_blocks(dev, DRAFT_CHAIN_MAX);
}

struct draft *draft_new(void)
{
    return mx_arena_calloc(1, sizeof(struct draft));
}

void draft_free(struct draft *d)
{
    if (d != NULL) {
        wipe(d, sizeof *d);
        mx_arena_free(d);
    }
}

static int read_part(struct mx_idstore *store, enum mx_id_part part, void *buf,
                     size_t room, size_t *len, void *page)
{
    *len = mx_idstore_len(store, part);
    if (*len > room) {
        return MX_E2BIG;
    }
    return *len > 0 ? mx_idstore_read(store, part, buf, page) : 0;
}

static int read_parts(struct draft *d, struct mx_idstore *store, void *page)
{
    int rc =
        read_part(store, MX_ID_KEY, d->key, sizeof d->key, &d->key_len, page);

    if (rc == 0) {
        rc = read_part(store, MX_ID_NEXT_KEY, d->next, sizeof d->next,
                       &d->next_len, page);
    }
    if (rc == 0) {
        rc = read_part(store, MX_ID_CHAIN, d->chain, sizeof d->chain,
                       &d->chain_len, page);
    }
    return rc;
}

/* The page has had a key in it. */
static void free_page(void *page, const struct mx_idstore *store)
{
    wipe(page, mx_idstore_page(store->dev));
    mx_arena_free(page);
}

int draft_read(struct draft *d, struct mx_idstore *store)
{
    void *page = mx_arena_calloc(1, mx_idstore_page(store->dev));
    int rc;

    if (page == NULL) {
        return MX_ENOMEM;
    }
    rc = read_parts(d, store, page);
    free_page(page, store);
    return rc;
}

int draft_write(const struct draft *d, struct mx_idstore *store)
{
    const struct mx_span parts[MX_ID_PARTS] = {
        [MX_ID_KEY] = {(const char *)d->key, d->key_len},
        [MX_ID_CHAIN] = {(const char *)d->chain, d->chain_len},
        [MX_ID_NEXT_KEY] = {(const char *)d->next, d->next_len},
    };
    void *page = mx_arena_calloc(1, mx_idstore_page(store->dev));
    int rc;

    if (page == NULL) {
        return MX_ENOMEM;
    }
    rc = mx_idstore_write(store, parts, page);
    free_page(page, store);
    return rc;
}

int draft_set_chain(struct draft *d, struct mx_span chain)
{
    if (chain.len > sizeof d->chain) {
        return MX_E2BIG;
    }
    memcpy(d->chain, chain.ptr, chain.len);
    d->chain_len = chain.len;
    return 0;
}

void draft_advance(struct draft *d)
{
    memcpy(d->key, d->next, sizeof d->key);
    d->key_len = d->next_len;
    wipe(d->next, sizeof d->next);
    d->next_len = 0;
    d->chain_len = 0;
}
