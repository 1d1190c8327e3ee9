/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "identity_files.h"

#include "file.h"
#include "tinymx/err.h"
#include "util/log.h"
#include "why.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_NAME "key.pem"
#define CERT_NAME "cert.pem"

static int join(char *out, const char *dir, const char *name, char *why)
{
    int n = snprintf(out, IDENTITY_PATH_MAX, "%s%s%s", dir,
                     dir[0] != '\0' ? "/" : "", name);

    return n < IDENTITY_PATH_MAX
               ? 0
               : why_set(why, MX_E2BIG, "the name of %s is too long", name);
}

/* Bytes of a secret do not stay in freed memory. */
static void free_secret(char *bytes, size_t len)
{
    if (bytes != NULL) {
        explicit_bzero(bytes, len);
        free(bytes);
    }
}

static int load(const struct identity_files *files, struct mx_identity *id,
                char *why)
{
    const char *reason = "";
    size_t cert_len = 0, key_len = 0;
    char *cert = file_read(files->cert, MX_CERT_MAX, &cert_len);
    char *key = NULL;
    int rc;

    if (cert == NULL) {
        return why_set(why, MX_EIO, "cannot read certificate %s: %s",
                       files->cert, strerror(errno));
    }
    key = file_read(files->key, MX_CERT_MAX, &key_len);
    if (key == NULL) {
        rc = why_set(why, MX_EIO, "cannot read key %s: %s", files->key,
                     strerror(errno));
    } else {
        rc = mx_identity_load(id, cert, cert_len, key, key_len, &reason);
        if (rc != 0) {
            why_set(why, rc, "certificate %s with key %s: %s (%s)", files->cert,
                    files->key, mx_strerror(rc), reason);
        }
    }
    free(cert);
    free_secret(key, key_len);
    return rc;
}

/* The key first: a cut between the two leaves a key that nobody has seen, and
 * the next start makes both anew. */
static int write_both(int dir, const char *key, const char *cert)
{
    if (file_write(dir, KEY_NAME, key, strlen(key)) != 0) {
        return -1;
    }
    return file_write(dir, CERT_NAME, cert, strlen(cert));
}

static int make(int dir, const struct options *o, char *why)
{
    char cert[MX_IDENTITY_CERT_MAX], key[MX_IDENTITY_KEY_MAX];
    int rc = mx_identity_make(o->mx, mx_port_time_s(), cert, key);

    if (rc != 0) {
        return why_set(why, rc, "no identity could be made for %s: %s", o->mx,
                       mx_strerror(rc));
    }
    if (write_both(dir, key, cert) != 0) {
        rc = why_set(why, MX_EIO, "cannot keep the identity in %s: %s",
                     o->state, strerror(errno));
    }
    explicit_bzero(key, sizeof key);
    return rc;
}

static int open_state(const char *path, char *why)
{
    int dir = -1;

    if (mkdir(path, 0700) == 0 || errno == EEXIST) {
        dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (dir >= 0) {
        return dir;
    }
    return why_set(why, MX_EIO,
                   "the identity cannot be kept in %s: %s; --state names "
                   "another folder",
                   path, strerror(errno));
}

/* Makes what is missing, as far as that loses nothing. */
static int make_missing(struct identity_files *files, int dir,
                        const struct options *o, char *why)
{
    struct stat st;
    bool key = fstatat(dir, KEY_NAME, &st, 0) == 0;
    bool cert = fstatat(dir, CERT_NAME, &st, 0) == 0;

    if (cert && !key) {
        return why_set(why, MX_EIO,
                       "%s is there but %s is not: put the key "
                       "back, or remove the certificate to have a new identity "
                       "made",
                       files->cert, files->key);
    }
    if (cert) {
        return 0;
    }
    files->made = true;
    return make(dir, o, why);
}

static int load_state(struct identity_files *files, struct mx_identity *id,
                      const struct options *o, char *why)
{
    int dir, rc;

    if (join(files->cert, o->state, CERT_NAME, why) != 0 ||
        join(files->key, o->state, KEY_NAME, why) != 0) {
        return MX_E2BIG;
    }
    dir = open_state(o->state, why);
    if (dir < 0) {
        return dir;
    }
    rc = make_missing(files, dir, o, why);
    close(dir);
    return rc == 0 ? load(files, id, why) : rc;
}

int identity_files_load(struct identity_files *files, struct mx_identity *id,
                        const struct options *o, char *why)
{
    memset(files, 0, sizeof *files);
    if (o->cert == NULL) {
        return load_state(files, id, o, why);
    }
    if (join(files->cert, "", o->cert, why) != 0 ||
        join(files->key, "", o->key, why) != 0) {
        return MX_E2BIG;
    }
    return load(files, id, why);
}

int identity_files_client_ca(struct mx_client_ca *ca, const struct options *o,
                             char *why)
{
    const char *reason = "";
    size_t len;
    char *cert;
    int rc;

    if (o->client_ca == NULL) {
        return 0;
    }
    cert = file_read(o->client_ca, MX_CERT_MAX, &len);
    if (cert == NULL) {
        return why_set(why, MX_EIO, "cannot read --client-ca %s: %s",
                       o->client_ca, strerror(errno));
    }
    rc = mx_client_ca_load(ca, cert, len, &reason);
    if (rc != 0) {
        why_set(why, rc, "--client-ca %s: %s (%s)", o->client_ca,
                mx_strerror(rc), reason);
    }
    free(cert);
    return rc;
}

bool identity_files_check(const struct mx_identity *id, const struct options *o)
{
    unsigned flags = mx_identity_check(id, o->mx, mx_port_time_s());
    bool offer = (flags & MX_ID_FATAL) == 0 || o->tls_anyway;

    for (unsigned bit = 1; bit != 0 && bit <= flags; bit <<= 1) {
        if ((flags & bit) != 0) {
            bool fatal = (bit & MX_ID_FATAL) != 0;

            log_begin(fatal ? MX_LOG_ERROR : MX_LOG_WARN, "identity", 0);
            log_text("advice", mx_identity_advice((enum mx_identity_flag)bit));
            log_end();
        }
    }
    if (!offer) {
        log_begin(MX_LOG_ERROR, "identity", 0);
        log_text("tls", "not offered: the certificate is for another name; "
                        "--tls-anyway offers it all the same");
        log_end();
    }
    return offer;
}
