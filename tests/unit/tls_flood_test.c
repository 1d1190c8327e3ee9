/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Records that are right and bring nothing, one after the other, in an open
 * session: each costs us a decryption, and the peer next to nothing. They are
 * bounded, or end the session at once.
 */
#include "tls_forge.h"
#include "tls_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* One more than firmware/tls allows in a row. */
#define BOUND 33

enum { CHANGE_CIPHER_SPEC = 20, ALERT, HANDSHAKE, APPLICATION_DATA };

static struct peer_world ec;

static void begin(struct peer *p, struct forge *f, int version)
{
    peer_open(p, &ec);
    peer_limit(p, version,
               version == TLS1_3_VERSION ? FORGE_TLS13_SUITE
                                         : FORGE_TLS12_SUITE,
               NULL);
    peer_shake(p);
    forge_begin(f, p->ssl);
}

/* Our own records, a warning for instance, are sent. */
static void push(struct peer *p, struct forge *f, uint8_t type,
                 const void *content, size_t len)
{
    unsigned char record[512 + FORGE_OVERHEAD];
    size_t n = forge_record(f, record, type, content, len);
    size_t out;

    assert_int_equal(mx_tls_push(&p->tls, record, n), n);
    if (mx_tls_out_buf(&p->tls, &out) != NULL) {
        mx_tls_out_ack(&p->tls, out);
    }
}

static bool hears(struct peer *p, char c)
{
    size_t len;
    const char *in = mx_tls_in_buf(&p->tls, &len);
    bool heard = len == 1 && *in == c;

    mx_tls_in_ack(&p->tls, len);
    return heard;
}

static const char zeros[300];

static const struct flood {
    const char *what;
    int version;
    uint8_t type;
    const char *content;
    size_t len;
    unsigned most; /* records until it is over */
} floods[] = {
    {"nothing", TLS1_2_VERSION, APPLICATION_DATA, "", 0, 4},
    {"a warning", TLS1_2_VERSION, ALERT, "\1\132", 2, BOUND},
    {"no renegotiation", TLS1_2_VERSION, ALERT, "\1\144", 2, BOUND},
    {"half an alert", TLS1_2_VERSION, ALERT, "\1", 1, 1},
    {"a hello to renegotiate", TLS1_2_VERSION, HANDSHAKE, "\1\0\0\4\3\3\0\0", 8,
     BOUND},
    {"a quarter of a header", TLS1_2_VERSION, HANDSHAKE, "\1", 1, 1},
    {"a piece of a hello", TLS1_2_VERSION, HANDSHAKE, "\1\0\20\0", 4, BOUND},
    {"a Finished", TLS1_2_VERSION, HANDSHAKE, "\24\0\0\0", 4, 1},
    {"a change of ciphers", TLS1_2_VERSION, CHANGE_CIPHER_SPEC, "\1", 1, 1},
    {"no type at all", TLS1_2_VERSION, 99, "x", 1, 1},

    {"nothing", TLS1_3_VERSION, APPLICATION_DATA, "", 0, 4},
    {"padding alone", TLS1_3_VERSION, 0, zeros, sizeof zeros, 1},
    {"a warning", TLS1_3_VERSION, ALERT, "\1\132", 2, BOUND},
    {"half an alert", TLS1_3_VERSION, ALERT, "\1", 1, 1},
    {"a KeyUpdate", TLS1_3_VERSION, HANDSHAKE, "\30\0\0\1\0", 5, 1},
    {"a KeyUpdate and back", TLS1_3_VERSION, HANDSHAKE, "\30\0\0\1\1", 5, 1},
    {"a ticket", TLS1_3_VERSION, HANDSHAKE, "\4\0\0\1\0", 5, 1},
    {"a hello", TLS1_3_VERSION, HANDSHAKE, "\1\0\0\4\3\3\0\0", 8, 1},
    {"a quarter of a header", TLS1_3_VERSION, HANDSHAKE, "\30", 1, 1},
    {"a piece of a message", TLS1_3_VERSION, HANDSHAKE, "\30\0\20\0", 4, BOUND},
    {"a change of ciphers", TLS1_3_VERSION, CHANGE_CIPHER_SPEC, "\1", 1, BOUND},
};

static void floods_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        const struct flood *row = &floods[i];
        struct peer p;
        struct forge f;
        unsigned n = 0;

        begin(&p, &f, row->version);
        while (mx_tls_state(&p.tls) == MX_TLS_OPEN && n < 1000) {
            push(&p, &f, row->type, row->content, row->len);
            n++;
        }
        if (n != row->most) {
            print_error("TLS %x, %s: %u records\n", (unsigned)row->version,
                        row->what, n);
        }
        assert_int_equal(n, row->most);
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_FAILED);
        peer_close(&p);
    }
}

/* In small doses they are nothing that a peer may not do; and that they are
 * forged right is seen from those that bring something. */
static void small_doses(void **state)
{
    static const struct flood doses[] = {
        {"nothing", TLS1_2_VERSION, APPLICATION_DATA, "", 0, 4},
        {"nothing", TLS1_3_VERSION, APPLICATION_DATA, "", 0, 4},
        {"a warning", TLS1_2_VERSION, ALERT, "\1\132", 2, BOUND - 1},
        {"a warning", TLS1_3_VERSION, ALERT, "\1\132", 2, BOUND - 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof doses / sizeof *doses; i++) {
        const struct flood *row = &doses[i];
        struct peer p;
        struct forge f;

        begin(&p, &f, row->version);
        for (int dose = 0; dose < 10; dose++) {
            for (unsigned n = 0; n < row->most - 1; n++) {
                push(&p, &f, row->type, row->content, row->len);
            }
            push(&p, &f, APPLICATION_DATA, "x", 1);
            assert_true(hears(&p, 'x'));
        }
        assert_int_equal(mx_tls_state(&p.tls), MX_TLS_OPEN);
        peer_close(&p);
    }
}

/* The change of ciphers that a TLS 1.3 client may send in clear, for the sake
 * of old boxes on the way, is for the handshake (RFC 8446 5). */
static void clear_records(void **state)
{
    static const unsigned char change[] = {20, 3, 3, 0, 1, 1};
    struct peer p;
    struct forge f;

    (void)state;
    begin(&p, &f, TLS1_3_VERSION);
    for (int n = 0; n < BOUND; n++) {
        assert_int_equal(mx_tls_push(&p.tls, change, sizeof change),
                         sizeof change);
    }
    assert_int_equal(mx_tls_state(&p.tls), MX_TLS_FAILED);
    peer_close(&p);
}

static int setup(void **state)
{
    (void)state;
    peer_world_open(&ec, "P-256");
    forge_prepare(ec.ctx);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    peer_world_close(&ec);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floods_end),
        cmocka_unit_test(small_doses),
        cmocka_unit_test(clear_records),
    };

    return cmocka_run_group_tests_name("floods", tests, setup, teardown);
}
