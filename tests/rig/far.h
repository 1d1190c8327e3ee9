/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The senders' side of the network: a second lwIP, in a shared object of its
 * own since lwIP's state is global. It shows nothing but these names. A PC's
 * TCP, as far as lwIP can be one: large buffers, out-of-order segments kept.
 */
#ifndef TINYMX_RIG_FAR_H
#define TINYMX_RIG_FAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAR_API __attribute__((visibility("default")))

/* Hosts, 192.0.2.10 and up; the device is 192.0.2.1. */
#define FAR_HOSTS 64

/* The receive window of every connection; before the first is opened. */
FAR_API extern uint16_t far_window;

FAR_API void far_open(void (*send)(const void *frame, size_t len));
FAR_API void far_input(const void *frame, size_t len);
/* Runs lwIP's timers; milliseconds until it wants to be called again. */
FAR_API uint32_t far_timers(void);
/* No connection is left, but for those in TIME_WAIT. */
FAR_API bool far_idle(void);

/* A connection, from one of the hosts to a port of the device. */
struct far_conn;
FAR_API struct far_conn *far_connect(unsigned host, uint16_t port);
FAR_API bool far_connected(const struct far_conn *c);
/* Queues what fits; returns how much. */
FAR_API size_t far_write(struct far_conn *c, const void *data, size_t len);
/* Takes what came; returns how much. What is not taken closes the window. */
FAR_API size_t far_read(struct far_conn *c, void *buf, size_t room);
/* The device's FIN came, and all before it was read. */
FAR_API bool far_eof(const struct far_conn *c);
/* Reset, or lwIP gave up. */
FAR_API bool far_lost(const struct far_conn *c);

/* The ways to end it; `c` is gone afterwards. */
FAR_API void far_close(struct far_conn *c);  /* FIN */
FAR_API void far_reset(struct far_conn *c);  /* RST */
FAR_API void far_vanish(struct far_conn *c); /* not a word */

#endif
