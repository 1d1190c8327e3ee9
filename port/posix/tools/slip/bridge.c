/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "bridge.h"

#include "ethif.h"
#include "net.h"
#include "packet.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HEADER 14
#define MAC 6
#define TYPE_IP "\x08\x00"
#define TYPE_ARP "\x08\x06"
#define ARP_LEN 28
#define ARP_REQUEST "\x00\x01\x08\x00\x06\x04\x00\x01" /* RFC 826, up to OP */
#define ARP_REPLY "\x00\x01\x08\x00\x06\x04\x00\x02"

/* Locally administered; libslirp takes what is for any address. */
static const uint8_t device[MAC] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
static const uint8_t router[MAC] = {0x52, 0x55, 0x0a, 0, 0x02, 0x02};

static struct ethif_config eth;
static struct net_poll set;
static struct packet packet;

/* To the line: some packets, as a modem keeps them. */
static uint8_t queue[32 * PACKET_CODED_MAX];
static size_t queued;

/* --- to libslirp ------------------------------------------------------------ */

static void send_frame(const uint8_t *to, const char *type, const void *body,
                       size_t len)
{
    uint8_t frame[ETHIF_FRAME_MAX];

    memcpy(frame, to, MAC);
    memcpy(frame + MAC, device, MAC);
    memcpy(frame + 2 * MAC, type, 2);
    memcpy(frame + HEADER, body, len);
    eth.send(frame, HEADER + len);
}

/* All addresses are the device's: nobody else is on this side. */
static void answer_arp(const uint8_t *request)
{
    uint8_t reply[ARP_LEN];

    memcpy(reply, ARP_REPLY, 8);
    memcpy(reply + 8, device, MAC);
    memcpy(reply + 14, request + 24, 4);
    memcpy(reply + 18, request + 8, 10);
    send_frame(request + 8, TYPE_ARP, reply, ARP_LEN);
}

/* --- from libslirp ---------------------------------------------------------- */

/* What finds no room is dropped: TCP sends it again. */
static void queue_packet(const uint8_t *bytes, size_t len)
{
    if (len <= PACKET_MAX && queued + PACKET_CODED_MAX <= sizeof queue) {
        queued += packet_encode(queue + queued, bytes, len);
    }
}

/* Called by net_user.c, which has us for lwIP. */
void ethif_input(const void *frame, size_t len)
{
    const uint8_t *f = frame;

    if (len >= HEADER && memcmp(f + 2 * MAC, TYPE_IP, 2) == 0) {
        queue_packet(f + HEADER, len - HEADER);
    } else if (len >= HEADER + ARP_LEN &&
               memcmp(f + 2 * MAC, TYPE_ARP, 2) == 0 &&
               memcmp(f + HEADER, ARP_REQUEST, 8) == 0) {
        answer_arp(f + HEADER);
    }
}

/* --- the line --------------------------------------------------------------- */

/* False: it has ended. */
static bool read_line(int line)
{
    uint8_t bytes[4096];
    ssize_t n = read(line, bytes, sizeof bytes);

    for (ssize_t i = 0; i < n; i++) {
        if (packet_push(&packet, bytes[i])) {
            send_frame(router, TYPE_IP, packet.bytes, packet.len);
        }
    }
    net_user.flush();
    return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool write_line(int line)
{
    ssize_t n = write(line, queue, queued);

    if (n > 0) {
        queued -= (size_t)n;
        memmove(queue, queue + n, queued);
    }
    return n > 0 || errno == EAGAIN || errno == EINTR;
}

static bool turn(int line)
{
    bool there = true;
    int ready;

    set.len = 0;
    set.ms = UINT32_MAX;
    net_poll_add(&set, line, queued > 0 ? POLLIN | POLLOUT : POLLIN);
    net_user.fill(&set);
    ready = poll(set.fd, set.len, set.ms > INT32_MAX ? -1 : (int)set.ms);
    if (ready >= 0 && (set.fd[0].revents & ~POLLOUT) != 0) {
        there = read_line(line);
    }
    net_user.poll(&set, ready);
    return there && (queued == 0 || write_line(line));
}

int bridge_start(bool out, char *why)
{
    /* A resolver is what the user-mode network opens itself for. */
    const struct mx_posix_net_config cfg = {.dns = out ? "10.0.2.3" : NULL};

    return net_user.up(&cfg, &eth, why);
}

void bridge_run(int line)
{
    fcntl(line, F_SETFL, O_NONBLOCK);
    while (turn(line)) {
    }
}
