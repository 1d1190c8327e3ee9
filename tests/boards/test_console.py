# SPDX-License-Identifier: BSD-3-Clause
"""The console on the UART."""
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
    say(mx, "x" * 2000, r"^line too long: 63 bytes at most")
    say(mx, "status please", r"^status takes no arguments")
    say(mx, "status", r"^uptime: \d+ s")


def test_mail(mx, pki):
    """What is on the card, a line each."""
    say(mx, "mail", "^end of mail")
    with Peer(mx.port).hello() as peer:
        peer.deliver(HEADER, sender="one@client.test")
        peer.starttls(pki.context())
        peer.ehlo()
        peer.deliver(HEADER, sender="two@client.test",
                     to=["joe@example.test", "alice@example.test"])
        peer.quit()
    since = mx.mark()
    say(mx, "mail", "^end of mail")
    listed = "".join(mx.output.lines[since:])
    sizes = [len(mail.data) for mail in mx.maildir.mails()]
    assert (f"1: {sizes[0]} bytes, 1 to, from <one@client.test> in clear by "
            "10.0.2.2") in listed
    assert (f"2: {sizes[1]} bytes, 2 to, from <two@client.test> in TLS by "
            "10.0.2.2") in listed


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
