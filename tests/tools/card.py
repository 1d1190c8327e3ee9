#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Reads the image of a card: the layout of include/tinymx/card.h, with nothing
of the C that wrote it.

    card.py IMAGE           lists: number, date, sender, size, slot
    card.py IMAGE DIR       writes each message to DIR/NUMBER.eml

Exit status 1: something on it is damaged; standard error says what.
"""
import datetime
import pathlib
import struct
import sys
from typing import NamedTuple

RECORD = 512
LABEL = struct.Struct("<8sHxxIIII480xI")
MAIL = struct.Struct("<8sHHIIIqHH12x48s412sI")
assert LABEL.size == MAIL.size == RECORD
TLS = 256


class Damaged(Exception):
    """Not a card, or not a message."""


class Mail(NamedTuple):
    slot: int
    number: int
    flags: int    # enum mx_mail_flag
    tls: bool
    time_s: int
    recipients: int
    peer: str
    sender: str
    data: bytes


def _table():
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
        yield n


TABLE = list(_table())


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xff]
    return crc ^ 0xffffffff


def unpack(layout, record, magic):
    """The fields between magic and CRC, both of which must be right."""
    fields = layout.unpack(record)
    if fields[0] != magic:
        raise Damaged("no " + magic.decode())
    if crc32c(record[:-4]) != fields[-1]:
        raise Damaged(magic.decode() + " with a wrong check sum")
    if fields[1] != 1:
        raise Damaged(f"{magic.decode()} of version {fields[1]}")
    return fields[2:-1]


class Card:
    def __init__(self, path):
        self.path = pathlib.Path(path)

    def __enter__(self):
        self.file = self.path.open("rb")
        try:
            self.block_size, self.first, self.step, self.slots = unpack(
                LABEL, self._read(0, RECORD), b"tmx-card")
        except Damaged:
            self.file.close()
            raise
        return self

    def __exit__(self, *_):
        self.file.close()

    def _read(self, at, size):
        self.file.seek(at)
        data = self.file.read(size)
        if len(data) < size:
            raise Damaged(f"the image ends before byte {at + size}")
        return data

    def mail(self, slot):
        """The message of a slot, or None."""
        at = (self.first + slot * self.step) * self.block_size
        record = self._read(at, RECORD)
        if not record.startswith(b"tmx-mail"):
            return None
        (flags, number, size, crc, time_s, recipients, sender_len, peer,
         sender) = unpack(MAIL, record, b"tmx-mail")
        if size > self.step * self.block_size - RECORD:
            raise Damaged(f"{size} bytes do not fit a slot")
        data = self._read(at + RECORD, size)
        if crc32c(data) != crc:
            raise Damaged(f"message {number} has a wrong check sum")
        return Mail(slot, number, flags & ~TLS, bool(flags & TLS), time_s,
                    recipients, peer.rstrip(b"\0").decode(),
                    sender[:sender_len].decode(), data)

    def scan(self):
        """(messages by number, what is damaged)."""
        mails, damaged = [], []
        for slot in range(self.slots):
            try:
                mail = self.mail(slot)
            except Damaged as why:
                damaged.append(f"slot {slot}: {why}")
            else:
                mails += [mail] if mail else []
        return sorted(mails, key=lambda mail: mail.number), damaged


def when(mail):
    if mail.time_s == 0:
        return "(time not known)"
    return datetime.datetime.fromtimestamp(
        mail.time_s, datetime.timezone.utc).isoformat()


def main(argv):
    if len(argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        with Card(argv[1]) as card:
            mails, damaged = card.scan()
    except Damaged as why:
        sys.exit(f"{argv[1]}: {why}")
    for mail in mails:
        print(f"{mail.number}: {when(mail)} <{mail.sender}> "
              f"{len(mail.data)} bytes, slot {mail.slot}")
        if len(argv) == 3:
            folder = pathlib.Path(argv[2])
            folder.mkdir(exist_ok=True)
            (folder / f"{mail.number}.eml").write_bytes(mail.data)
    for line in damaged:
        print(f"{argv[1]}: {line}", file=sys.stderr)
    return 1 if damaged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
