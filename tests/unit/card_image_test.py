# SPDX-License-Identifier: BSD-3-Clause
"""An image that the C wrote, read by tests/tools/card.py, which knows it from
the words of card.h alone.

    card_image_test.py CARD_IMAGE
"""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tools"))
import card  # noqa: E402

WRITER = sys.argv.pop()


class Image(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.folder = pathlib.Path(tmp.name)
        self.image = self.folder / "card"
        subprocess.run([WRITER, self.image], check=True)

    def scan(self):
        with card.Card(self.image) as this:
            return this.scan()

    def flip(self, at):
        data = bytearray(self.image.read_bytes())
        data[at] ^= 1
        self.image.write_bytes(data)

    def test_messages(self):
        mails, damaged = self.scan()
        self.assertEqual(damaged, [])
        self.assertEqual(
            mails[0],
            (0, 1, 1, False, 1795444080, 2, "IPv6:2001:db8::1",
             "joe@example.test",
             b"Return-Path: <joe@example.test>\r\n"
             b"Delivered-To: alice@example.test\r\n"
             b"Delivered-To: joe@example.test\r\n"
             b"Subject: 1\r\n\r\n.\r\nhello\r\n"))
        self.assertEqual(
            mails[1], (2, 2, 0, False, 1795444081, 0, "IPv6:2001:db8::1", "",
                       b"Return-Path: <>\r\nearly\r\n"))
        self.assertEqual(
            mails[2], (1, 3, 0, True, 0, 0, "IPv6:2001:db8::1",
                       "late@example.test",
                       b"Return-Path: <late@example.test>\r\nlate\r\n"))
        front = b"Return-Path: <large@example.test>\r\n"
        room = 154 * 512 - 512  # the least whole blocks for 70000 and 8192
        self.assertEqual(
            mails[3].data,
            front + bytes((i * i >> 3) & 255 for i in range(room - len(front))))
        self.assertEqual(len(mails), 4)

    def test_damage_is_found(self):
        """In a header, in data; the others are read all the same."""
        self.flip(512 + 100)
        self.flip(512 * (1 + 154) + 512 + 3)
        mails, damaged = self.scan()
        self.assertEqual([mail.number for mail in mails], [2, 4])
        self.assertEqual([line[:6] for line in damaged], ["slot 0", "slot 1"])
        with contextlib.redirect_stderr(io.StringIO()) as said, \
                contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(card.main(["", str(self.image)]), 1)
        self.assertIn("message 3 has a wrong check sum", said.getvalue())

    def test_no_card(self):
        self.flip(300)
        with self.assertRaises(SystemExit):
            card.main(["", str(self.image)])
        self.image.write_bytes(b"")
        with self.assertRaises(SystemExit):
            card.main(["", str(self.image)])

    def test_extract(self):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertEqual(
                card.main(["", str(self.image), str(self.folder / "out")]), 0)
        self.assertIn("1: 2026-11-23T14:28:00+00:00 <joe@example.test> 123 "
                      "bytes, slot 0\n", said.getvalue())
        self.assertIn("3: (time not known) <late@example.test>",
                      said.getvalue())
        mails, _ = self.scan()
        for mail in mails:
            self.assertEqual(
                (self.folder / "out" / f"{mail.number}.eml").read_bytes(),
                mail.data)


if __name__ == "__main__":
    unittest.main()
