/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx-sim: the device on a PC. */
#define _DEFAULT_SOURCE
#include "config_file.h"
#include "counters.h"
#include "hash_password.h"
#include "hello.h"
#include "identity_files.h"
#include "life.h"
#include "options.h"
#include "signals.h"
#include "store.h"
#include "typed.h"

#include "tinymx/err.h"
#include "tinymx/keeper.h"
#include "tinymx/pop3_server.h"
#include "tinymx/server.h"
#include "util/log.h"
#include "why.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMTP_PORT 25
#define SMTPS_PORT 465
#define POP3_PORT 110
#define POP3S_PORT 995

/* Rounds of last words after the server was stopped. */
#define LAST_ROUNDS 16

static struct options options;
static struct mx_keeper keeper;
static struct mx_client_ca client_ca;
static struct identity_files files;
static struct mx_table recipients;
static struct mx_server_config config;
static struct mx_pop3_server pop3;
static struct mx_server server;
static struct hello_place places[4 * OPTIONS_LIST_MAX];
static size_t place_count;

/* --- the parts, in the order they start --------------------------------- */

/* A connection must not become standard output because that was closed. */
static void open_standard_files(void)
{
    int fd;

    do {
        fd = open("/dev/null", O_RDWR);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        close(fd);
    }
}

/* 0; MX_EINVAL: how it was called; else what went wrong. */
static int read_options(int argc, char **argv, char *why)
{
    int rc;

    options_init(&options);
    rc = options_parse(&options, argc, argv, why);
    if (rc == 0 && (options.help || options.version || options.hash)) {
        return 0;
    }
    if (rc == 0 && options.config != NULL) {
        rc = config_file_read(&options, options.config, why);
    }
    return rc == 0 ? options_check(&options, why) : rc;
}

static int start_identity(char *why)
{
    int rc = mx_tls_arena_init();

    if (rc != 0) {
        return why_set(why, rc, "TLS does not start: %s", mx_strerror(rc));
    }
    rc = identity_files_start(&files, &keeper, &options, why);
    config.identity = rc == 0 ? mx_keeper_identity(&keeper) : NULL;
    if (rc == 0) {
        rc = identity_files_client_ca(&client_ca, &options, why);
    }
    if (options.client_ca != NULL) {
        config.client_ca = &client_ca;
    }
    return rc;
}

static int start_net(char *why)
{
    struct mx_posix_net_config net = {.tap = options_tap(&options),
                                      .address = options.address,
                                      .gateway = options.gateway,
                                      .address6 = options.address6,
                                      .dns = options.dns};

    return mx_posix_net_up(&net, why);
}

/* The device's own port: standard behind forwardings, chosen on a TAP. */
static uint16_t device_port(const struct options_list *list, uint16_t standard)
{
    struct addr_listen at = {.port = standard};

    if (options_tap(&options) != NULL && list->len > 0) {
        addr_parse_listen(&at, list->item[0], NULL);
    }
    return at.port;
}

static bool offers_tls_port(void)
{
    return options.listen_tls.len > 0 && config.identity != NULL;
}

/* Who reads over the network, if somebody does. */
static int start_pop3(char *why)
{
    const struct mx_pop3_server_config cfg = {
        .spool = store_spool(),
        .user = options.pop3_user,
        .verifier = options.pop3_password,
        .port =
            options.pop3.len > 0 ? device_port(&options.pop3, POP3_PORT) : 0,
        .tls_port = options.pop3_tls.len > 0
                        ? device_port(&options.pop3_tls, POP3S_PORT)
                        : 0,
    };
    int rc;

    if (cfg.port == 0 && cfg.tls_port == 0) {
        return 0;
    }
    if (config.identity == NULL) {
        return why_set(why, MX_EINVAL,
                       "--pop3 needs TLS, and there is no identity that fits "
                       "%s: the log says why",
                       options.mx);
    }
    rc = mx_pop3_server_init(&pop3, &cfg);
    config.pop3 = &pop3;
    return rc == 0
               ? 0
               : why_set(why, rc, "POP3 does not start: %s", mx_strerror(rc));
}

