# SPDX-License-Identifier: BSD-3-Clause
"""Too many, too late, too full: said clearly, and over when it is over."""
import subprocess
import threading

import pytest

import installed
from cases import HEADER
from peer import Peer

LARGE = HEADER + (b"0123456789abcdef" * 4 + b"\r\n") * 8000


@pytest.mark.short
def test_sessions(launch):
    """Beyond --sessions: 421 instead of a greeting, until one has left."""
    mx = launch(sessions=2)
    with Peer(mx.port) as one, Peer(mx.port) as two:
        for _ in range(3):
            with Peer(mx.port, greeting="421 4.3.2") as third:
                third.eof()
        for peer in (one, two):
            peer.hello().deliver()
        one.quit()
        mx.wait("free", count=1)
        with Peer(mx.port) as third:
            third.hello().deliver()
            third.quit()
        two.quit()
    counters = mx.idle()
    assert counters["server.refused"] == 3
    assert counters["server.sessions_peak"] == 2
    assert len(mx.maildir.messages()) == 3


def test_sessions_of_a_peer(launch):
    """Beyond --peer-sessions: 421 for this peer, and its others go on."""
    mx = launch(peer_sessions=1)
    with Peer(mx.port).hello() as one:
        with Peer(mx.port, greeting="421 4.7.0") as two:
            two.eof()
        one.deliver()
        one.quit()
    assert mx.idle()["server.refused_peer"] == 1


def test_connections_of_a_peer(launch):
    """Beyond --peer-connects in a minute: 421."""
    mx = launch(peer_connects=2)
    for _ in range(2):
        with Peer(mx.port).hello() as peer:
            peer.quit()
    with Peer(mx.port, greeting="421 4.7.0") as peer:
        peer.eof()
    assert mx.idle()["server.refused_rate"] == 1


@pytest.mark.short
def test_tls_session_is_waited_for(launch, pki):
    """With --tls-sessions 1 the second STARTTLS gets its 220 in the end."""
    mx = launch(tls_sessions=1)
    with Peer(mx.port).hello(pki.context()) as one:
        with Peer(mx.port).hello() as two, Peer(mx.port).hello() as three:
            two.send("STARTTLS\r\n")
            mx.wait("tls-wait", count=1)
            three.send("STARTTLS\r\n")
            mx.wait("tls-wait", count=2)
            one.deliver()
            one.quit()
            for peer in (two, three):
                assert peer.reply().startswith("220 ")
                peer.handshake(pki.context())
                peer.ehlo()
                peer.deliver()
                peer.quit()
    counters = mx.idle()
    assert counters["server.tls_waits"] == 2
    assert counters["server.tls_sessions_peak"] == 1
    assert len(mx.maildir.messages()) == 3


def test_tls_session_is_not_waited_for_for_ever(launch, pki):
    """After --tls-wait: 421, never 454; the session that has it goes on."""
    mx = launch(tls_sessions=1, tls_wait=1)
    with Peer(mx.port).hello(pki.context()) as one:
        with Peer(mx.port).hello() as two:
            two.cmd("STARTTLS", "421 4.")
            assert two.ends() == b""
        one.deliver()
        one.quit()


def test_waiting_client_gives_up(launch, pki):
    """A client that leaves while it waits makes room for the next."""
    mx = launch(tls_sessions=1)
    with Peer(mx.port).hello(pki.context()) as one:
        with Peer(mx.port).hello() as two:
            two.send("STARTTLS\r\n")
            mx.wait("tls-wait")
            two.reset()
        mx.wait("free", count=1)
        with Peer(mx.port).hello() as three:
            three.send("STARTTLS\r\n")
            mx.wait("tls-wait", count=2)
            one.quit()
            assert three.reply().startswith("220 ")
            three.handshake(pki.context())
            three.ehlo()
            three.quit()


def test_injection_while_waiting(launch, pki):
    """Bytes that come while STARTTLS waits are as bad as in its segment."""
    mx = launch(tls_sessions=1)
    with Peer(mx.port).hello(pki.context()) as one:
        with Peer(mx.port).hello() as two:
            two.send("STARTTLS\r\n")
            mx.wait("tls-wait")
            two.send("NOOP\r\n")
            rest = two.ends() if mx.events("breach") else None
            if rest is None:
                one.quit()
                rest = two.ends()
            assert b"250" not in rest and b"220" not in rest, rest
    mx.idle()


def test_messages_per_session(launch):
    """Beyond --max-mail: 421, and closed."""
    mx = launch(max_mail=2)
    with Peer(mx.port).hello() as peer:
        peer.deliver()
        peer.deliver()
        peer.cmd("MAIL FROM:<>", "421 4.7.0")
        assert peer.ends() == b""
    assert len(mx.maildir.messages()) == 2


COUNTS = {
    "errors": ({"max_errors": 3}, ["XYZZY", "DATA", "MAIL FROM:<a@b@c>",
                                   "RCPT"], "50", "421 4.7.0"),
    "idle": ({"max_idle": 4}, ["NOOP", "RSET", "VRFY joe", "RSET"], "25",
             "421 4.7.0"),
    "unknown": ({"max_unknown": 1, "slow": 1},
                ["MAIL FROM:<>", *["RCPT TO:<nobody@example.test>"] * 3],
                ("250", "550 5.1.1"), "421 4.7.1"),
}


