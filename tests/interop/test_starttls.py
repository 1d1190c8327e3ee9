# SPDX-License-Identifier: BSD-3-Clause
"""STARTTLS is an airlock (RFC 3207 4.2), and nothing gets round it."""
import socket
import ssl

import pytest

from device import FLAG
from peer import Peer

TRANSACTION = b"MAIL FROM:<x@client.test>\r\nRCPT TO:<joe@example.test>\r\n"


@pytest.mark.short
@pytest.mark.parametrize("behind", [b"NOOP\r\n", b"R", TRANSACTION, b"\r\n",
                                    b"\x16\x03\x01\x00\x05hello"],
                         ids=repr)
def test_injection(mx, behind):
    """Bytes in the same segment as STARTTLS: 554, closed, never parsed."""
    with Peer(mx.port).hello() as peer:
        peer.send(b"STARTTLS\r\n" + behind)
        assert peer.reply().startswith("554 5.5.0")
        assert peer.ends() == b""
    assert mx.idle()["server.breaches"] == 1
    assert mx.events("breach")


def test_required(launch, pki):
    """With --require-tls there is no mail in clear, and there is in TLS."""
    mx = launch(require_tls=FLAG)
    with Peer(mx.port).hello() as peer:
        peer.cmd("MAIL FROM:<x@client.test>", "530 5.7.0")
        peer.cmd("NOOP", 250)
        peer.starttls(pki.context())
        peer.ehlo()
        peer.deliver()
        peer.quit()
    assert len(mx.maildir.messages()) == 1


def test_nothing_is_remembered(mx, pki):
    """Neither EHLO nor an open transaction lives on inside TLS."""
    with Peer(mx.port).hello() as peer:
        peer.envelope()
        peer.cmd("RSET", 250)
        peer.starttls(pki.context())
        peer.cmd("DATA", "503 5.5.1")
        peer.cmd("RCPT TO:<joe@example.test>", "503 5.5.1")
        peer.cmd("MAIL FROM:<x@client.test>", "503 5.5.1")
        assert "STARTTLS" not in peer.ehlo()
        peer.cmd("STARTTLS", "503 5.5.1")
        peer.deliver()
        peer.quit()
    assert mx.maildir.only().received.startswith("from client.test ")


def test_not_inside_a_transaction(mx, pki):
    """A transaction begun in clear is gone, or STARTTLS is refused."""
    with Peer(mx.port).hello() as peer:
        peer.envelope()
        reply = peer.cmd("STARTTLS")
        if reply.startswith("220"):
            peer.handshake(pki.context())
        else:
            assert reply.startswith("503 5.5.1"), reply
            peer.cmd("RSET", 250)
            peer.starttls(pki.context())
        peer.cmd("DATA", "503")
        peer.ehlo()
        peer.cmd("RCPT TO:<joe@example.test>", "503")
        peer.quit()


def test_parameters_are_refused(mx):
    """STARTTLS takes none (RFC 3207 4), and may come right after."""
    with Peer(mx.port).hello() as peer:
        peer.cmd("STARTTLS now", "501 5.5.4")
        peer.cmd("STARTTLS", "220 ")


@pytest.mark.parametrize("noise", [b"EHLO client.test\r\n", b"\x00" * 100,
                                   b"\x16\x03\x01\xff\xff" + b"\x00" * 100,
                                   b"\x15\x03\x03\x00\x02\x02\x28"], ids=repr)
def test_no_handshake(mx, noise):
    """No ClientHello behind the 220: closed, never back to clear text."""
    with Peer(mx.port).hello() as peer:
        peer.cmd("STARTTLS", "220 ")
        peer.send(noise)
        peer.fin()
        assert b"250" not in peer.ends()
    assert mx.idle()["server.handshakes_failed"] == 1


def test_untrusting_client(mx):
    """A client that does not trust us leaves; the next one is served."""
    with Peer(mx.port).hello() as peer:
        with pytest.raises(ssl.SSLCertVerificationError):
            peer.starttls(ssl.create_default_context())
    assert mx.idle()["server.tls_sessions"] == 0
    with Peer(mx.port).hello() as peer:
        peer.deliver()
        peer.quit()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_resumption(mx, pki, version):
    """A second session by ticket, and the same promises in it."""
    context, tickets = pki.context(version), []
    for resumed in (False, True, True):
        with Peer(mx.port).hello() as peer:
            peer.starttls(context, session=tickets[-1] if tickets else None)
            assert peer.sock.session_reused == resumed
            peer.cmd("MAIL FROM:<x@client.test>", "503")
            peer.ehlo()
            peer.deliver()
            tickets.append(peer.sock.session)
            peer.quit()
    assert len(mx.maildir.messages()) == 3


def test_close_notify(mx, pki):
    """QUIT ends TLS honestly: our close_notify comes before the FIN."""
    with Peer(mx.port).hello(pki.context()) as peer:
        peer.cmd("QUIT", 221)
        assert peer.sock.recv(1) == b""  # else: ssl.SSLEOFError


def test_client_close_notify_without_quit(mx, pki):
    """A client that ends TLS without QUIT is let go."""
    with Peer(mx.port).hello(pki.context()) as peer:
        peer.sock.settimeout(30)
        try:
            peer.sock.unwrap().shutdown(socket.SHUT_WR)
        except OSError:
            pass  # ended at once, which is fine too
    mx.idle()
