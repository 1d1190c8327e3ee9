/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include "addr.h"
#include "tinymx/err.h"
#include "why.h"

#include <stdlib.h>
#include <string.h>

#define HELP_COLUMN 8
#define HELP_WIDTH 72

/* Sparse: the disk has as much of it as was ever used. */
#define SPOOL_SIZE (256u * 1024 * 1024)

/* What is asked of PBKDF2 with SHA-256 today: half a second of a PC. */
#define ITERATIONS 600000

void options_init(struct options *o)
{
    memset(o, 0, sizeof *o);
    o->maildir = "mail";
    o->spool_size = SPOOL_SIZE;
    o->state = "state";
    o->iterations = ITERATIONS;
    o->net = "user";
    o->log_level = MX_LOG_INFO;
}

void options_free(struct options *o)
{
    free(o->file);
    o->file = NULL;
}

const struct option *options_find(const char *name)
{
    for (size_t i = 0; i < options_count; i++) {
        if (strcmp(options_table[i].name, name) == 0) {
            return &options_table[i];
        }
    }
    return NULL;
}

const char *options_tap(const struct options *o)
{
    return strncmp(o->net, "tap:", 4) == 0 ? o->net + 4 : NULL;
}

/* --- values ------------------------------------------------------------- */

/* What to multiply by for the letter behind a number; 0: not one of ours. */
static uint32_t unit_of(const char *suffix, enum option_kind kind)
{
    if (*suffix == '\0') {
        return 1;
    }
    if (kind == KIND_BYTES && suffix[1] == '\0') {
        switch (*suffix) {
        case 'k':
        case 'K':
            return 1024;
        case 'm':
        case 'M':
            return 1024 * 1024;
        default:
            break;
        }
    }
    return 0;
}

static int parse_count(const struct option *row, const char *text,
                       uint32_t *out, char *why)
{
    uint64_t n = 0;
    const char *at = text;

    while (*at >= '0' && *at <= '9' && n <= UINT32_MAX) {
        n = n * 10 + (uint64_t)(*at++ - '0');
    }
    n = at == text ? 0 : n * unit_of(at, row->kind);
    if (n < row->min || n > row->max) {
        return why_set(why, MX_EINVAL, "'%s' is not a number from %lu to %lu",
                       text, (unsigned long)row->min, (unsigned long)row->max);
    }
    *out = (uint32_t)n;
    return 0;
}

/* `words` stand between bars, as in the table. */
static int parse_word(const char *text, const char *words, uint32_t *out,
                      char *why)
{
    const char *at = words;

    for (*out = 0; *at != '\0'; (*out)++) {
        size_t len = strcspn(at, "|");

        if (strlen(text) == len && memcmp(text, at, len) == 0) {
            return 0;
        }
        at += at[len] == '|' ? len + 1 : len;
    }
    return why_set(why, MX_EINVAL, "'%s' is not one of %s", text, words);
}

/* Reads a number of whatever kind, or checks a text. */
static int parse_value(const struct option *row, const char *text,
                       uint32_t *number, char *why)
{
    switch (row->kind) {
    case KIND_TEXT:
    case KIND_LIST:
        return row->check != NULL ? row->check(text, why) : 0;
    case KIND_COUNT:
    case KIND_BYTES:
        return parse_count(row, text, number, why);
    case KIND_WORD:
        return parse_word(text, row->arg, number, why);
    case KIND_FLAG:
    case KIND_ALONE:
        return parse_word(text, "no|yes", number, why);
    }
    return MX_EINVAL;
}

static int list_add(struct options_list *list, const char *text, char *why)
{
    if (list->len == OPTIONS_LIST_MAX) {
        return why_set(why, MX_EINVAL, "there are more than %d of them",
                       OPTIONS_LIST_MAX);
    }
    list->item[list->len++] = text;
    return 0;
}

