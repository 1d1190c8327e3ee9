# SPDX-License-Identifier: BSD-3-Clause
"""The simulator is killed at any instant while clients send; it is started
again on the same spool: all that was answered by 250 is there, whole, and
nothing else but what nobody was told anything about.

TINYMX_SEED chooses the instants; the seed is printed. TINYMX_KILLS is how
often, if not KILLS."""
import functools
import os
import random
import re
import subprocess

from load import (MSMTP, SWAKS, Death, Ledger, Senders, by_program,
                  by_smtplib)
from mailspool import MailSpool

KILLS = 200
EVENTS = 250       # pieces sent and replies, before a death, at the most
INSTANT = 0.004    # and seconds
KEPT = 10          # messages that are not deleted
NAME = re.compile(r"^Subject: (\S+)$", re.M)


def seed():
    chosen = os.environ.get("TINYMX_SEED") or random.randrange(10 ** 9)
    print(f"TINYMX_SEED={chosen}")
    return chosen


class Spool:
    """What is in it after each life, by name; numbers only rise."""

    def __init__(self, path):
        self.path = path
        self.numbers, self.last = {}, 0

    def look(self):
        found = MailSpool(self.path).mails_and_messages()
        bodies = {NAME.search(message.body.decode()[:400])[1]: message.body
                  for _, message in found}
        assert len(bodies) == len(found), "something is there twice"
        for (mail, _), name in zip(found, bodies):
            known = self.numbers.get(name)
            assert known == mail.number or not known and \
                mail.number > self.last, f"{name} has the number {mail.number}"
        self.numbers = {name: mail.number
                        for name, (mail, _) in zip(bodies, found)}
        self.last = max([self.last, *self.numbers.values()])
        return bodies


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
    ledger.check_senders(len(kinds), kills // 10)
