/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All that a configuration makes a mail exchanger of: spool, identity, who reads
 * the mail, the server. Every port that has a configuration in flash is this,
 * with a network and a console of its own.
 */
#ifndef TINYMX_DEVICE_DEVICE_H
#define TINYMX_DEVICE_DEVICE_H

#include "tinymx/keeper.h"
#include "tinymx/server.h"
#include "tinymx/settings.h"

struct device {
    struct mx_server server;
    struct mx_keeper keeper;
    struct mx_table table;
};

/* `net` brings the network up, when all is there that it could ask for; 0, or an
 * error. 0; MX_EINVAL: the configuration, and why is logged; or something that
 * only a new start can help. */
int device_start(struct device *d, const struct mx_settings *settings,
                 int (*net)(const struct mx_settings *settings));

/* A round of it. Milliseconds until it wants the next one. */
uint32_t device_poll(struct device *d);

#endif
