# SPDX-License-Identifier: BSD-3-Clause
"""A thousand messages, and every byte of memory back afterwards."""
import concurrent.futures
import ssl

import pytest

from cases import LONG_8BIT
from maildir import lf
from peer import Peer

# Levels, not high-water marks. A pcb in TIME_WAIT is no leak: lwIP takes the
# oldest of them when it needs one, so that pool is not in here.
LEVELS = ["arena.used", "arena.blocks", "heap.used", "lwip.PBUF.used",
          "lwip.PBUF_POOL.used", "lwip.TCP_SEG.used",
          "lwip.TCP_PCB_LISTEN.used", "lwip.SYS_TIMEOUT.used",
          "server.sessions", "server.tls_sessions"]
FAILURES = ["arena.failures", "heap.err", "lwip.PBUF.err",
            "lwip.PBUF_POOL.err", "lwip.TCP_SEG.err", "link.tcp_memerr",
            "server.aborted", "server.timeouts", "server.refused"]


def levels(counters):
    return {name: counters[name] for name in LEVELS}


def contexts(pki):
    """Clear; a new TLS session of either version; and by ticket."""
    return [None, pki.context(ssl.TLSVersion.TLSv1_2),
            pki.context(ssl.TLSVersion.TLSv1_3)]


def one_connection(mx, context, messages):
    with Peer(mx.port).hello(context) as peer:
        for number in range(messages):
            peer.deliver(LONG_8BIT, sender=f"{number}@client.test")
        peer.quit()


def run(mx, pki, connections, messages, at_once=8):
    """`connections` of `messages` each; returns what the counters say."""
    kinds = contexts(pki)
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for done in [pool.submit(one_connection, mx, kinds[i % 3], messages)
                     for i in range(connections)]:
            done.result()
    return mx.idle()


@pytest.mark.parametrize("connections, messages", [(1000, 1), (10, 100)])
def test_thousand_messages(launch, pki, connections, messages):
    """A thousand, over as many connections, and over a few."""
    mx = launch(log_level="info")
    before = run(mx, pki, 12, 1)  # caches and tickets are there now
    after = run(mx, pki, connections, messages)
    assert levels(after) == levels(before)
    assert {name: after[name] for name in FAILURES} == dict.fromkeys(
        FAILURES, 0)
    found = mx.maildir.messages()
    assert len(found) == after["server.accepted"] == 1012
    assert {m.body for m in found} == {lf(LONG_8BIT)}
    assert mx.maildir.files("tmp") == []


@pytest.mark.short
def test_all_slots_at_once(launch, pki):
    """As many TLS sessions as there is room for, all with a message open."""
    mx = launch(tls_sessions=16, sessions=17)
    context = pki.context()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        peers = list(pool.map(lambda _: Peer(mx.port).hello(context),
                              range(16)))
        for peer in peers:
            peer.envelope()
            peer.cmd("DATA", 354)
        for peer in peers:
            peer.send(LONG_8BIT.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        for peer in peers:
            assert peer.reply().startswith("250 2.0.0")
            peer.quit()
            peer.sock.close()
    counters = mx.idle()
    assert counters["server.tls_sessions_peak"] == 16
    assert counters["arena.failures"] == 0
    assert {m.body for m in mx.maildir.messages()} == {lf(LONG_8BIT)}
    assert len(mx.maildir.messages()) == 16
