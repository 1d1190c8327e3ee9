/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include "heap.h"
#include "os.h"
#include "settings_image.h"

#include "tinymx/console.h"
#include "tinymx/err.h"
#include "tinymx/idf.h"
#include "tinymx/settings.h"
#include "tinymx/task.h"

#include <string.h>

struct world world;

static struct mx_task_config task;
static void (*typed)(const char *text, size_t len);

/* --- the task ------------------------------------------------------------ */

int mx_task_start(const struct mx_task_config *config)
{
    int rc;

    if (world.task != 0) {
        return world.task;
    }
    task = *config;
    world.stack = config->stack;
    world.priority = config->priority;
    rc = config->start(config->ctx);
    world.runs = rc == 0;
    return rc;
}

int mx_task_call(void (*work)(void *arg), void *arg)
{
    if (world.runs) {
        work(arg);
    }
    return world.runs ? 0 : MX_ECLOSED;
}

uint32_t world_round(void)
{
    return task.poll(task.ctx);
}

/* --- the sdkconfig ------------------------------------------------------- */

void os_facts(struct fit_facts *facts)
{
    *facts = (struct fit_facts){.reserve = 30000};
}

bool fit_check(const struct fit_facts *facts, size_t n,
               struct fit_finding *finding)
{
    (void)facts;
    if (n < world.findings) {
        *finding = world.finding[n];
    }
    return n < world.findings;
}

uint32_t fit_tls_session(const struct fit_facts *facts)
{
    return facts->reserve + 1;
}

void heap_limits(uint32_t reserve, uint32_t session)
{
    world.reserve = reserve;
    world.session = session;
}

uint32_t heap_waits(void)
{
    return 77;
}

void os_menu(struct menu *menu)
{
    *menu = (struct menu){
        .mx_name = world.mx_name != NULL ? world.mx_name : "mx.example.test",
        .domains = "example.test",
        .recipients = "joe@example.test",
        .ntp_server = "time.test",
        .message_max = 50000,
        .task_stack = 12345,
        .task_priority = 6,
    };
}

/* --- what keeps bytes ---------------------------------------------------- */

static const struct mx_block nor = {
    .read_size = 1, .prog_size = 1, .block_size = 4096, .block_count = 32};
static const struct mx_block blobs = {.read_size = 512,
                                      .prog_size = 512,
                                      .block_size = 512,
                                      .block_count = 64,
                                      .overwrite = true};

const void *os_partition_map(const char *label, size_t *len)
{
    static struct settings_image im;

    if (world.image == IMAGE_ABSENT || strcmp(label, "mx_config_a") != 0) {
        return NULL;
    }
    settings_image_begin(&im, 1);
    settings_image_add(&im, MX_SETTING_MX, "flash.test", sizeof "flash.test");
    settings_image_add(&im, MX_SETTING_NTP, "time.test", sizeof "time.test");
    if (world.image == IMAGE_TOO_MUCH) {
        settings_image_number(&im, MX_SETTING_LIMITS, 1000);
    }
    settings_image_seal(&im);
    *len = im.len;
    return im.bytes;
}

int os_partition(const char *label, struct mx_block **dev)
{
    if (world.spool == SPOOL_ABSENT || strcmp(label, "spool") != 0) {
        return MX_EEXIST;
    }
    block_ram_init(&world.flash, &nor, 0xff);
    if (world.spool == SPOOL_JUNK) {
        memset(world.flash.now, 'j', 4096);
        block_ram_settle(&world.flash);
    }
    *dev = &world.flash.block;
    return 0;
}

int os_nvs(struct mx_block **dev)
{
    if (world.nvs == 0) {
        if (world.nvs_blocks.block.block_count == 0) {
            block_ram_init(&world.nvs_blocks, &blobs, 0);
        }
        *dev = &world.nvs_blocks.block;
    }
    return world.nvs;
}

/* --- the rest ------------------------------------------------------------ */

void mx_idf_entropy(bool radio)
{
    world.entropy = true;
    world.radio = radio;
}

void os_server(void)
{
    world.server = true;
}

int os_watch(void)
{
    world.watched = true;
    return world.no_watchdog ? MX_ENOTSUP : 0;
}

void os_feed(void)
{
    world.feeds++;
}

int os_time_start(const char *server)
{
    world.time_server = server;
    return world.time;
}

const char *os_reset_cause(void)
{
    return "task watchdog";
}

void os_status(struct mx_console *c)
{
    mx_console_print(c, "heap: of the world\n");
}

int os_console_start(void (*to)(const char *text, size_t len))
{
    typed = to;
    return world.no_console ? MX_ENOTSUP : 0;
}

void os_console_write(const char *text, size_t len)
{
    strncat(world.wrote, text, len);
}

void world_type(const char *text)
{
    typed(text, strlen(text));
}
