/* SPDX-License-Identifier: BSD-3-Clause */
/* Faults put in on purpose: what looks for them has to find them. */
#ifndef TINYMX_RIG_FAULT_H
#define TINYMX_RIG_FAULT_H

enum fault {
    FAULT_NONE,
    FAULT_TWICE, /* one message in a hundred is stored twice */
    FAULT_NEVER, /* ... is not stored */
    FAULT_SHORT, /* ... loses its last octet */
    FAULT_REPLY, /* ... is stored, and refused */
    FAULT_PBUF,  /* a failed handshake keeps a pbuf */
    FAULT_ARENA, /* a failed handshake keeps a block of the arena */
    FAULTS
};

#endif
