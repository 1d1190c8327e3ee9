#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Reads the image of a spool: "The format" of firmware/store/README.md, with
nothing of the C that wrote it.

    spool.py IMAGE           lists: number, date, sender, size
    spool.py IMAGE DIR       writes each message to DIR/NUMBER.eml

Exit status 1: something in it is damaged; standard error says what.
"""
import datetime
import pathlib
import struct
import sys
from typing import NamedTuple

PAGE = 512
ROOM = PAGE - 8  # of data, in a page
LABEL = struct.Struct("<8sHH12I448xI")
HEAD = struct.Struct("<4sHH10Iq4I8x48s8s48s196sI")
MARK = struct.Struct("<4sIII")
assert LABEL.size == PAGE and HEAD.size == 384 and MARK.size == 16
OVERWRITE = 1
TLS, SEEN = 256, 512


class Damaged(Exception):
    """Not a spool, or not a message."""


class Label(NamedTuple):
    magic: bytes
    version: int
    flags: int
    id: int
    secret: int
    number: int
    pages: int
    segments: int
    mark: int
    tail: int
    last_mail: int
    last_commit: int
    before: int
    before_number: int
    before_heads: int
    crc: int

    def form(self):
        return self.id, self.secret, self.pages, self.segments, self.mark


class Head(NamedTuple):
    magic: bytes
    flags: int
    recipients: int
    number: int
    serial: int
    age: int
    label: int
    first: int
    pages: int
    size: int
    end: int
    last: int
    envelope: int
    time_s: int
    source: int
    source_label: int
    virgin_seen: int
    virgin_gone: int
    peer: bytes
    tls: bytes
    cipher: bytes
    sender: bytes
    crc: int


class Mail(NamedTuple):
    number: int
    serial: int
    seen: bool
    flags: int       # enum mx_mail_flag
    tls: bool
    time_s: int
    recipients: int
    peer: str
    version: str     # of TLS
    cipher: str
    sender: str
    envelope: int    # bytes of data in front
    data: bytes


def _table():
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82f63b78 if n & 1 else 0)
        yield n


TABLE = list(_table())


def crc32c(data, seed=0):
    crc = seed ^ 0xffffffff
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xff]
    return crc ^ 0xffffffff


def text(field):
    return field.partition(b"\0")[0].decode()


class Spool:
    def __init__(self, path):
        self.path = pathlib.Path(path)

    def __enter__(self):
        self.file = self.path.open("rb")
        try:
            self._find_log()
        except Damaged:
            self.file.close()
            raise
        return self

    def __exit__(self, *_):
        self.file.close()

    def page(self, number, count=1):
        self.file.seek(number * PAGE)
        data = self.file.read(count * PAGE)
        if len(data) < count * PAGE:
            raise Damaged(f"the image ends before page {number + count}")
        return data

    # --- the log ------------------------------------------------------------

    def label(self, page):
        """The label there, or None."""
        try:
            data = self.page(page)
        except Damaged:
            return None
        label = Label(*LABEL.unpack(data))
        if label.magic != b"tmxspool" or label.crc != crc32c(data[:-4]):
            return None
        if label.version != 1:
            raise Damaged(f"a spool of version {label.version}")
        return label

    def _find_log(self):
        end = self.file.seek(0, 2) // PAGE
        places = [0] + [1 << n for n in range(32) if 1 << n < end]
        found = filter(None, (self.label(page) for page in places))
        form = next(found, None)
        if not form:
            raise Damaged("no spool")
        self.form, self.pages, n = form, form.pages, form.segments
        labels = {i: self.label(i * self.pages) for i in range(n)}
        self.labels = {i: label for i, label in labels.items()
                       if label and label.form() == form.form()}
        newest = max(self.labels, key=lambda i: self.labels[i].number)
        tail = self.labels[newest].tail
        self.log = [(tail + i) % n for i in range((newest - tail) % n + 1)]
        behind = (newest + 1) % n
        if behind not in self.log and behind not in self.labels and \
                (self._label_in_heads(behind) or 0) > self.labels[newest].number:
            self.log.append(behind)

    def _label_in_heads(self, segment):
        """The number of a label that is damaged, by its heads."""
        return max((head.label for head in map(
            self.head, self.places(segment, None)) if head and
            head.crc == self._head_sum(head)), default=None)

    def opened(self, segment):
        """(number of its label, heads in it or None), or (None, None)."""
        label = self.labels.get(segment)
        later = [other for other in self.labels.values()
                 if other.before == segment and
                 (label is None or other.before_number == label.number)]
        if later:
            last = max(later, key=lambda other: other.number)
            return last.before_number, last.before_heads
        return (label.number if label else self._label_in_heads(segment)), None

    # --- heads --------------------------------------------------------------

    def head_bytes(self):
        mark = self.form.mark
        return 384 if mark <= 64 else -(-384 // mark) * mark

    def head_pages(self):
        return -(-(self.head_bytes() + 2 * self.form.mark) // PAGE)

    def places(self, segment, heads):
        """Pages of heads, as many as there are or could be."""
        most = (self.pages - 1) // self.head_pages()
        end = (segment + 1) * self.pages
        for k in range(most if heads is None else min(heads, most)):
            yield end - (k + 1) * self.head_pages()

    def head(self, page):
        try:
            return Head(*HEAD.unpack(self.page(page)[:HEAD.size]))
        except Damaged:
            return None

    def _head_sum(self, head):
        return crc32c(HEAD.pack(*head)[:-4], self.form.secret)

    def marked(self, page, head, magic, place, virgin):
        at = self.head_bytes() + place * self.form.mark
        mark = self.page(page, self.head_pages())[at:at + self.form.mark]
        front = MARK.pack(magic, head.number, head.label, 0)[:12]
        crc = crc32c(front, self.form.secret)
        if mark[:16] == front + struct.pack("<I", crc):
            return True
        return not self.form.flags & OVERWRITE and crc32c(mark) != virgin

    # --- messages -----------------------------------------------------------

    def data(self, head):
        crc = crc32c(struct.pack("<I", head.number), self.form.secret)
        number, data = head.first, []
        for _ in range(head.pages):
            page = self.page(number)
            wanted, number = struct.unpack("<II", page[:8])
            crc = crc32c(page[8:], crc)
            if crc != wanted:
                raise Damaged(f"message {head.number} has a wrong check sum")
            data.append(page[8:])
        if crc != head.end or -(-head.size // ROOM) != head.pages:
            raise Damaged(f"message {head.number} ends wrong")
        return b"".join(data)[:head.size]

    def mail(self, page, label):
        """The message of a head's place, or None."""
        head = self.head(page)
        if not head or head.magic != b"mail" or head.label != label:
            return None
        if self._head_sum(head) != head.crc:
            raise Damaged("a head with a wrong check sum")
        if self.marked(page, head, b"gone", 1, head.virgin_gone):
            return None
        seen = bool(head.flags & SEEN) or \
            self.marked(page, head, b"seen", 0, head.virgin_seen)
        return Mail(head.number, head.serial, seen, head.flags & 255,
                    bool(head.flags & TLS), head.time_s, head.recipients,
                    text(head.peer), text(head.tls), text(head.cipher),
                    text(head.sender), head.envelope, self.data(head))

    def scan(self):
        """(messages by number, what is damaged)."""
        mails, damaged, last = {}, [], 0
        for segment in self.log:
            if segment not in self.labels:
                damaged.append(f"segment {segment}: no label")
            label, heads = self.opened(segment)
            if label is None or label <= last:
                continue
            last = label
            for page in self.places(segment, heads):
                try:
                    mail = self.mail(page, label)
                except Damaged as why:
                    damaged.append(f"page {page}: {why}")
                else:
                    mails.update({mail.number: mail} if mail else {})
        return [mails[number] for number in sorted(mails)], damaged


def unfold(short):
    """An image from its short form: a row of 16 bytes stands for itself, and
    for those behind it up to the next."""
    rows = [line.split() for line in short.splitlines()]
    return b"".join(
        bytes.fromhex(row[1]) * ((int(after[0], 16) - int(row[0], 16)) // 16)
        for row, after in zip(rows, rows[1:]))


def when(mail):
    if mail.time_s == 0:
        return "(time not known)"
    return datetime.datetime.fromtimestamp(
        mail.time_s, datetime.timezone.utc).isoformat()


def main(argv):
    if len(argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        with Spool(argv[1]) as spool:
            mails, damaged = spool.scan()
    except Damaged as why:
        sys.exit(f"{argv[1]}: {why}")
    for mail in mails:
        print(f"{mail.number}: {when(mail)} <{mail.sender}> "
              f"{len(mail.data)} bytes")
        if len(argv) == 3:
            folder = pathlib.Path(argv[2])
            folder.mkdir(exist_ok=True)
            (folder / f"{mail.number}.eml").write_bytes(mail.data)
    for line in damaged:
        print(f"{argv[1]}: {line}", file=sys.stderr)
    return 1 if damaged else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
