/* SPDX-License-Identifier: BSD-3-Clause */
#include "pop3.h"

#include "tinymx/err.h"
#include "tinymx/pop3_server.h"
#include "util/log.h"

#include <stddef.h>

struct mx_pop3_server *pop3_start(struct mx_spool *spool,
                                  const struct mx_settings *settings)
{
    static struct mx_pop3_server pop3;
    const struct mx_pop3_server_config config = {
        .spool = spool,
        .user = mx_settings_text(settings, MX_SETTING_POP3_USER),
        .verifier = mx_settings_text(settings, MX_SETTING_POP3_PASSWORD),
        .port = 110,
    };
    int rc;

    if (config.user == NULL || config.verifier == NULL) {
        return NULL;
    }
    rc = mx_pop3_server_init(&pop3, &config);

    log_begin(rc == 0 ? MX_LOG_INFO : MX_LOG_ERROR, "pop3", 0);
    log_text("state", rc == 0 ? "ready" : mx_strerror(rc));
    log_end();
    return rc == 0 ? &pop3 : NULL;
}
