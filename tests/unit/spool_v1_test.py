# SPDX-License-Identifier: BSD-3-Clause
"""Images of a spool, frozen and fresh, read by tests/tools/spool.py, which
knows them from the words of firmware/store/README.md alone.

    spool_v1_test.py SPOOL_IMAGE
"""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))
import spool  # noqa: E402

WRITER = sys.argv.pop()
KINDS = ["card", "flash"]
LONG = "0123456789" * 24 + "@example.test"


def expected(last, serial):
    peer = "IPv6:2001:db8::1"
    second = b"".join(b"%04d of the second\r\n" % i for i in range(30))
    return [
        (1, 1, True, 1, False, 1795444080, 2, peer, "", "",
         "joe@example.test", 99,
         b"Return-Path: <joe@example.test>\r\n"
         b"Delivered-To: alice@example.test\r\n"
         b"Delivered-To: joe@example.test\r\n"
         b"Subject: 1\r\n\r\n.\r\nhello\r\n"),
        (2, 3, False, 0, True, 0, 0, peer, "TLSv1.3",
         "TLS_AES_256_GCM_SHA384", "", 17, b"Return-Path: <>\r\n" + second),
        (last, serial, False, 6, False, 1795444082, 1, peer, "", "",
         LONG[:195], 302,
         b"Return-Path: <" + LONG.encode() + b">\r\n"
         b"Delivered-To: joe@example.test\r\nSubject: last\r\n\r\n")]


class Image(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.folder = pathlib.Path(tmp.name)
        self.image = self.folder / "image"

    def frozen(self, kind):
        self.image.write_bytes(spool.unfold(
            (HERE / f"spool_v1_{kind}.txt").read_text()))

    def scan(self):
        with spool.Spool(self.image) as this:
            return this.scan()

    def flip(self, at):
        data = bytearray(self.image.read_bytes())
        data[at] ^= 1
        self.image.write_bytes(data)

    def test_frozen(self):
        """Bytes that nobody changes."""
        for kind, last, serial in ("card", 13, 12), ("flash", 12, 11):
            with self.subTest(kind):
                self.frozen(kind)
                mails, damaged = self.scan()
                self.assertEqual(damaged, [])
                self.assertEqual(mails, expected(last, serial))

    def test_fresh(self):
        """What is written today."""
        for kind in KINDS:
            with self.subTest(kind):
                self.image.write_bytes(spool.unfold(subprocess.run(
                    [WRITER, kind], check=True, text=True,
                    capture_output=True).stdout))
                mails, damaged = self.scan()
                self.assertEqual(damaged, [])
                self.assertEqual(
                    mails, expected(mails[-1].number, mails[-1].serial))

    def test_damage_is_found(self):
        """In data, in a head, in a label; the others are read all the same."""
        self.frozen("card")
        data = self.image.read_bytes()
        for magic, what, left in (
                (b"0007 of the second", "message 2", [1, 13]),
                (b"TLSv1.3", "a head", [1, 13])):
            with self.subTest(what):
                self.image.write_bytes(data)
                for at in self.places(data, magic):
                    self.flip(at)
                mails, damaged = self.scan()
                self.assertEqual([mail.number for mail in mails], left)
                self.assertIn(what, " ".join(damaged))
        for at in self.places(data, b"tmxspool"):
            with self.subTest("label", at=at):
                self.image.write_bytes(data)
                self.flip(at + 100)
                mails, _ = self.scan()
                self.assertEqual([mail.number for mail in mails], [1, 2, 13])

    @staticmethod
    def places(data, what):
        at = data.find(what)
        while at >= 0:
            yield at
            at = data.find(what, at + 1)

    def test_no_spool(self):
        for data in b"", bytes(131072), b"\xeb\x3c\x90MSDOS5.0" + bytes(8192):
            self.image.write_bytes(data)
            with self.assertRaises(SystemExit):
                spool.main(["", str(self.image)])

    def test_another_version(self):
        self.frozen("card")
        data = self.image.read_bytes()
        for at in self.places(data, b"tmxspool"):
            label = data[at:at + 8] + b"\2" + data[at + 9:at + 508]
            data = data[:at] + label + \
                spool.crc32c(label).to_bytes(4, "little") + data[at + 512:]
        self.image.write_bytes(data)
        with self.assertRaisesRegex(spool.Damaged, "version 2"):
            self.scan()

    def test_extract(self):
        self.frozen("flash")
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertEqual(
                spool.main(["", str(self.image), str(self.folder / "out")]), 0)
        self.assertIn("1: 2026-11-23T14:28:00+00:00 <joe@example.test> 123 "
                      "bytes\n", said.getvalue())
        self.assertIn("2: (time not known) <> 617 bytes\n", said.getvalue())
        for mail in self.scan()[0]:
            self.assertEqual(
                (self.folder / "out" / f"{mail.number}.eml").read_bytes(),
                mail.data)


if __name__ == "__main__":
    unittest.main()
