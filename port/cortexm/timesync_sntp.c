/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SNTP (RFC 4330) by lwIP's apps/sntp, which asks, waits, backs off and asks
 * again an hour after an answer. It begins when there is somebody to ask: at the
 * start, or when DHCP names a server, so that a late lease finds no long pause.
 *
 *     lwIP's UDP ──► receive() ──► apps/sntp ──► mx_sntp_tell() ──► utc.c
 *                    ntp.c judges
 *
 * The answer's own way, at most 15 seconds, is not made up for: a date in a
 * header and a certificate's last day do not need it.
 */
#include "timesync.h"

#include "ntp.h"
#include "utc.h"

#include "tinymx/port.h"
#include "tinymx/trace.h"
#include "util/log.h"

#include "lwip/apps/sntp.h"
#include "lwip/dhcp.h"
#include "lwip/udp.h"

static struct utc utc;
static int64_t told_s; /* when it was told last, by its own clock */

static udp_recv_fn lwip_receive;
static const char *name; /* of the server, if not an address */
static bool ask_whom_dhcp_names;

static uint32_t question[2];
static bool waiting;   /* for its answer */
static bool has_heard; /* something else meanwhile, and logged it */
static uint8_t unanswered;

static struct {
    uint32_t asked;
    uint32_t believed;
    uint32_t refused;
} count;

int64_t mx_port_time_s(void)
{
    return utc_s(&utc);
}

static const char *server_name(void)
{
    return name != NULL ? name : ipaddr_ntoa(sntp_getserver(0));
}

/* --- what was asked ------------------------------------------------------ */

/* The first question gets lost where a switch is slow to let frames pass. */
static void say_silence(void)
{
    if (unanswered == 2) {
        log_begin(MX_LOG_WARN, "time", 0);
        log_str("server", server_name());
        log_text("state", "no answer, asking on");
        log_end();
    }
}

/* lwIP wants its time of sending. Without a source of randomness no two are the
 * same, at least. At the latest here utc.c is called often enough. */
void mx_sntp_ask(int32_t *s, uint32_t *frac)
{
    question[0] = mx_port_now_ms();
    question[1]++;
    (void)mx_port_entropy(question, sizeof question);
    *s = (int32_t)question[0];
    *frac = question[1];
    waiting = true;
    has_heard = false;
    count.asked++;
    unanswered = (uint8_t)(unanswered + (unanswered < UINT8_MAX));
    say_silence();
    (void)mx_port_time_s();
}

/* --- what came ----------------------------------------------------------- */

static void log_time(enum mx_log_level level, int64_t step_s)
{
    char date[MX_DATE_MAX];

    mx_date_format(date, told_s);
    log_begin(level, "time", 0);
    log_text("utc", date);
    log_str("server", server_name());
    if (step_s != 0) {
        log_str("step", step_s < 0 ? "back" : "forward");
        log_u32("step_s", (uint32_t)(step_s < 0 ? -step_s : step_s));
    }
    log_end();
}

void mx_sntp_tell(int32_t s, uint32_t frac)
{
    bool first = mx_port_time_s() == 0;
    int64_t step_s = utc_set(&utc, ntp_utc_ms((uint32_t)s, frac));

    told_s = mx_port_time_s();
    waiting = false;
    unanswered = 0;
    count.believed++;
    if (first) {
        log_time(MX_LOG_INFO, 0);
    } else if (step_s > UTC_HOLD_S || step_s < -UTC_HOLD_S) {
        log_time(MX_LOG_WARN, step_s);
    }
}

/* One line a question: a flood is not one of the log. */
static void refuse(enum ntp_verdict verdict, const ip_addr_t *from)
{
    count.refused++;
    if (!has_heard) {
        has_heard = true;
        log_begin(MX_LOG_WARN, "time", 0);
        log_str("from", ipaddr_ntoa(from));
        log_text("refused", ntp_words(verdict));
        log_end();
    }
}

static enum ntp_verdict judge(const struct pbuf *p)
{
    uint8_t answer[NTP_SIZE];

