/* SPDX-License-Identifier: BSD-3-Clause */
/* The table policy: who is let in, and which names may stand in a list. */
#include "tinymx/policy.h"

#include "tinymx/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const char *const domains[] = {"example.test", "Two.Example", NULL};
static const char *const rcpts[] = {
    "joe@example.test",
    "*@any.example",
    "\"*\"@star.example",
    "\"a b\"@example.test",
    "\"a@b\"@example.test",
    "\"plain\"@example.test",
    "\"@quote.example", /* wrong, and taken as it is */
    NULL,
};

struct rcpt_row {
    const char *local;
    const char *domain;
    enum mx_answer answer;
};

static const struct rcpt_row rcpt_rows[] = {
    /* Case, in both parts and on both sides. */
    {"joe", "example.test", MX_YES},
    {"JOE", "EXAMPLE.TEST", MX_YES},
    {"Joe", "eXample.Test", MX_YES},
    {"jo", "example.test", MX_NO_USER},
    {"joes", "example.test", MX_NO_USER},
    {"j\xefoe", "example.test", MX_NO_USER},
    {"any", "two.example", MX_NO_USER},

    /* Quoted local parts are what they stand for. */
    {"\"joe\"", "example.test", MX_YES},
    {"\"j\\oe\"", "example.test", MX_YES},
    {"\"\\J\\O\\E\"", "example.test", MX_YES},
    {"\"jo\\\\e\"", "example.test", MX_NO_USER},
    {"\"joe \"", "example.test", MX_NO_USER},
    {"\"\"", "example.test", MX_NO_USER},
    {"\"A B\"", "example.test", MX_YES},
    {"\"a\\ b\"", "example.test", MX_YES},
    {"\"a@b\"", "example.test", MX_YES},
    {"plain", "example.test", MX_YES},
    {"pl\\ain", "example.test", MX_NO_USER},
    {"\"", "quote.example", MX_YES},
    {"\"\"", "quote.example", MX_NO_USER},

    /* Postmaster, always. */
    {"postmaster", "", MX_YES},
    {"POSTmaster", "", MX_YES},
    {"\"Post\\master\"", "", MX_YES},
    {"PostMaster", "example.test", MX_YES},
    {"postmaster", "two.example", MX_YES},
    {"postmaster", "star.example", MX_YES},
    {"postmaster", "other.test", MX_NO_RELAY},
    {"joe", "", MX_NO_USER},
    {"postmasters", "", MX_NO_USER},

    /* Any, and a mailbox called so. */
    {"whoever", "any.example", MX_YES},
    {"*", "any.example", MX_YES},
    {"whoever", "star.example", MX_NO_USER},
    {"*", "star.example", MX_YES},
    {"*", "example.test", MX_NO_USER},

    /* Whole domains only. */
    {"joe", "xexample.test", MX_NO_RELAY},
    {"joe", "a.example.test", MX_NO_RELAY},
    {"joe", "example.tes", MX_NO_RELAY},
    {"joe", "example.test.", MX_NO_RELAY},
    {"joe", "[192.0.2.1]", MX_NO_RELAY},
};

static struct mx_span span(const char *str)
{
    return (struct mx_span){.ptr = str, .len = strlen(str)};
}

/* The way the engine has it: spans of one line, nothing terminated. */
static enum mx_answer ask(const struct mx_table *table, const char *local,
                          const char *domain)
{
    char line[128];
    size_t at = strlen(local) + 1;
    struct mx_path path;

    memset(line, 'x', sizeof line);
    memcpy(line, local, at - 1);
    line[at - 1] = '@';
    memcpy(line + at, domain, strlen(domain));
    path = (struct mx_path){
        .text = {line, at + strlen(domain)},
        .local = {line, strlen(local)},
        .domain = {line + at, strlen(domain)},
    };
    return table->policy.rcpt(&table->policy, &path);
}

