/* SPDX-License-Identifier: BSD-3-Clause */
/* lwIP's critical section, which may be entered again from inside. */
#define _GNU_SOURCE
#include "lwip/sys.h"

#include <pthread.h>

static pthread_mutex_t section = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

sys_prot_t sys_arch_protect(void)
{
    (void)pthread_mutex_lock(&section);
    return 0;
}

void sys_arch_unprotect(sys_prot_t level)
{
    (void)level;
    (void)pthread_mutex_unlock(&section);
}
