/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Arm semihosting: what an emulator does for its guest. Never in an image for
 * silicon: without a debugger the breakpoint is a fault.
 */
#ifndef TINYMX_CORTEXM_SEMIHOST_H
#define TINYMX_CORTEXM_SEMIHOST_H

#define SYS_OPEN 0x01
#define SYS_WRITE 0x05
#define SYS_READ 0x06
#define SYS_SEEK 0x0a
#define SYS_FLEN 0x0c
#define SYS_GET_CMDLINE 0x15
#define SYS_EXIT_EXTENDED 0x20

#define OPEN_RB 1
#define OPEN_RB_PLUS 3           /* for update; it has to be there */
#define EXIT_APPLICATION 0x20026 /* ADP_Stopped_ApplicationExit */

/* One of them, with its parameters; what it returned. */
int semihost_call(int operation, const void *parameters);

#endif
