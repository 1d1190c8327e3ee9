/* SPDX-License-Identifier: BSD-3-Clause */
#include "device.h"

#include "mailbox.h"
#include "pop3.h"

#include "tinymx/err.h"
#include "util/log.h"

/* That of the configuration, or the device's own. */
static void start_identity(struct device *d, const struct mx_settings *s)
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
        rc = mx_keeper_start(&d->keeper, &config, &why);
    }
    if (rc != 0) {
        log_begin(MX_LOG_ERROR, "identity", 0);
        log_text("tls", "not offered");
        log_text("error", mx_strerror(rc));
        log_end();
    }
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

int device_start(struct device *d, const struct mx_settings *settings,
                 int (*net)(const struct mx_settings *settings))
{
    struct mx_server_config config = {
        .sink = mailbox_sink(),
        .policy = &d->table.policy,
    };
    int rc;

    mailbox_start();
    config.max_message = mailbox_max_message();
    mx_settings_server(settings, &config);
    config.max_message = least(config.max_message, mailbox_max_message());
    start_identity(d, settings);
    config.identity = mx_keeper_identity(&d->keeper);
    if (mailbox_spool() != NULL && config.identity != NULL) {
        config.pop3 = pop3_start(mailbox_spool(), settings);
    }
    mx_table_init_names(&d->table,
                        mx_settings_names(settings, MX_SETTING_DOMAIN),
                        mx_settings_names(settings, MX_SETTING_RCPT));
    rc = net(settings);
    if (rc == 0) {
        rc = mx_server_init(&d->server, &config);
    }
    mx_keeper_serve(&d->keeper, rc == 0 ? &d->server : NULL);
    return rc;
}

uint32_t device_poll(struct device *d)
{
    bool more = mailbox_poll();
    uint32_t ms;

    mx_keeper_poll(&d->keeper);
    ms = mx_server_poll(&d->server);
    return more ? 0 : ms;
}
