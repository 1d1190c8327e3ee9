/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * POP3 through the whole server, over a real lwIP, with OpenSSL as the client
 * and a spool in memory: who may read, what a session sees, what it leaves
 * behind.
 */
#include "stage_tls.h"

#include <stdio.h>
#include <string.h>

#include "block_ram.h"
#include "tinymx/pop3_server.h"

/* Of "secret", 1000 iterations. */
#define VERIFIER                                                               \
    "pbkdf2-sha256$1000$c2FsdHNhbHRzYWx0c2FsdA==$"                             \
    "dClvKSmj66n6MdMWNv3Go4mvH1Ym2WIGiJvquqa+mfE="
#define SMTP_PORT 2525 /* POP3 has the port that the stage's peers come to */

static struct block_ram ram;
static struct mx_spool spool;
static struct mx_pop3_server pop3;

/* --- mail --------------------------------------------------------------- */

static int begin_mail(void)
{
    static const struct mx_envelope env = {
        .mx_name = "mx.example.test",
        .peer = "192.0.2.1",
        .helo = "client.example",
        .protocol = "ESMTP",
        .reverse_path = {.text = {"a@b.example", 11}}};
    int msg = spool.sink.open(&spool.sink, &env);

    assert_true(msg >= 0);
    return msg;
}

static void end_mail(int msg, const char *text)
{
    size_t len = strlen(text);

    while (len > 0) {
        int n = spool.sink.write(&spool.sink, msg, text, len);

        assert_true(n > 0);
        text += n;
        len -= (size_t)n;
    }
    assert_int_equal(spool.sink.commit(&spool.sink, msg), 0);
}

static void mail(const char *text)
{
    end_mail(begin_mail(), text);
}

static uint32_t unseen(void)
{
    return mx_spool_stats(&spool)->unseen;
}

static uint32_t messages(void)
{
    return mx_spool_stats(&spool)->messages;
}

/* Every byte of the device that is `text` becomes something else. */
static void damage(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i + len <= sizeof ram.now; i++) {
        if (memcmp(ram.now + i, text, len) == 0) {
            ram.now[i] ^= 1;
        }
    }
}

static void restart(void)
{
    assert_int_equal(
        mx_spool_mount(&spool, &ram.block, &(struct mx_spool_config){0}), 0);
}

/* --- a client ----------------------------------------------------------- */

/* Says it, and hears the reply, or the end of it. */
static void ask(struct client *c, const char *line, const char *reply)
{
    c->fill = 0;
    c->text[0] = '\0';
    client_says_line(c, line);
    client_hears(c, reply);
}

static void in_tls(struct client *c)
{
    client_open(c);
    SAYS(&c->tcp, "+OK mx.example.test POP3 tinymx\r\n");
    peer_say(&c->tcp, "STLS\r\n");
    SAYS(&c->tcp, "+OK Ready to start TLS\r\n");
    client_secure(c);
    CLIENT_UNTIL(c, SSL_is_init_finished(c->ssl));
    assert_int_equal(SSL_get_verify_result(c->ssl), X509_V_OK);
}

static void logged_in(struct client *c)
{
    in_tls(c);
    ask(c, "USER joe\r\n", "+OK ");
    ask(c, "PASS secret\r\n", "+OK ");
}

static void leave(struct client *c)
{
    ask(c, "QUIT\r\n", "+OK\r\n");
    CLIENT_UNTIL(c, c->notified && c->tcp.eof);
    client_close(c);
}

/* --- who may read ------------------------------------------------------- */

static void test_clear(void **state)
{
    struct client c;

    (void)state;
    client_open(&c);
    SAYS(&c.tcp, "+OK mx.example.test POP3 tinymx\r\n");
    peer_say(&c.tcp, "USER joe\r\nPASS secret\r\nSTAT\r\nQUIT\r\n");
    SAYS(&c.tcp, "-ERR STLS has to come first\r\n"
                 "-ERR STLS has to come first\r\n"
                 "-ERR Bad sequence of commands\r\n"
                 "+OK\r\n");
    UNTIL(c.tcp.eof);
    client_close(&c);
    assert_int_equal(server.stats.logins + server.stats.logins_failed, 0);
    assert_false(mx_spool_locked(&spool));
}

