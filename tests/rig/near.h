/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device: the whole product, on its own lwIP and mbedTLS, at 192.0.2.1,
 * with an identity for mx.example.test and mail for example.test.
 */
#ifndef TINYMX_RIG_NEAR_H
#define TINYMX_RIG_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

#include "fault.h"
#include "tinymx/server.h"

#define NEAR_NAME "mx.example.test"

/* Returns its certificate, for those who want to verify it. `patient`: messages
 * have no minimum rate, sessions no end. */
X509 *near_open(struct mx_sink *sink, void (*send)(const void *, size_t),
                enum fault fault, bool patient);
void near_input(const void *frame, size_t len);
/* lwIP's timers and the server; milliseconds until it wants to run again. */
uint32_t near_turn(void);
const struct mx_server_stats *near_stats(void);

/* Nothing of a session is left, and no connection, TIME_WAIT included. */
bool near_idle(void);

/* What is in use of the arena and of every pool of lwIP's. near_open() notes
 * it. When the device is idle it has to be the same again: prints what is
 * not, and returns how much that is. */
unsigned near_off_level(void);
/* The most that was ever in use, and what could not be had. */
void near_print(void);

#endif