static int start_server(char *why)
{
    int rc;

    mx_table_init(&recipients, options.domain.item, options.rcpt.item);
    config.mx_name = options.mx;
    config.sink = store_sink();
    config.policy = &recipients.policy;
    config.dnsbl = options.dnsbl;
    config.port = device_port(&options.listen, SMTP_PORT);
    config.tls_port =
        offers_tls_port() ? device_port(&options.listen_tls, SMTPS_PORT) : 0;
    config.sessions = (uint16_t)options.sessions;
    config.tls_sessions = (uint16_t)options.tls_sessions;
    config.peer_sessions = (uint16_t)options.peer_sessions;
    config.peer_connects = (uint16_t)options.peer_connects;
    config.peer_handshakes = (uint16_t)options.peer_handshakes;
    config.max_message = store_max_message(options.max_message);
    config.max_rcpt = (uint16_t)options.max_rcpt;
    config.max_mail = (uint16_t)options.max_mail;
    config.require_tls = options.require_tls;
    config.max_errors = (uint8_t)options.max_errors;
    config.max_idle = (uint8_t)options.max_idle;
    config.max_unknown = (uint8_t)options.max_unknown;
    config.greet_s = (uint16_t)options.greet_s;
    config.first_s = (uint16_t)options.first_s;
    config.command_s = (uint16_t)options.command_s;
    config.data_s = (uint16_t)options.data_s;
    config.min_rate = (uint16_t)options.min_rate;
    config.session_s = (uint16_t)options.session_s;
    config.handshake_s = (uint16_t)options.handshake_s;
    config.tls_wait_s = (uint16_t)options.tls_wait_s;
    config.linger_s = (uint16_t)options.linger_s;
    config.slow_s = (uint16_t)options.slow_s;
    config.evict_s = (uint16_t)options.evict_s;
    rc = mx_server_init(&server, &config);
    if (rc == 0) {
        mx_keeper_serve(&keeper, &server);
    }
    return rc == 0 ? 0
                   : why_set(why, rc, "the server does not start: %s",
                             mx_strerror(rc));
}

/* A port of the device, and where this machine takes connections for it. */
struct door {
    const struct options_list *list;
    uint16_t port; /* 0: it is closed */
    bool pop3;
    bool tls; /* from the first byte */
};

static void add_place(const struct door *door, const char *host, uint16_t port)
{
    struct hello_place *place = &places[place_count++];

    snprintf(place->host, sizeof place->host, "%s", host);
    place->port = port;
    place->pop3 = door->pop3;
    place->tls = door->tls;
}

static int forward(const struct door *door, char *why)
{
    const struct options_list *list = door->list;

    for (size_t i = 0; i < list->len; i++) {
        struct addr_listen at;
        const char *host;
        int port;

        if (addr_parse_listen(&at, list->item[i], why) != 0) {
            return MX_EINVAL;
        }
        host = at.host[0] != '\0' ? at.host : "127.0.0.1";
        port = mx_posix_forward(host, at.port, door->port, why);
        if (port < 0) {
            return port;
        }
        add_place(door, host, (uint16_t)port);
    }
    return 0;
}

static int start_listening(char *why)
{
    const struct door doors[] = {
        {&options.listen, config.port, false, false},
        {&options.listen_tls, config.tls_port, false, true},
        {&options.pop3, pop3.cfg.port, true, false},
        {&options.pop3_tls, pop3.cfg.tls_port, true, true},
    };
    int rc = 0;

    for (size_t i = 0; i < sizeof doors / sizeof *doors && rc == 0; i++) {
        if (doors[i].port != 0 && options_tap(&options) != NULL) {
            add_place(&doors[i], "", doors[i].port);
        } else if (doors[i].port != 0) {
            rc = forward(&doors[i], why);
        }
    }
    return rc;
}

