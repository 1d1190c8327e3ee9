/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every limit of the build, once.
 *
 * A board overrides them in a header of its own, named by the macro
 * MX_CONFIG_FILE (a quoted file name, for instance "mx_config.h" of boards/sim).
 * lwipopts.h and mbedtls_config.h in port/config derive from this file. "RAM"
 * says what one step up costs; sizes are bytes unless the name says otherwise.
 */
#ifndef TINYMX_CONFIG_H
#define TINYMX_CONFIG_H

#ifdef MX_CONFIG_FILE
#include MX_CONFIG_FILE
#endif

/* --- sessions ----------------------------------------------------------- */

/* Connections at once. A newcomer beyond gets 421 and is closed.
 * RAM: a struct mx_session (see the size table) and a tcp_pcb each. */
#ifndef MX_SESSIONS
#define MX_SESSIONS 4
#endif

/* Connections at once of one peer, so that nobody has them all: of an IPv4
 * address, or of an IPv6 /64 (RFC 7421). A newcomer beyond gets 421 and is
 * closed. 0xffff: no limit. Half of them, as in Postfix, but never less than
 * three: fewer are too few for a sender of some size (RFC 5321 4.5.4.1 has it
 * open several), and a board with so few serves whom it can. RAM: none. */
#ifndef MX_PEER_SESSIONS
#define MX_PEER_SESSIONS (MX_SESSIONS < 6 ? 3 : MX_SESSIONS / 2)
#endif

/* New connections of one peer in a minute; beyond it gets 421. 0xffff: no
 * limit. A sender of some size opens one every few seconds; whoever opens two a
 * second for a minute is not about mail. RAM: none. */
#ifndef MX_PEER_CONNECTS
#define MX_PEER_CONNECTS 120
#endif

/* TLS handshakes of one peer in a minute; a STARTTLS beyond gets 421. 0xffff:
 * no limit. Each costs us 30 to 100 million instructions, and a peer next to
 * nothing. RAM: none. */
#ifndef MX_PEER_HANDSHAKES
#define MX_PEER_HANDSHAKES 30
#endif

/* Peers whose connections and handshakes of this minute are counted; when more
 * come, those that came least are forgotten. RAM: 12 bytes each. */
#ifndef MX_PEERS
#define MX_PEERS 16
#endif

/* TLS sessions at once. A STARTTLS beyond waits for one, then gets 421.
 * RAM: a struct mx_tls each, and about 20 KB of arena. */
#ifndef MX_TLS_SESSIONS
#define MX_TLS_SESSIONS 2
#endif

/* How many of the last sessions `status` tells of, and how much of what the
 * client called itself. RAM: 16 bytes each, and the name. */
#ifndef MX_RECENT
#define MX_RECENT 4
#endif
#ifndef MX_RECENT_NAME
#define MX_RECENT_NAME 32
#endif

/* Newcomers that are being told 421 at once; beyond these a SYN is dropped.
 * RAM: a tcp_pcb each. */
#ifndef MX_REFUSALS
#define MX_REFUSALS 2
#endif

/* --- SMTP --------------------------------------------------------------- */

/* Longest command line with its CRLF: 512 octets (RFC 5321 4.5.3.1.4) and what
 * the extensions add to MAIL: SIZE 26, BODY 17, SMTPUTF8 10, REQUIRETLS 11.
 * Replies are built in the same buffer. RAM: 1 byte a byte and session. */
#ifndef MX_LINE_MAX
#define MX_LINE_MAX 576
#endif

/* What is kept of the EHLO argument, for the Received: line. A longer name is
 * valid (RFC 5321 4.5.3.1.2: 255) and kept cut off. RAM: per session. */
#ifndef MX_HELO_MAX
#define MX_HELO_MAX 80
#endif

/* Defaults of struct mx_server_config. */
#ifndef MX_MESSAGE_MAX
#define MX_MESSAGE_MAX (10ul * 1024 * 1024) /* SIZE (RFC 1870) */
#endif
#ifndef MX_RCPT_MAX
#define MX_RCPT_MAX 100 /* recipients a message (RFC 5321 4.5.3.1.8) */
#endif
#ifndef MX_MAIL_MAX
#define MX_MAIL_MAX 1000 /* messages a session (RFC 9422 MAILMAX) */
#endif
/* Of a session; what is beyond gets 421. At most 254, and 127. */
#ifndef MX_ERRORS_MAX
#define MX_ERRORS_MAX 20 /* replies 5yz */
#endif
#ifndef MX_IDLE_MAX
#define MX_IDLE_MAX 100 /* NOOP, RSET, EHLO ... since a message was accepted */
#endif
#ifndef MX_UNKNOWN_MAX
#define MX_UNKNOWN_MAX 10 /* unknown recipients; those beyond wait MX_SLOW_S */
#endif

