/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The area of an identity store, for idstore_v1_test.py:
 *
 *     idstore_image write card|flash            one with three changes
 *     idstore_image read card|flash < IMAGE     its parts in hex, its counter
 *
 * idstore_v1_*.bin were made by it, once, and stay as they are.
 */
#include "block_ram.h"

#include "tinymx/idstore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_MAX 1000
#define FIRST 2

static struct block_ram ram;
static struct mx_idstore store;
static uint8_t page[512];

static void must(bool ok)
{
    if (!ok) {
        abort();
    }
}

static uint8_t *area(void)
{
    return ram.now + FIRST * ram.block.block_size;
}

static size_t area_size(void)
{
    return mx_idstore_blocks(&ram.block, CHAIN_MAX) * ram.block.block_size;
}

static int mount(void)
{
    return mx_idstore_mount(&store, &ram.block, FIRST,
                            mx_idstore_blocks(&ram.block, CHAIN_MAX), page);
}

/* --- writing ---------------------------------------------------------------- */

/* "key 1 key 1 key 1", cut off. */
static struct mx_span fill(char *buf, size_t len, const char *word)
{
    for (size_t i = 0; i < len; i++) {
        buf[i] = word[i % strlen(word)];
    }
    return (struct mx_span){buf, len};
}

static void change(const char *key, const char *chain, size_t chain_len,
                   const char *next, size_t next_len)
{
    static char texts[MX_ID_PARTS][CHAIN_MAX];
    const struct mx_span parts[MX_ID_PARTS] = {
        [MX_ID_KEY] = fill(texts[MX_ID_KEY], 121, key),
        [MX_ID_CHAIN] = fill(texts[MX_ID_CHAIN], chain_len, chain),
        [MX_ID_NEXT_KEY] = fill(texts[MX_ID_NEXT_KEY], next_len, next),
    };

    must(mx_idstore_write(&store, parts, page) == 0);
}

static int write_image(void)
{
    must(mount() == 0 && store.empty);
    change("key 1 ", "chain 1 ", 520, "", 0);
    change("key 1 ", "chain 1 ", 520, "key 2 ", 121);
    change("key 2 ", "chain 2 ", 987, "key 3 ", 120);
    return fwrite(area(), area_size(), 1, stdout) == 1 ? 0 : 1;
}

/* --- reading ---------------------------------------------------------------- */

static void print_part(enum mx_id_part part)
{
    static uint8_t text[UINT16_MAX];

    must(mx_idstore_read(&store, part, text, page) == 0);
    for (size_t i = 0; i < mx_idstore_len(&store, part); i++) {
        printf("%02x", text[i]);
    }
    putchar('\n');
}

static int read_image(void)
{
    must(fread(area(), area_size(), 1, stdin) == 1);
    block_ram_settle(&ram);
    must(mount() == 0);
    for (enum mx_id_part part = 0; part < MX_ID_PARTS; part++) {
        print_part(part);
    }
    printf("%u\n", (unsigned)store.counter);
    return 0;
}

int main(int argc, char **argv)
{
    bool flash = argc == 3 && strcmp(argv[2], "flash") == 0;

    must(argc == 3 && (flash || strcmp(argv[2], "card") == 0));
    block_ram_init(&ram, &block_ram_geometry[flash], flash ? 0xff : 0);
    return strcmp(argv[1], "read") == 0 ? read_image() : write_image();
}
