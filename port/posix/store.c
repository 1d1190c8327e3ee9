/* SPDX-License-Identifier: BSD-3-Clause */
#include "store.h"

#include "tinymx/err.h"
#include "util/log.h"
#include "why.h"

static struct mx_maildir maildir;
static struct mx_block_file file = {.fd = -1};
static struct mx_spool spool;
static bool is_spool;

static void log_spool(const struct mx_spool_stats *s)
{
    log_begin(MX_LOG_INFO, "spool", 0);
    log_u32("messages", s->messages);
    log_u32("unseen", s->unseen);
    log_u32("used_kb", s->used_kb);
    log_u32("size_kb", s->size_kb);
    log_u32("damaged", s->damaged);
    log_u32("bad", s->bad);
    log_end();
}

/* What the errors of mx_spool_mount() are to the owner of a file. */
static int refuse(const struct options *o, int rc, char *why)
{
    switch (rc) {
    case MX_EFORMAT:
        return why_set(why, rc,
                       "%s holds something that is not a spool: name another "
                       "file, or remove this one",
                       o->spool);
    case MX_ENOTSUP:
        return why_set(why, rc, "%s is the spool of a newer tinymx", o->spool);
    case MX_ENOSPC:
        return why_set(why, rc,
                       "%s is too small for a spool: remove it, and give a "
                       "larger --spool-size",
                       o->spool);
    default:
        return why_set(why, rc, "%s cannot be a spool: %s", o->spool,
                       mx_strerror(rc));
    }
}

static int open_spool(const struct options *o, char *why)
{
    const struct mx_spool_config config = {
        .full = (enum mx_spool_full)o->spool_full};
    int rc = mx_block_file_open(&file, o->spool, o->spool_size, why);

    if (rc != 0) {
        return rc;
    }
    rc = mx_spool_mount(&spool, &file.block, &config);
    if (rc != 0) {
        mx_block_file_close(&file);
        return refuse(o, rc, why);
    }
    log_spool(mx_spool_stats(&spool));
    return 0;
}

int store_open(const struct options *o, char *why)
{
    is_spool = o->spool != NULL;
    return is_spool ? open_spool(o, why)
                    : mx_maildir_init(&maildir, o->maildir, why);
}

void store_close(void)
{
    if (is_spool) {
        mx_block_file_close(&file);
    } else {
        mx_maildir_close(&maildir);
    }
}

struct mx_sink *store_sink(void)
{
    return is_spool ? &spool.sink : &maildir.sink;
}

struct mx_spool *store_spool(void)
{
    return is_spool ? &spool : NULL;
}

uint32_t store_max_message(uint32_t asked)
{
    uint32_t wanted = asked != 0 ? asked : MX_MESSAGE_MAX;

    return is_spool && mx_spool_largest(&spool) < wanted
               ? mx_spool_largest(&spool)
               : asked;
}

bool store_poll(void)
{
    return is_spool && mx_spool_poll(&spool);
}
