/* SPDX-License-Identifier: BSD-3-Clause */
/* The console's command `mail`, over a spool on a card in RAM. */
#include "tinymx/console_mail.h"

#include "block_ram.h"
#include "test_port.h"

#include "tinymx/err.h"

#include "lwip/init.h"
#include "lwip/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* The most that a turn may write: 128 bytes, each of them shown as \xHH; or a
 * line of the list. */
#define TURN_MAX 640

#define NOON 1795435200 /* 23 November 2026, 12:00 */

static struct mx_server server;
static struct block_ram card;
static struct mx_spool spool;
static struct mx_console_mail mail;
static struct mx_console console;
static char out[65536];
static size_t out_len, turn_len;

u32_t sys_now(void)
{
    return test_now_ms;
}

static void write_out(const char *text, size_t len)
{
    assert_true(len > 0 && len < sizeof out - out_len);
    memcpy(out + out_len, text, len);
    out_len += len;
    turn_len += len;
    out[out_len] = '\0';
}

static int set_up(void **state)
{
    static const struct mx_console_command more[] = {
        {"status", NULL, mx_console_mail_status},
        {"mail", mx_console_mail_help, mx_console_mail},
        {NULL, NULL, NULL},
    };

    (void)state;
    block_ram_init(&card, &block_ram_geometry[0], 0);
    memset(&mail, 0xa5, sizeof mail);
    mail.spool = &spool;
    console = (struct mx_console){
        .server = &server, .more = more, .mail = &mail, .write = write_out};
    mx_console_init(&console);
    return mx_spool_mount(&spool, &card.block, &(struct mx_spool_config){0});
}

/* --- a sender ----------------------------------------------------------- */

static void deliver_at(int64_t time_s, bool tls, const char *text)
{
    static const struct mx_tls_facts facts = {
        .version = "TLSv1.3", .cipher = "TLS_AES_128_GCM_SHA256"};
    struct mx_envelope env = {
        .peer = "192.0.2.1",
        .time_s = time_s,
        .tls = tls ? &facts : NULL,
        .reverse_path = {.text = {"a@b.test", 8}},
    };
    int msg = spool.sink.open(&spool.sink, &env);
    size_t len = strlen(text);

    assert_true(msg >= 0);
    while (len > 0) {
        int n = spool.sink.write(&spool.sink, msg, text, len);

        assert_true(n > 0);
        text += n;
        len -= (size_t)n;
    }
    assert_int_equal(spool.sink.commit(&spool.sink, msg), 0);
}

static void deliver(const char *text)
{
    deliver_at(NOON, false, text);
}

#define FRONT "Return-Path: <a@b.test>\n"

/* --- a typist ----------------------------------------------------------- */

static void begin(const char *line)
{
    out_len = turn_len = 0;
    out[0] = '\0';
    assert_int_equal(mx_console_push(&console, line, strlen(line)),
                     strlen(line));
}

/* Turns until the answer is over. How many. */
static unsigned finish(void)
{
    unsigned turns = 0;
    bool more;

    do {
        turn_len = 0;
        more = mx_console_poll(&console);
        assert_true(turn_len <= TURN_MAX);
        turns++;
    } while (more);
    return turns;
}

static void says(const char *line, const char *answer)
{
    char typed[MX_CONSOLE_LINE_MAX];

    snprintf(typed, sizeof typed, "%s\n", line);
    begin(typed);
    finish();
    assert_string_equal(out, answer);
}

static bool is_seen(uint32_t number)
{
    struct mx_spool_mail found;

    assert_int_equal(mx_spool_find(&spool, number, &found), 1);
    return found.seen;
}

/* --- the list ----------------------------------------------------------- */

static void empty(void **state)
{
    (void)state;
    says("mail", "0 messages, 0 new\n");
}

static void list(void **state)
{
    (void)state;
    deliver("From: Joe <joe@b.test>\r\nSubject: hello\r\n\r\n");
    deliver_at(0, true,
               "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\nX: y\r\n"
               "From: =?utf-8?q?J=C3=B6rg?= <j@b.test>\r\n\r\n");
    deliver_at(NOON + 60, true, "\r\nSubject: in the body\r\n");
    says("mail", "    1 new  23 Nov 2026 12:00       67      "
                 "Joe <joe@b.test>                  hello\n"
                 "    2 new  (time not known)       111 TLS  "
                 "J\xc3\xb6rg <j@b.test>                   gr\xc3\xbc\xc3\x9f"
                 "e\n"
                 "    3 new  23 Nov 2026 12:01       49 TLS  "
                 "                                  \n"
                 "3 messages, 3 new\n");
    says("mail 2 headers", FRONT "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\nX: y\n"
                                 "From: =?utf-8?q?J=C3=B6rg?= <j@b.test>\n\n"
                                 "end of the header of message 2\n");
    assert_false(is_seen(2));
}

