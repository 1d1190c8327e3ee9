/* SPDX-License-Identifier: BSD-3-Clause */
#include "tinymx/plain.h"

#include "util/fmt.h"

#include <stdbool.h>

/* RFC 3629's table of well-formed sequences: first byte, how many follow, and
 * what the second may be. C2 lacks 80 to 9f, which are the C1 controls. */
static const struct lead {
    uint8_t first, last, more, from, to;
} leads[] = {
    {0xc2, 0xc2, 1, 0xa0, 0xbf}, {0xc3, 0xdf, 1, 0x80, 0xbf},
    {0xe0, 0xe0, 2, 0xa0, 0xbf}, {0xe1, 0xec, 2, 0x80, 0xbf},
    {0xed, 0xed, 2, 0x80, 0x9f}, {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf}, {0xf1, 0xf3, 3, 0x80, 0xbf},
    {0xf4, 0xf4, 3, 0x80, 0x8f},
};

static const struct lead *lead_of(char c)
{
    uint8_t byte = (uint8_t)c;

    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last) {
            return &leads[i];
        }
    }
    return NULL;
}

static bool is_harmless(char c)
{
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\t';
}

static void show(struct mx_plain *p, char c)
{
    char text[5];
    struct fmt f;

    fmt_init(&f, text, sizeof text);
    fmt_str(&f, "\\x");
    fmt_hex(&f, (uint8_t)c, 2);
    p->write(p->ctx, text, f.len);
}

/* Whether `c` goes on with what is held. */
static bool follows(const struct mx_plain *p, char c)
{
    const struct lead *lead = lead_of(p->held[0]);
    uint8_t byte = (uint8_t)c;

    if (lead == NULL) {
        return p->held[0] == '\r' && c == '\n';
    }
    return p->fill == 1 ? byte >= lead->from && byte <= lead->to
                        : byte >= 0x80 && byte <= 0xbf;
}

/* One more of a character; all of it when it is whole. */
static void hold(struct mx_plain *p, char c)
{
    const struct lead *lead;

    p->held[p->fill++] = c;
    lead = lead_of(p->held[0]);
    if (lead != NULL && p->fill == lead->more + 1) {
        p->write(p->ctx, p->held, p->fill);
        p->fill = 0;
    } else if (c == '\n') {
        p->write(p->ctx, "\n", 1);
        p->fill = 0;
    }
}

static void take(struct mx_plain *p, char c)
{
    if (p->fill > 0 && !follows(p, c)) {
        mx_plain_end(p);
    }
    if (p->fill > 0 || c == '\r' || lead_of(c) != NULL) {
        hold(p, c);
    } else if (is_harmless(c)) {
        p->write(p->ctx, &c, 1);
    } else {
        show(p, c);
    }
}

void mx_plain_init(struct mx_plain *plain,
                   void (*write)(void *ctx, const char *text, size_t len),
                   void *ctx)
{
    *plain = (struct mx_plain){.write = write, .ctx = ctx};
}

/* Runs of harmless bytes, which is most of mail, go out as they lie there. */
void mx_plain_push(struct mx_plain *plain, const void *data, size_t len)
{
    const char *bytes = data;
    size_t i = 0;

    while (i < len) {
        size_t run = 0;

        while (plain->fill == 0 && i + run < len &&
               is_harmless(bytes[i + run])) {
            run++;
        }
        if (run > 0) {
            plain->write(plain->ctx, bytes + i, run);
            i += run;
        } else {
            take(plain, bytes[i++]);
        }
    }
}

void mx_plain_end(struct mx_plain *plain)
{
    for (uint8_t i = 0; i < plain->fill; i++) {
        show(plain, plain->held[i]);
    }
    plain->fill = 0;
}
