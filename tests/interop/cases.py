# SPDX-License-Identifier: BSD-3-Clause
"""Messages that something may stumble over, with CRLF line ends."""

HEADER = (b"From: <sender@client.test>\r\nTo: <joe@example.test>\r\n"
          b"Subject: a\r\n folded =?utf-8?q?one?=\r\n"
          b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n"
          b"Message-ID: <1@client.test>\r\n\r\n")
EIGHT_BIT = bytes(range(0x80, 0x100))
LONG_8BIT = HEADER + b"\xc3\xa4 " * 300 + b"\r\n.dot\r\n..two\r\n.\r\nend\r\n"
BIG = HEADER + b"".join(b"%07d %s\r\n" % (i, b"x" * 60)
                        for i in range(5_000_000 // 70))

# What DATA can carry (everything ends in CRLF then); name, message.
MESSAGES = {
    "8-bit": HEADER + EIGHT_BIT + b"\r\n",
    "dots": HEADER + b".\r\n..\r\n...\r\n.x\r\nx.\r\n. \r\n\r\n.\r\n",
    "no body": HEADER,
    "no header": b"\r\njust text\r\n",
    "nothing": b"",
    "an empty line": b"\r\n",
    "1 octet": b"x\r\n",
    "1000 octets": HEADER + b"y" * 998 + b"\r\n",
    "100,000 octets": HEADER + b"z" * 100_000 + b"\r\nafter\r\n",
    "control characters": HEADER + bytes(
        c for c in range(1, 0x20) if c not in b"\r\n") + b"\x7f\r\n",
}
