# SPDX-License-Identifier: BSD-3-Clause
"""Cables are pulled and buttons are pressed in the middle of a message."""
import contextlib
import os
import time

import pytest

from cases import HEADER
from maildir import lf
from output import PATIENCE
from peer import Peer, stuffed

WAYS = ["clear", "TLS"]
TEXT = HEADER + b"".join(b"%07d %s\r\n" % (i, b"z" * 60) for i in range(1700))


def begin(mx, context):
    peer = Peer(mx.port).hello(context)
    peer.envelope()
    peer.cmd("DATA", 354)
    return peer


def on_card(mx, lines):
    """Waits until one of two lines is on the card, wherever and of whatever:
    the other may be on two pages."""
    deadline = time.monotonic() + PATIENCE
    with open(mx.machine.card, "rb", buffering=0) as image:
        while time.monotonic() < deadline:
            image.seek(0)
            while chunk := sparse(image):
                if any(line in chunk for line in lines):
                    return
    raise AssertionError(f"{lines} never came to the card")


def sparse(image):
    """The next piece of a sparse file that is not a hole."""
    try:
        at = image.seek(image.tell(), os.SEEK_DATA)
    except OSError:
        return b""  # only holes are left
    end = image.seek(at, os.SEEK_HOLE)
    image.seek(at)
    return image.read(end - at)


def received(mx):
    """How many frames, when none of those that came in time is left in the
    MAC: between two answers the device takes one at least."""
    before, now = None, mx.counters()
    while now["ethernet.received"] != before:
        before, now = now["ethernet.received"], mx.counters()
    return before


@pytest.mark.parametrize("way", WAYS)
def test_cable_in_data(mx, pki, way):
    """Pulled in DATA, sent into nothing, back again: nothing is missing."""
    half, rest = TEXT[:40_000], stuffed(TEXT)[40_000:]
    with begin(mx, pki.context() if way == "TLS" else None) as peer:
        peer.send(half)
        mx.machine.cable(False)
        before = received(mx)
        peer.sock.settimeout(None)
        peer.send(rest[:30_000])
        counters = mx.counters()
        assert counters["ethernet.received"] == before
        assert counters["server.sessions"] == 1
        mx.machine.cable(True)
        peer.sock.settimeout(PATIENCE)
        peer.send(rest[30_000:])
        assert peer.reply().startswith("250 2.0.0")
        peer.quit()
    assert mx.maildir.only().body == lf(TEXT)
    assert mx.counters()["server.aborted"] == 0


@pytest.mark.parametrize("way", WAYS)
def test_cable_while_idle(mx, pki, way):
    """Pulled and back between two messages: the session never knew."""
    with Peer(mx.port).hello(pki.context() if way == "TLS" else None) as peer:
        peer.deliver()
        mx.machine.cable(False)
        peer.send("NOOP\r\n")
        assert mx.counters()["server.sessions"] == 1
        mx.machine.cable(True)
        assert peer.reply() == "250 2.0.0 OK"
        peer.deliver()
        peer.quit()
    assert len(mx.maildir.messages()) == 2


@pytest.mark.parametrize("way", WAYS)
def test_reset_in_data(mx, pki, way):
    """The reset button in DATA: nothing of this message is on the card, those
    that were committed are, and the next goes behind them."""
    context = pki.context() if way == "TLS" else None
    with Peer(mx.port).hello(context) as peer:
        for number in range(3):
            peer.deliver(HEADER + b"number %d\r\n" % number)
        peer.quit()
    kept = mx.maildir.messages()
    with begin(mx, context) as peer:
        peer.send(TEXT)
        on_card(mx, TEXT.splitlines()[850:852])
        mx.reset()
        with contextlib.suppress(ConnectionError):  # if it is told already
            peer.send(b"more\r\n")
        assert b"250" not in peer.ends()
    counters = mx.counters()
    assert counters["spool.messages"] == 3 and counters["spool.damaged"] == 0
    assert mx.maildir.messages() == kept
    with Peer(mx.port).hello(pki.context() if way == "TLS" else None) as peer:
        peer.deliver(HEADER + b"after\r\n")
        peer.quit()
    found = mx.maildir.messages()
    assert found[:3] == kept and len(found) == 4
    assert found[3].body == lf(HEADER) + b"after\n"


def test_reset_right_behind_250(mx, pki):
    """What was answered by 250 is there after a reset."""
    for number in range(5):
        with Peer(mx.port).hello(pki.context()) as peer:
            peer.deliver(HEADER + b"number %d\r\n" % number)
            mx.reset()
    assert [m.body for m in mx.maildir.messages()] == [
        lf(HEADER) + b"number %d\n" % number for number in range(5)]
