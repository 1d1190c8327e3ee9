/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changes while the server serves: they wait for a TLS session's place and for
 * handshakes under way; sessions go on, and who comes later sees the new one.
 */
#include "stage_tls.h"

#include "keeper_stage.h"

#include <string.h>

#define PLACES 3

/* --- clients ---------------------------------------------------------------- */

static void asks(struct client *c)
{
    client_open(c);
    SAYS(&c->tcp, "220 ");
    peer_say(&c->tcp, "EHLO client.example\r\n");
    SAYS(&c->tcp, "250-STARTTLS\r\n");
    c->tcp.fill = 0;
    c->tcp.in[0] = '\0';
    peer_say(&c->tcp, "STARTTLS\r\n");
}

static bool may_begin(const struct client *c)
{
    return strstr(c->tcp.in, "220 2.0.0 ") != NULL;
}

static void goes_on(struct client *c)
{
    c->fill = 0;
    c->text[0] = '\0';
    client_says_line(c, "NOOP\r\n");
    client_hears(c, "250 2.0.0");
}

/* Whatever it is shown; until the server has seen its end, too. */
static void shakes(struct client *c)
{
    UNTIL(may_begin(c));
    client_secure(c);
    SSL_set_verify(c->ssl, SSL_VERIFY_NONE, NULL);
    CLIENT_UNTIL(c, SSL_is_init_finished(c->ssl));
    goes_on(c);
}

static void comes(struct client *c)
{
    asks(c);
    shakes(c);
}

static void goes(struct client *c)
{
    unsigned sessions = server.stats.sessions;

    client_close(c);
    UNTIL(server.stats.sessions < sessions);
}

static bool was_shown_a_ca(struct client *c)
{
    X509 *cert = SSL_get0_peer_certificate(c->ssl);

    return X509_NAME_cmp(X509_get_issuer_name(cert),
                         X509_get_subject_name(cert)) != 0;
}

/* Is the key that it was shown the device's? */
static bool was_shown(struct client *c, EVP_PKEY *key)
{
    X509 *cert = SSL_get0_peer_certificate(c->ssl);
    int same = EVP_PKEY_eq(X509_get0_pubkey(cert), key);

    EVP_PKEY_free(key);
    return same == 1;
}

static void all_go(struct client *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        goes(&c[i]);
    }
}

static void all_come(struct client *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        comes(&c[i]);
    }
}

/* Nothing of a change is left: every place can be taken. */
static void assert_all_returned(void)
{
    struct client c[PLACES];

    all_come(c, PLACES);
    assert_int_equal(server.stats.tls_sessions, PLACES);
    all_go(c, PLACES);
}

/* --- changes ---------------------------------------------------------------- */

static void idle_server(void **state)
{
    struct client c;

    (void)state;
    comes(&c);
    assert_true(was_shown(&c, device_key(MX_ID_KEY)));
    assert_int_equal(mx_keeper_new(&keeper, &why), 0);
    assert_false(was_shown(&c, device_key(MX_ID_KEY)));
    goes_on(&c);
    goes(&c);
    comes(&c);
    assert_true(was_shown(&c, device_key(MX_ID_KEY)));
    goes(&c);
    assert_all_returned();
}

/* Who leaves makes room for the change before anybody else who waits. */
static void last_place_is_taken(void **state)
{
    struct client c[PLACES], waits;
    struct digest first = digest(false);

    (void)state;
    all_come(c, PLACES);
    assert_int_equal(mx_keeper_new(&keeper, &why), MX_EAGAIN);
    assert_int_equal(mx_keeper_new(&keeper, &why), MX_EAGAIN);
    asks(&waits);
    goes(&c[0]);
    assert_false(may_begin(&waits));
    assert_int_equal(mx_keeper_new(&keeper, &why), 0);
    assert_differ(digest(false), first);
    goes_on(&c[1]);
    shakes(&waits);
    assert_true(was_shown(&waits, device_key(MX_ID_KEY)));
    all_go(c + 1, PLACES - 1);
    goes(&waits);
    assert_all_returned();
}

/* It ends with what it began with, and nobody begins meanwhile. */
static void handshake_under_way(void **state)
{
    struct client slow, waits;
    struct digest first = digest(false);

    (void)state;
    asks(&slow);
    UNTIL(may_begin(&slow));
    assert_int_equal(mx_keeper_new(&keeper, &why), MX_EAGAIN);
    asks(&waits);
    assert_same(digest(false), first);
    shakes(&slow);
    assert_true(was_shown(&slow, device_key(MX_ID_KEY)));
    assert_false(may_begin(&waits));
    assert_int_equal(mx_keeper_new(&keeper, &why), 0);
    shakes(&waits);
    assert_true(was_shown(&waits, device_key(MX_ID_KEY)));
    goes_on(&slow);
    goes(&slow);
    goes(&waits);
    assert_all_returned();
}

