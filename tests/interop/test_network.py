# SPDX-License-Identifier: BSD-3-Clause
"""IPv6, and real networks by TAP: the device sees who is there."""
import pytest

from cases import BIG, LONG_8BIT
from maildir import lf
from namespace import OUR, OUR6
from peer import Peer

DEVICE, DEVICE6 = "192.0.2.2", "2001:db8::2"


@pytest.mark.parametrize("way", ["clear", "TLS"])
def test_ipv6(launch, pki, way):
    """Over [::1]; the trace says that it was IPv6."""
    mx = launch(listen="[::1]:0", listen_tls=None)
    with Peer(mx.port, host="::1") as peer:
        peer.hello(pki.context() if way == "TLS" else None)
        peer.deliver(LONG_8BIT)
        peer.quit()
    message = mx.maildir.only()
    assert message.body == lf(LONG_8BIT)
    assert " ([ipv6:fec0::2]) " in message.received.lower()


def test_two_listeners(launch):
    """IPv4 and IPv6 at the same time."""
    mx = launch(listen=["127.0.0.1:0", "[::1]:0"])
    six = int(mx.wait("listen", tls="starttls", count=2)["port"])
    for host, port in (("127.0.0.1", mx.port), ("::1", six)):
        with Peer(port, host=host).hello() as peer:
            peer.deliver()
            peer.quit()
    assert len(mx.maildir.messages()) == 2


@pytest.mark.parametrize("device, us", [
    (DEVICE, OUR), (DEVICE6, f"IPv6:{OUR6}")])
def test_tap(namespace, launch, pki, device, us):
    """A real network: the peer's true address, over IPv4 and IPv6."""
    mx = launch(net="tap:tap0", address=f"{DEVICE}/24", address6=DEVICE6,
                listen=None, listen_tls=None,
                wrap=namespace.argv())
    message = BIG[:300_000].rpartition(b"\r\n")[0] + b"\r\n"
    with namespace.connect(device) as peer:
        peer.hello(pki.context())
        peer.deliver(message)
        peer.quit()
    got = mx.maildir.only()
    assert got.body == lf(message)
    assert f" ([{us}]) " in got.received
