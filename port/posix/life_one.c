/* SPDX-License-Identifier: BSD-3-Clause */
#include "life.h"

#include "typed.h"

#include <stddef.h>

static const struct life *life;

int life_begin(const struct life *begun, char *why)
{
    life = begun;
    return life->start(why);
}

uint32_t life_turn(void)
{
    return life->turn();
}

int life_typed_fd(void)
{
    return typed_fd();
}

void life_call(void (*work)(void *arg), void *arg)
{
    work(arg);
}

void life_end(void)
{
    life->stop();
}
