/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * transcript_test FILE: replays a session and compares what the server said
 * and what the host was asked with what the file says. Once whole, once line by
 * line, once in two pieces for every place where it can be cut, once byte by
 * byte. See README.md for the notation.
 */
#include "replayed.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SESSION_MAX 262144
#define MARKS_MAX 1024

/* Something that happens when all bytes in front of it were offered. */
enum mark_kind {
    MARK_LINE,
    MARK_TLS,
    MARK_DENIED,
    MARK_TIMEOUT,
    MARK_SHUTDOWN
};
struct mark {
    enum mark_kind kind;
    size_t at;  /* offset in the client's bytes */
    size_t due; /* what of `want` must have happened by now */
};

static char client[SESSION_MAX];
static size_t client_len;
static char want[JOURNAL_MAX];
static size_t want_len;
static struct mark marks[MARKS_MAX];
static size_t mark_count;
static const char *file_name;
static unsigned line_no;

_Noreturn static void bad_file(const char *why)
{
    fprintf(stderr, "%s:%u: %s\n", file_name, line_no, why);
    exit(2);
}

/* --- reading ------------------------------------------------------------ */

/* \(600 text): what is behind it; *text is what has to be repeated. */
static const char *repeat(const char *p, unsigned long *times,
                          struct mx_span *text)
{
    char *from;
    const char *end;

    *times = strtoul(p + 2, &from, 10);
    end = strchr(from, ')');
    if (end == NULL || *from != ' ') {
        bad_file("\\(TIMES TEXT) is not closed");
    }
    *text = (struct mx_span){from + 1, (size_t)(end - from - 1)};
    return end + 1;
}

/* A line with its repetitions written out. */
static char *unfold(const char *p)
{
    static char line[16384];
    size_t len = 0;

    while (*p != '\0') {
        bool escape = p[0] == '\\' && p[1] != '\0';
        struct mx_span text = {p, escape ? 2 : 1};
        unsigned long times = 1;

        p = escape && p[1] == '(' ? repeat(p, &times, &text) : p + text.len;
        for (; times > 0; times--) {
            if (text.len >= sizeof line - len) {
                bad_file("line too long");
            }
            memcpy(line + len, text.ptr, text.len);
            len += text.len;
        }
    }
    line[len] = '\0';
    return line;
}

/* Into `out`, which may be `p`: never longer. */
static size_t unescape(const char *p, char *out)
{
    const char *start = out;

    while (*p != '\0') {
        if (*p != '\\') {
            *out++ = *p++;
        } else if (p[1] == 'x' && isxdigit((unsigned char)p[2]) &&
                   isxdigit((unsigned char)p[3])) {
            char hex[3] = {p[2], p[3], '\0'};

            *out++ = (char)strtoul(hex, NULL, 16);
            p += 4;
        } else if (p[1] == 'r' || p[1] == 'n' || p[1] == '\\') {
            *out++ = (char)(p[1] == 'r' ? '\r' : p[1] == 'n' ? '\n' : '\\');
            p += 2;
        } else {
            bad_file("unknown escape");
        }
    }
    *out = '\0';
    return (size_t)(out - start);
}

static void client_text(const char *p)
{
    if (strlen(p) > sizeof client - 2 - client_len) {
        bad_file("session too long");
    }
    client_len += unescape(p, client + client_len);
}

static void want_line(const char *line)
{
    int n = snprintf(want + want_len, sizeof want - want_len, "%s\n", line);

    want_len += (size_t)n;
    if (want_len >= sizeof want) {
        bad_file("too much expected");
    }
}

static void mark(enum mark_kind kind)
{
    if (mark_count == MARKS_MAX) {
        bad_file("too many lines");
    }
    marks[mark_count++] = (struct mark){kind, client_len, want_len};
}

/* "= key value": the configuration, or the answers to a question. */
static void setting(char *line)
{
    char *value = strchr(line, ' ');
    struct mx_span span;

    if (value == NULL) {
        bad_file("= KEY VALUE");
    }
    *value++ = '\0';
    span = (struct mx_span){value, unescape(value, value)};
    if (!replayed_set(line, span)) {
        bad_file("no such setting");
    }
}