static void test_injection(void **state)
{
    struct client c;

    (void)state;
    client_open(&c);
    SAYS(&c.tcp, "+OK ");
    peer_say(&c.tcp, "STLS\r\nUSER joe\r\n");
    SAYS(&c.tcp, "-ERR Protocol violation, closing\r\n");
    UNTIL(c.tcp.eof);
    assert_null(strstr(c.tcp.in, "Ready"));
    client_close(&c);
    assert_int_equal(server.stats.breaches, 1);
    assert_int_equal(server.stats.handshakes, 0);
}

/* Wrong passwords, wrong users, both: the same words, as late, and the third
 * time they are the last. */
static void test_wrong(void **state)
{
    static const char *const tries[][2] = {
        {"USER joe\r\n", "PASS Secret\r\n"},
        {"USER jim\r\n", "PASS secret\r\n"},
        {"USER Joe\r\n", "PASS secret\r\n"},
    };
    struct client c;

    (void)state;
    mail("Subject: x\r\n");
    in_tls(&c);
    for (size_t i = 0; i < 3; i++) {
        uint32_t began = test_now_ms;

        ask(&c, tries[i][0], "+OK ");
        ask(&c, tries[i][1], "-ERR [AUTH] ");
        assert_in_range(test_now_ms - began, 5000, 5999);
    }
    CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
    client_close(&c);
    assert_int_equal(server.stats.logins_failed, 3);
    assert_int_equal(server.stats.logins, 0);
    assert_false(mx_spool_locked(&spool));
}

/* --- what a session sees ------------------------------------------------ */

static void test_read(void **state)
{
    struct client c;

    (void)state;
    mail("Subject: one\r\n\r\n.dot\r\n");
    mail("Subject: two\r\n\r\nno end");
    logged_in(&c);
    assert_non_null(strstr(c.text, "+OK 2 messages, 102 octets\r\n"));
    assert_true(mx_spool_locked(&spool));
    ask(&c, "LIST\r\n", "\r\n.\r\n");
    assert_string_equal(c.text, "+OK 2 messages\r\n1 50\r\n2 52\r\n.\r\n");
    ask(&c, "RETR 1\r\n", "\r\n.\r\n");
    assert_string_equal(c.text, "+OK 50 octets\r\n"
                                "Return-Path: <a@b.example>\r\n"
                                "Subject: one\r\n\r\n..dot\r\n.\r\n");
    ask(&c, "TOP 2 0\r\n", "\r\n.\r\n");
    assert_string_equal(c.text, "+OK\r\nReturn-Path: <a@b.example>\r\n"
                                "Subject: two\r\n\r\n.\r\n");
    client_says_line(&c, "NOOP\r\n");
    client_hears(&c, ".\r\n+OK\r\n"); /* the mark is made before that */
    assert_int_equal(unseen(), 1);
    ask(&c, "RETR 2\r\n", "no end\r\n.\r\n");
    leave(&c);
    assert_int_equal(unseen(), 0);
    assert_int_equal(server.stats.fetched, 2);
    assert_int_equal(messages(), 2);
    assert_false(mx_spool_locked(&spool));
}

/* A maildrop is as it was, whatever comes: what was begun before the login and
 * is in front of others, too. */
static void test_new_mail(void **state)
{
    struct client c;
    int early;

    (void)state;
    early = begin_mail();
    mail("one\r\n");
    mail("two\r\n");
    logged_in(&c);
    mail("three\r\n");
    end_mail(early, "zero\r\n");
    ask(&c, "STAT\r\n", "+OK 2 ");
    ask(&c, "LIST\r\n", "+OK 2 messages\r\n1 33\r\n2 33\r\n.\r\n");
    ask(&c, "RETR 1\r\n", "one\r\n.\r\n");
    ask(&c, "RETR 3\r\n", "-ERR No such message");
    ask(&c, "DELE 1\r\n", "+OK ");
    leave(&c);
    assert_int_equal(messages(), 3);
    logged_in(&c);
    ask(&c, "RETR 1\r\n", "zero\r\n.\r\n");
    ask(&c, "RETR 2\r\n", "two\r\n.\r\n");
    ask(&c, "RETR 3\r\n", "three\r\n.\r\n");
    leave(&c);
}

