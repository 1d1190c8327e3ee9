# SPDX-License-Identifier: BSD-3-Clause
"""What is sent is what is delivered, octet by octet."""
import ssl

import pytest

from cases import BIG, EIGHT_BIT, HEADER, MESSAGES
from maildir import lf
from peer import Peer, stuffed

WAYS = ["clear", "TLS"]


def connect(mx, pki, way):
    return Peer(mx.port).hello(pki.context() if way == "TLS" else None)


def chunks(peer, message, size):
    """A message by BDAT, in chunks of `size` octets."""
    for at in range(0, max(len(message), 1), size):
        part = message[at:at + size]
        last = " LAST" if at + size >= len(message) else ""
        peer.send(b"BDAT %d%s\r\n" % (len(part), last.encode()) + part)
        reply = peer.reply()
        assert reply.startswith("250 2."), reply


@pytest.mark.short
@pytest.mark.parametrize("way", WAYS)
def test_data(mx, pki, way):
    """Every message of the table by DATA, in one session."""
    with connect(mx, pki, way) as peer:
        for message in MESSAGES.values():
            peer.deliver(message)
        peer.quit()
    assert [m.body for m in mx.maildir.messages()] == \
        [lf(message) for message in MESSAGES.values()]


@pytest.mark.short
@pytest.mark.parametrize("way", WAYS)
def test_bdat(mx, pki, way):
    """The same by BDAT, and what only BDAT can say: no final line end."""
    messages = [*MESSAGES.values(), HEADER + b"the end", b"x", b".", b".\r\n.",
                HEADER + EIGHT_BIT]
    with connect(mx, pki, way) as peer:
        for message in messages:
            peer.envelope()
            chunks(peer, message, 30_000)
        peer.quit()
    assert [m.body for m in mx.maildir.messages()] == \
        [lf(message) for message in messages]


def test_bdat_small_chunks(mx, pki):
    """Chunks of 7 octets, and one of none at the end."""
    message = HEADER + b"some text\r\n.\r\nmore\r\n"
    with connect(mx, pki, "TLS") as peer:
        peer.envelope()
        chunks(peer, message, 7)
        peer.envelope()
        peer.send(b"BDAT %d\r\n%sBDAT 0 LAST\r\n" % (len(message), message))
        assert peer.reply().startswith("250 2.0.0")
        assert peer.reply().startswith("250 2.0.0")
        peer.quit()
    assert [m.body for m in mx.maildir.messages()] == [lf(message)] * 2


@pytest.mark.parametrize("how", ["DATA", "BDAT"])
@pytest.mark.parametrize("version", [
    None, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_big(mx, pki, how, version):
    """Five megabytes, in clear and in both versions of TLS."""
    with Peer(mx.port).hello(version and pki.context(version)) as peer:
        peer.envelope(parameters=f" SIZE={len(BIG)} BODY=8BITMIME")
        if how == "DATA":
            peer.data(BIG)
        else:
            chunks(peer, BIG, 1_000_000)
        peer.quit()
    assert mx.maildir.only().body == lf(BIG)


@pytest.mark.short
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [1, 2, 300])
def test_small_pieces(mx, pki, way, size):
    """Segments or records of a few octets, many of them underway at once."""
    message = HEADER + b"..\r\n.\r\nend\r\n" * 20
    groups = [(b"MAIL FROM:<>\r\nRCPT TO:<joe@example.test>\r\nDATA\r\n",
               ["250", "250", "354"]),
              (stuffed(message) + b"QUIT\r\n", ["250", "221"])]
    with connect(mx, pki, way) as peer:
        for group, codes in groups:
            for at in range(0, len(group), size):
                peer.send(group[at:at + size])
            assert [peer.reply()[:3] for _ in codes] == codes
    assert mx.maildir.only().body == lf(message)


@pytest.mark.parametrize("way", WAYS)
def test_pipelining(mx, pki, way):
    """Five transactions in six groups, replies all there and in order."""
    one = (b"MAIL FROM:<a@client.test>\r\nRCPT TO:<joe@example.test>\r\n"
           b"RCPT TO:<joe@example.com>\r\nRCPT TO:<alice@example.test>\r\n")
    texts = [HEADER + b"number %d\r\n" % i for i in range(5)]
    with connect(mx, pki, way) as peer:
        peer.send(one + b"DATA\r\n")
        codes = [peer.reply()[:3] for _ in range(5)]
        assert codes == ["250", "250", "550", "250", "354"]
        for text in texts[:-1]:
            peer.send(stuffed(text) + one + b"DATA\r\n")
            codes = [peer.reply()[:3] for _ in range(6)]
            assert codes == ["250", "250", "250", "550", "250", "354"]
        peer.send(stuffed(texts[-1]) + b"RSET\r\nQUIT\r\n")
        codes = [peer.reply()[:3] for _ in range(3)]
        assert codes == ["250", "250", "221"]
    found = mx.maildir.messages()
    assert [m.body for m in found] == [lf(text) for text in texts]
    assert all(m.recipients == ["joe@example.test", "alice@example.test"]
               for m in found)


@pytest.mark.parametrize("way, protocol", [("clear", "UTF8SMTP"),
                                           ("TLS", "UTF8SMTPS")])
def test_smtputf8(launch, pki, way, protocol):
    """Addresses and header fields in UTF-8 (RFC 6531)."""
    mx = launch(rcpt=["*@example.test"])
    message = "Subject: Grüße\r\nFrom: <jörg@client.test>\r\n\r\nДа\r\n".encode()
    with connect(mx, pki, way) as peer:
        peer.envelope("jörg@bücher.test", ["δοκιμή@example.test"],
                      " SMTPUTF8 BODY=8BITMIME")
        peer.data(message)
        peer.quit()
    got = mx.maildir.only()
    assert got.body == lf(message)
    assert got.sender == "jörg@bücher.test"
    assert got.recipients == ["δοκιμή@example.test"]
    assert f"with {protocol} " in got.received
