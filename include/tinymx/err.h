/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Errors of our own.
 *
 * A function that can fail returns int: 0 (or a count) when it worked, one of
 * these when it did not. MX_EAGAIN is not a failure: nothing happened yet, the
 * same call may be made again later. A peer's mistake is never one of these;
 * it is an SMTP reply or a closed connection.
 */
#ifndef TINYMX_ERR_H
#define TINYMX_ERR_H

enum mx_err {
    MX_OK = 0,
    MX_EAGAIN = -1,    /* not now: call again later */
    MX_ENOMEM = -2,    /* a pool or the arena has nothing left */
    MX_ENOSPC = -3,    /* the store is full */
    MX_EIO = -4,       /* the device under the store failed */
    MX_E2BIG = -5,     /* does not fit where it has to go */
    MX_EINVAL = -6,    /* an argument or a configuration makes no sense */
    MX_EFORMAT = -7,   /* a key, certificate or file that does not parse */
    MX_EMISMATCH = -8, /* key and certificate do not belong together */
    MX_ENOTSUP = -9,   /* right, but this build cannot do it */
    MX_EENTROPY = -10, /* no source of randomness: TLS is impossible */
    MX_ECLOSED = -11,  /* the other side is gone */
    MX_ETLS = -12,     /* the TLS session failed; nothing of it is usable */
    MX_EEXIST = -13,   /* it is there already */
    MX_EREFUSED = -14, /* not wanted, for good: somebody decided so */
    MX_ELATER = -15,   /* not wanted now: somebody decided so */
};

/* A short English text for `err`, without a full stop. Never NULL. */
const char *mx_strerror(int err);

#endif
