# SPDX-License-Identifier: BSD-3-Clause
"""A board's identity: made once, kept on the card, looked after over the UART,
changed while sessions go on."""
import contextlib
import re
import ssl

import pytest

from half import BODY, Half, RECORD, handshakes, messages
from owner import Owner, REFUSED
from peer import Peer
from pki import Authority, MX, openssl
from traffic import key_digest
from trust import holds, shown

# Bytes of a message of ours, MX_TLS_OUT_MAX; and around one certificate in it
# (RFC 8446 4.4.2).
ROOM = {"lm3s6965evb": 704, "lm3s6965evb-one": 640, "mps2-an386": 2304,
        "netduinoplus2": 2304}
AROUND = 13
TRIES = 50
LAST = 1024 ** 2  # bytes of the card: the store is in them
KEY = re.compile(rb"\x30.\x02\x01\x01\x04\x20(.{32})", re.S)  # RFC 5915
SLACK = 64  # bytes of the arena: certificates differ in length


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def owned(mx, authority):
    """A board and its owner. Its level of memory is that of its last identity.
    """
    yield mx, Owner(mx, authority)
    mx.take_stock()


@pytest.fixture
def room(request):
    return ROOM[request.config.getoption("--board")]


def deliver(mx, context):
    with Peer(mx.port).hello(context) as peer:
        peer.deliver()
        peer.quit()


def private_keys(mx):
    """The numbers in the keys on the card."""
    with open(mx.machine.card, "rb") as card:
        card.seek(-LAST, 2)
        return set(KEY.findall(card.read()))


# --- its life ----------------------------------------------------------------

def test_made_once(mx):
    """The first start makes it and says so; after the reset button it is the
    same, to the byte. Nothing of its key was said."""
    assert mx.events("identity")[0]["from"] == "made"
    first, (key,) = shown(mx.port), private_keys(mx)
    since = mx.mark()
    mx.reset()
    assert mx.events("identity", since)[0]["from"] == "kept"
    assert shown(mx.port) == first and private_keys(mx) == {key}
    assert not holds(mx.machine.log(), key)


def test_without_card(launch):
    """It is one of this life, and that is said."""
    mx = launch(place={"card": False})
    assert mx.events("identity")[0]["from"] == "ram"
    first, since = shown(mx.port), mx.mark()
    mx.type("identity next")
    mx.output.wait("^no: there is nothing to keep it on", since)
    mx.reset()
    assert shown(mx.port) != first


# --- its owner ---------------------------------------------------------------

def test_certificate(owned, authority):
    """An authority signs its request; who trusts it delivers at once, and after
    a reset. The key is the same, and is not told."""
    mx, owner = owned
    verified = openssl("req", "-verify", "-noout", "-text",
                       input=owner.request().encode()).decode()
    assert f"DNS:{MX}" in verified
    owner.certify()
    assert len(set(owner.identities)) == 1
    deliver(mx, authority.context())
    mx.reset()
    deliver(mx, authority.context())
    (key,) = private_keys(mx)
    assert not holds(mx.machine.log(), key)


def sized(owner, size):
    """A certificate for the device of exactly so many bytes, DER; PEM. The
    length of a signature varies: more than one may be wanted."""
    request, path = owner.request(), owner.pki.folder / "comment.ext"
    comment = size // 2
    for _ in range(TRIES):
        path.write_text(f"nsComment={'x' * comment}\n")
        pem = owner.pki.certify(request, "-extfile", path)
        missing = size - len(ssl.PEM_cert_to_DER_cert(pem.decode()))
        if missing == 0:
            return pem
        comment += missing
    raise AssertionError(f"no certificate of {size} bytes")


def test_refused(owned, authority, room):
    """What does not fit is refused with the reason; what was there serves on.
    """
    mx, owner = owned
    before, good = shown(mx.port), authority.certify(owner.request())
    for chain, reason in [
            (authority.good.cert.read_bytes(), "not the key of the"),
            (good[:200] + b"\n", "no certificate in PEM, or a damaged"),
            (authority.good.key.read_bytes(), "private key"),
            (sized(owner, room - AROUND + 1), "longer than an outbound record"),
            (good + authority.ca.read_bytes() * 5, "too long for this device")]:
        said = owner.paste(chain)
        assert said.startswith("no: ") and reason in said, said
    assert shown(mx.port) == before


