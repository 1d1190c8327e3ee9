# SPDX-License-Identifier: BSD-3-Clause
"""Sessions that end in the middle: nothing is delivered, nothing is kept."""
import signal
import ssl
import threading

import pytest

from cases import HEADER
from peer import Client, Peer

WAYS = ["clear", "TLS"]
TEXT = HEADER + b"the first half\r\n" * 100

# How far a session gets before it ends.
PHASES = {
    "greeting": lambda peer: None,
    "half a command": lambda peer: peer.send("EHL"),
    "EHLO": lambda peer: peer.ehlo(),
    "MAIL": lambda peer: (peer.ehlo(), peer.cmd("MAIL FROM:<>", 250)),
    "RCPT": lambda peer: (peer.ehlo(), peer.envelope()),
    "354": lambda peer: (peer.ehlo(), peer.envelope(), peer.cmd("DATA", 354)),
    "DATA": lambda peer: in_data(peer),
    "DATA, CR": lambda peer: (in_data(peer), peer.send(b"\r\n.\r")),
    "BDAT": lambda peer: in_bdat(peer, b"BDAT 5000 LAST\r\n"),
    "between chunks": lambda peer: (in_bdat(peer, b"BDAT %d\r\n" % len(TEXT)),
                                    peer.reply()),
}
ENDS = {"FIN": lambda peer: (peer.fin(), peer.ends()),
        "RST": lambda peer: peer.reset()}


def in_data(peer):
    peer.ehlo()
    peer.envelope()
    peer.cmd("DATA", 354)
    peer.send(TEXT)


def in_bdat(peer, command):
    peer.ehlo()
    peer.envelope()
    peer.send(command + TEXT)


@pytest.mark.short
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("way", WAYS)
def test_every_phase(mx, pki, way, end):
    """FIN or RST wherever: no message, all memory back, others served.

    In TLS the FIN comes without close_notify: a truncation."""
    before = levels(mx.counters())
    for phase in PHASES.values():
        with Peer(mx.port) as peer:
            if way == "TLS":
                peer.ehlo()
                peer.starttls(pki.context())
            phase(peer)
            end(peer)
        mx.idle()
    after = mx.idle()
    mx.maildir.assert_empty()
    assert after["server.accepted"] == 0
    assert after["server.aborted"] > 0
    assert levels(after) == before
    with Peer(mx.port).hello(pki.context()) as peer:
        peer.deliver()
        peer.quit()
    assert len(mx.maildir.messages()) == 1


def levels(counters):
    """Those counters that have to come back."""
    return {name: value for name, value in counters.items() if name in (
        "arena.used", "arena.blocks", "server.sessions", "server.tls_sessions",
        "heap.used", "lwip.PBUF.used", "lwip.PBUF_POOL.used",
        "lwip.TCP_SEG.used")}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_every_phase_of_the_handshake(mx, pki, version, end):
    """The same in the middle of a handshake, by STARTTLS."""
    before = levels(mx.counters())
    for phase in range(5):
        with Peer(mx.port).hello() as peer:
            peer.cmd("STARTTLS", "220 ")
            client = Client(pki.context(version))
            hello = client.step()
            if phase == 1:
                peer.send(hello[:3])
            elif phase == 2:
                peer.send(hello[:-1])
            elif phase >= 3:
                peer.send(hello)
                answer = client.step(peer.read())
                if phase == 4:
                    peer.send(answer[:-1])
            end(peer)
        after = mx.idle()
    assert after["server.handshakes"] == 0
    assert levels(after) == before


def test_half_close_after_quit(mx, pki):
    """A client may close its side as soon as it has sent QUIT."""
    for context in (None, pki.context()):
        with Peer(mx.port).hello(context) as peer:
            peer.deliver()
            peer.send("QUIT\r\n")
            peer.fin()
            assert peer.ends().startswith(b"221 ")
    assert len(mx.maildir.messages()) == 2
    mx.idle()


def test_half_close_behind_a_message(mx):
    """In clear, a whole message with a FIN right behind it is whole."""
    with Peer(mx.port).hello() as peer:
        peer.envelope()
        peer.cmd("DATA", 354)
        peer.send(HEADER + b"text\r\n.\r\n")
        peer.fin()
        assert peer.ends().startswith(b"250 2.0.0")
    assert len(mx.maildir.messages()) == 1


@pytest.mark.short
@pytest.mark.parametrize("way", WAYS)
def test_terminated_in_data(mx, pki, way):
    """SIGTERM in the middle of a message: aborted, and an orderly end."""
    with Peer(mx.port) as peer:
        peer.hello(pki.context() if way == "TLS" else None)
        peer.envelope()
        peer.cmd("DATA", 354)
        peer.send(TEXT)
        mx.process.send_signal(signal.SIGTERM)
        assert b"250" not in peer.ends()
    mx.finished()
    assert mx.last_counters()["server.aborted"] == 1
    mx.maildir.assert_empty()


@pytest.mark.parametrize("way", WAYS)
def test_slow_reader(mx, pki, way):
    """Replies nobody reads stop the device from listening, and are not lost."""
    count = 10_000  # recipients, of whom a hundred are accepted
    line = b"RCPT TO:<joe@example.test>\r\n"
    with Peer(mx.port, rcvbuf=4096) as peer:
        peer.hello(pki.context() if way == "TLS" else None)
        peer.cmd("MAIL FROM:<>", "250 2.1.0")
        sender = threading.Thread(target=peer.send, args=[line * count])
        sender.start()
        with Peer(mx.port).hello() as other:  # others are served meanwhile
            other.deliver()
            other.quit()
        for number in range(count):
            code = peer.reply()[:9]
            assert code == ("250 2.1.5" if number < 100 else "452 4.5.3")
        sender.join()
        peer.quit()
    mx.idle()


def test_closed_streams(launch):
    """Standard input closed from the start: as good as any other."""
    mx = launch(wrap=["sh", "-c", 'exec "$@" <&-', "sh"])
    with Peer(mx.port).hello() as peer:
        peer.deliver()
        peer.quit()
