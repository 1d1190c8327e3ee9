# SPDX-License-Identifier: BSD-3-Clause
"""Senders who all succeed, and remember whom they met.

    traffic = Traffic(port, identities)
    with traffic.flowing(messages=1000):
        ... the device changes its identity, and `identities` grows
    traffic.check()

`identities` has the digests of the keys that the device said it had, in order.
A new one is appended when the device has said that it is in use.
"""
import concurrent.futures
import contextlib
import hashlib
import ssl
import threading
from typing import NamedTuple

from peer import Peer
from pki import openssl

SENDERS = 6


def key_digest(der):
    """SHA-256 of a certificate's SubjectPublicKeyInfo, as openssl has it."""
    public = openssl("x509", "-inform", "DER", "-noout", "-pubkey", input=der)
    spki = openssl("pkey", "-pubin", "-outform", "DER", input=public)
    return hashlib.sha256(spki).hexdigest()


class Meeting(NamedTuple):
    """A full handshake. That it ended says that the key is the certificate's."""
    certificate: bytes
    first: int  # identities, when it began and when it was over
    last: int


class Traffic:
    def __init__(self, port, identities):
        self.port, self.identities = port, identities
        self.meetings, self.resumed, self.sent = [], 0, []
        self.lock = threading.Lock()

    @contextlib.contextmanager
    def flowing(self, messages):
        """All are sent when the with statement is over; whoever failed is
        raised there."""
        with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
            senders = [pool.submit(self.sender, number, messages // SENDERS)
                       for number in range(SENDERS)]
            yield lambda: all(sender.done() for sender in senders)
            for sender in senders:
                sender.result()

    def sender(self, number, messages):
        """Every second connection takes up the session of the one before."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.maximum_version = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.
                                   TLSv1_3)[number % 2]
        session = None
        for count in range(messages):
            session = self.deliver(context, session, f"{number}-{count}")

    def deliver(self, context, session, name):
        """One message; the session to take up next, if this was a new one."""
        with Peer(self.port) as peer:
            peer.ehlo()
            first = len(self.identities) - 1
            peer.starttls(context, session=session)
            last = len(self.identities) - 1
            peer.ehlo()
            peer.deliver(b"Subject: %s\r\n\r\n" % name.encode())
            resumed = peer.sock.session_reused
            certificate = peer.sock.getpeercert(binary_form=True)
            mine = peer.sock.session
            peer.quit()
        with self.lock:
            self.sent.append(name)
            self.resumed += resumed
            if not resumed:
                self.meetings.append(Meeting(certificate, first, last))
        return None if resumed or session else mine

    def check(self):
        """Each showed who the device was meanwhile. One more may count: the
        new identity serves before the console has said so."""
        digests = {certificate: key_digest(certificate) for certificate in
                   {meeting.certificate for meeting in self.meetings}}
        for certificate, first, last in self.meetings:
            assert digests[certificate] in self.identities[first:last + 2]
        assert self.resumed and self.meetings
        return digests
