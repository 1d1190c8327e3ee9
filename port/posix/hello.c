/* SPDX-License-Identifier: BSD-3-Clause */
#define _DEFAULT_SOURCE
#include "hello.h"

#include "util/log.h"

#include <string.h>
#include <time.h>

/* Where a client on this machine reaches `place`. */
static const char *reach(const struct hello_place *place)
{
    static const char *const any[][2] = {{"0.0.0.0", "127.0.0.1"},
                                         {"::", "::1"}};

    for (size_t i = 0; i < sizeof any / sizeof *any; i++) {
        if (strcmp(place->host, any[i][0]) == 0) {
            return any[i][1];
        }
    }
    return place->host[0] != '\0' ? place->host : mx_posix_address();
}

static void format(char *out, const struct hello_place *place)
{
    addr_format(out, place->host[0] != '\0' ? place->host : mx_posix_address(),
                place->port);
}

void hello_listen(const struct hello_place *place)
{
    char at[ADDR_TEXT_MAX];
    char text[ADDR_TEXT_MAX + 16];

    format(at, place);
    snprintf(text, sizeof text, "listening on %s", at);
    log_begin(MX_LOG_INFO, "listen", 0);
    log_str("at", at);
    log_u32("port", place->port);
    log_str("tls", place->tls ? "implicit" : "starttls");
    if (place->pop3) {
        log_str("protocol", "pop3");
    }
    log_text("text", text);
    log_end();
}

static const char *spoken(const struct hello *h,
                          const struct hello_place *place)
{
    if (place->pop3) {
        return place->tls ? "POP3 inside TLS" : "POP3 with STLS";
    }
    if (place->tls) {
        return "SMTP inside TLS";
    }
    return h->id != NULL ? "SMTP with STARTTLS" : "SMTP in clear only";
}

static void print_places(const struct hello *h)
{
    char at[ADDR_TEXT_MAX];

    for (size_t i = 0; i < h->places; i++) {
        format(at, &h->place[i]);
        printf("listening on %s (%s)\n", at, spoken(h, &h->place[i]));
    }
}

static void print_network(const struct options *o)
{
    if (options_tap(o) != NULL) {
        printf("network   %s; the device is %s\n", o->net,
               strcmp(mx_posix_address(), "0.0.0.0") == 0
                   ? "waiting for DHCP (event=address in the log)"
                   : mx_posix_address());
        return;
    }
    printf("network   user mode: every peer that comes over loopback looks "
           "like " MX_POSIX_USER_PEER "\n"
           "          to the device (IPv6: " MX_POSIX_USER_PEER6 "); --net "
           "tap:IFACE shows true addresses\n");
}

static void print_tlsa(const struct hello *h)
{
    uint8_t hash[32];

    if (mx_identity_spki_sha256(h->id, hash) != 0) {
        return;
    }
    printf("DNS       _25._tcp.%s. IN TLSA 3 1 1 ", h->options->mx);
    for (size_t i = 0; i < sizeof hash; i++) {
        printf("%02x", hash[i]);
    }
    printf("\n");
}

static void print_identity(const struct hello *h)
{
    struct mx_identity_facts facts;
    char until[32] = "";
    time_t end;
    struct tm tm;

    if (h->id == NULL || mx_identity_describe(h->id, &facts) != 0) {
        printf("identity  none that fits %s: TLS is not offered, the log says "
               "why\n",
               h->options->mx);
        return;
    }
    end = (time_t)facts.not_after_s;
    if (gmtime_r(&end, &tm) != NULL) {
        strftime(until, sizeof until, "%Y-%m-%d", &tm);
    }
    printf("identity  %s%s: %s for %s, until %s\n", h->files->cert,
           h->made ? " (just made)" : "", facts.key_type,
           facts.name[0] != '\0' ? facts.name : "no DNS name", until);
    print_tlsa(h);
}

/* A recipient that will be accepted. */
static void print_rcpt(const struct options *o)
{
    const char *rcpt = o->rcpt.len > 0 ? o->rcpt.item[0] : NULL;

    if (rcpt != NULL && rcpt[0] == '*') {
        printf("postmaster%s", rcpt + 1);
    } else if (rcpt != NULL) {
        printf("%s", rcpt);
    } else if (o->domain.len > 0) {
        printf("postmaster@%s", o->domain.item[0]);
    } else {
        printf("postmaster");
    }
}

static void print_try(const struct hello *h)
{
    const struct hello_place *place = &h->place[0];
    const char *host = reach(place);
    char at[ADDR_TEXT_MAX];

    if (strcmp(host, "0.0.0.0") == 0) {
        return; /* DHCP has not said yet */
    }
    addr_format(at, host, place->port);
    printf("try       swaks --server %s --port %u %s--from me@example.org "
           "--to ",
           host, (unsigned)place->port,
           h->id == NULL ? ""
           : place->tls  ? "--tls-on-connect "
                         : "--tls ");
    print_rcpt(h->options);
    printf("\n");
    if (h->id != NULL) {
        printf("          openssl s_client -connect %s%s -servername %s\n", at,
               place->tls ? "" : " -starttls smtp", h->options->mx);
    }
    if (h->options->spool != NULL) {
        printf("          mail, on this terminal\n");
    } else {
        printf("          ls %s/new\n", h->options->maildir);
    }
}

void hello_print(const struct hello *h)
{
    printf("tinymx-sim " TINYMX_VERSION ", %s\n", h->options->mx);
    print_places(h);
    print_network(h->options);
    if (h->options->spool != NULL) {
        printf("mail      %s, a spool: tinymx-spool reads it\n",
               h->options->spool);
    } else {
        printf("mail      %s/new\n", h->options->maildir);
    }
    if (h->options->rcpt.len == 0 && h->options->domain.len == 0) {
        printf("          for postmaster only: --rcpt names mailboxes\n");
    }
    print_identity(h);
    print_try(h);
    fflush(stdout);
}
