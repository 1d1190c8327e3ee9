#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""st-flash or openocd, by the name it is called by, and a chip whose flash is
the file FLASH. SECTORS are the sizes in KB; CUT ends it in that operation, an
erase or a program of a KB, which is left half done."""
import os
import pathlib
import re
import sys

BASE = 0x08000000
KB = 1024
FLASH = pathlib.Path(os.environ["FLASH"])
SECTORS = [int(kb) * KB for kb in os.environ["SECTORS"].split()]
CUT = int(os.environ.get("CUT", "-1"))


class Chip:
    def __init__(self):
        self.bytes = bytearray(FLASH.read_bytes())
        self.operations = 0
        assert len(self.bytes) == sum(SECTORS)

    def operation(self, at, new):
        """Half of it is done before the power goes."""
        cut = self.operations == CUT
        self.operations += 1
        if cut:
            new = new[:len(new) // 2]
        self.bytes[at:at + len(new)] = new
        if cut:
            self.keep()
            sys.exit("the power went")

    def keep(self):
        FLASH.write_bytes(self.bytes)

    def read(self, path, address, size):
        at = address - BASE
        pathlib.Path(path).write_bytes(self.bytes[at:at + size])

    def write(self, path, address):
        data, begin, at = pathlib.Path(path).read_bytes(), address - BASE, 0
        for size in SECTORS:
            if at < begin + len(data) and at + size > begin:
                self.operation(at, b"\xff" * size)
            at += size
        for off in range(0, len(data), KB):
            piece = data[off:off + KB]
            old = self.bytes[begin + off:begin + off + len(piece)]
            assert old == b"\xff" * len(piece), "what is not erased"
            self.operation(begin + off, piece)
        self.keep()


def st_flash(chip, words):
    words = [word for word in words
             if word not in ("--connect-under-reset", "--reset")]
    if words[0] == "read":
        chip.read(words[1], int(words[2], 0), int(words[3], 0))
    elif words[0] == "write":
        chip.write(words[1], int(words[2], 0))
    else:
        sys.exit(f"unknown: {words}")


OPENOCD = [
    (r"init|reset halt|reset run|shutdown", lambda chip: None),
    (r"dump_image \{(.+)\} (\w+) (\w+)", lambda chip, path, at, size:
     chip.read(path, int(at, 0), int(size, 0))),
    (r"program \{(.+)\} (\w+) verify reset exit", lambda chip, path, at:
     chip.write(path, int(at, 0))),
]


def openocd(chip, words):
    for option, word in zip(words[::2], words[1::2]):
        if option == "-c":
            act, match = next((act, match) for pattern, act in OPENOCD
                              if (match := re.fullmatch(pattern, word)))
            act(chip, *match.groups())
        else:
            assert option == "-f" and word.endswith(".cfg"), option


{"st-flash": st_flash, "openocd": openocd}[pathlib.Path(sys.argv[0]).name](
    Chip(), sys.argv[1:])
