/* SPDX-License-Identifier: BSD-3-Clause */
/* The report on the console. */
#include "console/doctor.h"

#include "tinymx/err.h"

static void say(void *ctx, const char *line)
{
    mx_console_print(ctx, line);
    mx_console_print(ctx, "\n");
}

static const char *reason(int err)
{
    return err == MX_ENOTSUP  ? "this build has no resolver"
           : err == MX_EINVAL ? "no resolver is known, or no domain"
                              : mx_strerror(err);
}

bool console_doctor_runs(const struct mx_doctor *d)
{
    return d->ask.pcb != NULL;
}

int console_doctor_start(struct mx_console *c, struct mx_doctor *d,
                         struct mx_doctor_config cfg, const char **why)
{
    int err;

    cfg.say = say;
    cfg.ctx = c;
    err = mx_doctor_start(d, &cfg);
    *why = reason(err);
    return err == 0 ? MX_EAGAIN : err;
}

int console_doctor_go_on(struct mx_doctor *d)
{
    return mx_doctor_poll(d) ? MX_EAGAIN : 0;
}