/* Unique-ids outlive a restart, and deletions. */
static void test_uidl(void **state)
{
    struct client c;
    char want[160];

    (void)state;
    mail("one\r\n");
    mail("two\r\n");
    mail("three\r\n");
    snprintf(want, sizeof want, "\r\n1 %08x00000001\r\n2 %08x00000002\r\n",
             (unsigned)mx_spool_id(&spool), (unsigned)mx_spool_id(&spool));
    logged_in(&c);
    ask(&c, "UIDL\r\n", "\r\n.\r\n");
    assert_non_null(strstr(c.text, want));
    ask(&c, "DELE 1\r\n", "+OK ");
    leave(&c);
    restart();
    snprintf(want, sizeof want, "\r\n1 %08x00000002\r\n2 %08x00000003\r\n.",
             (unsigned)mx_spool_id(&spool), (unsigned)mx_spool_id(&spool));
    logged_in(&c);
    ask(&c, "UIDL\r\n", "\r\n.\r\n");
    assert_non_null(strstr(c.text, want));
    leave(&c);
}

/* Places stay what they are while messages go, in any order. */
static void test_delete(void **state)
{
    char text[] = "number 0\r\n";
    struct client c;

    (void)state;
    for (char n = '1'; n <= '6'; n++) {
        text[7] = n;
        mail(text);
    }
    logged_in(&c);
    ask(&c, "DELE 5\r\n", "+OK ");
    ask(&c, "DELE 2\r\n", "+OK ");
    ask(&c, "DELE 3\r\n", "+OK ");
    ask(&c, "RETR 6\r\n", "number 6\r\n.\r\n");
    ask(&c, "RETR 1\r\n", "number 1\r\n.\r\n");
    assert_int_equal(messages(), 6);
    leave(&c);
    assert_int_equal(messages(), 3);
    assert_int_equal(server.stats.deleted, 3);
    logged_in(&c);
    ask(&c, "RETR 1\r\n", "number 1\r\n.\r\n");
    ask(&c, "RETR 2\r\n", "number 4\r\n.\r\n");
    ask(&c, "RETR 3\r\n", "number 6\r\n.\r\n");
    leave(&c);
}

/* Without QUIT nothing goes, and the next one may come in. */
static void test_no_quit(void **state)
{
    struct client c;

    (void)state;
    mail("one\r\n");
    logged_in(&c);
    ask(&c, "DELE 1\r\n", "+OK ");
    client_close(&c);
    UNTIL(server.stats.sessions == 0);
    assert_int_equal(messages(), 1);
    assert_false(mx_spool_locked(&spool));
    logged_in(&c);
    ask(&c, "STAT\r\n", "+OK 1 ");
    leave(&c);
}

/* A message that cannot be read is refused, and the others are not. */
static void test_damaged(void **state)
{
    struct client c;

    (void)state;
    mail("Subject: one\r\n\r\nvictim\r\n");
    mail("Subject: two\r\n\r\nwhole\r\n");
    restart(); /* no page of it is remembered */
    damage("victim");
    logged_in(&c);
    ask(&c, "RETR 1\r\n", "-ERR [SYS/PERM] The message is damaged\r\n");
    ask(&c, "RETR 2\r\n", "whole\r\n.\r\n");
    ask(&c, "DELE 1\r\n", "+OK ");
    leave(&c);
    assert_int_equal(messages(), 1);
}

/* The spool has lost a message of its own accord: places mean nothing any more,
 * and nothing is deleted by them. */
static void test_lost(void **state)
{
    struct client c;

    (void)state;
    mail("one\r\n");
    mail("two\r\n");
    logged_in(&c);
    ask(&c, "DELE 1\r\n", "+OK ");
    spool.stats.lost++;
    ask(&c, "RETR 2\r\n", "-ERR [SYS/TEMP] ");
    ask(&c, "QUIT\r\n", "-ERR [SYS/TEMP] Not all could be deleted\r\n");
    CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
    client_close(&c);
    assert_int_equal(messages(), 2);
}

