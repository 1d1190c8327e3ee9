/* SPDX-License-Identifier: BSD-3-Clause */
/* Declarations for a compiler, and for nothing else: there is no such system. What
 * lwIP asks of this file is in doc/sys_arch.txt of lwIP 2.2.1. */
#ifndef TINYMX_RV32IMC_SYS_ARCH_H
#define TINYMX_RV32IMC_SYS_ARCH_H

#include <stddef.h>

typedef void *sys_sem_t;
typedef void *sys_mutex_t;
typedef void *sys_mbox_t;
typedef void *sys_thread_t;
typedef unsigned int sys_prot_t;

#define SYS_SEM_NULL NULL
#define SYS_MBOX_NULL NULL
#define sys_sem_valid(sem) (*(sem) != NULL)
#define sys_sem_set_invalid(sem) (*(sem) = NULL)
#define sys_mutex_valid(mutex) (*(mutex) != NULL)
#define sys_mutex_set_invalid(mutex) (*(mutex) = NULL)
#define sys_mbox_valid(mbox) (*(mbox) != NULL)
#define sys_mbox_set_invalid(mbox) (*(mbox) = NULL)

#endif