/* Received: fields that a message may have; with more it is in a loop: 554
 * 5.4.6. RFC 5321 6.3 thinks of 100, Postfix stops at 50 too; at most 254. */
#ifndef MX_HOPS_MAX
#define MX_HOPS_MAX 50
#endif

/* --- POP3 --------------------------------------------------------------- */

/* Messages that one POP3 session sees: the oldest ones. When these are deleted
 * the next session has the next. RAM: a bit each in a struct mx_pop3_service,
 * for images that have one. */
#ifndef MX_POP3_MESSAGES
#define MX_POP3_MESSAGES 256
#endif
/* POP3 connections at once, so that readers leave room for mail; a newcomer
 * beyond gets -ERR and is closed. Default of struct mx_pop3_service. */
#ifndef MX_POP3_SESSIONS
#define MX_POP3_SESSIONS 1
#endif
/* Failed logins of a session; the last one ends it. */
#ifndef MX_POP3_LOGINS
#define MX_POP3_LOGINS 3
#endif
/* Who has logged in may be silent for so long, seconds (RFC 1939 3: at least ten
 * minutes). */
#ifndef MX_POP3_IDLE_S
#define MX_POP3_IDLE_S 600
#endif

/* --- deadlines, seconds ------------------------------------------------- */

/* How long the greeting is held back, to see who does not wait for it (RFC 5321
 * 3.1 has the client wait). Postfix's postscreen takes six seconds; each costs a
 * slot, of which a device has few. */
#ifndef MX_GREET_S
#define MX_GREET_S 0
#endif
/* For the first command, EHLO or HELO, after the greeting or the handshake. A
 * sender's first thing to say is ready when it connects, so this one may be
 * shorter than RFC 5321's; a lost segment has to be sent again within it. */
#ifndef MX_FIRST_S
#define MX_FIRST_S 60
#endif
#ifndef MX_COMMAND_S
#define MX_COMMAND_S 300 /* for the next command (RFC 5321 4.5.3.2.7) */
#endif
#ifndef MX_DATA_S
#define MX_DATA_S 180 /* for the next bytes of a message (4.5.3.2.5) */
#endif
/* The rate at which a message has to come once it has taken longer than
 * MX_DATA_S, octets a second, averaged from its start; what our sink took does
 * not count. 0xffff: no limit. Postfix's smtpd_min_data_rate. RAM: 8 bytes a
 * session. */
#ifndef MX_MIN_RATE
#define MX_MIN_RATE 500
#endif
/* For a whole session, whatever it does: the largest message has to come within
 * it. 0xffff: no limit. RAM: 4 bytes a session. */
#ifndef MX_SESSION_S
#define MX_SESSION_S 3600
#endif
#ifndef MX_HANDSHAKE_S
#define MX_HANDSHAKE_S 30 /* for a whole TLS handshake */
#endif
#ifndef MX_TLS_WAIT_S
#define MX_TLS_WAIT_S 60 /* for a TLS slot, with 220 withheld; then 421 */
#endif
#ifndef MX_SLOW_S
#define MX_SLOW_S 5 /* before the reply to an unknown recipient too many */
#endif
#ifndef MX_LINGER_S
#define MX_LINGER_S 10 /* for the peer's FIN after our last reply */
#endif

/* When all slots are taken, the session that is idle for longest, outside a
 * transaction, has to go for a newcomer, if it is idle for so long. 0xffff:
 * never. RFC 5321 4.5.3.2.7 has us wait five minutes for a command, which a full
 * house cannot; Postfix waits ten seconds then (smtpd_timeout). RAM: none. */
#ifndef MX_EVICT_S
#define MX_EVICT_S 10
#endif

/* --- TLS ---------------------------------------------------------------- */

/* All of mbedTLS's memory. About 20 KB a session in handshake, and the
 * identity. RAM: itself. */
#ifndef MX_ARENA_SIZE
#define MX_ARENA_SIZE (40ul * 1024)
#endif

/* Inbound record, plaintext. Anything below 16384 breaks real senders
 * (RFC 8446 5.1, RFC 5246 6.2.1). RAM: arena, per TLS session. */
#ifndef MX_TLS_IN_MAX
#define MX_TLS_IN_MAX 16384
#endif

/* Outbound record, plaintext. Must hold our Certificate message whole: 512 is
 * enough for a self-signed certificate, 2304 for a public CA's with its
 * intermediate. RAM: arena, per TLS session. */
#ifndef MX_TLS_OUT_MAX
#define MX_TLS_OUT_MAX 2304
#endif

/* RSA certificates and keys as our identity. Flash: about 20 KB. */
#ifndef MX_TLS_RSA
#define MX_TLS_RSA 0
#endif

/* P-256 by the p256-m driver: 14 KB less flash and 3 KB less arena a session,
 * a handshake four times as long, no X25519. */
