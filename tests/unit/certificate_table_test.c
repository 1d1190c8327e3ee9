/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of certificates: what an owner may bring, and what the device says
 * to it, word for word. What is refused leaves everything as it was; what is
 * taken is in use, at once and after a restart, with the warnings of the table.
 */
#include "keeper_stage.h"

#include "tinymx/config.h"

#include <stdlib.h>
#include <string.h>

#define CHAIN_MAX 32768

/* --- the table -------------------------------------------------------------- */

#define NO_SAN                                                                 \
    "The certificate has no DNS name among its subject alternative names; "    \
    "get one that has the MX host name there, the common name does not count."
#define OTHER_NAME                                                             \
    "The certificate is for other names; get one for the MX host name, or "    \
    "let "                                                                     \
    "the MX record name a host that it is for."
#define OUT_OF_ORDER                                                           \
    "The chain is out of order: each certificate has to be followed by the "   \
    "one that certifies it, the device's own first."
#define LEAF_FIRST                                                             \
    "certificate: the chain is out of order: the leaf has to come first"
#define OTHER_KEY "key: it is not the key of the certificate"
#define OTHER_CURVE                                                            \
    "certificate: its curve is not in this build; it must be P-256 or RSA of " \
    "2048 bits or more"
#define NO_CERTIFICATE "this is no certificate in PEM, or a damaged one"
#define PRIVATE_KEY                                                            \
    "that is a private key: it must not be sent around, and is not needed "    \
    "here"
#define TOO_LONG "the chain is too long for this device"
#define TOO_LARGE "it is too large for this device"

/* How it is brought. */
enum form {
    AS_PEM, /* as a text and as lines of a paste */
    AS_DER,
    WITH_TEXT, /* PEM with CRLF, indented, other blocks and words around it */
    WITH_KEY,  /* the private key behind the chain, as some CAs' tools do it */
    CUT_OFF,   /* PEM without its last line */
    HALF,      /* PEM, the first half of it */
    NOISE,     /* PEM, a character that is not base64's */
    DER_CUT_OFF,
};