def test_largest(owned, authority, room):
    """A certificate with which the message is as long as it may be: there is
    memory for as many handshakes and records at once as there are sessions."""
    mx, owner = owned
    chain = sized(owner, room - AROUND)
    assert owner.paste(chain) == "it is in use"
    limit = mx.counters()["tls_sessions.limit"]
    for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
        with contextlib.ExitStack() as ends:
            halves = [ends.enter_context(Half(mx.port,
                                              authority.context(version)))
                      for _ in range(limit)]
            handshakes(mx, halves)
            messages(halves)
            for half in halves:
                half.cmd(b"QUIT", b"221 ")
        mx.idle()
    assert len(mx.maildir.messages()) == 2 * limit


def test_roll(owned):
    """A next key is published beside the other, and outlives a reset; then it
    is switched to. The one before is nowhere any more."""
    mx, owner = owned
    (old,) = private_keys(mx)
    arena = mx.before["arena.used"]
    owner.type("next", "there is a next key")
    mx.reset()
    next_key = owner.type("", r"^next TLSA: 3 1 1 (\w+)")[1][1]
    assert tlsa(owner) == [owner.identities[0], next_key]
    owner.type("switch", "the next key is in use")
    owner.note()
    assert owner.identities[-1] == next_key == key_digest(shown(mx.port))
    assert tlsa(owner) == [next_key]
    assert old not in private_keys(mx) and len(private_keys(mx)) == 1
    assert abs(mx.idle()["arena.used"] - arena) < SLACK


def tlsa(owner):
    """Those that are to be published for this device."""
    since, _ = owner.type("dns", "if nobody sends mail from there")
    text = owner.mx.output.text(since)
    assert re.search(rf"^example\.test\. IN MX 10 {MX}\.\s*$", text, re.M)
    return re.findall(rf"^_25\._tcp\.{MX}\. IN TLSA 3 1 1 (\w{{64}})", text,
                      re.M)


def test_doctor_without_resolver(owned):
    mx, _ = owned
    since = mx.type("identity doctor")
    assert "this build has no resolver" in mx.output.wait(REFUSED, since)[0]


# --- among sessions ----------------------------------------------------------

@contextlib.contextmanager
def in_data(mx, count, context):
    """So many TLS sessions, each of which has nearly all of a record; `end`
    of it ends one of them, whose message is taken."""
    with contextlib.ExitStack() as ends:
        halves = [ends.enter_context(Half(mx.port, context))
                  for _ in range(count)]
        kept = {}
        for half in halves:
            half.handshake()
            half.envelope()
            record = half.client.records(BODY[:RECORD])
            half.peer.send(record[:-1])
            kept[half] = record[-1:]

        def end(half):
            rest = half.client.records(BODY[RECORD:] + b".\r\n")
            half.peer.send(kept[half] + rest)
            assert half.reply().startswith(b"250 2.0.0")
            half.cmd(b"QUIT", b"221 ")
        yield halves, end


def test_install_among_sessions(owned, authority, pki):
    """All TLS sessions but one are in a message. A handshake that comes while
    the chain is typed waits, and meets the new certificate; the messages arrive.
    """
    mx, owner = owned
    limit = mx.counters()["tls_sessions.limit"]
    with in_data(mx, limit - 1, pki.context()) as (halves, end):
        chain = authority.certify(owner.request())
        owner.type("install", "paste the chain")
        with Peer(mx.port).hello() as more:
            since = mx.mark()
            more.send("STARTTLS\r\n")
            mx.wait("tls-wait", since)
            assert owner.lines(chain) == "it is in use"
            assert more.reply().startswith("220 ")
            more.handshake(authority.context())
            more.ehlo()
            more.deliver(BODY)
            more.quit()
        for half in halves:
            end(half)
    assert mx.idle()["arena.failures"] == 0
    assert len(mx.maildir.messages()) == limit


def test_switch_among_sessions(owned, pki):
    """All TLS sessions are in a message: it waits for the first to end."""
    mx, owner = owned
    limit = mx.counters()["tls_sessions.limit"]
    owner.type("next", "there is a next key")
    with in_data(mx, limit, pki.context()) as ((first, *others), end):
        since = mx.type("identity switch")
        end(first)
        mx.output.wait("the next key is in use", since)
        owner.note()
        assert owner.identities[-1] == key_digest(shown(mx.port))
        for half in others:
            end(half)
    assert len(set(owner.identities)) == 2
    assert mx.idle()["arena.failures"] == 0
    assert len(mx.maildir.messages()) == limit