static void given_up(void **state)
{
    struct client c[PLACES];

    (void)state;
    all_come(c, PLACES);
    assert_int_equal(mx_keeper_next(&keeper, &why), MX_EAGAIN);
    mx_keeper_cancel(&keeper);
    all_go(c, PLACES);
    assert_all_returned();
    asks(&c[0]);
    UNTIL(may_begin(&c[0]));
    assert_int_equal(mx_keeper_next(&keeper, &why), MX_EAGAIN);
    mx_keeper_cancel(&keeper);
    comes(&c[1]);
    goes(&c[1]);
    shakes(&c[0]);
    goes(&c[0]);
    assert_all_returned();
}

/* --- certificates ----------------------------------------------------------- */

static void installed_when_it_can_be(void **state)
{
    struct cert cert = issue(device_key(MX_ID_KEY), "DNS:" MX);
    struct client c[PLACES];

    (void)state;
    all_come(c, PLACES);
    assert_false(was_shown_a_ca(&c[0]));
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(
            mx_keeper_install_text(&keeper, cert.pem, cert.pem_len, &why),
            MX_EAGAIN);
    }
    assert_int_equal(mx_keeper_paste(&keeper, &why), MX_EAGAIN);
    goes(&c[0]);
    asks(&c[0]);
    assert_false(may_begin(&c[0]));
    assert_answer(mx_keeper_install_text(&keeper, cert.pem, cert.pem_len, &why),
                  0, "");
    shakes(&c[0]);
    assert_true(was_shown_a_ca(&c[0]));
    goes_on(&c[1]);
    all_go(c, PLACES);
    assert_all_returned();
    cert_free(&cert);
}

/* The whole text is taken, then the handshake is waited for. */
static void installed_behind_a_handshake(void **state)
{
    struct cert cert = issue(device_key(MX_ID_KEY), "DNS:" MX);
    struct client c;

    (void)state;
    asks(&c);
    UNTIL(may_begin(&c));
    assert_int_equal(
        mx_keeper_install_text(&keeper, cert.pem, cert.pem_len, &why),
        MX_EAGAIN);
    assert_true(facts().self_signed);
    shakes(&c);
    assert_false(was_shown_a_ca(&c));
    assert_int_equal(mx_keeper_paste_end(&keeper, &why), 0);
    assert_string_equal(facts().issuer, "ca");
    goes(&c);
    assert_all_returned();
    cert_free(&cert);
}

/* From its begin on, and no longer than somebody types. */
static void a_paste_has_a_place(void **state)
{
    struct client c[PLACES - 1], waits;

    (void)state;
    assert_int_equal(mx_keeper_paste(&keeper, &why), 0);
    all_come(c, PLACES - 1);
    asks(&waits);
    for (unsigned i = 0; i < 3; i++) {
        test_now_ms += 15 * 1000;
        turn();
        assert_int_equal(mx_keeper_paste_line(&keeper, "text", 4, &why), 0);
    }
    assert_false(may_begin(&waits));
    goes(&waits);
    all_go(c, PLACES - 1);
    UNTIL((mx_keeper_poll(&keeper), keeper.paste == NULL));
    assert_int_equal(server.lent, 0);
    assert_all_returned();
}

static void refused_and_returned(void **state)
{
    struct cert cert = issue(device_key(MX_ID_KEY), "DNS:other.test");

    (void)state;
    assert_answer(mx_keeper_install_text(&keeper, cert.pem, cert.pem_len, &why),
                  MX_EREFUSED, "for other names");
    assert_all_returned();
    assert_answer(mx_keeper_install_text(&keeper, "hello", 5, &why), MX_EFORMAT,
                  "no certificate");
    assert_all_returned();
    assert_answer(mx_keeper_switch(&keeper, &why), MX_EINVAL, "no next key");
    assert_all_returned();
    cert_free(&cert);
}

/* --- the stage -------------------------------------------------------------- */

static int setup(void **state)
{
    struct mx_server_config cfg = {.tls_sessions = PLACES};
    int rc = stage_start_tls(&cfg);

    keeper_setup(state);
    if (rc == 0) {
        rc = start();
    }
    mx_keeper_serve(&keeper, &server);
    return rc == 0 ? mx_server_identify(&server, mx_keeper_identity(&keeper))
                   : rc;
}

static int teardown(void **state)
{
    stop();
    return stage_stop_tls(state);
}

static int open_both(void **state)
{
    int rc = keeper_open(state);

    return rc == 0 ? stage_open_tls(state) : rc;
}

static int close_both(void **state)
{
    keeper_close(state);
    return stage_close_tls(state);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(idle_server),
        ONE(last_place_is_taken),
        ONE(handshake_under_way),
        ONE(given_up),
        ONE(installed_when_it_can_be),
        ONE(installed_behind_a_handshake),
        ONE(a_paste_has_a_place),
        ONE(refused_and_returned),
    };

    return cmocka_run_group_tests_name("keeper_turn", tests, open_both,
                                       close_both);
}
