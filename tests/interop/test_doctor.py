# SPDX-License-Identifier: BSD-3-Clause
"""identity doctor, asking an unbound with data of its own on a TAP interface."""
import subprocess

import pytest

import installed
from namespace import OUR
from output import Output

DEVICE = "192.0.2.2"
MX = "mx.example.test"
DIGEST = 64 * "3"

GOOD = (f"example.test. MX 10 {MX}.", f"{MX}. A {DEVICE}",
        f"2.2.0.192.in-addr.arpa. PTR {MX}.")


CONF = """\
server:
    directory: "{folder}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    interface: {us}
    access-control: 192.0.2.0/24 allow
    module-config: iterator
    local-zone: example.test. static
    local-zone: 2.0.192.in-addr.arpa. static
{data}
remote-control:
    control-enable: no
"""


@pytest.fixture
def serve(namespace, peers, short_tmp):
    """Starts unbound inside, with these records."""
    folder = short_tmp / "dns"
    folder.mkdir()
    place = installed.Place(peers, folder, [], namespace)
    servers = []

    def start(*records):
        data = "\n".join(f"    local-data: '{record}'" for record in records)
        conf = folder / "unbound.conf"
        conf.write_text(CONF.format(folder=folder, us=OUR, data=data))
        server = place.start(place.find("unbound"), "-d", "-c", conf)
        servers.append((server, Output(server.stdout)))
        servers[-1][1].wait("start of service")

    yield start
    for server, output in servers:
        installed.end(server)
        output.close()


@pytest.fixture
def report(namespace, launch):
    """What the device says, up to the count of faults."""
    def run(dns=OUR):
        mx = launch(net="tap:tap0", address=f"{DEVICE}/24", dns=dns,
                    listen=None, listen_tls=None, stdin=subprocess.PIPE,
                    wrap=namespace.argv())
        since = mx.type("identity doctor\n")
        mx.output.wait(r"^(no|\d+) faults?$", since)
        return mx.output.text(since).splitlines()

    return run


def test_all_is_well(serve, report):
    serve(*GOOD)
    said = report()
    assert ("example.test: senders connect to mx.example.test (preference 10): "
            "this device's name") in said
    assert (f"{MX}: has the address {DEVICE}, and so has this device") in said
    assert f"{DEVICE}: leads back (PTR) to {MX}" in said
    assert f"{MX}: no TLSA: senders do not verify by DANE" in said
    assert said[-1] == "no faults"


def test_another_name(serve, report):
    serve("example.test. MX 10 old.example.test.", *GOOD[1:])
    said = report()
    assert any(line.startswith("fault: example.test: MX points to "
                               "old.example.test, ") for line in said)
    assert said[-1] == "1 fault"


def test_another_key(serve, report):
    serve(*GOOD, f"_25._tcp.{MX}. TLSA 3 1 1 {DIGEST}")
    said = report()
    assert (f"{MX}: TLSA 3 1 1 33333333..., fits no key of this device"
            in said)
    assert any("the resolver did not validate" in line for line in said)
    assert said[-1] == "1 fault"


def test_silent(report):
    """A resolver that is not there is given up after two questions."""
    said = report(dns="192.0.2.99")
    assert "fault: the resolver does not answer: stopped" in said
    assert said[-1] == "3 faults"
