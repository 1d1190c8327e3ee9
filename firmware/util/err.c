/* SPDX-License-Identifier: BSD-3-Clause */
#include "tinymx/err.h"

#include <stddef.h>

/* Indexed by -err. */
static const char *const text[] = {
    [-MX_OK] = "no error",
    [-MX_EAGAIN] = "not now",
    [-MX_ENOMEM] = "out of memory",
    [-MX_ENOSPC] = "no space left to store it",
    [-MX_EIO] = "storage failed",
    [-MX_E2BIG] = "too large",
    [-MX_EINVAL] = "invalid argument or configuration",
    [-MX_EFORMAT] = "does not parse",
    [-MX_EMISMATCH] = "key and certificate do not belong together",
    [-MX_ENOTSUP] = "not supported by this build",
    [-MX_EENTROPY] = "no source of randomness",
    [-MX_ECLOSED] = "connection closed by the peer",
    [-MX_ETLS] = "TLS failed",
    [-MX_EEXIST] = "exists already",
    [-MX_EREFUSED] = "refused",
    [-MX_ELATER] = "put off",
};

const char *mx_strerror(int err)
{
    size_t i = err <= 0 && err > -64 ? (size_t)-err : sizeof text;

    return i < sizeof text / sizeof *text ? text[i] : "unknown error";
}
