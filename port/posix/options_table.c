/* SPDX-License-Identifier: BSD-3-Clause */
/* The table of what tinymx-sim can be told. */
#include "options.h"

#include "addr.h"
#include "tinymx/err.h"
#include "tinymx/password.h"
#include "tinymx/pop3.h"
#include "tinymx/policy.h"
#include "why.h"

#include <string.h>

#define SSID_MAX 32
#define PASSPHRASE_MIN 8
#define PASSPHRASE_MAX 63
#define PSK_DIGITS 64

static int check_domain(const char *text, char *why)
{
    if (mx_table_check_domain(text) == 0) {
        return 0;
    }
    return why_set(why, MX_EINVAL,
                   "'%s' is not a domain name, like mx.example.test", text);
}

static int check_rcpt(const char *text, char *why)
{
    if (mx_table_check_rcpt(text) == 0) {
        return 0;
    }
    return why_set(why, MX_EINVAL,
                   "'%s' is not an address: write joe@example.test, or "
                   "*@example.test for everybody there",
                   text);
}

static int check_listen(const char *text, char *why)
{
    struct addr_listen at;

    return addr_parse_listen(&at, text, why);
}

static int check_net(const char *text, char *why)
{
    if (strcmp(text, "user") == 0 ||
        (strncmp(text, "tap:", 4) == 0 && text[4] != '\0')) {
        return 0;
    }
    return why_set(why, MX_EINVAL,
                   "'%s' is not a network: write user, or tap:IFACE with the "
                   "name of a TAP interface",
                   text);
}

static int check_address(const char *text, char *why)
{
    struct in_addr addr, mask;

    if (strcmp(text, "dhcp") == 0) {
        return 0;
    }
    return addr_parse_cidr(&addr, &mask, text, why);
}

static int check_ip4(const char *text, char *why)
{
    struct sockaddr_storage ss;
    socklen_t len;

    if (addr_parse_socket(&ss, &len, text, 0) == 0 && ss.ss_family == AF_INET) {
        return 0;
    }
    return why_set(why, MX_EINVAL, "'%s' is not an IPv4 address", text);
}

static int check_address6(const char *text, char *why)
{
    struct in6_addr addr;

    return addr_parse_ip6(&addr, text, why);
}

static int check_public(const char *text, char *why)
{
    struct sockaddr_storage ss;
    socklen_t len;

    if (addr_parse_socket(&ss, &len, text, 0) == 0) {
        return 0;
    }
    return why_set(why, MX_EINVAL, "'%s' is not an IPv4 or IPv6 address", text);
}

static int check_ntp(const char *text, char *why)
{
    struct sockaddr_storage ss;
    socklen_t len;

    if (addr_parse_socket(&ss, &len, text, 0) == 0 ||
        mx_table_check_domain(text) == 0) {
        return 0;
    }
    return why_set(why, MX_EINVAL,
                   "'%s' is not an address, and not a name like "
                   "ntp.example.org",
                   text);
}

/* IEEE 802.11 9.4.2.2: up to 32 octets. */
static int check_ssid(const char *text, char *why)
{
    size_t len = strlen(text);

    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
            return why_set(why, MX_EINVAL,
                           "there is a control character in it");
        }
    }
    return len > 0 && len <= SSID_MAX
               ? 0
               : why_set(why, MX_EINVAL,
                         "the name of a network has 1 to %d octets; this has "
                         "%zu",
                         SSID_MAX, len);
}

/* A passphrase, or the key that is made of one (IEEE 802.11 J.4). What it is, is
 * nobody's to read in an error. */
static int check_wifi_password(const char *text, char *why)
{
    size_t len = strlen(text);
    size_t printable = 0;

    while (text[printable] >= ' ' && text[printable] <= '~') {
        printable++;
    }
    if (printable == len && len >= PASSPHRASE_MIN && len <= PASSPHRASE_MAX) {
        return 0;
    }
    if (len == PSK_DIGITS &&
        strspn(text, "0123456789abcdefABCDEF") == PSK_DIGITS) {
        return 0;
    }
    return why_set(why, MX_EINVAL,
                   "a password of WPA has %d to %d characters of ASCII, or "
                   "is a key of %d hex digits; this has %zu octets",
                   PASSPHRASE_MIN, PASSPHRASE_MAX, PSK_DIGITS, len);
}

