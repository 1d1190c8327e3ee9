# SPDX-License-Identifier: BSD-3-Clause
"""Where a board's address comes from: DHCP, or what it was built with."""
import pathlib
import subprocess

import pytest

from machine import Machine
from output import PATIENCE
from peer import Peer

PORT = pathlib.Path(__file__).resolve().parents[2] / "port" / "cortexm"
STATIC = "10.0.2.77"  # of the variant
# QEMU would give another one, and forwards to this one only.
NETWORK = ("user,restrict=on,dhcpstart=10.0.2.99,"
           f"hostfwd=tcp:127.0.0.1:0-{STATIC}:25")


def test_static(launch, pki):
    """The address it was built with, and not the one that DHCP offers."""
    mx = launch(variant="static", place={"nic": NETWORK})
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


# TINYMX_ADDRESS: what of it is wrong, or what the firmware gets.
ADDRESSES = {
    "192.0.2.7/24,192.0.2.1":
        f"ADDRESS_IP={0xc0000207}u;ADDRESS_MASK={0xffffff00}u;"
        f"ADDRESS_ROUTER={0xc0000201}u",
    "10.0.0.1/8": f"ADDRESS_IP={0x0a000001}u;ADDRESS_MASK={0xff000000}u;"
                  "ADDRESS_ROUTER=0u",
    "192.0.2.7/32": f"ADDRESS_IP={0xc0000207}u;ADDRESS_MASK={0xffffffff}u;"
                    "ADDRESS_ROUTER=0u",
    "192.0.2.7": "write ADDRESS/PREFIX or",
    "192.0.2.7/": "write ADDRESS/PREFIX or",
    "192.0.2.7/x": "write ADDRESS/PREFIX or",
    "dhcp": "write ADDRESS/PREFIX or",
    "192.0.2.256/24": "that is no IPv4 address",
    "192.0.2/24": "that is no IPv4 address",
    "0.0.0.0/24": "that is no IPv4 address",
    "2001:db8::1/64": "that is no IPv4 address",
    "192.0.2.7/0": "a prefix is a number from 1 to 32",
    "192.0.2.7/33": "a prefix is a number from 1 to 32",
    "192.0.2.7/24,": "the router is no address of this network",
    "192.0.2.7/24,192.0.3.1": "the router is no address of this network",
    "192.0.2.7/24,x": "the router is no address of this network",
    "192.0.2.7/24,192.0.2.1,192.0.2.2": "write ADDRESS/PREFIX or",
}


@pytest.mark.parametrize("text, says", ADDRESSES.items(), ids=ADDRESSES)
def test_configuration(tmp_path, text, says):
    """A wrong one ends the configuration, in words."""
    script = tmp_path / "try.cmake"
    script.write_text(f'include({PORT}/address.cmake)\n'
                      f'tinymx_address(found "{text}")\n'
                      'message(STATUS "${found}")\n')
    done = subprocess.run(["cmake", "-P", script], text=True,
                          capture_output=True, timeout=PATIENCE)
    said = " ".join((done.stdout + done.stderr).split())
    assert says in said
    assert (done.returncode == 0) == says.startswith("ADDRESS_IP=")
    assert done.returncode == 0 or f"'{text}'" in said
