# SPDX-License-Identifier: BSD-3-Clause
"""A certificate authority of our own, and what it has signed.

Everything is made by the openssl command, so that no certificate of a test
comes from the code that is tested.
"""
import functools
import pathlib
import ssl
import subprocess
from typing import NamedTuple

MX = "mx.example.test"
OTHER = "other.example.test"

P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
RSA = ["-newkey", "rsa:2048"]


def openssl(*args, **kwargs):
    return subprocess.run(["openssl", *map(str, args)], check=True,
                          capture_output=True, timeout=60, **kwargs).stdout


class Identity(NamedTuple):
    """A certificate (leaf only: the root is the verifier's) and its key."""
    cert: pathlib.Path
    key: pathlib.Path


class Authority:
    def __init__(self, folder):
        self.folder = folder
        self.ca = folder / "ca.pem"
        openssl("req", "-x509", *P256, "-nodes", "-days", 30,
                "-subj", "/CN=tinymx test root", "-keyout", folder / "ca.key",
                "-out", self.ca, "-addext", "keyUsage=critical,keyCertSign",
                "-addext", "basicConstraints=critical,CA:TRUE")

    @functools.cached_property
    def good(self):
        return self.sign("good", P256, MX)

    @functools.cached_property
    def rsa(self):
        return self.sign("rsa", RSA, MX)

    @functools.cached_property
    def wrong_name(self):
        return self.sign("wrong", P256, OTHER)

    @functools.cached_property
    def common_name(self):
        """For those who want one beside the SAN, as fetchmail does."""
        return self.sign("named", P256, MX, subject=f"/CN={MX}")

    @functools.cached_property
    def relay(self):
        return self.sign("relay", P256, "relay.client.test", "clientAuth")

    def sign(self, stem, kind, name, usage="serverAuth",
             subject="/O=tinymx test"):
        """A new key and its certificate for the host name `name`."""
        path = self.folder / stem
        cert, key, csr, ext = (path.with_suffix(s)
                               for s in (".pem", ".key", ".csr", ".ext"))
        ext.write_text(f"subjectAltName=DNS:{name}\n"
                       "basicConstraints=CA:FALSE\n"
                       "keyUsage=digitalSignature\n"
                       f"extendedKeyUsage={usage}\n")
        openssl("req", *kind, "-nodes", "-subj", subject,
                "-keyout", key, "-out", csr)
        openssl("x509", "-req", "-in", csr, "-CA", self.ca, "-CAkey",
                self.ca.with_suffix(".key"), "-CAcreateserial", "-days", 10,
                "-extfile", ext, "-out", cert)
        return Identity(cert, key)

    def certify(self, request, *extensions):
        """A certificate for what a device asks for, as it asks for it; PEM."""
        return openssl("x509", "-req", "-CA", self.ca, "-CAkey",
                       self.ca.with_suffix(".key"), "-CAcreateserial", "-days",
                       10, "-copy_extensions", "copy", *extensions,
                       input=request.encode())

    def context(self, version=None):
        """An ssl context that verifies the chain and the name."""
        context = ssl.create_default_context(cafile=str(self.ca))
        # An end without close_notify is an error, as it was before Python 3.10.
        context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
        if version:
            context.minimum_version = context.maximum_version = version
        return context
