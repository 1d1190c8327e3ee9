/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SPAN(FUNCTION, PART): while the function runs, and calls nothing else that
 * stands here, instructions are PART's (count.c). The linker puts a span in
 * front of each; CMakeLists.txt reads the names from here. Only functions that
 * are called from another file, with all arguments in registers.
 *
 * What merely looks (mx_tls_state(), mx_smtp_ask()) is not here: a turn of the
 * server in which nothing of FIRMWARE and TLS was called is one that found
 * nothing to do.
 */

SPAN(mx_smtp_init, FIRMWARE)
SPAN(mx_smtp_push, FIRMWARE)
SPAN(mx_smtp_out_ack, FIRMWARE)
SPAN(mx_smtp_answer, FIRMWARE)

SPAN(mx_tls_start, TLS)
SPAN(mx_tls_push, TLS)
SPAN(mx_tls_push_eof, TLS)
SPAN(mx_tls_in_ack, TLS)
SPAN(mx_tls_write, TLS)
SPAN(mx_tls_out_ack, TLS)
SPAN(mx_tls_close, TLS)
SPAN(mx_tls_end, TLS)

SPAN(net_poll, NETWORK)
SPAN(tcp_recved, NETWORK)
SPAN(tcp_write, NETWORK)
SPAN(tcp_output, NETWORK)
SPAN(tcp_shutdown, NETWORK)
SPAN(tcp_close, NETWORK)
SPAN(tcp_abort, NETWORK)
SPAN(pbuf_free, NETWORK)

SPAN(ethernet_interrupt, DRIVER)
SPAN(board_eth_receive, DRIVER)
SPAN(board_eth_send, DRIVER)
SPAN(mx_port_entropy, DRIVER)
SPAN(mx_port_log, DRIVER)
