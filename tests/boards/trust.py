# SPDX-License-Identifier: BSD-3-Clause
"""Trust in what a device shows of itself, as somebody has who looked at it."""
import ssl

from peer import Peer
from pki import Authority


class Trust(Authority):
    """The certificate that a board has made at its start, as if it were an
    authority's: it is for the name in the MX record, and that is verified."""
    good = None  # an identity cannot be given to it

    def __init__(self, folder):
        self.folder = folder
        self.ca = folder / "ca.pem"

    def learn(self, port):
        """Takes the certificate of the device at `port`, unseen."""
        anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        with Peer(port).hello() as peer:
            peer.starttls(anybody)
            der = peer.sock.getpeercert(binary_form=True)
            peer.ehlo()
            peer.quit()
        self.ca.write_text(ssl.DER_cert_to_PEM_cert(der))

    def sign(self, stem, kind, name):
        raise NotImplementedError("a board takes no certificate of ours")
