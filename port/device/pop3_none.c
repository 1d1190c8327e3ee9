/* SPDX-License-Identifier: BSD-3-Clause */
#include "pop3.h"

#include "util/log.h"

struct mx_pop3_server *pop3_start(struct mx_spool *spool,
                                  const struct mx_settings *settings)
{
    (void)spool;
    if (mx_settings_text(settings, MX_SETTING_POP3_USER) != NULL) {
        log_begin(MX_LOG_WARN, "pop3", 0);
        log_text("state", "not in this image: -DTINYMX_POP3=ON builds it");
        log_end();
    }
    return NULL;
}
