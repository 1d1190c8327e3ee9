/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tinymx-spool over images that are not what they should be: the beginning of
 * an input is what it is for `spool`, and every command is run on what becomes
 * of it.
 *
 *     image, flags: which check sums are made right
 *     how many changes, and these: see damage.h
 *
 * Every command ends, says that something is wrong or that nothing is, and
 * writes nothing to the image. What list and stat print is text; names of files
 * are made of what names are made of.
 */
#include "damage.h"
#include "fuzz.h"
#include "images.h"

#include "tools/tool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct mx_spool spool;
static char folder[] = "/tmp/tinymx-fuzz-XXXXXX";

int tool_next(struct tool *t, struct mx_spool_mail *mail)
{
    medium_call();
    return mx_spool_next(t->spool, mail);
}

void tool_say(const struct tool *t, const char *format, ...)
{
    (void)t;
    (void)format;
    fuzz_reached("complaint");
}

/* --- what comes out ----------------------------------------------------- */

static void check_text(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        FUZZ_CHECK(c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f));
    }
}

/* What it prints goes into memory; `text`: it has to be text. */
static void run(enum tool_status (*command)(struct tool *), struct tool *t,
                bool text)
{
    FILE *real = stdout;
    char *said = NULL;
    size_t len = 0;
    enum tool_status status;

    stdout = open_memstream(&said, &len);
    medium_call();
    status = command(t);
    fclose(stdout);
    stdout = real;
    FUZZ_CHECK(status == TOOL_FINE || status == TOOL_WRONG);
    fuzz_reached(status == TOOL_FINE ? "fine" : "wrong");
    if (text) {
        check_text(said, len);
    }
    free(said);
}

/* Takes away what was exported: files, by their names. */
static void clear_folder(void)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            FUZZ_CHECK(strspn(entry->d_name, "0123456789.eml") ==
                       strlen(entry->d_name));
            FUZZ_CHECK(unlinkat(dirfd(dir), entry->d_name, 0) == 0);
            fuzz_reached("exported");
        } else {
            FUZZ_CHECK(strlen(entry->d_name) <= 2); /* . and .. */
        }
    }
    closedir(dir);
}

static void run_all(struct tool *t)
{
    struct mx_spool_mail mail = {0};

    run(list_run, t, true);
    run(stat_run, t, true);
    run(fsck_run, t, true);
    while (mx_spool_next(t->spool, &mail) > 0) {
        t->number = mail.number;
        run(cat_run, t, false);
    }
    run(export_run, t, true);
    clear_folder();
}

/* --- the input ---------------------------------------------------------- */

void fuzz_one(const uint8_t *data, size_t len)
{
    struct fuzz_in in = fuzz_in(data, len);
    uint8_t flags = fuzz_u8(&in), which = fuzz_u8(&in);
    enum image_age age = (enum image_age)(which / MEDIUM_KINDS % IMAGE_AGES);
    const struct image *image =
        image_of((enum medium_kind)(which % MEDIUM_KINDS), age);
    struct tool t = {
        .path = "image", .spool = &spool, .folder = folder, .eml = true};

    if (folder[sizeof folder - 2] == 'X') {
        FUZZ_CHECK(mkdtemp(folder) != NULL);
    }
    medium_insert(MEDIUM_CARD); /* a file is read as one */
    medium.now = image->state;
    medium.read_only = true;
    medium.fail_in = fuzz_u8(&in) * 8u;
    (void)damage_do(&in);
    damage_seal(flags & (SEAL_LABELS | SEAL_HEADS | SEAL_DATA));
    medium_call();
    if (mx_spool_mount(&spool, &medium.block,
                       &(struct mx_spool_config){.read_only = true}) == 0) {
        fuzz_reached("mounted");
        run_all(&t);
    }
}
