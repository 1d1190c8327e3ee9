/* SPDX-License-Identifier: BSD-3-Clause */
/* The program of every board with a Cortex-M and no operating system. */
#include "board.h"
#include "commands.h"
#include "cortexm.h"
#include "mailbox.h"
#include "pop3.h"
#include "setup.h"
#include "timesync.h"

#include "tinymx/err.h"
#include "tinymx/keeper.h"
#include "tinymx/server.h"
#include "util/log.h"

/* Even with nothing to do it goes round: watchdogs, cables. */
#define IDLE_MS 250

static struct mx_server server;
static struct mx_keeper keeper;
static struct mx_table table;

static void say_hello(void)
{
    log_begin(MX_LOG_INFO, "boot", 0);
    log_str("version", TINYMX_VERSION);
    log_str("board", TINYMX_BOARD);
    log_str("reset", board_reset_cause());
    if (fault_last() != NULL) {
        log_text("after", fault_last());
    }
    log_end();
    board_hello();
}

/* That of the configuration, or the device's own. */
static int start_identity(const struct mx_settings *s)
{
    struct mx_keeper_config config = {
        .mx_name = mx_settings_text(s, MX_SETTING_MX),
        .cert = mx_settings_bytes(s, MX_SETTING_CERT),
        .key = mx_settings_bytes(s, MX_SETTING_KEY),
    };
    const char *why = "";
    uint32_t anyway = 0;
    int rc = mx_tls_arena_init();

    mailbox_identity(&config);
    config.anyway = mx_settings_number(s, MX_SETTING_TLS_ANYWAY, &anyway);
    if (rc == 0) {
        rc = mx_keeper_start(&keeper, &config, &why);
    }
    if (rc != 0) {
        log_begin(MX_LOG_ERROR, "identity", 0);
        log_text("tls", "not offered");
        log_text("error", mx_strerror(rc));
        log_end();
    }
    return rc;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* 0; MX_EINVAL: the configuration, and why is logged; or something that only a
 * new start can help. */
static int start(const struct mx_settings *s)
{
    struct mx_server_config config = {
        .sink = mailbox_sink(),
        .policy = &table.policy,
    };
    int rc;

    mailbox_start();
    config.max_message = mailbox_max_message();
    mx_settings_server(s, &config);
    config.max_message = least(config.max_message, mailbox_max_message());
    (void)start_identity(s);
    config.identity = mx_keeper_identity(&keeper);
    if (mailbox_spool() != NULL && config.identity != NULL) {
        config.pop3 = pop3_start(mailbox_spool(), s);
    }
    mx_table_init_names(&table, mx_settings_names(s, MX_SETTING_DOMAIN),
                        mx_settings_names(s, MX_SETTING_RCPT));
    rc = net_start(s);
    if (rc == 0) {
        timesync_start(s);
        rc = mx_server_init(&server, &config);
    }
    mx_keeper_serve(&keeper, rc == 0 ? &server : NULL);
    return rc;
}

static void start_commands(const struct mx_settings *s)
{
    const struct commands_config config = {
        .server = &server,
        .keeper = &keeper,
        .table = &table,
        .addresses = s != NULL ? mx_settings_names(s, MX_SETTING_PUBLIC)
                               : (struct mx_names){NULL, NULL},
    };

    commands_start(&config);
}

/* A device without a configuration has its console and nothing else. */
_Noreturn static void serve_nobody(void)
{
    start_commands(NULL);
    for (;;) {
        board_feed();
        clock_sleep(commands_poll() ? 0 : IDLE_MS);
    }
}

int main(void)
{
    const struct mx_settings *settings;
    int rc = MX_EINVAL;

    fault_start();
    clock_start(board_start());
    say_hello();
    settings = setup_open();
    if (settings != NULL) {
        rc = start(settings);
    }
    if (rc == MX_EINVAL) {
        serve_nobody();
    }
    if (rc != 0) {
        mx_port_fatal(__FILE__, __LINE__, mx_strerror(rc));
    }
    start_commands(settings);
    log_event(MX_LOG_INFO, "ready", 0);
    for (;;) {
        uint32_t ms = net_poll();
        bool more = mailbox_poll();

        more = commands_poll() || more;
        mx_keeper_poll(&keeper);
        ms = least(mx_server_poll(&server), ms);
        board_feed();
        clock_sleep(more ? 0 : least(ms, IDLE_MS));
    }
}