#ifndef MX_TLS_P256M
#define MX_TLS_P256M 0
#endif

/* TLS 1.2: ChaCha20-Poly1305 before AES-GCM, which is the slower one without
 * an AES engine. In TLS 1.3 mbedTLS takes the peer's first choice. */
#ifndef MX_TLS_PREFER_CHACHA
#define MX_TLS_PREFER_CHACHA 1
#endif

/* Suites with SHA-384, and certificates signed with it, as some public CAs' are
 * (without it such a certificate cannot be loaded). RAM: 1 KB of stack; arena:
 * 0.5 KB a session. Flash: 4.5 KB. */
#ifndef MX_TLS_SHA384
#define MX_TLS_SHA384 1
#endif

/* How long a session ticket is good, seconds; at most 604800 (RFC 8446 4.6.1).
 * The keys behind tickets change as often. */
#ifndef MX_TLS_TICKET_S
#define MX_TLS_TICKET_S 86400
#endif

/* Longest certificate chain and key, PEM or DER, that can be loaded. */
#ifndef MX_CERT_MAX
#define MX_CERT_MAX 8192
#endif

/* --- store --------------------------------------------------------------- */

/* Messages that the spool (tinymx/spool.h) takes at once; the next waits. RAM:
 * a struct mx_spool_msg each, which has a page of 512 bytes. */
#ifndef MX_SPOOL_OPEN
#define MX_SPOOL_OPEN 2
#endif

/* What is kept of a header field by a peek (tinymx/peek.h); a longer one is cut
 * off. RAM: itself, in each struct mx_peek. */
#ifndef MX_PEEK_MAX
#define MX_PEEK_MAX 200
#endif

/* --- network ------------------------------------------------------------ */

/* Ports that are listened on: SMTP and POP3, each with STARTTLS and with TLS
 * from the first byte. RAM: about 50 bytes each. */
#ifndef MX_LISTENERS
#define MX_LISTENERS 2
#endif

/* TCP segment and receive window; the sum of all windows must fit the pbufs. */
#ifndef MX_TCP_MSS
#define MX_TCP_MSS 1460
#endif
#ifndef MX_TCP_WND
#define MX_TCP_WND (2 * MX_TCP_MSS)
#endif
#ifndef MX_TCP_SND_BUF
#define MX_TCP_SND_BUF (2 * MX_TCP_MSS)
#endif

/* Segments on their way to peers. RAM: 16 bytes each (32-bit). */
#ifndef MX_TCP_SEG_COUNT
#define MX_TCP_SEG_COUNT (MX_SESSIONS * 8 + 8)
#endif

/* Receive pool. RAM: count times size, and 24 bytes a pbuf. */
#ifndef MX_PBUF_COUNT
#define MX_PBUF_COUNT (MX_SESSIONS * 12 + 8)
#endif
#ifndef MX_PBUF_SIZE
#define MX_PBUF_SIZE 256
#endif

/* lwIP's heap: bytes in flight to peers. RAM: itself. */
#ifndef MX_LWIP_HEAP
#define MX_LWIP_HEAP (MX_SESSIONS * 1536)
#endif

/* Bytes that come over a serial line (SLIP) while a handshake keeps the main loop
 * away; more are lost, and TCP sends them again. A power of two. RAM: itself,
 * where the link is that. */
#ifndef MX_SERIAL_RING
#define MX_SERIAL_RING 8192u
#endif

/* A resolver, and with it DNS block lists. RAM: about 2 KB; flash: 4 KB. */
#ifndef MX_DNS
#define MX_DNS 1
#endif

/* Peers whose standing on the block list is known. RAM: 32 bytes each. */
#ifndef MX_DNSBL_PEERS
#define MX_DNSBL_PEERS 16
#endif
/* For how long, and how long mail waits for an answer, seconds. */
#ifndef MX_DNSBL_CACHE_S
#define MX_DNSBL_CACHE_S 900
#endif
#ifndef MX_DNSBL_S
#define MX_DNSBL_S 5
#endif

/* Asks a time server, for dates (RFC 4330, by lwIP). A board's board.cmake turns
 * it on by TINYMX_BOARD_SNTP, which chooses the files too; without it the board
 * does not know the time, and says so. RAM: 276 bytes; flash: 3.1 KB. */
#ifndef MX_SNTP
#define MX_SNTP 0
#endif

/* When `identity doctor` gives up, seconds. */
#ifndef MX_DOCTOR_S
#define MX_DOCTOR_S 120
#endif

/* Is there only one network interface? Saves 2.7 KB of flash. */
#ifndef MX_SINGLE_NETIF
#define MX_SINGLE_NETIF 0
#endif

#ifndef MX_IPV6
#define MX_IPV6 1 /* RAM: about 2 KB; flash: 13.6 KB */
#endif

#endif
