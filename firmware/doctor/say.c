/* SPDX-License-Identifier: BSD-3-Clause */
#include "doctor/say.h"

struct fmt say(struct mx_doctor *d)
{
    struct fmt f;

    fmt_init(&f, d->text.line, sizeof d->text.line);
    return f;
}

struct fmt say_fault(struct mx_doctor *d)
{
    struct fmt f = say(d);

    d->faults++;
    fmt_str(&f, "fault: ");
    return f;
}

static struct fmt of_mx(struct mx_doctor *d, struct fmt f)
{
    fmt_str(&f, d->cfg.mx_name);
    fmt_str(&f, ": ");
    return f;
}

static struct fmt of_domain(struct mx_doctor *d, struct fmt f)
{
    fmt_bytes(&f, d->domain.ptr, d->domain.len);
    fmt_str(&f, ": ");
    return f;
}

struct fmt say_mx(struct mx_doctor *d)
{
    return of_mx(d, say(d));
}

struct fmt say_domain(struct mx_doctor *d)
{
    return of_domain(d, say(d));
}

struct fmt say_mx_fault(struct mx_doctor *d)
{
    return of_mx(d, say_fault(d));
}

struct fmt say_domain_fault(struct mx_doctor *d)
{
    return of_domain(d, say_fault(d));
}

void said(struct mx_doctor *d, struct fmt *f, const char *text)
{
    fmt_str(f, text);
    d->cfg.say(d->cfg.ctx, f->buf);
}

/* --- addresses ---------------------------------------------------------- */

static unsigned group(const uint8_t *octets, size_t i)
{
    return (unsigned)octets[2 * i] << 8 | octets[2 * i + 1];
}

/* Of the longest run of zeros, the first; at least two (RFC 5952 4.2). */
static size_t zeros(const uint8_t *octets, size_t *run)
{
    size_t best = 8, n = 0;

    *run = 1;
    for (size_t i = 0; i < 8; i++) {
        n = group(octets, i) == 0 ? n + 1 : 0;
        if (n > *run) {
            *run = n;
            best = i + 1 - n;
        }
    }
    return best;
}

static void say_v6(struct fmt *f, const uint8_t *octets)
{
    size_t run, at = zeros(octets, &run);

    for (size_t i = 0; i < 8; i++) {
        unsigned g = group(octets, i);

        if (i == at) {
            fmt_str(f, "::");
            i += run - 1;
            continue;
        }
        if (i > 0 && i != at + run) {
            fmt_char(f, ':');
        }
        fmt_hex(f, g, g > 0xfff ? 4 : g > 0xff ? 3 : g > 0xf ? 2 : 1);
    }
}

void say_address(struct fmt *f, const struct mx_doctor_address *a)
{
    if (a->len > 4) {
        say_v6(f, a->octets);
        return;
    }
    for (size_t i = 0; i < 4; i++) {
        if (i > 0) {
            fmt_char(f, '.');
        }
        fmt_u32(f, a->octets[i]);
    }
}