/* The chain: L the leaf, M its issuer, R M's issuer, F another CA. */
static const struct row {
    const char *what;
    const char *san;
    const char *chain;
    int rc;
    const char *why;
    unsigned flags; /* that `status` warns of then */
    enum form form;
    const char *cn;
    const char *key;     /* NULL: the device's */
    const char *ca_key;  /* the issuer's; NULL: P-256 */
    const char *mx_name; /* NULL: MX */
    int from_days, to_days;
} rows[] = {
    /* Names. */
    {"right name", "DNS:" MX, .chain = "L"},
    {"right name in capitals", "DNS:MX.Example.TEST", .chain = "L"},
    {"the MX second of three", "DNS:a.test,DNS:" MX ",DNS:b.test",
     .chain = "L"},
    {"common name only", NULL, .chain = "L", .rc = MX_EREFUSED, .why = NO_SAN,
     .cn = MX},
    {"common name right, SAN wrong", "DNS:a.test", .chain = "L",
     .rc = MX_EREFUSED, .why = OTHER_NAME, .cn = MX},
    {"IP address only", "IP:192.0.2.1", .chain = "L", .rc = MX_EREFUSED,
     .why = NO_SAN},
    {"wildcard", "DNS:*.example.test", .chain = "L", .flags = MX_ID_WILDCARD},
    {"wildcard and name", "DNS:*.example.test,DNS:" MX, .chain = "L"},
    {"partial wildcard", "DNS:m*.example.test", .chain = "L", .rc = MX_EREFUSED,
     .why = OTHER_NAME},
    {"wildcard over two labels", "DNS:*.test", .chain = "L", .rc = MX_EREFUSED,
     .why = OTHER_NAME},
    {"the mail domain", "DNS:example.test", .chain = "L", .rc = MX_EREFUSED,
     .why = OTHER_NAME},
    {"other name", "DNS:other.test", .chain = "L", .rc = MX_EREFUSED,
     .why = OTHER_NAME},
    {"IDN", "DNS:mx.xn--bcher-kva.test", .chain = "L",
     .mx_name = "mx.xn--bcher-kva.test"},
    {"another IDN", "DNS:mx.xn--bcher-4va.test", .chain = "L",
     .rc = MX_EREFUSED, .why = OTHER_NAME, .mx_name = "mx.xn--bcher-kva.test"},
    {"IDN by a wildcard", "DNS:*.xn--bcher-kva.test", .chain = "L",
     .flags = MX_ID_WILDCARD, .mx_name = "mx.xn--bcher-kva.test"},
    /* Dates. */
    {"expired", "DNS:" MX, .chain = "L", .rc = MX_EREFUSED,
     .why = "The certificate has expired; senders that verify it will not "
            "deliver. "
            "Install a new one.",
     .from_days = -10, .to_days = -1},
    {"not yet valid", "DNS:" MX, .chain = "L", .rc = MX_EREFUSED,
     .why = "The certificate is not valid yet; look at the device's clock, or "
            "wait.",
     .from_days = 1, .to_days = 10},
    {"other name and expired", "DNS:other.test", .chain = "L",
     .rc = MX_EREFUSED, .why = OTHER_NAME, .from_days = -10, .to_days = -1},
    /* Keys. */
    {"wrong key", "DNS:" MX, .chain = "L", .rc = MX_EMISMATCH, .why = OTHER_KEY,
     .key = "P-256"},
    {"wrong key and other name", "DNS:other.test", .chain = "L",
     .rc = MX_EMISMATCH, .why = OTHER_KEY, .key = "P-256"},
    {"P-384 key", "DNS:" MX, .chain = "L", .rc = MX_ENOTSUP, .why = OTHER_CURVE,
     .key = "P-384"},
#if MX_TLS_RSA
    {"RSA key", "DNS:" MX, .chain = "L", .rc = MX_EMISMATCH, .why = OTHER_KEY,
     .key = "RSA-2048"},
    {"short RSA key", "DNS:" MX, .chain = "L", .rc = MX_ENOTSUP,
     .why = "certificate: its key must be P-256 or RSA of 2048 bits or more",
     .key = "RSA-1024"},
#endif
    {"signed with RSA", "DNS:" MX, .chain = "L", .ca_key = "RSA-2048"},
    {"signed with P-384 and SHA-384", "DNS:" MX, .chain = "L",
     .ca_key = "P-384"},
    /* Chains. */
    {"chain of two", "DNS:" MX, .chain = "LM"},
    {"chain of three", "DNS:" MX, .chain = "LMR"},
    {"chain in DER", "DNS:" MX, .chain = "LMR", .form = AS_DER},
    {"chain of two reversed", "DNS:" MX, .chain = "ML", .rc = MX_EMISMATCH,
     .why = LEAF_FIRST},
    {"chain of three reversed", "DNS:" MX, .chain = "RML", .rc = MX_EMISMATCH,
     .why = LEAF_FIRST},
    {"issuers reversed", "DNS:" MX, .chain = "LRM", .rc = MX_EREFUSED,
     .why = OUT_OF_ORDER},
    {"one is missing", "DNS:" MX, .chain = "LR", .rc = MX_EREFUSED,
     .why = OUT_OF_ORDER},
    {"foreign middle", "DNS:" MX, .chain = "LF", .rc = MX_EREFUSED,
     .why = OUT_OF_ORDER},
    {"foreign last", "DNS:" MX, .chain = "LMF", .rc = MX_EREFUSED,
     .why = OUT_OF_ORDER},
    {"the leaf twice", "DNS:" MX, .chain = "LL", .rc = MX_EREFUSED,
     .why = OUT_OF_ORDER},
    {"the CA's only", "DNS:" MX, .chain = "M", .rc = MX_EMISMATCH,
     .why = OTHER_KEY},
    {"too large", "DNS:" MX, .chain = "LMRRRRRRRRRRRRRR", .rc = MX_E2BIG,
     .why = TOO_LONG},
    {"too large, in DER", "DNS:" MX, .chain = "LMRRRRRRRRRRRRRR",
     .rc = MX_E2BIG, .why = TOO_LARGE, .form = AS_DER},
    /* Texts. */
    {"text around it", "DNS:" MX, .chain = "LM", .form = WITH_TEXT},
    {"one in DER", "DNS:" MX, .chain = "L", .form = AS_DER},
    {"a private key in it", "DNS:" MX, .chain = "L", .rc = MX_EREFUSED,
     .why = PRIVATE_KEY, .form = WITH_KEY},
    {"a private key only", "DNS:" MX, .chain = "", .rc = MX_EREFUSED,
     .why = PRIVATE_KEY, .form = WITH_KEY},
    {"cut off in its last line", "DNS:" MX, .chain = "L", .rc = MX_EFORMAT,
     .why = NO_CERTIFICATE, .form = CUT_OFF},
    {"the second cut off", "DNS:" MX, .chain = "LM", .rc = MX_EFORMAT,
     .why = NO_CERTIFICATE, .form = CUT_OFF},
    {"half of it", "DNS:" MX, .chain = "L", .rc = MX_EFORMAT,
     .why = NO_CERTIFICATE, .form = HALF},
    {"noise in it", "DNS:" MX, .chain = "L", .rc = MX_EFORMAT,
     .why = NO_CERTIFICATE, .form = NOISE},
    {"DER cut off", "DNS:" MX, .chain = "L", .rc = MX_EFORMAT,
     .why = NO_CERTIFICATE, .form = DER_CUT_OFF},
    {"nothing", "DNS:" MX, .chain = "", .rc = MX_EFORMAT,
     .why = NO_CERTIFICATE},
    {"words", "DNS:" MX, .chain = "", .rc = MX_EFORMAT, .why = NO_CERTIFICATE,
     .form = WITH_TEXT},
};

