/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The command `identity`. What changes something is one function of the keeper,
 * asked again in turns until it is this one's turn.
 */
#include "tinymx/console_identity.h"

#include "console/doctor.h"
#include "console/publish.h"

#include "tinymx/err.h"
#include "tinymx/port.h"
#include "tinymx/trace.h"

#include <string.h>

const char mx_console_identity_help[] =
    "who it is; identity help: new, csr, install, next, dns ...";

/* --- what is there ------------------------------------------------------- */

static void say(struct mx_console *c, const char *name, const char *text)
{
    mx_console_print(c, name);
    mx_console_print(c, ": ");
    mx_console_print(c, text);
    mx_console_print(c, "\n");
}

static void say_digest(struct mx_console *c, const char *name,
                       const uint8_t digest[32])
{
    mx_console_print(c, name);
    mx_console_print(c, ": 3 1 1 ");
    publish_digest(c, digest);
    mx_console_print(c, "\n");
}

static void say_facts(struct mx_console *c,
                      const struct mx_identity_facts *facts)
{
    char date[MX_DATE_MAX];

    say(c, "certificate", facts->name[0] != '\0' ? facts->name : "no DNS name");
    say(c, "issuer", facts->self_signed ? "itself" : facts->issuer);
    say(c, "key", facts->key_type);
    mx_date_format(date, facts->not_after_s);
    say(c, "until", date);
}

/* As the log has it, from thirty days before the end on. */
static void say_days_left(struct mx_console *c, const struct mx_keeper *k,
                          int64_t not_after_s)
{
    int64_t left_s = not_after_s - mx_port_time_s();

    if (k->bound > 0 && left_s > 0) {
        mx_console_print(c, "  It ends in ");
        mx_console_number(c, (uint32_t)(left_s / 86400));
        mx_console_print(c,
                         " days: renew it (identity csr, identity install).\n");
    }
}

void mx_console_identity_status(struct mx_console *c, const char *args)
{
    struct mx_keeper *k = c->identity->keeper;
    struct mx_identity_facts facts;
    uint8_t digest[32];

    (void)args;
    if (mx_identity_describe(&k->id, &facts) != 0) {
        say(c, "certificate", "none: the log says why");
        return;
    }
    say_facts(c, &facts);
    (void)mx_keeper_digest(k, false, digest);
    say_digest(c, "TLSA", digest);
    say_days_left(c, k, facts.not_after_s);
    for (unsigned bit = 1; bit <= k->flags; bit <<= 1) {
        if ((k->flags & bit) != 0) {
            mx_console_print(c, "  ");
            mx_console_print(c, mx_identity_advice((enum mx_identity_flag)bit));
            mx_console_print(c, "\n");
        }
    }
}

/* --- what is done -------------------------------------------------------- */

static void see(void *ctx, const char *pem)
{
    mx_console_print(ctx, pem);
}

static int do_csr(struct mx_console *c, const char **why)
{
    return mx_keeper_request(c->identity->keeper, false, see, c, why);
}

static int do_csr_next(struct mx_console *c, const char **why)
{
    return mx_keeper_request(c->identity->keeper, true, see, c, why);
}

static int do_new(struct mx_console *c, const char **why)
{
    return mx_keeper_new(c->identity->keeper, why);
}

static int do_next(struct mx_console *c, const char **why)
{
    return mx_keeper_next(c->identity->keeper, why);
}

static int do_switch(struct mx_console *c, const char **why)
{
    return mx_keeper_switch(c->identity->keeper, why);
}

static int do_drop(struct mx_console *c, const char **why)
{
    return mx_keeper_drop(c->identity->keeper, why);
}

static int do_paste_end(struct mx_console *c, const char **why)
{
    return mx_keeper_paste_end(c->identity->keeper, why);
}

static int do_named(struct mx_console *c, const char **why)
{
    return c->identity->install(c->identity->keeper, c->identity->name, why);
}

static void take_pem(struct mx_console *c, const char *line);

static int do_paste(struct mx_console *c, const char **why)
{
    int rc = mx_keeper_paste(c->identity->keeper, why);

    if (rc == 0) {
        mx_console_lines(c, take_pem);
    }
    return rc;
}

static int need_identity(const struct mx_keeper *k, const char **why)
{
    *why = "there is none: the log says why";
    return k->id.impl != NULL ? 0 : MX_EINVAL;
}

/* Whether there is a next key is known only to the store, and to read it is to
 * wait for one's turn. */
static int do_dns(struct mx_console *c, const char **why)
{
    struct mx_console_identity *i = c->identity;
    uint8_t digest[32], next[32];
    int rc = mx_keeper_digest(i->keeper, true, next);
    struct publish p = {.table = i->table,
                        .addresses = i->addresses,
                        .mx_name = i->keeper->cfg.mx_name,
                        .flags = i->keeper->flags};

    if (need_identity(i->keeper, why) != 0) {
        return MX_EINVAL;
    }
    *why = "the next key cannot be read";
    if (rc != 0 && rc != MX_EINVAL) {
        return rc;
    }
    p.next = rc == 0 ? next : NULL;
    p.digest = mx_keeper_digest(i->keeper, false, digest) == 0 ? digest : NULL;
    publish_print(c, &p);
    return 0;
}

