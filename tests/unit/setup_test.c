/* SPDX-License-Identifier: BSD-3-Clause */
/* Which of two configurations in flash counts, and what the log says of both.
 * Behind each place its end is a symbol of the linker's, as on a board. */
#include "settings_image.h"
#include "test_port.h"

#include "board.h"
#include "setup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROOM 4096 /* CMakeLists.txt says it to the linker */

uint8_t config_a_start[ROOM];
uint8_t config_b_start[ROOM];

static const uint8_t *unreadable;
static char said[2][512];
static unsigned lines;

bool board_readable(const void *flash, size_t len)
{
    assert_int_equal(len, ROOM);
    return flash != unreadable;
}

/* Addresses are the PC's: of each eight signs that nobody looks at. */
static void listen(const char *line)
{
    char *at;

    assert_true(lines < 2);
    strcpy(said[lines], line);
    at = strstr(said[lines], "0x");
    assert_non_null(at);
    memset(at + 2, '#', 8);
    lines++;
}

enum state { BLANK, ZEROS, VALID, CUT, JUNK, UNREADABLE };

struct half {
    enum state state;
    uint32_t counter;
    const char *says;
};

static void fill(uint8_t *at, const struct half *half)
{
    struct settings_image im;

    memset(at, half->state == ZEROS ? 0 : 0xff, ROOM);
    if (half->state == JUNK) {
        memset(at, 0x5a, ROOM);
    } else if (half->state >= VALID) {
        settings_image_begin(&im, half->counter);
        settings_image_add(&im, MX_SETTING_MX, "mx.test", sizeof "mx.test");
        settings_image_seal(&im);
        memcpy(at, im.bytes, half->state == CUT ? im.len - 4 : im.len);
    }
    if (half->state == UNREADABLE) {
        unreadable = at;
    }
}

/* Counter of the one that counts, 0: none. */
static const struct {
    struct half a, b;
    uint32_t counter;
} cases[] = {
    {{VALID, 1, "state=used counter=1"}, {BLANK, 0, "state=blank"}, 1},
    {{ZEROS, 0, "state=blank"}, {VALID, 1, "state=used counter=1"}, 1},
    {{VALID, 1, "state=older counter=1"},
     {VALID, 2, "state=used counter=2"},
     2},
    {{VALID, 3, "state=used counter=3"},
     {VALID, 2, "state=older counter=2"},
     3},
    {{VALID, 5, "state=used counter=5"},
     {VALID, 5, "state=older counter=5"},
     5},
    {{VALID, UINT32_MAX, "state=used counter=4294967295"},
     {VALID, 0, "state=older counter=0"},
     UINT32_MAX},
    {{VALID, 1, "state=used counter=1"}, {CUT, 2, "why=\"the conf"}, 1},
    {{CUT, 3, "cut off: write it"}, {VALID, 2, "state=used counter=2"}, 2},
    {{UNREADABLE, 3, "cannot be read"}, {VALID, 2, "state=used counter=2"}, 2},
    {{JUNK, 0, "is no configuration"}, {VALID, 2, "state=used counter=2"}, 2},
    {{BLANK, 0, "there is no conf"}, {BLANK, 0, "do=\"tinymx-provision"}, 0},
    {{CUT, 1, "or cut off"}, {UNREADABLE, 0, "cannot be read"}, 0},
};

static void the_newer_one_counts(void **state)
{
    (void)state;
    test_log_see = listen;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct mx_settings *settings;

        unreadable = NULL;
        lines = 0;
        fill(config_a_start, &cases[i].a);
        fill(config_b_start, &cases[i].b);
        settings = setup_open();
        assert_int_equal(settings == NULL, cases[i].counter == 0);
        assert_int_equal(lines, 2);
        assert_non_null(strstr(said[0], "area=A at=0x######## room=4096 "));
        assert_non_null(strstr(said[1], "area=B at=0x######## room=4096 "));
        if (strstr(said[0], cases[i].a.says) == NULL ||
            strstr(said[1], cases[i].b.says) == NULL) {
            fail_msg("case %zu: %s\n%s", i, said[0], said[1]);
        }
        assert_int_equal(strstr(said[0], "do=") != NULL, settings == NULL);
        if (settings != NULL) {
            assert_int_equal(settings->counter, cases[i].counter);
            assert_string_equal(mx_settings_text(settings, MX_SETTING_MX),
                                "mx.test");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newer_one_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
