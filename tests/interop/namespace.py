# SPDX-License-Identifier: BSD-3-Clause
"""A network of our own, with a TAP interface on which a device can be."""
import concurrent.futures
import ctypes
import os
import pathlib
import subprocess
import time

from output import PATIENCE
from peer import Peer

CLONE_NEWNET = 0x40000000
OUR, OUR6 = "192.0.2.1", "2001:db8::1"


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
            self.ip("link", "set", "lo", "up")
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

    def argv(self, *command):
        """A command that runs inside."""
        return ["ip", "netns", "exec", self.name, *map(str, command)]

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

    def connect(self, host):
        """A session; it takes the device a moment to be sure of its address."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.call(lambda: Peer(25, host=host))
            except OSError:
                assert time.monotonic() < deadline, f"{host} is not reached"
