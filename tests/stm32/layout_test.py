# SPDX-License-Identifier: BSD-3-Clause
"""Who has which flash: board_data.c, memory.ld and the README's table agree, and
nobody has what is another's.

    layout_test.py ROOT BOARD=LAYOUT...     LAYOUT: layout.c with its data
    layout_test.py --write ROOT ...         writes the table
"""
import pathlib
import re
import subprocess
import sys
import unittest

README = "port/stm32/README.md"
BEGIN, END = "<!-- layout:begin -->\n", "<!-- layout:end -->\n"
FLASH = 0x08000000, 0x08200000
REGION = re.compile(r"^\s*(\w+) \(\w+\) : ORIGIN = (0x[0-9a-f]+), "
                    r"LENGTH = ([\dKM +-]+)$", re.M)
KB = 1024
UNITS = {"": 1, "K": KB, "M": KB * KB}
DEVICES = "identity", "spool"  # of blocks; the others are read in place


class Area:
    def __init__(self, line):
        self.name, *numbers = line.split(",")
        self.first, self.count, self.block_size, *pairs = map(int, numbers)
        self.sectors = list(zip(pairs[::2], pairs[1::2]))
        self.start = self.sectors[0][0]
        self.end = sum(self.sectors[-1])

    def row(self, board):
        last = self.first + self.count - 1
        sectors = f"{self.first} to {last}" if self.count > 1 else self.first
        size = (f"{self.count} × {self.block_size // KB} KB"
                if self.name in DEVICES
                else f"{(self.end - self.start) // KB} KB")
        return (f"| {board} | {self.name} | {sectors} | `0x{self.start:08x}` | "
                f"{size} |\n")


def areas(program):
    out = subprocess.run([program], check=True, capture_output=True, text=True)
    return [Area(line) for line in out.stdout.splitlines()]


def length(text):
    """The linker's sum: "1M - 1K"."""
    total = 0
    for sign, number, unit in re.findall(r"([+-]?) *(\d+)([KM]?)", text):
        total += (-1 if sign == "-" else 1) * int(number) * UNITS[unit]
    return total


def regions(path):
    return {name: (int(start, 16), length(size)) for name, start, size
            in REGION.findall(path.read_text())}


def table(boards):
    head = ("| board | what | sectors | from | size |\n"
            "|---|---|---|---|---|\n")
    return head + "".join(area.row(board) for board, found in boards.items()
                          for area in sorted(found, key=lambda a: a.start))


class Layout(unittest.TestCase):
    def test_nobody_has_anothers(self):
        for board, found in boards.items():
            places = sorted((area.start, area.end) for area in found)
            with self.subTest(board):
                self.assertGreaterEqual(places[0][0], FLASH[0])
                self.assertLessEqual(places[-1][1], FLASH[1])
                for (_, end), (start, _) in zip(places, places[1:]):
                    self.assertLessEqual(end, start)

    def test_sectors_are_in_a_row(self):
        for board, found in boards.items():
            for area in found:
                with self.subTest(f"{board}: {area.name}"):
                    for here, following in zip(area.sectors, area.sectors[1:]):
                        self.assertEqual(sum(here), following[0])
                    for _, size in area.sectors:
                        self.assertGreaterEqual(size, area.block_size)

    def test_linker_has_the_same(self):
        for board, found in boards.items():
            linker = regions(root / "boards" / board / "memory.ld")
            by_name = {area.name: area for area in found}
            with self.subTest(board):
                for name, region in (("config A", "CONFIG_A"),
                                     ("config B", "CONFIG_B")):
                    area = by_name[name]
                    self.assertEqual(linker[region],
                                     (area.start, area.block_size))
                code = by_name["code"]
                begin = (linker["CODE"][0] if "vectors" in by_name
                         else linker["VECTORS"][0])
                self.assertEqual((begin, sum(linker["CODE"])),
                                 (code.start, code.end))
                vectors = by_name.get("vectors", code)
                self.assertEqual(linker["VECTORS"][0], vectors.start)
                self.assertLessEqual(sum(linker["VECTORS"]), vectors.end)

    def test_two_slots_of_an_identity(self):
        for board, found in boards.items():
            for area in found:
                if area.name == "identity":
                    self.assertEqual(area.count, 2, board)

    def test_table_of_the_readme(self):
        text = (root / README).read_text()
        self.assertIn(BEGIN + table(boards) + END, text,
                      "write it: ninja -C build/sim stm32_layout_table")


def write(root, boards):
    path = root / README
    before, _, rest = path.read_text().partition(BEGIN)
    path.write_text(before + BEGIN + table(boards) + END
                    + rest.partition(END)[2])


arguments = sys.argv[1:]
writing = arguments[:1] == ["--write"]
if writing:
    del arguments[0]
root = pathlib.Path(arguments.pop(0))
boards = {board: areas(program) for board, _, program
          in (argument.partition("=") for argument in arguments)}
if writing:
    write(root, boards)
else:
    unittest.main(argv=sys.argv[:1])
