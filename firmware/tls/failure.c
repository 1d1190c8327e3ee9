/* SPDX-License-Identifier: BSD-3-Clause */
#include "tls/failure.h"

#include <mbedtls/ssl.h>

#include <stddef.h>

static const struct {
    int error;
    uint8_t alert;
    const char *text;
} failures[] = {
    {0, FAILURE_SILENT, "no error"},
    {MBEDTLS_ERR_SSL_CONN_EOF, FAILURE_SILENT,
     "the connection was closed without close_notify"},
    {MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE, FAILURE_SILENT,
     "the peer sent a fatal alert"},
    {MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY, FAILURE_SILENT,
     "the peer closed in the middle of the handshake"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE,
     MBEDTLS_SSL_ALERT_MSG_UNEXPECTED_MESSAGE,
     "a message that has no place here"},
    {MBEDTLS_ERR_SSL_UNEXPECTED_RECORD,
     MBEDTLS_SSL_ALERT_MSG_UNEXPECTED_MESSAGE,
     "a record that has no place here"},
    {MBEDTLS_ERR_SSL_INVALID_RECORD, MBEDTLS_SSL_ALERT_MSG_DECODE_ERROR,
     "not a TLS record"},
    {MBEDTLS_ERR_SSL_BAD_INPUT_DATA, MBEDTLS_SSL_ALERT_MSG_RECORD_OVERFLOW,
     "a record longer than TLS allows"},
    {MBEDTLS_ERR_SSL_INVALID_MAC, MBEDTLS_SSL_ALERT_MSG_BAD_RECORD_MAC,
     "a record that does not decrypt"},
    {MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION,
     MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION,
     "no version in common: TLS 1.2 or 1.3 is needed"},
    {MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE,
     "no cipher suite, group or signature in common"},
    {MBEDTLS_ERR_SSL_DECODE_ERROR, MBEDTLS_SSL_ALERT_MSG_DECODE_ERROR,
     "a message that does not parse"},
    {MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER, MBEDTLS_SSL_ALERT_MSG_ILLEGAL_PARAMETER,
     "a message that contradicts itself or an earlier one"},
    {MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION,
     MBEDTLS_SSL_ALERT_MSG_UNSUPPORTED_EXT,
     "an extension that has no place here"},
    {MBEDTLS_ERR_SSL_ALLOC_FAILED, MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR,
     "the arena is too small"},
    {MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL, MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR,
     "a message of ours is longer than MX_TLS_OUT_MAX"},
};

/* A client's alerts, as a sender's log would put them. */
static const struct {
    uint8_t alert;
    const char *text;
} alerts[] = {
    {MBEDTLS_SSL_ALERT_MSG_UNEXPECTED_MESSAGE, "peer: unexpected message"},
    {MBEDTLS_SSL_ALERT_MSG_BAD_RECORD_MAC, "peer: bad record MAC"},
    {MBEDTLS_SSL_ALERT_MSG_RECORD_OVERFLOW, "peer: record overflow"},
    {MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE, "peer: handshake failure"},
    {MBEDTLS_SSL_ALERT_MSG_BAD_CERT, "peer: bad certificate"},
    {MBEDTLS_SSL_ALERT_MSG_UNSUPPORTED_CERT, "peer: unsupported certificate"},
    {MBEDTLS_SSL_ALERT_MSG_CERT_REVOKED, "peer: certificate revoked"},
    {MBEDTLS_SSL_ALERT_MSG_CERT_EXPIRED, "peer: certificate expired"},
    {MBEDTLS_SSL_ALERT_MSG_CERT_UNKNOWN, "peer: certificate unknown"},
    {MBEDTLS_SSL_ALERT_MSG_ILLEGAL_PARAMETER, "peer: illegal parameter"},
    {MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA, "peer: unknown CA"},
    {MBEDTLS_SSL_ALERT_MSG_ACCESS_DENIED, "peer: access denied"},
    {MBEDTLS_SSL_ALERT_MSG_DECODE_ERROR, "peer: decode error"},
    {MBEDTLS_SSL_ALERT_MSG_DECRYPT_ERROR, "peer: decrypt error"},
    {MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION, "peer: protocol version"},
    {MBEDTLS_SSL_ALERT_MSG_INSUFFICIENT_SECURITY,
     "peer: insufficient security"},
    {MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR, "peer: internal error"},
    {MBEDTLS_SSL_ALERT_MSG_USER_CANCELED, "peer: cancelled"},
    {MBEDTLS_SSL_ALERT_MSG_NO_RENEGOTIATION, "peer: no renegotiation"},
};

#define LEN(array) (sizeof(array) / sizeof *(array))

uint8_t failure_alert(int error)
{
    for (size_t i = 0; i < LEN(failures); i++) {
        if (failures[i].error == error) {
            return failures[i].alert;
        }
    }
    return MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR;
}

static const char *alert_text(uint8_t alert)
{
    for (size_t i = 0; i < LEN(alerts); i++) {
        if (alerts[i].alert == alert) {
            return alerts[i].text;
        }
    }
    return "the peer sent a fatal alert";
}

const char *failure_text(int error, uint8_t alert)
{
    if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) {
        return alert_text(alert);
    }
    for (size_t i = 0; i < LEN(failures); i++) {
        if (failures[i].error == error) {
            return failures[i].text;
        }
    }
    return "TLS failed";
}