    if (p->tot_len != NTP_SIZE) {
        return NTP_MALFORMED;
    }
    pbuf_copy_partial(p, answer, NTP_SIZE, 0);
    return waiting ? ntp_judge(answer, question) : NTP_UNASKED;
}

static void receive(void *arg, struct udp_pcb *pcb, struct pbuf *p,
                    const ip_addr_t *from, u16_t port)
{
    enum ntp_verdict verdict = judge(p);

    if (verdict == NTP_GOOD || verdict == NTP_KISS) {
        lwip_receive(arg, pcb, p, from, port);
    } else {
        (void)pbuf_free(p);
    }
    if (verdict == NTP_GOOD && waiting) {
        verdict = NTP_ELSEWHERE;
    }
    if (verdict == NTP_KISS) { /* heeded once */
        waiting = false;
    }
    if (verdict != NTP_GOOD) {
        refuse(verdict, from);
    }
}

/* What udp_recv() is to apps/sntp (cmake/ThirdParty.cmake). */
void mx_sntp_recv(struct udp_pcb *pcb, udp_recv_fn recv, void *arg);
void mx_sntp_recv(struct udp_pcb *pcb, udp_recv_fn recv, void *arg)
{
    lwip_receive = recv;
    udp_recv(pcb, receive, arg);
}

/* --- who is asked -------------------------------------------------------- */

static void begin(const char *of)
{
    waiting = false;
    unanswered = 0;
    sntp_init();
    log_begin(MX_LOG_INFO, "time", 0);
    log_str("server", server_name());
    log_str("of", of);
    log_end();
}

#if SNTP_SERVER_DNS
static void ask_name(const char *text)
{
    name = text;
    sntp_setservername(0, text);
    begin("configuration");
}
#else
static void ask_name(const char *text)
{
    log_begin(MX_LOG_ERROR, "time", 0);
    log_str("server", text);
    log_text("why", "a name, and this build has no resolver: give an address");
    log_end();
}
#endif

void timesync_start(const struct mx_settings *settings)
{
    const char *text = mx_settings_text(settings, MX_SETTING_NTP);
    ip_addr_t server;

    ask_whom_dhcp_names = text == NULL;
    if (text != NULL && ipaddr_aton(text, &server)) {
        sntp_setserver(0, &server);
        begin("configuration");
    } else if (text != NULL) {
        ask_name(text);
    }
}

/* lwIP calls it for every lease, also for one without a server. The first one
 * only: with two that are silent apps/sntp does not back off. */
void dhcp_set_ntp_servers(u8_t num, const ip4_addr_t *servers)
{
    ip_addr_t server;

    if (!ask_whom_dhcp_names || num == 0) {
        return;
    }
    ip_addr_copy_from_ip4(server, servers[0]);
    if (!ip_addr_eq(&server, sntp_getserver(0))) {
        sntp_stop();
        sntp_setserver(0, &server);
        begin("dhcp");
    }
}

/* --- status -------------------------------------------------------------- */

static void say_known(struct mx_console *c, int64_t now_s)
{
    char date[MX_DATE_MAX];

    mx_date_format(date, now_s);
    mx_console_print(c, date);
    mx_console_print(c, ", from ");
    mx_console_print(c, server_name());
    mx_console_print(c, " ");
    mx_console_number(c, (uint32_t)(now_s - told_s));
    mx_console_print(c, " s ago\n");
}

static void say_unknown(struct mx_console *c)
{
    mx_console_print(c, "unknown, ");
    if (sntp_enabled()) {
        mx_console_print(c, "asking ");
        mx_console_print(c, server_name());
        mx_console_print(c, "\n");
    } else {
        mx_console_print(c, "nobody to ask\n");
    }
}

void timesync_status(struct mx_console *c)
{
    const struct mx_console_level answers[] = {{count.asked, "asked"},
                                               {count.believed, "believed"},
                                               {count.refused, "refused"}};
    int64_t now_s = mx_port_time_s();

    mx_console_print(c, "time: ");
    if (now_s != 0) {
        say_known(c, now_s);
    } else {
        say_unknown(c);
    }
    mx_console_levels(c, "time server", answers,
                      sizeof answers / sizeof *answers);
}
