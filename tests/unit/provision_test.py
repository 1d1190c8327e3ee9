# SPDX-License-Identifier: BSD-3-Clause
"""tinymx-provision: what it writes, read by tests/tools/settings.py, what it
refuses and why, and what it never tells.

    provision_test.py TINYMX_PROVISION
"""
import pathlib
import stat
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))
import settings  # noqa: E402

TOOL = pathlib.Path(sys.argv.pop()).resolve()
MINIMAL = "mx = mx.example.test\nrcpt = *@example.test\n"
MANUAL = HERE.parents[1] / "docs/tinymx-provision.1"
PASSPHRASE = "a passphrase, 63 octets long".ljust(63, "~")
PSK = 32 * "a5"
VERIFIER = ("pbkdf2-sha256$10000$c2l4dGVlbiBvY3RldHMuLg=="
            "$6flnFS7DvYN8Q62xwn9//y0ufAVlnyMGw7av4SUxbUw=")

# A configuration, and what is said of it: an error.
WRONG = {
    "rcpt = *@example.test\n": "mx is missing",
    "mx = mx..test\n": "my.conf:1: mx: 'mx..test' is not a domain name",
    MINIMAL + "\nmxx = 1\n": "my.conf:4: there is no setting 'mxx'",
    MINIMAL + "max-rcpt = 0\n": "my.conf:3: max-rcpt: '0' is not a number",
    MINIMAL + "pop3-user = joe\n": "pop3-user and pop3-password go together",
    MINIMAL + "client-ca = x\n": "client-ca: a board cannot",
    MINIMAL + "key = good.key\n": "key needs cert",
    MINIMAL + "gateway = 192.0.2.1\n": "gateway needs address",
    MINIMAL + "address = 192.0.2.7/24\ngateway = 192.0.3.1\n":
        "gateway: 192.0.3.1 is no address of the network",
    MINIMAL + "public-address = x\n": "is not an IPv4 or IPv6 address",
    MINIMAL + "ntp = 192.0.2.1:123\n": "is not an address, and not a name",
    MINIMAL + "wifi-password = 12345678\n": "wifi-password needs wifi-ssid",
    MINIMAL + f"wifi-ssid = {33 * 'n'}\n":
        "my.conf:3: wifi-ssid: the name of a network has 1 to 32 octets; this "
        "has 33",
    MINIMAL + "wifi-ssid = a\x1bb\n": "there is a control character in it",
    MINIMAL + "wifi-ssid = n\nwifi-password = 1234567\n":
        "my.conf:4: wifi-password: a password of WPA has 8 to 63 characters",
    MINIMAL + f"wifi-ssid = n\nwifi-password = {64 * 'g'}\n":
        "a key of 64 hex digits; this has 64 octets",
    MINIMAL + f"wifi-ssid = n\nwifi-password = {PSK}g\n": "has 65 octets",
    MINIMAL + "wifi-ssid = n\nwifi-password = p\u00e4ssword\n":
        "has 9 octets",
    MINIMAL + "cert = gone.pem\nkey = good.key\n": "cannot read gone.pem",
    MINIMAL + "cert = good.key\nkey = good.key\n": "there is none in it",
    MINIMAL + "cert = good.pem\nkey = other.key\n":
        "key and certificate do not belong together",
    MINIMAL + "cert = other.pem\nkey = other.key\n":
        "The certificate is for other names",
}

# Counters of what is in areas A and B: the new counter, and where to.
TORN = 77
AFTER = [
    (None, None, 1, "A"),
    (1, None, 2, "B"),
    (None, 1, 2, "A"),
    (1, 2, 3, "A"),
    (3, 2, 4, "B"),
    (5, 5, 6, "B"),
    (TORN, 2, 3, "A"),
    (4, TORN, 5, "B"),
    (TORN, TORN, 1, "A"),
    (0, None, 1, "B"),
]


def certificate(folder, stem, name):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:P-256", "-nodes", "-days", "3", "-subj", "/CN=x",
         "-addext", f"subjectAltName=DNS:{name}", "-keyout",
         folder / f"{stem}.key", "-out", folder / f"{stem}.pem"],
        check=True, capture_output=True)


def der(folder, kind, file):
    return subprocess.run(["openssl", kind, "-in", folder / file, "-outform",
                           "DER"], check=True, capture_output=True).stdout


