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
from provision import provision, TOOLS

BOARDS = pathlib.Path(__file__).resolve().parents[2] / "boards"
CARD_SIZE = "4G"  # a power of two, and sparse
USER_NETWORK = "user,restrict=on,hostfwd=tcp:127.0.0.1:0-:25"
HOST = "enable=on,target=native,arg=tinymx,arg=exit-on-fatal"
FORWARD = re.compile(
    r"TCP\[HOST_FORWARD\] +\d+ +127\.0\.0\.1 +(\d+) +\S+ +(\d+) ")
# The same network at the other end of a serial line.
SLIP = [str(TOOLS / "tinymx-slip"), "--forward", "127.0.0.1:0=25",
        "--forward", "127.0.0.1:0=110"]
SLIP_FORWARD = r"^tinymx-slip: port {} of the device is 127\.0\.0\.1:(\d+)"


def facts_of(board):
    """name=value of boards/BOARD/qemu, which run-qemu reads too."""
    return dict(re.findall(r"^(\w+)=(\S+)$",
                           (BOARDS / board / "qemu").read_text(), re.M))


def settings_of(board):
    """What every configuration of this board has to say."""
    facts = facts_of(board)
    return {name: facts[name] for name in ("address",) if name in facts}


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
        facts = facts_of(board)
        self.facts, self.folder = facts, folder
        self.board, self.card = board, folder / "card.img"
        machine, mail = self.mail(facts) if card else (facts["machine"], [])
        start, network = self.network(facts, nic)
        self.monitor = Monitor()
        self.argv = [
            *DIES_WITH_US, *wrap, *start, "qemu-system-arm", "-M", machine,
            "-display", "none", "-serial", "stdio", *network,
            *self.monitor.options(), *(self.host(card) if host else []), *mail,
            *self.flash(config), *options, "-kernel", str(image)]
        self.process = subprocess.Popen(
            self.argv, cwd=folder, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=[self.monitor.theirs.fileno()])
        self.output = Output(self.process.stdout)
        self.monitor.begin()

    def network(self, facts, nic):
        """What starts QEMU, and its options. Port 0: the system picks one, and
        the monitor or tinymx-slip tells it."""
        if "line" not in facts:
            return [], ["-nic", f"{nic},id=cable,model={facts['nic']}"]
        return SLIP, ["-nic", "none", "-chardev", "socket,id=line,fd={}",
                      "-serial", "chardev:line"]

    def host(self, card):
        """What the image asks of its host: it may be the mail too."""
        mail = card and "host_card" in self.facts
        return ["-semihosting-config",
                HOST + (f",arg=card={self.card.name}" if mail else "")]

    def mail(self, facts):
        """The machine and its options: what keeps the mail is a file, a card,
        the machine's main memory, or the host's."""
        if "memory" in facts:
            return facts["machine"] + ",memory-backend=mail", [
                "-object", "memory-backend-file,id=mail,share=on,"
                f"size={facts['memory']},mem-path={self.card}"]
        if not self.card.exists():
            subprocess.run(["truncate", "-s", facts.get("host_card", CARD_SIZE),
                            self.card], check=True)
        if "host_card" in facts:
            return facts["machine"], []
        return facts["machine"], [
            "-drive", f"if={facts['slot']},format=raw,file={self.card}"]

    def flash(self, config):
        """The end of flash: the configuration."""
        if config is False:
            return []
        config = config or provision(self.folder, **settings_of(self.board))
        return ["-device", f"loader,file={config},addr={self.facts['config']},"
                "force-raw=on"]

    def port(self, there=25):
        """The port of this machine that is another one there."""
        if "line" in self.facts:
            return int(self.output.wait(SLIP_FORWARD.format(there))[1])
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
