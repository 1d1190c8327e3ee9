# SPDX-License-Identifier: BSD-3-Clause
"""DHCP and a block list, served by dnsmasq on a TAP interface."""
import ipaddress

import pytest

from namespace import OUR, OUR6

DEVICE, DEVICE6 = "192.0.2.2", "2001:db8::2"
ZONE = "bl.example.test"
LISTED = "127.0.0.2"
LOCAL = ["--log-queries", f"--local=/{ZONE}/"]


def name_of(address):
    """What is asked about it (RFC 5782 2.1, 2.4)."""
    reverse = ipaddress.ip_address(address).reverse_pointer
    return reverse.rpartition(".")[0].rpartition(".")[0] + "." + ZONE


def refused(peer):
    peer.cmd("MAIL FROM:<sender@client.test>", "554 5.7.1 ")
    peer.quit()


@pytest.mark.parametrize("device, us", [(DEVICE, OUR), (DEVICE6, OUR6)])
def test_listed(namespace, serve, launch, device, us):
    """Who is on the list delivers nothing; who is not, does."""
    log = serve(*LOCAL, f"--address=/{name_of(us)}/{LISTED}")
    mx = launch(net="tap:tap0", address=f"{DEVICE}/24", address6=DEVICE6,
                dns=OUR, dnsbl=ZONE, listen=None, listen_tls=None,
                wrap=namespace.argv())
    with namespace.connect(device) as peer:
        refused(peer.hello())
    log.wait(f"query.*{name_of(us)}")
    assert mx.counters()["server.blocked"] == 1
    other = DEVICE if device == DEVICE6 else DEVICE6
    with namespace.connect(other) as peer:
        peer.hello().deliver()
        peer.quit()
    assert mx.maildir.only()


def test_silent(namespace, launch):
    """A resolver that is not there keeps no mail out."""
    mx = launch(net="tap:tap0", address=f"{DEVICE}/24", dns="192.0.2.99",
                dnsbl=ZONE, listen=None, listen_tls=None,
                wrap=namespace.argv())
    with namespace.connect(DEVICE) as peer:
        peer.hello().deliver()
        peer.quit()
    assert mx.wait("dnsbl")["error"]
    assert mx.maildir.only()


def test_dhcp(namespace, serve, launch):
    """Address and resolver come by DHCP, and both are used."""
    serve(*LOCAL, "--dhcp-range=192.0.2.100,192.0.2.100,1h",
          f"--dhcp-option=option:dns-server,{OUR}",
          f"--address=/{name_of(OUR)}/{LISTED}")
    mx = launch(net="tap:tap0", dnsbl=ZONE, listen=None, listen_tls=None,
                wrap=namespace.argv())
    assert mx.wait("address")["ip"] == "192.0.2.100"
    with namespace.connect("192.0.2.100") as peer:
        refused(peer.hello())