class Provision(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tmp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(tmp.cleanup)
        cls.folder = pathlib.Path(tmp.name)
        certificate(cls.folder, "good", "mx.example.test")
        certificate(cls.folder, "other", "other.example.test")
        (cls.folder / "good.der").write_bytes(
            der(cls.folder, "x509", "good.pem"))

    def setUp(self):
        (self.folder / "config.bin").unlink(missing_ok=True)

    def run_tool(self, *args, status=0):
        done = subprocess.run([TOOL, *args], cwd=self.folder, text=True,
                              capture_output=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def make(self, conf, *args, status=0):
        (self.folder / "my.conf").write_text(conf)
        return self.run_tool("my.conf", "-o", "config.bin", *args,
                             status=status)

    def image(self):
        return settings.read((self.folder / "config.bin").read_bytes())

    def test_every_kind(self):
        said = self.make(
            MINIMAL + "rcpt = joe@example.org\nmaildir = mail\nevict = 9\n"
            "max-message = 100K\ntls-anyway = yes\nrequire-tls = no\n"
            "address = 192.0.2.7/24\ngateway = 192.0.2.1\n"
            "ntp = 2001:db8::1\n", "--counter", "7")
        self.assertIn("note: maildir is for the simulator", said)
        self.assertEqual(self.image(), (7, {
            0x01: "mx.example.test", 0x05: ["*@example.test",
                                            "joe@example.org"],
            0x10: "192.0.2.7/24", 0x12: "192.0.2.1", 0x1a: 1,
            0x20: "2001:db8::1", 0x4a: 102400, 0x6a: 9}))
        mode = (self.folder / "config.bin").stat().st_mode
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_dhcp_is_the_default(self):
        self.make(MINIMAL + "address = dhcp\n")
        self.assertNotIn(0x10, self.image()[1])

    def test_wifi(self):
        """Up to what the standard has room for; the shorter ones too."""
        for name, password in (("n", "12345678"), (16 * "\u00f6", PASSPHRASE),
                               ("my net", PSK), ("open", None)):
            line = f"wifi-password = {password}\n" if password else ""
            self.make(MINIMAL + f"wifi-ssid = {name}\n" + line)
            found = self.image()[1]
            self.assertEqual((found[0x22], found.get(0x24)), (name, password))

    def test_wrong_password_is_not_told(self):
        said = self.make(MINIMAL + "wifi-ssid = n\nwifi-password = secret\n",
                         status=1)
        self.assertNotIn("secret", said)

    def test_identity(self):
        for cert in ("good.pem", "good.der"):
            self.make(MINIMAL + f"cert = {cert}\nkey = good.key\n")
            found = self.image()[1]
            self.assertEqual(found[7], der(self.folder, "x509", "good.pem"))
            self.assertTrue(found[9].startswith(b"\x30"))

    def test_chain_for_the_device(self):
        said = self.make(MINIMAL + "cert = good.pem\n")
        self.assertIn("for the device's own", said)
        self.assertNotIn(9, self.image()[1])

    def test_wrong(self):
        for conf, says in WRONG.items():
            with self.subTest(conf):
                self.assertIn(says, self.make(conf, status=1))
                self.assertFalse((self.folder / "config.bin").exists())

    def test_size(self):
        self.make(MINIMAL)
        size = (self.folder / "config.bin").stat().st_size
        self.make(MINIMAL, "--size", str(size))
        self.assertIn(f"the image has {size} bytes, 1 more than",
                      self.make(MINIMAL, "--size", str(size - 1), status=1))

    def dump(self, name, counter):
        """An area of flash: blank, torn, or with an image of that counter."""
        content = b""
        if counter is not None:
            self.make(MINIMAL, "--counter", str(counter))
            content = (self.folder / "config.bin").read_bytes()
        if counter == TORN:
            content = content[:-4]
        (self.folder / name).write_bytes(content.ljust(4096, b"\xff"))

    def test_after(self):
        """The new one counts more, and goes where the old one is not."""
        for a, b, counter, area in AFTER:
            with self.subTest(a=a, b=b):
                self.dump("a.bin", a)
                self.dump("b.bin", b)
                said = self.make(MINIMAL, "--after", "a.bin",
                                 "--after", "b.bin")
                self.assertIn(f"write to: {area}\n", said)
                self.assertEqual(said.count("damaged or cut off"),
                                 (a, b).count(TORN))
                self.assertEqual(self.image()[0], counter)

    def test_after_one(self):
        self.dump("a.bin", 8)
        self.assertNotIn("write to", self.make(MINIMAL, "--after", "a.bin"))
        self.assertEqual(self.image()[0], 9)

    def test_after_cannot(self):
        self.dump("a.bin", 2 ** 32 - 1)
        (self.folder / "config.bin").unlink()
        self.assertIn("counter is at the end",
                      self.make(MINIMAL, "--after", "a.bin", status=1))
        self.assertIn("cannot read gone.bin",
                      self.make(MINIMAL, "--after", "gone.bin", status=1))
        self.assertFalse((self.folder / "config.bin").exists())

    def test_check_writes_nothing(self):
        (self.folder / "my.conf").write_text(MINIMAL)
        before = sorted(self.folder.iterdir())
        self.run_tool("--check", "my.conf")
        self.run_tool("my.conf", "--check")
        self.assertEqual(before, sorted(self.folder.iterdir()))

    def test_show_has_no_secrets(self):
        self.make(MINIMAL + "cert = good.pem\nkey = good.key\n"
                  f"pop3-user = joe\npop3-password = {VERIFIER}\n"
                  f"wifi-ssid = my net\nwifi-password = {PASSPHRASE}\n")
        said = self.run_tool("--show", "config.bin")
        self.assertIn("key: P-256, given", said)
        self.assertIn("pop3-password: given", said)
        self.assertIn("rcpt = *@example.test", said)
        self.assertNotIn(VERIFIER[-20:], said)
        self.assertNotIn("PRIVATE", said)
        self.assertIn("wifi-ssid = my net\nwifi-password: given\n", said)
        self.assertNotIn("passphrase", said)
        self.assertIn("no configuration",
                      self.run_tool("--show", "good.key", status=1))

    def test_usage(self):
        for args in ([], ["my.conf"], ["-o"], ["my.conf", "-o", "x", "--show"],
                     ["--size", "x"], ["--what"], ["a", "b", "--check"],
                     ["a", "-o", "b", "--after"],
                     ["a", "--check", "--after", "b"],
                     ["a", "-o", "b", "--after", "c", "--counter", "1"],
                     ["a", "-o", "b"] + ["--after", "c"] * 3):
            self.run_tool(*args, status=2)
        for option in ("-o", "--check", "--show", "--size", "--counter",
                       "--after"):
            self.assertIn(option, self.run_tool("--help"))
            self.assertIn(option.replace("-", "\\-"), MANUAL.read_text())


if __name__ == "__main__":
    unittest.main()
