/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SLIP (RFC 1055): IP packets over a serial line, by lwIP's slipif. There is
 * nobody to ask for an address, so the configuration has it. IPv4 only: what
 * gives a host its IPv6 address wants a link with addresses of its own.
 */
#include "link.h"

#include "address.h"
#include "board.h"
#include "serial.h"

#include "tinymx/console.h"
#include "tinymx/err.h"
#include "util/log.h"

#include "lwip/ip.h"
#include "lwip/netif.h"
#include "lwip/sio.h"
#include "netif/slipif.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

_Static_assert((MX_SERIAL_RING & (MX_SERIAL_RING - 1)) == 0,
               "MX_SERIAL_RING: indices wrap, so it is a power of two");

static volatile uint8_t ring[MX_SERIAL_RING];
static volatile uint32_t head; /* the interrupt's */
static volatile uint32_t tail; /* the main loop's */
static uint32_t turn_end;      /* of this turn: what was there at its begin */
static uint32_t sent;

/* --- from the interrupt --------------------------------------------------- */

bool serial_room(void)
{
    return head - tail < MX_SERIAL_RING;
}

void serial_put(uint8_t byte)
{
    ring[head % MX_SERIAL_RING] = byte;
    head++;
}

bool serial_pending(void)
{
    return head != tail;
}

/* --- what slipif wants ------------------------------------------------------ */

sio_fd_t sio_open(u8_t number)
{
    (void)number;
    board_serial_start();
    return &sent; /* anything but NULL: there is only one */
}

void sio_send(u8_t byte, sio_fd_t line)
{
    (void)line;
    board_serial_putc(byte);
    sent++;
}

u32_t sio_tryread(sio_fd_t line, u8_t *data, u32_t len)
{
    u32_t n = 0;

    (void)line;
    while (n < len && tail != turn_end) {
        data[n++] = ring[tail % MX_SERIAL_RING];
        tail++;
    }
    return n;
}

/* --- link.h ----------------------------------------------------------------- */

int link_add(struct netif *n)
{
    return netif_add_noaddr(n, NULL, slipif_init, ip_input) != NULL ? 0
                                                                    : MX_EIO;
}

int link_start(struct netif *n, const struct mx_settings *settings)
{
    if (mx_settings_text(settings, MX_SETTING_ADDRESS) == NULL) {
        log_begin(MX_LOG_ERROR, "address", 0);
        log_text("why", "the configuration has no address, and a serial line "
                        "has no DHCP: address = 10.0.2.15/24");
        log_end();
        return MX_EINVAL;
    }
    netif_set_link_up(n);
    return address_start(n, settings);
}

bool link_poll(struct netif *n)
{
    turn_end = head;
    if (turn_end != tail) {
        slipif_poll(n);
        board_serial_listen();
    }
    return serial_pending();
}

void link_status(struct mx_console *c)
{
    const struct mx_console_level line[] = {
        {tail, "bytes received"},
        {sent, "sent"},
    };

    mx_console_levels(c, "serial line", line, COUNT(line));
}
