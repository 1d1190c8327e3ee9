/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The user-mode network: libslirp is the router, the switch and the PC's side
 * of every connection. No privileges, no interface, nothing to configure.
 *
 * libslirp must not be entered from inside its own send callback, and lwIP not
 * from inside its own linkoutput: libslirp stalls after some 80 KB, lwIP's
 * input is not reentrant. So frames go from libslirp to lwIP at once, and from
 * lwIP to libslirp by way of a ring that flush() empties from outside of both.
 * Where lwIP has a thread of its own only the ring is seen by more than one.
 */
#define _DEFAULT_SOURCE
#include "addr.h"
#include "net.h"

#include "tinymx/err.h"
#include "why.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <slirp/libslirp.h>
#include <string.h>
#include <time.h>

/* Frames from lwIP that wait: every session's send buffer and some ACKs. */
#define RING_LEN 512
/* libslirp has one timer, for router advertisements. */
#define TIMERS 4
/* Connections that the PC's kernel may hold until we get to them; libslirp
 * itself asks for one, and a second newcomer then waits a second. */
#define BACKLOG 128

struct frame {
    uint16_t len;
    uint8_t bytes[ETHIF_FRAME_MAX];
};

struct timer {
    bool used;
    bool armed;
    int64_t at_ms;
    SlirpTimerCb run;
    void *opaque;
};

static Slirp *slirp;
static struct frame ring[RING_LEN];
static unsigned ring_first;
static unsigned ring_count;
static uint32_t ring_lost;
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static struct timer timers[TIMERS];

/* --- frames ------------------------------------------------------------- */

static void send_frame(const void *bytes, size_t len)
{
    struct frame *f;

    pthread_mutex_lock(&ring_lock);
    if (ring_count == RING_LEN) {
        ring_lost++; /* as a switch would; TCP sends it again */
    } else {
        f = &ring[(ring_first + ring_count++) % RING_LEN];
        f->len = (uint16_t)len;
        memcpy(f->bytes, bytes, len);
    }
    pthread_mutex_unlock(&ring_lock);
}

/* It stays until it was dropped. */
static const struct frame *oldest_frame(void)
{
    const struct frame *f;

    pthread_mutex_lock(&ring_lock);
    f = ring_count > 0 ? &ring[ring_first] : NULL;
    pthread_mutex_unlock(&ring_lock);
    return f;
}

static void drop_frame(void)
{
    pthread_mutex_lock(&ring_lock);
    ring_first = (ring_first + 1) % RING_LEN;
    ring_count--;
    pthread_mutex_unlock(&ring_lock);
}

static void user_flush(void)
{
    const struct frame *f;

    while ((f = oldest_frame()) != NULL) {
        slirp_input(slirp, f->bytes, f->len);
        drop_frame();
    }
}

static ssize_t on_packet(const void *buf, size_t len, void *opaque)
{
    (void)opaque;
    ethif_input(buf, len);
    return (ssize_t)len;
}

/* --- what libslirp wants of us ------------------------------------------ */

