# SPDX-License-Identifier: BSD-3-Clause
"""A device that takes mail from one relay only, by the relay's certificate."""
import ssl
import subprocess

import pytest

from peer import Peer
from pki import Authority

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.fixture
def mx(launch, pki):
    return launch(client_ca=pki.ca)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """Somebody with a certificate from elsewhere."""
    return Authority(tmp_path_factory.mktemp("elsewhere")).relay


def context(pki, version, identity):
    made = pki.context(version)
    if identity:
        made.load_cert_chain(identity.cert, identity.key)
    return made


@pytest.mark.parametrize("version", VERSIONS)
def test_relay(mx, pki, version):
    """Whoever shows the right certificate delivers, each time anew."""
    for _ in range(2):
        since = mx.mark()
        with Peer(mx.port).hello(context(pki, version, pki.relay)) as peer:
            peer.deliver()
            peer.quit()
        assert mx.wait("tls", since)["client"] == "good"
    assert len(mx.maildir.messages()) == 2


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("who, why", [
    ("nobody", "none was shown"),
    ("stranger", "not of a CA that is let in"),
    ("server", "it is not for clients"),
])
def test_others(request, mx, pki, version, who, why):
    """The handshake is good, and then nothing is done but QUIT."""
    identity = {"nobody": lambda: None, "server": lambda: pki.good,
                "stranger": lambda: request.getfixturevalue("stranger")}[who]()
    with Peer(mx.port) as peer:
        peer.ehlo()
        peer.starttls(context(pki, version, identity))
        for command in ("EHLO client.test", "NOOP", "MAIL FROM:<a@b.test>",
                        "RCPT TO:<joe@example.test>", "DATA", "NONSENSE"):
            peer.cmd(command, "554 5.7.0 ")
        peer.quit()
    assert mx.wait("tls")["client"] == why
    mx.maildir.assert_empty()


def test_in_clear(mx):
    """No way round it without TLS."""
    with Peer(mx.port).hello() as peer:
        peer.cmd("MAIL FROM:<a@b.test>", "530 5.7.0 ")
        peer.quit()
    mx.maildir.assert_empty()


def test_swaks(mx, pki):
    """A client that others wrote."""
    done = subprocess.run(
        ["swaks", "--server", "127.0.0.1", "--port", str(mx.port), "--tls",
         "--helo", "client.test", "--from", "a@client.test",
         "--to", "joe@example.test", "--suppress-data",
         "--tls-cert", pki.relay.cert, "--tls-key", pki.relay.key],
        capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert mx.maildir.only()


@pytest.mark.parametrize("text, says", [
    ("", "does not parse"), ("-----BEGIN CERTIFICATE-----\n", "cut off")])
def test_bad_file(launch, tmp_path, text, says):
    """A file that is no certificate is told of at the start."""
    bad = tmp_path / "bad.pem"
    bad.write_text(text)
    mx = launch(client_ca=bad, ready=False)
    mx.output.wait(f"bad.pem: .*{says}")
    assert mx.process.wait(30) == 1
