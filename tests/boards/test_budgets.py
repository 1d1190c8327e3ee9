# SPDX-License-Identifier: BSD-3-Clause
"""Flash, RAM and instructions against tests/size/budgets."""
import ssl

import pytest

import budgets
from board import Board
from counts import Counts, ICOUNT, spent
from elf import RAM, segments
from half import Half, RECORD, all_at_once
from peer import Peer

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.fixture(scope="module")
def budget(request):
    return budgets.read(request.config.getoption("--board"))


def test_image(image, budget):
    """What is fixed when the image is linked."""
    found = list(segments(image))
    assert not budgets.over(budget, {
        "flash": sum(filed for _, load, filed, _ in found if load < RAM.start),
        "ram_static": sum(memory for address, _, _, memory in found
                          if address in RAM)})


def test_high_water_marks(mx, pki, budget):
    """What the device says of itself when it has had all at once: handshakes
    and full records of all sessions in both versions, a newcomer, refusals."""
    for version in (V12, V13):
        all_at_once(mx, pki.context(version))
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
# Of the image that counts them: port/cortexm/count.c.

@pytest.fixture
def counts(request, image, pki, tmp_path):
    counting = image.parent / "variants" / f"{image.stem}-count.elf"
    mx = Board(request.config.getoption("--board"), counting, pki, tmp_path,
               machine=ICOUNT)
    try:
        yield Counts(mx.started())
        print(mx.log())
        mx.terminate()
    finally:
        mx.kill()


@pytest.mark.parametrize("name, version", [("handshake_tls12", V12),
                                           ("handshake_tls13", V13)])
def test_handshake(counts, pki, budget, name, version):
    """TLS in a full handshake, from STARTTLS to the device's last word."""
    with Half(counts.mx.port, pki.context(version)) as half:
        before = counts.settled()
        since = counts.mx.mark()
        half.handshake()
        counts.mx.wait("tls", since)
        after = counts.settled()
        half.cmd(b"QUIT", b"221 ")
    assert not budgets.over(budget, {name: spent("tls", before, after)})


LINE = b"x" * 62 + b"\r\n"
TEXT = LINE * (RECORD // len(LINE))


def per_kb(counts, half):
    """Instructions of each part in a full record of text, per KB of it. Before
    it there is another: what begins a message is done, buffers are full."""
    before = counts.feed(half, half.client.records(TEXT))
    after = counts.feed(half, half.client.records(TEXT))
    return {part: spent(part, before, after) * 1024 // len(TEXT)
            for part in ("tls", "firmware", "network", "driver")}


@pytest.mark.parametrize("cipher", ["CHACHA20-POLY1305", "AES128-GCM-SHA256"])
def test_text(counts, pki, budget, cipher):
    """A message that is stored, and one that is refused (it has a bare LF) and
    thrown away."""
    context = pki.context(V12)
    context.set_ciphers("ECDHE-ECDSA-" + cipher)
    with Half(counts.mx.port, context) as half:
        half.handshake()
        half.envelope()
        counts.settled()
        counts.feed(half, half.client.records(b"\r\n"))  # its header ends
        stored = per_kb(counts, half)
        counts.feed(half, half.client.records(b"a\nb\r\n"))
        refused = per_kb(counts, half)
        half.cmd(b".", b"554 ")
        half.cmd(b"QUIT", b"221 ")
    assert not budgets.over(budget, {
        cipher.split("-", maxsplit=1)[0].lower() + "_kb": stored["tls"],
        "firmware_kb": stored["firmware"],
        "refused_kb": refused["firmware"],
        "network_kb": stored["network"],
        "driver_kb": stored["driver"]})


# --- the budgets themselves -------------------------------------------------

@pytest.mark.parametrize("line, kept, broken", [
    ("at-most 1000", [0, 1000], [1001]),
    ("at-least 1000", [1000, 2000], [999]),
    ("about 1000  # 2 %", [980, 1000, 1020], [979, 1021]),
    ("at-most 1010\nfigure about 1000", [980, 1010], [979, 1011]),
])
def test_kinds(line, kept, broken):
    budget = budgets.parse(f"# a comment\n\nfigure {line}\n")
    for value in kept:
        assert budgets.over(budget, {"figure": value}) == []
    for value in broken:
        assert len(budgets.over(budget, {"figure": value})) == 1
