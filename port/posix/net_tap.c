/* SPDX-License-Identifier: BSD-3-Clause */
/* A TAP interface of Linux: the device on a real network, with true addresses,
 * and with whatever loss and delay tc(8) puts on it. */
#define _DEFAULT_SOURCE
#include "addr.h"
#include "net.h"

#include "tinymx/err.h"
#include "why.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
/* after net/if.h, which declares the same struct ifreq */
#include <linux/if_tun.h>

/* Frames taken in one go, so that the server gets its turn in a flood. */
#define BURST 64

static int tap = -1;
static int tap_index;

static void send_frame(const void *frame, size_t len)
{
    /* A queue that is full loses the frame, as a switch would. */
    ssize_t rc = write(tap, frame, len);

    (void)rc;
}

static int set_addresses(const struct mx_posix_net_config *cfg,
                         struct ethif_config *eth, char *why)
{
    eth->send = send_frame;
    eth->dhcp = cfg->address == NULL || strcmp(cfg->address, "dhcp") == 0;
    if (!eth->dhcp &&
        addr_parse_cidr(&eth->address, &eth->mask, cfg->address, why) != 0) {
        return MX_EINVAL;
    }
    if (cfg->gateway != NULL &&
        inet_pton(AF_INET, cfg->gateway, &eth->gateway) != 1) {
        return why_set(why, MX_EINVAL, "gateway '%s' is not an IPv4 address",
                       cfg->gateway);
    }
    if (cfg->address6 != NULL) {
        eth->static6 = true;
        return addr_parse_ip6(&eth->address6, cfg->address6, why);
    }
    return 0;
}

static int explain(const char *name, char *why)
{
    switch (errno) {
    case ENOENT:
    case ENODEV:
        return why_set(why, MX_EIO, "/dev/net/tun is not there: modprobe tun");
    case EPERM:
    case EACCES:
        return why_set(why, MX_EIO,
                       "tap:%s needs CAP_NET_ADMIN, or an "
                       "interface that is yours: ip tuntap add dev %s mode tap "
                       "user NAME",
                       name, name);
    case EBUSY:
        return why_set(why, MX_EIO, "tap:%s is in use by another program",
                       name);
    default:
        return why_set(why, MX_EIO, "tap:%s: %s", name, strerror(errno));
    }
}

static int tap_up(const struct mx_posix_net_config *cfg,
                  struct ethif_config *eth, char *why)
{
    struct ifreq ifr;
    int rc = set_addresses(cfg, eth, why);

    if (rc != 0) {
        return rc;
    }
    memset(&ifr, 0, sizeof ifr);
    if (cfg->tap[0] == '\0' || strlen(cfg->tap) >= sizeof ifr.ifr_name) {
        return why_set(why, MX_EINVAL, "'%s' is not the name of an interface",
                       cfg->tap);
    }
    memcpy(ifr.ifr_name, cfg->tap, strlen(cfg->tap) + 1);
    ifr.ifr_flags = IFF_TAP | IFF_NO_PI;
    tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (tap < 0) {
        return explain(cfg->tap, why);
    }
    if (ioctl(tap, TUNSETIFF, &ifr) != 0) {
        rc = explain(cfg->tap, why);
        close(tap);
        return rc;
    }
    return 0;
}

static void tap_down(void)
{
    close(tap);
    tap = -1;
}

static void tap_fill(struct net_poll *set)
{
    tap_index = net_poll_add(set, tap, POLLIN);
}

static void tap_poll(struct net_poll *set, int ready)
{
    static uint8_t frame[ETHIF_FRAME_MAX + 4]; /* a VLAN tag may be inside */

    if (ready <= 0 || set->fd[tap_index].revents == 0) {
        return;
    }
    for (int i = 0; i < BURST; i++) {
        ssize_t len = read(tap, frame, sizeof frame);

        if (len <= 0) {
            return;
        }
        ethif_input(frame, (size_t)len);
    }
}

static void tap_flush(void)
{
    /* send_frame() has sent it already */
}

static int tap_forward(const char *host, uint16_t port, uint16_t guest_port,
                       char *why)
{
    (void)host;
    (void)port;
    (void)guest_port;
    return why_set(why, MX_EINVAL,
                   "on a TAP interface the device has its own "
                   "address: there is nothing to forward");
}

const struct net_driver net_tap = {
    .up = tap_up,
    .down = tap_down,
    .fill = tap_fill,
    .poll = tap_poll,
    .flush = tap_flush,
    .forward = tap_forward,
};
