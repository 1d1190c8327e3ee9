# SPDX-License-Identifier: BSD-3-Clause
"""What a spool holds over several lives of the device that writes it."""
import os
import random
import re

from mailspool import MailSpool

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
