/* SPDX-License-Identifier: BSD-3-Clause */
/* What carries the device's frames: net_user.c or net_tap.c. */
#ifndef TINYMX_POSIX_NET_H
#define TINYMX_POSIX_NET_H

#include <poll.h>

#include "ethif.h"
#include "tinymx/posix.h"

/* File descriptors a sleep can watch: two a connection of the user-mode
 * network at the worst, and room for those that are being closed. */
#define NET_POLL_MAX 1024

struct net_poll {
    struct pollfd fd[NET_POLL_MAX];
    nfds_t len;
    uint32_t ms; /* sleep at most */
};

/* Adds one. Its index, or -1 when there is no room. net_poll.c. */
int net_poll_add(struct net_poll *set, int fd, short events);

struct net_driver {
    /* Attaches, and completes `eth`. */
    int (*up)(const struct mx_posix_net_config *cfg, struct ethif_config *eth,
              char *why);
    void (*down)(void);
    /* Adds what to wait for, and shortens set->ms. */
    void (*fill)(struct net_poll *set);
    /* Moves frames into lwIP after the sleep; `ready` < 0: it was cut short. */
    void (*poll)(struct net_poll *set, int ready);
    /* Moves frames that lwIP sent, as long as there are any. */
    void (*flush)(void);
    int (*forward)(const char *host, uint16_t port, uint16_t guest_port,
                   char *why);
};

extern const struct net_driver net_user;
extern const struct net_driver net_tap;

#endif
