/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands.h"

#include "board.h"
#include "cortexm.h"
#include "typed.h"

#include "tinymx/console.h"
#include "tinymx/err.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct mx_console console;
static struct mx_card *card;

static void write(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n') {
            board_putc('\r');
        }
        board_putc(text[i]);
    }
}

static void run_status(struct mx_console *c, const char *args)
{
    const struct board_eth_stats *e = board_eth_stats();
    const struct mx_console_level stack[] = {
        {(uint32_t)(stack_size() - stack_untouched()), "peak"},
        {(uint32_t)stack_size(), "size"},
    };
    const struct mx_console_level ethernet[] = {
        {e->received, "received"}, {e->sent, "sent"},
        {e->no_pbuf, "no buffer"}, {e->broken, "broken"},
        {e->overruns, "overruns"}, {e->stuck, "stuck"},
    };
    const struct mx_console_level slots[] = {
        {card->used, "used"},
        {card->slots, "size"},
        {card->damaged, "damaged"},
        {board_store_errors(), "errors"},
    };

    (void)args;
    mx_console_levels(c, "stack", stack, COUNT(stack));
    mx_console_levels(c, "ethernet", ethernet, COUNT(ethernet));
    mx_console_levels(c, "card", slots, COUNT(slots));
    mx_console_print(c, "reset: ");
    mx_console_print(c, board_reset_cause());
    if (fault_last() != NULL) {
        mx_console_print(c, ", ");
        mx_console_print(c, fault_last());
    }
    mx_console_print(c, "\n");
}

static void say_mail(struct mx_console *c, const struct mx_card_mail *mail)
{
    mx_console_number(c, mail->number);
    mx_console_print(c, ": ");
    mx_console_number(c, mail->size);
    mx_console_print(c, " bytes, ");
    mx_console_number(c, mail->rcpts);
    mx_console_print(c, " to, from <");
    mx_console_print(c, mail->from);
    mx_console_print(c, mail->tls ? "> in TLS by " : "> in clear by ");
    mx_console_print(c, mail->peer);
    mx_console_print(c, "\n");
}

static void run_mail(struct mx_console *c, const char *args)
{
    struct mx_card_mail mail = {0};
    int rc = 0;

    (void)args;
    while (card->slots > 0 && (rc = mx_card_next(card, &mail)) != 0 &&
           rc != MX_EAGAIN) {
        if (rc > 0) {
            say_mail(c, &mail);
        } else {
            mx_console_print(c, mx_strerror(rc));
            mx_console_print(c, "\n");
        }
    }
    mx_console_print(c,
                     rc == MX_EAGAIN ? "busy: ask later\n" : "end of mail\n");
}

static void run_exit(struct mx_console *c, const char *args)
{
    (void)args;
    semihost_exit(0);
    mx_console_print(c, "no emulator\n");
}

static const struct mx_console_command more[] = {
    {"status", NULL, run_status},
    {"mail", "what is on the card", run_mail},
    {"exit", "end the emulator", run_exit},
    {NULL, NULL, NULL},
};

void commands_start(const struct mx_server *server, struct mx_card *the_card)
{
    card = the_card;
    console.server = server;
    console.more = more;
    console.write = write;
    mx_console_init(&console);
}

/* A terminal on a UART shows what comes back. */
static void echo(const char *typed, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        write(typed[i] == '\r' ? "\n" : typed + i, 1);
    }
}

void commands_poll(void)
{
    char typed[16];
    size_t n = typed_take(typed, sizeof typed);

    if (n > 0) {
        board_listen();
        echo(typed, n);
        mx_console_push(&console, typed, n);
    }
}