/* Cut between characters, each of which is a column. */
static void wide(void **state)
{
    char text[2048] = "From: ";

    (void)state;
    for (int i = 0; i < 40; i++) {
        strcat(text, "\xc3\xa4");
    }
    strcat(text, "\r\nSubject: ");
    for (int i = 0; i < 65; i++) {
        strcat(text, "\xe2\x82\xac");
    }
    deliver(strcat(text, "\r\n\r\n"));
    begin("mail\n");
    finish();
    char *from = strstr(out, "\xc3\xa4"), *subject = strstr(out, "  \xe2\x82");
    assert_non_null(from);
    assert_non_null(subject);
    assert_int_equal(subject - from, 2 * 32);
    assert_int_equal(strcspn(subject + 2, "\n"), 3 * 60);
}

/* A header without an end is looked at for so long. */
static void endless_header(void **state)
{
    static char text[12000];

    (void)state;
    for (int i = 0; i < 500; i++) {
        strcat(text, "X-Something: nothing\r\n");
    }
    deliver(strcat(text, "Subject: too late\r\n"));
    begin("mail\n");
    finish();
    assert_null(strstr(out, "too late"));
    assert_non_null(strstr(out, "1 message, 1 new\n"));
}

/* --- one message -------------------------------------------------------- */

static void print(void **state)
{
    (void)state;
    deliver("Subject: x\r\n\r\n\x1b[31mred\xc2\x9b\xc3\xa4\rb\r\n.\r\n");
    assert_false(is_seen(1));
    says("mail 1", FRONT "Subject: x\n\n\\x1b[31mred\\xc2\\x9b\xc3\xa4\\x0d"
                         "b\n.\nend of message 1\n");
    assert_true(is_seen(1));
    deliver("no end of a line");
    says("mail  2", FRONT "no end of a line\nend of message 2\n");
    deliver("X: half a character\xe2\x82");
    says("mail 3 headers", FRONT "X: half a character\\xe2\\x82\n"
                                 "end of the header of message 3\n");
    begin("mail\n");
    finish();
    assert_non_null(strstr(out, "    2 seen 23 Nov"));
    assert_non_null(strstr(out, "3 messages, 1 new\n"));
}

static void header_ends(void **state)
{
    static const struct {
        const char *text, *shown;
    } rows[] = {
        {"A: b\r\n\r\nbody\r\n", FRONT "A: b\n\n"},
        {"A: b\n\nbody\r\n", FRONT "A: b\n\n"},
        {"A: b\r\nC: d\r\n", FRONT "A: b\nC: d\n"},
        {"\r\nbody\r\n", FRONT "\n"},
        {"A: b\r\n \r\nC: d\r\n\r\nbody", FRONT "A: b\n \nC: d\n\n"},
        {"A: b\r\n\rbody\r\n\r\n", FRONT "A: b\n\\x0dbody\n\n"},
    };
    char line[32], answer[256];

    (void)state;
    for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        deliver(rows[i].text);
        snprintf(line, sizeof line, "mail %u headers", (unsigned)i + 1);
        snprintf(answer, sizeof answer, "%send of the header of message %u\n",
                 rows[i].shown, (unsigned)i + 1);
        says(line, answer);
    }
}

/* A turn is no more than a UART sends between two packets: finish() looks. */
static void turns(void **state)
{
    static char text[8193];

    (void)state;
    memset(text, '\x1b', sizeof text - 1);
    deliver(text);
    begin("mail 1\n");
    assert_true(finish() >= sizeof text / 128);
    assert_int_equal(out_len, strlen(FRONT) + 4 * (sizeof text - 1) +
                                  strlen("\nend of message 1\n"));
}

/* --- deleting ----------------------------------------------------------- */

static void deletion(void **state)
{
    (void)state;
    deliver("A: b\r\n");
    deliver("A: c\r\n");
    assert_true(mx_spool_lock(&spool));
    says("mail del 1", "in use: somebody reads the mail over the network; try "
                       "again later\n");
    mx_spool_unlock(&spool);
    says("mail del 1", "message 1 is deleted\n");
    says("mail del 1", "there is no message 1; mail lists those there are\n");
    says("mail 1", "there is no message 1; mail lists those there are\n");
    assert_int_equal(mx_spool_stats(&spool)->messages, 1);
    says("mail del   2", "message 2 is deleted\n");
    says("mail", "0 messages, 0 new\n");
}

/* --- what else may be --------------------------------------------------- */

static void wrong(void **state)
{
    static const char *const lines[] = {
        "mail x",          "mail 0",        "mail -1",
        "mail 1 header",   "mail 1 2",      "mail headers",
        "mail del",        "mail del x",    "mail del 1 headers",
        "mail 4294967296", "mail 1headers", "mail 99999999999999999999",
        "mail delete 1",   "mail del1",
    };

    (void)state;
    deliver("A: b\r\n");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        says(lines[i], "mail, mail N, mail N headers or mail del N: N is a "
                       "number of the list\n");
    }
    says("mail 4000000000",
         "there is no message 4000000000; mail lists those there are\n");
}