@pytest.mark.parametrize("limits, commands, expect, end", COUNTS.values(),
                         ids=COUNTS)
def test_counts(launch, limits, commands, expect, end):
    """Beyond --max-errors, --max-idle, --max-unknown: 421, and closed."""
    mx = launch(**limits)
    with Peer(mx.port).hello() as peer:
        for command in commands[:-1]:
            assert peer.cmd(command).startswith(expect)
        peer.cmd(commands[-1], end)
        assert peer.ends() == b""
    mx.idle()


@pytest.mark.parametrize("deadline, begin, expect", [
    ("command_timeout", [], b"421 4.4.2"),
    ("command_timeout", ["MAIL FROM:<>", "RCPT TO:<joe@example.test>"],
     b"421 4.4.2"),
    ("data_timeout", ["MAIL FROM:<>", "RCPT TO:<joe@example.test>", "DATA"],
     b"421 4.4.2"),
    ("session_timeout", [], b"421 4.4.2"),
    ("handshake_timeout", ["STARTTLS"], b""),
])
def test_deadlines(launch, deadline, begin, expect):
    """A peer that falls silent is told why, where it can be, and let go."""
    mx = launch(**{deadline: 1})
    with Peer(mx.port).hello() as peer:
        for command in begin:
            peer.cmd(command)
        rest = peer.ends()
        assert rest.startswith(expect) and bool(rest) == bool(expect), rest
    assert mx.idle()["server.timeouts"] == 1
    mx.maildir.assert_empty()


def test_a_handshake_at_a_snails_pace(launch, pki):
    """--handshake-timeout is for all of it: an octet now and then is no help.
    """
    mx = launch(handshake_timeout=1)
    stop = threading.Event()
    with Peer(mx.port).hello() as peer:
        peer.cmd("STARTTLS", "220 ")

        def drip():
            try:
                for octet in b"\x16\x03\x01\x02\x00" + bytes(512):
                    peer.send(bytes((octet,)))
                    if stop.wait(0.1):
                        return
            except OSError:
                pass
        thread = threading.Thread(target=drip)
        thread.start()
        mx.wait("free")
        stop.set()
        thread.join()
    assert mx.idle()["server.timeouts"] == 1


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KB at `tmp_path`/disk."""
    installed.need_root("a small file system is mounted")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=755",
                            "tinymx", disk], capture_output=True, text=True)
    if mount.returncode != 0:
        pytest.skip("no tmpfs can be mounted: " + mount.stderr)
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("way", ["clear", "TLS"])
def test_full_disk(small_disk, launch, pki, way):
    """A full disk: 452 for the message, and all is well when there is room."""
    mx = launch(maildir=small_disk / "mail")
    with Peer(mx.port) as peer:
        peer.hello(pki.context() if way == "TLS" else None)
        peer.envelope()
        peer.data(LARGE, "452 4.3.1")
        mx.maildir.assert_empty()
        peer.deliver()
        filler = small_disk / "filler"
        with pytest.raises(OSError):
            filler.write_bytes(bytes(1024 * 1024))
        peer.cmd("RSET", 250)
        reply = refused(peer)
        assert reply.startswith("452 4.3.1"), reply
        filler.unlink()
        peer.cmd("RSET", 250)
        peer.deliver()
        peer.quit()
    assert len(mx.maildir.messages()) == 2
    assert mx.maildir.files("tmp") == []
    assert mx.idle()["server.accepted"] == 2


def refused(peer):
    """Tries to deliver; the first reply that is not a yes."""
    for command in ("MAIL FROM:<>", "RCPT TO:<joe@example.test>", "DATA"):
        reply = peer.cmd(command)
        if reply[0] not in "23":
            return reply
    peer.send(HEADER + b"text\r\n.\r\n")
    return peer.reply()


def test_file_size_limit(launch):
    """A limit on file sizes (RLIMIT_FSIZE) is a refusal, not a death."""
    mx = launch(wrap=["prlimit", "--fsize=100000", "--"])
    with Peer(mx.port).hello() as peer:
        peer.envelope()
        peer.data(LARGE, "45")
        mx.maildir.assert_empty()
        peer.deliver()
        peer.quit()
    assert len(mx.maildir.messages()) == 1


def test_unwritable_maildir(small_disk, launch):
    """A disk that goes read-only: 451; writable again: delivered."""
    mx = launch(maildir=small_disk / "mail")
    with Peer(mx.port).hello() as peer:
        peer.deliver()
        remount(small_disk, "ro")
        reply = refused(peer)
        assert reply.startswith("451 4.3.0"), reply
        remount(small_disk, "rw")
        peer.cmd("RSET", 250)
        peer.deliver()
        peer.quit()
    assert len(mx.maildir.messages()) == 2


def remount(disk, how):
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True)
