/* SPDX-License-Identifier: BSD-3-Clause */
/* Does it still fit? Asked at a start, after a change, and every day. */
#include "identity/keeper_impl.h"

#include "tinymx/port.h"
#include "tinymx/trace.h"
#include "util/fmt.h"
#include "util/log.h"

#define DAY_S 86400
#define DAY_MS (DAY_S * 1000ul)

/* Days before the end at which the owner is told, the last first. */
static const uint8_t bounds[] = {1, 7, 14, 30};
#define BOUNDS (sizeof bounds / sizeof *bounds)

/* Which of the bounds was passed, from 1; 0: none. */
static uint8_t bound_of(int64_t left_s)
{
    for (uint8_t i = 0; i < BOUNDS; i++) {
        if (left_s <= (int64_t)bounds[i] * DAY_S) {
            return (uint8_t)(BOUNDS - i);
        }
    }
    return 0;
}

static void log_facts(const struct mx_keeper *k)
{
    struct mx_identity_facts facts;
    uint8_t digest[32];
    char hex[65];
    struct fmt f;

    (void)mx_identity_describe(&k->id, &facts);
    (void)mx_identity_spki_sha256(&k->id, digest);
    fmt_init(&f, hex, sizeof hex);
    for (size_t i = 0; i < sizeof digest; i++) {
        fmt_hex(&f, digest[i], 2);
    }
    log_begin(MX_LOG_INFO, "identity", 0);
    log_str("name", facts.name);
    log_str("key", facts.key_type);
    log_text("issuer", facts.self_signed ? "itself" : facts.issuer);
    log_str("tlsa", hex);
    log_str("from", k->cfg.key.len > 0 ? "owner"
                    : !k->kept         ? "ram"
                    : k->made          ? "made"
                                       : "kept");
    log_end();
}

static void log_advice(unsigned flags)
{
    for (unsigned bit = 1; bit != 0 && bit <= flags; bit <<= 1) {
        if ((flags & bit) != 0) {
            log_begin((bit & MX_ID_FATAL) != 0 ? MX_LOG_ERROR : MX_LOG_WARN,
                      "identity", 0);
            log_text("advice", mx_identity_advice((enum mx_identity_flag)bit));
            log_end();
        }
    }
}

static void log_end_near(int64_t left_s)
{
    log_begin(MX_LOG_WARN, "identity", 0);
    log_int("days_left", (int)(left_s / DAY_S));
    log_text("advice", "The certificate ends soon: renew it (identity csr, "
                       "identity install).");
    log_end();
}

static void log_refusal(const struct mx_keeper *k)
{
    if ((k->flags & MX_ID_FATAL) != 0 && !k->cfg.anyway) {
        log_begin(MX_LOG_ERROR, "identity", 0);
        log_text("tls", "not offered: the certificate is for another name; "
                        "tls-anyway offers it all the same");
        log_end();
    }
}

void keeper_check(struct mx_keeper *k, bool all)
{
    int64_t now_s = mx_port_time_s();
    struct mx_identity_facts facts;
    unsigned flags = mx_identity_check(&k->id, k->cfg.mx_name, now_s);
    uint8_t bound = 0;

    k->checked_ms = mx_port_now_ms();
    (void)mx_identity_describe(&k->id, &facts);
    if (now_s != 0 && now_s < facts.not_after_s) {
        bound = bound_of(facts.not_after_s - now_s);
    }
    if (all) {
        log_facts(k);
    }
    log_advice(all ? flags : flags & ~(unsigned)k->flags);
    if (bound > (all ? 0 : k->bound)) {
        log_end_near(facts.not_after_s - now_s);
    }
    k->flags = (uint16_t)flags;
    k->bound = bound;
    if (all) {
        log_refusal(k);
    }
}

void mx_keeper_poll(struct mx_keeper *k)
{
    bool clock_set = (k->flags & MX_ID_NO_CLOCK) != 0 && mx_port_time_s() != 0;

    keeper_give_up(k);
    if (k->id.impl != NULL &&
        (clock_set || mx_port_now_ms() - k->checked_ms >= DAY_MS)) {
        keeper_check(k, false);
    }
}
