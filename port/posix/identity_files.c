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
#define STORE_NAME "identity"
#define STORE_SIZE (16 * 1024)
#define CHAIN_TEXT_MAX (2 * MX_CERT_MAX)

static struct mx_block_file store = {.fd = -1};
static int state_dir = -1;
static uint8_t written; /* which change is in CERT_NAME */

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

/* --- the certificate, for others ------------------------------------------ */

static void append(void *ctx, const char *pem)
{
    char *text = ctx;

    strncat(text, pem, CHAIN_TEXT_MAX - strlen(text) - 1);
}

static void write_cert(const struct identity_files *files,
                       const struct mx_keeper *k)
{
    char text[CHAIN_TEXT_MAX] = "";

    written = k->changes;
    if (files->key[0] != '\0' || mx_identity_show(&k->id, append, text) != 0) {
        return;
    }
    if (file_write(state_dir, CERT_NAME, text, strlen(text)) != 0) {
        log_begin(MX_LOG_WARN, "identity", 0);
        log_text("error", "the certificate cannot be written beside its store");
        log_end();
    }
}

void identity_files_poll(const struct identity_files *files,
                         const struct mx_keeper *k)
{
    if (k->changes != written) {
        write_cert(files, k);
    }
}

/* --- the owner's --------------------------------------------------------- */

static int start_given(const struct identity_files *files, struct mx_keeper *k,
                       struct mx_keeper_config *cfg, char *why)
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
        cfg->cert = (struct mx_span){cert, cert_len};
        cfg->key = (struct mx_span){key, key_len};
        rc = mx_keeper_start(k, cfg, &reason);
        if (rc != 0) {
            why_set(why, rc, "certificate %s with key %s: %s (%s)", files->cert,
                    files->key, mx_strerror(rc), reason);
        }
    }
    free(cert);
    free_secret(key, key_len);
    return rc;
}

/* --- the device's own ---------------------------------------------------- */

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

static int start_kept(struct mx_keeper *k, struct mx_keeper_config *cfg,
                      const char *path, char *why)
{
    const char *reason = "";
    int rc = mx_block_file_open(&store, path, STORE_SIZE, why);

    if (rc != 0) {
        return rc;
    }
    cfg->dev = &store.block;
    cfg->blocks = store.block.block_count;
    rc = mx_keeper_start(k, cfg, &reason);
    if (rc == 0 && !k->kept) {
        rc = MX_EIO;
        reason = "the log says why";
    }
    if (rc != 0) {
        why_set(why, rc, "the identity in %s cannot be used: %s (%s)", path,
                mx_strerror(rc), reason);
    }
    return rc;
}

static int start_state(struct identity_files *files, struct mx_keeper *k,
                       struct mx_keeper_config *cfg, const struct options *o,
                       char *why)
{
    char path[IDENTITY_PATH_MAX];
    struct stat st;

    state_dir = open_state(o->state, why);
    if (state_dir < 0) {
        return state_dir;
    }
    if (join(files->cert, o->state, CERT_NAME, why) != 0 ||
        join(files->key, o->state, KEY_NAME, why) != 0 ||
        join(path, o->state, STORE_NAME, why) != 0) {
        return MX_E2BIG;
    }
    if (fstatat(state_dir, KEY_NAME, &st, 0) == 0) {
        return start_given(files, k, cfg, why);
    }
    files->key[0] = '\0';
    return start_kept(k, cfg, path, why);
}

int identity_files_start(struct identity_files *files, struct mx_keeper *k,
                         const struct options *o, char *why)
{
    struct mx_keeper_config cfg = {.mx_name = o->mx, .anyway = o->tls_anyway};
    int rc;

    memset(files, 0, sizeof *files);
    if (o->cert == NULL) {
        rc = start_state(files, k, &cfg, o, why);
    } else if (join(files->cert, "", o->cert, why) != 0 ||
               join(files->key, "", o->key, why) != 0) {
        rc = MX_E2BIG;
    } else {
        rc = start_given(files, k, &cfg, why);
    }
    if (rc == 0) {
        write_cert(files, k);
    }
    return rc;
}

void identity_files_stop(struct mx_keeper *k)
{
    mx_keeper_stop(k);
    mx_block_file_close(&store);
    if (state_dir >= 0) {
        close(state_dir);
    }
    state_dir = -1;
}

int identity_files_install(struct mx_keeper *k, const char *path,
                           const char **why)
{
    size_t len = 0;
    char *text = file_read(path, MX_CERT_MAX, &len);
    int rc;

    if (text == NULL) {
        *why = "the file cannot be read";
        return MX_EIO;
    }
    rc = mx_keeper_install_text(k, text, len, why);
    free(text);
    return rc;
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
