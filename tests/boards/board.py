# SPDX-License-Identifier: BSD-3-Clause
"""A board in QEMU as a running device, with the face of device.Device."""
import re
import time

from always import Always
from device import REPORT, Events
from machine import Machine, settings_of
from mailspool import MailSpool
from output import PATIENCE
from peer import Peer
from provision import provision

# What a board logs, whatever it is told.
LOG_LEVEL = "info"

# The largest message, where it is not the default.
MAX_MESSAGE = {"mps2-an386": 1024 * 1024}

# The console's names for what the simulator's log calls otherwise.
NAMES = {"sessions now": "server.sessions",
         "sessions peak": "server.sessions_peak",
         "TLS sessions now": "server.tls_sessions",
         "TLS sessions peak": "server.tls_sessions_peak",
         "TLS sessions limit": "tls_sessions.limit",
         "recipients refused": "server.rcpts_refused",
         "refused per peer": "server.refused_peer",
         "refused by rate": "server.refused_rate",
         "handshakes refused": "server.handshakes_refused",
         "TLS waits": "server.tls_waits",
         "too slow": "server.too_slow", "too long": "server.too_long",
         "logins failed": "server.logins_failed",
         "handshakes failed": "server.handshakes_failed"}
COUNTS = ["connections", "refused", "refused_peer", "refused_rate",
          "handshakes_refused", "handshakes", "handshakes_failed",
          "breaches", "early", "tls_waits", "accepted", "aborted",
          "rcpts_refused", "blocked", "evicted", "timeouts", "too_slow",
          "too_long", "logins", "logins_failed", "fetched",
          "deleted"]  # these only go up
POOL = {"used": "used", "peak": "max", "size": "avail", "failures": "err"}
FIRST_LINE, LAST_LINE = "uptime: ", "reset: "  # of `status`
STATUS_LINE = re.compile(r"^([A-Za-z][\w ]*): (\d+.*)$")

# What an ended session leaves until its peer has answered: that takes a while
# over a serial line.
UNDERWAY = ["server.sessions", "lwip.TCP_SEG.used", "lwip.PBUF_POOL.used"]

# lwIP takes a pcb in TIME_WAIT when it needs one; the device joins
# its own IPv6 groups a second after its start.
NO_LEAK = ["lwip.TCP_PCB.used", "lwip.MLD6_GROUP.used"]


def parse(line):
    """(name, number) of all that a line of `status` says."""
    match = STATUS_LINE.match(line.strip())
    for part in match[2].split(", ") if match else []:
        number, _, what = part.partition(" ")
        group, _, pool = match[1].partition(" ")
        if group == "pool":
            name = f"{'' if pool == 'heap' else 'lwip.'}{pool}.{POOL[what]}"
        elif match[1] in COUNTS:
            name = "server." + match[1]
        else:
            name = f"{match[1]} {what}".strip()
            name = NAMES.get(name, name.replace(" ", ".", 1))
        yield name, int(number)


def levels(counters):
    """What has to come back when nobody is there any more."""
    return {name: value for name, value in counters.items()
            if name in ("server.sessions", "server.tls_sessions")
            or name.endswith(".used") and name not in NO_LEAK}


def variant_of(image, variant):
    """The same program with other options: port/cortexm/CMakeLists.txt."""
    return image.parent / "variants" / f"{image.stem}-{variant}.elf"


class Board(Events):
    """Its options are those of a configuration file, as of ../interop's Device;
    `variant`: another image; `tls`: whether it shows a certificate;
    `machine`, `place`: QEMU's options, Machine's."""
    tls_port = None  # nothing but STARTTLS

    def __init__(self, name, image, trust, folder, identity=None, machine=(),
                 place=None, variant=None, tls=True, **options):
        assert options.pop("log_level", LOG_LEVEL) == LOG_LEVEL
        if identity:
            options.update(cert=identity.cert, key=identity.key)
        self.folder = folder
        self.max_message = MAX_MESSAGE.get(name, self.max_message)
        self.trust, self.tls = trust, tls
        image = variant_of(image, variant) if variant else image
        self.machine = Machine(
            name, image, folder, *machine, config=provision(
                folder, **{**settings_of(name), **options}),
            **(place or {}))
        self.always = Always(name, image, self.machine)
        self.process, self.output = self.machine.process, self.machine.output
        self.maildir = MailSpool(self.machine.card)
        self.mark = self.output.mark
        self.before = {}  # what its counters said when the test began

    # --- its log ------------------------------------------------------------

    def log(self):
        """Without what the console was asked for by this class, but the last
        of it."""
        lines = self.machine.log().splitlines(keepends=True)
        return "".join([line for line in lines[:-40]
                        if not STATUS_LINE.match(line.strip())] + lines[-40:])

    def started(self):
        """Waits until it listens, and looks at its certificate."""
        self.port = self.machine.port()
        self.up(0)
        return self

    def up(self, since):
        """Waits until it listens, trusts what it shows, takes stock."""
        self.wait("ready", since)
        self.wait("address", since)
        if self.tls:
            self.trust.learn(self.port)
        else:
            Peer(self.port).quit()  # lwIP's timer for TCP runs from here on
        self.take_stock()

    def take_stock(self):
        """What it has now is what it has to come back to, and counts from."""
        self.before = {}
        self.before = self.idle()

    def reset(self):
        """The reset button; back when it listens again."""
        since = self.mark()
        self.machine.reset()
        self.up(since)

    def type(self, text):
        """Types lines on its console; the mark before."""
        since = self.mark()
        for line in text.splitlines():
            self.machine.type(line)
        return since

    # --- its counters -------------------------------------------------------

    def counters(self):
        """All counters as they are now, with the simulator's names; those
        that go up, from when the test began."""
        since = self.mark()
        self.machine.type("status")
        now = dict(pair for line in self.output.until(
            lambda: self.status(since), "status") for pair in parse(line))
        return {name: value - self.before.get(name, 0)
                if name.partition(".")[2] in COUNTS else value
                for name, value in now.items()}

    def status(self, since):
        """The lines of the first whole answer behind `since`, or None."""
        lines = self.output.lines[since:]
        first = next((i for i, line in enumerate(lines)
                      if line.startswith(FIRST_LINE)), len(lines))
        last = next((i for i, line in enumerate(lines)
                     if i > first and line.startswith(LAST_LINE)), None)
        return last and lines[first:last]

    def idle(self):
        """Waits until no session is left, nor anything of one on its way; the
        counters then."""
        deadline = time.monotonic() + PATIENCE
        while True:
            counters = self.counters()
            if not any(counters[name] for name in UNDERWAY):
                return counters
            assert time.monotonic() < deadline, \
                f"sessions that do not end: {counters}\n{self.log()}"

    def recovered(self):
        """Waits until all memory is back; the counters then."""
        deadline = time.monotonic() + PATIENCE / 4
        while levels(counters := self.idle()) != levels(self.before):
            assert time.monotonic() < deadline, \
                f"{set(levels(counters).items()) ^ set(levels(self.before).items())}" \
                f"\n{self.log()}"
        return counters

    # --- its end ------------------------------------------------------------

    def terminate(self):
        """What every test must end with: all memory back, nothing broken that
        always holds, and an orderly end of the machine."""
        if self.process.poll() is None:
            broken = self.always.broken(self.recovered())
            assert not broken, broken
        status = self.machine.quit()
        assert not REPORT.search(self.log()), self.log()
        assert status == 0, f"exit status {status}\n{self.log()}"

    def kill(self):
        self.machine.kill()