static void recipients(void **state)
{
    struct mx_table table;

    (void)state;
    memset(&table, 0xa5, sizeof table);
    mx_table_init(&table, domains, rcpts);
    for (size_t i = 0; i < sizeof rcpt_rows / sizeof *rcpt_rows; i++) {
        const struct rcpt_row *row = &rcpt_rows[i];
        enum mx_answer answer = ask(&table, row->local, row->domain);

        if (answer != row->answer) {
            fail_msg("%s@%s: %d", row->local, row->domain, (int)answer);
        }
    }
}

static void empty_table(void **state)
{
    struct mx_table table;

    (void)state;
    mx_table_init(&table, NULL, NULL);
    assert_int_equal(ask(&table, "postmaster", ""), MX_YES);
    assert_int_equal(ask(&table, "joe", ""), MX_NO_USER);
    assert_int_equal(ask(&table, "joe", "example.test"), MX_NO_RELAY);
}

static void any_sender(void **state)
{
    struct mx_table table;
    struct mx_envelope env = {.reverse_path = {.text = span("a@b.test")}};

    (void)state;
    mx_table_init(&table, domains, rcpts);
    assert_int_equal(table.policy.mail(&table.policy, &env), MX_YES);
    env.reverse_path.text = span("");
    assert_int_equal(table.policy.mail(&table.policy, &env), MX_YES);
}

/* clang-format off */
#define A10 "aaaaaaaaaa"
#define A60 A10 A10 A10 A10 A10 A10
#define LABEL63 A60 "aaa"
/* clang-format on */

struct name_row {
    const char *name;
    int result;
};

/* clang-format off */
static const struct name_row domain_rows[] = {
    {"example.test", 0},
    {"localhost", 0},
    {"a", 0},
    {"1a.2", 0},
    {"a--b.c-d", 0},
    {"\xc3\xa9.test", 0},
    {LABEL63 ".test", 0},
    {LABEL63 "a.test", MX_EINVAL},
    {LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, 0},            /* 255 */
    {LABEL63 "." LABEL63 "." LABEL63 "." A60 "aa.b", MX_EINVAL}, /* 256 */
    {"", MX_EINVAL},
    {".", MX_EINVAL},
    {".a", MX_EINVAL},
    {"a.", MX_EINVAL},
    {"a..b", MX_EINVAL},
    {"-a", MX_EINVAL},
    {"a-", MX_EINVAL},
    {"a-.b", MX_EINVAL},
    {"a.-b", MX_EINVAL},
    {"a b", MX_EINVAL},
    {"a_b", MX_EINVAL},
    {"a@b", MX_EINVAL},
    {"*", MX_EINVAL},
    {"*.a", MX_EINVAL},
    {"[192.0.2.1]", MX_EINVAL},
    {"a\n", MX_EINVAL},
};
/* clang-format on */

/* clang-format off */
static const struct name_row rcpt_names[] = {
    {"joe@example.test", 0},
    {"*@example.test", 0},
    {"\"*\"@example.test", 0},
    {"a.b+c@d", 0},
    {"\"a b\"@d", 0},
    {"\"a@b\"@d", 0},
    {"\"a\\\"b\\\\\"@d", 0},
    {"\"\"@d", 0},
    {"\xc3\xa9@d", 0},
    {A60 "aaaa@d", 0},
    {A60 "aaaaa@d", MX_EINVAL},
    {"joe", MX_EINVAL},
    {"postmaster", MX_EINVAL},
    {"@d", MX_EINVAL},
    {"a@", MX_EINVAL},
    {"", MX_EINVAL},
    {"@", MX_EINVAL},
    {"a@b@c", MX_EINVAL},
    {"a b@d", MX_EINVAL},
    {".a@d", MX_EINVAL},
    {"a.@d", MX_EINVAL},
    {"a..b@d", MX_EINVAL},
    {"<a@d>", MX_EINVAL},
    {"a\\b@d", MX_EINVAL},
    {"\"a@d", MX_EINVAL},
    {"\"@d", MX_EINVAL},
    {"\"a\"b\"@d", MX_EINVAL},
    {"\"a\\\"@d", MX_EINVAL},
    {"\"a\tb\"@d", MX_EINVAL},
    {"\"a\x7f\"@d", MX_EINVAL},
    {"a@*.d", MX_EINVAL},
};
/* clang-format on */

