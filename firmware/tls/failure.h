/* SPDX-License-Identifier: BSD-3-Clause */
/* Why a session failed: the alert for the peer, the text for the owner. */
#ifndef TINYMX_TLS_FAILURE_H
#define TINYMX_TLS_FAILURE_H

#include <stdint.h>

/* No alert: the peer is gone, or told us itself. */
#define FAILURE_SILENT 255

/* The alert (RFC 8446 6.2) that mbedTLS's `error` calls for. */
uint8_t failure_alert(int error);

/* `alert` is the peer's, where `error` says that it sent one. */
const char *failure_text(int error, uint8_t alert);

#endif
