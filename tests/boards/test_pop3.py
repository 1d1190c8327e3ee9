# SPDX-License-Identifier: BSD-3-Clause
"""A board's mail, read over POP3: the image that has it, with one user."""
import poplib
import subprocess

import pytest

from machine import USER_NETWORK
from pki import MX
from reader import PASSWORD, Reader, USER, deliver, mail

NETWORK = USER_NETWORK + ",hostfwd=tcp:127.0.0.1:0-:110"
LARGE = mail("large", b"".join(b".%d\r\n" % i for i in range(3000)))
# Of PASSWORD, with as many iterations as a board does in good time.
VERIFIER = ("pbkdf2-sha256$10000$c2l4dGVlbiBvY3RldHMuLg=="
            "$6flnFS7DvYN8Q62xwn9//y0ufAVlnyMGw7av4SUxbUw=")
MAIL = [mail("one"), LARGE, mail("three", b".\r\n")]


@pytest.fixture
def mx(launch):
    device = launch(variant="pop3", place={"nic": NETWORK},
                    pop3_user=USER, pop3_password=VERIFIER)
    device.pop3 = device.machine.port(110)
    return device


def test_curl(mx, pki):
    """What came over SMTP, to the byte, and the UIDL it had before a reset."""
    def curl(path, *options):
        return subprocess.run(
            ["curl", "-sS", "--ssl-reqd", "--cacert", pki.ca, "--resolve",
             f"{MX}:{mx.pop3}:127.0.0.1", "-u", f"{USER}:{PASSWORD}",
             f"pop3://{MX}:{mx.pop3}/{path}", *options],
            capture_output=True, timeout=120, check=True).stdout

    deliver(mx, *MAIL)
    for number, sent in enumerate(MAIL, 1):
        assert curl(number).endswith(sent)
    before = curl("", "-X", "UIDL")
    assert len(before.splitlines()) == len(MAIL)
    mx.reset()
    assert curl("", "-X", "UIDL") == before


def test_delete(mx, pki):
    """All of it goes at QUIT; mail that comes meanwhile does not."""
    deliver(mx, *MAIL)
    with Reader(mx.pop3, pki).secure().log_in() as pop3:
        for number in (3, 1, 2):
            pop3.dele(number)
        deliver(mx, MAIL[0])
        assert len(mx.maildir.mails()) == 4
    assert mx.idle()["server.deleted"] == 3
    assert [m.data.endswith(MAIL[0]) for m in mx.maildir.mails()] == [True]


def test_refused(mx, pki):
    """In clear, and with another password."""
    pop3 = Reader(mx.pop3, pki)
    with pytest.raises(poplib.error_proto, match="STLS has to come first"):
        pop3.user(USER)
    pop3.secure()
    with pytest.raises(poplib.error_proto, match="AUTH"):
        pop3.log_in("guess")
    pop3.log_in().quit()
    counters = mx.idle()
    assert counters["server.logins_failed"] == 1
    assert counters["server.logins"] == 1
