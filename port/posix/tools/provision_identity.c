/* SPDX-License-Identifier: BSD-3-Clause */
/* Certificate and key of a configuration: read, made DER, and tried out as the
 * device will do it. */
#define _DEFAULT_SOURCE
#include "provision.h"

#include "file.h"
#include "tinymx/err.h"
#include "tinymx/identity.h"
#include "tinymx/port.h"
#include "tls/arena.h"
#include "tls/pem.h"
#include "why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A file with PEM around it is larger than what is in it. */
#define FILE_MAX (2 * MX_CERT_MAX)

/* What no device can work with; the name has a word of its owner's against. */
#define USELESS (MX_ID_EXPIRED | MX_ID_NOT_YET | MX_ID_CHAIN_ORDER)

static int append(const void *bytes, size_t n, uint8_t *out, size_t *len)
{
    if (n > MX_CERT_MAX - *len) {
        return MX_E2BIG;
    }
    memcpy(out + *len, bytes, n);
    *len += n;
    return 0;
}

static int append_block(const struct pem *pem, uint8_t *out, size_t *len)
{
    uint8_t *der;
    size_t n;
    int rc = pem_decode(pem, &der, &n);

    if (rc == 0) {
        rc = append(der, n, out, len);
        explicit_bzero(der, n);
        mx_arena_free(der);
    }
    return rc;
}

/* All blocks with such a label, or a file that has no block as it is. */
static int to_der(const char *text, size_t text_len, const char *label,
                  uint8_t *out, size_t *len)
{
    struct pem pem = {.at = text, .left = text_len};
    bool any = false;
    int rc = 0;

    *len = 0;
    while (rc == 0 && pem_next(&pem)) {
        any = true;
        if (pem_label_ends(&pem, label)) {
            rc = append_block(&pem, out, len);
        }
    }
    if (rc == 0 && pem.broken) {
        rc = MX_EFORMAT;
    }
    if (rc == 0 && !any) {
        rc = append(text, text_len, out, len);
    }
    return rc == 0 && *len == 0 ? MX_EFORMAT : rc;
}

static int read_der(const char *name, const char *path, const char *label,
                    uint8_t *out, size_t *len, char *why)
{
    size_t text_len;
    char *text = file_read(path, FILE_MAX, &text_len);
    int rc;

    if (text == NULL) {
        return why_set(why, MX_EIO, "%s: cannot read %.300s: %s", name, path,
                       strerror(errno));
    }
    rc = to_der(text, text_len, label, out, len);
    explicit_bzero(text, text_len);
    free(text);
    return rc == 0 ? 0
                   : why_set(why, rc, "%s: %.300s: %s", name, path,
                             rc == MX_E2BIG ? "it is too large for any device"
                                            : "there is none in it");
}

/* Says all flags; 0, or MX_EREFUSED with the worst of them as the reason. */
static int judge(unsigned flags, const struct options *o, char *why)
{
    unsigned fatal = USELESS | (o->tls_anyway ? 0 : MX_ID_FATAL);

    for (unsigned bit = 1; bit != 0 && bit <= flags; bit <<= 1) {
        const char *advice = mx_identity_advice((enum mx_identity_flag)bit);

        if ((flags & bit & fatal) != 0) {
            return why_set(why, MX_EREFUSED, "cert: %s: %s", o->cert, advice);
        }
        if ((flags & bit) != 0) {
            fprintf(stderr, "tinymx-provision: %s: warning: %s\n", o->cert,
                    advice);
        }
    }
    return 0;
}

static int try_out(const struct provision_identity *id, const struct options *o,
                   char *why)
{
    struct mx_identity identity;
    const char *reason = "";
    int rc = mx_identity_load(&identity, id->cert, id->cert_len, id->key,
                              id->key_len, &reason);

    if (rc != 0) {
        return why_set(why, rc, "certificate %s with key %s: %s (%s)", o->cert,
                       o->key, mx_strerror(rc), reason);
    }
    rc = judge(mx_identity_check(&identity, o->mx, mx_port_time_s()), o, why);
    mx_identity_free(&identity);
    return rc;
}

int provision_identity_read(struct provision_identity *id,
                            const struct options *o, char *why)
{
    int rc;

    memset(id, 0, sizeof *id);
    if (o->cert == NULL) {
        return o->key == NULL
                   ? 0
                   : why_set(why, MX_EINVAL,
                             "key needs cert: without a certificate the device "
                             "makes a key of its own");
    }
    rc = read_der("cert", o->cert, "CERTIFICATE", id->cert, &id->cert_len, why);
    if (rc == 0 && o->key == NULL) {
        fprintf(stderr,
                "tinymx-provision: %s: note: a certificate without key is one "
                "for the device's own; the device checks it\n",
                o->cert);
        return 0;
    }
    if (rc == 0) {
        rc = read_der("key", o->key, "PRIVATE KEY", id->key, &id->key_len, why);
    }
    return rc == 0 ? try_out(id, o, why) : rc;
}
