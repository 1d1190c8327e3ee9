# SPDX-License-Identifier: BSD-3-Clause
"""Who types `identity ...` at the console of a device, and notes who it is."""
import re

REFUSED = "^no: .*"


class Owner:
    """`identities`: the TLSA digests that the device said it had, in order."""

    def __init__(self, mx, pki):
        self.mx, self.pki = mx, pki
        self.identities = []
        self.note()

    def type(self, command, answer):
        """Waits for a line of the answer, and for no refusal; mark, match."""
        since = self.mx.type(f"identity {command}\n")
        said = self.mx.output.wait(f"{answer}|{REFUSED}", since)
        assert not said[0].startswith("no: "), said[0]
        return since, said

    def note(self):
        self.identities.append(self.type("", r"^TLSA: 3 1 1 (\w+)")[1][1])

    def new(self):
        self.type("new yes", "it has a new key")
        self.note()

    def roll(self):
        self.type("next", "there is a next key")
        self.type("switch", "the next key is in use")
        self.note()

    def request(self):
        since, _ = self.type("csr", "END CERTIFICATE REQUEST")
        return re.search("-----BEGIN.*REQUEST-----\r?\n",
                         self.mx.output.text(since), re.S)[0]

    def paste(self, chain):
        """What it says to a chain, PEM."""
        self.type("install", "paste the chain")
        return self.lines(chain)

    def lines(self, chain):
        """The rest of it."""
        since = self.mx.type(chain.decode() + ".\n")
        return self.mx.output.wait(f"it is in use|{REFUSED}", since)[0]

    def certify(self):
        """An authority signs a request, and the chain is pasted."""
        assert self.paste(self.pki.certify(self.request())) == "it is in use"
        self.note()
