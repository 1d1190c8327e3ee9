# SPDX-License-Identifier: BSD-3-Clause
"""Programs that were unpacked, run as if they were installed.

In a mount namespace of their own, so that they see users and host names that
this machine does not have, and the machine never sees anything of it.
"""
import os
import pathlib
import signal
import subprocess

import pytest

from device import DIES_WITH_US
from pki import MX, OTHER

PATIENCE = 30


def need_root(why):
    if os.geteuid() != 0:
        pytest.skip(f"needs root: {why}")


class Place:
    """Users and hosts for programs below `root`. `folder` is for files.

    The programs give up root and then run each other, so they are put where
    every user can reach them: inside, `root` is `folder`/root.

    `users`: names to be known, as users and as groups.
    `network`: a Namespace in which all of it runs, with its own resolver.
    """

    def __init__(self, root, folder, users, network=None):
        if subprocess.run(["unshare", "--mount", "true"],
                          capture_output=True).returncode != 0:
            pytest.skip("no mount namespace can be made here")
        self.inside = network.argv if network else lambda *command: [*command]
        self.outside, self.root = root, folder / "root"
        self.root.mkdir(exist_ok=True)
        self.files = folder / "etc"
        self.files.mkdir(exist_ok=True)
        passwd = pathlib.Path("/etc/passwd").read_text()
        group = pathlib.Path("/etc/group").read_text()
        self.ids = {name: number for number, name in enumerate(users, 64100)}
        for name, number in self.ids.items():
            passwd = _without(passwd, name) + \
                f"{name}:x:{number}:{number}::/:/usr/sbin/nologin\n"
            group = _without(group, name) + f"{name}:x:{number}:\n"
        self._file("passwd", passwd)
        self._file("group", group)
        self._file("hosts", "127.0.0.1 localhost\n"
                   f"127.0.0.1 {MX} {OTHER}\n")
        self._file("nsswitch.conf",
                   "passwd: files\ngroup: files\nhosts: files\n"
                   "services: files\nprotocols: files\n")
        if network:
            self._file("resolv.conf", "nameserver 127.0.0.1\n")
        self.environ = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LD_LIBRARY_PATH": (root / "libraries").read_text().strip()
            .replace(str(root), str(self.root))}

    def find(self, program):
        """Where a program lies, inside."""
        for below in ("usr/sbin", "usr/bin", "usr/lib/postfix/sbin"):
            if (self.outside / below / program).exists():
                return self.root / below / program
        raise AssertionError(f"no {program} below {self.outside}")

    def _file(self, name, text):
        (self.files / name).write_text(text)

    def argv(self, *command):
        binds = f"mount --bind '{self.outside}' '{self.root}' && " + "".join(
            f"mount --bind '{f}' '/etc/{f.name}' && "
            for f in sorted(self.files.iterdir()))
        return self.inside("unshare", "--mount", "--", "sh", "-c",
                           binds + 'exec "$@"', "sh", *map(str, command))

    def run(self, *command, **options):
        """Runs a command to its end; status and output."""
        run = subprocess.run(self.argv(*command), env=self.environ,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             timeout=PATIENCE, **options)
        run.stdout = run.stdout.decode(errors="replace")
        return run

    def start(self, *command):
        """Starts a server, in a session (process group) of its own."""
        return subprocess.Popen([*DIES_WITH_US, *self.argv(*command)],
                                env=self.environ, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT,
                                start_new_session=True)


def _without(table, name):
    return "".join(line for line in table.splitlines(keepends=True)
                   if line.split(":")[0] != name)


def end(server):
    """Ends a started server and everything it has started."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(PATIENCE)
    finally:
        try:
            os.killpg(server.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        server.wait()
        server.stdout.close()
