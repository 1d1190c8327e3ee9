# SPDX-License-Identifier: BSD-3-Clause
"""How it starts, and when it had better not."""
import hashlib
import ssl
import stat

import pytest

from device import FLAG
from output import PATIENCE
from peer import Peer
from pki import MX, OTHER, Identity, openssl


def refused(device):
    """It ends by itself, with a status; what it said."""
    status = device.process.wait(PATIENCE)
    device.output.thread.join(PATIENCE)
    said = device.output.text()
    assert status not in (0, None) and status > 0, f"{status}\n{said}"
    assert "Sanitizer" not in said, said
    return said


def test_makes_itself_an_identity(launch, tmp_path):
    """Without one: a key nobody else reads, a certificate for the MX name."""
    folder = tmp_path / "device"
    first = launch(identity=None, folder=folder)
    kept, cert = folder / "state" / "identity", folder / "state" / "cert.pem"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    text = openssl("x509", "-in", cert, "-noout", "-text").decode()
    assert f"DNS:{MX}\n" in text and "TLS Web Server Authentication" in text
    assert "prime256v1" in text
    before = kept.read_bytes(), cert.read_bytes()
    context = trusting(cert)
    with Peer(first.port).hello(context) as peer:
        peer.deliver()
        peer.quit()
    first.terminate()

    second = launch(identity=None, folder=folder)
    assert (kept.read_bytes(), cert.read_bytes()) == before
    with Peer(second.port).hello(context) as peer:
        peer.deliver()
        peer.quit()
    assert len(second.maildir.messages()) == 2


def trusting(cert):
    """An ssl context for which this certificate is a root."""
    context = ssl.create_default_context(cafile=str(cert))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def test_prints_its_tlsa_record(launch, pki):
    """The TLSA record's data is the digest of the key, as openssl has it."""
    mx = launch()
    spki = openssl("x509", "-in", pki.good.cert, "-noout", "-pubkey")
    der = openssl("pkey", "-pubin", "-outform", "DER", input=spki)
    mx.terminate()
    assert "TLSA 3 1 1 " + hashlib.sha256(der).hexdigest() in mx.log()


def test_wrong_name_is_not_offered(launch, pki):
    """A certificate for another name: said in words, no STARTTLS, mail in
    clear is taken."""
    mx = launch(identity=pki.wrong_name, listen_tls=None)
    assert any(MX in line or "name" in line for line in mx.output.lines
               if "event=identity" in line), mx.log()
    with Peer(mx.port) as peer:
        assert "STARTTLS" not in peer.ehlo()
        peer.cmd("STARTTLS", "50")
        peer.deliver()
        peer.quit()


def test_wrong_name_by_the_owners_wish(launch, pki):
    """--tls-anyway offers it; a client that looks at names will not have it."""
    mx = launch(identity=pki.wrong_name, tls_anyway=FLAG)
    with Peer(mx.port).hello() as peer:
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname"):
            peer.starttls(pki.context())
    with Peer(mx.port).hello() as peer:
        peer.starttls(pki.context(), name=OTHER)
        peer.ehlo()
        peer.quit()


def test_key_of_another(launch, pki):
    """A key that is not the certificate's: no start."""
    device = launch(identity=Identity(pki.good.cert, pki.wrong_name.key),
                    ready=False)
    assert "key" in refused(device)


@pytest.mark.parametrize("broken", ["cert", "key"])
def test_not_a_pem(launch, pki, tmp_path, broken):
    """A file that does not parse: no start, and it says which file."""
    path = tmp_path / "broken.pem"
    path.write_text("-----BEGIN NOTHING-----\n")
    device = launch(identity=pki.good._replace(**{broken: path}), ready=False)
    assert str(path) in refused(device)


@pytest.mark.parametrize("text, line, words", [
    ("mx = mx.example.test\n\n# a comment\ncolour = blue\n", 4, "colour"),
    ("domain = example.test\nsessions = many\n", 2, "many"),
    ("no equals sign\n", 1, ""),
    ("max-message = 0\n", 1, "max-message"),
])
def test_configuration_is_refused(launch, tmp_path, text, line, words):
    """A mistake in the file: no start; its name, its line and the word."""
    path = tmp_path / "tinymx.conf"
    path.write_text(text)
    said = refused(launch(config=path, ready=False))
    assert f"{path}:{line}:" in said and words in said, said


def test_configuration_is_read(launch, tmp_path):
    """What the file says holds, and the command line has the last word."""
    path = tmp_path / "tinymx.conf"
    path.write_text("# a device\nmx = other.example.test\n"
                    "rcpt = file@example.test\nmax-message = 1M\n"
                    "max-rcpt = 7\n")
    mx = launch(config=path, rcpt=None, max_rcpt=9)
    with Peer(mx.port) as peer:
        assert peer.greeting.startswith(f"220 {MX} ")
        extensions = peer.ehlo()
        assert extensions["SIZE"] == str(1024 * 1024)
        assert "RCPTMAX=9 " in extensions["LIMITS"] + " "
        peer.deliver(to=["file@example.test"])
        peer.quit()


@pytest.mark.parametrize("options, words", [
    ({"mx": None}, "--mx"),
    ({"mx": "not a name"}, "not a name"),
    ({"rcpt": ["joe"]}, "joe"),
    ({"listen": "127.0.0.1"}, "127.0.0.1"),
    ({"listen": "127.0.0.1:99999"}, "99999"),
    ({"colour": "blue"}, "colour"),
    ({"cert": None}, "--cert"),
    ({"sessions": "100000"}, "sessions"),
    ({"config": "/nonexistent/tinymx.conf"}, "/nonexistent/tinymx.conf"),
    ({"maildir": "/proc/nonexistent/mail"}, "/proc/nonexistent"),
], ids=str)
def test_options_are_refused(launch, options, words):
    """A mistake on the command line: no start, and it is named."""
    assert words in refused(launch(ready=False, **options))


def test_taken_port(launch):
    """A port that somebody else has: no start, and it says which."""
    mx = launch()
    said = refused(launch(ready=False, listen=f"127.0.0.1:{mx.port}"))
    assert str(mx.port) in said


def test_mail_that_was_there(launch, tmp_path):
    """Mail of earlier runs stays, and names are never used again."""
    folder = tmp_path / "device"
    for run in range(3):
        mx = launch(folder=folder)
        with Peer(mx.port).hello() as peer:
            peer.deliver(b"Subject: %d\r\n\r\n" % run)
            peer.quit()
        mx.terminate()
    assert sorted(m.body for m in mx.maildir.messages()) == \
        [b"Subject: %d\n\n" % run for run in range(3)]