/* --- who signs -------------------------------------------------------------- */

static struct cert root, mid, foreign;

static int open_table(void **state)
{
    root = cert_make(&(struct cert_spec){.cn = "root", .ca = true});
    mid = cert_make(&(struct cert_spec){
        .cn = "mid", .ca = true, .signer = root.key, .issuer_cn = "root"});
    foreign = cert_make(&(struct cert_spec){.cn = "foreign", .ca = true});
    return keeper_open(state);
}

static int close_table(void **state)
{
    cert_free(&root);
    cert_free(&mid);
    cert_free(&foreign);
    return keeper_close(state);
}

static struct cert make_leaf(const struct row *row)
{
    EVP_PKEY *ca = row->ca_key != NULL ? cert_key(row->ca_key) : mid.key;
    EVP_PKEY *key =
        row->key != NULL ? cert_key(row->key) : device_key(MX_ID_KEY);
    struct cert c = cert_make(&(struct cert_spec){
        .cn = row->cn,
        .san = row->san,
        .key = key,
        .signer = ca,
        .sha384 = EVP_PKEY_get_bits(ca) == 384,
        .issuer_cn = "mid",
        .now_s = test_time_s,
        .from_s = row->from_days * DAY_S,
        .to_s = row->to_days * DAY_S,
    });

    EVP_PKEY_free(key);
    if (row->ca_key != NULL) {
        EVP_PKEY_free(ca);
    }
    return c;
}

/* --- what is brought -------------------------------------------------------- */

static char text[CHAIN_MAX];
static size_t fill;

static void put(const void *data, size_t len)
{
    assert_true(len < sizeof text - fill);
    memcpy(text + fill, data, len);
    fill += len;
    text[fill] = '\0';
}

static void put_text(const char *words)
{
    put(words, strlen(words));
}

static void put_indented(const char *pem)
{
    while (*pem != '\0') {
        size_t len = strcspn(pem, "\n");

        put_text("  ");
        put(pem, len);
        put_text(" \r\n");
        pem += len + 1;
    }
}

static void put_cert(enum form form, const struct cert *c)
{
    switch (form) {
    case AS_DER:
    case DER_CUT_OFF:
        put(c->der, c->der_len);
        break;
    case WITH_TEXT:
        put_text("subject=O = somebody\r\n");
        put_indented(c->pem);
        put_text("\r\n");
        break;
    default:
        put_text(c->pem);
        break;
    }
}

