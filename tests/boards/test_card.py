# SPDX-License-Identifier: BSD-3-Clause
"""A card that somebody else has used: as they are sold, for instance."""
from cases import HEADER
from peer import Peer
from test_console import say

FAT = b"\xeb\x3c\x90MSDOS5.0".ljust(510, b"\0") + b"\x55\xaa"
MEGABYTES = 64  # more than the log has ever had of it


def use_elsewhere(mx):
    """The card is what another device made of it, and is put in again."""
    with open(mx.machine.card, "r+b") as card:
        for _ in range(MEGABYTES):
            card.write(FAT * 2048)
    mx.reset()


def refused(mx):
    with Peer(mx.port).hello() as peer:
        peer.cmd("MAIL FROM:<sender@client.test>", "451 4.3.0")
        peer.quit()


def delivered(mx):
    with Peer(mx.port).hello() as peer:
        peer.deliver(HEADER + b"hello\r\n")
        peer.quit()
    mx.maildir.only()


def test_foreign_card(mx):
    """Left alone until the owner says so, twice; no mail is lost meanwhile, and
    then it comes without a restart."""
    since = mx.mark()
    use_elsewhere(mx)
    assert "the command format" in mx.wait("spool", since)["state"]
    refused(mx)
    say(mx, "mail", "^there is no spool: the log says why")
    say(mx, "format", "^all that is on it will be lost: format yes")
    with open(mx.machine.card, "rb") as card:
        assert card.read(512) == FAT
    say(mx, "format yes", "^it is a spool now")
    delivered(mx)
    say(mx, "format yes", "^it is a spool already")
    assert mx.maildir.only()