static int store(struct options *o, const struct option *row, const char *text,
                 uint32_t number, char *why)
{
    void *field = (char *)o + row->offset;

    switch (row->kind) {
    case KIND_TEXT:
        *(const char **)field = text;
        return 0;
    case KIND_LIST:
        return list_add(field, text, why);
    case KIND_COUNT:
    case KIND_BYTES:
    case KIND_WORD:
        *(uint32_t *)field = number;
        return 0;
    case KIND_FLAG:
    case KIND_ALONE:
        *(bool *)field = number != 0;
        return 0;
    }
    return MX_EINVAL;
}

int options_set(struct options *o, const struct option *row, const char *text,
                enum options_source source, char *why)
{
    uint8_t *said = &o->source[row - options_table];
    uint32_t number = 0;
    int rc = parse_value(row, text, &number, why);

    if (rc != 0 || source < *said) {
        return rc;
    }
    if (source > *said && row->kind == KIND_LIST) {
        memset((char *)o + row->offset, 0, sizeof(struct options_list));
    }
    *said = (uint8_t)source;
    return store(o, row, text, number, why);
}

/* --- the command line --------------------------------------------------- */

/* Splits "--name=value": copies the name; the value, or NULL. */
static const char *split_argument(const char *arg, char *name, size_t cap)
{
    size_t len = strcspn(arg, "=");

    if (len >= cap) {
        len = cap - 1; /* longer than any we know: not found below */
    }
    memcpy(name, arg, len);
    name[len] = '\0';
    return strchr(arg, '=') != NULL ? strchr(arg, '=') + 1 : NULL;
}

/* Takes argv[*at] and, where it has one, the value behind it. */
static int take_argument(struct options *o, int argc, char *const *argv,
                         int *at, char *why)
{
    char name[64], reason[MX_POSIX_WHY_MAX];
    const char *arg = argv[*at];
    const struct option *row;
    const char *value;

    if (strncmp(arg, "--", 2) != 0) {
        return why_set(why, MX_EINVAL,
                       "'%s' is not an option: they begin with two dashes; "
                       "--help lists them",
                       arg);
    }
    value = split_argument(arg + 2, name, sizeof name);
    row = options_find(name);
    if (row == NULL) {
        return why_set(why, MX_EINVAL,
                       "there is no option --%s; --help lists them", name);
    }
    if (row->arg == NULL && value != NULL) {
        return why_set(why, MX_EINVAL, "--%s takes no value", name);
    }
    if (row->arg == NULL) {
        value = "yes";
    } else if (value == NULL && *at + 1 < argc) {
        value = argv[++*at];
    }
    if (value == NULL) {
        return why_set(why, MX_EINVAL, "--%s needs a value: --%s %s", name,
                       name, row->arg);
    }
    if (options_set(o, row, value, OPTIONS_COMMAND, reason) != 0) {
        return why_set(why, MX_EINVAL, "--%s: %.400s", name, reason);
    }
    return 0;
}

int options_parse(struct options *o, int argc, char *const *argv, char *why)
{
    for (int i = 1; i < argc; i++) {
        int rc = take_argument(o, argc, argv, &i, why);

        if (rc != 0) {
            return rc;
        }
    }
    return 0;
}

/* --- all of it together ------------------------------------------------- */

static int check_tap(const struct options *o, char *why)
{
    const struct options_list *lists[] = {&o->listen, &o->listen_tls, &o->pop3,
                                          &o->pop3_tls};
    struct addr_listen at;

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (lists[i]->len > 1) {
            return why_set(why, MX_EINVAL,
                           "with --net tap:IFACE the device "
                           "has one port for each kind of service");
        }
        if (lists[i]->len == 1 &&
            (addr_parse_listen(&at, lists[i]->item[0], why) != 0 ||
             at.host[0] != '\0' || at.port == 0)) {
            return why_set(why, MX_EINVAL,
                           "with --net tap:IFACE the device "
                           "listens on its own address (--address): write a "
                           "port alone instead of '%s'",
                           lists[i]->item[0]);
        }
    }
    return 0;
}

static int check_dns(const struct options *o, char *why)
{
    if (o->dns != NULL && options_tap(o) != NULL &&
        (o->address == NULL || strcmp(o->address, "dhcp") == 0)) {
        return why_set(why, MX_EINVAL,
                       "--dns needs --address ADDR/BITS here: otherwise DHCP "
                       "says which resolver there is");
    }
    if (o->dnsbl != NULL && o->dns == NULL && options_tap(o) == NULL) {
        return why_set(why, MX_EINVAL,
                       "--dnsbl needs a resolver: --dns 10.0.2.3 is this PC's");
    }
    return 0;
}

