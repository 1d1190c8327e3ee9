# SPDX-License-Identifier: BSD-3-Clause
"""Trust in what a device shows of itself, as somebody has who looked at it."""
import base64
import ssl

from peer import Peer
from pki import Authority


def shown(port):
    """The certificate of the device at `port`, unseen; DER."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with Peer(port).hello() as peer:
        peer.starttls(anybody)
        der = peer.sock.getpeercert(binary_form=True)
        peer.ehlo()
        peer.quit()
    return der


def holds(text, key):
    """Whether a text has any 16 bytes of a key in it, in hex or base64."""
    text = text.lower()
    for at in range(len(key) - 15):
        if key[at:at + 16].hex() in text:
            return True
    return any(base64.b64encode(key[at:at + 18]).decode().lower() in text
               for at in range(len(key) - 17))


class Trust(Authority):
    """The certificate that a board has made at its start, as if it were an
    authority's: it is for the name in the MX record, and that is verified."""
    good = None  # an identity cannot be given to it

    def __init__(self, folder):
        self.folder = folder
        self.ca = folder / "ca.pem"

    def learn(self, port):
        """Takes the certificate of the device at `port`."""
        self.ca.write_text(ssl.DER_cert_to_PEM_cert(shown(port)))

    def sign(self, stem, kind, name):
        raise NotImplementedError("a board takes no certificate of ours")
