# SPDX-License-Identifier: BSD-3-Clause
"""The console on the UART."""
import re

from cases import HEADER
from peer import Peer


def say(mx, line, answer):
    """Types a line; waits for a line that matches."""
    since = mx.mark()
    mx.machine.type(line)
    return mx.output.wait(answer, since)


def test_help(mx):
    """Every command of the built-in ones and of the board's own."""
    since = mx.mark()
    mx.machine.type("help")
    for name in ("status", "mail", "help"):
        mx.output.wait(rf"^{name} +\w", since)


def test_wrong_command(mx):
    """A clear answer, and the console goes on."""
    say(mx, "reboot now", r"^unknown command: reboot; help lists")
    say(mx, "x" * 2000, r"^line too long: 71 bytes at most")
    say(mx, "status please", r"^status takes no arguments")
    say(mx, "status", r"^uptime: \d+ s")


def listed(mx):
    """What `mail` says, and its last line."""
    since = mx.mark()
    last = say(mx, "mail", r"^\d+ messages?, \d+ new").group()
    return "".join(mx.output.lines[since:]), last


def test_mail(mx, pki):
    """Listed, printed, its header alone, deleted: over what is in the spool."""
    assert listed(mx)[1] == "0 messages, 0 new"
    with Peer(mx.port).hello() as peer:
        peer.deliver(HEADER + b"one \x1b[31m\r\n")
        peer.starttls(pki.context())
        peer.ehlo()
        peer.deliver(HEADER + b"two\r\n")
        peer.quit()
    text, last = listed(mx)
    sizes = [len(mail.data) for mail in mx.maildir.mails()]
    for number, tls in (1, "   "), (2, "TLS"):
        assert re.search(rf"^ +{number} new  .* +{sizes[number - 1]} {tls}  "
                         r"<sender@client\.test> +a folded one", text, re.M), text
    assert last == "2 messages, 2 new"
    since = mx.mark()
    say(mx, "mail 1", "^end of message 1")
    assert "\none \\x1b[31m\n" in mx.output.text(since).replace("\r", "")
    say(mx, "mail 2 headers", "^end of the header of message 2")
    assert listed(mx)[1] == "2 messages, 1 new"
    say(mx, "mail del 1", "^message 1 is deleted")
    say(mx, "mail 1", "^there is no message 1;")
    assert listed(mx)[1] == "1 message, 1 new"
    assert [mail.number for mail in mx.maildir.mails()] == [2]


def test_long_mail(mx):
    """A message of minutes on a UART: mail is taken meanwhile, and a line that
    is typed ends it."""
    with Peer(mx.port).hello() as peer:
        peer.deliver(HEADER + b"a line of it\r\n" * 8000)
        peer.quit()
    since = mx.mark()
    say(mx, "mail 1", "^a line of it")
    with Peer(mx.port).hello() as peer:
        peer.deliver(HEADER)
        peer.quit()
    say(mx, "", "^stopped")
    assert "end of message" not in mx.output.text(since)
    assert listed(mx)[1] == "2 messages, 2 new"


def test_console_in_data(mx, pki):
    """Asked in the middle of a message, it answers, and the message is whole.
    """
    with Peer(mx.port).hello(pki.context()) as peer:
        peer.envelope()
        peer.cmd("DATA", 354)
        for _ in range(20):
            peer.send(b"some text\r\n" * 100)
            assert mx.counters()["server.sessions"] == 1
        peer.send(b".\r\n")
        assert peer.reply().startswith("250 2.0.0")
        peer.quit()
    assert mx.maildir.only().body == b"some text\n" * 2000
