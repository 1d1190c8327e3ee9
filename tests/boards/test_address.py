# SPDX-License-Identifier: BSD-3-Clause
"""Where a board's address comes from: DHCP, or its configuration."""
from machine import Machine
from output import PATIENCE
from peer import Peer

STATIC = "10.0.2.77"
# QEMU would give another one, and forwards to this one only.
NETWORK = ("user,restrict=on,dhcpstart=10.0.2.99,"
           f"hostfwd=tcp:127.0.0.1:0-{STATIC}:25")


def test_static(launch, pki):
    """The address of its configuration, and not the one that DHCP offers."""
    mx = launch(address=f"{STATIC}/24", gateway="10.0.2.2",
                place={"nic": NETWORK})
    assert mx.wait("address")["ip"] == STATIC
    with Peer(mx.port).hello(pki.context()) as peer:
        peer.deliver()
        peer.quit()
    assert len(mx.maildir.messages()) == 1


def test_dhcp_never_answers(request, image, namespace, tmp_path):
    """It goes on asking and says so, and takes mail over IPv6 meanwhile."""
    machine = Machine(
        request.config.getoption("--board"), image, tmp_path,
        nic="tap,ifname=tap0,script=no,downscript=no",
        wrap=namespace.argv())
    try:
        said = machine.output.wait(r"event=address6 ip=(\S+)")
        with namespace.connect(f"{said[1]}%tap0") as peer:
            peer.hello()
            peer.deliver()
            peer.quit()
        machine.output.wait(r"level=warn event=dhcp tries=3 state=")
        assert "event=address " not in machine.log()
        assert machine.quit() == 0
    finally:
        machine.kill()
