/* SPDX-License-Identifier: BSD-3-Clause */
/* port/esp-idf/setup.c and menu.c: which configuration counts, and what the log
 * says of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "menu.h"
#include "os.h"
#include "settings_image.h"
#include "setup.h"
#include "test_port.h"
#include "tinymx/server.h"

#define ROOM 4096

/* --- what os.h has ------------------------------------------------------- */

enum content { ABSENT, BLANK, JUNK, CUT, VALID };

struct place {
    enum content content;
    uint32_t counter;
};

static uint8_t flash[2][ROOM];
static const struct place *places; /* two of them */
static struct menu menu;

static void fill(uint8_t at[ROOM], const struct place *place)
{
    struct settings_image im;

    memset(at, 0xff, ROOM);
    if (place->content == JUNK) {
        memset(at, 'j', ROOM / 2);
    } else if (place->content >= CUT) {
        settings_image_begin(&im, place->counter);
        settings_image_add(&im, MX_SETTING_MX, "mx.test", sizeof "mx.test");
        settings_image_seal(&im);
        memcpy(at, im.bytes, place->content == CUT ? im.len - 4 : im.len);
    }
}

const void *os_partition_map(const char *label, size_t *len)
{
    int i = strcmp(label, "mx_config_b") == 0;

    if ((i == 0 && strcmp(label, "mx_config_a") != 0) ||
        places[i].content == ABSENT) {
        return NULL;
    }
    fill(flash[i], &places[i]);
    *len = ROOM;
    return flash[i];
}

void os_menu(struct menu *out)
{
    *out = menu;
}

/* --- what the log says --------------------------------------------------- */

static char said[4096];

static void listen(const char *line)
{
    strcat(said, line);
    strcat(said, "\n");
}

static void look(struct setup *setup)
{
    said[0] = '\0';
    test_log_see = listen;
    setup_open(setup);
}

static void expect_said(const char *text)
{
    if (strstr(said, text) == NULL) {
        fail_msg("not said: %s\n%s", text, said);
    }
}

/* --- partitions ---------------------------------------------------------- */

static const struct {
    struct place place[2];
    const char *name; /* of the configuration that counts */
    uint32_t counter;
    const char *says[3];
} cases[] = {
    {{{VALID, 1}, {BLANK, 0}},
     "mx.test",
     1,
     {"area=mx_config_a room=4096 state=used counter=1\n",
      "area=mx_config_b room=4096 state=blank\n"}},
    {{{VALID, 1}, {VALID, 2}},
     "mx.test",
     2,
     {"area=mx_config_a room=4096 state=older counter=1\n",
      "area=mx_config_b room=4096 state=used counter=2\n"}},
    {{{CUT, 3}, {VALID, 2}},
     "mx.test",
     2,
     {"area=mx_config_a room=4096 why=\"the configuration is damaged",
      "area=mx_config_b room=4096 state=used counter=2\n"}},
    {{{ABSENT, 0}, {VALID, 7}},
     "mx.test",
     7,
     {"area=mx_config_b room=4096 state=used counter=7\n"}},
    {{{BLANK, 0}, {BLANK, 0}},
     "menu.test",
     0,
     {"area=mx_config_a room=4096 state=blank\n",
      "area=menuconfig state=used\n"}},
    {{{JUNK, 0}, {ABSENT, 0}},
     "menu.test",
     0,
     {"area=mx_config_a room=4096 why=\"what is there is no configuration",
      "area=menuconfig state=used\n"}},
    {{{ABSENT, 0}, {ABSENT, 0}},
     "menu.test",
     0,
     {"event=settings area=menuconfig state=used\n"}},
};

static void test_which_one_counts(void **state)
{
    (void)state;
    menu = (struct menu){"menu.test", "", "", "", 0, 0, 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct setup setup;

        places = cases[i].place;
        look(&setup);
        assert_non_null(setup.settings);
        assert_string_equal(mx_settings_text(setup.settings, MX_SETTING_MX),
                            cases[i].name);
        assert_int_equal(setup.settings->counter, cases[i].counter);
        assert_int_equal(setup.menu, cases[i].name[2] == 'n');
        for (int k = 0; k < 3 && cases[i].says[k] != NULL; k++) {
            expect_said(cases[i].says[k]);
        }
    }
}

static const struct place nothing[2] = {{ABSENT, 0}, {ABSENT, 0}};

