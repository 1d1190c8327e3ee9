# SPDX-License-Identifier: BSD-3-Clause
"""The disk under a spool's file fails it: the file is sparse, and full is only
found out when a page is written. Whoever is affected is told to come again, and
what was acknowledged is there."""
import subprocess

import pytest

from cases import HEADER
from maildir import lf
from peer import Peer, stuffed
from test_limits import small_disk  # noqa: F401  pylint: disable=unused-import

LETTERS = 200
ENOUGH = 5  # refusals


def letter(number):
    return HEADER + b"number %d\r\n" % number + b"x" * 70 + b"\r\n" * 3000


def offer(peer, number):
    """Tries to deliver; the last reply."""
    for command in ("MAIL FROM:<>", "RCPT TO:<joe@example.test>", "DATA"):
        reply = peer.cmd(command)
        if reply[0] not in "23":
            peer.cmd("RSET", 250)
            return reply
    peer.send(stuffed(letter(number)))
    return peer.reply()


def fill(peer, first=0):
    """Until it was refused often enough: (those that were taken, replies to
    the others)."""
    taken, refused = [], []
    for number in range(first, first + LETTERS):
        reply = offer(peer, number)
        if reply.startswith("250"):
            taken.append(number)
        else:
            refused.append(reply)
        if len(refused) == ENOUGH:
            break
    return taken, refused


def expect(mx, taken):
    assert [message.body for message in mx.maildir.messages()] == \
        [lf(letter(number)) for number in taken]


@pytest.mark.parametrize("way", ["clear", "TLS"])
def test_full_disk(small_disk, launch, pki, way):  # noqa: F811
    """ENOSPC: 45x, and 250 again as soon as there is room."""
    mx = launch(spool=small_disk / "spool", spool_size="4M")
    with Peer(mx.port).hello(pki.context() if way == "TLS" else None) as peer:
        taken, refused = fill(peer)
        assert taken and len(refused) == ENOUGH
        assert {reply[:9] for reply in refused} <= {"451 4.3.0", "452 4.3.1"}
        expect(mx, taken)
        subprocess.run(["mount", "-o", "remount,size=16m", small_disk],
                       check=True)
        more, refused = fill(peer, LETTERS)
        assert more and {reply[:9] for reply in refused} <= {"452 4.3.1"}
        expect(mx, taken + more)
        peer.quit()
    mx.terminate()
    mx = launch(spool=small_disk / "spool")
    expect(mx, taken + more)


def test_file_size_limit(launch, tmp_path):
    """RLIMIT_FSIZE: the same, and no death by SIGXFSZ."""
    path = tmp_path / "spool"
    launch(spool=path, spool_size="4M").terminate()
    mx = launch(spool=path, wrap=["prlimit", "--fsize=200000", "--"])
    with Peer(mx.port).hello() as peer:
        taken, refused = fill(peer)
        assert taken and len(refused) == ENOUGH
        assert {reply[:9] for reply in refused} <= {"451 4.3.0", "452 4.3.1"}
        peer.quit()
    expect(mx, taken)
    mx.terminate()
    mx = launch(spool=path)
    expect(mx, taken)