static int check_user(struct options *o, char *why)
{
    if (o->address != NULL || o->gateway != NULL || o->address6 != NULL) {
        return why_set(why, MX_EINVAL,
                       "--address, --gateway and --address6 "
                       "need --net tap:IFACE: the user-mode network has "
                       "addresses of its own");
    }
    return o->listen.len > 0 ? 0 : list_add(&o->listen, "127.0.0.1:2525", why);
}

/* Did anybody say so? */
static bool is_given(const struct options *o, const char *name)
{
    return o->source[options_find(name) - options_table] != OPTIONS_DEFAULT;
}

static int check_store(struct options *o, char *why)
{
    if (o->spool == NULL &&
        (is_given(o, "spool-size") || is_given(o, "spool-full"))) {
        return why_set(why, MX_EINVAL,
                       "--spool-size and --spool-full need --spool FILE");
    }
    if (o->spool != NULL && is_given(o, "maildir")) {
        return why_set(why, MX_EINVAL,
                       "mail goes to one place: --maildir or --spool");
    }
    if (o->spool != NULL) {
        o->maildir = NULL;
    }
    return 0;
}

static int check_pop3(const struct options *o, char *why)
{
    bool wanted = o->pop3.len + o->pop3_tls.len > 0;

    if (!wanted && (o->pop3_user != NULL || o->pop3_password != NULL)) {
        return why_set(why, MX_EINVAL,
                       "--pop3-user and --pop3-password need --pop3 ADDR:PORT "
                       "or --pop3-tls ADDR:PORT");
    }
    if (wanted && o->spool == NULL) {
        return why_set(why, MX_EINVAL,
                       "--pop3 reads a spool: it needs --spool FILE");
    }
    if (wanted && (o->pop3_user == NULL || o->pop3_password == NULL)) {
        return why_set(why, MX_EINVAL,
                       "--pop3 needs --pop3-user NAME and --pop3-password "
                       "VERIFIER: --hash-password makes one");
    }
    return 0;
}

int options_check(struct options *o, char *why)
{
    if (o->mx == NULL) {
        return why_set(why, MX_EINVAL,
                       "--mx is missing: the host name in your "
                       "MX record, for instance --mx mx.example.test");
    }
    if ((o->cert == NULL) != (o->key == NULL)) {
        return why_set(why, MX_EINVAL,
                       "--cert and --key go together: %s is "
                       "missing",
                       o->cert == NULL ? "--cert" : "--key");
    }
    if (check_store(o, why) != 0 || check_pop3(o, why) != 0 ||
        check_dns(o, why) != 0) {
        return MX_EINVAL;
    }
    return options_tap(o) != NULL ? check_tap(o, why) : check_user(o, why);
}

/* --- help --------------------------------------------------------------- */

/* Words of `text` in lines of HELP_WIDTH, indented by HELP_COLUMN. */
static void print_wrapped(FILE *out, const char *text)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t len = strcspn(text, " ");

        if (column > 0 && column + 1 + len > HELP_WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        column += (size_t)fprintf(out, "%*s%.*s", column == 0 ? HELP_COLUMN : 1,
                                  "", (int)len, text);
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void options_help(FILE *out)
{
    fputs("usage: tinymx-sim --mx NAME [--rcpt ADDRESS]... [OPTION]...\n"
          "\n"
          "A mail exchanger for devices, run on a PC: the device's own TCP/IP, "
          "TLS and\nSMTP, on a network that needs no privileges.\n"
          "\n",
          out);
    for (size_t i = 0; i < options_count; i++) {
        const struct option *row = &options_table[i];

        fprintf(out, "  --%s%s%s\n", row->name, row->arg != NULL ? " " : "",
                row->arg != NULL ? row->arg : "");
        print_wrapped(out, row->help);
    }
    fputs("\n"
          "tinymx-sim(1) says more.\n",
          out);
}
