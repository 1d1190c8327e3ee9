# SPDX-License-Identifier: BSD-3-Clause
"""What the device answers, and what it does not deliver."""
import pytest

from cases import HEADER
from maildir import lf
from peer import Peer

WAYS = ["clear", "TLS"]
FROM = "MAIL FROM:<sender@client.test>"
TO = "RCPT TO:<joe@example.test>"

# Behind EHLO: commands and how their replies begin.
DIALOGUES = {
    "unknown user": [(FROM, 250), ("RCPT TO:<nobody@example.test>",
                                   "550 5.1.1")],
    "other domain": [(FROM, 250), ("RCPT TO:<joe@example.com>", "550 5.7.1")],
    "relay by percent": [(FROM, 250), ("RCPT TO:<joe%example.com@example.test>",
                                       "550 5.1.1")],
    "postmaster": [(FROM, 250), ("RCPT TO:<Postmaster>", "250 2.1.5"),
                   ("RCPT TO:<POSTMASTER@Example.Test>", "250 2.1.5")],
    "null sender": [("MAIL FROM:<>", "250 2.1.0"), (TO, "250 2.1.5")],
    "case": [("mail from:<a@b.test>", 250), ("rCpT tO:<JOE@EXAMPLE.test>",
                                            "250 2.1.5")],
    "source route": [(FROM, 250),
                     ("RCPT TO:<@a.test,@b.test:joe@example.test>", 250)],
    "order": [(TO, "503 5.5.1"), ("DATA", "503 5.5.1"), (FROM, 250),
              (FROM, "503 5.5.1"), ("DATA", "50"), ("RSET", "250 2.0.0"),
              (TO, "503 5.5.1")],
    "hello resets": [(FROM, 250), ("EHLO again.test", 250),
                     (TO, "503 5.5.1")],
    "unknown": [("WIZ", "500 5.5."), ("", "500 5.5."), ("EXPN x", "50"),
                ("NOOP", "250 2.0.0"), ("VRFY joe", "252 2."),
                ("HELO", "501 5.5.4"), ("AUTH PLAIN", "50")],
    "syntax": [("MAIL FROM:a@b.test", "501 5."), ("MAIL", "501 5."),
               ("MAIL FROM:<a@b.test> WHAT=1", "555 5.5.4"), (FROM, 250),
               ("RCPT TO:joe@example.test", "501 5."),
               ("RCPT TO:<joe@example.test> X=1", "555 5.5.4")],
    "long line": [("NOOP " + "x" * 5000, "500 5.5."), ("NOOP", "250")],
    "utf-8 undeclared": [("MAIL FROM:<j\u00f6rg@client.test>", "553 5.6.7")],
}

# The same with 10,000 octets and three recipients allowed.
LIMITS = {
    "declared too big": [(FROM + " SIZE=10001", "552 5.3.4"),
                         (FROM + " SIZE=99999999999", "5"),
                         (FROM + " SIZE=10000", "250")],
    "too many recipients": [(FROM, 250), *[(TO, 250)] * 3, (TO, "452 4.5.3")],
}


def session(mx, tls):
    with Peer(mx.port).hello(tls) as peer:
        peer.mx = mx
        yield peer


@pytest.fixture(params=WAYS)
def peer(request, mx, pki):
    """A session behind EHLO."""
    yield from session(mx, pki.context() if request.param == "TLS" else None)


@pytest.fixture(params=WAYS)
def limited(request, launch, pki):
    """The same with limits that are easy to reach."""
    yield from session(launch(max_message=10_000, max_rcpt=3),
                       pki.context() if request.param == "TLS" else None)


def replies(peer, dialogue):
    for command, expect in dialogue:
        peer.cmd(command, expect)
    peer.quit()
    peer.mx.maildir.assert_empty()


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES)
def test_replies(peer, dialogue):
    """The reply to each command; the session lives on, nothing is stored."""
    replies(peer, dialogue)


@pytest.mark.parametrize("dialogue", LIMITS.values(), ids=LIMITS)
def test_limits(limited, dialogue):
    """The same where a limit is reached."""
    replies(limited, dialogue)


