# SPDX-License-Identifier: BSD-3-Clause
"""Reads an identity store: "The format" of firmware/identity/README.md, with
nothing of the C that wrote it."""
import struct
from typing import NamedTuple

from spool import Damaged, crc32c

HEAD = struct.Struct("<8sHHI3HH3I3I12sI")
PLACES = 4
assert HEAD.size == 64


class Head(NamedTuple):
    begin: int
    counter: int
    lengths: tuple
    sums: tuple


class Contents(NamedTuple):
    counter: int
    key: bytes
    chain: bytes
    next_key: bytes


def parse(data):
    """A head, or None. Raises Damaged: a good one of another version."""
    if len(data) < HEAD.size:
        return None
    field = HEAD.unpack(data[:HEAD.size])
    if field[0] != b"tmxident" or field[-1] != crc32c(data[:HEAD.size - 4]):
        return None
    if field[1] != 1:
        raise Damaged(f"version {field[1]}")
    return Head(field[2], field[3], field[4:7], field[8:11])


def heads(slot, page):
    found = [parse(slot[i * page:]) for i in range(PLACES)]
    return [head for head in found if head and head.begin == PLACES * page]


def read_slot(slot, page):
    """What is in it, or None: it does not count."""
    for head in heads(slot, page):
        at, parts = head.begin, []
        for length, check_sum in zip(head.lengths, head.sums):
            parts.append(slot[at:at + length])
            if len(parts[-1]) != length or crc32c(parts[-1]) != check_sum:
                return None
            at += length
        return Contents(head.counter, *parts)
    return None


def is_ahead(a, b):
    return 0 < (a.counter - b.counter) % 2**32 < 2**31


def slots(area, block):
    """The two halves, each beginning with a block."""
    size = len(area) // block // 2 * block
    return area[:size], area[size:2 * size]


def read(area, block, page):
    """What counts, or None: the store is empty."""
    found = [c for c in (read_slot(s, page) for s in slots(area, block)) if c]
    if len(found) == 2 and is_ahead(found[1], found[0]):
        found.reverse()
    return found[0] if found else None
