/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mx_idf_start(), with the real device behind it: what starts and what does not,
 * and what is said of it.
 *
 *     idf_test NAME          one story; there is one device in a process
 */
#include "tinymx/idf.h"
#include "world.h"

#include "test_port.h"
#include "tinymx/err.h"

#include "lwip/dns.h"
#include "lwip/init.h"
#include "lwip/sys.h"
#include "lwip/priv/tcp_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 60
#define TEXTS 8

static void say_link(struct mx_console *c)
{
    mx_console_print(c, "link: of the application\n");
}

static const struct story {
    const char *name;
    struct world world;
    struct mx_idf_config config;
    int answer;   /* of mx_idf_start() */
    bool runs;    /* the task */
    bool listens; /* on port 25 */
    const char *type;
    uint32_t ms; /* between some of the rounds; 0: any */
    const char *said[TEXTS], *unsaid[2];
    const char *wrote[TEXTS];
} stories[] = {
    {.name = "all-is-well",
     .config = {.console = true, .radio = true, .status = say_link},
     .runs = true,
     .listens = true,
     .type = "status\r",
     .said = {"event=boot version=0 reset=\"task watchdog\"",
              "area=menuconfig state=used", "event=spool messages=0",
              "state=\"ready\"", "event=ready"},
     .unsaid = {"level=error", "event=watchdog"},
     .wrote = {"status\n", "uptime: ", "heap: of the world\n",
               "waits for memory: 77\n", "time: Mon, 23 Nov 2026 14:28:00",
               "certificate: mx.example.test\n",
               "spool: ", "link: of the application\n"}},
    {.name = "answer-that-waits",
     .config = {.console = true},
     .runs = true,
     .listens = true,
     .type = "identity doctor\r",
     .ms = 20,
     .wrote = {"identity doctor\n"}},
    {.name = "no-console",
     .runs = true,
     .listens = true,
     .said = {"event=ready"}},
    {.name = "no-configuration",
     .world = {.mx_name = ""},
     .config = {.console = true},
     .answer = MX_EINVAL,
     .runs = true,
     .type = "help\r",
     .said = {"why=\"there is no MX name, or it is no host name\" do=\"idf.py "
              "menuconfig"},
     .unsaid = {"event=ready", "event=spool"},
     .wrote = {"help\n", "format", "identity"}},
    {.name = "no-configuration-no-console",
     .world = {.mx_name = ""},
     .answer = MX_EINVAL,
     .said = {"why=\"there is no MX name"},
     .unsaid = {"event=ready"}},
    {.name = "wrong-configuration",
     .world = {.image = IMAGE_TOO_MUCH},
     .config = {.console = true},
     .answer = MX_EINVAL,
     .runs = true,
     .type = "status\r",
     .said = {"event=config", "area=mx_config_a"},
     .unsaid = {"event=ready", "area=menuconfig"},
     .wrote = {"uptime: 0 s"}},
    {.name = "configuration-in-flash",
     .world = {.image = IMAGE_GOOD, .mx_name = ""},
     .config = {.console = true},
     .runs = true,
     .listens = true,
     .type = "identity\r",
     .said = {"area=mx_config_a", "state=used counter=1", "event=ready"},
     .unsaid = {"area=menuconfig"},
     .wrote = {"certificate: flash.test\n"}},
    {.name = "fit-fail",
     .world = {.finding = {{FIT_FAIL, "the stack is too small", 4096, 8192},
                           {FIT_WARN, "few pcbs", 4, 8}},
               .findings = 2},
     .config = {.console = true},
     .answer = MX_EINVAL,
     .runs = true,
     .type = "status\r",
     .said = {"event=sdkconfig what=\"the stack is too small\" have=4096 "
              "want=8192",
              "event=sdkconfig what=\"few pcbs\" have=4 want=8"},
     .unsaid = {"event=ready", "event=spool"},
     .wrote = {"heap: of the world\n"}},
    {.name = "fit-warn",
     .world = {.finding = {{FIT_WARN, "few pcbs", 4, 8}}, .findings = 1},
     .config = {.console = true},
     .runs = true,
     .listens = true,
     .said = {"event=sdkconfig what=\"few pcbs\" have=4 want=8",
              "event=ready"}},
    {.name = "no-spool-partition",
     .world = {.spool = SPOOL_ABSENT},
     .config = {.console = true},
     .runs = true,
     .listens = true,
     .type = "format yes\r",
     .said = {"event=spool", "event=ready"},
     .unsaid = {"state=\"ready\""},
     .wrote = {"it failed: the log says why\n"}},
    {.name = "spool-that-is-none",
     .world = {.spool = SPOOL_JUNK},
     .config = {.console = true},
     .runs = true,
     .listens = true,
     .type = "format\rformat yes\rformat yes\r",
     .said = {"something else is on it; the command format makes it a spool",
              "state=\"ready\"", "event=ready"},
     .wrote = {"all that is on it will be lost: format yes\n",
               "it is a spool now\n",
               "it is a spool already: mail del N deletes\n"}},
    {.name = "no-nvs",
     .world = {.nvs = MX_EIO},
     .config = {.console = true},
     .runs = true,
     .listens = true,
     .type = "identity\r",
     .said = {"event=ready"},
     .wrote = {"certificate: mx.example.test\n"}},
    {.name = "nobody-to-ask-for-the-time",
     .world = {.time = MX_ENOTSUP, .no_watchdog = true, .no_console = true},
     .config = {.console = true},
     .runs = true,
     .listens = true,
     .said = {"event=time error=", "CONFIG_LWIP_DHCP_GET_NTP_SRV=y",
              "event=watchdog state=\"none",
              "event=console error=", "event=ready"}},
    {.name = "no-task",
     .world = {.task = MX_ENOMEM},
     .config = {.console = true},
     .answer = MX_ENOMEM},
};

