/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines to the console: answers are printable and end their lines, a command
 * runs with arguments that were typed, and the same bytes cut otherwise bring
 * the same answers.
 */
#include "fuzz.h"

#include "tinymx/console.h"

#include "lwip/init.h" /* `status` looks at its pools */

#include <string.h>

#define OUT_MAX (1 << 20)

static struct answers {
    size_t len;
    char text[OUT_MAX];
} first, again;
static struct answers *answers;

static void hear(const char *text, size_t len)
{
    FUZZ_CHECK(len > 0 && len <= sizeof answers->text - answers->len);
    for (size_t i = 0; i < len; i++) {
        FUZZ_CHECK(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
    }
    memcpy(answers->text + answers->len, text, len);
    answers->len += len;
}

static void echo(struct mx_console *c, const char *args)
{
    size_t len = strlen(args);

    FUZZ_CHECK(len < MX_CONSOLE_LINE_MAX);
    FUZZ_CHECK(len == 0 || (args[0] != ' ' && args[len - 1] != ' '));
    mx_console_print(c, args);
    mx_console_print(c, "\n");
    fuzz_reached(len > 0 ? "arguments" : "no arguments");
}

static const struct mx_console_command more[] = {
    {"echo", "what stands behind it", echo},
    {"status", "adds to the built-in one", echo},
    {NULL, NULL, NULL},
};

static void replay(struct answers *into, struct fuzz_in in, size_t cut)
{
    static struct mx_server server;
    struct mx_console console = {
        .server = &server, .more = more, .write = hear};

    answers = into;
    answers->len = 0;
    mx_console_init(&console);
    while (in.left > 0) {
        struct mx_span piece = fuzz_bytes(&in, cut);

        mx_console_push(&console, fuzz_lend(piece.ptr, piece.len), piece.len);
    }
    FUZZ_CHECK(answers->len == 0 || answers->text[answers->len - 1] == '\n');
}

void fuzz_one(const uint8_t *data, size_t len)
{
    static bool ready;
    struct fuzz_in in = fuzz_in(data, len < 1000 ? len : 1000);
    size_t cut = 1 + fuzz_upto(&in, 31);

    if (!ready) {
        lwip_init();
        ready = true;
    }
    replay(&first, in, SIZE_MAX);
    replay(&again, in, cut);
    FUZZ_CHECK(first.len == again.len &&
               memcmp(first.text, again.text, first.len) == 0);
    if (first.len > 0 && memchr(first.text, ':', first.len) != NULL) {
        fuzz_reached("answer");
    }
}
