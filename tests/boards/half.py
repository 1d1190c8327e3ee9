# SPDX-License-Identifier: BSD-3-Clause
"""Sessions that stop where they are told to, in the middle of a handshake or
of a record; and the load of as many of them at once as a board has."""
import contextlib
import ssl

from cases import HEADER
from peer import Client, Peer, stuffed

RECORD = 16384
CHANGE_CIPHER_SPEC = 6  # octets: openssl sends it early (RFC 8446 D.4)
BODY = HEADER + b"".join(b"%06d %s\r\n" % (i, b"x" * 55) for i in range(1900))


class Half:
    """A session that does TLS by hand, so that it can stop anywhere."""

    def __init__(self, port, context):
        context.set_ecdh_curve("prime256v1")  # no HelloRetryRequest
        self.peer = Peer(port).hello()
        self.client = Client(context)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.peer.sock.close()

    def answer(self):
        """The server's whole flight, fed to the client; what it sends next."""
        said = b""
        while len(said) <= CHANGE_CIPHER_SPEC:
            said += self.client.step(self.peer.read())
        return said

    def cmd(self, command, expect):
        self.peer.send(self.client.records(command + b"\r\n"))
        reply = self.reply()
        assert reply.startswith(expect), f"{command!r}: {reply!r}"

    def reply(self):
        """One reply; it comes in a record of its own."""
        while True:
            try:
                return self.client.tls.read(65536)
            except ssl.SSLWantReadError:
                self.client.incoming.write(self.peer.read())

    def handshake(self):
        """All of it, from STARTTLS on."""
        self.peer.cmd("STARTTLS", "220 ")
        self.peer.send(self.client.step())
        self.peer.send(self.answer())
        self.last_word()

    def last_word(self):
        """In TLS 1.2 the server has it."""
        while self.client.tls.version() != "TLSv1.3" and \
                not self.client.done:
            self.client.step(self.peer.read())

    def envelope(self):
        self.cmd(b"EHLO client.test", b"250-")
        self.cmd(b"MAIL FROM:<sender@client.test>", b"250 ")
        self.cmd(b"RCPT TO:<joe@example.test>", b"250 ")
        self.cmd(b"DATA", b"354 ")


def all_at_once(mx, context):
    """All TLS sessions in the handshake at once, all in a message of full-size
    records at once, and one more sender that waits for one of them to go. How
    many messages that were."""
    with contextlib.ExitStack() as ends:
        halves = [ends.enter_context(Half(mx.port, context))
                  for _ in range(mx.counters()["tls_sessions.limit"])]
        handshakes(mx, halves)
        with Peer(mx.port).hello() as more:
            since = mx.mark()
            more.send("STARTTLS\r\n")
            mx.wait("tls-wait", since)
            messages(halves)
            first, *others = halves
            first.peer.send(first.client.records(b"QUIT\r\n"))
            assert more.reply().startswith("220 ")
            more.handshake(context)
            more.ehlo()
            more.deliver(BODY)
            more.quit()
        for half in others:
            half.cmd(b"QUIT", b"221 ")
    return len(halves) + 1


def handshakes(mx, halves):
    """Each is in the middle of it when all others are."""
    done = mx.counters()["server.handshakes"]
    for half in halves:
        half.peer.cmd("STARTTLS", "220 ")
    for half in halves:
        half.peer.send(half.client.step())
    ends = [half.answer() for half in halves]
    counters = mx.counters()
    assert counters["server.tls_sessions"] == len(halves)
    assert counters["server.handshakes"] == done
    for half, end in zip(halves, ends):
        half.peer.send(end)
    for half in halves:
        half.last_word()


def messages(halves):
    """Record by record, so that each has nearly all of one when the others
    get the end of theirs."""
    for half in halves:
        half.envelope()
    text = stuffed(BODY)
    kept = [b""] * len(halves)
    for at in range(0, len(text), RECORD):
        for i, half in enumerate(halves):
            record = half.client.records(text[at:at + RECORD])
            half.peer.send(kept[i] + record[:-1])
            kept[i] = record[-1:]
    for half, last in zip(halves, kept):
        half.peer.send(last)
    for half in halves:
        assert half.reply().startswith(b"250 2.0.0")
