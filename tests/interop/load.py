# SPDX-License-Identifier: BSD-3-Clause
"""Senders who go on sending, whatever becomes of the device, and remember what
they were told.

    ledger = Ledger(seed)
    with Senders(ledger, kinds) as senders:
        for each life of the device:
            death = Death(events, seconds)
            senders.begin(port, death)
            death.wait()
            ... the device dies, in the middle of something
            senders.rest()
            ledger.settle(what is in its spool)
"""
import collections
import functools
import random
import smtplib
import ssl
import subprocess
import threading
import time

from maildir import lf
from output import PATIENCE
from pki import MX

SENDER, TO = "sender@client.test", "joe@example.test"
LARGEST = 40_000
PIECE = 1400  # bytes that are sent at once
CLIENT_PATIENCE = PATIENCE / 3  # before anybody gives up waiting for it

# What a sender knows of his message.
BEGUN = "begun"        # not all of it was sent, or it was refused: not there
DOTTED = "dotted"      # sent, and no answer came: there or not
PROMISED = "promised"  # 250: there


class Letter:
    """Every byte of it follows from its name and the seed."""
    state = BEGUN
    settled = False  # after its first life

    def __init__(self, sender, name, seed):
        chance = random.Random(f"{seed} {name}")
        self.sender = sender
        lines = [b"From: <%s>" % SENDER.encode(), b"To: <%s>" % TO.encode(),
                 b"Date: Mon, 23 Nov 2026 12:00:00 +0000",
                 b"Message-ID: <%s@client.test>" % name.encode(),
                 b"Subject: %s" % name.encode(), b""]
        left = chance.choice([1, 100, 500, 3000, chance.randrange(LARGEST)])
        while left > 0:
            line = chance.randbytes(chance.randrange(1, 60)).hex().encode()
            lines.append(chance.choice([b"", b".", b".."]) + line)
            left -= len(line)
        self.message = b"".join(line + b"\r\n" for line in lines)


class Ledger:
    """All letters ever sent, by name, until the spool has no place for
    another opinion of them."""

    def __init__(self, seed):
        self.seed, self.letters = seed, {}
        self.count = collections.Counter()  # by their senders, and states
        self.lock = threading.Lock()

    def __str__(self):
        total = collections.Counter()
        for (_, state), count in self.count.items():
            total[state] += count
        return ", ".join(f"{n} {state}" for state, n in total.items())

    def letter(self, sender, number):
        name = f"letter-{sender}-{number}"
        letter = Letter(sender, name, self.seed)
        with self.lock:
            assert name not in self.letters
            self.letters[name] = letter
        return letter

    def settle(self, found):
        """`found`: names to messages as they are in the spool. Exactly those
        have to be there that were promised, or, of those about which nobody
        was told anything, any."""
        for name, body in found.items():
            assert name in self.letters, f"{name} was never sent, or deleted"
            letter = self.letters[name]
            assert letter.state != BEGUN, f"{name} is there, half sent"
            assert body == lf(letter.message), f"{name} is not what was sent"
        for name, letter in list(self.letters.items()):
            assert name in found or letter.state != PROMISED, \
                f"{name} was answered by 250, and is not there"
            if not letter.settled:
                self.count[letter.sender, letter.state] += 1
            letter.settled = True
            if name in found:
                letter.state = PROMISED
            else:
                del self.letters[name]

    def check_senders(self, senders, least):
        """Everybody got so many through."""
        for sender in range(senders):
            assert self.count[sender, PROMISED] >= least, self.count

    def delete(self, name, certainly):
        """It was deleted; or perhaps, and then it is there or not."""
        if certainly:
            del self.letters[name]
        else:
            self.letters[name].state = DOTTED


class Death:
    """When it comes: after so many events, and so many seconds."""

    def __init__(self, events, seconds):
        self.left, self.seconds = events, seconds
        self.lock = threading.Lock()
        self.armed = threading.Event()

    def tick(self):
        with self.lock:
            self.left -= 1
            if self.left == 0:
                self.armed.set()

    def wait(self):
        assert self.armed.wait(PATIENCE), "too little happens"
        time.sleep(self.seconds)


