/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lines and fields. Whether a field is complete shows in the first byte of the
 * next line: a blank continues it. So it is reported when another name begins,
 * or when the header is over.
 */
#include "store/peek.h"

#include <string.h>

enum peek_state {
    FIRST,  /* nothing yet: no field that a blank could continue */
    LINE,   /* a line end */
    NAME,   /* some of a name */
    BLANKS, /* a name and blanks, which RFC 5322 4.5 lets stand there */
    BODY,   /* a field's colon, or more */
    CR,     /* CR in a body */
    LAST,   /* some of a line that is no field */
    OVER,
    STATES
};

enum byte { B_LF, B_CR, B_BLANK, B_COLON, B_NAME, B_OTHER, BYTES };

/* A cell: what to do with the byte, and the state behind it. */
enum deed {
    NOTHING = 0x00,
    BEGIN = 0x10,  /* a name */
    ADD = 0x20,    /* to it */
    COLON = 0x30,  /* it is whole: is it wanted? */
    TAKE = 0x40,   /* into the value */
    TAKE_2 = 0x50, /* and the CR before it, which ended no line */
};

/* clang-format off */
static const uint8_t table[STATES][BYTES] = {
/* just read   LF    CR          blank        colon        of names     other */
[FIRST]  = {OVER, LAST,       LAST,        LAST,        BEGIN|NAME,  LAST},
[LINE]   = {OVER, LAST,       TAKE|BODY,   LAST,        BEGIN|NAME,  LAST},
[NAME]   = {OVER, LAST,       BLANKS,      COLON|BODY,  ADD|NAME,    LAST},
[BLANKS] = {OVER, LAST,       BLANKS,      COLON|BODY,  LAST,        LAST},
[BODY]   = {LINE, CR,         TAKE|BODY,   TAKE|BODY,   TAKE|BODY,   TAKE|BODY},
[CR]     = {LINE, TAKE|CR,    TAKE_2|BODY, TAKE_2|BODY, TAKE_2|BODY, TAKE_2|BODY},
[LAST]   = {OVER, LAST,       LAST,        LAST,        LAST,        LAST},
[OVER]   = {OVER, OVER,       OVER,        OVER,        OVER,        OVER},
};

static const struct peek_row names[] = {
    {"from",       MX_PEEK_FROM},
    {"to",         MX_PEEK_TO},
    {"subject",    MX_PEEK_SUBJECT},
    {"date",       MX_PEEK_DATE},
    {"message-id", MX_PEEK_MESSAGE_ID},
};
/* clang-format on */

static enum byte kind(char c)
{
    switch (c) {
    case '\n':
        return B_LF;
    case '\r':
        return B_CR;
    case ' ':
    case '\t':
        return B_BLANK;
    case ':':
        return B_COLON;
    default:
        return c > ' ' && c < 0x7f ? B_NAME : B_OTHER; /* RFC 5322 2.2 */
    }
}

/* A name is over: the field behind it, if it is wanted and the first one. */
static void open_field(struct mx_peek *p)
{
    const struct peek_row *row =
        peek_word_find(p, names, sizeof names / sizeof *names);

    if (row != NULL && row->text[p->fill] == '\0' &&
        (p->seen & 1u << row->is) == 0) {
        p->seen = (uint8_t)(p->seen | 1u << row->is);
        p->wanted = row->is;
        peek_value_begin(p);
    }
}

static void close_field(struct mx_peek *p)
{
    if (p->wanted != MX_PEEK_FIELDS) {
        peek_value_end(p);
        p->field(p->ctx, (enum mx_peek_field)p->wanted, p->value, p->cut);
        p->wanted = MX_PEEK_FIELDS;
    }
}

static void take(struct mx_peek *p, char c)
{
    if (p->wanted != MX_PEEK_FIELDS) {
        peek_value_byte(p, c);
    }
}

static void act(struct mx_peek *p, uint8_t deed, char c)
{
    switch (deed) {
    case BEGIN:
        close_field(p);
        peek_word_begin(p, c);
        break;
    case ADD:
        peek_word_add(p, c);
        break;
    case COLON:
        open_field(p);
        break;
    case TAKE_2:
        take(p, '\r');
        take(p, c);
        break;
    case TAKE:
        take(p, c);
        break;
    default:
        break;
    }
}

static void step(struct mx_peek *p, char c)
{
    uint8_t cell = table[p->state][kind(c)];

    act(p, cell & 0xf0, c);
    p->state = cell & 0x0f;
    if (p->state == OVER) {
        close_field(p);
    }
}

/* Most of a header is fields that nobody asked for: quickly past a line. */
static size_t unwanted(const struct mx_peek *p, const char *in, size_t len)
{
    const char *end;

    if (p->state != BODY || p->wanted != MX_PEEK_FIELDS) {
        return 0;
    }
    end = memchr(in, '\n', len);
    return end != NULL ? (size_t)(end - in) : len;
}

void mx_peek_init(struct mx_peek *p,
                  void (*field)(void *ctx, enum mx_peek_field f,
                                const char *value, bool cut),
                  void *ctx)
{
    *p = (struct mx_peek){
        .field = field,
        .ctx = ctx,
        .state = FIRST,
        .wanted = MX_PEEK_FIELDS,
    };
}

void mx_peek_push(struct mx_peek *p, const void *data, size_t len)
{
    const char *in = data;
    size_t i = 0;

    while (i < len && p->state != OVER) {
        i += unwanted(p, in + i, len - i);
        if (i < len) {
            step(p, in[i++]);
        }
    }
}

void mx_peek_end(struct mx_peek *p)
{
    close_field(p);
    p->state = OVER;
}

bool mx_peek_done(const struct mx_peek *p)
{
    return p->state == OVER;
}
