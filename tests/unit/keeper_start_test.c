/* SPDX-License-Identifier: BSD-3-Clause */
/* What a start finds: nothing, what was kept, what the owner gave. */
#include "keeper_stage.h"
#include "tinymx/port.h"

/* --- its own --------------------------------------------------------------- */

static void made_once(void **state)
{
    struct digest first;

    (void)state;
    assert_int_equal(start(), 0);
    assert_true(keeper.made && keeper.kept);
    assert_string_equal(facts().name, MX);
    assert_true(facts().self_signed);
    assert_int_equal(told("from=made"), 1);
    first = digest(false);
    assert_int_equal(start(), 0);
    assert_false(keeper.made);
    assert_int_equal(told("from=kept"), 1);
    assert_same(digest(false), first);
    assert_ptr_equal(mx_keeper_identity(&keeper), &keeper.id);
}

/* The TLSA record of the old name's key is true of the new name's. */
static void renamed(void **state)
{
    struct digest first;

    (void)state;
    assert_int_equal(start(), 0);
    first = digest(false);
    keeper_config.mx_name = "mx2.example.test";
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(start(), 0);
        assert_string_equal(facts().name, "mx2.example.test");
        assert_same(digest(false), first);
        assert_non_null(mx_keeper_identity(&keeper));
    }
}

/* What a CA has signed is not to be made again: TLS stays away, or not, if the
 * owner says so. */
static void renamed_with_a_ca(void **state)
{
    struct cert c;

    (void)state;
    assert_int_equal(start(), 0);
    c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    assert_int_equal(mx_keeper_install_text(&keeper, c.pem, c.pem_len, &why),
                     0);
    keeper_config.mx_name = "mx2.example.test";
    assert_int_equal(start(), 0);
    assert_string_equal(facts().issuer, "ca");
    assert_null(mx_keeper_identity(&keeper));
    assert_int_equal(told("tls=\"not offered"), 1);
    keeper_config.anyway = true;
    assert_int_equal(start(), 0);
    assert_non_null(mx_keeper_identity(&keeper));
    assert_int_equal(told("tls=\"not offered"), 0);
    cert_free(&c);
}

static void assert_no_change(int want, const char *part)
{
    struct mx_span text = {"x", 1};

    assert_answer(mx_keeper_new(&keeper, &why), want, part);
    assert_answer(mx_keeper_install(&keeper, text, &why), want, part);
    assert_answer(mx_keeper_install_text(&keeper, "x", 1, &why), want, part);
    assert_answer(mx_keeper_paste(&keeper, &why), want, part);
    assert_answer(mx_keeper_next(&keeper, &why), want, part);
    assert_answer(mx_keeper_switch(&keeper, &why), want, part);
    assert_answer(mx_keeper_drop(&keeper, &why), want, part);
}

static void of_the_owner(void **state)
{
    struct cert c = cert_make(&(struct cert_spec){.cn = "x", .san = "DNS:" MX});

    (void)state;
    keeper_config.cert = (struct mx_span){c.pem, c.pem_len};
    keeper_config.key = (struct mx_span){c.key_pem, c.key_pem_len};
    assert_int_equal(start(), 0);
    assert_int_equal(told("from=owner"), 1);
    assert_non_null(mx_keeper_identity(&keeper));
    assert_no_change(MX_EREFUSED, "the owner gave certificate and key");
    assert_int_equal(flash.count, 0);
    keeper_config.key.len = 10;
    assert_answer(start(), MX_EFORMAT, "key: ");
    assert_null(mx_keeper_identity(&keeper));
    cert_free(&c);
}

static void no_device(void **state)
{
    struct digest first;

    (void)state;
    keeper_config.dev = NULL;
    assert_int_equal(start(), 0);
    assert_int_equal(told("from=ram"), 1);
    first = digest(false);
    assert_no_change(MX_EIO, "nothing to keep it on");
    assert_int_equal(start(), 0);
    assert_differ(digest(false), first);
}

static void device_too_small(void **state)
{
    (void)state;
    keeper_config.blocks = 1;
    assert_int_equal(start(), 0);
    assert_int_equal(told("it is one of this life"), 1);
    assert_no_change(MX_EIO, "nothing to keep it on");
}

