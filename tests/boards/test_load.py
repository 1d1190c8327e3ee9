# SPDX-License-Identifier: BSD-3-Clause
"""What fits into a board at once, and that all of it comes back.

At the end of every test the device must be back at its start level: board.py.
"""
import ssl

import pytest

from cases import LONG_8BIT
from half import BODY, all_at_once
from maildir import lf
from peer import Client, Peer

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


def nothing_failed(counters):
    failures = {name: value for name, value in counters.items()
                if name.endswith((".err", ".failures", ".errors", ".damaged",
                                  ".broken", ".stuck")) and value}
    # A frame that finds no buffer is TCP's to send again.
    failures.pop("lwip.PBUF_POOL.err", None)
    assert not failures, failures


def test_two_hundred_messages(mx, pki):
    """Two hundred in a row, in clear and in both versions of TLS."""
    for number in range(20):
        version = (None, V12, V13)[number % 3]
        with Peer(mx.port).hello(version and pki.context(version)) as peer:
            for _ in range(10):
                peer.deliver(LONG_8BIT)
            peer.quit()
    counters = mx.idle()
    assert counters["server.accepted"] == 200
    nothing_failed(counters)
    found = mx.maildir.messages()
    assert len(found) == 200
    assert {message.body for message in found} == {lf(LONG_8BIT)}


@pytest.mark.parametrize("version", [V12, V13])
def test_all_at_once(mx, pki, version):
    """As many handshakes at once as there are TLS sessions, then as many
    messages in full-size records, all half received; and one more sender, who
    waits and gets its turn."""
    sent = all_at_once(mx, pki.context(version))
    counters = mx.idle()
    assert counters["server.tls_sessions_peak"] == sent - 1 > 1
    assert counters["server.tls_waits"] == 1
    assert counters["server.accepted"] == sent
    nothing_failed(counters)
    assert [m.body for m in mx.maildir.messages()] == [lf(BODY)] * sent


def test_newcomers(mx, pki):
    """As many sessions as there is room for; beyond it 421, until one ends."""
    limit = mx.counters()["sessions.limit"]
    peers = [Peer(mx.port).hello() for _ in range(limit)]
    for _ in range(3):
        with Peer(mx.port, greeting="421 4.3.2") as more:
            more.eof()
    for peer in peers:
        peer.deliver()
        peer.quit()
    counters = mx.idle()
    assert counters["server.refused"] == 3
    assert counters["server.accepted"] == limit
    with Peer(mx.port).hello(pki.context()) as peer:
        peer.deliver()
        peer.quit()


def test_aborted_handshakes(mx, pki):
    """Forty in a row, each cut off after another part of the ClientHello or
    after our answer; then a good one."""
    context = pki.context(V13)
    for number in range(40):
        with Peer(mx.port).hello() as peer:
            peer.cmd("STARTTLS", "220 ")
            hello = Client(context).step()
            if number % 4:
                peer.send(hello[:len(hello) * number // 40])
            else:
                peer.send(hello)
                assert peer.read()
            peer.reset() if number % 2 else peer.fin()
        assert mx.idle()["server.tls_sessions"] == 0
    assert mx.recovered()["server.handshakes"] == 0
    with Peer(mx.port).hello(context) as peer:
        peer.deliver(BODY)
        peer.quit()
    assert mx.maildir.only().body == lf(BODY)
