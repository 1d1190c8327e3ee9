/* SPDX-License-Identifier: BSD-3-Clause */
/* The plan on one side, the network on the other. */
#include "tinymx/doctor.h"

#include "doctor/plan.h"
#include "net/ask.h"
#include "tinymx/config.h"
#include "tinymx/err.h"
#include "tinymx/port.h"

#include <string.h>

#if MX_DNS

int mx_doctor_start(struct mx_doctor *d, const struct mx_doctor_config *cfg)
{
    int err = ask_check();
    size_t len;

    *d = (struct mx_doctor){.cfg = *cfg, .since_ms = mx_port_now_ms()};
    for (size_t i = 0; i < 2; i++) {
        if (cfg->tlsa[i] != NULL) {
            memcpy(d->tlsa[i], cfg->tlsa[i], sizeof d->tlsa[i]);
            d->cfg.tlsa[i] = d->tlsa[i];
        }
    }
    len = plan_first(d);
    if (err == 0 && len == 0) {
        err = MX_EINVAL;
    }
    return err != 0 ? err : ask_start(&d->ask, d->text.query, len);
}

static bool go_on(struct mx_doctor *d, struct dns_message *answer)
{
    size_t len = plan_next(d, answer);
    int err = len > 0 ? ask_start(&d->ask, d->text.query, len) : 0;

    if (err != 0) {
        plan_end(d, mx_strerror(err));
    }
    if (len == 0 || err != 0) {
        ask_stop(&d->ask);
        return false;
    }
    return true;
}

bool mx_doctor_poll(struct mx_doctor *d)
{
    struct dns_message m;
    enum ask_state state;

    if (d->ask.pcb == NULL) {
        return false;
    }
    if (mx_port_now_ms() - d->since_ms > MX_DOCTOR_S * 1000u) {
        plan_end(d, "it takes too long: stopped");
        ask_stop(&d->ask);
        return false;
    }
    state = ask_poll(&d->ask, &m);
    return state == ASK_WAIT || go_on(d, state == ASK_ANSWER ? &m : NULL);
}

void mx_doctor_stop(struct mx_doctor *d)
{
    ask_stop(&d->ask);
}

#else

int mx_doctor_start(struct mx_doctor *d, const struct mx_doctor_config *cfg)
{
    *d = (struct mx_doctor){.cfg = *cfg};
    return MX_ENOTSUP;
}

bool mx_doctor_poll(struct mx_doctor *d)
{
    (void)d;
    return false;
}

void mx_doctor_stop(struct mx_doctor *d)
{
    (void)d;
}

#endif

unsigned mx_doctor_faults(const struct mx_doctor *d)
{
    return d->faults;
}
