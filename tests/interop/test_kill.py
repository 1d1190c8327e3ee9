# SPDX-License-Identifier: BSD-3-Clause
"""The simulator is killed at any instant while clients send; it is started
again on the same spool: all that was answered by 250 is there, whole, and
nothing else but what nobody was told anything about.

TINYMX_SEED chooses the instants; the seed is printed. TINYMX_KILLS is how
often, if not KILLS."""
import functools
import os
import random
import subprocess

from history import Spool, seed
from load import (MSMTP, SWAKS, Death, Ledger, Senders, by_program,
                  by_smtplib)
from maildir import lf
from mailspool import MailSpool
from pki import MX
from postfix import EAGER, Postfix, free_port

KILLS = 200
EVENTS = 250       # pieces sent and replies, before a death, at the most
INSTANT = 0.004    # and seconds
KEPT = 10          # messages that are not deleted

POSTFIX_KILLS = 10
LETTERS = 5        # in each life
LINES = 40         # of the log, before a kill, at the most


class Reader:
    """Deletes on the console, and is told or not."""

    def __init__(self, spool, ledger):
        self.spool, self.ledger = spool, ledger
        self.asked = []

    def delete(self, device):
        self.asked = sorted(self.spool.numbers,
                            key=self.spool.numbers.get)[:-KEPT]
        device.type("".join(f"mail del {self.spool.numbers[name]}\n"
                            for name in self.asked))

    def told(self, text):
        for name in self.asked:
            self.ledger.delete(
                name, f"message {self.spool.numbers[name]} is deleted" in text)


def test_kill(kind, pki, tmp_path):
    """Two hundred lives, with four kinds of clients."""
    kills = int(os.environ.get("TINYMX_KILLS", KILLS))
    ledger, spool = Ledger(seed()), Spool(tmp_path / "spool")
    reader = Reader(spool, ledger)
    chance = random.Random(ledger.seed)
    in_tls = functools.partial(by_smtplib, context=pki.context())
    msmtp, swaks = (functools.partial(lambda life, letters, argv: by_program(
        life, letters, *argv), argv=argv) for argv in (MSMTP, SWAKS))
    kinds = [by_smtplib, by_smtplib, in_tls, in_tls, msmtp, swaks]
    with Senders(ledger, kinds) as senders:
        for _ in range(kills):
            device = kind(tmp_path, pki.good, spool=spool.path,
                          spool_size="4M", log_level="info",
                          stdin=subprocess.PIPE).started()
            try:
                reader.delete(device)
                death = Death(chance.randrange(1, EVENTS),
                              chance.random() * INSTANT)
                senders.begin(device.port, death)
                death.wait()
            finally:
                device.kill()
            senders.rest()
            reader.told(device.output.text())
            ledger.settle(spool.look())
    print(f"{kills} kills; {ledger}")
    # How many is a matter of how fast this machine is; that everybody did is not.
    ledger.check_senders(len(kinds), kills // 40)


def test_kill_postfix(kind, pki, peers, short_tmp, tmp_path):
    """Postfix comes again until it is told 250: in the end all that it was
    given is there, whole, and what the 250 was lost of once more."""
    port, path = free_port(), tmp_path / "spool"
    ledger = Ledger(seed())
    chance = random.Random(ledger.seed)
    with Postfix(peers, short_tmp, pki.ca, port, "verify", MX,
                 EAGER) as postfix:
        for life in range(POSTFIX_KILLS + 1):
            device = kind(tmp_path, pki.good, spool=path,
                          listen=f"127.0.0.1:{port}").started()
            for number in range(LETTERS):
                postfix.send(ledger.letter(life, number).message)
            try:
                if life < POSTFIX_KILLS:
                    lines = chance.randrange(LINES)
                    device.output.until(
                        lambda: device.mark() > lines, f"{lines} lines")
                else:
                    postfix.log.until(
                        lambda: postfix.log.text().count("status=sent") ==
                        len(ledger.letters), "status=sent for all")
            finally:
                device.kill()
    bodies = [message.body for message in MailSpool(path).messages()]
    for letter in ledger.letters.values():
        assert any(body.endswith(lf(letter.message)) for body in bodies)
    ours = tuple(lf(letter.message) for letter in ledger.letters.values())
    assert all(body.endswith(ours) for body in bodies)
    print(f"{POSTFIX_KILLS} kills; {len(ours)} letters, {len(bodies)} messages")
