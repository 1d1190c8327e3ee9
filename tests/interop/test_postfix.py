# SPDX-License-Identifier: BSD-3-Clause
"""Postfix delivers to the device, over TLS that it has verified."""
import os
import re
import subprocess
import sys

import pytest

import installed
from cases import LONG_8BIT
from maildir import lf
from output import PATIENCE
from pki import MX, OTHER
from postfix import EAGER, Postfix


@pytest.fixture
def postfix(peers, short_tmp, pki):
    def start(port, level="verify", host=MX, more=""):
        return Postfix(peers, short_tmp, pki.ca, port, level, host, more)
    return start


@pytest.mark.parametrize("level", ["verify", "secure"])
def test_delivers_verified(postfix, mx, level):
    """The name in the MX record is what Postfix finds in the certificate."""
    with postfix(mx.port, level) as sender:
        sender.send(LONG_8BIT)
        sender.log.wait("Verified TLS connection established to "
                        rf"{MX}\[127.0.0.1\]:{mx.port}: TLSv1.3 with cipher "
                        "TLS_")
        sender.log.wait(r"to=<joe@example.test>.* status=sent \(250 2\.")
    message = mx.maildir.only()
    assert message.sender == "sender@client.test"
    assert message.recipients == ["joe@example.test"]
    assert ") with ESMTPS id " in message.received
    # Postfix adds a Received: field in front, and changes nothing.
    assert message.body.endswith(lf(LONG_8BIT))


def test_other_name_is_not_delivered(postfix, mx):
    """The MX record names another host: Postfix keeps the message."""
    with postfix(mx.port, host=OTHER) as sender:
        sender.send(LONG_8BIT)
        sender.log.wait(r"status=deferred \(Server certificate not verified")
    assert mx.idle()["server.accepted"] == 0
    mx.maildir.assert_empty()


def test_many_at_once(postfix, mx):
    """Twenty messages, over eight connections at once: all are there once,
    though a small device says 421 to some of these, and hears others only when
    they come again: libslirp repeats a SYN after 12 s, and a connection that
    waits for QEMU to accept it is looked at after a minute."""
    with postfix(mx.port, more=EAGER) as sender:
        for number in range(20):
            sender.send(b"Subject: %d\r\n\r\ntext\r\n" % number)
        sender.log.until(lambda: sender.log.text().count("status=sent") == 20,
                         "status=sent, 20 times", patience=4 * PATIENCE)
    subjects = [re.search(rb"^Subject: (\d+)$", message.body, re.M)[1]
                for message in mx.maildir.messages()]
    assert sorted(map(int, subjects)) == list(range(20))


@pytest.mark.parametrize("level", ["verify", "secure"])
@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_posttls_finger(peers, short_tmp, mx, pki, level, version):
    """Postfix's own probe finds the right name, in both TLS versions."""
    said = finger(peers, short_tmp, mx, pki, "-l", level, "-p", version)
    assert f"Verified TLS connection established to {MX}" in said, said
    assert f": {version} with cipher" in said, said


def test_posttls_finger_sees_another_name(peers, short_tmp, mx, pki):
    """The same probe says so when the MX record names another host."""
    said = finger(peers, short_tmp, mx, pki, "-l", "verify", host=OTHER)
    assert "hostname mismatch" in said and "Verified TLS" not in said, said


def test_posttls_finger_by_digest(peers, short_tmp, launch, pki):
    """The certificate that a device makes itself is verified by the digest
    that it prints for its TLSA record."""
    mx = launch(identity=None)
    digest = mx.output.wait(r"TLSA 3 1 1 (\w+)")[1]
    colons = ":".join(re.findall("..", digest)).upper()
    for match, verified in ((colons, True), (colons[:-2] + "00", False)):
        said = finger(peers, short_tmp, mx, pki, "-l", "fingerprint", "-d",
                      "sha256", match=[match])
        assert ("Verified TLS" in said) == verified, said


def finger(peers, folder, mx, pki, *options, host=MX, match=()):
    place = installed.Place(peers, folder, ["postfix", "postdrop"])
    (folder / "main.cf").write_text("compatibility_level = 3.6\n"
                                    "dnssec_probe =\n")
    place.environ["MAIL_CONFIG"] = str(folder)
    return place.run(place.find("posttls-finger"), *options, "-c",
                     "-h", "native", "-F", pki.ca, f"[{host}]:{mx.port}",
                     *match).stdout


def test_newcomer(launch, peers):
    """What ./dev postfix does, to a device that made its own identity."""
    device = launch(identity=None)
    run = subprocess.run(
        [sys.executable, "postfix.py", "--peers", peers.parent, "--port",
         str(device.port), "--ca", device.folder / "state" / "cert.pem"],
        cwd=os.path.dirname(__file__), capture_output=True, text=True,
        timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.search(r"Verified TLS connection .*: TLSv1.3", run.stdout)
    assert b"Postfix was here" in device.maildir.only().body
