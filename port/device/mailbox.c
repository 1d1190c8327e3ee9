/* SPDX-License-Identifier: BSD-3-Clause */
#include "mailbox.h"

#include "places.h"

#include "tinymx/block.h"
#include "tinymx/err.h"
#include "tinymx/keeper.h"
#include "util/log.h"

static struct mx_block *device; /* NULL: there is none */
static struct mx_spool spool;
static bool mounted;

static int open_nothing(struct mx_sink *sink, const struct mx_envelope *env)
{
    (void)sink;
    (void)env;
    return MX_EIO;
}

static const char *state(int rc)
{
    if (rc == 0) {
        return "ready";
    }
    if (rc == MX_ENOSPC) {
        return "its spool takes the identity's blocks: save the mail with "
               "tinymx-spool, then the command format";
    }
    return rc == MX_EFORMAT
               ? "something else is on it; the command format makes it a spool"
               : mx_strerror(rc);
}

static void log_state(int rc)
{
    const struct mx_spool_stats *s = mx_spool_stats(&spool);

    log_begin(rc == 0 ? MX_LOG_INFO : MX_LOG_ERROR, "spool", 0);
    log_u32("messages", s->messages);
    log_u32("unseen", s->unseen);
    log_u32("used_kb", s->used_kb);
    log_u32("size_kb", s->size_kb);
    log_u32("damaged", s->damaged);
    log_text("state", state(rc));
    log_end();
}

/* The last blocks are the identity's, if it has no place of its own. */
static uint32_t reserve(void)
{
    struct mx_block *own;

    return device == NULL || board_identity(&own) == 0
               ? 0
               : mx_keeper_blocks(device);
}

static struct mx_spool_config config(void)
{
    return (struct mx_spool_config){.reserve_blocks = reserve()};
}

static void mount(int rc)
{
    const struct mx_spool_config cfg = config();

    if (rc == 0) {
        rc = mx_spool_mount(&spool, device, &cfg);
    }
    mounted = rc == 0;
    if (!mounted) {
        spool.sink = (struct mx_sink){.open = open_nothing};
    }
    log_state(rc);
}

void mailbox_start(void)
{
    int rc = board_store(&device);

    if (rc != 0) {
        device = NULL;
    }
    mount(rc);
}

void mailbox_identity(struct mx_keeper_config *config)
{
    if (board_identity(&config->dev) == 0) {
        config->first = 0;
        config->blocks = mx_keeper_blocks(config->dev);
    } else if (device != NULL) {
        config->dev = device;
        config->blocks = reserve();
        config->first = device->block_count - config->blocks;
    }
}

struct mx_sink *mailbox_sink(void)
{
    return &spool.sink;
}

uint32_t mailbox_max_message(void)
{
    uint32_t largest = mounted ? mx_spool_largest(&spool) : UINT32_MAX;

    return largest < MX_MESSAGE_MAX ? largest : (uint32_t)MX_MESSAGE_MAX;
}

struct mx_spool *mailbox_spool(void)
{
    return mounted ? &spool : NULL;
}

bool mailbox_poll(void)
{
    return mounted && mx_spool_poll(&spool);
}

int mailbox_format(void)
{
    const struct mx_spool_config cfg = config();
    int rc;

    if (mounted) {
        return MX_EEXIST;
    }
    rc = device != NULL ? mx_spool_format(&spool, device, &cfg) : MX_EIO;
    mount(rc);
    return rc;
}