/* Larger than the window and every buffer, read by one who takes his time. */
static void test_large(void **state)
{
    static char text[16001];
    struct client c;
    size_t lines = sizeof text / 20;
    size_t got = 0;

    (void)state;
    for (size_t i = 0; i < lines; i++) {
        snprintf(text + i * 20, 21, ".%017u\r\n", (unsigned)i);
    }
    mail(text);
    logged_in(&c);
    c.fill = 0;
    client_says_line(&c, "RETR 1\r\n");
    for (const char *at = NULL; got < lines; c.fill = 0) {
        CLIENT_UNTIL(&c, c.fill > 4000 || strstr(c.text, "\r\n.\r\n") != NULL);
        for (at = strstr(c.text, ".."); at != NULL; at = strstr(at + 2, "..")) {
            got++;
        }
    }
    assert_int_equal(got, lines);
    leave(&c);
}

/* --- one at a time ------------------------------------------------------ */

static void test_in_use(void **state)
{
    struct client one, two;

    (void)state;
    logged_in(&one);
    in_tls(&two);
    ask(&two, "USER joe\r\n", "+OK ");
    ask(&two, "PASS secret\r\n", "-ERR [IN-USE] ");
    leave(&one);
    ask(&two, "USER joe\r\n", "+OK ");
    ask(&two, "PASS secret\r\n", "+OK 0 ");
    leave(&two);
    assert_int_equal(server.stats.logins, 2);
}

/* Somebody else reads the spool: the console, say. */
static void test_locked(void **state)
{
    struct client c;

    (void)state;
    assert_true(mx_spool_lock(&spool));
    in_tls(&c);
    ask(&c, "USER joe\r\n", "+OK ");
    ask(&c, "PASS secret\r\n", "-ERR [IN-USE] ");
    assert_true(mx_spool_locked(&spool));
    mx_spool_unlock(&spool);
    ask(&c, "USER joe\r\n", "+OK ");
    ask(&c, "PASS secret\r\n", "+OK 0 ");
    leave(&c);
}

/* Readers beyond their number are told so, and mail still gets in. */
static void test_too_many(void **state)
{
    struct client one;
    struct peer two;

    (void)state;
    in_tls(&one);
    peer_connect(&two);
    SAYS(&two, "-ERR [SYS/TEMP] Too many connections\r\n");
    UNTIL(two.eof);
    peer_close(&two);
    leave(&one);
    assert_int_equal(server.stats.refused, 1);
}

/* --- ends --------------------------------------------------------------- */

/* Ten minutes of silence for who has logged in (RFC 1939 3), one for others. */
static void test_silence(void **state)
{
    struct client c;
    uint32_t began;

    (void)state;
    expected_timeouts = 2;
    mail("one\r\n");
    logged_in(&c);
    ask(&c, "DELE 1\r\n", "+OK ");
    began = test_now_ms;
    client_hears(&c, "-ERR Timeout, closing\r\n");
    assert_in_range(test_now_ms - began, 600000, 601000);
    CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
    client_close(&c);
    assert_int_equal(messages(), 1);
    in_tls(&c);
    began = test_now_ms;
    client_hears(&c, "-ERR Timeout, closing\r\n");
    assert_in_range(test_now_ms - began, 59000, 61000);
    CLIENT_UNTIL(&c, c.notified && c.tcp.eof);
    client_close(&c);
}

static void test_shutdown(void **state)
{
    struct client c;

    (void)state;
    logged_in(&c);
    mx_server_stop(&server);
    client_hears(&c, "-ERR [SYS/TEMP] Shutting down\r\n");
    CLIENT_UNTIL(&c, c.notified);
    client_close(&c);
    assert_false(mx_spool_locked(&spool));
}

