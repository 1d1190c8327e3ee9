/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tinymx-slip: the simulator's network for a board in an emulator that has none
 * but serial lines. It starts the emulator, with an end of a socket for one of
 * them, and ends with it: neither has a name to be found by, or to be left
 * behind.
 *
 *     tinymx-slip ─ exec ─► the emulator ═══ socket ═══ the bridge, its child
 */
#define _GNU_SOURCE
#include "bridge.h"

#include "addr.h"
#include "net.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FORWARDS 8

static struct options {
    const char *forward[FORWARDS];
    unsigned forwards;
    bool out;
    char **command;
} options;

static void help(void)
{
    puts("usage: tinymx-slip [OPTION...] COMMAND [ARGUMENT...]\n"
         "       tinymx-slip --help\n"
         "\n"
         "Runs COMMAND, an emulator. At the other end of one of its serial\n"
         "lines (SLIP, RFC 1055) is the user-mode network of tinymx-sim: {}\n"
         "in an ARGUMENT is the number of its descriptor, a socket.\n"
         "\n"
         "  --forward HOST:PORT=N   connections to HOST:PORT, IPv4, reach\n"
         "                          port N of the device; PORT 0 picks one,\n"
         "                          which is printed\n"
         "  --out                   the device may reach the world; without\n"
         "                          this it is only reached\n"
         "\n"
         "The device is 10.0.2.15/24, its router 10.0.2.2, a resolver\n"
         "10.0.2.3: its configuration has to say so.");
}

static int usage(const char *what, const char *word)
{
    fprintf(stderr, "tinymx-slip: %s%s; --help says how it is used\n", what,
            word);
    return 2;
}

static int parse(char **word)
{
    for (; *word != NULL && strncmp(*word, "--", 2) == 0; word++) {
        if (strcmp(*word, "--") == 0) {
            word++;
            break;
        }
        if (strcmp(*word, "--out") == 0) {
            options.out = true;
        } else if (strcmp(*word, "--forward") != 0) {
            return usage("no such option: ", *word);
        } else if (*++word == NULL) {
            return usage("--forward lacks HOST:PORT=N", "");
        } else if (options.forwards == FORWARDS) {
            return usage("one --forward too many: ", *word);
        } else {
            options.forward[options.forwards++] = *word;
        }
    }
    options.command = word;
    return *word != NULL ? 0 : usage("it lacks COMMAND", "");
}

/* "127.0.0.1:2526=25" */
static int forward(const char *text)
{
    char why[MX_POSIX_WHY_MAX] = "";
    char listen[ADDR_TEXT_MAX];
    const char *equals = strchr(text, '=');
    struct addr_listen at;
    char *end = NULL;
    unsigned long guest = equals != NULL ? strtoul(equals + 1, &end, 10) : 0;
    int port;

    if (guest < 1 || guest > UINT16_MAX || *end != '\0' ||
        (size_t)(equals - text) >= sizeof listen) {
        return usage("not HOST:PORT=N: ", text);
    }
    memcpy(listen, text, (size_t)(equals - text));
    listen[equals - text] = '\0';
    if (addr_parse_listen(&at, listen, why) != 0 ||
        strchr(at.host, '.') == NULL) {
        return usage("not HOST:PORT=N: ", text);
    }
    port = net_user.forward(at.host, at.port, (uint16_t)guest, why);
    if (port < 0) {
        fprintf(stderr, "tinymx-slip: %s\n", why);
        return 1;
    }
    addr_format(listen, at.host, (uint16_t)port);
    fprintf(stderr, "tinymx-slip: port %lu of the device is %s\n", guest,
            listen);
    return 0;
}

static int start_bridge(void)
{
    char why[MX_POSIX_WHY_MAX] = "";
    int rc = 0;

    if (bridge_start(options.out, why) != 0) {
        fprintf(stderr, "tinymx-slip: %s\n", why);
        return 1;
    }
    for (unsigned i = 0; rc == 0 && i < options.forwards; i++) {
        rc = forward(options.forward[i]);
    }
    return rc;
}

/* By a byte it tells the emulator-to-be how it went. */
static _Noreturn void run_bridge(int line, int ready)
{
    unsigned char rc = (unsigned char)start_bridge();

    if (write(ready, &rc, 1) != 1 || rc != 0) {
        _exit(1);
    }
    close(ready);
    signal(SIGPIPE, SIG_IGN);
    bridge_run(line);
    _exit(0);
}

/* {} in all words; what was there is replaced for good. */
static int name_line(char **words, int line)
{
    for (; *words != NULL; words++) {
        char *braces = strstr(*words, "{}");

        if (braces != NULL &&
            asprintf(words, "%.*s%d%s", (int)(braces - *words), *words, line,
                     braces + 2) < 0) {
            return -1;
        }
    }
    return 0;
}

static int run(void)
{
    int line[2], ready[2];
    unsigned char rc = 1;
    pid_t bridge;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) != 0 ||
        pipe2(ready, O_CLOEXEC) != 0 ||
        name_line(options.command, line[0]) < 0) {
        perror("tinymx-slip");
        return 1;
    }
    bridge = fork();
    if (bridge == 0) {
        close(line[0]);
        close(ready[0]);
        run_bridge(line[1], ready[1]);
    }
    close(line[1]);
    close(ready[1]);
    if (bridge < 0 || read(ready[0], &rc, 1) != 1 || rc != 0) {
        return rc;
    }
    execvp(options.command[0], options.command);
    fprintf(stderr, "tinymx-slip: %s: %s\n", options.command[0],
            strerror(errno));
    return 1;
}

int main(int argc, char **argv)
{
    int rc;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        help();
        return 0;
    }
    rc = parse(argv + 1);
    return rc == 0 ? run() : rc;
}