static int check_user(const char *text, char *why)
{
    size_t len = strlen(text);

    return len > 0 && len <= MX_POP3_NAME_MAX
               ? 0
               : why_set(why, MX_EINVAL, "a name has 1 to %d octets",
                         MX_POP3_NAME_MAX);
}

static int check_verifier(const char *text, char *why)
{
    return mx_password_check(text) == 0
               ? 0
               : why_set(why, MX_EINVAL,
                         "this is not what tinymx-sim --hash-password prints");
}

static int check_path(const char *text, char *why)
{
    return text[0] != '\0' ? 0 : why_set(why, MX_EINVAL, "the name is empty");
}

/* clang-format off */
#define AT(field) offsetof(struct options, field)
#define TEXT(field, check) AT(field), KIND_TEXT, 0, 0, check
#define LIST(field, check) AT(field), KIND_LIST, 0, 0, check
#define COUNT(field, max) AT(field), KIND_COUNT, 1, max, NULL
#define SECONDS(field) COUNT(field, 65535)

const struct option options_table[] = {
    {"mx", "NAME",
     "The host name in your MX record: greeting, certificate, Received. "
     "Required.",
     TEXT(mx, check_domain)},
    {"domain", "NAME",
     "A domain that gets mail here. Mail for postmaster is always taken, for "
     "others when --rcpt names them. May be repeated.",
     LIST(domain, check_domain)},
    {"rcpt", "ADDRESS",
     "A mailbox here, like joe@example.test; *@example.test takes everybody "
     "there. Its domain counts as given. May be repeated.",
     LIST(rcpt, check_rcpt)},
    {"listen", "ADDR:PORT",
     "Where this machine takes SMTP with STARTTLS for the device; port 0 takes "
     "a free one. 127.0.0.1:2525 if not given. May be repeated, with "
     "[::1]:2525 for instance. With --net tap:IFACE: the device's own port, 25 "
     "if not given.",
     LIST(listen, check_listen)},
    {"listen-tls", "ADDR:PORT",
     "The same with TLS from the first byte (RFC 8314). Off if not given.",
     LIST(listen_tls, check_listen)},
    {"maildir", "DIR",
     "Where mail is delivered: a Maildir, made if missing. ./mail if not "
     "given.",
     TEXT(maildir, check_path)},
    {"spool", "FILE",
     "The same as a device does it: into a spool, the image of an SD card, made "
     "if missing. tinymx-spool(1) reads it, and so does the console.",
     TEXT(spool, check_path)},
    {"spool-size", "BYTES",
     "How large a new spool is; 64M is understood, and the disk has only what "
     "was used of it. 256M if not given.",
     AT(spool_size), KIND_BYTES, 128 * 1024, UINT32_MAX, NULL},
    {"spool-full", "refuse|drop-seen|drop-oldest",
     "What to do when a message has no room in the spool: tell the sender 452, "
     "or drop the oldest that was seen, or the oldest, seen or not. refuse if "
     "not given.",
     AT(spool_full), KIND_WORD, 0, 0, NULL},
    {"pop3", "ADDR:PORT",
     "Where this machine takes POP3 with STLS for the device, for one user who "
     "reads the mail of --spool; as with --listen, and 110 is the device's port. "
     "Off if not given. May be repeated.",
     LIST(pop3, check_listen)},
    {"pop3-tls", "ADDR:PORT",
     "The same with TLS from the first byte, 995 on the device. Off if not "
     "given.",
     LIST(pop3_tls, check_listen)},
    {"pop3-user", "NAME",
     "Who may read. Goes with --pop3-password.",
     TEXT(pop3_user, check_user)},
    {"pop3-password", "VERIFIER",
     "What the password has to fit, as --hash-password prints it. Better in "
     "the file of --config than on a command line.",
     TEXT(pop3_password, check_verifier)},
    {"cert", "FILE",
     "Certificate chain for the MX name, leaf first, PEM or DER. Goes with "
     "--key.",
     TEXT(cert, check_path)},
    {"key", "FILE",
     "Its private key, PEM or DER.",
     TEXT(key, check_path)},
    {"state", "DIR",
     "Without --cert and --key: where the identity is kept that is made at the "
     "first start, and a copy of its certificate, cert.pem. ./state if not "
     "given.",
     TEXT(state, check_path)},
    {"tls-anyway", NULL,
     "Offer TLS even if the certificate is not for the MX name.",
     AT(tls_anyway), KIND_FLAG, 0, 0, NULL},
    {"client-ca", "FILE",
     "For a device that takes mail from one relay only: certificates, PEM or "
     "DER, of the authority of that relay's certificate or that one itself. "
     "Who shows no such certificate in TLS gets 554 5.7.0. Not for a public "
     "MX.",
     TEXT(client_ca, check_path)},
    {"require-tls", NULL,
     "Take no mail in clear: 530 until STARTTLS. Not for a public MX, which "
     "would lose mail (RFC 3207).",
     AT(require_tls), KIND_FLAG, 0, 0, NULL},
    {"net", "user|tap:IFACE",
     "The device's network: user needs no privileges, and peers that come over "
     "loopback look like 10.0.2.2; a TAP interface shows true addresses. user "
     "if not given.",
     TEXT(net, check_net)},
    {"address", "ADDR/BITS|dhcp",
     "With a TAP interface: the device's IPv4 address. dhcp if not given.",
     TEXT(address, check_address)},
    {"gateway", "ADDR",
     "With a TAP interface and an address: its router.",
     TEXT(gateway, check_ip4)},
    {"address6", "ADDR",
     "With a TAP interface: an IPv6 address beside the link-local one and the "
     "one that routers advertise.",
     TEXT(address6, check_address6)},
    {"dns", "ADDR",
     "The resolver that the device asks. From DHCP if not given; with --net "
     "user none, and 10.0.2.3 is the PC's own.",
     TEXT(dns, check_ip4)},
    {"ntp", "SERVER",
     "The time server that a board asks: an IPv4 or IPv6 address, or a name if "
     "it has a resolver. The one that DHCP names if not given. The simulator "
     "has this PC's clock, and asks nobody.",
     TEXT(ntp, check_ntp)},
    {"wifi-ssid", "NAME",
     "The Wi-Fi network that a board joins, if it has Wi-Fi: 1 to 32 octets. "
     "The simulator has none.",
     TEXT(wifi_ssid, check_ssid)},
    {"wifi-password", "PASSWORD",
     "Its password: 8 to 63 characters of ASCII, or a key of 64 hex digits; an "
     "open network if not given. Better in the file of --config than on a "
     "command line.",
     TEXT(wifi_password, check_wifi_password)},
    {"public-address", "ADDR",
     "An address under which senders reach the device, for `identity dns`: IPv4 "
     "or IPv6. Those of its interface if not given. May be repeated.",
     LIST(public_address, check_public)},
    {"dnsbl", "ZONE",
     "A DNS block list, like bl.example.org, that is asked about every peer: "
     "one that is listed gets 554 5.7.1. A list that does not answer keeps no "
     "mail out.",
     TEXT(dnsbl, check_domain)},
    {"max-message", "BYTES",
     "Largest message, as SIZE announces it; 500K and 10M are understood. 10M "
     "if not given.",
     AT(max_message), KIND_BYTES, 1, 0x7fffffff, NULL},
    {"max-rcpt", "N",
     "Recipients of a message. 100 if not given.",
     COUNT(max_rcpt, 65535)},
    {"max-mail", "N",
     "Messages in a session, 65535 for no limit. 1000 if not given.",
     COUNT(max_mail, 65535)},
    {"max-errors", "N",
     "Replies 5yz in a session, then 421; 255 for no limit. 20 if not given.",
     COUNT(max_errors, 255)},
    {"max-idle", "N",
     "Commands like NOOP and RSET in a row without a message, then 421; 255 for "
     "no limit. 100 if not given.",
     COUNT(max_idle, 255)},
    {"max-unknown", "N",
     "Unknown recipients in a session, then --slow; twice as many, then 421. 10 "
     "if not given.",
     COUNT(max_unknown, 127)},
    {"sessions", "N",
     "Connections at once; newcomers beyond are told 421. As many as the build "
     "has room for if not given.",
     COUNT(sessions, MX_SESSIONS)},
    {"tls-sessions", "N",
     "TLS sessions at once; a STARTTLS beyond waits. As many as the build has "
     "room for if not given.",
     COUNT(tls_sessions, MX_TLS_SESSIONS)},
    {"peer-sessions", "N",
     "Connections at once from one IPv4 address or IPv6 /64, 65535 for no "
     "limit; newcomers beyond are told 421. Half of what the build has room "
     "for if not given.",
     COUNT(peer_sessions, 65535)},
    {"peer-connects", "N",
     "New connections in a minute from one IPv4 address or IPv6 /64, 65535 for "
     "no limit; beyond they are told 421. 120 if not given.",
     COUNT(peer_connects, 65535)},
    {"peer-handshakes", "N",
     "TLS handshakes in a minute from one IPv4 address or IPv6 /64, 65535 for "
     "no limit; a STARTTLS beyond is told 421. 30 if not given.",
     COUNT(peer_handshakes, 65535)},
    {"greet-wait", "SECONDS",
     "How long the greeting is held back, to see who does not wait for it. "
     "Not at all if not given.",
     SECONDS(greet_s)},
    {"first-timeout", "SECONDS",
     "For the first command after the greeting or the handshake. 60 if not "
     "given, or --command-timeout where that is less.",
     SECONDS(first_s)},
    {"command-timeout", "SECONDS",
     "For the next command. 300 if not given.",
     SECONDS(command_s)},
    {"data-timeout", "SECONDS",
     "For the next bytes of a message. 180 if not given.",
     SECONDS(data_s)},
    {"min-rate", "BYTES",
     "What a message has to bring in a second, on average, when it takes longer "
     "than --data-timeout; 65535 for no limit. 500 if not given.",
     COUNT(min_rate, 65535)},
    {"session-timeout", "SECONDS",
     "For a whole session, whatever it does; 65535 for no limit. 3600 if not "
     "given.",
     SECONDS(session_s)},
    {"handshake-timeout", "SECONDS",
     "For a whole TLS handshake. 30 if not given.",
     SECONDS(handshake_s)},
    {"tls-wait", "SECONDS",
     "For a free TLS session, before 421. 60 if not given.",
     SECONDS(tls_wait_s)},
    {"linger", "SECONDS",
     "For the peer to close after the last reply. 10 if not given.",
     SECONDS(linger_s)},
    {"slow", "SECONDS",
     "For which the reply to each unknown recipient beyond --max-unknown is held "
     "back. 5 if not given.",
     SECONDS(slow_s)},
    {"evict", "SECONDS",
     "When all sessions are taken, one that is idle for so long, without a "
     "message, is told 421 for a newcomer; 65535 for never. 10 if not given.",
     SECONDS(evict_s)},
    {"log-level", "error|warn|info|debug",
     "What is logged on standard error, a line an event. info if not given.",
     AT(log_level), KIND_WORD, 0, 0, NULL},
    {"config", "FILE",
     "Reads these settings from a file first: lines like mx = "
     "mx.example.test. What the command line says wins.",
     AT(config), KIND_TEXT, 0, 0, check_path},
    {"hash-password", NULL,
     "Reads a password, prints what to give to --pop3-password, and ends. On "
     "a terminal the password is not shown; else it is the first line of "
     "standard input.",
     AT(hash), KIND_ALONE, 0, 0, NULL},
    {"iterations", "N",
     "With --hash-password: how much work each try is. 600000 if not given; for "
     "a device, which is slower, some thousand.",
     AT(iterations), KIND_COUNT, MX_PASSWORD_ITERATIONS_MIN,
     MX_PASSWORD_ITERATIONS_MAX, NULL},
    {"help", NULL,
     "Prints this and ends.",
     AT(help), KIND_ALONE, 0, 0, NULL},
    {"version", NULL,
     "Prints the version and ends.",
     AT(version), KIND_ALONE, 0, 0, NULL},
};
/* clang-format on */

const size_t options_count = sizeof options_table / sizeof *options_table;
_Static_assert(sizeof options_table / sizeof *options_table <= OPTIONS_MAX,
               "OPTIONS_MAX");