def test_extensions(mx, pki):
    """EHLO lists what there is: STARTTLS in clear only."""
    with Peer(mx.port) as peer:
        assert peer.greeting.startswith("220 mx.example.test ESMTP")
        clear = peer.ehlo()
        peer.starttls(pki.context())
        inside = peer.ehlo()
        peer.quit()
    common = {"PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "CHUNKING",
              "ENHANCEDSTATUSCODES", "LIMITS"}
    assert set(clear) == common | {"STARTTLS"}
    assert set(inside) == common | {"REQUIRETLS"}
    assert clear["SIZE"] == str(mx.max_message)
    assert clear["LIMITS"] == "RCPTMAX=100 MAILMAX=1000"


def test_too_big_undeclared(limited):
    """A message that is bigger than SIZE is refused at its end."""
    limited.envelope()
    limited.data(HEADER + b"x" * 70 * 200 + b"\r\n", "552 5.3.4")
    limited.envelope()
    limited.send(b"BDAT 20000 LAST\r\n" + b"y" * 20000)
    assert limited.reply().startswith("552 5.3.4")
    limited.mx.maildir.assert_empty()
    limited.deliver()
    limited.quit()
    assert len(limited.mx.maildir.messages()) == 1


# Ends that are none, each with what would be a second message behind it.
SMUGGLED = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r",
            b"\n.\r", b"\r.\n", b"x\ny", b"x\ry", b"\r\n\0.\r\n", b"x\0y"]


@pytest.mark.short
@pytest.mark.parametrize("end", SMUGGLED, ids=repr)
def test_smuggling(peer, end):
    """A bare CR or LF, or a NUL, ends no message and gets it refused."""
    peer.envelope()
    peer.cmd("DATA", 354)
    peer.send(HEADER + b"text" + end + b"MAIL FROM:<evil@client.test>\r\n"
              b"RCPT TO:<alice@example.test>\r\nDATA\r\nevil\r\n.\r\n")
    assert peer.reply().startswith("554 5.6.0")
    peer.cmd("NOOP", "250 2.0.0 OK")
    peer.quit()
    peer.mx.maildir.assert_empty()


EARLY = {
    "EHLO and more": b"EHLO again.test\r\nMAIL FROM:<>\r\n",
    "NOOP and more": b"NOOP\r\nMAIL FROM:<>\r\n",
    "text before 354": (b"MAIL FROM:<>\r\nRCPT TO:<joe@example.test>\r\n"
                        b"DATA\r\n" + HEADER + b"text\r\n.\r\n"),
    "QUIT and more": b"QUIT\r\nMAIL FROM:<>\r\n",
}


@pytest.mark.parametrize("group", EARLY.values(), ids=EARLY)
def test_early_talker(peer, group):
    """What stands behind a command that has to be the last of its group."""
    peer.send(group)
    rest = peer.ends()
    assert rest.splitlines()[-1].startswith(b"554 5.5.0 "), rest
    peer.mx.wait("early")
    peer.mx.maildir.assert_empty()


def test_trace(peer):
    """Return-Path, Delivered-To for each recipient, and who said hello."""
    peer.cmd("EHLO mail.sender.test", 250)
    peer.deliver(HEADER, sender="a.b+c@client.test",
                 to=["joe@example.test", "Postmaster"])
    peer.quit()
    message = peer.mx.maildir.only()
    assert message.body == lf(HEADER)
    assert message.sender == "a.b+c@client.test"
    assert message.recipients == ["joe@example.test", "Postmaster"]
    assert message.received.startswith("from mail.sender.test ([10.0.2.2]) ")
    assert " by mx.example.test (tinymx) with ESMTP" in message.received


def test_hundred_recipients(launch, pki):
    """As many recipients as RFC 5321 4.5.3.1.8 asks for, all of them kept."""
    mx = launch(rcpt=["*@example.test"])
    people = [f"{'x' * 50}{number}@example.test" for number in range(100)]
    with Peer(mx.port).hello(pki.context()) as peer:
        peer.deliver(to=people)
        peer.quit()
    assert mx.maildir.only().recipients == people
