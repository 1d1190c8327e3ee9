/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a message costs: bytes programmed for each of its own (write
 * amplification), operations and time for a KB, by its size and by how full the
 * spool is of mail that stays. Each message is deleted when the next has come.
 *
 *     bench [--ops LAPS]
 *
 * Time is computed from the operations, by the table here: for NOR flash what data
 * sheets call typical; for SD cards, whose say nothing of the kind, an assumption.
 * `wait` is what the sender waits for; `all` has the work that mx_spool_poll()
 * does while nobody waits.
 */
#include "device.h"
#include "options.h"
#include "platform.h"
#include "story.h"

#include "tinymx/err.h"
#include "tinymx/spool.h"

#include <stdio.h>
#include <string.h>

struct part {
    const char *name;
    struct geometry geometry;
    /* Microseconds: a call, and a byte of it; `page` bytes are programmed at
     * once. */
    double read, read_byte, prog, prog_byte, erase;
    uint32_t page;
};

static const struct part parts[] = {
    {
        .name = "SPI NOR, 50 MHz",
        .geometry = {.name = "nor",
                     .block = {.read_size = 1,
                               .prog_size = 256,
                               .block_size = 4096,
                               .block_count = 192},
                     .erased = 0xff},
        .read = 2,
        .read_byte = 0.16,
        .prog = 700,
        .prog_byte = 0.16,
        .erase = 45000,
        .page = 256,
    },
    {
        .name = "SD card, SPI at 25 MHz",
        .geometry = {.name = "sd",
                     .block = {.read_size = 512,
                               .prog_size = 512,
                               .block_size = 512,
                               .block_count = 1536,
                               .overwrite = true}},
        .read = 300,
        .read_byte = 0.32,
        .prog = 1500,
        .prog_byte = 0.32,
        .page = 512,
    },
};

static const uint32_t sizes[] = {512, 2048, 10240, 51200, 204800};
static const unsigned fills[] = {0, 50, 80};

static struct device device;
static struct mx_spool spool;
static uint8_t text[204800];

static void broken(struct device *dev, const char *rule)
{
    (void)dev;
    story_end("RULE", "%s", rule);
}

static double ms(const struct part *p, const struct device_counts *c)
{
    double pages = (double)c->programmed / p->page;

    return ((double)c->reads * p->read + (double)c->read * p->read_byte +
            pages * p->prog + (double)c->programmed * p->prog_byte +
            (double)c->erases * p->erase) /
           1000;
}

/* --- messages --------------------------------------------------------------- */

#define AGAIN(rc, call)                                                        \
    do {                                                                       \
        (rc) = (call);                                                         \
    } while ((rc) == MX_EAGAIN)

/* 0, or why not. */
static int deliver(uint32_t size)
{
    struct mx_sink *sink = &spool.sink;
    struct mx_envelope env = {.peer = "192.0.2.1", .size = size};
    struct mx_path to = {.text = {"joe@example.test", 16}};
    uint32_t done = 0;
    int msg, rc;

    AGAIN(msg, sink->open(sink, &env));
    if (msg < 0) {
        return msg;
    }
    AGAIN(rc, sink->rcpt(sink, msg, &to));
    while (rc >= 0 && done < size) {
        AGAIN(rc, sink->write(sink, msg, text + done, size - done));
        done += rc > 0 ? (uint32_t)rc : 0;
    }
    if (rc < 0) {
        sink->abort(sink, msg);
        return rc;
    }
    AGAIN(rc, sink->commit(sink, msg));
    return rc;
}

/* Mail that stays, to so many percent of the room. */
static bool fill(unsigned percent)
{
    const struct mx_spool_stats *s = mx_spool_stats(&spool);

    while (s->used_kb * 100 < s->size_kb * percent) {
        if (deliver(3000) != 0) {
            return false;
        }
    }
    return true;
}

static void rest(void)
{
    for (unsigned i = 0; i < 2000 && mx_spool_poll(&spool); i++) {
    }
}

/* --- the table --------------------------------------------------------------- */

struct cost {
    double wait_ms;
    uint64_t bytes;
    bool full;
};

/* Messages of one size come and go, until the device was written to so often. */
static struct cost churn(const struct part *p, uint32_t size, unsigned laps)
{
    struct mx_spool_mail mail = {0};
    struct cost cost = {0};

    while (mx_spool_next(&spool, &mail) > 0) {
    }
    memset(&device.counts, 0, sizeof device.counts);
    do {
        double before = ms(p, &device.counts);

        if (deliver(size) != 0) {
            cost.full = true;
            return cost;
        }
        cost.wait_ms += ms(p, &device.counts) - before;
        cost.bytes += size;
        if (mx_spool_next(&spool, &mail) != 1 ||
            mx_spool_delete(&spool, &mail) != 0) {
            story_end("LOST", "the message that just came");
        }
        rest();
    } while (device.counts.programmed < (uint64_t)laps * device_size(&device));
    return cost;
}

static void measure(const struct part *p, uint32_t size, unsigned percent,
                    unsigned laps)
{
    struct cost cost = {.full = true};
    const struct device_counts *c = &device.counts;
    double kb;

    story_begin(p->name, 1);
    device_open(&device, &p->geometry, 1);
    device.broken = broken;
    platform_chance = chance_of(1, "platform");
    if (mx_spool_mount(&spool, &device.block, &(struct mx_spool_config){0}) !=
        0) {
        story_end("MOUNT", "%s", p->name);
    }
    if (fill(percent)) {
        cost = churn(p, size, laps);
    }
    if (cost.full) {
        printf("%8.1f %5u%%   has no room\n", size / 1024.0, percent);
        return;
    }
    kb = (double)cost.bytes / 1024;
    printf("%8.1f %5u%% %8.2f %9.2f %7.3f %8.2f %8.2f\n", size / 1024.0,
           percent, (double)c->programmed / (double)cost.bytes,
           (double)c->programs / kb, (double)c->erases / kb, cost.wait_ms / kb,
           ms(p, c) / kb);
}

int main(int argc, char **argv)
{
    struct options o = {.ops = 3};

    options_read(&o, argc, argv);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct part *p = &parts[i];

        printf("%s: read %.0f us + %.2f a byte, program %u bytes %.0f us + "
               "%.2f a byte, erase %.0f ms\n",
               p->name, p->read, p->read_byte, p->page, p->prog, p->prog_byte,
               p->erase / 1000);
        printf("%8s %6s %8s %9s %7s %8s %8s\n", "KB", "full", "written",
               "programs", "erases", "wait ms", "all ms");
        printf("%8s %6s %8s %9s %7s %8s %8s\n", "", "", "/byte", "/KB", "/KB",
               "/KB", "/KB");
        for (size_t f = 0; f < sizeof fills / sizeof fills[0]; f++) {
            for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
                measure(p, sizes[s], fills[f], o.ops);
            }
        }
        fflush(stdout);
    }
    return 0;
}
