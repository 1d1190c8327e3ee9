/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whom a device with one relay lets in.
 *
 * mbedTLS checks chain, signatures and key usage, and it is told to go on with
 * the handshake whatever it finds: the peer's administrator reads an SMTP reply
 * in his log, an alert he may not. Dates are ours, since mbedTLS has no clock.
 */
#include "tls/client_ca.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "tinymx/tls.h"
#include "tls/arena.h"
#include "tls/identity_impl.h"
#include "tls/pem.h"
#include "tls/tls_impl.h"

struct mx_client_ca_impl {
    mbedtls_x509_crt certs;
};

/* --- loading ------------------------------------------------------------ */

static int add(struct mx_client_ca_impl *impl, const uint8_t *der, size_t len,
               const char **why)
{
    int ret = mbedtls_x509_crt_parse_der(&impl->certs, der, len);

    return ret == 0 ? 0 : identity_explain(ret, why);
}

static int add_pem(struct mx_client_ca_impl *impl, const struct pem *pem,
                   const char **why)
{
    uint8_t *der;
    size_t len;
    int err = pem_decode(pem, &der, &len);

    if (err != 0) {
        *why = "certificate: its base64 does not decode";
        return err;
    }
    err = add(impl, der, len, why);
    mx_arena_free(der);
    return err;
}

static int load(struct mx_client_ca_impl *impl, const void *cert, size_t len,
                const char **why)
{
    struct pem pem = {.at = cert, .left = len};
    int err = 0;

    while (err == 0 && pem_next(&pem)) {
        if (pem_label_ends(&pem, "CERTIFICATE")) {
            err = add_pem(impl, &pem, why);
        }
    }
    if (err == 0 && pem.broken) {
        *why = "certificate: the PEM file is cut off";
        return MX_EFORMAT;
    }
    return err == 0 && impl->certs.raw.p == NULL ? add(impl, cert, len, why)
                                                 : err;
}

int mx_client_ca_load(struct mx_client_ca *ca, const void *cert, size_t len,
                      const char **why)
{
    const char *ignored;
    uint32_t failed = mx_arena_failures();
    int err = MX_ENOMEM;

    why = why != NULL ? why : &ignored;
    ca->impl = mx_arena_calloc(1, sizeof *ca->impl);
    if (ca->impl != NULL) {
        mbedtls_x509_crt_init(&ca->impl->certs);
        err = load(ca->impl, cert, len, why);
    }
    if (err != 0 && mx_arena_failures() != failed) {
        *why = "certificate: not enough memory";
        err = MX_ENOMEM;
    }
    if (err != 0) {
        mx_client_ca_free(ca);
    }
    return err;
}

void mx_client_ca_free(struct mx_client_ca *ca)
{
    if (ca->impl != NULL) {
        mbedtls_x509_crt_free(&ca->impl->certs);
        mx_arena_free(ca->impl);
        ca->impl = NULL;
    }
}

/* --- asking ------------------------------------------------------------- */

/* Called for every certificate of the chain, from the root down. */
static int add_dates(void *ctx, mbedtls_x509_crt *crt, int depth,
                     uint32_t *flags)
{
    unsigned dates = identity_check_dates(crt, mx_port_time_s());

    (void)ctx;
    (void)depth;
    if ((dates & MX_ID_EXPIRED) != 0) {
        *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
    }
    if ((dates & MX_ID_NOT_YET) != 0) {
        *flags |= MBEDTLS_X509_BADCERT_FUTURE;
    }
    return 0;
}

void mx_tls_server_ask_clients(struct mx_tls_server *server,
                               const struct mx_client_ca *ca)
{
    mbedtls_ssl_config *conf = &server->impl->conf;

    mbedtls_ssl_conf_authmode(conf, MBEDTLS_SSL_VERIFY_OPTIONAL);
    mbedtls_ssl_conf_ca_chain(conf, &ca->impl->certs, NULL);
    mbedtls_ssl_conf_verify(conf, add_dates, NULL);
    mbedtls_ssl_conf_session_tickets_cb(conf, NULL, NULL, NULL);
}

/* --- judging ------------------------------------------------------------ */

/* The first that applies is what is said. */
static const struct {
    uint32_t flag;
    const char *text;
} faults[] = {
    {MBEDTLS_X509_BADCERT_MISSING, "none was shown"},
    {MBEDTLS_X509_BADCERT_NOT_TRUSTED, "not of a CA that is let in"},
    {MBEDTLS_X509_BADCERT_EXPIRED, "it has expired"},
    {MBEDTLS_X509_BADCERT_FUTURE, "it is not valid yet"},
    {MBEDTLS_X509_BADCERT_KEY_USAGE, "its key is not for signatures"},
    {MBEDTLS_X509_BADCERT_EXT_KEY_USAGE, "it is not for clients"},
};

static const char *fault(uint32_t flags)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if ((flags & faults[i].flag) != 0) {
            return faults[i].text;
        }
    }
    return "its key or signature is too weak, or unknown here";
}

/* Good is what mbedTLS has seen and found no fault with. */
void client_ca_judge(const mbedtls_ssl_context *ssl, struct mx_tls_facts *facts)
{
    const mbedtls_ssl_config *conf = mbedtls_ssl_context_get_config(ssl);
    uint32_t flags = mbedtls_ssl_get_verify_result(ssl);

    if (conf->MBEDTLS_PRIVATE(authmode) == MBEDTLS_SSL_VERIFY_NONE) {
        return;
    }
    if (mbedtls_ssl_get_peer_cert(ssl) == NULL) {
        flags |= MBEDTLS_X509_BADCERT_MISSING;
    }
    facts->client_verified = flags == 0;
    facts->client = flags == 0 ? NULL : fault(flags);
}
