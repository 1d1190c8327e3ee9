/* SPDX-License-Identifier: BSD-3-Clause */
/* Exit, entropy and the command line, from the emulator. */
#include "semihost.h"

#include "cortexm.h"

#include "tinymx/err.h"

#include <string.h>

int semihost_call(int operation, const void *parameters)
{
    register int r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameters;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

/* SYS_READ tells how many bytes it did not read. */
int semihost_entropy(void *buf, size_t len)
{
    static const char name[] = "/dev/urandom";
    static int handle; /* 0: not open yet */

    if (handle == 0) {
        handle = semihost_call(
            SYS_OPEN,
            (const uintptr_t[]){(uintptr_t)name, OPEN_RB, sizeof name - 1});
    }
    if (handle <= 0 || semihost_call(SYS_READ, (const uintptr_t[]){
                                                   (uintptr_t)handle,
                                                   (uintptr_t)buf, len}) != 0) {
        return MX_EENTROPY;
    }
    return 0;
}

void semihost_exit(int status)
{
    semihost_call(SYS_EXIT_EXTENDED,
                  (const uintptr_t[]){EXIT_APPLICATION, (uintptr_t)status});
}

bool semihost_told(const char *word)
{
    char line[100] = "";

    if (semihost_call(SYS_GET_CMDLINE,
                      (const uintptr_t[]){(uintptr_t)line, sizeof line}) != 0) {
        return false;
    }
    line[sizeof line - 1] = '\0';
    for (const char *at = line; *at != '\0'; at++) {
        if (strncmp(at, word, strlen(word)) == 0) {
            return true;
        }
    }
    return false;
}
