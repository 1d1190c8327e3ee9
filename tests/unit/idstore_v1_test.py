# SPDX-License-Identifier: BSD-3-Clause
"""An identity store, frozen and fresh: read by tests/tools/idstore.py, which
knows it from the words of firmware/identity/README.md alone, and by the
firmware.

    idstore_v1_test.py IDSTORE_IMAGE
"""
import pathlib
import struct
import subprocess
import sys
import unittest
from typing import NamedTuple

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))
import idstore  # noqa: E402

PROGRAM = sys.argv.pop()


class Kind(NamedTuple):
    name: str
    block: int
    page: int


KINDS = [Kind("card", 512, 512), Kind("flash", 4096, 256)]


def filled(word, length):
    return (word * length)[:length]


EXPECTED = (filled(b"key 2 ", 121), filled(b"chain 2 ", 987),
            filled(b"key 3 ", 120))


def images():
    return [(kind, (HERE / f"idstore_v1_{kind.name}.bin").read_bytes())
            for kind in KINDS]


def run(verb, kind, image=b""):
    return subprocess.run([PROGRAM, verb, kind.name], input=image, check=True,
                          capture_output=True).stdout


def by_firmware(kind, image):
    return tuple(bytes.fromhex(line) for line in
                 run("read", kind, image).decode().split("\n")[:3])


def by_tool(kind, image):
    found = idstore.read(image, kind.block, kind.page)
    return found and found[1:]


def counter_by_firmware(kind, image):
    return int(run("read", kind, image).split()[-1])


def numbered(image, at, counter):
    """With another counter in the head at `at`, its check sum made right."""
    head = image[at:at + 12] + struct.pack("<I", counter) + \
        image[at + 16:at + 60]
    return image[:at] + head + struct.pack("<I", idstore.crc32c(head)) + \
        image[at + 64:]


def flipped(image, at):
    data = bytearray(image)
    data[at] ^= 1
    return bytes(data)


class Image(unittest.TestCase):
    def test_frozen(self):
        """Bytes that nobody changes."""
        for kind, image in images():
            self.assertEqual(by_tool(kind, image), EXPECTED)
            self.assertEqual(by_firmware(kind, image), EXPECTED)

    def test_fresh(self):
        """What is written today, to the byte."""
        for kind, image in images():
            self.assertEqual(run("write", kind), image)

    def test_nothing_is_left(self):
        """Of the key that was in use before."""
        for _, image in images():
            self.assertNotIn(b"key 1 ", image)

    def test_copies(self):
        """Both slots have the same; one counter is ahead."""
        for kind, image in images():
            first, second = (idstore.read_slot(slot, kind.page) for slot
                             in idstore.slots(image, kind.block))
            self.assertEqual(first[1:], second[1:])
            self.assertEqual(abs(first.counter - second.counter), 1)

    def test_one_slot_is_damaged(self):
        """In its parts: the other counts."""
        for kind, image in images():
            for at in 0, len(image) // 2:
                for part in EXPECTED:
                    bad = flipped(image, image.index(part, at))
                    self.assertEqual(by_tool(kind, bad), EXPECTED)
                    self.assertEqual(by_firmware(kind, bad), EXPECTED)

    def test_both_slots_are_damaged(self):
        for kind, image in images():
            bad = image
            for at in 0, len(image) // 2:
                bad = flipped(bad, bad.index(EXPECTED[1], at))
            self.assertIsNone(by_tool(kind, bad))
            self.assertEqual(by_firmware(kind, bad), (b"", b"", b""))

    def test_the_one_ahead_counts(self):
        """By less than 2^31: counters wrap."""
        for kind, image in images():
            for a, b, ahead in ((5, 6, 6), (6, 5, 6), (2**32 - 1, 0, 0),
                                (0, 2**32 - 1, 0), (2**31, 1, 2**31),
                                (3, 2**31 + 4, 3)):
                both = numbered(numbered(image, 0, a), len(image) // 2, b)
                found = idstore.read(both, kind.block, kind.page)
                self.assertEqual(found.counter, ahead)
                self.assertEqual(counter_by_firmware(kind, both), ahead)

    def test_another_version(self):
        for kind, image in images():
            head = image[:8] + b"\2" + image[9:60]
            image = head + struct.pack("<I", idstore.crc32c(head)) + image[64:]
            with self.assertRaisesRegex(idstore.Damaged, "version 2"):
                by_tool(kind, image)
            with self.assertRaises(subprocess.CalledProcessError):
                by_firmware(kind, image)

    def test_empty(self):
        for kind, image in images():
            for byte in b"\0", b"\xff":
                self.assertIsNone(by_tool(kind, byte * len(image)))


if __name__ == "__main__":
    unittest.main()
