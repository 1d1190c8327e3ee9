/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the server lives: in the thread that has everything (life_one.c), or in a
 * task of its own, as with ESP-IDF (life_threads.c, over port/esp-idf/task.c). The
 * build chooses (TINYMX_THREADS).
 *
 *     the main thread: frames, standard input, signals ── life_call() ──► the server
 *
 * All of this is the main thread's.
 */
#ifndef TINYMX_POSIX_LIFE_H
#define TINYMX_POSIX_LIFE_H

#include <stdint.h>

/* Called where the server lives. */
struct life {
    int (*start)(char *why); /* once, first; if it is not 0, all is over */
    uint32_t (*turn)(void);  /* milliseconds until the next one */
    void (*stop)(void);      /* once, last */
};

/* Returns what start() did, or MX_ENOMEM; `life` is kept. */
int life_begin(const struct life *life, char *why);

/* Takes a turn, if it lives here. How long may be slept until the next. */
uint32_t life_turn(void);

/* What typed.h wants to read from, or -1. */
int life_typed_fd(void);

/* Runs `work` where the server lives, between two turns, and waits for it. */
void life_call(void (*work)(void *arg), void *arg);

void life_end(void);

#endif
