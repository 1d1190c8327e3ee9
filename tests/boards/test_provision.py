# SPDX-License-Identifier: BSD-3-Clause
"""A board and its configuration: it does what that says, and serves nobody
without one."""
import ssl
import struct

import pytest

from machine import Machine
from peer import Peer
from pki import Authority, openssl
from provision import provision
from reader import USER
from test_pop3 import VERIFIER
from trust import holds


def flipped(image):
    """A bit of the last item."""
    image[-1] ^= 1


def newer(image):
    image[8:12] = struct.pack("<I", 2)


def cut(image):
    del image[-12:]  # flash reads as zeros behind it


DAMAGE = {
    "blank": (None, "there is no configuration"),
    "flipped": (flipped, "damaged or cut off"),
    "newer": (newer, "of another version"),
    "cut": (cut, "damaged or cut off"),
}


@pytest.mark.parametrize("damage, says", DAMAGE.values(), ids=DAMAGE)
def test_serves_nobody(request, image, tmp_path, damage, says):
    """It says why and what to do; its console works; port 25 is closed."""
    config = False
    if damage:
        config = provision(tmp_path)
        bytes_ = bytearray(config.read_bytes())
        damage(bytes_)
        config.write_bytes(bytes_)
    machine = Machine(request.config.getoption("--board"), image, tmp_path,
                      config=config)
    try:
        said = machine.output.wait(r"level=error event=settings .*")[0]
        assert says in said and "tinymx-provision my.conf -o config.bin" in said
        assert machine.facts["config"][2:] in said
        machine.type("help")
        machine.output.wait(r"status")
        machine.type("status")
        machine.output.wait(r"reset: ")
        assert "event=listen" not in machine.log()
        assert "event=address" not in machine.log()
        with pytest.raises((OSError, AssertionError)):
            Peer(machine.port())
        assert machine.quit() == 0
    finally:
        machine.kill()


def test_serves(launch, pki):
    """Name, mailboxes and limits are those of the configuration."""
    mx = launch(mx="mail.example.org", rcpt=["joe@example.org"],
                domain=["example.net"], max_message=2000, max_rcpt=1)
    with Peer(mx.port) as peer:
        assert peer.greeting.startswith("220 mail.example.org ")
        assert peer.ehlo()["SIZE"] == "2000"
        peer.cmd("MAIL FROM:<> SIZE=2001", "552 5.3.4")
        peer.cmd("MAIL FROM:<>", 250)
        peer.cmd("RCPT TO:<joe@example.test>", "550 5.7.1")
        peer.cmd("RCPT TO:<joe@example.net>", "550 5.1.1")
        peer.cmd("RCPT TO:<postmaster@example.net>", "250 2.1.5")
        peer.cmd("RCPT TO:<joe@example.org>", "452 4.5.3")
        peer.quit()


def test_deadline(launch):
    """One of them; the others take the same way."""
    mx = launch(command_timeout=1)
    with Peer(mx.port) as peer:
        peer.ehlo()
        assert peer.reply().startswith("421 4.4.2")
    assert mx.idle()["server.timeouts"] == 1


def test_survives_reset(launch):
    mx = launch(max_message=2000)
    mx.reset()
    with Peer(mx.port) as peer:
        assert peer.ehlo()["SIZE"] == "2000"
        peer.quit()


def test_no_pop3_in_this_image(launch):
    """Who wants to read is told why it does not work."""
    mx = launch(pop3_user=USER, pop3_password=VERIFIER)
    assert "not in this image" in mx.events("pop3", level="warn")[0]["state"]


def test_identity_of_the_owner(launch, tmp_path):
    """Its certificate is shown, and nothing of its key is told."""
    owner = Authority(tmp_path)
    mx = launch(identity=owner.good)
    with Peer(mx.port).hello(owner.context()) as peer:
        shown = peer.sock.getpeercert(binary_form=True)
        peer.quit()
    assert shown == ssl.PEM_cert_to_DER_cert(owner.good.cert.read_text())
    mx.machine.type("help")
    mx.counters()
    key = openssl("pkey", "-in", owner.good.key, "-outform", "DER")
    assert holds(f"event=x {key[40:60].hex()}", key)
    assert not holds(mx.machine.log(), key[30:])
    assert "PRIVATE KEY" not in mx.machine.log()
