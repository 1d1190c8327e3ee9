# SPDX-License-Identifier: BSD-3-Clause
"""Postfix finds the device as the Internet would, by signed DNS, and delivers
over TLS that the TLSA record or an authority vouches for; or it does not.
"""
import hashlib
import json
import re
import subprocess
import sys

import pytest

import installed
from pki import MX, P256, openssl
from postfix import Postfix
from zone import ORIGIN, Zone, digests, reached_at, tlsa

DEVICE = "192.0.2.2"
MAIL = b"Subject: by the book\r\n\r\nThe DNS said where.\r\n"
NOBODY = hashlib.sha256(b"nobody's key").hexdigest()
SENT = r"to=<joe@example.test>.* status=sent \(250 2\."
VERIFIED = (rf"Verified TLS connection established to {MX}\[{DEVICE}\]:25: "
            "TLSv1.3")
UNTRUSTED = (rf"Untrusted TLS connection established to {MX}\[{DEVICE}\]:25: "
             "TLSv1.3")
DEFERRED = r"status=deferred \(Server certificate not verified\)"
NO_MATCH = "no matching DANE TLSA records"


@pytest.fixture
def zone(peers, short_tmp, namespace):
    folder = short_tmp / "dns"
    folder.mkdir()
    folder.chmod(0o755)
    return Zone(peers, folder, namespace)


@pytest.fixture
def device(launch, namespace):
    """One with an address of its own; `identity` None: it makes its own."""
    def start(identity=None, **options):
        mx = launch(identity, net="tap:tap0", address=f"{DEVICE}/24",
                    listen=None, listen_tls=None, wrap=namespace.argv(),
                    **options)
        namespace.connect(DEVICE).sock.close()
        return mx
    return start


@pytest.fixture
def postfix(peers, short_tmp, namespace, pki):
    """Sends one message and waits for what becomes of it."""
    count = iter(range(100))

    def send(level, *outcome):
        folder = short_tmp / f"sender{next(count)}"
        folder.mkdir()
        folder.chmod(0o755)
        with Postfix(peers, folder, pki.ca, 25, level, MX,
                     network=namespace) as sender:
            sender.send(MAIL)
            for pattern in outcome:
                sender.log.wait(pattern)
    return send