u32_t sys_now(void)
{
    return test_now_ms;
}

static const struct story *story;
static int faults;

static void fault(const char *what, const char *text)
{
    fprintf(stderr, "%s: %s: %s\n", story->name, what, text);
    faults++;
}

static void check(bool right, const char *what)
{
    if (!right) {
        fault("not so", what);
    }
}

static void listen(const char *line)
{
    strncat(world.said, line, sizeof world.said - strlen(world.said) - 2);
    strcat(world.said, "\n");
}

static void expect(const char *const *texts, size_t count, const char *in,
                   bool there)
{
    for (size_t i = 0; i < count && texts[i] != NULL; i++) {
        if ((strstr(in, texts[i]) != NULL) != there) {
            fault(there ? "missing" : "there", texts[i]);
        }
    }
}

static bool listens(void)
{
    for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l != NULL;
         l = l->next) {
        if (l->local_port == 25) {
            return true;
        }
    }
    return false;
}

static void live(void)
{
    unsigned fed = world.feeds, waits = 0;

    if (story->type != NULL) {
        world_type(story->type);
    }
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t ms = world_round();

        waits += ms == story->ms;
        check(ms > 0, "a round lets others have their turn");
        check(ms <= 1000, "a round comes soon enough for the watchdog");
        test_now_ms += ms;
    }
    check(story->ms == 0 || waits > 0, "rounds as far apart as they should be");
    check(world.feeds >= fed + ROUNDS, "every round feeds the watchdog");
}

static void check_start(void)
{
    check(world.entropy && world.radio == story->config.radio, "entropy");
    check(world.runs == story->runs, "the task runs");
    check(world.watched == story->runs, "whoever goes round is watched");
    check(listens() == story->listens, "port 25 is open");
    if (story->world.task == 0) {
        check(world.server, "the task is known as the server's");
        check(world.stack == 12345 && world.priority == 6, "menuconfig's task");
        check(world.reserve == 30000 && world.session == 30001, "the heap");
    }
    if (story->listens) {
        check(world.time_server != NULL &&
                  strcmp(world.time_server, "time.test") == 0,
              "the time server is asked");
    }
}

static int tell(void)
{
    ip_addr_t resolver;

    world = story->world;
    test_log_see = listen;
    lwip_init();
    ipaddr_aton("192.0.2.53", &resolver);
    dns_setserver(0, &resolver);
    check((mx_idf_settings() != NULL) == (story->world.image != IMAGE_ABSENT),
          "only those of a partition are settings");
    check(mx_idf_start(&story->config) == story->answer, "the answer");
    check_start();
    if (story->runs) {
        live();
    }
    expect(story->said, TEXTS, world.said, true);
    expect(story->unsaid, 2, world.said, false);
    expect(story->wrote, TEXTS, world.wrote, true);
    if (faults > 0) {
        fprintf(stderr, "%s%s", world.said, world.wrote);
    }
    return faults > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        if (argc == 2 && strcmp(argv[1], stories[i].name) == 0) {
            story = &stories[i];
            return tell();
        }
    }
    fprintf(stderr, "idf_test: no such story\n");
    return 2;
}
