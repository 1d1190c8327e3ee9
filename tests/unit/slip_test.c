/* SPDX-License-Identifier: BSD-3-Clause */
/* Both ends of a serial line: the board's, link_slip.c over lwIP's slipif, and the
 * bridge's, packet.c; each has the other for a peer. */
#include "settings_image.h"
#include "test_port.h"

#include "board.h"
#include "link.h"
#include "packet.h"
#include "serial.h"

#include "tinymx/console.h"
#include "tinymx/err.h"

#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define END 0300
#define ESC 0333

static struct netif netif;
static uint8_t line[PACKET_CODED_MAX]; /* what the board sent */
static size_t line_len;
static unsigned started, listened;

/* What the board's IP layer got: how many packets, and the last of them. */
static uint8_t got[PACKET_MAX + 1];
static size_t got_len;
static unsigned got_count;
static uint8_t more; /* comes over the line while a packet is looked at */

/* --- the board ------------------------------------------------------------- */

u32_t sys_now(void)
{
    return 0;
}

void board_serial_start(void)
{
    started++;
}

void board_serial_listen(void)
{
    listened++;
}

void board_serial_putc(uint8_t byte)
{
    assert_true(line_len < sizeof line);
    line[line_len++] = byte;
}

static err_t ip_got(struct pbuf *p, struct netif *n)
{
    assert_ptr_equal(n, &netif);
    got_count++;
    got_len = pbuf_copy_partial(p, got, sizeof got, 0);
    pbuf_free(p);
    if (more != 0) {
        serial_put(more);
    }
    return ERR_OK;
}

static int add(void **state)
{
    (void)state;
    lwip_init();
    assert_int_equal(link_add(&netif), 0);
    assert_int_equal(started, 1);
    netif.input = ip_got;
    return 0;
}

static int forget(void **state)
{
    (void)state;
    more = 0;
    line_len = got_len = 0;
    got_count = listened = 0;
    return 0;
}

/* --- packets ----------------------------------------------------------------- */

/* All octets, those that are escaped among them. */
static void make(uint8_t *packet, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        packet[i] = (uint8_t)(i * 7 + len);
    }
}

/* The line into the board, `step` octets a turn. */
static void come(const uint8_t *bytes, size_t len, size_t step)
{
    for (size_t i = 0; i < len; i++) {
        serial_put(bytes[i]);
        if (i % step == step - 1 || i + 1 == len) {
            assert_false(link_poll(&netif));
        }
    }
}

static void to_the_board(void **state)
{
    uint8_t packet[PACKET_MAX], coded[PACKET_CODED_MAX];
    unsigned sent = 0;

    (void)state;
    for (size_t len = 1; len <= PACKET_MAX; len += len < 600 ? 1 : 97) {
        make(packet, len);
        come(coded, packet_encode(coded, packet, len), 1 + len % 11);
        assert_int_equal(got_count, ++sent);
        assert_int_equal(got_len, len);
        assert_memory_equal(got, packet, len);
    }
}

static void from_the_board(void **state)
{
    uint8_t packet[PACKET_MAX];
    struct packet decoded = {.len = 0};
    ip4_addr_t to = {0};

    (void)state;
    for (size_t len = 1; len <= PACKET_MAX; len += len < 600 ? 1 : 97) {
        struct pbuf *p = pbuf_alloc(PBUF_IP, (u16_t)len, PBUF_RAM);
        unsigned whole = 0;

        make(packet, len);
        pbuf_take(p, packet, (u16_t)len);
        line_len = 0;
        assert_int_equal(netif.output(&netif, p, &to), ERR_OK);
        pbuf_free(p);
        for (size_t i = 0; i < line_len; i++) {
            whole += packet_push(&decoded, line[i]);
        }
        assert_int_equal(whole, 1);
        assert_int_equal(decoded.len, len);
        assert_memory_equal(decoded.bytes, packet, len);
    }
}

