/* SPDX-License-Identifier: BSD-3-Clause */
/* The console: what is a line, what is a command, what `status` says. */
#include "tinymx/console.h"

#include "net/pools.h"
#include "test_port.h"

#include "lwip/init.h"
#include "lwip/memp.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "lwip/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct mx_server server;
static struct mx_console console;
static char out[16384];
static size_t out_len;
static char log_of_runs[4 * MX_CONSOLE_LINE_MAX];

u32_t sys_now(void)
{
    return test_now_ms;
}

static void write_out(const char *text, size_t len)
{
    assert_true(len > 0 && len < sizeof out - out_len);
    memcpy(out + out_len, text, len);
    out_len += len;
    out[out_len] = '\0';
}

static void note(struct mx_console *c, const char *args)
{
    assert_ptr_equal(c, &console);
    strcat(log_of_runs, "[");
    strcat(log_of_runs, args);
    strcat(log_of_runs, "]");
}

static void more_status(struct mx_console *c, const char *args)
{
    assert_string_equal(args, "");
    mx_console_print(c, "stack: ");
    mx_console_number(c, UINT32_MAX);
    mx_console_print(c, "\n");
}

static const struct mx_console_command more[] = {
    {"note", "notes it", note},
    {"a_name_that_is_long", "of that name", note},
    {"status", NULL, more_status},
    {NULL, NULL, NULL},
};

static void begin(const struct mx_console_command *commands)
{
    memset(&console, 0xa5, sizeof console);
    console.server = &server;
    console.more = commands;
    console.write = write_out;
    mx_console_init(&console);
    out_len = 0;
    out[0] = '\0';
    log_of_runs[0] = '\0';
}

static void type(const char *text)
{
    mx_console_push(&console, text, strlen(text));
}

/* --- lines -------------------------------------------------------------- */

/* What is typed, what comes to the command. */
static const struct {
    const char *typed, *runs;
} lines[] = {
    {"note\n", "[]"},
    {"note\r", "[]"},
    {"note\r\n", "[]"},
    {"note\n\r", "[]"},
    {"note", ""},
    {"\n\r\n   \nnote\n", "[]"},
    {"note 1\rnote 2\nnote 3\r\nnote 4", "[1][2][3]"},
    {"  note  a b  \n", "[a b]"},
    {"\tnote\ta \n", "[a]"},
    {"note \x01\x7f\xc3\xa9\n", "[????]"},
    {"note x", ""},
};

/* However it is cut. */
static void framing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t len = strlen(lines[i].typed);

        for (size_t cut = 0; cut <= len; cut++) {
            begin(more);
            mx_console_push(&console, lines[i].typed, cut);
            mx_console_push(&console, lines[i].typed + cut, len - cut);
            assert_string_equal(log_of_runs, lines[i].runs);
            assert_string_equal(out, "");
        }
    }
}

static void nul_is_a_byte(void **state)
{
    (void)state;
    begin(more);
    mx_console_push(&console, "note a\0b\n", 9);
    assert_string_equal(log_of_runs, "[a?b]");
}

/* The longest line runs; a longer one does not, nor does its end. */
static void overlong(void **state)
{
    char text[3 * MX_CONSOLE_LINE_MAX];
    char said[64];

    (void)state;
    snprintf(said, sizeof said, "line too long: %d bytes at most\n",
             MX_CONSOLE_LINE_MAX - 1);
    for (size_t len = 5; len < sizeof text - 1; len++) {
        memset(text, 'x', len);
        memcpy(text, "note ", 5);
        text[len] = '\n';
        begin(more);
        mx_console_push(&console, text, len + 1);
        if (len < MX_CONSOLE_LINE_MAX) {
            assert_int_equal(strlen(log_of_runs), len - 5 + 2);
            assert_string_equal(out, "");
        } else {
            assert_string_equal(log_of_runs, "");
            assert_string_equal(out, said);
        }
        type("note\n");
        assert_string_equal(log_of_runs + strlen(log_of_runs) - 2, "[]");
    }
}