static void spoil(enum form form, const struct cert *leaf)
{
    switch (form) {
    case WITH_TEXT:
        put_text(
            "-----BEGIN X509 CRL-----\r\nAAAA\r\n-----END X509 CRL-----\r\n"
            "thank you\r\n");
        break;
    case WITH_KEY:
        put_text(leaf->key_pem);
        break;
    case CUT_OFF:
        *strstr(text + fill - 30, "-----END") = '\0';
        fill = strlen(text);
        break;
    case HALF:
        fill /= 2;
        text[fill] = '\0';
        break;
    case NOISE:
        strchr(text, '\n')[5] = '!';
        break;
    case DER_CUT_OFF:
        fill--;
        break;
    default:
        break;
    }
}

static void write_text(const struct row *row, const struct cert *leaf)
{
    fill = 0;
    text[0] = '\0';
    for (const char *at = row->chain; *at != '\0'; at++) {
        put_cert(row->form, *at == 'L'   ? leaf
                            : *at == 'M' ? &mid
                            : *at == 'R' ? &root
                                         : &foreign);
    }
    spoil(row->form, leaf);
}

/* --- what is said to it ----------------------------------------------------- */

static int by_text(void)
{
    return mx_keeper_install_text(&keeper, text, fill, &why);
}

/* A console takes the ends off, and goes on after a refusal until its dot. */
static int by_lines(void)
{
    int rc = mx_keeper_paste(&keeper, &why);

    assert_int_equal(rc, 0);
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, "\r\n");

        (void)mx_keeper_paste_line(&keeper, at, len, &why);
        at += len;
        at += strspn(at, "\r\n");
    }
    return mx_keeper_paste_end(&keeper, &why);
}

static unsigned bits(unsigned flags)
{
    unsigned n = 0;

    for (; flags != 0; flags &= flags - 1) {
        n++;
    }
    return n;
}

static void assert_untouched(struct digest first, unsigned writes)
{
    assert_int_equal(flash.count, writes);
    assert_int_equal(keeper.changes, 0);
    for (unsigned i = 0; i < 2; i++) {
        assert_same(digest(false), first);
        assert_true(facts().self_signed);
        assert_string_equal(facts().name, keeper_config.mx_name);
        assert_non_null(mx_keeper_identity(&keeper));
        assert_int_equal(start(), 0);
    }
}

static void assert_in_use(const struct row *row, struct digest first)
{
    assert_int_equal(keeper.changes, 1);
    for (unsigned i = 0; i < 2; i++) {
        assert_same(digest(false), first);
        assert_string_equal(facts().issuer, "mid");
        assert_int_equal(facts().chain_len, strlen(row->chain));
        assert_int_equal(keeper.flags, row->flags);
        assert_non_null(mx_keeper_identity(&keeper));
        assert_int_equal(start(), 0);
        assert_int_equal(told("advice="), bits(row->flags));
    }
}

static void try(const struct row *row, int (*install)(void))
{
    struct cert leaf;
    struct digest first;
    unsigned writes;
    int rc;

    keeper_setup(NULL);
    keeper_config.mx_name = row->mx_name != NULL ? row->mx_name : MX;
    assert_int_equal(start(), 0);
    first = digest(false);
    writes = flash.count;
    leaf = make_leaf(row);
    write_text(row, &leaf);
    rc = install();
    if (rc != row->rc || (rc != 0 && strcmp(why, row->why) != 0)) {
        fail_msg("%s: %s (%s), not %s (%s)", row->what, mx_strerror(rc), why,
                 mx_strerror(row->rc), row->why);
    }
    if (rc == 0) {
        assert_in_use(row, first);
    } else {
        assert_untouched(first, writes);
    }
    cert_free(&leaf);
}

static void texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        try(&rows[i], by_text);
    }
}

static void lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].form != AS_DER && rows[i].form != DER_CUT_OFF) {
            try(&rows[i], by_lines);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPER_TEST(texts),
        KEEPER_TEST(lines),
    };

    return cmocka_run_group_tests_name("certificates", tests, open_table,
                                       close_table);
}
