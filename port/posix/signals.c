/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "signals.h"

#include <string.h>

volatile sig_atomic_t signals_stop;
volatile sig_atomic_t signals_count;
static sigset_t sleep_mask;

static void on_stop(int signal_number)
{
    signals_stop = signal_number;
}

static void on_count(int signal_number)
{
    signals_count = signal_number;
}

void signals_set(void)
{
    static const struct {
        int number;
        void (*handler)(int);
    } wanted[] = {
        {SIGINT, on_stop},   {SIGTERM, on_stop},
        {SIGUSR1, on_count}, {SIGPIPE, SIG_IGN}, /* a log reader that is gone */
        {SIGXFSZ, SIG_IGN}, /* a quota: an errno for the Maildir */
        {SIGTTIN, SIG_IGN}, /* a shell took its terminal back just now */
    };
    struct sigaction action;
    sigset_t blocked;

    sigemptyset(&blocked);
    sigprocmask(SIG_SETMASK, NULL, &sleep_mask);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        memset(&action, 0, sizeof action);
        action.sa_handler = wanted[i].handler;
        sigaction(wanted[i].number, &action, NULL);
        sigaddset(&blocked, wanted[i].number);
        sigdelset(&sleep_mask, wanted[i].number);
    }
    sigprocmask(SIG_BLOCK, &blocked, NULL);
}

const sigset_t *signals_sleep_mask(void)
{
    return &sleep_mask;
}
