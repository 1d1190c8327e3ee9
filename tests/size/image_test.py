# SPDX-License-Identifier: BSD-3-Clause
"""An image that no emulator runs: its budget of flash and RAM, and whether the
files for a programmer, .bin and .hex, have the bytes of the ELF file.

    image_test.py BOARD IMAGE.elf
"""
import pathlib
import sys
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "boards"))
import budgets  # noqa: E402
import elf  # noqa: E402

FLASH = range(0x08000000, 0x08200000)
DATA, END, UPPER = 0, 1, 4  # records of Intel hex


def hex_bytes(path):
    """{address: byte} of an Intel hex file."""
    found, upper = {}, 0
    for line in path.read_text().splitlines():
        record = bytes.fromhex(line[1:])
        assert sum(record) & 0xff == 0, f"check sum: {line}"
        at, kind, data = record[1] << 8 | record[2], record[3], record[4:-1]
        if kind == UPPER:
            upper = int.from_bytes(data, "big") << 16
        elif kind == DATA:
            found.update(enumerate(data, upper + at))
    return found


def elf_bytes(image):
    return {at: byte for load, data in elf.contents(image) if load in FLASH
            for at, byte in enumerate(data, load)}


class Image(unittest.TestCase):
    def test_budget(self):
        found = list(elf.segments(image))
        self.assertEqual(budgets.over(budgets.read(board), {
            "flash": sum(filed for _, load, filed, _ in found if load in FLASH),
            "ram_static": sum(memory for address, _, _, memory in found
                              if address not in FLASH)}), [])

    def test_hex(self):
        self.assertEqual(hex_bytes(image.with_suffix(".hex")), elf_bytes(image))

    def test_bin(self):
        """One file from the first byte on, or the vectors apart. What is between
        the ELF file's segments is nobody's."""
        whole, pieces = elf_bytes(image), {}
        vectors = image.with_name(image.stem + "-vectors.bin")
        begin = min(whole)
        if vectors.exists():
            pieces.update(enumerate(vectors.read_bytes(), begin))
            begin = min(at for at in whole if at not in pieces)
        pieces.update(enumerate(image.with_suffix(".bin").read_bytes(), begin))
        self.assertEqual({at: pieces[at] for at in whole}, whole)
        self.assertEqual(set(bytes(byte for at, byte in pieces.items()
                                   if at not in whole)) - {0, 0xff}, set())


board, image = sys.argv[1], pathlib.Path(sys.argv[2])
unittest.main(argv=sys.argv[:1])
