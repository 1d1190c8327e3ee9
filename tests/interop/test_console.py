# SPDX-License-Identifier: BSD-3-Clause
"""The console on the simulator's standard input."""
import os
import pty
import re
import subprocess

from peer import Peer

PIPE = subprocess.PIPE


def deliver(mx):
    with Peer(mx.port).hello() as peer:
        peer.deliver()
        peer.quit()


def test_commands(launch):
    """status, help and nonsense are answered, whatever ends the line."""
    mx = launch(stdin=PIPE, sessions=7)
    since = mx.type("help\nstat")
    mx.output.wait(r"^status +\w", since)
    mx.output.wait(r"^mail +\w", since)
    since = mx.type("us\r")
    mx.output.wait(r"^uptime: \d+ s$", since)
    mx.output.wait(r"^sessions: 0 now, 0 peak, 7 limit$", since)
    mx.output.wait(r"^arena: \d+ used, \d+ peak, \d+ size, ", since)
    mx.output.wait(r"^pool PBUF_POOL: \d+ used, \d+ peak, 512 size, ", since)
    mx.output.wait(r"^timeouts: 0$", since)
    since = mx.type("nonsense\r\n" + 2000 * "x" + "\n")
    mx.output.wait(r"^unknown command: nonsense; help ", since)
    mx.output.wait(r"^line too long: ", since)


def test_status_counts(launch):
    """What status says is what the counters say, after mail came."""
    mx = launch(stdin=PIPE)
    for _ in range(3):
        deliver(mx)
    counters = mx.idle()
    since = mx.type("status\n")
    mx.output.wait(r"^accepted: 3$", since)
    mx.output.wait(r"^timeouts: ", since)
    text = mx.output.text(since)
    assert f"\nconnections: {counters['server.connections']}\n" in text
    now, peak = (counters["server." + name]
                 for name in ("sessions", "sessions_peak"))
    assert f"\nsessions: {now} now, {peak} peak, " in text
    for name in ("TCP_SEG", "PBUF"):
        size = counters[f"lwip.{name}.avail"]
        peak = counters[f"lwip.{name}.max"]
        assert re.search(rf"^pool {name}: \d+ used, {peak} peak, {size} size",
                         text, re.M), text


def test_mail(launch):
    """mail lists what is in new/, in the order it came."""
    mx = launch(stdin=PIPE)
    mx.output.wait(r"^no new mail$", mx.type("mail\n"))
    deliver(mx)
    deliver(mx)
    mx.output.wait(r"^mail takes no arguments$", mx.type("mail 1\n"))
    since = mx.type("mail\n")
    for number, path in enumerate(mx.maildir.files(), 1):
        mx.output.wait(rf"^{number}: {path.stat().st_size} bytes, "
                       rf"{re.escape(path.name)}$", since)


def test_closed(launch):
    """The end of standard input is the end of the console alone."""
    mx = launch(stdin=PIPE)
    since = mx.type("help\n")
    mx.process.stdin.close()
    mx.output.wait(r"^help +\w", since)
    mx.process.stdin = None
    deliver(mx)
    deliver(mx)
    assert len(mx.maildir.messages()) == 2


def test_never_open(launch):
    """Started without a standard input at all."""
    mx = launch(wrap=["sh", "-c", 'exec "$@" <&-', "sh"])
    deliver(mx)
    assert len(mx.maildir.messages()) == 1


def test_file(launch, tmp_path):
    """A file: all of its commands, then nothing more."""
    script = tmp_path / "commands"
    script.write_text("help\n" * 200 + "nonsense")
    with script.open("rb") as stdin:
        mx = launch(stdin=stdin)
    mx.output.until(lambda: sum(line.startswith("status ")
                                for line in mx.output.lines) == 200, "help")
    deliver(mx)
    assert "nonsense" not in mx.output.text()


def test_terminal(launch):
    """A terminal in whose foreground it is."""
    master, slave = pty.openpty()
    try:
        mx = launch(wrap=["setsid", "--ctty"], stdin=slave)
        since = mx.mark()
        os.write(master, b"nonsense\n")
        mx.output.wait("^unknown command: nonsense", since)
        os.write(master, b"\x04")  # end of file
        deliver(mx)
        mx.terminate()  # before the terminal goes and takes it along
    finally:
        os.close(slave)
        os.close(master)
