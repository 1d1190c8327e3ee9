/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a Maildir is played: a folder in /tmp, a sender's calls in short, and
 * faults of the system, made by standing before its calls (ld's --wrap). */
#ifndef TINYMX_TEST_MAILDIR_STAGE_H
#define TINYMX_TEST_MAILDIR_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tinymx/posix.h"

/* Return-Path: of every message here. */
#define FRONT "Return-Path: <a@b.test>\n"

extern struct mx_maildir maildir;
extern char dir[128];
/* The message that take_message() read. */
extern char content[6 * 1024 * 1024];

/* Which call fails (counted from 1; 0: none), with what. */
struct fault {
    unsigned at;
    int error;
    unsigned calls;
};

extern struct fault write_fault, fsync_fault, linkat_fault;
extern size_t write_most; /* 0: as much as was asked for */
extern char order[64];    /* a letter for each call: w, s, l */

void no_faults(void);

/* A fresh Maildir for each test. */
int setup(void **state);
int teardown(void **state);
int make_base(void **state);
int remove_base(void **state);

int open_message(void);
int add_rcpt(int msg, const char *text);
int put(int msg, const void *bytes, size_t len);
void must_put(int msg, const void *bytes, size_t len);
int commit(int msg);
void abort_message(int msg);

/* Files in a folder; the name of one of them goes to `name`, if not NULL. */
unsigned count(const char *folder, char *name);
void assert_empty(void);

/* Reads the one message in new/ into `content` and removes it. */
size_t take_message(void);

#endif
