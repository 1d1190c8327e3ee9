/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Paths (smtp/path.h): smtp_path_parse().
 *
 * Proven: whatever the argument, nothing outside it is read. A path that is
 * found is a part of it from "<" to ">", followed by a blank or nothing, and is
 * taken away from there, the rest left. text, local and domain lie in it, in
 * this form: text is local "@" domain, with none of them empty; or all are
 * empty, and the path was "<>". Nowhere in it is a control character, so no CR,
 * LF or NUL; nor, outside of quotes, a blank, a bracket or a quote.
 *
 * Bounds: arguments of up to PATH bytes, of any value. Into 7 fit quoted local
 * parts and domains of two labels. A whole source route takes 8, an address
 * literal 13, the limits of 64, 255 and 256 octets what they say: these rules
 * are entered, and how they end is for tests/unit.
 *
 * Real: all of path.c. Stubs: none; strchr() is CBMC's own.
 */
#include "smtp/path.h"

#include "proof.h"

#ifndef PATH
#define PATH 7
#endif

static char text[PATH];

static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7f;
}

static bool is_in(struct mx_span part, struct mx_span whole)
{
    return part.ptr >= whole.ptr && part.len <= whole.len &&
           part.ptr + part.len <= whole.ptr + whole.len;
}

/* The path as it stood, brackets and all. */
static void check_taken(struct mx_span taken, struct mx_span rest)
{
    PROVE(taken.len >= 2 && taken.ptr[0] == '<' &&
              taken.ptr[taken.len - 1] == '>',
          "in brackets");
    PROVE(rest.len == 0 || *rest.ptr == ' ', "then a blank or nothing");
}

static void check_mailbox(const struct mx_path *path, struct mx_span taken)
{
    size_t k = nondet_size();

    PROVE(is_in(path->text, taken), "inside the brackets");
    PROVE(path->text.ptr + path->text.len == taken.ptr + taken.len - 1,
          "up to the closing one");
    PROVE(path->local.len > 0 && path->domain.len > 0, "none empty");
    PROVE(path->local.ptr == path->text.ptr, "local is its beginning");
    PROVE(path->domain.ptr == path->local.ptr + path->local.len + 1 &&
              path->domain.ptr[-1] == '@',
          "then the at sign");
    PROVE(path->domain.ptr + path->domain.len ==
              path->text.ptr + path->text.len,
          "domain is its end");
    if (k < path->text.len) {
        char c = path->text.ptr[k];
        bool quoted = *path->text.ptr == '"' && k < path->local.len;

        PROVE(!is_control(c), "no control character");
        PROVE(quoted || (c != ' ' && c != '<' && c != '>' && c != '"'),
              "no blank or bracket but in quotes");
    }
    REACHED(path->local.len > 2 && *path->local.ptr == '"');
    REACHED(path->domain.len > 2 && path->domain.ptr[1] == '.');
}

static void check_parse(struct mx_span in)
{
    struct mx_span rest = in;
    struct mx_path path;
    struct mx_span taken;

    if (!smtp_path_parse(&rest, &path)) {
        return;
    }
    PROVE(is_in(rest, in) && rest.ptr + rest.len == in.ptr + in.len,
          "the rest is left");
    taken = (struct mx_span){in.ptr, in.len - rest.len};
    check_taken(taken, rest);
    if (path.text.len == 0) {
        PROVE(taken.len == 2 && path.local.len == 0 && path.domain.len == 0,
              "the null reverse-path");
        REACHED(rest.len > 0);
    } else {
        check_mailbox(&path, taken);
    }
}

int main(void)
{
    size_t len = nondet_size();

    /* The argument ends where the array does: beyond it is out of bounds. With
     * all of PATH it begins there as well. */
    ASSUME(len <= PATH);
    __CPROVER_havoc_object(text);
    check_parse((struct mx_span){text + PATH - len, len});
    return 0;
}
