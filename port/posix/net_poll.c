/* SPDX-License-Identifier: BSD-3-Clause */
#include "net.h"

int net_poll_add(struct net_poll *to, int fd, short events)
{
    if (to->len == NET_POLL_MAX) {
        return -1;
    }
    to->fd[to->len] = (struct pollfd){.fd = fd, .events = events};
    return (int)to->len++;
}
