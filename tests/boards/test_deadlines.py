# SPDX-License-Identifier: BSD-3-Clause
"""A peer that falls silent, by the device's own clock.

Under -icount with sleep=off the machine's time is the instructions it runs, and
where it sleeps, time jumps to what wakes it: minutes pass in moments.
"""
from decimal import Decimal

import pytest

from peer import Peer

ICOUNT = ["-icount", "shift=0,sleep=off"]
IN_DATA = "MAIL FROM:<>\r\nRCPT TO:<joe@example.test>\r\nDATA\r\n"

# What is said, one write each, until silence falls; the last words; and the
# seconds until then: config.h.
SILENCE = {
    "greeted": ([], b"421 4.4.2", 60),
    "in a transaction": (["EHLO client.test\r\n", "MAIL FROM:<>\r\n"],
                         b"421 4.4.2", 300),
    "in a message": (["EHLO client.test\r\n", IN_DATA, "Subject: half"],
                     b"421 4.4.2", 180),
    "in the handshake": (["EHLO client.test\r\n", "STARTTLS\r\n"], b"", 30),
}


@pytest.mark.parametrize("said, last, seconds", SILENCE.values(), ids=SILENCE)
def test_silence(launch, said, last, seconds):
    """It is told why, where it can be, and not too early; all memory is back
    after it, and nothing is in the spool."""
    mx = launch(machine=ICOUNT)
    since = mx.mark()
    with Peer(mx.port) as peer:
        for commands in said:
            peer.send(commands)
            for _ in range(commands.count("\r\n")):
                peer.reply()
        rest = peer.ends()
    assert rest.startswith(last) and bool(rest) == bool(last), rest
    begin, end = mx.wait("connect", since), mx.wait("timeout", since)
    assert Decimal(end["up"]) - Decimal(begin["up"]) >= seconds, (begin, end)
    assert mx.recovered()["server.timeouts"] == 1
    mx.maildir.assert_empty()
