# SPDX-License-Identifier: BSD-3-Clause
"""All sessions are taken, one has nearly a whole record of 16 KB: who comes is
told 421, nobody else is disturbed, and all of it stays within the budgets."""
import contextlib
import ssl

import pytest

import budgets
from cases import HEADER
from half import RECORD, Half
from maildir import lf
from peer import Peer, stuffed

TEXT = HEADER + b"".join(b"%06d %s\r\n" % (i, b"y" * 55) for i in range(1000))
NEWCOMERS = 3


def deliver(mx, half, others):
    """A message in full records; newcomers before the last octet of each, when
    none of the others has been idle for long."""
    half.envelope()
    text = stuffed(TEXT)
    for at in range(0, len(text), RECORD):
        record = half.client.records(text[at:at + RECORD])
        half.peer.send(record[:-1])
        for peer in others:
            peer.cmd("NOOP", "250 ")
        for _ in range(NEWCOMERS):
            with Peer(mx.port, greeting="421 4.3.2") as newcomer:
                newcomer.eof()
        half.peer.send(record[-1:])
    assert half.reply().startswith(b"250 2.0.0")
    return len(range(0, len(text), RECORD)) * NEWCOMERS


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_newcomers(request, mx, pki, version):
    """The last session there is, from the handshake on, with all the others
    taken and idle."""
    count = mx.counters()["sessions.limit"] - 1
    with contextlib.ExitStack() as house:
        others = [house.enter_context(Peer(mx.port).hello())
                  for _ in range(count)]
        half = house.enter_context(Half(mx.port, pki.context(version)))
        half.handshake()
        refused = deliver(mx, half, others)
        half.cmd(b"QUIT", b"221 ")
    now = mx.recovered()
    assert now["server.refused"] == refused
    assert mx.maildir.only().body == lf(TEXT)
    assert not budgets.over(
        budgets.read(request.config.getoption("--board")), {
            "arena_peak": now["arena.peak"],
            "heap_peak": now["heap.max"],
            "pbuf_pool_peak": now["lwip.PBUF_POOL.max"]})
