/* SPDX-License-Identifier: BSD-3-Clause */
/* The network of tinymx/posix.h, over whichever driver was chosen. */
#define _GNU_SOURCE
#include "net.h"

#include "tinymx/err.h"
#include "why.h"

#include <arpa/inet.h>
#include <string.h>

static const struct net_driver *driver;
static struct net_poll set;

int mx_posix_net_up(const struct mx_posix_net_config *cfg, char *why)
{
    const struct net_driver *chosen = cfg->tap != NULL ? &net_tap : &net_user;
    struct ethif_config eth;
    int rc;

    memset(&eth, 0, sizeof eth);
    if (cfg->dns != NULL && inet_pton(AF_INET, cfg->dns, &eth.dns) != 1) {
        return why_set(why, MX_EINVAL, "resolver '%s' is not an IPv4 address",
                       cfg->dns);
    }
    rc = chosen->up(cfg, &eth, why);
    if (rc != 0) {
        return rc;
    }
    rc = ethif_up(&eth, why);
    if (rc != 0) {
        chosen->down();
        return rc;
    }
    driver = chosen;
    return 0;
}

void mx_posix_net_down(void)
{
    ethif_down();
    driver->down();
    driver = NULL;
}

int mx_posix_forward(const char *host, uint16_t port, uint16_t guest_port,
                     char *why)
{
    return driver->forward(host, port, guest_port, why);
}

void mx_posix_flush(void)
{
    driver->flush();
}

/* What was sent since the last sleep goes out first. If that brought answers
 * at once, the caller has work and there is nothing to sleep for. */
static uint32_t flush_first(uint32_t ms)
{
    uint32_t before = ethif_received();
    uint32_t timer;

    driver->flush();
    if (ethif_received() != before) {
        return 0;
    }
    timer = ethif_sleep_ms();
    return timer < ms ? timer : ms;
}

static int sleep_on(const sigset_t *mask)
{
    struct timespec ts = {.tv_sec = (time_t)(set.ms / 1000),
                          .tv_nsec = (long)(set.ms % 1000) * 1000000};

    return ppoll(set.fd, set.len, set.ms == UINT32_MAX ? NULL : &ts, mask);
}

int mx_posix_wait(uint32_t ms, int fd, const sigset_t *mask)
{
    int ready;

    set.len = 0;
    set.ms = flush_first(ms);
    net_poll_add(&set, fd, POLLIN); /* poll(2) ignores a negative one */
    net_poll_add(&set, ethif_fd(), POLLIN);
    driver->fill(&set);
    ready = sleep_on(mask);
    if (ready > 0 && set.fd[1].revents != 0) {
        ethif_awake();
    }
    driver->poll(&set, ready);
    ethif_run_timers();
    driver->flush();
    return ready > 0 && set.fd[0].revents != 0;
}
