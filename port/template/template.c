/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A port that compiles and does nothing: copy it, then fill it in from top to
 * bottom. Each function says what to do, what goes wrong when it is not done,
 * and what it does as it stands.
 *
 * The firmware calls these from one thread and never from an interrupt, so none
 * has to be reentrant. All may be called before lwIP is up.
 */
#include "tinymx/err.h"
#include "tinymx/port.h"

/* Milliseconds from a timer that never stops: SysTick, a 32-bit counter with a
 * prescaler, an RTOS tick. The full 32 bits must count before it wraps to 0; a
 * microsecond counter divided by 1000 wraps early, and every deadline that is
 * running then is met at once. A tick of 10 ms is fine enough.
 *
 * As it stands: time stands still. No deadline passes, lwIP resends nothing. */
uint32_t mx_port_now_ms(void)
{
    return 0;
}

/* Seconds since 1970, UTC, from an RTC that was set or from SNTP. Say 0 until
 * it is certain: an RTC that lost its battery is not. Without a clock mail is
 * still accepted; Received: fields and the check of the certificate's dates
 * say that the time is not known.
 *
 * As it stands: there is no clock. That is a complete port of it. */
int64_t mx_port_time_s(void)
{
    return 0;
}

/* Random bytes fit for keys: all of `buf`, from a hardware generator whose
 * health test passed, or from a DRBG that was seeded by one. Neither the
 * serial number nor an ADC pin nor the uptime is such a source, nor are all of
 * them together. It is called at boot for the seed, and by lwIP for initial
 * sequence numbers; it may block for some milliseconds.
 *
 * Return MX_EENTROPY when there is none: TLS is not offered then, which is
 * right, since its keys could be guessed.
 *
 * As it stands: no randomness, no TLS. */
int mx_port_entropy(void *buf, size_t len)
{
    (void)buf;
    (void)len;
    return MX_EENTROPY;
}

/* One event, one line: to a UART, semihosting, syslog, a ring in RAM. `line` is
 * not terminated and gone after the return. Add the line end, and a time if you
 * have one. Do not wait for the wire longer than a character or two: no mail is
 * taken meanwhile. Better to drop a line and say so in the next.
 *
 * As it stands: nobody hears. */
void mx_port_log(enum mx_log_level level, const char *line, size_t len)
{
    (void)level;
    (void)line;
    (void)len;
}

/* A bug of ours was found and nothing can be trusted. Say where, by means that
 * use no memory and no interrupt, then reset; where a debugger may be attached,
 * a breakpoint comes first. Never return, and do not end in a loop on a device
 * out of reach: a mail exchanger that came back is worth more. Messages that
 * were not answered with 250 are sent again by their senders.
 *
 * As it stands: stops for ever, for a watchdog to notice. */
_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    (void)file;
    (void)line;
    (void)what;
    for (;;) {
    }
}
