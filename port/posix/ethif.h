/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's Ethernet interface as lwIP sees it, whatever carries the frames.
 * Only in ethif*.c, protect.c and counters.c is lwIP named in this port.
 */
#ifndef TINYMX_POSIX_ETHIF_H
#define TINYMX_POSIX_ETHIF_H

#include <netinet/in.h>

#include "tinymx/posix.h"

/* Largest frame: MTU 1500 and the Ethernet header. */
#define ETHIF_FRAME_MAX 1514

struct ethif_config {
    void (*send)(const void *frame, size_t len);
    bool dhcp;
    bool static6; /* address6 is given */
    bool sure6;   /* nobody else is on this link: no wait for duplicates */
    struct in_addr address; /* network byte order, all three */
    struct in_addr mask;
    struct in_addr gateway;
    struct in_addr dns; /* 0: DHCP's, or none */
    struct in6_addr address6;
};

/* One thread does everything (ethif_one.c), or lwIP has its own
 * (ethif_threads.c): then all of this but ethif_wake() is one thread's, which
 * holds no lock of lwIP's. */

/* Starts lwIP, once in a process, and adds the interface. 0, or MX_EIO. */
int ethif_up(const struct ethif_config *cfg, char *why);
void ethif_down(void);

/* A frame for the device. Dropped, and counted, when lwIP has no pbuf. Never
 * from inside cfg->send(). */
void ethif_input(const void *frame, size_t len);

/* Frames that went in so far. */
uint32_t ethif_received(void);

/* lwIP's timers: run what is due; the milliseconds until the next. */
void ethif_run_timers(void);
uint32_t ethif_sleep_ms(void);

/* From any thread: there is something for the one that moves frames. What that
 * waits for, -1 if there is no other thread; and it was heard. */
void ethif_wake(void);
int ethif_fd(void);
void ethif_awake(void);

#endif
