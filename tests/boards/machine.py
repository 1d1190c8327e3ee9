# SPDX-License-Identifier: BSD-3-Clause
"""A board in QEMU: its console, its card, its cable, its reset button."""
import json
import pathlib
import re
import shlex
import socket
import subprocess

from device import DIES_WITH_US
from output import Output, PATIENCE
from provision import provision

BOARDS = pathlib.Path(__file__).resolve().parents[2] / "boards"
CARD_SIZE = 4 * 1024 ** 3  # a power of two, and sparse
USER_NETWORK = "user,restrict=on,hostfwd=tcp:127.0.0.1:0-:25"
HOST = ["-semihosting-config",
        "enable=on,target=native,arg=tinymx,arg=exit-on-fatal"]
FORWARD = re.compile(
    r"TCP\[HOST_FORWARD\] +\d+ +127\.0\.0\.1 +(\d+) +\S+ +(\d+) ")


class Monitor:
    """QEMU's monitor (QMP), over a socket that has no name."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.ours.settimeout(PATIENCE)
        self.lines = self.ours.makefile("r")

    def options(self):
        return ["-chardev", f"socket,id=monitor,fd={self.theirs.fileno()}",
                "-mon", "chardev=monitor,mode=control"]

    def begin(self):
        self.theirs.close()
        assert "QMP" in self.next()
        self.call("qmp_capabilities")

    def next(self):
        line = self.lines.readline()
        assert line, "QEMU's monitor has ended"
        return json.loads(line)

    def call(self, command, **arguments):
        """Executes a command; what it returned. Events are passed over."""
        self.ours.sendall(json.dumps(
            {"execute": command, "arguments": arguments}).encode())
        while "event" in (answer := self.next()):
            pass
        assert "return" in answer, f"{command}: {answer}"
        return answer["return"]

    def close(self):
        self.theirs.close()
        self.lines.close()
        self.ours.close()


class Machine:
    """One run of QEMU. Its exit status is 0 after quit(); the firmware ends it
    by another one when it dies, instead of starting again.

    `nic`: the network it is in; `wrap`: a command that starts it; `host`: false
    for an image that asks nothing of its host, as silicon has none; `config`:
    the image of its configuration, None for one with every default, False for
    blank flash; `card`: false for a slot with nothing in it.
    """

    def __init__(self, board, image, folder, *options, nic=USER_NETWORK,
                 wrap=(), host=True, config=None, card=True):
        facts = dict(re.findall(r"^(\w+)=(\S+)$",
                                (BOARDS / board / "qemu").read_text(), re.M))
        self.facts, self.folder = facts, folder
        self.card = folder / "card.img"
        machine, mail = self.mail(facts) if card else (facts["machine"], [])
        self.monitor = Monitor()
        self.argv = [
            *DIES_WITH_US, *wrap, "qemu-system-arm", "-M", machine, "-display", "none",
            "-serial", "stdio", *self.monitor.options(),
            *(HOST if host else []),
            # Port 0: the system picks one, and the monitor tells it.
            "-nic", f"{nic},id=cable,model={facts['nic']}",
            *mail, *self.flash(config), *options, "-kernel", str(image)]
        self.process = subprocess.Popen(
            self.argv, cwd=folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=[self.monitor.theirs.fileno()])
        self.output = Output(self.process.stdout)
        self.monitor.begin()

    def mail(self, facts):
        """The machine and its options: what keeps the mail is a file, a card
        or the machine's main memory."""
        if "memory" in facts:
            return facts["machine"] + ",memory-backend=mail", [
                "-object", "memory-backend-file,id=mail,share=on,"
                f"size={facts['memory']},mem-path={self.card}"]
        if not self.card.exists():
            with open(self.card, "wb") as card:
                card.truncate(CARD_SIZE)
        return facts["machine"], [
            "-drive", f"if={facts['slot']},format=raw,file={self.card}"]

    def flash(self, config):
        """The end of flash: the configuration."""
        if config is False:
            return []
        config = config or provision(self.folder)
        return ["-device", f"loader,file={config},addr={self.facts['config']},"
                "force-raw=on"]

    def port(self, there=25):
        """The port of this machine that is another one there."""
        usernet = self.monitor.call("human-monitor-command",
                                    **{"command-line": "info usernet"})
        return next(int(here) for here, guest in FORWARD.findall(usernet)
                    if int(guest) == there)

    def log(self):
        return "$ " + shlex.join(self.argv) + "\n" + self.output.text()

    def type(self, line):
        """A line on the console."""
        self.process.stdin.write(line.encode() + b"\r")
        self.process.stdin.flush()

    def cable(self, plugged):
        self.monitor.call("set_link", name="cable", up=plugged)

    def reset(self):
        self.monitor.call("system_reset")

    def memory(self, first, size):
        """Bytes of its memory, as they are now."""
        path = self.folder / "memory"
        self.monitor.call("pmemsave", val=first, size=size, filename=str(path))
        return path.read_bytes()

    def quit(self):
        """An orderly end; the exit status."""
        if self.process.poll() is None:
            self.monitor.call("quit")
        status = self.process.wait(PATIENCE)
        self.output.thread.join(PATIENCE)
        return status

    def kill(self):
        """Whatever happened: no process is left, and no card."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.output.close()
        self.monitor.close()
        self.card.unlink(missing_ok=True)