/* What a line may bring that no sender meant; then a packet. */
static void noise(void **state)
{
    static const uint8_t esc[] = {'a', ESC, 'b', ESC, ESC, END};
    struct packet p = {.len = 0};
    bool whole = false;

    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        assert_false(packet_push(&p, END)); /* nothing between them */
    }
    for (unsigned i = 0; i <= PACKET_MAX; i++) {
        assert_false(packet_push(&p, 'x'));
    }
    assert_false(packet_push(&p, END)); /* too long */
    for (unsigned i = 0; i < PACKET_MAX; i++) {
        assert_false(packet_push(&p, 'x'));
    }
    assert_true(packet_push(&p, END)); /* just not */
    for (unsigned i = 0; i < sizeof esc; i++) {
        whole = packet_push(&p, esc[i]);
    }
    assert_true(whole);
    assert_int_equal(p.len, 3);
    assert_memory_equal(p.bytes, "ab\333", 3);
}

/* --- the ring ------------------------------------------------------------------ */

/* Nothing is lost while the interrupt stops at the end of its room, and goes on
 * when it is told that there is some. */
static void full_ring(void **state)
{
    static const uint8_t packet[] = {END, 'a', 'b', 'c', END};
    unsigned room = 0, packets = 0;

    (void)state;
    while (serial_room()) {
        serial_put(packet[room++ % sizeof packet]);
        packets += room % sizeof packet == 0;
    }
    assert_int_equal(room, MX_SERIAL_RING);
    assert_true(serial_pending());
    assert_false(link_poll(&netif));
    assert_int_equal(listened, 1);
    assert_true(serial_room());
    assert_false(serial_pending());
    assert_int_equal(got_count, packets);
    while (room % sizeof packet != 0) {
        come(&packet[room++ % sizeof packet], 1, 1);
    }
    assert_int_equal(got_count, packets + 1);
    assert_int_equal(got_len, 3);
}

/* A sender without a pause does not keep the main loop: what comes in a turn is
 * the next one's. */
static void turns(void **state)
{
    static const uint8_t packet[] = {'a', END};

    (void)state;
    more = 'b';
    serial_put(packet[0]);
    serial_put(packet[1]);
    assert_true(link_poll(&netif));
    assert_true(serial_pending());
    more = 0;
    assert_false(link_poll(&netif));
    come(packet + 1, 1, 1);
    assert_int_equal(got_count, 2);
    assert_memory_equal(got, "b", got_len);
    assert_false(link_poll(&netif)); /* nothing came: nothing is to be told */
    assert_int_equal(listened, 3);
}

/* --- its address ----------------------------------------------------------------- */

static int start(const char *address)
{
    struct settings_image im;
    struct mx_settings settings;
    const char *why;

    settings_image_begin(&im, 1);
    settings_image_add(&im, MX_SETTING_MX, "mx.test", sizeof "mx.test");
    if (address != NULL) {
        settings_image_add(&im, MX_SETTING_ADDRESS, address,
                           strlen(address) + 1);
    }
    settings_image_seal(&im);
    assert_int_equal(mx_settings_open(&settings, im.bytes, im.len, &why), 0);
    netif_set_up(&netif);
    return link_start(&netif, &settings);
}

static void address(void **state)
{
    (void)state;
    assert_int_equal(start(NULL), MX_EINVAL);
    assert_false(netif_is_link_up(&netif));
    assert_int_equal(start("10.0.2.15"), MX_EINVAL);
    assert_int_equal(start("10.0.2.15/24"), 0);
    assert_true(netif_is_link_up(&netif));
    assert_string_equal(ip4addr_ntoa(netif_ip4_addr(&netif)), "10.0.2.15");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(to_the_board, forget),
        cmocka_unit_test_setup(from_the_board, forget),
        cmocka_unit_test_setup(noise, forget),
        cmocka_unit_test_setup(full_ring, forget),
        cmocka_unit_test_setup(turns, forget),
        cmocka_unit_test_setup(address, forget),
    };

    return cmocka_run_group_tests(tests, add, NULL);
}
