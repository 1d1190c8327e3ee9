#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Builds examples/embed outside the tree, runs it, and sends it a mail."""
import smtplib

import example


def deliver(port):
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.starttls(context=example.trusting())
        client.sendmail("a@b.example", ["joe@example.test"],
                        "Subject: lamp on\r\n\r\nSubject: not this\r\n")
        try:
            client.sendmail("a@b.example", ["joe@other.test"], "x\r\n")
        except smtplib.SMTPRecipientsRefused as refused:
            (code, _), = refused.recipients.values()
            assert code == 550, code
        else:
            raise AssertionError("it relays")


def main():
    args = example.arguments(__doc__)
    with example.running(example.build(args, "embed"), 0) as (process, port):
        deliver(port)
        line = process.stdout.readline()
        assert line == "subject: lamp on\n", line
    print("a mail arrived")


if __name__ == "__main__":
    main()
