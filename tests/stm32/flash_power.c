/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The spool and the identity store on the areas that a board has, by the real
 * driver on a model of the chip: the power goes in any program of a word and in
 * any erase, and what was promised is there.
 *
 *     stm32_flash_power_F [--seed N] [--ops SEEDS]
 */
#include "flash_outage.h"

#include "contents.h"
#include "inspect.h"
#include "options.h"
#include "story.h"
#include "workload.h"

#include "tinymx/err.h"
#include "tinymx/port.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CUTS 12 /* of a seed */
#define STEPS 400
#define CHANGES 3
#define PAGE_MAX 512

static struct options options = {.seed = 1, .ops = 30};
static struct chance platform;
static unsigned long cuts, erases_most;

/* --- the platform ---------------------------------------------------------------- */

int64_t mx_port_time_s(void)
{
    return 0;
}

int mx_port_entropy(void *buf, size_t len)
{
    chance_fill(&platform, buf, len);
    return 0;
}

void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    (void)level;
    (void)line;
    (void)len;
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    story_end("ASSERTION", "%s:%d: %s", file, line, what);
}

/* When the next cut comes: soon, or after some sectors. */
static uint32_t some_operations(struct chance *chance)
{
    return (uint32_t)chance_between(chance, 1,
                                    UINT64_C(1) << chance_below(chance, 16));
}

static void note_erases(unsigned long before)
{
    unsigned long now = outage_erases() - before;

    erases_most = now > erases_most ? now : erases_most;
}

/* --- mail -------------------------------------------------------------------------- */

static struct device device; /* its block is the driver's */
static struct mx_spool spool;
static struct world world;
static struct mx_block *driver;

static int read(struct mx_block *b, uint32_t block, uint32_t off, void *buf,
                size_t len)
{
    (void)b;
    return driver->read(driver, block, off, buf, len);
}

static int prog(struct mx_block *b, uint32_t block, uint32_t off,
                const void *data, size_t len)
{
    (void)b;
    return driver->prog(driver, block, off, data, len);
}

static int erase(struct mx_block *b, uint32_t block)
{
    (void)b;
    return driver->erase(driver, block);
}

static int sync(struct mx_block *b)
{
    (void)b;
    return driver->sync(driver);
}

static void power_on(uint64_t seed)
{
    driver = outage_on(seed, &board_data.spool);
    device.block = *driver;
    device.block.read = read;
    device.block.prog = prog;
    device.block.erase = erase;
    device.block.sync = sync;
}

static void live(void)
{
    unsigned long before = outage_erases();

    world_mount(&world);
    inspect(&world);
    note_erases(before);
    for (int i = 0; i < STEPS; i++) {
        before = outage_erases();
        workload_step(&world);
        note_erases(before);
    }
    workload_rest(&world);
    inspect(&world);
}

static void empty(void)
{
    world_mount(&world);
    inspect(&world);
    workload_empty(&world);
}

static void mail(uint64_t seed)
{
    outage_new();
    memset(&world, 0, sizeof world);
    world.dev = &device;
    world.spool = &spool;
    world.chance = chance_of(seed, "mail");
    world.greed = 300;
    world.depth = 1; /* nothing is echoed of the device's bytes */
    letter_open();
    letter_shelf(1);
    for (int i = 0; i < CUTS; i++) {
        power_on(seed + (uint64_t)i);
        if (outage_in(some_operations(&world.chance), live)) {
            model_cut(&world.model, false);
            cuts++;
        }
    }
    power_on(seed);
    (void)outage_in(0, empty);
}

static void say_room(void)
{
    struct mx_spool_config config = {.full = MX_SPOOL_REFUSE};
    int rc;

    outage_new();
    power_on(1);
    rc = mx_spool_mount(&spool, &device.block, &config);
    if (rc != 0) {
        story_end("MOUNT", "%s", mx_strerror(rc));
    }
    printf("%u blocks of %" PRIu32 " KB: %" PRIu32 " KB of mail, the largest "
           "message %" PRIu32 " KB\n",
           board_data.spool.count, board_data.spool.block_size / 1024,
           mx_spool_stats(&spool)->size_kb, mx_spool_largest(&spool) / 1024);
}

/* --- identity ------------------------------------------------------------------------ */

static struct mx_idstore store;
static uint8_t page[PAGE_MAX];
static uint32_t may[2]; /* the old contents and those to be */

static void settle(void)
{
    unsigned long before = outage_erases();
    int rc =
        mx_idstore_mount(&store, driver, 0, board_data.identity.count, page);

    note_erases(before);
    if (rc != 0) {
        story_end("MOUNT", "%s", mx_strerror(rc));
    }
    if (contents_are(&store, page, may[1])) {
        may[0] = may[1];
    } else if (!contents_are(&store, page, may[0])) {
        story_end("LOST", "neither %" PRIu32 " nor %" PRIu32, may[0], may[1]);
    }
    may[1] = may[0] != 0 ? may[0] : may[1];
}

static void change(void)
{
    static struct contents contents;
    static uint32_t last;
    unsigned long before;
    int rc;

    settle();
    for (int i = 0; i < CHANGES; i++) {
        may[1] = ++last;
        contents_make(&contents, may[1]);
        before = outage_erases();
        rc = mx_idstore_write(&store, contents.part, page);
        note_erases(before);
        if (rc != 0 || !contents_are(&store, page, may[1])) {
            story_end("WRITE", "contents %" PRIu32 ": %d", may[1], rc);
        }
        may[0] = may[1];
    }
}

static void identity(uint64_t seed)
{
    struct chance chance = chance_of(seed, "identity");

    outage_new();
    may[0] = may[1] = 0;
    for (int i = 0; i < CUTS; i++) {
        uint32_t n = 1 + (uint32_t)chance_below(&chance, i % 2 ? 900 : 8);

        driver = outage_on(seed + (uint64_t)i, &board_data.identity);
        cuts += outage_in(n, change);
    }
    driver = outage_on(seed, &board_data.identity);
    settle();
    settle();
}

/* --- all -------------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    options_read(&options, argc, argv);
    story_begin(TEST_CHIP, options.seed);
    say_room();
    for (uint64_t i = 0; i < options.ops; i++) {
        uint64_t seed = options.seed + i;

        story_begin(TEST_CHIP, seed);
        platform = chance_of(seed, "platform");
        mail(seed);
        identity(seed);
    }
    printf("%lu power cuts; delivered %lu, refused %lu, deleted %lu, mounts "
           "%lu; at most %lu erases in one call\n",
           cuts, world_stats.delivered, world_stats.refused,
           world_stats.deleted, world_stats.mounts, erases_most);
    outage_print();
    return 0;
}
