/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * May this sender, this recipient? The server asks, a policy answers.
 *
 * An own policy is a struct mx_policy with two functions and whatever it wants
 * to remember in a struct around it. The one that comes with tinymx, mx_table,
 * answers from two constant lists and relays for nobody.
 */
#ifndef TINYMX_POLICY_H
#define TINYMX_POLICY_H

#include "tinymx/mail.h"

struct mx_policy {
    /* MAIL: may `env->reverse_path` send here? Any answer but MX_BREACH. */
    enum mx_answer (*mail)(const struct mx_policy *policy,
                           const struct mx_envelope *env);
    /* RCPT: is there a mailbox `path` here? Any answer but MX_BREACH. */
    enum mx_answer (*rcpt)(const struct mx_policy *policy,
                           const struct mx_path *path);
};

/* A list of names: an array with a NULL behind its last, or a text in which each
 * is followed by a NUL and the last by two, as tinymx/settings.h has it. One of
 * the two, or neither for none. Not copied. */
struct mx_names {
    const char *const *array;
    const char *packed;
};

/* The first name, *at being 0, and then the others. NULL: there is no more. */
const char *mx_names_next(const struct mx_names *names, size_t *at);

/*
 * A table of names. Domains compare without regard to case (RFC 5321 2.4), and
 * so do local parts here, as nearly everywhere; a quoted local part is compared
 * as what it stands for (`"joe"@d` is `joe@d`).
 *
 *   postmaster, postmaster@<a listed domain>   always yes (RFC 5321 4.5.1)
 *   a recipient in `rcpts`                     yes; "*@domain" takes any
 *   another one in a listed domain             MX_NO_USER
 *   any other domain                           MX_NO_RELAY
 *
 * The domain of an entry in `rcpts` counts as listed.
 */
struct mx_table {
    struct mx_policy policy; /* set by mx_table_init() */
    struct mx_names domains;
    struct mx_names rcpts;
};

/* Neither list is copied: both live as long as the table. */
void mx_table_init(struct mx_table *table, const char *const *domains,
                   const char *const *rcpts);
void mx_table_init_names(struct mx_table *table, struct mx_names domains,
                         struct mx_names rcpts);

/* The domains that get mail here, each once: those of `domains`, and those of
 * `rcpts` that are not among them. As mx_names_next(), with a span, since in an
 * address the domain has no NUL of its own; .ptr NULL: no more. */
struct mx_span mx_table_domain(const struct mx_table *table, size_t *at);

/* Checks a configured name before it goes into a table.
 * mx_table_init() itself takes the lists as they are.
 * 0, or MX_EINVAL: not a domain; not local@domain nor *@domain. */
int mx_table_check_domain(const char *domain);
int mx_table_check_rcpt(const char *rcpt);

#endif
