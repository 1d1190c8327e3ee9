/* SPDX-License-Identifier: BSD-3-Clause */
/* The program of every board with a Cortex-M and no operating system. */
#include "board.h"
#include "commands.h"
#include "cortexm.h"
#include "pop3.h"

#include "tinymx/block.h"
#include "tinymx/err.h"
#include "tinymx/server.h"
#include "tinymx/spool.h"
#include "util/log.h"

#include <string.h>

/* The texts of a new identity are gone when the server begins to live. */
static union {
    struct mx_server server;
    struct {
        char cert[MX_IDENTITY_CERT_MAX];
        char key[MX_IDENTITY_KEY_MAX];
    } pem;
} ram;

static struct mx_identity identity;
static struct mx_spool spool;
static bool has_spool;
static struct mx_table table;

static const char *const rcpts[] = {TINYMX_RCPT, NULL};

static void say_hello(void)
{
    log_begin(MX_LOG_INFO, "boot", 0);
    log_str("version", TINYMX_VERSION);
    log_str("board", TINYMX_BOARD);
    log_str("mx", TINYMX_MX_NAME);
    log_str("reset", board_reset_cause());
    if (fault_last() != NULL) {
        log_text("after", fault_last());
    }
    log_end();
}

/* A key and a certificate for this life: nothing keeps them yet. */
static int make_identity(void)
{
    const char *why = "";
    int rc = mx_tls_arena_init();

    if (rc == 0) {
        rc = mx_identity_make(TINYMX_MX_NAME, mx_port_time_s(), ram.pem.cert,
                              ram.pem.key);
    }
    if (rc == 0) {
        rc = mx_identity_load(&identity, ram.pem.cert, strlen(ram.pem.cert),
                              ram.pem.key, strlen(ram.pem.key), &why);
    }
    if (rc != 0) {
        log_begin(MX_LOG_ERROR, "identity", 0);
        log_text("tls", "not offered");
        log_text("error", mx_strerror(rc));
        if (why[0] != '\0') {
            log_text("why", why);
        }
        log_end();
    }
    return rc;
}

/* A device that cannot keep mail must not say 250: without a spool every
 * message is refused for now (451), and the senders try again. */
static int open_nothing(struct mx_sink *s, const struct mx_envelope *env)
{
    (void)s;
    (void)env;
    return MX_EIO;
}

static void log_spool(int rc)
{
    const struct mx_spool_stats *s = mx_spool_stats(&spool);

    log_begin(rc == 0 ? MX_LOG_INFO : MX_LOG_ERROR, "spool", 0);
    log_u32("messages", s->messages);
    log_u32("unseen", s->unseen);
    log_u32("used_kb", s->used_kb);
    log_u32("size_kb", s->size_kb);
    log_u32("damaged", s->damaged);
    log_text("state", rc == 0 ? "ready" : mx_strerror(rc));
    log_end();
}

static void start_spool(struct mx_server_config *config)
{
    static const struct mx_spool_config spool_config;
    struct mx_block *dev = NULL;
    int rc = board_store(&dev);

    if (rc == 0) {
        rc = mx_spool_mount(&spool, dev, &spool_config);
    }
    log_spool(rc);
    has_spool = rc == 0;
    config->sink = &spool.sink;
    if (!has_spool) {
        spool.sink = (struct mx_sink){.open = open_nothing};
    } else if (mx_spool_largest(&spool) < MX_MESSAGE_MAX) {
        config->max_message = mx_spool_largest(&spool);
    }
}

static int start(void)
{
    struct mx_server_config config = {
        .mx_name = TINYMX_MX_NAME,
        .policy = &table.policy,
    };
    int rc;

    start_spool(&config);
    config.identity = make_identity() == 0 ? &identity : NULL;
    if (has_spool && config.identity != NULL) {
        config.pop3 = pop3_start(&spool);
    }
    mx_table_init(&table, NULL, rcpts);
    rc = net_start();
    return rc == 0 ? mx_server_init(&ram.server, &config) : rc;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

int main(void)
{
    int rc;

    fault_start();
    clock_start(board_start());
    say_hello();
    rc = start();
    if (rc != 0) {
        mx_port_fatal(__FILE__, __LINE__, mx_strerror(rc));
    }
    commands_start(&ram.server, has_spool ? &spool : NULL);
    log_event(MX_LOG_INFO, "ready", 0);
    for (;;) {
        uint32_t ms = net_poll();
        bool more = has_spool && mx_spool_poll(&spool);

        more = commands_poll() || more;
        ms = least(mx_server_poll(&ram.server), ms);
        clock_sleep(more ? 0 : ms);
    }
}