static void domain_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof domain_rows / sizeof *domain_rows; i++) {
        int rc = mx_table_check_domain(domain_rows[i].name);

        if (rc != domain_rows[i].result) {
            fail_msg("%s: %d", domain_rows[i].name, rc);
        }
    }
}

static void rcpt_entries(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rcpt_names / sizeof *rcpt_names; i++) {
        int rc = mx_table_check_rcpt(rcpt_names[i].name);

        if (rc != rcpt_names[i].result) {
            fail_msg("%s: %d", rcpt_names[i].name, rc);
        }
    }
}

/* What passes the check is found again, word for word. */
static void checked_is_matched(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rcpt_names / sizeof *rcpt_names; i++) {
        const char *const list[] = {rcpt_names[i].name, NULL};
        struct mx_table table;
        struct mx_path path;
        const char *at;

        if (rcpt_names[i].result != 0) {
            continue;
        }
        at = strrchr(list[0], '@');
        path = (struct mx_path){
            .text = span(list[0]),
            .local = {list[0], (size_t)(at - list[0])},
            .domain = span(at + 1),
        };
        mx_table_init(&table, NULL, list);
        assert_int_equal(table.policy.rcpt(&table.policy, &path), MX_YES);
    }
}

/* The lists as a configuration in flash has them. */
static void packed_names(void **state)
{
    static const struct mx_names packed = {.packed =
                                               "example.test\0two.example\0"};
    static const struct mx_names none = {.packed = NULL};
    static const struct mx_names one = {.packed = "*@any.example\0"};
    struct mx_table table;
    size_t at = 0;

    (void)state;
    assert_string_equal(mx_names_next(&packed, &at), "example.test");
    assert_string_equal(mx_names_next(&packed, &at), "two.example");
    assert_null(mx_names_next(&packed, &at));
    assert_null(mx_names_next(&packed, &at));
    at = 0;
    assert_null(mx_names_next(&none, &at));

    mx_table_init_names(&table, packed, one);
    assert_int_equal(ask(&table, "postmaster", "Two.Example"), MX_YES);
    assert_int_equal(ask(&table, "joe", "two.example"), MX_NO_USER);
    assert_int_equal(ask(&table, "joe", "any.example"), MX_YES);
    assert_int_equal(ask(&table, "joe", "three.example"), MX_NO_RELAY);
}

/* Each once, in whichever list and in whatever letters it stands. */
static void domains_once(void **state)
{
    static const char *const listed[] = {"a.test", "b.test", "A.Test", NULL};
    static const char *const boxes[] = {"x@B.test",     "nobody",   "*@c.test",
                                        "\"@\"@d.test", "y@C.TEST", NULL};
    static const char *const found[] = {"a.test", "b.test", "c.test", "d.test"};
    struct mx_span domain;
    struct mx_table table;
    size_t at = 0;

    (void)state;
    mx_table_init(&table, listed, boxes);
    for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
        domain = mx_table_domain(&table, &at);
        assert_int_equal(domain.len, strlen(found[i]));
        assert_memory_equal(domain.ptr, found[i], domain.len);
    }
    assert_null(mx_table_domain(&table, &at).ptr);
    mx_table_init(&table, NULL, NULL);
    at = 0;
    assert_null(mx_table_domain(&table, &at).ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recipients),   cmocka_unit_test(empty_table),
        cmocka_unit_test(packed_names), cmocka_unit_test(domains_once),
        cmocka_unit_test(any_sender),   cmocka_unit_test(domain_names),
        cmocka_unit_test(rcpt_entries), cmocka_unit_test(checked_is_matched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
