/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What tinymx-sim can be told. One table (options.c) drives the command line,
 * the configuration file, --help, and the test of the man page.
 */
#ifndef TINYMX_POSIX_OPTIONS_H
#define TINYMX_POSIX_OPTIONS_H

#include <stdio.h>

#include "tinymx/posix.h"

/* Entries in a list: recipients, domains, places to listen. */
#define OPTIONS_LIST_MAX 255

struct options_list {
    const char *item[OPTIONS_LIST_MAX + 1]; /* NULL behind the last */
    size_t len;
};

/* Rows the table has at most. */
#define OPTIONS_MAX 64

struct options {
    const char *mx;
    struct options_list domain;
    struct options_list rcpt;
    struct options_list listen;
    struct options_list listen_tls;
    const char *maildir; /* NULL: it is a spool */
    const char *spool;   /* NULL: it is a Maildir */
    uint32_t spool_size;
    uint32_t spool_full; /* enum mx_spool_full */
    struct options_list pop3;
    struct options_list pop3_tls;
    const char *pop3_user;
    const char *pop3_password; /* its verifier */
    const char *cert;
    const char *key;
    const char *client_ca;
    const char *state;
    const char *net;
    const char *address;
    const char *gateway;
    const char *address6;
    const char *dns;
    const char *ntp;
    const char *wifi_ssid;
    const char *wifi_password;
    struct options_list public_address;
    const char *dnsbl;
    uint32_t max_message;
    uint32_t max_rcpt;
    uint32_t max_mail;
    uint32_t max_errors;
    uint32_t max_idle;
    uint32_t max_unknown;
    uint32_t sessions;
    uint32_t tls_sessions;
    uint32_t peer_sessions;
    uint32_t peer_connects;
    uint32_t peer_handshakes;
    uint32_t greet_s;
    uint32_t first_s;
    uint32_t command_s;
    uint32_t data_s;
    uint32_t min_rate;
    uint32_t session_s;
    uint32_t handshake_s;
    uint32_t tls_wait_s;
    uint32_t linger_s;
    uint32_t slow_s;
    uint32_t evict_s;
    bool tls_anyway;
    bool require_tls;
    uint32_t log_level; /* enum mx_log_level */
    const char *config;
    bool hash;
    uint32_t iterations;
    bool help;
    bool version;

    uint8_t source[OPTIONS_MAX]; /* enum options_source, by row */
    char *file; /* text of the configuration file, which is pointed into */
};

/* Who said it: the later wins. */
enum options_source { OPTIONS_DEFAULT, OPTIONS_FILE, OPTIONS_COMMAND };

enum option_kind {
    KIND_TEXT,  /* const char * */
    KIND_LIST,  /* struct options_list */
    KIND_COUNT, /* uint32_t */
    KIND_BYTES, /* uint32_t, with K or M */
    KIND_WORD,  /* uint32_t, which one of the words in `arg` */
    KIND_FLAG,  /* bool; in a file: yes or no */
    KIND_ALONE, /* bool; on the command line only */
};

struct option {
    const char *name; /* without the dashes */
    const char *arg;  /* what it takes, NULL: nothing */
    const char *help; /* one sentence or two; the man page has the same */
    size_t offset;    /* into struct options */
    enum option_kind kind;
    uint32_t min; /* of a number */
    uint32_t max;
    /* Is the text a ...? NULL: any is. 0, or MX_EINVAL with the reason. */
    int (*check)(const char *text, char *why);
};

extern const struct option options_table[];
extern const size_t options_count;

/* Everything at its default. Zero stays where the firmware has one. */
void options_init(struct options *o);

/* Gives back what config_file_read() allocated. */
void options_free(struct options *o);

/* Takes the command line. Texts are kept, not copied. `file` is read by
 * config_file_read() behind it. 0, or MX_EINVAL. */
int options_parse(struct options *o, int argc, char *const *argv, char *why);

/* The row called `name`, or NULL. */
const struct option *options_find(const char *name);

/* Sets one; kept, not copied. Nothing happens when a better source has spoken
 * already, but the text must be right all the same. 0, or MX_EINVAL. */
int options_set(struct options *o, const struct option *row, const char *text,
                enum options_source source, char *why);

/* What one option cannot see: what is missing, what does not go together.
 * Fills in where to listen when nobody said. 0, or MX_EINVAL. */
int options_check(struct options *o, char *why);

/* The interface of --net tap:IFACE, or NULL. */
const char *options_tap(const struct options *o);

void options_help(FILE *out);

#endif
