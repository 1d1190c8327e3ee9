# SPDX-License-Identifier: BSD-3-Clause
"""Flash, RAM and instructions against tests/size/budgets."""
import ssl
import struct
import time
from typing import NamedTuple

import pytest

import budgets
from half import Half, two_at_once
from output import PATIENCE
from peer import Peer

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
FLASH_END = 0x20000000


@pytest.fixture(scope="module")
def budget(request):
    return budgets.read(request.config.getoption("--board"))


def segments(image):
    """(address, load address, bytes in the file, bytes) of what is loaded."""
    raw = image.read_bytes()
    at, size, count = (*struct.unpack_from("<I", raw, 28),
                       *struct.unpack_from("<2H", raw, 42))
    for number in range(count):
        kind, _, address, load, filed, memory = struct.unpack_from(
            "<6I", raw, at + number * size)
        if kind == 1:
            yield address, load, filed, memory


def test_image(image, budget):
    """What is fixed when the image is linked."""
    found = list(segments(image))
    assert not budgets.over(budget, {
        "flash": sum(filed for _, load, filed, _ in found if load < FLASH_END),
        "ram_static": sum(memory for address, _, _, memory in found
                          if address >= FLASH_END)})


def test_high_water_marks(mx, pki, budget):
    """What the device says of itself when it has had all at once: handshakes
    and full records of two sessions in both versions, a newcomer, refusals."""
    for version in (V12, V13):
        two_at_once(mx, pki.context(version))
    peers = [Peer(mx.port) for _ in range(mx.counters()["sessions.limit"])]
    Peer(mx.port, greeting="421 ").eof()
    for peer in peers:
        peer.quit()
    now = mx.recovered()
    assert not budgets.over(budget, {
        "arena_peak": now["arena.peak"],
        "arena_failures": now["arena.failures"],
        "stack_peak": now["stack.peak"],
        "stack_untouched": now["stack.size"] - now["stack.peak"],
        "heap_peak": now["heap.max"],
        "pbuf_pool_peak": now["lwip.PBUF_POOL.max"]})


# --- instructions -----------------------------------------------------------
#
# Under -icount shift=0 an instruction takes a nanosecond. With sleep=off the
# clock does not run with the wall's while the core sleeps, so that the time
# between two frames is the instructions between them. QEMU's capture has it in
# microseconds: thousands of instructions.

PATH = "frames.pcap"
ICOUNT = ["-icount", "shift=0,sleep=off",
          "-object", f"filter-dump,id=dump,netdev=cable,file={PATH}"]


class Frame(NamedTuple):
    us: int      # when
    ours: bool   # the device's
    end: int     # its sequence number, and its payload
    ack: int
    size: int    # of its payload


class Frames:
    """The TCP segments of a capture, as they come."""

    def __init__(self, mx):
        self.mx, self.seen = mx, 0

    def new(self):
        """Those with a payload since the last look, when the device has
        received all that it was sent, and has done its work."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.mx.counters()
            found = list(self.read())
            sent = [frame for frame in found if not frame.ours]
            acks = [frame for frame in found if frame.ours]
            if acks[-1].ack == sent[-1].end:
                break
            assert time.monotonic() < deadline, (sent[-1], acks[-1])
        self.mx.counters()
        new, self.seen = found[self.seen:], len(found)
        return [frame for frame in new if frame.size]

    def read(self):
        raw, at = (self.mx.folder / PATH).read_bytes(), 24
        while at < len(raw):
            seconds, us, size = struct.unpack_from("<3I", raw, at)
            frame, at = raw[at + 16:at + 16 + size], at + 16 + size
            if frame[12:14] == b"\x08\x00" and frame[23] == 6:
                tcp = 14 + (frame[14] & 15) * 4
                total, = struct.unpack_from(">H", frame, 16)
                source, _, seq, ack, offset = struct.unpack_from(
                    ">2H2IB", frame, tcp)
                payload = 14 + total - tcp - (offset >> 4) * 4
                yield Frame(seconds * 1_000_000 + us, source == 25,
                            seq + payload, ack, payload)


def worked(frames):
    """Microseconds from each last segment of the client to the last of the
    device's answer."""
    sum_us = asked = 0
    for frame, following in zip(frames, [*frames[1:], None]):
        if not frame.ours:
            asked = frame.us
        elif not following or not following.ours:
            sum_us += frame.us - asked
    return sum_us


@pytest.mark.parametrize("name, version", [("handshake_tls12", V12),
                                           ("handshake_tls13", V13)])
def test_handshake(launch, pki, budget, name, version):
    """A full handshake, from STARTTLS to the device's last word."""
    mx = launch(machine=ICOUNT)
    context = pki.context(version)
    frames = Frames(mx)
    with Half(mx.port, context) as half:
        frames.new()
        half.handshake()
        thousands = worked(frames.new())
        half.cmd(b"QUIT", b"221 ")
    assert not budgets.over(budget, {name: thousands})


# What becomes of the text: thrown away (it has a bare LF), or stored.
FATES = {"": (b"a\nb", b"554 "), "stored_": (b"a b", b"250 ")}


@pytest.mark.parametrize("cipher", ["CHACHA20-POLY1305", "AES128-GCM-SHA256"])
@pytest.mark.parametrize("fate", FATES)
def test_text(launch, pki, budget, fate, cipher):
    """A KB of a message: a record of 16,000 octets against one of 1,024."""
    mx = launch(machine=ICOUNT)
    context = pki.context(V12)
    context.set_ciphers("ECDHE-ECDSA-" + cipher)
    frames, us = Frames(mx), {}
    with Half(mx.port, context) as half:
        half.handshake()
        for size in (1024, 16000):
            begin, expect = FATES[fate]
            half.envelope()
            text = (begin + (b"x" * 62 + b"\r\n") * 250)[:size - 5]
            record = half.client.records(text + b"\r\n.\r\n")
            frames.new()
            sent = len(record) - 1
            half.peer.send(record[:-1])
            while sent > 0:
                sent -= sum(f.size for f in frames.new() if not f.ours)
            half.peer.send(record[-1:])
            assert half.reply().startswith(expect)
            us[size] = worked(frames.new())
        half.cmd(b"QUIT", b"221 ")
    name = fate + cipher.split("-", maxsplit=1)[0].lower() + "_kb"
    instructions = (us[16000] - us[1024]) * 1000 * 1024 // (16000 - 1024)
    assert not budgets.over(budget, {name: instructions})
