# SPDX-License-Identifier: BSD-3-Clause
"""The simulator as a running device: started, listened to, ended."""
import pathlib
import re
import shlex
import signal
import subprocess
import time

from maildir import Maildir
from mailspool import MailSpool
from output import Output, PATIENCE
from pki import MX

REPORT = re.compile(r"(Address|Leak|Thread|UndefinedBehavior)Sanitizer"
                    r"|runtime error:|event=fatal")
# Should pytest be killed, nothing of ours is left running.
DIES_WITH_US = ["setpriv", "--pdeathsig", "KILL", "--"]
FLAG = object()  # the value of an option that has none
UNDERWAY = ("server.sessions", "lwip.TCP_SEG.used", "lwip.PBUF_POOL.used")
LAST_POOL = "PBUF_POOL"  # its line ends the counters
FIELD = re.compile(r'(\w+)=("[^"]*"|\S*)')


def fields(line):
    """key=value pairs of a log line."""
    return {key: value.strip('"') for key, value in FIELD.findall(line)}


class Events:
    """What is waited for in the output of a device, simulated or not."""
    max_message = 10 * 1024 * 1024  # if nothing else was asked for

    def events(self, event, since=0, **wanted):
        """Fields of the log lines of this event that have these values."""
        found = [fields(line) for line in self.output.lines[since:]
                 if f"event={event}" in line.split()]
        return [f for f in found if wanted.items() <= f.items()]

    def wait(self, event, since=0, count=1, **wanted):
        """Waits until `count` such events are in the log; the last of them."""
        return self.output.until(
            lambda: self.events(event, since, **wanted)[count - 1:count],
            f"event={event} {wanted}")[0]


class Device(Events):
    """One run of tinymx-sim.

    Options are given as keywords: sessions=2 is --sessions 2, rcpt=[...] is
    --rcpt for each of them, None leaves a default away. With spool=FILE its
    mail is read from there.
    """

    def __init__(self, sim, folder, identity=None, wrap=(),
                 stdin=subprocess.DEVNULL, **options):
        self.folder = folder
        settings = {"mx": MX, "domain": ["example.test"],
                    "rcpt": ["joe@example.test", "alice@example.test"],
                    "listen": "127.0.0.1:0", "listen_tls": "127.0.0.1:0",
                    "maildir": folder / "mail", "state": folder / "state",
                    "log_level": "debug",
                    # Over loopback everybody is one peer, 10.0.2.2.
                    "peer_sessions": 65535, "peer_connects": 65535,
                    "peer_handshakes": 65535}
        if identity:
            settings.update(cert=identity.cert, key=identity.key)
        if "spool" in options:
            settings["maildir"] = None
        settings.update(options)
        self.maildir = MailSpool(settings["spool"]) if "spool" in options \
            else Maildir(pathlib.Path(settings["maildir"]))
        self.argv = [*DIES_WITH_US, *wrap, str(sim)]
        for name, value in settings.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    self.argv.append("--" + name.replace("_", "-"))
                    self.argv += [] if one is FLAG else [str(one)]
        self.process = subprocess.Popen(
            self.argv, cwd=folder, stdin=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.output = Output(self.process.stdout)
        self.mark = self.output.mark

    # --- its log ------------------------------------------------------------

    def log(self):
        return "$ " + shlex.join(self.argv) + "\n" + self.output.text()

    def started(self):
        """Waits until every listener is open."""
        if "--listen" in self.argv:
            self.port = int(self.wait("listen", tls="starttls")["port"])
        if "--listen-tls" in self.argv and "--cert" in self.argv:
            self.tls_port = int(self.wait("listen", tls="implicit")["port"])
        return self

    # --- its console --------------------------------------------------------

    def type(self, text):
        """Types into its standard input, which is a pipe; the mark before."""
        since = self.mark()
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()
        return since

    # --- its counters -------------------------------------------------------

    def counters(self):
        """All counters as they are now: "server.accepted", "arena.used",
        "lwip.TCP_PCB.used" and so on, to numbers."""
        since = self.mark()
        self.process.send_signal(signal.SIGUSR1)
        self.wait("counters", since, pool=LAST_POOL)
        return self.last_counters(since)

    def last_counters(self, since=0):
        numbers = {}
        for found in self.events("counters", since):
            group = ".".join(filter(None, (found.pop("group"),
                                           found.pop("pool", None))))
            numbers.update({f"{group}.{key}": int(value)
                            for key, value in found.items()
                            if value.isdigit()})
        return numbers

    def idle(self):
        """Waits until no session is left, and nothing that lwIP sends or has
        received: that may be a frame behind. The counters then."""
        deadline = time.monotonic() + PATIENCE
        while True:
            counters = self.counters()
            if not any(counters[name] for name in UNDERWAY):
                return counters
            assert time.monotonic() < deadline, \
                f"sessions that do not end: {counters}\n{self.log()}"

    # --- its end ------------------------------------------------------------

    def terminate(self):
        """SIGTERM, and what every run must end with."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.finished()

    def finished(self):
        """Waits for the end: status 0, and no sanitizer had a word to say."""
        status = self.process.wait(PATIENCE)
        self.output.thread.join(PATIENCE)
        assert not REPORT.search(self.log()), self.log()
        assert status == 0, f"exit status {status}\n{self.log()}"

    def kill(self):
        """Whatever happened, nothing of it is left running."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self.output.close()
