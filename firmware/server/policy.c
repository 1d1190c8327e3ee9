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

static bool domain_listed(const struct mx_table *table, struct mx_span domain)
{
    for (const char *const *d = table->domains; d && *d; d++) {
        if (same_domain(span(*d), domain)) {
            return true;
        }
    }
    for (const char *const *r = table->rcpts; r && *r; r++) {
        if (same_domain(split(*r).domain, domain)) {
            return true;
        }
    }
    return false;
}

static bool rcpt_listed(const struct mx_table *table,
                        const struct mx_path *path)
{
    for (const char *const *r = table->rcpts; r && *r; r++) {
        struct mx_path entry = split(*r);

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

void mx_table_init(struct mx_table *table, const char *const *domains,
                   const char *const *rcpts)
{
    *table = (struct mx_table){
        .policy = {.mail = table_mail, .rcpt = table_rcpt},
        .domains = domains,
        .rcpts = rcpts,
    };
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