static int64_t on_clock(void *opaque)
{
    struct timespec ts;

    (void)opaque;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int64_t clock_ms(void)
{
    return on_clock(NULL) / 1000000;
}

static void *on_timer_new(SlirpTimerCb run, void *run_opaque, void *opaque)
{
    (void)opaque;
    for (size_t i = 0; i < TIMERS; i++) {
        if (!timers[i].used) {
            timers[i] =
                (struct timer){.used = true, .run = run, .opaque = run_opaque};
            return &timers[i];
        }
    }
    return NULL;
}

static void on_timer_free(void *timer, void *opaque)
{
    (void)opaque;
    if (timer != NULL) {
        ((struct timer *)timer)->used = false;
    }
}

static void on_timer_mod(void *timer, int64_t at_ms, void *opaque)
{
    struct timer *t = timer;

    (void)opaque;
    if (t != NULL) {
        t->armed = true;
        t->at_ms = at_ms;
    }
}

static void run_timers(void)
{
    int64_t now = clock_ms();

    for (size_t i = 0; i < TIMERS; i++) {
        if (timers[i].used && timers[i].armed && timers[i].at_ms <= now) {
            timers[i].armed = false;
            timers[i].run(timers[i].opaque);
        }
    }
}

static void on_guest_error(const char *msg, void *opaque)
{
    (void)msg;
    (void)opaque;
}

static void on_poll_fd(int fd, void *opaque)
{
    (void)fd;
    (void)opaque;
}

static void on_notify(void *opaque)
{
    (void)opaque; /* one thread: nobody has to be woken */
}

static const SlirpCb callbacks = {
    .send_packet = on_packet,
    .guest_error = on_guest_error,
    .clock_get_ns = on_clock,
    .timer_new = on_timer_new,
    .timer_free = on_timer_free,
    .timer_mod = on_timer_mod,
    .register_poll_fd = on_poll_fd,
    .unregister_poll_fd = on_poll_fd,
    .notify = on_notify,
};

/* --- sleeping ----------------------------------------------------------- */

/* The two sets of bits, side by side. */
static const struct {
    int slirp;
    short poll;
} events_map[] = {
    {SLIRP_POLL_IN, POLLIN},   {SLIRP_POLL_OUT, POLLOUT},
    {SLIRP_POLL_PRI, POLLPRI}, {SLIRP_POLL_ERR, POLLERR},
    {SLIRP_POLL_HUP, POLLHUP},
};
#define EVENTS (sizeof events_map / sizeof *events_map)

static int on_add_poll(int fd, int events, void *opaque)
{
    short wanted = 0;

    for (size_t i = 0; i < EVENTS; i++) {
        if ((events & events_map[i].slirp) != 0) {
            wanted = (short)(wanted | events_map[i].poll);
        }
    }
    return net_poll_add(opaque, fd, wanted);
}

static int on_get_revents(int index, void *opaque)
{
    const struct net_poll *set = opaque;
    int events = 0;

    for (size_t i = 0; index >= 0 && i < EVENTS; i++) {
        if ((set->fd[index].revents & events_map[i].poll) != 0) {
            events |= events_map[i].slirp;
        }
    }
    return events;
}

static void user_fill(struct net_poll *set)
{
    int64_t now = clock_ms();

    for (size_t i = 0; i < TIMERS; i++) {
        if (timers[i].used && timers[i].armed) {
            int64_t left = timers[i].at_ms > now ? timers[i].at_ms - now : 0;

            if (left < set->ms) {
                set->ms = (uint32_t)left;
            }
        }
    }
    slirp_pollfds_fill(slirp, &set->ms, on_add_poll, set);
}

static void user_poll(struct net_poll *set, int ready)
{
    slirp_pollfds_poll(slirp, ready < 0, on_get_revents, set);
    run_timers();
    user_flush();
}

/* --- up, forward, down -------------------------------------------------- */

static int user_up(const struct mx_posix_net_config *cfg,
                   struct ethif_config *eth, char *why)
{
    /* Version 1 of the struct is understood by every libslirp. `restricted`:
     * the device reaches nothing outside, it is only reached; but a resolver
     * has to be. */
    SlirpConfig sc = {.version = 1,
                      .restricted = cfg->dns == NULL,
                      .in_enabled = true,
                      .in6_enabled = true,
                      .vprefix_len = 64};

    if (cfg->address != NULL || cfg->gateway != NULL || cfg->address6 != NULL) {
        return why_set(why, MX_EINVAL,
                       "the user-mode network has addresses of "
                       "its own: an address needs --net tap:IFACE");
    }
    inet_pton(AF_INET, "10.0.2.0", &sc.vnetwork);
    inet_pton(AF_INET, "255.255.255.0", &sc.vnetmask);
    inet_pton(AF_INET, MX_POSIX_USER_PEER, &sc.vhost);
    inet_pton(AF_INET, MX_POSIX_USER_ADDRESS, &sc.vdhcp_start);
    inet_pton(AF_INET, "10.0.2.3", &sc.vnameserver);
    inet_pton(AF_INET6, "fec0::", &sc.vprefix_addr6);
    inet_pton(AF_INET6, MX_POSIX_USER_PEER6, &sc.vhost6);
    inet_pton(AF_INET6, "fec0::3", &sc.vnameserver6);

    eth->send = send_frame;
    inet_pton(AF_INET, MX_POSIX_USER_ADDRESS, &eth->address);
    eth->mask = sc.vnetmask;
    eth->gateway = sc.vhost;
    eth->static6 = true;
    eth->sure6 = true;
    inet_pton(AF_INET6, MX_POSIX_USER_ADDRESS6, &eth->address6);

    ring_count = 0;
    slirp = slirp_new(&sc, &callbacks, NULL);
    return slirp != NULL ? 0 : why_set(why, MX_EIO, "libslirp did not start");
}

static void user_down(void)
{
    slirp_cleanup(slirp);
    slirp = NULL;
}

/* libslirp names neither the socket nor the port it made: among the sockets it
 * would poll, the listening one that was not there before is it. */
static bool is_listening(int fd)
{
    int on = 0;
    socklen_t len = sizeof on;

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &len) == 0 && on;
}

