/* SPDX-License-Identifier: BSD-3-Clause */
/* Makes the image that card_image_test.py reads: card_image FILE. Messages 1,
 * 2 and 3 in the slots 0, 2 and 1; one aborted; the last as large as can be. */
#include "tinymx/card.h"
#include "tinymx/posix.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX 70000

static struct mx_block_file file;
static struct mx_card card;

static struct mx_path path_of(const char *text)
{
    return (struct mx_path){.text = {text, strlen(text)}};
}

static void must(bool ok)
{
    if (!ok) {
        abort();
    }
}

static int open_from(const char *from, int64_t time_s, uint8_t flags,
                     const struct mx_tls_facts *tls)
{
    struct mx_envelope env = {.peer = "IPv6:2001:db8::1",
                              .time_s = time_s,
                              .flags = flags,
                              .tls = tls,
                              .reverse_path = path_of(from)};
    int msg = card.sink.open(&card.sink, &env);

    must(msg >= 0);
    return msg;
}

static void put(int msg, const char *text)
{
    const int len = (int)strlen(text);

    must(card.sink.write(&card.sink, msg, text, (size_t)len) == len);
}

static void rcpt(int msg, const char *to)
{
    struct mx_path path = path_of(to);

    must(card.sink.rcpt(&card.sink, msg, &path) == 0);
}

static void commit(int msg)
{
    must(card.sink.commit(&card.sink, msg) == 0);
}

static void fill_to(int msg, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char byte = (char)(i * i >> 3);

        must(card.sink.write(&card.sink, msg, &byte, 1) == 1);
    }
}

int main(int argc, char **argv)
{
    static const struct mx_tls_facts tls = {.version = "TLSv1.3"};
    int a, b;

    must(argc == 2);
    must(mx_block_file_open(&file, argv[1], 512 * 1024, NULL) == 0);
    must(mx_card_mount(&card, &file.block, MESSAGE_MAX) == 0);
    a = open_from("joe@example.test", 1795444080, MX_MAIL_8BITMIME, NULL);
    rcpt(a, "alice@example.test");
    rcpt(a, "joe@example.test");
    put(a, "Subject: 1\r\n\r\n.\r\nhello\r\n");
    commit(a);
    a = open_from("late@example.test", 0, 0, &tls);
    b = open_from("", 1795444081, 0, NULL);
    put(a, "late\r\n");
    put(b, "early\r\n");
    commit(b);
    commit(a);
    a = open_from("gone@example.test", 0, 0, NULL);
    put(a, "gone\r\n");
    card.sink.abort(&card.sink, a);
    a = open_from("large@example.test", 1, 0, NULL);
    fill_to(a,
            card.room - (sizeof "Return-Path: <large@example.test>\r\n" - 1));
    commit(a);
    mx_block_file_close(&file);
    return 0;
}