static void test_neither_counts(void **state)
{
    static const char *const names[] = {"",         " ",           "mx test",
                                        "mx.test ", "[192.0.2.1]", "mx_1.test"};

    (void)state;
    places = nothing;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct setup setup;

        menu = (struct menu){names[i], "example.test", "", "", 0, 0, 0};
        look(&setup);
        assert_null(setup.settings);
        assert_false(setup.menu);
        expect_said("area=menuconfig why=\"there is no MX name, or it is no "
                    "host name\" do=\"idf.py");
    }
}

/* --- menuconfig ----------------------------------------------------------- */

static void test_menu_is_a_configuration(void **state)
{
    static const char two[] = "example.test\0example.org\0";
    struct mx_server_config config = {.max_message = 1};
    struct setup setup;
    struct mx_names names;

    (void)state;
    places = nothing;
    menu = (struct menu){.mx_name = "mx.example.test",
                         .domains = "  example.test example.org ",
                         .recipients = "joe@example.test",
                         .ntp_server = "time.test",
                         .message_max = 4711};
    look(&setup);
    assert_non_null(setup.settings);
    assert_string_equal(mx_settings_text(setup.settings, MX_SETTING_MX),
                        "mx.example.test");
    assert_string_equal(mx_settings_text(setup.settings, MX_SETTING_NTP),
                        "time.test");
    names = mx_settings_names(setup.settings, MX_SETTING_DOMAIN);
    assert_memory_equal(names.packed, two, sizeof two);
    names = mx_settings_names(setup.settings, MX_SETTING_RCPT);
    assert_memory_equal(names.packed, "joe@example.test\0", 18);
    mx_settings_server(setup.settings, &config);
    assert_string_equal(config.mx_name, "mx.example.test");
    assert_int_equal(config.max_message, 4711);
}

static void test_what_menu_leaves_out_is_not_set(void **state)
{
    struct mx_server_config config = {.max_message = 1};
    struct setup setup;

    (void)state;
    places = nothing;
    menu = (struct menu){"mx.test", " ", "", "", 0, 0, 0};
    look(&setup);
    assert_non_null(setup.settings);
    assert_null(mx_settings_text(setup.settings, MX_SETTING_DOMAIN));
    assert_null(mx_settings_text(setup.settings, MX_SETTING_RCPT));
    assert_null(mx_settings_text(setup.settings, MX_SETTING_NTP));
    mx_settings_server(setup.settings, &config);
    assert_int_equal(config.max_message, 1);
}

/* Of every length: whole, or said to be too long, and never past its room. */
static void test_menu_too_long(void **state)
{
    static char list[2 * MENU_IMAGE_MAX];
    static uint8_t image[MENU_IMAGE_MAX + 16];
    struct mx_settings settings;
    const char *why;
    size_t whole = 0;

    (void)state;
    menu = (struct menu){"mx.test", list, "joe@a.test", "t.test", 1, 0, 0};
    for (size_t n = 1; n < sizeof list - 1; n++) {
        size_t len;

        list[n - 1] = n % 9 == 0 ? ' ' : 'd';
        memset(image, 0xee, sizeof image);
        len = menu_image(&menu, image);
        assert_true(len <= MENU_IMAGE_MAX);
        for (size_t i = MENU_IMAGE_MAX; i < sizeof image; i++) {
            assert_int_equal(image[i], 0xee);
        }
        if (len > 0) {
            assert_int_equal(mx_settings_open(&settings, image, len, &why), 0);
            whole = n;
        }
    }
    assert_in_range(whole, 900, MENU_IMAGE_MAX);
}

static void test_menu_too_long_is_said(void **state)
{
    static char list[2 * MENU_IMAGE_MAX];
    struct setup setup;

    (void)state;
    memset(list, 'd', sizeof list - 1);
    places = nothing;
    menu = (struct menu){"mx.test", list, "", "", 0, 0, 0};
    look(&setup);
    assert_null(setup.settings);
    expect_said("why=\"menuconfig's lists are too long\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_one_counts),
        cmocka_unit_test(test_neither_counts),
        cmocka_unit_test(test_menu_is_a_configuration),
        cmocka_unit_test(test_what_menu_leaves_out_is_not_set),
        cmocka_unit_test(test_menu_too_long),
        cmocka_unit_test(test_menu_too_long_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
