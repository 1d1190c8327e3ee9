/* SPDX-License-Identifier: BSD-3-Clause */
/* The program of every board with a Cortex-M and no operating system. */
#include "board.h"
#include "commands.h"
#include "cortexm.h"
#include "mailbox.h"
#include "pop3.h"

#include "tinymx/err.h"
#include "tinymx/server.h"
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

static int start(void)
{
    struct mx_server_config config = {
        .mx_name = TINYMX_MX_NAME,
        .sink = mailbox_sink(),
        .policy = &table.policy,
    };
    int rc;

    mailbox_start();
    config.max_message = mailbox_max_message();
    config.identity = make_identity() == 0 ? &identity : NULL;
    if (mailbox_spool() != NULL && config.identity != NULL) {
        config.pop3 = pop3_start(mailbox_spool());
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
    commands_start(&ram.server);
    log_event(MX_LOG_INFO, "ready", 0);
    for (;;) {
        uint32_t ms = net_poll();
        bool more = mailbox_poll();

        more = commands_poll() || more;
        ms = least(mx_server_poll(&ram.server), ms);
        clock_sleep(more ? 0 : ms);
    }
}
