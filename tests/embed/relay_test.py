#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Builds examples/relay outside the tree, runs it, and has real senders switch
it, or try to."""
import smtplib
import subprocess
from typing import NamedTuple, Optional

import example

JOE = "joe@example.org"
TO = "lamp@example.test"
STORED, REFUSED = 250, 554


class Mail(NamedTuple):
    client: str
    tls: bool
    sender: str
    subject: str  # all behind the colon; maybe folded
    reply: int
    switched: Optional[str] = None


MAILS = (
    Mail("swaks", True, JOE, "relay on", STORED, "on"),
    Mail("curl", True, JOE, "relay off", STORED, "off"),
    Mail("smtplib", True, JOE, "relay on", STORED, "on"),
    # In other words that are the same.
    Mail("smtplib", True, "Joe@Example.ORG", "Relay OFF", STORED, "off"),
    Mail("smtplib", True, JOE, "=?utf-8?b?cmVsYXkgb24=?=", STORED, "on"),
    Mail("swaks", True, JOE, "=?UTF-8?Q?relay=20off?=", STORED, "off"),
    Mail("smtplib", True, JOE, "=?utf-8?q?rel?=\r\n =?us-ascii?q?ay_on?=",
         STORED, "on"),
    Mail("smtplib", True, JOE, "\r\n relay\r\n\toff", STORED, "off"),
    # In clear, or from others: who sent it is told.
    Mail("swaks", False, JOE, "relay on", REFUSED),
    Mail("smtplib", False, JOE, "=?utf-8?b?cmVsYXkgb24=?=", REFUSED),
    Mail("curl", False, JOE, "relay on", REFUSED),
    Mail("swaks", True, "jim@example.org", "relay on", REFUSED),
    Mail("curl", True, "joe@example.com", "relay on", REFUSED),
    Mail("smtplib", True, "joe@example.or", "relay on", REFUSED),
    Mail("smtplib", True, "joe@example.orgg", "relay on", REFUSED),
    Mail("smtplib", True, "", "relay on", REFUSED),
    # Not about the relay.
    Mail("smtplib", True, JOE, "relay on?", STORED),
    Mail("smtplib", True, JOE, "relay on " + 300 * "x", STORED),
    Mail("swaks", False, "jim@example.org", "hello", STORED),
    Mail("smtplib", True, JOE, "\r\nX-Subject: relay on", STORED),
    Mail("smtplib", True, JOE, "hello\r\nSubject: relay on", STORED),
    Mail("smtplib", True, JOE, "hello\r\n\r\nSubject: relay on", STORED),
    # It did not stick on the way.
    Mail("curl", True, JOE, "relay on", STORED, "on"),
)


def text(mail):
    return (f"From: {JOE}\r\nTo: {TO}\r\nSubject: {mail.subject}\r\n\r\n"
            "relay off\r\n")


def refusal(command, output):
    """What a command said that ended in failure."""
    assert "554 5.7.1" in output, f"{command}:\n{output}"
    return REFUSED


def by_command(command, mail):
    done = subprocess.run(command, input=text(mail), text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return refusal(command, done.stdout) if done.returncode else STORED


def by_swaks(port, mail):
    return by_command(
        ["swaks", "--server", "127.0.0.1", "--port", str(port),
         *(["--tls"] if mail.tls else []), "--helo", "client.example",
         "--from", mail.sender, "--to", TO, "--data", "-"], mail)


def by_curl(port, mail):
    return by_command(
        ["curl", "--silent", "--verbose", "--insecure",
         *(["--ssl-reqd"] if mail.tls else []),
         f"smtp://127.0.0.1:{port}/client.example", "--mail-from",
         mail.sender, "--mail-rcpt", TO, "--upload-file", "-"], mail)


def by_smtplib(port, mail):
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        if mail.tls:
            client.starttls(context=example.trusting())
        try:
            client.sendmail(mail.sender, [TO], text(mail))
        except smtplib.SMTPDataError as error:
            assert error.smtp_error.startswith(b"5.7.1 "), error
            return error.smtp_code
    return STORED


CLIENTS = {"swaks": by_swaks, "curl": by_curl, "smtplib": by_smtplib}


def main():
    args = example.arguments(__doc__)
    program = example.build(args, "relay")
    maildir = args.work / "mail"
    with example.running(program, 0, maildir) as (process, port):
        for mail in MAILS:
            reply = CLIENTS[mail.client](port, mail)
            assert reply == mail.reply, f"{mail}: {reply}"
        # It switches before it replies: all that it said is there.
        process.kill()
        said = process.stdout.read().splitlines()
    assert said == [f"relay {mail.switched}" for mail in MAILS
                    if mail.switched], said
    stored = len(list((maildir / "new").iterdir()))
    assert stored == sum(mail.reply == STORED for mail in MAILS), stored
    print(f"switched {len(said)} times by {len(MAILS)} mails, {stored} stored")


if __name__ == "__main__":
    main()
