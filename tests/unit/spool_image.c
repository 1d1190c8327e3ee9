/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints the image of a spool with one of everything, in the short form of
 * spool_v1_*.txt: spool_image card|flash. Those two were made by it, once, and
 * stay as they are: spool_v1_test.c and spool_v1_test.py read them.
 *
 *     1  moved, seen         2  late, large, in TLS    3  deleted
 *     4  aborted             5 to 5 + n  deleted, to bring the log around
 *     the last               from a sender longer than a head has room for
 */
#include "block_ram.h"

#include "tinymx/err.h"
#include "tinymx/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct block_ram ram;
static struct mx_spool spool;

static void must(bool ok)
{
    if (!ok) {
        abort();
    }
}

static struct mx_path path_of(const char *text)
{
    return (struct mx_path){.text = {text, strlen(text)}};
}

static int open_from(const char *from, int64_t time_s, uint8_t flags,
                     const struct mx_tls_facts *tls)
{
    struct mx_envelope env = {.peer = "IPv6:2001:db8::1",
                              .time_s = time_s,
                              .flags = flags,
                              .tls = tls,
                              .reverse_path = path_of(from)};
    int msg;

    while ((msg = spool.sink.open(&spool.sink, &env)) == MX_EAGAIN) {
    }
    must(msg >= 0);
    return msg;
}

static void rcpt(int msg, const char *to)
{
    struct mx_path path = path_of(to);

    must(spool.sink.rcpt(&spool.sink, msg, &path) == 0);
}

static void put(int msg, const char *text, size_t len)
{
    while (len > 0) {
        int n = spool.sink.write(&spool.sink, msg, text, len);

        must(n > 0 || n == MX_EAGAIN);
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
    }
}

static void commit(int msg)
{
    must(spool.sink.commit(&spool.sink, msg) == 0);
}

static void delete (uint32_t number)
{
    struct mx_spool_mail mail;

    must(mx_spool_find(&spool, number, &mail) == 1);
    must(mx_spool_delete(&spool, &mail) == 0);
}

static uint32_t age_of(uint32_t number)
{
    struct mx_spool_mail mail;

    must(mx_spool_find(&spool, number, &mail) == 1);
    return mail.age;
}

/* --- what is in it ------------------------------------------------------ */

static void first(void)
{
    struct mx_spool_mail mail;
    const char text[] = "Subject: 1\r\n\r\n.\r\nhello\r\n";
    int msg = open_from("joe@example.test", 1795444080, MX_MAIL_8BITMIME, NULL);

    rcpt(msg, "alice@example.test");
    rcpt(msg, "joe@example.test");
    put(msg, text, sizeof text - 1);
    commit(msg);
    must(mx_spool_find(&spool, 1, &mail) == 1);
    must(mx_spool_see(&spool, &mail) == 0);
}

/* Their pages mixed, and committed the other way round. */
static void second_and_third(void)
{
    static const struct mx_tls_facts tls = {.version = "TLSv1.3",
                                            .cipher = "TLS_AES_256_GCM_SHA384"};
    int a = open_from("", 0, 0, &tls);
    int b = open_from("gone@example.test", 1795444081, 0, NULL);

    for (int i = 0; i < 30; i++) {
        char line[64];
        int len = snprintf(line, sizeof line, "%04d of the second\r\n", i);

        put(a, line, (size_t)len);
        put(b, line, (size_t)len);
    }
    commit(b);
    commit(a);
    delete (3);
    a = open_from("never@example.test", 0, 0, NULL);
    put(a, "never\r\n", 7);
    spool.sink.abort(&spool.sink, a);
}

/* Filled with what is not printed, until the first had to be moved. */
static void once_around(char fill)
{
    static char text[8000];

    memset(text, fill, sizeof text);
    for (uint32_t number = 5; age_of(1) == 0; number++) {
        int msg = open_from("", 0, 0, NULL);

        put(msg, text, sizeof text);
        commit(msg);
        delete (number);
    }
}

static void last(void)
{
    char from[257] = "";
    int msg;

    while (strlen(from) < 240) {
        strcat(from, "0123456789");
    }
    msg = open_from(strcat(from, "@example.test"), 1795444082,
                    MX_MAIL_SMTPUTF8 | MX_MAIL_REQUIRETLS, NULL);
    rcpt(msg, "joe@example.test");
    put(msg, "Subject: last\r\n\r\n", 17);
    commit(msg);
}

/* --- the short form ----------------------------------------------------- */

/* Rows of 16 bytes, each for itself and for those behind it up to the next. */
static void print(void)
{
    size_t size = (size_t)ram.block.block_size * ram.block.block_count;

    for (size_t at = 0; at < size; at += 16) {
        const uint8_t *row = ram.now + at;

        if (at == 0 || memcmp(row, row - 16, 16) != 0) {
            printf("%05zx ", at);
            for (size_t i = 0; i < 16; i++) {
                printf("%02x", row[i]);
            }
            putchar('\n');
        }
    }
    printf("%05zx\n", size);
}

int main(int argc, char **argv)
{
    bool flash = argc == 2 && strcmp(argv[1], "flash") == 0;
    uint8_t fill = flash ? 0xff : 0;

    must(argc == 2 && (flash || strcmp(argv[1], "card") == 0));
    block_ram_init(&ram, &block_ram_geometry[flash], fill);
    must(mx_spool_mount(&spool, &ram.block, &(struct mx_spool_config){0}) == 0);
    first();
    second_and_third();
    once_around((char)fill);
    last();
    print();
    return 0;
}