# --- senders -----------------------------------------------------------------

class Smtplib(smtplib.SMTP):
    """Python's, in pieces."""

    def __init__(self, port, death):
        self.death, self.letter = death, None
        super().__init__(MX, port, "client.test", CLIENT_PATIENCE)

    def _get_socket(self, host, port, timeout):
        return super()._get_socket("127.0.0.1", port, timeout)

    def send(self, s):
        data = s.encode() if isinstance(s, str) else s
        for at in range(0, len(data), PIECE):
            super().send(data[at:at + PIECE])
            self.death.tick()
        if self.letter and data.endswith(b"\r\n.\r\n"):
            self.letter.state = DOTTED

    def getreply(self):
        reply = super().getreply()
        self.death.tick()
        return reply

    def deliver(self, letter):
        self.letter = letter
        try:
            self.sendmail(SENDER, [TO], letter.message)
            letter.state = PROMISED
        except smtplib.SMTPResponseException:
            letter.state = BEGUN
            raise
        finally:
            self.letter = None


def by_smtplib(life, letters, context=None):
    """Some messages over one connection."""
    try:
        with Smtplib(life.port, life.death) as client:
            if context:
                client.starttls(context=context)
            for letter in letters:
                client.deliver(letter())
    except (OSError, ssl.SSLError, smtplib.SMTPException):
        pass  # the device is dead, and what was told is remembered


def by_program(life, letters, *argv):
    """Who ends by another status than 0 knows nothing. Each of them ends the
    last line where there is no LF."""
    letter = letters[0]()
    letter.state = DOTTED
    try:
        done = subprocess.run(
            [str(arg).format(port=life.port) for arg in argv],
            input=lf(letter.message)[:-1], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=CLIENT_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return  # the port of a dead device may be somebody's who says nothing
    life.death.tick()
    if done.returncode == 0:
        letter.state = PROMISED


MSMTP = ["msmtp", "--file=/dev/null", "--host=127.0.0.1", "--port={port}",
         "--tls=off", f"--from={SENDER}", TO]
SWAKS = ["swaks", "--server", "127.0.0.1", "--port", "{port}", "--helo",
         "client.test", "--from", SENDER, "--to", TO, "--data", "-"]


class Senders:
    """A thread for each of `kinds`, functions such as by_smtplib."""

    def __init__(self, ledger, kinds):
        self.ledger, self.kinds = ledger, kinds
        self.change = threading.Condition()
        self.alive = self.ended = False
        self.busy = 0
        self.errors = []

    def __enter__(self):
        self.threads = [threading.Thread(target=self.run, args=(n, kind))
                        for n, kind in enumerate(self.kinds)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        with self.change:
            self.alive, self.ended = False, True
            self.change.notify_all()
        for thread in self.threads:
            thread.join()

    def begin(self, port, death):
        with self.change:
            self.port, self.death, self.alive = port, death, True
            self.change.notify_all()

    def stop(self):
        """Nobody begins anything any more."""
        with self.change:
            self.alive = False

    def rest(self):
        """Waits until nobody is sending any more."""
        self.stop()
        with self.change:
            assert self.change.wait_for(lambda: self.busy == 0, PATIENCE)
        assert not self.errors, self.errors

    def enter(self):
        with self.change:
            self.change.wait_for(lambda: self.alive or self.ended)
            self.busy += not self.ended
            return not self.ended

    def leave(self):
        with self.change:
            self.busy -= 1
            self.change.notify_all()

    def run(self, number, kind):
        chance = random.Random(f"{self.ledger.seed} sender {number}")
        count = 0
        while self.enter():
            letters = []
            for _ in range(chance.randrange(1, 5)):
                count += 1
                letters.append(functools.partial(self.ledger.letter, number,
                                                 count))
            try:
                kind(self, letters)
            except Exception as error:  # pylint: disable=broad-except
                self.errors.append(repr(error))
            finally:
                self.leave()
