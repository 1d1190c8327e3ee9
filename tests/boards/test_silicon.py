# SPDX-License-Identifier: BSD-3-Clause
"""The image for silicon, which has no host to ask for randomness.

QEMU runs it without semihosting: a breakpoint would be a fault.
"""
import re
import subprocess

from board import variant_of
from cases import HEADER
from maildir import lf
from peer import Peer


def semihosting(image):
    """How many calls of the host are in the code."""
    listing = subprocess.run(
        ["arm-none-eabi-objdump", "--disassemble", image], text=True,
        capture_output=True, check=True).stdout
    return len(re.findall(r"\tbkpt\t0x00ab\b", listing))


def test_no_semihosting(image):
    """Not a single call; the image for QEMU has some, which are seen."""
    assert semihosting(image) > 0
    assert semihosting(variant_of(image, "silicon")) == 0


def test_no_randomness(launch):
    """TLS is not offered, and the console says why; mail comes in clear."""
    mx = launch(variant="silicon", tls=False, place={"host": False})
    why = mx.wait("identity")
    assert why["tls"] == "not offered"
    assert why["error"] == "no source of randomness"
    with Peer(mx.port) as peer:
        assert "STARTTLS" not in peer.ehlo()
        peer.cmd("STARTTLS", "502 5.5.1")
        peer.deliver(HEADER)
        peer.quit()
    message = mx.maildir.only()
    assert message.body == lf(HEADER)
    assert " with ESMTP id " in message.received
    assert mx.counters()["server.handshakes"] == 0


def test_exit_without_an_emulator(launch):
    """The console's `exit` finds none to end, and the device goes on."""
    mx = launch(variant="silicon", tls=False, place={"host": False})
    since = mx.mark()
    mx.machine.type("exit")
    mx.output.wait("^no emulator", since)
    with Peer(mx.port).hello() as peer:
        peer.quit()