static void say_hello(void *arg)
{
    struct hello hello = {.options = &options,
                          .id = config.identity,
                          .made = keeper.made,
                          .files = &files,
                          .place = places,
                          .places = place_count};

    (void)arg;
    hello_print(&hello);
    for (size_t i = 0; i < place_count; i++) {
        hello_listen(&places[i]);
    }
    typed_init(&(struct typed_config){.server = &server,
                                      .spool = store_spool(),
                                      .maildir = options.maildir,
                                      .keeper = &keeper,
                                      .install = identity_files_install,
                                      .table = &recipients,
                                      .addresses = NULL});
}

/* --- the rest of its life ----------------------------------------------- */

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t turn(void)
{
    /* What is typed may change what the server has to do. */
    uint32_t typed_ms = typed_poll();
    uint32_t ms = least(mx_server_poll(&server), typed_ms);

    mx_keeper_poll(&keeper);
    identity_files_poll(&files, &keeper);
    return store_poll() ? 0 : ms;
}

static void stop_server(void)
{
    log_begin(MX_LOG_INFO, "stop", 0);
    log_int("signal", signals_stop);
    log_end();
    mx_server_stop(&server);
}

static const struct life server_life = {
    .start = start_server, .turn = turn, .stop = stop_server};

static void read_typed(void *arg)
{
    (void)arg;
    typed_read();
}

static void count(void *arg)
{
    (void)arg;
    counters_log(&server);
}

static void serve(void)
{
    while (!signals_stop) {
        uint32_t ms = life_turn();

        if (mx_posix_wait(ms, life_typed_fd(), signals_sleep_mask()) != 0) {
            life_call(read_typed, NULL);
        }
        if (signals_count) {
            signals_count = 0;
            life_call(count, NULL);
        }
    }
}

/* Last words go to the peers without waiting for theirs. */
static void stop(void)
{
    life_end();
    for (int i = 0; i < LAST_ROUNDS; i++) {
        mx_posix_wait(0, -1, NULL);
    }
    counters_log(&server);
    mx_posix_net_down();
    store_close();
    mx_client_ca_free(&client_ca);
    identity_files_stop(&keeper);
    options_free(&options);
}

static int start(char *why)
{
    int rc = start_identity(why);

    if (rc == 0) {
        rc = store_open(&options, why);
    }
    if (rc == 0) {
        rc = start_pop3(why);
    }
    if (rc == 0) {
        rc = start_net(why);
    }
    if (rc == 0) {
        rc = life_begin(&server_life, why);
    }
    return rc == 0 ? start_listening(why) : rc;
}

static int fail(int rc, const char *why)
{
    fprintf(stderr, "tinymx-sim: %s\n", why);
    return rc;
}

int main(int argc, char **argv)
{
    char why[MX_POSIX_WHY_MAX] = "";
    int rc;

    open_standard_files();
    setvbuf(stdout, NULL, _IOLBF, 0);
    rc = read_options(argc, argv, why);
    if (rc != 0) {
        return fail(rc == MX_EINVAL ? 2 : EXIT_FAILURE, why);
    }
    if (options.help) {
        options_help(stdout);
        return EXIT_SUCCESS;
    }
    if (options.hash) {
        rc = hash_password(options.iterations, why);
        return rc == 0 ? EXIT_SUCCESS : fail(EXIT_FAILURE, why);
    }
    if (options.version) {
        printf("tinymx-sim " TINYMX_VERSION "\n");
        return EXIT_SUCCESS;
    }
    mx_posix_log_level((enum mx_log_level)options.log_level);
    signals_set();
    if (start(why) != 0) {
        return fail(EXIT_FAILURE, why);
    }
    life_call(say_hello, NULL);
    serve();
    stop();
    return EXIT_SUCCESS;
}
