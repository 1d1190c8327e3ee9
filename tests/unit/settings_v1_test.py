# SPDX-License-Identifier: BSD-3-Clause
"""The frozen image of a configuration, read by tests/tools/settings.py. The
firmware reads the same file in settings_test.c."""
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))
import settings  # noqa: E402

IMAGE = HERE / "settings_v1.bin"
SAID = {
    0x01: "mx.example.test", 0x03: ["example.test", "example.org"],
    0x05: ["joe@example.test", "*@example.org"], 0x07: b"\x30\x03\x01\x02\x03",
    0x0b: "joe", 0x0d: "a verifier", 0x10: "192.0.2.7/24",
    0x12: "192.0.2.1", 0x14: "192.0.2.53", 0x16: ["192.0.2.7", "2001:db8::7"],
    0x18: "bl.example.org", 0x1a: 1, 0x1d: 0, 0x4a: 250000, 0x6a: 20}


class Frozen(unittest.TestCase):
    def test_all_of_it(self):
        self.assertEqual(settings.read(IMAGE.read_bytes()), (41, SAID))

    def test_damage_is_seen(self):
        image = bytearray(IMAGE.read_bytes())
        for at in range(len(image)):
            image[at] ^= 1
            with self.assertRaises(Exception):
                settings.read(bytes(image))
            image[at] ^= 1


if __name__ == "__main__":
    unittest.main()
