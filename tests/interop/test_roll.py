# SPDX-License-Identifier: BSD-3-Clause
"""Mail goes on coming while the device changes who it is."""
import re
import subprocess

from owner import Owner
from pki import openssl
from traffic import Traffic, key_digest

MESSAGES = 1002  # as many of each sender


def arrived(mx):
    return sorted(re.search(rb"^Subject: (\S+)$", message.body, re.M)[1].decode()
                  for message in mx.maildir.messages())


def test_traffic(launch, pki):
    """What the senders of these tests do to a device that stays who it is."""
    mx = launch(log_level="info")
    der = openssl("x509", "-in", pki.good.cert, "-outform", "DER")
    traffic = Traffic(mx.port, [key_digest(der)])
    with traffic.flowing(MESSAGES):
        pass
    assert len(traffic.check()) == 1
    assert arrived(mx) == sorted(traffic.sent) and len(traffic.sent) == MESSAGES


def test_roll(launch, pki):
    """Keys and certificates change again and again, and no sender notices."""
    mx = launch(identity=None, stdin=subprocess.PIPE, log_level="info")
    owner = Owner(mx, pki)
    traffic = Traffic(mx.port, owner.identities)
    with traffic.flowing(MESSAGES) as over:
        while not over():
            owner.certify()
            owner.roll()
            owner.new()
    met = traffic.check()
    assert len(set(owner.identities)) > 3 and len(met) > 3
    assert arrived(mx) == sorted(traffic.sent) and len(traffic.sent) == MESSAGES
    print(f"{len(owner.identities)} identities, {len(met)} certificates met, "
          f"{traffic.resumed} sessions resumed")
