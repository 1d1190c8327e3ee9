# SPDX-License-Identifier: BSD-3-Clause
"""A board whose network is a serial line, in an emulator whose clock control
answers nothing: what it says of that. And tinymx-slip, at the line's other end.
"""
import re
import socket
import subprocess

import pytest

from half import Half
from output import PATIENCE
from provision import TOOLS
from test_console import say

SYST_RVR = 0xe000e014  # what SysTick counts down from, ARMv7-M B3.3
TICKS = 100            # a second


# --- the device --------------------------------------------------------------

def test_missing_hardware(mx):
    """Bits that never came are named at the start and in `status`, and that it
    runs by its internal oscillator. After a reset it says so again."""
    for since in 0, mx.mark():
        said = mx.wait("hardware", since)
        assert said["level"] == "warn" and said["clock"] == "HSI"
        mx.output.wait(r"event=hardware .* missing=RCC_CR\.HSERDY "
                       r"missing=RNG_SR\.DRDY", since)
        mx.reset()
    since = mx.type("status")
    mx.output.wait(r"^clock: 16000 kHz from HSI", since)
    mx.output.wait(r"^missing: RCC_CR\.HSERDY, RNG_SR\.DRDY", since)


def test_clock(mx):
    """Its milliseconds are those of the emulator's core, not of the oscillator
    by which it believes to run."""
    said = mx.machine.monitor.call("human-monitor-command", **{
        "command-line": f"x /1dw {SYST_RVR:#x}"})
    assert int(said.split(":")[1]) + 1 == 168_000_000 // TICKS


def test_typed_in_a_handshake(mx, pki):
    """Its UART asks for as long as a character waits. While the main loop is
    away the ring is full: the rest waits, and nobody else does for it."""
    with Half(mx.port, pki.context()) as half:
        half.peer.cmd("STARTTLS", "220 ")
        half.peer.send(half.client.step())
        say(mx, "x" * 2000, r"^line too long: 71 bytes at most")
        half.peer.send(half.answer())
        half.last_word()
        half.cmd(b"QUIT", b"221 ")


def test_no_address(launch):
    """Nobody tells it one: it says what to do, and serves nobody."""
    mx = launch(address=None, ready=False)
    said = mx.wait("address", level="error")
    assert "a serial line has no DHCP" in said["why"]
    since = mx.type("help")
    mx.output.wait(r"^status +\w", since)
    assert not mx.events("listen") and not mx.events("ready")
    assert mx.machine.quit() == 0


# --- tinymx-slip ---------------------------------------------------------------

def test_ends_with_the_emulator(launch):
    """Killed or not: nothing holds the emulator's output any more."""
    mx = launch(ready=False)
    mx.wait("ready")
    mx.process.kill()
    mx.process.wait(PATIENCE)
    mx.output.thread.join(PATIENCE)
    assert mx.output.ended


def slip(*argv):
    """Runs it; returns when it and all it has started are gone."""
    return subprocess.run([TOOLS / "tinymx-slip", *argv], text=True,
                          capture_output=True, timeout=PATIENCE)


def test_runs_a_command():
    """It is the command then: its status is that one's; its end of the line has
    the number that it is told, and the ports are there."""
    done = slip("--forward", "127.0.0.1:0=25", "--forward", "127.0.0.1:0=110",
                "sh", "-c", "test -S /dev/fd/{} && exit 7")
    assert done.returncode == 7
    ports = re.findall(r"^tinymx-slip: port (\d+) of the device is "
                       r"127\.0\.0\.1:([1-9]\d*)$", done.stderr, re.M)
    assert [guest for guest, _ in ports] == ["25", "110"]


@pytest.mark.parametrize("argv, says", [
    ([], "it lacks COMMAND"),
    (["--forward"], "--forward lacks HOST:PORT=N"),
    (["--nonsense", "true"], "no such option: --nonsense"),
    *((["--forward", wrong, "true"], f"not HOST:PORT=N: {wrong}")
      for wrong in ("25", "127.0.0.1:0", "127.0.0.1:0=", "127.0.0.1:0=0",
                    "127.0.0.1:0=65536", "127.0.0.1:0=25x", "0=25",
                    "nonsense=25", "[::1]:0=25", "1" * 200 + "=25")),
    (["--forward", "127.0.0.1:0=25"] * 9 + ["true"], "one --forward too many"),
], ids=lambda value: None)
def test_wrong_usage(argv, says):
    """Status 2, and a sentence that names what is wrong."""
    done = slip(*argv)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("tinymx-slip: " + says), done.stderr
    assert done.stderr.endswith("--help says how it is used\n")


def test_help():
    assert slip("--help").stdout.startswith("usage: tinymx-slip ")


def test_port_in_use(tmp_path):
    """Says so, and starts nothing."""
    ran = tmp_path / "ran"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        where = "127.0.0.1:%d" % taken.getsockname()[1]
        done = slip("--forward", f"{where}=25", "touch", ran)
    assert done.returncode == 1
    assert done.stderr.startswith(f"tinymx-slip: {where} is in use by another")
    assert not ran.exists()


def test_no_such_command():
    done = slip("--", "/nonexistent/qemu")
    assert done.returncode == 1
    assert done.stderr == "tinymx-slip: /nonexistent/qemu: " \
                          "No such file or directory\n"
