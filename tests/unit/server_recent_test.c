/* SPDX-License-Identifier: BSD-3-Clause */
/* What the server remembers of the last sessions, for `status`. */
#include "stage_tls.h"

#include <stdio.h>
#include <string.h>

static void greets(struct peer *p, const char *name)
{
    peer_connect(p);
    SAYS(p, "220 ");
    peer_say(p, "EHLO ");
    peer_say(p, name);
    peer_say(p, "\r\n");
    SAYS(p, "250 ");
}

static void leaves(struct peer *p)
{
    peer_say(p, "QUIT\r\n");
    UNTIL(p->eof);
    peer_close(p);
    UNTIL(server.stats.sessions == 0);
}

/* In clear, from greeting to end. */
static void session(const char *name)
{
    struct peer p;

    greets(&p, name);
    leaves(&p);
}

static void begins_tls(struct client *c, const char *name)
{
    memset(c, 0, sizeof *c);
    greets(&c->tcp, name);
    peer_say(&c->tcp, "STARTTLS\r\n");
    SAYS(&c->tcp, "220 2.0.0 ");
}

/* In TLS under another name, and back comes what resumes it. */
static SSL_SESSION *tls_session(const char *name, SSL_SESSION *resumes)
{
    struct client c;
    SSL_SESSION *again;

    begins_tls(&c, "before.example");
    client_secure(&c);
    if (resumes != NULL) {
        SSL_set_session(c.ssl, resumes);
    }
    CLIENT_UNTIL(&c, SSL_is_init_finished(c.ssl));
    client_says_line(&c, "EHLO ");
    client_says_line(&c, name);
    client_says_line(&c, "\r\n");
    client_hears(&c, "250 ENHANCEDSTATUSCODES\r\n");
    client_says_line(&c, "QUIT\r\n");
    CLIENT_UNTIL(&c, c.notified);
    again = SSL_get1_session(c.ssl);
    (void)SSL_shutdown(c.ssl); /* else OpenSSL does not resume it */
    client_close(&c);
    UNTIL(server.stats.sessions == 0);
    return again;
}

static void assert_recent(size_t n, const char *name, const char *version)
{
    const struct mx_recent *r = mx_server_recent(&server, n);

    assert_non_null(r);
    assert_string_equal(r->name, name);
    if (version == NULL) {
        assert_null(r->version);
    } else {
        assert_string_equal(r->version, version);
    }
}

static void none(void **state)
{
    struct peer p;

    (void)state;
    assert_null(mx_server_recent(&server, 0));
    peer_connect(&p); /* and says nothing of himself */
    SAYS(&p, "220 ");
    leaves(&p);
    assert_null(mx_server_recent(&server, 0));
}

static void newest_first(void **state)
{
    char name[32];

    (void)state;
    for (int i = 0; i < 2 * MX_RECENT; i++) {
        snprintf(name, sizeof name, "client%d.example", i);
        session(name);
        for (int n = 0; n < MX_RECENT; n++) {
            snprintf(name, sizeof name, "client%d.example", i - n);
            if (n <= i) {
                assert_recent((size_t)n, name, NULL);
            } else {
                assert_null(mx_server_recent(&server, (size_t)n));
            }
        }
    }
    assert_null(mx_server_recent(&server, MX_RECENT));
}

static void in_tls(void **state)
{
    const struct mx_recent *r;
    SSL_SESSION *first, *second;

    (void)state;
    first = tls_session("first.example", NULL);
    second = tls_session("second.example", first);
    assert_recent(1, "first.example", "TLSv1.3");
    assert_false(mx_server_recent(&server, 1)->resumed);
    assert_recent(0, "second.example", "TLSv1.3");
    r = mx_server_recent(&server, 0);
    assert_true(r->resumed);
    assert_string_equal(r->cipher,
                        SSL_CIPHER_get_name(SSL_SESSION_get0_cipher(second)));
    assert_null(mx_server_recent(&server, 2));
    SSL_SESSION_free(first);
    SSL_SESSION_free(second);
}

static void failed_handshake(void **state)
{
    struct client c;

    (void)state;
    begins_tls(&c, "broken.example");
    peer_say(&c.tcp, "this is no ClientHello\r\n");
    UNTIL(c.tcp.eof || c.tcp.reset);
    peer_close(&c.tcp);
    UNTIL(server.stats.sessions == 0);
    assert_recent(0, "broken.example", "handshake failed");
    assert_null(mx_server_recent(&server, 1));
}

static void long_name(void **state)
{
    char name[2 * MX_RECENT_NAME + 1];
    char cut[MX_RECENT_NAME];

    (void)state;
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    memcpy(cut, name, sizeof cut);
    cut[sizeof cut - 1] = '\0';
    session(name);
    assert_recent(0, cut, NULL);
}

static int setup(void **state)
{
    struct mx_server_config cfg = {0};

    (void)state;
    return stage_start_tls(&cfg);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, stage_stop_tls)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(none),      ONE(newest_first), ONE(in_tls), ONE(failed_handshake),
        ONE(long_name),
    };

    return cmocka_run_group_tests_name("server_recent", tests, stage_open_tls,
                                       stage_close_tls);
}
