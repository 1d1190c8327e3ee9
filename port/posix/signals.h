/* SPDX-License-Identifier: BSD-3-Clause */
/* What the simulator is told by signals. */
#ifndef TINYMX_POSIX_SIGNALS_H
#define TINYMX_POSIX_SIGNALS_H

#include <signal.h>

/* Before there is a second thread. */
void signals_set(void);

/* They are let through during the sleep alone, so that none is missed between
 * looking and sleeping: its mask, as ppoll(2) has it. */
const sigset_t *signals_sleep_mask(void);

extern volatile sig_atomic_t signals_stop; /* which one said so; 0: none did */
extern volatile sig_atomic_t signals_count;

#endif
