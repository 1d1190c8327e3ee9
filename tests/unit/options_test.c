/* SPDX-License-Identifier: BSD-3-Clause */
/* What tinymx-sim is told, on the command line and in a file. */
#define _GNU_SOURCE
#include "config_file.h"
#include "options.h"

#include "tinymx/err.h"
#include "tinymx/spool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define ARGS_MAX 16 /* the NULL behind them included */

static struct options options;
static char why[MX_POSIX_WHY_MAX];
static char file_name[] = "/tmp/options_test.XXXXXX";

/* --- helpers ------------------------------------------------------------ */

static void forget(void)
{
    options_free(&options);
    options_init(&options);
    why[0] = '\0';
}

static int parse(const char *const *args)
{
    const char *argv[ARGS_MAX + 1] = {"tinymx-sim"};
    int argc = 1;

    while (args[argc - 1] != NULL) {
        argv[argc] = args[argc - 1];
        argc++;
    }
    forget();
    return options_parse(&options, argc, (char *const *)(uintptr_t)argv, why);
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void write_file(const char *text)
{
    FILE *f = fopen(file_name, "w");

    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static int read_text(const char *text)
{
    write_file(text);
    return config_file_read(&options, file_name, why);
}

static void assert_says(const char *part)
{
    if (strstr(why, part) == NULL) {
        fail_msg("expected \"%s\" in \"%s\"", part, why);
    }
}

static int make_file(void **state)
{
    int fd = mkstemp(file_name);

    (void)state;
    return fd < 0 || close(fd) != 0;
}

static int remove_file(void **state)
{
    (void)state;
    options_free(&options);
    return unlink(file_name);
}

/* --- command line ------------------------------------------------------- */

static void everything_is_stored(void **state)
{
    (void)state;
    assert_int_equal(PARSE("--mx", "mx.example.test", "--rcpt=joe@example.test",
                           "--rcpt", "*@b.test", "--max-message=2K",
                           "--tls-anyway"),
                     0);
    assert_string_equal(options.mx, "mx.example.test");
    assert_int_equal(options.rcpt.len, 2);
    assert_string_equal(options.rcpt.item[0], "joe@example.test");
    assert_string_equal(options.rcpt.item[1], "*@b.test");
    assert_null(options.rcpt.item[2]);
    assert_int_equal(options.max_message, 2048);
    assert_true(options.tls_anyway);
    assert_int_equal(PARSE("--log-level", "debug", "--sessions", "1",
                           "--linger=65535", "--help"),
                     0);
    assert_int_equal(options.log_level, MX_LOG_DEBUG);
    assert_int_equal(options.sessions, 1);
    assert_int_equal(options.linger_s, 65535);
    assert_true(options.help);
    assert_false(options.version);
}

static void last_one_counts(void **state)
{
    (void)state;
    assert_int_equal(PARSE("--mx", "a.test", "--mx", "b.test"), 0);
    assert_string_equal(options.mx, "b.test");
}

static void defaults(void **state)
{
    struct options fresh;

    (void)state;
    options_init(&fresh);
    assert_string_equal(fresh.maildir, "mail");
    assert_string_equal(fresh.state, "state");
    assert_int_equal(fresh.log_level, MX_LOG_INFO);
    assert_null(options_tap(&fresh));
    assert_int_equal(PARSE("--mx", "mx.example.test"), 0);
    assert_int_equal(options_check(&options, why), 0);
    assert_int_equal(options.listen.len, 1);
    assert_string_equal(options.listen.item[0], "127.0.0.1:2525");
    assert_int_equal(options.listen_tls.len, 0);
}

static void wrong_command_lines(void **state)
{
    static const struct {
        const char *args[ARGS_MAX];
        const char *says;
    } cases[] = {
        {{"--nonsense"}, "no option --nonsense"},
        {{"--m", "x.test"}, "no option --m;"},
        {{"stray"}, "'stray'"},
        {{"-h"}, "two dashes"},
        {{"--"}, "no option --;"},
        {{"--mx"}, "--mx needs a value: --mx NAME"},
        {{"--version=3"}, "--version takes no value"},
        {{"--tls-anyway=yes"}, "--tls-anyway takes no value"},
        {{"--mx", "a..b"}, "--mx: 'a..b' is not a domain"},
        {{"--mx="}, "--mx: ''"},
        {{"--domain", "joe@example.test"}, "not a domain"},
        {{"--rcpt", "joe"}, "--rcpt: 'joe' is not an address"},
        {{"--listen", "127.0.0.1"}, "has no port: write ADDRESS:PORT"},
        {{"--listen", "[::1]"}, "has no port"},
        {{"--listen", "::1"}, "has no port"},
        {{"--listen", ""}, "has no port"},
        {{"--listen", "127.0.0.1:"}, "'' is not a port"},
        {{"--listen", "127.0.0.1:65536"}, "'65536' is not a port"},
        {{"--listen", "127.0.0.1:x"}, "'x' is not a port"},
        {{"--listen", "localhost:2525"}, "'localhost' is not an address"},
        {{"--listen", "::1:2525:"}, "is not a port"},
        {{"--listen", "a:b:25"}, "'a:b' is not an address"},
        {{"--listen-tls", "1.2.3:4"}, "--listen-tls: "},
        {{"--net", "bridge"}, "'bridge' is not a network"},
        {{"--net", "tap:"}, "is not a network"},
        {{"--address", "192.0.2.5"}, "with its prefix"},
        {{"--address", "192.0.2.5/33"}, "with its prefix"},
        {{"--address", "192.0.2.5/"}, "with its prefix"},
        {{"--address", "192.0.2/24"}, "with its prefix"},
        {{"--gateway", "::1"}, "not an IPv4 address"},
        {{"--address6", "192.0.2.5"}, "not an IPv6 address"},
        {{"--address6", "2001:db8::5/48"}, "prefix of 64"},
        {{"--wifi-ssid", "123456789012345678901234567890123"}, "this has 33"},
        {{"--wifi-ssid", ""}, "this has 0"},
        {{"--wifi-password", "1234567"}, "this has 7"},
        {{"--log-level", "loud"}, "'loud' is not one of error|warn"},
        {{"--maildir", ""}, "--maildir: the name is empty"},
        {{"--spool", ""}, "--spool: the name is empty"},
        {{"--spool-size", "100K"}, "is not a number from 131072 to 4294967295"},
        {{"--spool-full", "drop"},
         "'drop' is not one of refuse|drop-seen|drop-oldest"},
        {{"--spool-full", ""}, "'' is not one of"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse(cases[i].args), MX_EINVAL);
        assert_says(cases[i].says);
    }
}

static void numbers(void **state)
{
    static const struct {
        const char *option;
        const char *text;
        int64_t value; /* -1: refused */
    } cases[] = {
        {"--max-message", "1", 1},
        {"--max-message", "0", -1},
        {"--max-message", "", -1},
        {"--max-message", "K", -1},
        {"--max-message", "-1", -1},
        {"--max-message", "+1", -1},
        {"--max-message", " 1", -1},
        {"--max-message", "1 ", -1},
        {"--max-message", "0x10", -1},
        {"--max-message", "500k", 500 * 1024},
        {"--max-message", "10M", 10 * 1024 * 1024},
        {"--max-message", "10MB", -1},
        {"--max-message", "2147483647", 2147483647},
        {"--max-message", "2147483648", -1},
        {"--max-message", "2047M", 2047ll * 1024 * 1024},
        {"--max-message", "2048M", -1},
        {"--max-message", "4294967297", -1},
        {"--max-message", "18446744073709551617", -1},
        {"--max-message", "99999999999999999999999999999999", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int rc = PARSE(cases[i].option, cases[i].text);

        if (cases[i].value < 0) {
            assert_int_equal(rc, MX_EINVAL);
            assert_says("is not a number from 1 to 2147483647");
        } else {
            assert_int_equal(rc, 0);
            assert_int_equal(options.max_message, cases[i].value);
        }
    }
}

/* A word is what stands at its place of the enum. */
static void words(void **state)
{
    static const struct {
        const char *option, *text;
        size_t offset;
        uint32_t value;
    } cases[] = {
        {"--spool-full", "refuse", offsetof(struct options, spool_full),
         MX_SPOOL_REFUSE},
        {"--spool-full", "drop-seen", offsetof(struct options, spool_full),
         MX_SPOOL_DROP_SEEN},
        {"--spool-full", "drop-oldest", offsetof(struct options, spool_full),
         MX_SPOOL_DROP_OLDEST},
        {"--log-level", "error", offsetof(struct options, log_level),
         MX_LOG_ERROR},
        {"--log-level", "debug", offsetof(struct options, log_level),
         MX_LOG_DEBUG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t value;

        assert_int_equal(PARSE(cases[i].option, cases[i].text), 0);
        memcpy(&value, (char *)&options + cases[i].offset, sizeof value);
        assert_int_equal(value, cases[i].value);
    }
}

/* There is one place for mail. */
static void maildir_or_spool(void **state)
{
    (void)state;
    assert_int_equal(PARSE("--mx", "m.test"), 0);
    assert_int_equal(options_check(&options, why), 0);
    assert_string_equal(options.maildir, "mail");
    assert_null(options.spool);
    assert_int_equal(PARSE("--mx", "m.test", "--spool", "s"), 0);
    assert_int_equal(options_check(&options, why), 0);
    assert_null(options.maildir);
    assert_string_equal(options.spool, "s");
    assert_int_equal(options.spool_size, 256 * 1024 * 1024);
    assert_int_equal(options.spool_full, MX_SPOOL_REFUSE);
}

/* Every number of the table, at both of its ends. */
static void ranges(void **state)
{
    char text[32], name[64];

    (void)state;
    for (size_t i = 0; i < options_count; i++) {
        const struct option *row = &options_table[i];

        if (row->kind != KIND_COUNT) {
            continue;
        }
        snprintf(name, sizeof name, "--%s", row->name);
        snprintf(text, sizeof text, "%lu", (unsigned long)row->max);
        assert_int_equal(PARSE(name, text), 0);
        snprintf(text, sizeof text, "%lu", (unsigned long)row->max + 1);
        assert_int_equal(PARSE(name, text), MX_EINVAL);
        assert_int_equal(PARSE(name, "0"), MX_EINVAL);
        assert_int_equal(PARSE(name, "1K"), MX_EINVAL);
    }
}

static void lists_are_bounded(void **state)
{
    const struct option *row = options_find("rcpt");

    (void)state;
    forget();
    for (int i = 0; i < OPTIONS_LIST_MAX; i++) {
        assert_int_equal(
            options_set(&options, row, "a@b.test", OPTIONS_COMMAND, why), 0);
    }
    assert_int_equal(
        options_set(&options, row, "a@b.test", OPTIONS_COMMAND, why),
        MX_EINVAL);
    assert_says("more than 255");
    assert_null(options.rcpt.item[OPTIONS_LIST_MAX]);
}

static void what_does_not_go_together(void **state)
{
    static const struct {
        const char *args[ARGS_MAX];
        const char *says; /* NULL: it does */
    } cases[] = {
        {{NULL}, "--mx is missing"},
        {{"--mx", "m.test", "--cert", "c"}, "--key is missing"},
        {{"--mx", "m.test", "--key", "k"}, "--cert is missing"},
        {{"--mx", "m.test", "--cert", "c", "--key", "k"}, NULL},
        {{"--mx", "m.test", "--address", "dhcp"}, "need --net tap:IFACE"},
        {{"--mx", "m.test", "--gateway", "192.0.2.1"}, "need --net tap:IFACE"},
        {{"--mx", "m.test", "--address6", "2001:db8::5"}, "need --net"},
        {{"--mx", "m.test", "--net", "tap:t0", "--address", "dhcp"}, NULL},
        {{"--mx", "m.test", "--net", "tap:t0", "--listen", "26"}, NULL},
        {{"--mx", "m.test", "--net", "tap:t0", "--listen", "0"}, "'0'"},
        {{"--mx", "m.test", "--net", "tap:t0", "--listen-tls", "127.0.0.1:465"},
         "instead of '127.0.0.1:465'"},
        {{"--mx", "m.test", "--net", "tap:t0", "--listen", "25", "--listen",
          "26"},
         "one port"},
        {{"--mx", "m.test", "--spool", "s", "--maildir", "d"},
         "--maildir or --spool"},
        {{"--mx", "m.test", "--spool-size", "1M"}, "need --spool FILE"},
        {{"--mx", "m.test", "--spool-full", "refuse"}, "need --spool FILE"},
        {{"--mx", "m.test", "--spool", "s", "--spool-size", "1M",
          "--spool-full", "drop-seen"},
         NULL},
        {{"--mx", "m.test", "--dnsbl", "bl.test"}, "--dns 10.0.2.3"},
        {{"--mx", "m.test", "--dnsbl", "bl.test", "--dns", "10.0.2.3"}, NULL},
        {{"--mx", "m.test", "--dnsbl", "bl.test", "--net", "tap:t0"}, NULL},
        {{"--mx", "m.test", "--dns", "192.0.2.3", "--net", "tap:t0"},
         "--dns needs --address"},
        {{"--mx", "m.test", "--dns", "192.0.2.3", "--net", "tap:t0",
          "--address", "192.0.2.5/24"},
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(parse(cases[i].args), 0);
        if (cases[i].says == NULL) {
            assert_int_equal(options_check(&options, why), 0);
        } else {
            assert_int_equal(options_check(&options, why), MX_EINVAL);
            assert_says(cases[i].says);
        }
    }
}

/* --- the file ----------------------------------------------------------- */

static void file_is_read(void **state)
{
    (void)state;
    forget();
    assert_int_equal(read_text("# ours\n"
                               "\n"
                               "   mx =  mx.example.test  # the MX record\r\n"
                               "rcpt=joe#1@example.test\n"
                               "\trcpt\t=\talice@example.test\n"
                               "maildir = my mail/box\n"
                               "tls-anyway = yes\n"
                               "max-message = 3M"),
                     0);
    assert_string_equal(options.mx, "mx.example.test");
    assert_int_equal(options.rcpt.len, 2);
    assert_string_equal(options.rcpt.item[0], "joe#1@example.test");
    assert_string_equal(options.rcpt.item[1], "alice@example.test");
    assert_string_equal(options.maildir, "my mail/box");
    assert_true(options.tls_anyway);
    assert_int_equal(options.max_message, 3 * 1024 * 1024);
}

static void command_line_wins(void **state)
{
    (void)state;
    assert_int_equal(
        PARSE("--mx", "cmd.test", "--rcpt", "cmd@example.test", "--tls-anyway"),
        0);
    assert_int_equal(read_text("mx = file.test\n"
                               "rcpt = one@example.test\n"
                               "rcpt = two@example.test\n"
                               "domain = file.test\n"
                               "tls-anyway = no\n"
                               "state = there\n"),
                     0);
    assert_string_equal(options.mx, "cmd.test");
    assert_int_equal(options.rcpt.len, 1);
    assert_string_equal(options.rcpt.item[0], "cmd@example.test");
    assert_int_equal(options.domain.len, 1);
    assert_true(options.tls_anyway);
    assert_string_equal(options.state, "there");
}

/* Whichever is heard first. */
static void better_source_replaces_a_list(void **state)
{
    const struct option *row = options_find("rcpt");

    (void)state;
    forget();
    assert_int_equal(
        options_set(&options, row, "file@b.test", OPTIONS_FILE, why), 0);
    assert_int_equal(
        options_set(&options, row, "cmd@b.test", OPTIONS_COMMAND, why), 0);
    assert_int_equal(options.rcpt.len, 1);
    assert_string_equal(options.rcpt.item[0], "cmd@b.test");
    assert_null(options.rcpt.item[1]);
}

static void wrong_files(void **state)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *says;
    } cases[] = {
        {"nonsense = 1\n", 1, "no setting 'nonsense'"},
        {"\n# x\nmx mx.example.test\n", 3, "not of the form key = value"},
        {"= x\n", 1, "no setting ''"},
        {"mx =\n", 1, "'mx' has no value"},
        {"mx = # nothing\n", 1, "'mx' has no value"},
        {"mx = a.test\nmx = b.test\n", 2, "'mx' is given a second time"},
        {"rcpt = joe@example.test\nrcpt = joe\n", 2, "rcpt: 'joe' is not"},
        {"sessions = many\n", 1, "sessions: 'many' is not a number"},
        {"tls-anyway = maybe\n", 1, "'maybe' is not one of no|yes"},
        {"listen = 127.0.0.1\n", 1, "has no port"},
        {"config = other\n", 1, "command line only"},
        {"help = yes\n", 1, "command line only"},
        {"--mx = a.test\n", 1, "no setting '--mx'"},
        {"MX = a.test\n", 1, "no setting 'MX'"},
        {"\n\n\n\nlinger = 0", 5, "linger: '0'"},
    };
    char place[64];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        forget();
        assert_int_equal(read_text(cases[i].text), MX_EINVAL);
        snprintf(place, sizeof place, "%s:%u: ", file_name, cases[i].line);
        assert_ptr_equal(strstr(why, place), why);
        assert_says(cases[i].says);
    }
}

/* What the command line says does not hide a mistake in the file. */
static void overridden_mistake_is_told(void **state)
{
    (void)state;
    assert_int_equal(PARSE("--sessions", "1"), 0);
    assert_int_equal(read_text("sessions = many\n"), MX_EINVAL);
}

static void files_that_are_none(void **state)
{
    FILE *f = fopen(file_name, "w");

    (void)state;
    forget();
    assert_int_equal(fwrite("mx = a\0b\n", 1, 9, f), 9);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(config_file_read(&options, file_name, why), MX_EINVAL);
    assert_says("not a text file");
    assert_int_equal(config_file_read(&options, "/dev/null/x", why), MX_EIO);
    assert_says("/dev/null/x");
    assert_int_equal(config_file_read(&options, "/dev/zero", why), MX_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_stored),
        cmocka_unit_test(last_one_counts),
        cmocka_unit_test(defaults),
        cmocka_unit_test(wrong_command_lines),
        cmocka_unit_test(numbers),
        cmocka_unit_test(words),
        cmocka_unit_test(maildir_or_spool),
        cmocka_unit_test(ranges),
        cmocka_unit_test(lists_are_bounded),
        cmocka_unit_test(what_does_not_go_together),
        cmocka_unit_test(file_is_read),
        cmocka_unit_test(command_line_wins),
        cmocka_unit_test(better_source_replaces_a_list),
        cmocka_unit_test(wrong_files),
        cmocka_unit_test(overridden_mistake_is_told),
        cmocka_unit_test(files_that_are_none),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