def shown(namespace):
    """The certificate that a device shows, as openssl gets it; PEM."""
    said = subprocess.run(
        namespace.argv("openssl", "s_client", "-starttls", "smtp", "-connect",
                       f"{DEVICE}:25", "-servername", MX),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    return re.search(rb"-----BEGIN CERT.*END CERTIFICATE-----\n", said.stdout,
                     re.S)[0]


def digest(certificate):
    """SHA-256 of its SubjectPublicKeyInfo, as openssl has it."""
    public = openssl("x509", "-noout", "-pubkey", input=certificate)
    der = openssl("pkey", "-pubin", "-outform", "DER", input=public)
    return hashlib.sha256(der).hexdigest()


# --- DANE --------------------------------------------------------------------

@pytest.mark.parametrize("others", [[], [NOBODY]], ids=["alone", "and next"])
def test_dane(zone, device, postfix, namespace, others):
    """A self-signed certificate is verified by the record for its key, alone
    or with one for a key to come."""
    mx = device()
    ours = digest(shown(namespace))
    with zone.published(reached_at(DEVICE) + "".join(
            map(tlsa, [*others, ours]))):
        postfix("dane", VERIFIED, SENT)
    assert mx.maildir.only().body.endswith(b"The DNS said where.\n")


def test_dane_of_another_key(zone, device, postfix):
    """Records there are, and none is for this key: the mail waits."""
    mx = device()
    with zone.published(reached_at(DEVICE) + tlsa(NOBODY)):
        postfix("dane", NO_MATCH, DEFERRED)
    mx.maildir.assert_empty()


def test_dane_unsigned(zone, device, postfix):
    """Without DNSSEC the same wrong record is not looked at, and nothing is
    verified (RFC 7672 2.1)."""
    mx = device()
    with zone.published(reached_at(DEVICE) + tlsa(NOBODY), signed=False):
        postfix("dane", UNTRUSTED, SENT)
    assert mx.maildir.only()


def test_dane_only_without_record(zone, device, postfix):
    """Who insists on DANE does not deliver to whom has no record."""
    mx = device()
    with zone.published(reached_at(DEVICE)):
        postfix("dane-only", "status=deferred")
    mx.maildir.assert_empty()


def test_roll(zone, device, postfix, pki):
    """RFC 7671 8.1: both records, then the key, then the old one's goes; at
    each step mail comes. A record that stays behind alone keeps it out."""
    old, new = pki.sign("old", P256, MX), pki.sign("new", P256, MX)
    first, second = (tlsa(digest(one.cert.read_bytes())) for one in (old, new))
    steps = [(old, first, SENT), (old, first + second, SENT),
             (new, first + second, SENT), (new, second, SENT),
             (new, first, DEFERRED)]
    for identity, records, outcome in steps:
        mx = device(identity)
        with zone.published(reached_at(DEVICE) + records):
            postfix("dane", *([VERIFIED] if outcome == SENT else []), outcome)
        assert len(mx.maildir.messages()) == (outcome == SENT)
        mx.terminate()


# --- what the console says ---------------------------------------------------

def told(mx, command, last):
    """What a command prints, up to a line in which `last` is found."""
    since = mx.type(command + "\n")
    mx.output.wait(last, since)
    return mx.output.text(since)


def paste(mx):
    """`identity dns`, without what is not printed by the console."""
    said = told(mx, "identity dns", "if nobody sends mail from there")
    return "".join(line + "\n" for line in said.splitlines()
                   if not line.startswith("time="))


def test_dns_is_pasted(zone, device, postfix, namespace):
    """A zone takes what `identity dns` prints as it stands, and mail comes: by
    the key in use, with a next one's record beside it, after the switch to that,
    and when the old record has gone."""
    mx = device(stdin=subprocess.PIPE)
    address = f"{MX}. A {DEVICE}\n"  # the device cannot know of it
    steps = [(None, 1), ("next", 2), ("switch", 1)]
    seen = []
    for step, count in steps:
        before = None if step is None else text
        if step:
            told(mx, f"identity {step}", "next key is in use|there is a next key")
        text = paste(mx)
        records = digests(text)
        assert len(records) == count
        assert records[0] == digest(shown(namespace))
        seen.append(records)
        if step == "switch":  # the old records are still what senders have
            with zone.published(before + address):
                postfix("dane", VERIFIED, SENT)
        with zone.published(text + address):
            postfix("dane", VERIFIED, SENT)
    assert seen == [[seen[0][0]], seen[1], [seen[1][1]]]
    assert seen[1][0] == seen[0][0] != seen[1][1]
    assert len(mx.maildir.messages()) == 4


def test_policy(device, pki, peers):
    """The record and policy of MTA-STS, printed when an authority has signed,
    as a resolver of others reads them (RFC 8461 3.1, 3.2)."""
    said = told(device(pki.good, stdin=subprocess.PIPE), "identity dns",
                "if nobody sends mail from there")
    sts = read_by_resolver(peers, said)
    assert sts["record"]["v"] == "STSv1"
    assert re.fullmatch("[A-Za-z0-9]{1,32}", sts["record"]["id"])
    policy = sts["policy"]
    assert policy.pop("mode") in ("testing", "enforce")
    assert 86400 <= int(policy.pop("max_age")) <= 31557600
    assert policy == {"version": "STSv1", "mx": [MX]}


READ = """\
import json, sys
sys.path.insert(0, sys.argv[1])
from postfix_mta_sts_resolver import utils
record, policy = json.load(sys.stdin)
print(json.dumps({"record": utils.parse_mta_sts_record(record),
                  "policy": utils.parse_mta_sts_policy(policy)}))
"""


def read_by_resolver(peers, said):
    """What postfix-mta-sts-resolver finds in what the console printed."""
    record = re.search(rf'^_mta-sts\.{ORIGIN}\. IN TXT "(.*)"$', said, re.M)[1]
    policy = "".join(line + "\r\n" for line in
                     re.findall("^;   (.*)$", said, re.M))
    run = subprocess.run(
        [sys.executable, "-c", READ, peers / "usr/lib/python3/dist-packages"],
        input=json.dumps([record, policy]), capture_output=True, text=True,
        timeout=60, check=True)
    return json.loads(run.stdout)


# --- an authority ------------------------------------------------------------

@pytest.mark.parametrize("level", ["verify", "secure"])
def test_authority(zone, device, postfix, pki, level):
    """A certificate of an authority that the sender trusts, for the MX name."""
    mx = device(pki.good)
    with zone.published(reached_at(DEVICE)):
        postfix(level, VERIFIED, SENT)
    assert mx.maildir.only()


@pytest.mark.parametrize("level", ["verify", "secure"])
def test_no_authority(zone, device, postfix, level):
    """Nobody vouches for a self-signed certificate but DANE."""
    mx = device()
    with zone.published(reached_at(DEVICE)):
        postfix(level, "self-signed certificate", DEFERRED)
    mx.maildir.assert_empty()


# --- what probes say ---------------------------------------------------------

@pytest.fixture
def finger(peers, short_tmp, namespace, pki):
    """What Postfix's own probe says of the domain."""
    (short_tmp / "main.cf").write_text("compatibility_level = 3.6\n"
                                       "dnssec_probe = ns:example.test\n")
    place = installed.Place(peers, short_tmp, ["postfix", "postdrop"],
                            namespace)
    place.environ["MAIL_CONFIG"] = str(short_tmp)
    return lambda level: place.run(
        place.find("posttls-finger"), "-c", "-l", level, "-F", pki.ca, "-L",
        "summary,verbose", "example.test").stdout


def test_posttls_finger(zone, device, finger, namespace):
    """Postfix's own probe: by DANE, for the name that the MX record has; by
    authority, not."""
    device()
    ours = digest(shown(namespace))
    with zone.published(reached_at(DEVICE) + tlsa(ours)):
        said = finger("dane")
        assert re.search(VERIFIED, said), said
        record = f"_25._tcp.{MX}: 3 1 1 {ours.upper()}"
        assert f"DNSSEC-signed TLSA record: {record}" in said, said
        assert "Verified TLS" not in finger("secure")


def test_posttls_finger_by_authority(zone, device, finger, pki):
    """The same for a certificate of an authority, with no record."""
    device(pki.good)
    with zone.published(reached_at(DEVICE)):
        assert re.search(VERIFIED, finger("secure"))


def test_danetool(zone, device, namespace, tmp_path):
    """GnuTLS makes the same record of what the device shows, and a strange
    resolver's answer is that record."""
    device()
    certificate = tmp_path / "shown.pem"
    certificate.write_bytes(shown(namespace))
    made = subprocess.run(
        ["danetool", "--tlsa-rr", "--host", MX, "--proto", "tcp", "--port",
         "25", "--load-certificate", certificate], capture_output=True,
        text=True, timeout=60, check=True).stdout
    ours = digest(certificate.read_bytes())
    assert made.split()[:1] == [f"_25._tcp.{MX}."] and ours in made.lower()
    with zone.published(reached_at(DEVICE) + tlsa(ours)):
        got = zone.run("drill", "-D", "@127.0.0.1", f"_25._tcp.{MX}", "TLSA")
    assert digests(got) == [ours]
    assert re.search(r";; flags: .*\bad\b", got), got
