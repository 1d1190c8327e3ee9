/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The policy that answers from two lists of names.
 *
 * Names compare without regard to ASCII case and, for a quoted local part, as
 * what it stands for, so that `"joe"@d` and `"j\oe"@d` are joe@d (RFC 5321
 * 4.1.2), in a list as in a path. Bytes of UTF-8 compare as they are.
 */
#include "tinymx/policy.h"

#include "smtp/path.h"
#include "tinymx/err.h"

#include <string.h>

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* --- comparing ---------------------------------------------------------- */

static struct mx_span span(const char *str)
{
    return (struct mx_span){.ptr = str, .len = strlen(str)};
}

static bool same_domain(struct mx_span a, struct mx_span b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.ptr[i]) != lower(b.ptr[i])) {
            return false;
        }
    }
    return true;
}

static bool is_quoted(struct mx_span local)
{
    return local.len >= 2 && local.ptr[0] == '"' &&
           local.ptr[local.len - 1] == '"';
}

/* Takes the next byte that a local part stands for off its front; -1 at the
 * end. The quotes are off already. */
static int next_byte(struct mx_span *local, bool quoted)
{
    if (quoted && local->len > 1 && *local->ptr == '\\') {
        local->ptr++;
        local->len--;
    }
    if (local->len == 0) {
        return -1;
    }
    local->len--;
    return lower((unsigned char)*local->ptr++);
}

static struct mx_span without_quotes(struct mx_span local)
{
    return is_quoted(local)
               ? (struct mx_span){.ptr = local.ptr + 1, .len = local.len - 2}
               : local;
}

static bool same_local(struct mx_span a, struct mx_span b)
{
    bool a_quoted = is_quoted(a);
    bool b_quoted = is_quoted(b);
    int c;

    a = without_quotes(a);
    b = without_quotes(b);
    do {
        c = next_byte(&a, a_quoted);
        if (c != next_byte(&b, b_quoted)) {
            return false;
        }
    } while (c >= 0);
    return true;
}

/* --- lists of names ------------------------------------------------------ */

const char *mx_names_next(const struct mx_names *names, size_t *at)
{
    const char *name = NULL;

    if (names->array != NULL) {
        name = names->array[*at];
        *at += name != NULL;
    } else if (names->packed != NULL && names->packed[*at] != '\0') {
        name = names->packed + *at;
        *at += strlen(name) + 1;
    }
    return name;
}

/* --- the table ---------------------------------------------------------- */

/* An entry of `rcpts`. No domain holds an "@", a quoted local part may. */
static struct mx_path split(const char *entry)
{
    const char *at = strrchr(entry, '@');
    struct mx_path path = {.text = span(entry), .local = span(entry)};

    if (at != NULL) {
        path.local.len = (size_t)(at - entry);
        path.domain = span(at + 1);
    }
    return path;
}

/* `*` is any; `"*"` is a mailbox of that name. */
static bool is_any(struct mx_span local)
{
    return local.len == 1 && *local.ptr == '*';
}

/* The domains of both lists as they come. `*at` is twice the place in a list,
 * and one more in the second. */
static struct mx_span any_domain(const struct mx_table *table, size_t *at)
{
    struct mx_span none = {NULL, 0};
    size_t place = *at / 2;
    const char *name;

    if (*at % 2 == 0) {
        name = mx_names_next(&table->domains, &place);
        *at = name != NULL ? 2 * place : 1;
        if (name != NULL) {
            return span(name);
        }
        place = 0;
    }
    while ((name = mx_names_next(&table->rcpts, &place)) != NULL) {
        struct mx_span domain = split(name).domain;

        *at = 2 * place + 1;
        if (domain.ptr != NULL) {
            return domain;
        }
    }
    return none;
}

/* The first entry of this domain; .ptr NULL: it is not listed. */
static struct mx_span first_of(const struct mx_table *table,
                               struct mx_span domain)
{
    struct mx_span found;
    size_t at = 0;

    do {
        found = any_domain(table, &at);
    } while (found.ptr != NULL && !same_domain(found, domain));
    return found;
}

static bool domain_listed(const struct mx_table *table, struct mx_span domain)
{
    return first_of(table, domain).ptr != NULL;
}

struct mx_span mx_table_domain(const struct mx_table *table, size_t *at)
{
    struct mx_span domain;

    do {
        domain = any_domain(table, at);
    } while (domain.ptr != NULL && first_of(table, domain).ptr != domain.ptr);
    return domain;
}

static bool rcpt_listed(const struct mx_table *table,
                        const struct mx_path *path)
{
    const char *name;
    size_t at = 0;

    while ((name = mx_names_next(&table->rcpts, &at)) != NULL) {
        struct mx_path entry = split(name);

        if (same_domain(entry.domain, path->domain) &&
            (is_any(entry.local) || same_local(entry.local, path->local))) {
            return true;
        }
    }
    return false;
}

static enum mx_answer table_mail(const struct mx_policy *policy,
                                 const struct mx_envelope *env)
{
    (void)policy;
    (void)env;
    return MX_YES;
}

/* Without a domain there is one mailbox, and it is ours (RFC 5321 4.5.1). */
static enum mx_answer table_rcpt(const struct mx_policy *policy,
                                 const struct mx_path *path)
{
    const struct mx_table *table = (const struct mx_table *)policy;
    bool postmaster = same_local(path->local, span("postmaster"));

    if (path->domain.len == 0) {
        return postmaster ? MX_YES : MX_NO_USER;
    }
    if (!domain_listed(table, path->domain)) {
        return MX_NO_RELAY;
    }
    return postmaster || rcpt_listed(table, path) ? MX_YES : MX_NO_USER;
}

void mx_table_init_names(struct mx_table *table, struct mx_names domains,
                         struct mx_names rcpts)
{
    *table = (struct mx_table){
        .policy = {.mail = table_mail, .rcpt = table_rcpt},
        .domains = domains,
        .rcpts = rcpts,
    };
}

void mx_table_init(struct mx_table *table, const char *const *domains,
                   const char *const *rcpts)
{
    mx_table_init_names(table, (struct mx_names){.array = domains},
                        (struct mx_names){.array = rcpts});
}

/* --- checking configured names ------------------------------------------ */

int mx_table_check_domain(const char *domain)
{
    return smtp_path_is_domain(span(domain)) ? 0 : MX_EINVAL;
}

/* `*` is an atom, so the entry for any mailbox needs no rule of its own. An
 * address literal is no domain of ours. */
int mx_table_check_rcpt(const char *rcpt)
{
    struct mx_path path;

    return smtp_path_is_mailbox(span(rcpt), &path) &&
                   smtp_path_is_domain(path.domain)
               ? 0
               : MX_EINVAL;
}