static int new_listener(const struct net_poll *before,
                        const struct net_poll *after)
{
    for (nfds_t i = 0; i < after->len; i++) {
        nfds_t k = 0;

        while (k < before->len && before->fd[k].fd != after->fd[i].fd) {
            k++;
        }
        if (k == before->len && is_listening(after->fd[i].fd)) {
            return after->fd[i].fd;
        }
    }
    return -1;
}

static int bound_port(int fd)
{
    struct sockaddr_storage addr;
    socklen_t len = sizeof addr;

    if (getsockname(fd, (struct sockaddr *)&addr, &len) != 0) {
        return MX_EIO;
    }
    return ntohs(addr.ss_family == AF_INET6
                     ? ((struct sockaddr_in6 *)&addr)->sin6_port
                     : ((struct sockaddr_in *)&addr)->sin_port);
}

static int explain_forward(const char *host, uint16_t port, char *why)
{
    char text[ADDR_TEXT_MAX];
    int err = errno;

    addr_format(text, host, port);
    switch (err) {
    case EADDRINUSE:
        return why_set(why, MX_EEXIST,
                       "%s is in use by another program: stop "
                       "it or choose another port (0 takes a free one)",
                       text);
    case EACCES:
        return why_set(why, MX_EIO,
                       "port %u needs root or "
                       "CAP_NET_BIND_SERVICE; choose one above 1023",
                       (unsigned)port);
    case EADDRNOTAVAIL:
        return why_set(why, MX_EIO, "%s is not an address of this machine",
                       host);
    default:
        return why_set(why, MX_EIO, "cannot listen on %s: %s", text,
                       strerror(err));
    }
}

static int user_forward(const char *host, uint16_t port, uint16_t guest_port,
                        char *why)
{
    static struct net_poll before, after;
    struct sockaddr_storage from, to;
    socklen_t from_len, to_len;
    bool v6 = strchr(host, ':') != NULL;
    int fd;

    if (v6 && !MX_IPV6) {
        return why_set(why, MX_EINVAL, "this build of the device has no IPv6");
    }
    if (addr_parse_socket(&from, &from_len, host, port) != 0 ||
        addr_parse_socket(&to, &to_len,
                          v6 ? MX_POSIX_USER_ADDRESS6 : MX_POSIX_USER_ADDRESS,
                          guest_port) != 0) {
        return why_set(why, MX_EINVAL, "'%s' is not an address", host);
    }
    before.len = after.len = 0;
    before.ms = after.ms = 0;
    user_fill(&before);
    if (slirp_add_hostxfwd(slirp, (struct sockaddr *)&from, from_len,
                           (struct sockaddr *)&to, to_len,
                           v6 ? SLIRP_HOSTFWD_V6ONLY : 0) != 0) {
        return explain_forward(host, port, why);
    }
    user_fill(&after);
    fd = new_listener(&before, &after);
    if (fd < 0 || listen(fd, BACKLOG) != 0) {
        return why_set(why, MX_EIO, "libslirp does not listen on %s", host);
    }
    return bound_port(fd);
}

const struct net_driver net_user = {
    .up = user_up,
    .down = user_down,
    .fill = user_fill,
    .poll = user_poll,
    .flush = user_flush,
    .forward = user_forward,
};
