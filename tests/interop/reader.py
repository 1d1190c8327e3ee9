# SPDX-License-Identifier: BSD-3-Clause
"""A device whose mail is read over POP3, and who reads it."""
import base64
import contextlib
import functools
import hashlib
import poplib
import ssl

from peer import Peer
from pki import MX

USER, PASSWORD = "joe", "open sesame"


@functools.cache
def verifier(password=PASSWORD, iterations=1000):
    """What --hash-password prints, by another implementation."""
    salt = b"sixteen octets.."
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    text = "$".join(base64.b64encode(part).decode() for part in (salt, key))
    return f"pbkdf2-sha256${iterations}${text}"


def options(folder, **more):
    """Of a device that has a spool and lets one user read it."""
    return {"maildir": None, "spool": folder / "spool.img",
            "spool_size": "4M", "max_message": "300K",
            "pop3": "127.0.0.1:0", "pop3_tls": "127.0.0.1:0",
            "pop3_user": USER, "pop3_password": verifier(), **more}


def ports(device):
    """For STLS, and for TLS from the first byte."""
    return [int(device.wait("listen", protocol="pop3", tls=tls)["port"])
            for tls in ("starttls", "implicit")]


def deliver(device, *messages):
    with Peer(device.port).hello() as peer:
        for message in messages:
            peer.deliver(message)
        peer.quit()


def mail(subject, body=b"Hello.\r\n"):
    return b"Subject: %s\r\nFrom: a@b.example\r\n\r\n%s" % (
        subject.encode(), body)


class Reader(poplib.POP3):
    """Python's, on an address, with the name of the MX."""

    def __init__(self, port, pki):
        self.trust = ssl.create_default_context(cafile=pki.ca)
        super().__init__("127.0.0.1", port, timeout=30)

    def secure(self):
        self.host = MX  # what the certificate has to be for
        self.stls(self.trust)
        return self

    def log_in(self, password=PASSWORD):
        self.user(USER)
        self.pass_(password)
        return self

    def text(self, number):
        """A message to the byte."""
        return b"".join(line + b"\r\n" for line in self.retr(number)[1])

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        """QUIT, when all went well."""
        if kind is None:
            self.quit()
        else:
            self.vanish()

    def vanish(self):
        """The connection is gone, without a word."""
        with contextlib.suppress(OSError):
            self.sock.close()
        self.file.close()
