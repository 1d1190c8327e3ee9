/* SPDX-License-Identifier: BSD-3-Clause */
/* The device in pages, each known by its number. */
#include "store/spool.h"

#include "tinymx/err.h"
#include "util/log.h"

uint32_t spool_block_pages(const struct mx_spool *spool)
{
    return spool->dev->block_size / MX_SPOOL_PAGE;
}

uint64_t spool_device_pages(const struct mx_spool *spool)
{
    return (uint64_t)spool->dev->block_count * spool_block_pages(spool);
}

uint64_t spool_own_pages(const struct mx_spool *spool)
{
    uint64_t reserve =
        (uint64_t)spool->cfg.reserve_blocks * spool_block_pages(spool);
    uint64_t all = spool_device_pages(spool);

    return reserve < all ? all - reserve : 0;
}

static int failed(struct mx_spool *spool, const char *what, uint32_t page)
{
    spool->stats.errors++;
    log_begin(MX_LOG_ERROR, "spool", 0);
    log_str("failed", what);
    log_u32("page", page);
    log_end();
    return MX_EIO;
}

static uint32_t block_of(const struct mx_spool *spool, uint32_t page,
                         uint32_t *off)
{
    uint32_t pages = spool_block_pages(spool);

    *off = page % pages * MX_SPOOL_PAGE;
    return page / pages;
}

/* Once more, since not every error comes back. And a mark that was cut off may
 * be unreadable, in the page of a good head: what can be read, is. The rest
 * becomes what no check sum is right for, and no erased mark. MX_EIO: nothing
 * can be read. */
static int load_pieces(struct mx_spool *spool, uint32_t block, uint32_t off)
{
    bool fits = spool->mark > 0 && spool->mark % spool->dev->read_size == 0;
    uint32_t piece = fits ? spool->mark : MX_SPOOL_PAGE;
    int rc = MX_EIO;

    for (uint32_t at = 0; at < MX_SPOOL_PAGE; at += piece) {
        if (spool->dev->read(spool->dev, block, off + at, spool->page + at,
                             piece) == 0) {
            rc = 0;
            continue;
        }
        for (uint32_t i = 0; i < piece; i++) {
            spool->page[at + i] = (uint8_t)(0xa5 + i);
        }
    }
    return rc;
}

int spool_load(struct mx_spool *spool, uint32_t page)
{
    uint32_t off;
    uint32_t block = block_of(spool, page, &off);
    int rc;

    if (page == spool->cached) {
        return 0;
    }
    spool->cached = SPOOL_NONE;
    rc = spool->dev->read(spool->dev, block, off, spool->page, MX_SPOOL_PAGE);
    if (rc != 0) {
        spool->stats.errors++; /* not worth a line: a cut leaves such */
        rc = load_pieces(spool, block, off);
    }
    if (rc == 0) {
        spool->cached = page;
    }
    return rc;
}

int spool_prog(struct mx_spool *spool, uint32_t page, uint32_t off,
               const void *data, size_t len)
{
    uint32_t at;
    uint32_t block = block_of(spool, page, &at);

    if (page == spool->cached) {
        spool->cached = SPOOL_NONE;
    }
    spool->stats.programs++;
    return spool->dev->prog(spool->dev, block, at + off, data, len) == 0
               ? 0
               : failed(spool, "program", page);
}

int spool_erase(struct mx_spool *spool, uint32_t segment, uint32_t block)
{
    uint32_t page = segment * spool->segment_pages;
    uint32_t off;

    spool->cached = SPOOL_NONE;
    if (spool->dev->overwrite) {
        return 0;
    }
    spool->stats.erases++;
    block += block_of(spool, page, &off);
    return spool->dev->erase(spool->dev, block) == 0
               ? 0
               : failed(spool, "erase", page);
}

int spool_sync(struct mx_spool *spool)
{
    return spool->dev->sync(spool->dev) == 0 ? 0 : failed(spool, "sync", 0);
}

uint8_t *spool_scratch(struct mx_spool *spool)
{
    spool->cached = SPOOL_NONE;
    return spool->page;
}