static bool starts(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

static void read_line(char *line)
{
    if (line[0] == '\0' || line[0] == '#') {
        return;
    }
    if (starts(line, "= ")) {
        setting(line + 2);
    } else if (strchr("Cc", line[0]) != NULL && line[1] == ':') {
        mark(MARK_LINE);
        client_text(line[2] == ' ' ? line + 3 : line + 2);
        if (line[0] == 'C') {
            client_text("\\r\\n");
        }
    } else if (strchr(replayed_kinds, line[0]) != NULL && line[1] == ':') {
        want_line(line);
    } else if (strcmp(line, "-- TLS --") == 0) {
        mark(MARK_TLS);
    } else if (strcmp(line, "-- TLS DENIED --") == 0) {
        mark(MARK_DENIED);
    } else if (strcmp(line, "-- TIMEOUT --") == 0) {
        mark(MARK_TIMEOUT);
    } else if (strcmp(line, "-- SHUTDOWN --") == 0) {
        mark(MARK_SHUTDOWN);
    } else {
        bad_file("what is this?");
    }
}

static void read_file(const char *name)
{
    static char line[4096];
    FILE *f = fopen(name, "r");

    file_name = name;
    if (f == NULL) {
        bad_file("cannot open");
    }
    while (fgets(line, sizeof line, f) != NULL) {
        line_no++;
        line[strcspn(line, "\n")] = '\0';
        read_line(unfold(line));
    }
    fclose(f);
    if (client_len == 0 || want_len == 0) {
        bad_file("an empty transcript proves nothing");
    }
}

/* --- replaying ---------------------------------------------------------- */

/* Bytes that the engine has not taken yet. */
static char pending[SESSION_MAX];
static size_t pending_len;

/* From memory of its own and of its exact size, so that a sanitizer sees every
 * look beyond it. */
static void offer(const char *data, size_t len)
{
    char *copy;
    size_t used;

    memcpy(pending + pending_len, data, len);
    pending_len += len;
    copy = malloc(pending_len > 0 ? pending_len : 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, pending, pending_len);
    used = replayed_push(copy, pending_len);
    free(copy);
    pending_len -= used;
    memmove(pending, pending + used, pending_len);
}

/* The phase is over; bytes that were never taken are worth a line. */
static void drop_pending(void)
{
    char text[32];
    int n = snprintf(text, sizeof text, "UNREAD %zu", pending_len);

    journal_flush(replayed_journal());
    if (pending_len > 0) {
        journal_note(replayed_journal(), "M", text, (size_t)n);
    }
    pending_len = 0;
}

static void pass(const struct mark *m)
{
    switch (m->kind) {
    case MARK_LINE:
        break;
    case MARK_TLS:
    case MARK_DENIED:
        drop_pending();
        replayed_handshake(m->kind == MARK_DENIED);
        break;
    case MARK_TIMEOUT:
        replayed_end(MX_WHY_TIMEOUT);
        offer("", 0);
        break;
    case MARK_SHUTDOWN:
        replayed_end(MX_WHY_SHUTDOWN);
        offer("", 0);
        break;
    }
}

static void print(char sign, const char *text)
{
    fprintf(stderr, "%c%.*s\n", sign, (int)strcspn(text, "\n"), text);
}

_Noreturn static void differ(const char *how, size_t cut)
{
    struct journal *journal = replayed_journal();
    size_t same = 0;
    size_t start;

    journal->text[journal->len] = '\0';
    while (same < want_len && want[same] == journal->text[same]) {
        same++;
    }
    for (start = same; start > 0 && want[start - 1] != '\n'; start--) {
    }
    fprintf(stderr, "%s, replayed %s", file_name, how);
    if (cut > 0) {
        fprintf(stderr, ", cut at byte %zu of %zu", cut, client_len);
    }
    fprintf(stderr, "\n%.*s", (int)start, want);
    print('-', want + start);
    print('+', journal->text + start);
    exit(1);
}

/* Is there a mark at `at` that ends a piece in every replay? */
static bool is_barrier(size_t at)
{
    for (size_t i = 0; i < mark_count; i++) {
        if (marks[i].at == at && marks[i].kind != MARK_LINE) {
            return true;
        }
    }
    return false;
}

/* `is_cut` says whether a piece ends in front of client[at]. */
static void replay(const char *how, size_t cut, size_t ack_max,
                   bool (*is_cut)(size_t at, size_t cut))
{
    const struct journal *journal = replayed_journal();
    size_t at = 0;
    size_t next = 0;

    pending_len = 0;
    replayed_begin(ack_max);
    for (;;) {
        size_t from = at;

        for (; next < mark_count && marks[next].at <= from; next++) {
            pass(&marks[next]);
            if (marks[next].at == from && journal->len < marks[next].due) {
                differ(how, from);
            }
        }
        if (from == client_len) {
            break;
        }
        do {
            at++;
        } while (at < client_len && !is_cut(at, cut) && !is_barrier(at));
        offer(client + from, at - from);
    }
    drop_pending();
    if (journal->len != want_len ||
        memcmp(journal->text, want, want_len) != 0) {
        differ(how, cut);
    }
}

static bool cut_nowhere(size_t at, size_t cut)
{
    (void)at;
    (void)cut;
    return false;
}

static bool cut_at(size_t at, size_t cut)
{
    return at == cut;
}

static bool cut_everywhere(size_t at, size_t cut)
{
    (void)at;
    (void)cut;
    return true;
}

static bool cut_at_lines(size_t at, size_t cut)
{
    (void)cut;
    for (size_t i = 0; i < mark_count; i++) {
        if (marks[i].at == at) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: transcript_test FILE\n");
        return 2;
    }
    replayed_init();
    read_file(argv[1]);
    replay("whole", 0, 0, cut_nowhere);
    replay("line by line", 0, 0, cut_at_lines);
    replay("byte by byte", 0, 1, cut_everywhere);
    for (size_t cut = 1; cut < client_len; cut++) {
        replay("in two pieces", cut, 7, cut_at);
    }
    printf("%s: %zu bytes, %zu replays\n", file_name, client_len,
           client_len + 2);
    return 0;
}