static void no_spool(void **state)
{
    (void)state;
    mail.spool = NULL;
    says("mail", "there is no spool: the log says why\n");
    says("mail 1", "there is no spool: the log says why\n");
    begin("status\n");
    assert_non_null(strstr(out, "\nspool: none\n"));
}

static void status(void **state)
{
    char line[256];

    (void)state;
    deliver("A: b\r\n");
    begin("status\n");
    snprintf(line, sizeof line,
             "\nspool: 1 messages, 1 unseen, %u used KB, %u size KB, 0 "
             "damaged, 0 lost, 0 bad, 0 dropped, 0 errors\n",
             (unsigned)spool.stats.used_kb, (unsigned)spool.stats.size_kb);
    assert_non_null(strstr(out, line));
}

/* Somebody else deletes it while it is printed. */
static void goes_away(void **state)
{
    static char text[4096];
    struct mx_spool_mail found;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    deliver(text);
    begin("mail 1\n");
    assert_true(mx_console_poll(&console));
    assert_true(mx_console_poll(&console));
    assert_int_equal(mx_spool_find(&spool, 1, &found), 1);
    assert_int_equal(mx_spool_delete(&spool, &found), 0);
    finish();
    assert_non_null(strstr(out, "message 1 is gone\n"));
}

/* What was right is shown, it was not seen, and the next can be read. */
static void damaged(void **state)
{
    static char text[3000];
    char *place;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    memcpy(text + 2000, "MARK", 4);
    deliver(text);
    deliver("A: b\r\n");
    for (place = (char *)card.now; memcmp(place, "MARK", 4) != 0; place++) {
    }
    *place ^= 1;
    begin("mail 1\n");
    finish();
    assert_true(out_len > 1000 && out_len < 2500);
    assert_non_null(strstr(out, "xx\nmessage 1 is damaged from here on\n"));
    assert_false(is_seen(1));
    says("mail 2", FRONT "A: b\nend of message 2\n");
}

static void dark(void **state)
{
    (void)state;
    deliver("A: b\r\n");
    begin("mail 1\n");
    assert_true(mx_console_poll(&console)); /* found */
    card.dark = true;
    spool.cached = UINT32_MAX;
    finish();
    assert_non_null(strstr(out, "the spool failed: "));
}

/* --- lines in between --------------------------------------------------- */

static void stopped(void **state)
{
    static char text[4096];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    deliver(text);
    begin("mail 1\n");
    assert_true(mx_console_poll(&console));
    assert_true(mx_console_poll(&console));
    out_len = 0;
    assert_int_equal(mx_console_push(&console, "mai", 3), 3);
    assert_true(mx_console_poll(&console)); /* not a line yet */
    out_len = 0;
    assert_int_equal(mx_console_push(&console, "l\n", 2), 2);
    assert_string_equal(out, "\nstopped\n");
    finish();
    assert_non_null(strstr(out, "1 message, 1 new\n"));
    begin("mail 1\n");
    assert_true(mx_console_poll(&console));
    out_len = 0;
    assert_int_equal(mx_console_push(&console, "\n", 1), 1);
    assert_false(mx_console_poll(&console));
    assert_string_equal(out, "\nstopped\n");
}

/* The LF of CR LF is not the next line. */
static void cr_lf(void **state)
{
    (void)state;
    deliver("A: b\r\n");
    begin("mail 1\r");
    assert_int_equal(mx_console_push(&console, "\n", 1), 1);
    finish();
    assert_string_equal(out, FRONT "A: b\nend of message 1\n");
}

/* What stands behind a long answer's line is left to whoever typed it. */
static void queue(void **state)
{
    static const char lines[] = "help\nmail\nmail 1\nstatus\n";

    (void)state;
    deliver("A: b\r\n");
    out_len = 0;
    assert_int_equal(mx_console_push(&console, lines, strlen(lines)), 10);
    finish();
    assert_int_equal(mx_console_push(&console, lines + 10, 14), 7);
    finish();
    assert_null(strstr(out, "stopped"));
    assert_non_null(strstr(out, "end of message 1\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(empty, set_up),
        cmocka_unit_test_setup(list, set_up),
        cmocka_unit_test_setup(wide, set_up),
        cmocka_unit_test_setup(endless_header, set_up),
        cmocka_unit_test_setup(print, set_up),
        cmocka_unit_test_setup(header_ends, set_up),
        cmocka_unit_test_setup(turns, set_up),
        cmocka_unit_test_setup(deletion, set_up),
        cmocka_unit_test_setup(wrong, set_up),
        cmocka_unit_test_setup(no_spool, set_up),
        cmocka_unit_test_setup(status, set_up),
        cmocka_unit_test_setup(goes_away, set_up),
        cmocka_unit_test_setup(damaged, set_up),
        cmocka_unit_test_setup(dark, set_up),
        cmocka_unit_test_setup(stopped, set_up),
        cmocka_unit_test_setup(cr_lf, set_up),
        cmocka_unit_test_setup(queue, set_up),
    };

    lwip_init(); /* `status` looks at its pools */
    return mx_tls_arena_init() != 0 ||
           cmocka_run_group_tests(tests, NULL, NULL);
}