/* It is gone in the middle of its password's hash: the next one gets a turn. */
static void test_gone_while_trying(void **state)
{
    struct client one, two;

    (void)state;
    in_tls(&one);
    in_tls(&two);
    ask(&one, "USER joe\r\n", "+OK ");
    ask(&two, "USER joe\r\n", "+OK ");
    client_says_line(&one, "PASS secret\r\n");
    client_says_line(&two, "PASS secret\r\n");
    CLIENT_UNTIL(&two, pop3.password.impl != NULL);
    peer_abort(&one.tcp);
    client_hears(&two, "+OK 0 ");
    client_close(&one);
    leave(&two);
    assert_int_equal(server.stats.logins, 1);
}

/* --- implicit TLS ------------------------------------------------------- */

static void test_implicit(void **state)
{
    struct client c;

    (void)state;
    mail("one\r\n");
    client_open(&c);
    client_secure(&c);
    client_hears(&c, "+OK mx.example.test POP3 tinymx\r\n");
    ask(&c, "STLS\r\n", "-ERR ");
    ask(&c, "USER joe\r\n", "+OK ");
    ask(&c, "PASS secret\r\n", "+OK 1 ");
    leave(&c);
}

/* --- the configuration -------------------------------------------------- */

static void test_configuration(void **state)
{
    static const struct {
        struct mx_pop3_server_config cfg;
        int rc;
    } cases[] = {
        {{&spool, "joe", VERIFIER, 110, 0, 0, 0}, 0},
        {{&spool, "joe", VERIFIER, 0, 995, 0, 0}, 0},
        {{&spool, "joe", VERIFIER, 0, 0, 0, 0}, MX_EINVAL},
        {{NULL, "joe", VERIFIER, 110, 0, 0, 0}, MX_EINVAL},
        {{&spool, NULL, VERIFIER, 110, 0, 0, 0}, MX_EINVAL},
        {{&spool, "", VERIFIER, 110, 0, 0, 0}, MX_EINVAL},
        {{&spool, "joe", NULL, 110, 0, 0, 0}, MX_EINVAL},
        {{&spool, "joe", "secret", 110, 0, 0, 0}, MX_EFORMAT},
    };
    struct mx_server_config cfg = stage_defaults;
    struct mx_pop3_server p;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(mx_pop3_server_init(&p, &cases[i].cfg), cases[i].rc);
    }
    cfg.pop3 = &pop3;
    assert_int_equal(stage_start_with(&cfg), MX_EINVAL); /* no identity */
}

/* --- the machine -------------------------------------------------------- */

static int start_at(uint16_t port, uint16_t tls_port, uint16_t sessions)
{
    struct mx_server_config cfg = {
        .sink = &spool.sink, .port = SMTP_PORT, .pop3 = &pop3};

    block_ram_init(&ram, &block_ram_geometry[0], 0);
    restart();
    assert_int_equal(
        mx_pop3_server_init(
            &pop3, &(struct mx_pop3_server_config){.spool = &spool,
                                                   .user = "joe",
                                                   .verifier = VERIFIER,
                                                   .port = port,
                                                   .tls_port = tls_port,
                                                   .sessions = sessions}),
        0);
    return stage_start_tls(&cfg);
}

static int start(void **state)
{
    (void)state;
    return start_at(25, 0, 0);
}

static int start_two(void **state)
{
    (void)state;
    return start_at(25, 0, 2);
}

static int start_implicit(void **state)
{
    (void)state;
    return start_at(0, 25, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, stage_stop_tls)
#define TWO(f) cmocka_unit_test_setup_teardown(f, start_two, stage_stop_tls)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_clear),
        TEST(test_injection),
        TEST(test_wrong),
        TEST(test_read),
        TEST(test_new_mail),
        TEST(test_uidl),
        TEST(test_delete),
        TEST(test_no_quit),
        TEST(test_damaged),
        TEST(test_lost),
        TEST(test_large),
        TWO(test_in_use),
        TEST(test_locked),
        TEST(test_too_many),
        TEST(test_silence),
        TEST(test_shutdown),
        TWO(test_gone_while_trying),
        cmocka_unit_test_setup_teardown(test_implicit, start_implicit,
                                        stage_stop_tls),
        cmocka_unit_test(test_configuration),
    };

    return cmocka_run_group_tests(tests, stage_open_tls, stage_close_tls);
}