static void wrong_commands(void **state)
{
    static const struct {
        const char *typed, *said;
    } rows[] = {
        {"nonsense\n",
         "unknown command: nonsense; help lists those there are\n"},
        {" STATUS now\n",
         "unknown command: STATUS; help lists those there are\n"},
        {"\x1b[A\n", "unknown command: ?[A; help lists those there are\n"},
        {"notes\n", "unknown command: notes; help lists those there are\n"},
        {"status x\n", "status takes no arguments\n"},
        {"help me\n", "help takes no arguments\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(more);
        type(rows[i].typed);
        assert_string_equal(out, rows[i].said);
    }
}

/* --- commands ----------------------------------------------------------- */

static void help(void **state)
{
    static const char own[] =
        "status    uptime, sessions, memory with high-water marks, counters\n"
        "help      this\n";

    (void)state;
    begin(NULL);
    type("help\n");
    assert_string_equal(out, own);
    begin(more);
    type("help\n");
    assert_memory_equal(out, own, sizeof own - 1);
    assert_string_equal(out + sizeof own - 1,
                        "note      notes it\n"
                        "a_name_that_is_long of that name\n");
}

static void says(const char *line)
{
    char whole[256];

    snprintf(whole, sizeof whole, "\n%s\n", line);
    if (strstr(out, whole) == NULL) {
        fail_msg("no line \"%s\" in:\n%s", line, out);
    }
}

/* Every counter, each with a value of its own. */
static void status(void **state)
{
    struct mx_arena_stats arena;
    char line[256];

    (void)state;
    server.cfg.sessions = 17;
    server.cfg.tls_sessions = 18;
    server.stats = (struct mx_server_stats){
        .uptime_s = 4294967295u,
        .connections = 2,
        .refused = 3,
        .refused_peer = 16,
        .refused_rate = 17,
        .handshakes_refused = 18,
        .handshakes = 4,
        .handshakes_failed = 5,
        .breaches = 6,
        .early = 12,
        .tls_waits = 7,
        .accepted = 8,
        .aborted = 9,
        .rcpts_refused = 10,
        .evicted = 21,
        .timeouts = 11,
        .blocked = 16,
        .too_slow = 19,
        .too_long = 20,
        .logins = 22,
        .logins_failed = 23,
        .fetched = 24,
        .deleted = 25,
        .sessions = 12,
        .tls_sessions = 13,
        .sessions_peak = 14,
        .tls_sessions_peak = 15,
    };
    begin(more);
    type("\nstatus\n");
    assert_memory_equal(out, "uptime: 4294967295 s\n", 21);
    says("sessions: 12 now, 14 peak, 17 limit");
    says("TLS sessions: 13 now, 15 peak, 18 limit");
    says("connections: 2");
    says("refused: 3");
    says("refused per peer: 16");
    says("refused by rate: 17");
    says("handshakes refused: 18");
    says("handshakes: 4");
    says("handshakes failed: 5");
    says("breaches: 6");
    says("early: 12");
    says("TLS waits: 7");
    says("accepted: 8");
    says("aborted: 9");
    says("recipients refused: 10");
    says("blocked: 16");
    says("evicted: 21");
    says("timeouts: 11");
    says("too slow: 19");
    says("too long: 20");
    says("logins: 22");
    says("logins failed: 23");
    says("fetched: 24");
    says("deleted: 25");
    says("stack: 4294967295"); /* the platform's own, behind */
    mx_tls_arena_stats(&arena);
    assert_true(arena.used > 0);
    snprintf(line, sizeof line,
             "arena: %zu used, %zu peak, %zu size, %zu largest, %u failures",
             arena.used, arena.peak, arena.size, arena.largest,
             (unsigned)arena.failures);
    says(line);
}

static void pools(void **state)
{
    struct pbuf *p[3];
    struct net_pool pool;
    size_t count = 0;
    char line[256];

    (void)state;
    for (int i = 0; i < 3; i++) {
        p[i] = pbuf_alloc(PBUF_RAW, 10, PBUF_POOL);
    }
    pbuf_free(p[2]);
    begin(NULL);
    type("status\n");
    snprintf(line, sizeof line,
             "pool PBUF_POOL: 2 used, 3 peak, %d size, 0 failures",
             MX_PBUF_COUNT);
    says(line);
    pbuf_free(p[0]);
    pbuf_free(p[1]);
    lwip_stats.mem.err = 77;
    begin(NULL);
    type("status\n");
    while (pools_get(&pool, count)) {
        snprintf(line, sizeof line,
                 "pool %s: %u used, %u peak, %u size, %u failures", pool.name,
                 (unsigned)pool.used, (unsigned)pool.peak, (unsigned)pool.size,
                 (unsigned)pool.failures);
        says(line);
        count++;
    }
    assert_int_equal(count, MEMP_MAX + 1);
    assert_non_null(strstr(out, ", 77 failures"));
    lwip_stats.mem.err = 0;
}

static int start(void **state)
{
    (void)state;
    lwip_init();
    return mx_tls_arena_init();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framing),  cmocka_unit_test(nul_is_a_byte),
        cmocka_unit_test(overlong), cmocka_unit_test(wrong_commands),
        cmocka_unit_test(help),     cmocka_unit_test(status),
        cmocka_unit_test(pools),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
