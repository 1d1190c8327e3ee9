# SPDX-License-Identifier: BSD-3-Clause
"""IPv6, and real networks by TAP: the device sees who is there."""
import concurrent.futures
import ctypes
import os
import pathlib
import subprocess
import time

import pytest

import installed
from cases import BIG, LONG_8BIT
from maildir import lf
from output import PATIENCE
from peer import Peer

CLONE_NEWNET = 0x40000000
OUR, DEVICE = "192.0.2.1", "192.0.2.2"
OUR6, DEVICE6 = "2001:db8::1", "2001:db8::2"


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


class Namespace:
    """A network namespace with a TAP interface tap0, up and addressed."""

    def __init__(self):
        self.name = f"tinymx{os.getpid()}"

    def ip(self, *command):
        subprocess.run(["ip", "-n", self.name, *command], check=True,
                       capture_output=True, text=True)

    def __enter__(self):
        subprocess.run(["ip", "netns", "add", self.name], check=True,
                       capture_output=True, text=True)
        try:
            self.ip("tuntap", "add", "dev", "tap0", "mode", "tap")
            self.ip("addr", "add", f"{OUR}/24", "dev", "tap0")
            self.ip("addr", "add", f"{OUR6}/64", "dev", "tap0", "nodad")
            self.ip("link", "set", "tap0", "up")
        except subprocess.CalledProcessError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "delete", self.name], check=True)

    def call(self, function):
        """Calls it in a thread inside; sockets made there stay there."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            return pool.submit(self._enter_and_call, function).result()

    def _enter_and_call(self, function):
        libc = ctypes.CDLL(None, use_errno=True)
        with pathlib.Path("/run/netns", self.name).open("rb") as file:
            assert libc.setns(file.fileno(), CLONE_NEWNET) == 0, \
                os.strerror(ctypes.get_errno())
        return function()


@pytest.fixture
def namespace():
    installed.need_root("a TAP interface is made")
    try:
        with Namespace() as made:
            yield made
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no TAP interface here: {getattr(error, 'stderr', error)}")


def connect(namespace, host):
    """A session; it takes the device a moment to be sure of its address."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return namespace.call(lambda: Peer(25, host=host))
        except OSError:
            assert time.monotonic() < deadline, f"{host} is not reached"


@pytest.mark.parametrize("device, us", [
    (DEVICE, OUR), (DEVICE6, f"IPv6:{OUR6}")])
def test_tap(namespace, launch, pki, device, us):
    """A real network: the peer's true address, over IPv4 and IPv6."""
    mx = launch(net="tap:tap0", address=f"{DEVICE}/24", address6=DEVICE6,
                listen=None, listen_tls=None,
                wrap=["ip", "netns", "exec", namespace.name])
    message = BIG[:300_000].rpartition(b"\r\n")[0] + b"\r\n"
    with connect(namespace, device) as peer:
        peer.hello(pki.context())
        peer.deliver(message)
        peer.quit()
    got = mx.maildir.only()
    assert got.body == lf(message)
    assert f" ([{us}]) " in got.received