/* --- a chain that comes with the configuration ---------------------------- */

static void given(const struct cert *c)
{
    keeper_config.cert = (struct mx_span){(const char *)c->der, c->der_len};
}

static void given_and_fits(void **state)
{
    struct cert c;
    unsigned writes;

    (void)state;
    assert_int_equal(start(), 0);
    c = issue(device_key(MX_ID_KEY), "DNS:" MX);
    given(&c);
    assert_int_equal(start(), 0);
    assert_string_equal(facts().issuer, "ca");
    writes = flash.count;
    assert_int_equal(start(), 0);
    assert_int_equal(flash.count, writes);
    keeper_config.cert.len = 0;
    assert_int_equal(start(), 0);
    assert_string_equal(facts().issuer, "ca");
    cert_free(&c);
}

/* What was installed since, and lasts longer, stays. */
static void given_and_older(void **state)
{
    const int64_t now_s = mx_port_time_s();
    struct cert old, fresh;
    struct mx_span chain;

    (void)state;
    assert_int_equal(start(), 0);
    old = issue_until(device_key(MX_ID_KEY), "DNS:" MX, -DAY_S, 50 * DAY_S);
    fresh = issue_until(device_key(MX_ID_KEY), "DNS:" MX, -DAY_S, 90 * DAY_S);
    given(&old);
    assert_int_equal(start(), 0);
    assert_int_equal(facts().not_after_s, now_s + 50 * DAY_S);
    chain = (struct mx_span){(const char *)fresh.der, fresh.der_len};
    assert_int_equal(mx_keeper_install(&keeper, chain, &why), 0);
    assert_int_equal(start(), 0);
    assert_int_equal(facts().not_after_s, now_s + 90 * DAY_S);
    cert_free(&old);
    cert_free(&fresh);
}

/* It is said why, and what there was serves. */
static void given_and_does_not_fit(void **state)
{
    static const char garbage[] = "\x30\x03\x02\x01\x01";
    struct digest first;
    struct cert foreign, other;

    (void)state;
    assert_int_equal(start(), 0);
    first = digest(false);
    foreign = issue(cert_key("P-256"), "DNS:" MX);
    other = issue(device_key(MX_ID_KEY), "DNS:other.test");
    given(&foreign);
    assert_int_equal(start(), 0);
    assert_int_equal(told("not the key of the certificate"), 1);
    given(&other);
    assert_int_equal(start(), 0);
    assert_int_equal(told("is for other names"), 1);
    keeper_config.cert = (struct mx_span){garbage, sizeof garbage - 1};
    assert_int_equal(start(), 0);
    assert_int_equal(told("certificate: does not parse"), 1);
    assert_true(facts().self_signed);
    assert_same(digest(false), first);
    assert_non_null(mx_keeper_identity(&keeper));
    cert_free(&foreign);
    cert_free(&other);
}

/* --- a device that fails -------------------------------------------------- */

/* At the first start, then at one with another name. */
static void device_fails_at_a_start(void **state)
{
    struct digest first;

    (void)state;
    flash.fail_at = 1;
    assert_int_equal(start(), 0);
    assert_int_equal(told("it is one of this life"), 1);
    assert_non_null(mx_keeper_identity(&keeper));
    assert_no_change(MX_EIO, "nothing to keep it on");
    assert_int_equal(start(), 0);
    first = digest(false);
    keeper_config.mx_name = "mx2.example.test";
    flash.fail_at = flash.count + 1;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(start(), 0);
        assert_int_equal(told("cannot be kept"), i == 0);
        assert_same(digest(false), first);
        assert_string_equal(facts().name, "mx2.example.test");
        assert_non_null(mx_keeper_identity(&keeper));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPER_TEST(made_once),
        KEEPER_TEST(renamed),
        KEEPER_TEST(renamed_with_a_ca),
        KEEPER_TEST(of_the_owner),
        KEEPER_TEST(no_device),
        KEEPER_TEST(device_too_small),
        KEEPER_TEST(given_and_fits),
        KEEPER_TEST(given_and_older),
        KEEPER_TEST(given_and_does_not_fit),
        KEEPER_TEST(device_fails_at_a_start),
    };

    return cmocka_run_group_tests_name("keeper_start", tests, keeper_open,
                                       keeper_close);
}
