# SPDX-License-Identifier: BSD-3-Clause
"""The device's identity over its console, and over its lives."""
import base64
import subprocess

import pytest

from owner import Owner
from peer import Peer
from pki import openssl
from traffic import key_digest

PIPE = subprocess.PIPE
PARTS = 4 * 512  # firmware/identity/README.md: key first, behind four pages


@pytest.fixture
def owned(launch, pki, tmp_path):
    """A device with an identity of its own, on the same state each time."""
    def start(**how):
        mx = launch(identity=None, stdin=PIPE, folder=tmp_path / "device", **how)
        return mx, Owner(mx, pki)
    return start


def deliver(mx, context):
    with Peer(mx.port).hello(context) as peer:
        peer.deliver()
        peer.quit()


def wrong_chains(pki, owner):
    """What an owner may paste by mistake, and what is to be said."""
    good = pki.certify(owner.request())
    return [(pki.good.cert.read_bytes(), "not the key of the"),
            (pki.ca.read_bytes() + good, "out of order"),
            (good[:200] + b"\n", "no certificate in PEM, or a damaged"),
            (pki.good.key.read_bytes(), "private key"),
            (b"hello\n", "no certificate in PEM")]


def test_certificate_by_console(owned, pki):
    """An authority signs the request, and who trusts it delivers, at once and
    after a restart; the key stays the same."""
    mx, owner = owned()
    owner.certify()
    assert owner.identities[0] == owner.identities[1]
    deliver(mx, pki.context())
    mx.terminate()
    mx, owner = owned()
    deliver(mx, pki.context())
    assert len(mx.maildir.messages()) == 2


def test_certificate_by_file(owned, pki, tmp_path):
    """The simulator reads it from a file."""
    mx, owner = owned()
    path = tmp_path / "chain.pem"
    path.write_bytes(pki.certify(owner.request()))
    owner.type(f"install {path}", "it is in use")
    deliver(mx, pki.context())


def test_refused(owned, pki):
    """What does not fit is refused with the reason, and nothing changes."""
    mx, owner = owned()
    for chain, reason in wrong_chains(pki, owner):
        said = owner.paste(chain)
        assert said.startswith("no: ") and reason in said, said
        owner.note()
    assert len(set(owner.identities)) == 1


def test_survives_a_kill(owned):
    """What was said to be in use is, after SIGKILL; and so is the next key."""
    mx, owner = owned(ready=False)
    owner.roll()
    owner.type("next", "there is a next key")
    _, next_key = owner.type("", r"^next TLSA: 3 1 1 (\w+)")
    mx.process.kill()
    mx.process.wait()
    mx, again = owned()
    assert again.identities == owner.identities[-1:]
    again.type("switch", "the next key is in use")
    again.note()
    assert again.identities[-1] == next_key[1]


# --- the private key ---------------------------------------------------------

def private_key(mx):
    """Out of the store: DER, and the number in it."""
    image = (mx.folder / "state" / "identity").read_bytes()[PARTS:]
    der = image[:2 + image[1]]
    return der, der[7:39]


def spellings(secret):
    """How bytes may stand in a text, wherever base64 begins."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for skip in range(3):
        whole = len(secret[skip:]) // 3 * 3
        yield base64.b64encode(secret[skip:skip + whole])


@pytest.mark.parametrize("keeps", ["maildir", "spool"])
def test_key_is_nowhere(owned, pki, sim, tmp_path, keeps):
    """All commands, mail, an end, an export: the key is in the store and in no
    other file and in nothing that was said; nor is the one before."""
    mail = tmp_path / "device" / "mail.img"
    mx, owner = owned(**({"spool": mail} if keeps == "spool" else {}))
    old = private_key(mx)[1]
    owner.roll()
    owner.certify()
    owner.type("dns", "if nobody sends mail from there")
    deliver(mx, pki.context())
    der, number = private_key(mx)
    spki = openssl("pkey", "-inform", "DER", "-pubout", input=der)
    shown = openssl("x509", "-outform", "DER",
                    input=pki.certify(owner.request()))
    assert key_digest(shown) == owner.identities[-1]
    assert spki == openssl("x509", "-inform", "DER", "-noout", "-pubkey",
                           input=shown)
    mx.terminate()
    if keeps == "spool":
        subprocess.run([sim.parent / "tinymx-spool", mail, "export",
                        tmp_path / "device" / "exported"], check=True)
    store = tmp_path / "device" / "state" / "identity"
    assert number in store.read_bytes() and old not in store.read_bytes()
    places = {path: path.read_bytes() for path in
              (tmp_path / "device").rglob("*") if path.is_file()}
    del places[store]
    places["output"] = mx.log().encode()
    assert len(places) > 2
    for secret in (number, old):
        for spelling in spellings(secret):
            assert not [p for p, text in places.items() if spelling in text]
