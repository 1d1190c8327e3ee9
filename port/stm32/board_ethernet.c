/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * board.h's Ethernet, by eth.h. A MAC that does not start, for want of a PHY or
 * its clock, is tried again every second: the console works meanwhile, and says
 * what is missing.
 */
#include "base.h"
#include "board.h"
#include "board_data.h"
#include "chip.h"
#include "eth.h"
#include "hw.h"
#include "nvic.h"
#include "parts.h"
#include "typed.h"

#include "tinymx/console.h"
#include "tinymx/port.h"
#include "util/log.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define RETRY_MS 1000

/* The chip's part of the vector table, behind the core's. */
__attribute__((section(".vectors.irq"),
               used)) static void (*const handlers[IRQ_COUNT])(void) = {
    [USART3_IRQn] = console_interrupt,
    [ETH_IRQn] = eth_interrupt,
};

static struct eth_config config;
static bool started;
static uint32_t tried_ms;

static void log_failure(void)
{
    log_begin(MX_LOG_ERROR, "ethernet", 0);
    log_text("state", "the MAC does not start, trying on");
    for (unsigned i = 0; hw_missed(i) != NULL; i++) {
        log_str("missing", hw_missed(i));
    }
    log_end();
}

static void try_to_start(void)
{
    static bool said;

    tried_ms = mx_port_now_ms();
    started = eth_start(&config) == 0;
    if (started) {
        nvic_enable(ETH_IRQn);
    } else if (!said) {
        said = true;
        log_failure();
    }
}

int board_eth_start(uint8_t mac[6])
{
    chip_mac(mac);
    for (unsigned i = 0; i < sizeof config.mac; i++) {
        config.mac[i] = mac[i];
    }
    config.phy = board_data.phy;
    config.hclk_hz = board_clocks()->hclk_hz;
    gpio_alternate(board_data.eth_pins, board_data.eth_pin_count);
    try_to_start();
    return 0;
}

bool board_eth_link(void)
{
    if (!started && mx_port_now_ms() - tried_ms >= RETRY_MS) {
        try_to_start();
    }
    return started && eth_poll(mx_port_now_ms());
}

bool board_eth_send(const struct pbuf *frame)
{
    return started && eth_send(frame);
}

struct pbuf *board_eth_receive(bool *more)
{
    *more = false;
    return started ? eth_receive(more) : NULL;
}

bool board_pending(void)
{
    return (started && eth_pending()) || typed_pending();
}

const struct board_eth_stats *board_eth_stats(void)
{
    static struct board_eth_stats stats;
    const struct eth_stats *e = eth_stats();

    stats = (struct board_eth_stats){
        .sent = e->sent,
        .received = e->received,
        .no_pbuf = e->no_pbuf,
        .broken = e->broken,
        .overruns = e->overruns,
        .stuck = e->stuck,
    };
    return &stats;
}

void board_link_status(struct mx_console *c)
{
    const struct eth_stats *e = eth_stats();
    const struct phy_stats *p = phy_stats();
    const struct mx_console_level dma[] = {
        {e->unavailable, "stops without a buffer"},
        {e->bus_errors, "bus errors"},
    };
    const struct mx_console_level link[] = {
        {p->changes, "changes"},
        {p->restarts, "restarts of the PHY"},
    };

    mx_console_levels(c, "DMA", dma, COUNT(dma));
    mx_console_levels(c, "link", link, COUNT(link));
}
