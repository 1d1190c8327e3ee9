/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * tinymx in a program on a PC: lwIP on a network without privileges, a clock,
 * randomness, a log on stderr, and a Maildir for the mail.
 *
 *     the PC                              │ the device, in your process
 *                                         │
 *     peer ─► 127.0.0.1:2525 ─► libslirp ─┼─ frames ─► lwIP ─► mx_server
 *                               or a TAP  │             10.0.2.15:25
 *
 *     mx_posix_net_up(&net, why);
 *     mx_server_init(&server, &config);
 *     port = mx_posix_forward("127.0.0.1", 2525, 25, why);
 *     for (;;) {
 *         mx_posix_wait(mx_server_poll(&server), -1, NULL);
 *     }
 *
 * This library defines the functions of tinymx/port.h. lwIP is one to a
 * process, and so is the network: its state is not the caller's to place. One
 * thread. Nothing here exits, and nothing but the log is printed.
 *
 * `why`, where a function has it, is NULL or MX_POSIX_WHY_MAX bytes for a
 * sentence (no full stop) that says what failed and what to do.
 */
#ifndef TINYMX_POSIX_H
#define TINYMX_POSIX_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tinymx/block.h"
#include "tinymx/config.h"
#include "tinymx/port.h"
#include "tinymx/sink.h"

#define MX_POSIX_WHY_MAX 512

/* --- network ------------------------------------------------------------ */

/* Addresses of the user-mode network: the device, and what a peer on this PC's
 * loopback looks like to it. */
#define MX_POSIX_USER_ADDRESS "10.0.2.15"
#define MX_POSIX_USER_ADDRESS6 "fec0::15"
#define MX_POSIX_USER_PEER "10.0.2.2"
#define MX_POSIX_USER_PEER6 "fec0::2"

/* lwIP keeps one IPv6 address of its own, the link-local one, and one that a
 * router hands out. */
#define MX_POSIX_ADDRESS6_MAX 1

struct mx_posix_net_config {
    const char *tap;      /* TAP interface; NULL: the user-mode network */
    const char *address;  /* with `tap`: "192.0.2.5/24"; NULL or "dhcp" */
    const char *gateway;  /* with `tap` and an address: its router, or NULL */
    const char *address6; /* with `tap`: "2001:db8::5", a /64; NULL: only what
                             routers advertise (SLAAC) */
    const char *dns;      /* resolver, IPv4; NULL: what DHCP says. Without
                             `tap` it lets the device out to it: 10.0.2.3 is
                             the PC's own */
};

/* Starts lwIP and attaches it. Once; again after mx_posix_net_down().
 * 0; MX_EINVAL: the configuration; MX_EIO: the system said no. */
int mx_posix_net_up(const struct mx_posix_net_config *cfg, char *why);

/* User-mode network only: connections to host:port of the PC reach guest_port
 * of the device. `host` is an IPv4 or IPv6 literal without brackets; IPv6 comes
 * in as IPv6. Port 0 picks a free one. Call it when the device listens.
 * The port (> 0), MX_EINVAL, MX_EEXIST: in use, MX_EIO. */
int mx_posix_forward(const char *host, uint16_t port, uint16_t guest_port,
                     char *why);

/* Sleeps until a frame arrives, a timer of lwIP is due, `ms` have passed, `fd`
 * (-1: none) can be read, or a signal is handled; `mask` (NULL: as it is) is
 * the signal mask of the sleep, as ppoll(2) has it. Then does all of lwIP's
 * work. 1 when `fd` can be read, else 0. */
int mx_posix_wait(uint32_t ms, int fd, const sigset_t *mask);

/* Hands to the network what lwIP has to send, without sleeping: before
 * mx_posix_net_down(), so that last words are heard. */
void mx_posix_flush(void);

void mx_posix_net_down(void);

/* The device's IPv4 address as text, "0.0.0.0" while DHCP has none. Static. */
const char *mx_posix_address(void);

/* --- log ---------------------------------------------------------------- */

/* Lines above this level are dropped. MX_LOG_INFO at first. */
void mx_posix_log_level(enum mx_log_level level);

/* --- Maildir ------------------------------------------------------------ */

/* Bytes of a message that wait to be written at once. */
#define MX_MAILDIR_BUF 8192
#define MX_MAILDIR_NAME 160

/* Private. */
struct mx_maildir_msg {
    int fd;      /* in tmp/; -1: this place is free */
    bool cr;     /* a CR is held back: a LF may follow */
    size_t fill; /* bytes in buf */
    char name[MX_MAILDIR_NAME];
    char buf[MX_MAILDIR_BUF];
};

/*
 * A sink that delivers into a Maildir: each message is written under tmp/,
 * fsynced, linked into new/, and new/ is fsynced before commit() returns 0.
 * In front stand Return-Path: and one Delivered-To: for each recipient. Lines
 * end in LF alone, as readers of a Maildir expect: CR LF becomes LF, every
 * other byte stays. A disk that is full or over quota is MX_ENOSPC, all else
 * MX_EIO; the log has the system's words.
 */
struct mx_maildir {
    struct mx_sink sink; /* set by mx_maildir_init() */
    int tmp_fd;
    int new_fd;
    uint32_t count;
    char host[64];
    struct mx_maildir_msg msg[MX_SESSIONS];
};

/* Makes DIR, DIR/tmp, DIR/new, DIR/cur (0700) where they are missing and
 * removes files from tmp/ that nobody has touched for 36 hours. `dir` is not
 * needed afterwards. 0, or MX_EIO. */
int mx_maildir_init(struct mx_maildir *maildir, const char *dir, char *why);

/* Aborts what is open and closes the folders. */
void mx_maildir_close(struct mx_maildir *maildir);

/* --- a file as a block device ------------------------------------------- */

/* An SD card on a PC: blocks of 512 bytes, programmed over without erasing;
 * sync() is fdatasync(2). */
struct mx_block_file {
    struct mx_block block; /* set by mx_block_file_open() */
    int fd;
};

/* Opens `path` (0600 if it is new) and locks it. One that is new or empty
 * becomes `size` bytes long, sparse and zero; another keeps its length, and
 * what is behind its last whole block is not used.
 * 0; MX_EINVAL: less than a block, or more than 2^32; MX_EIO: the system said
 * no, or another program has it. */
int mx_block_file_open(struct mx_block_file *file, const char *path,
                       uint64_t size, char *why);

/* Not synced: that is the store's to do. */
void mx_block_file_close(struct mx_block_file *file);

#endif