static int start_doctor(struct mx_console *c, const char **why)
{
    struct mx_console_identity *i = c->identity;
    uint8_t digest[32], next[32];
    int rc = mx_keeper_digest(i->keeper, true, next);
    struct mx_doctor_config cfg = {.mx_name = i->keeper->cfg.mx_name,
                                   .table = i->table,
                                   .flags = i->keeper->flags,
                                   .addresses = i->addresses};

    *why = "the next key cannot be read";
    if (rc != 0 && rc != MX_EINVAL) {
        return rc;
    }
    cfg.tlsa[1] = rc == 0 ? next : NULL;
    cfg.tlsa[0] =
        mx_keeper_digest(i->keeper, false, digest) == 0 ? digest : NULL;
    return console_doctor_start(c, i->doctor, cfg, why);
}

static int do_doctor(struct mx_console *c, const char **why)
{
    struct mx_doctor *d = c->identity->doctor;

    if (need_identity(c->identity->keeper, why) != 0) {
        return MX_EINVAL;
    }
    *why = "this build has no resolver";
    if (d == NULL) {
        return MX_ENOTSUP;
    }
    return console_doctor_runs(d) ? console_doctor_go_on(d)
                                  : start_doctor(c, why);
}

static int do_show(struct mx_console *c, const char **why)
{
    uint8_t next[32];
    int rc = mx_keeper_digest(c->identity->keeper, true, next);

    *why = "the next key cannot be read";
    if (rc != 0 && rc != MX_EINVAL) {
        return rc;
    }
    mx_console_identity_status(c, "");
    if (rc == 0) {
        say_digest(c, "next TLSA", next);
    }
    return 0;
}

enum {
    SHOW,
    NEW,
    CSR,
    CSR_NEXT,
    INSTALL,
    PASTED,
    NAMED,
    NEXT,
    SWITCH,
    DROP,
    DNS,
    DOCTOR
};

static const struct {
    const char *args;
    int (*run)(struct mx_console *c, const char **why);
    const char *done; /* what is said then */
} commands[] = {
    [SHOW] = {"", do_show, ""},
    [NEW] = {"new yes", do_new,
             "it has a new key and certificate: publish its TLSA now "
             "(identity dns)\n"},
    [CSR] = {"csr", do_csr, ""},
    [CSR_NEXT] = {"csr next", do_csr_next, ""},
    [INSTALL] = {"install", do_paste,
                 "paste the chain, its own certificate first, in PEM; a line "
                 "with a dot ends it\n"},
    [PASTED] = {NULL, do_paste_end, "it is in use\n"},
    [NAMED] = {NULL, do_named, "it is in use\n"},
    [NEXT] =
        {"next", do_next,
         "there is a next key. Publish its TLSA beside the other (identity "
         "dns), wait\nfor twice the record's TTL, then: identity switch\n"},
    [SWITCH] = {"switch", do_switch,
                "the next key is in use. The old TLSA can go now (identity "
                "dns)\n"},
    [DROP] = {"drop", do_drop, "there is no next key any more\n"},
    [DNS] = {"dns", do_dns, ""},
    [DOCTOR] = {"doctor", do_doctor, ""},
};

static void say_end(struct mx_console *c, int rc, const char *why)
{
    if (rc == 0) {
        mx_console_print(c, commands[c->identity->what].done);
        return;
    }
    mx_console_print(c, "no: ");
    mx_console_print(c, why);
    mx_console_print(c, "\n");
}

static bool turn(struct mx_console *c)
{
    const char *why = "";
    int rc = commands[c->identity->what].run(c, &why);

    if (rc == MX_EAGAIN) {
        c->idle = true;
        return true;
    }
    say_end(c, rc, why);
    return false;
}

static void begin(struct mx_console *c, uint8_t what)
{
    c->identity->what = what;
    mx_console_turns(c, turn);
}

/* --- a chain that is pasted ---------------------------------------------- */

static void take_pem(struct mx_console *c, const char *line)
{
    const char *why = "";
    int rc;

    if (strcmp(line, ".") == 0) {
        mx_console_lines(c, NULL);
        begin(c, PASTED);
        return;
    }
    rc = mx_keeper_paste_line(c->identity->keeper, line, strlen(line), &why);
    if (rc == MX_ECLOSED) {
        mx_console_lines(c, NULL);
        say_end(c, rc, why);
    }
}

/* --- the command --------------------------------------------------------- */

static void help(struct mx_console *c)
{
    mx_console_print(
        c,
        "identity            name, issuer, end, TLSA, and what does not fit\n"
        "identity new yes    a new key, and a certificate of its own, at once\n"
        "identity csr        a request for a certificate of its key; csr next\n"
        "identity install    a certificate, pasted in PEM\n"
        "identity next       a next key, made ahead; switch takes it, drop "
        "forgets it\n"
        "identity dns        what to publish, ready to paste into a zone\n"
        "identity doctor     what a sender sees in the DNS\n");
}

static bool install_named(struct mx_console *c, const char *args)
{
    if (strncmp(args, "install ", 8) != 0 || c->identity->install == NULL) {
        return false;
    }
    c->identity->name = args + 8; /* in the console's line until the next one */
    begin(c, NAMED);
    return true;
}

void mx_console_identity(struct mx_console *c, const char *args)
{
    mx_keeper_cancel(c->identity->keeper);
    if (c->identity->doctor != NULL) {
        mx_doctor_stop(c->identity->doctor);
    }
    for (uint8_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (commands[i].args != NULL && strcmp(commands[i].args, args) == 0) {
            begin(c, i);
            return;
        }
    }
    if (strcmp(args, "new") == 0) {
        mx_console_print(c, "a new key fits no TLSA record that was published: "
                            "identity new yes\n");
    } else if (!install_named(c, args)) {
        help(c);
    }
}
