# SPDX-License-Identifier: BSD-3-Clause
"""example.test as the DNS has it: signed, served and validated, on loopback of
a network namespace. Keys are made here, and nobody outside sees any of it.

    ldns-signzone ──► nsd, port 5300 ──► unbound, port 53 ──► who asks
                                          trusts the zone's key
"""
import contextlib
import re

import installed
from output import Output
from pki import MX

ORIGIN = "example.test"

# What is there whatever is published.
ZONE = """\
$ORIGIN {origin}.
$TTL 3600
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
"""

NSD = """\
server:
    ip-address: 127.0.0.1@5300
    server-count: 1
    username: ""
    chroot: ""
    zonesdir: "{folder}"
    database: ""
    pidfile: "{folder}/nsd.pid"
    xfrdfile: "{folder}/xfrd.state"
    zonelistfile: "{folder}/zone.list"
    xfrdir: "{folder}"
remote-control:
    control-enable: no
zone:
    name: {origin}
    zonefile: "{file}"
"""

# "test" is a name that unbound, left alone, answers itself (RFC 6761 6.2).
UNBOUND = """\
server:
    interface: 127.0.0.1
    port: 53
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: "{folder}/unbound.pid"
    use-syslog: no
    log-time-ascii: yes
    verbosity: 1
    module-config: "validator iterator"
    do-not-query-localhost: no
    local-zone: "test." nodefault
    {anchor}
remote-control:
    control-enable: no
stub-zone:
    name: {origin}
    stub-addr: 127.0.0.1@5300
"""


class Zone:
    """Publishes one text after another, in a with statement each.

    `network`: a Namespace. `folder`: for files of its own.
    """

    def __init__(self, root, folder, network):
        self.folder = folder
        self.place = installed.Place(root, folder, [], network)
        self.key = self.run("ldns-keygen", "-r", "/dev/urandom", "-a",
                            "ECDSAP256SHA256", ORIGIN).strip()

    def run(self, program, *arguments):
        run = self.place.run(self.place.find(program), *arguments,
                             cwd=self.folder)
        assert run.returncode == 0, f"{program}: {run.stdout}"
        return run.stdout

    def write(self, records):
        """The zone file with these lines in it, as its own origin has them."""
        path = self.folder / "zone"
        path.write_text(ZONE.format(origin=ORIGIN) + records)
        self.run("nsd-checkzone", ORIGIN, path)
        return path

    @contextlib.contextmanager
    def published(self, records, signed=True):
        """The DNS has these records as long as the with statement lasts."""
        path = self.write(records)
        if signed:
            self.run("ldns-signzone", path, self.key)
            path = path.with_suffix(".signed")
        anchor = f'trust-anchor-file: "{self.folder / self.key}.key"'
        with self.server("nsd", "-d", "nsd started", NSD, file=path), \
                self.server("unbound", "-dd", "start of service", UNBOUND,
                            anchor=anchor if signed else ""):
            yield

    @contextlib.contextmanager
    def server(self, name, stay, ready, text, **values):
        conf = self.folder / f"{name}.conf"
        conf.write_text(text.format(folder=self.folder, origin=ORIGIN,
                                    **values))
        server = self.place.start(self.place.find(name), stay, "-c", conf)
        output = Output(server.stdout)
        try:
            output.wait(ready)
            yield
        finally:
            installed.end(server)
            output.close()
            print(output.text())


def tlsa(digest):
    """A record for a key, by the digest of its SubjectPublicKeyInfo."""
    return f"_25._tcp.{MX}. TLSA 3 1 1 {digest}\n"


def reached_at(address):
    """A domain with one MX that has one address."""
    kind = "AAAA" if ":" in address else "A"
    return f"@ MX 10 {MX}.\n{MX}. {kind} {address}\n"


def digests(text):
    """Of the TLSA records in a zone's text, in their order."""
    return re.findall(r"\bTLSA\s+3\s+1\s+1\s+([0-9a-fA-F]{64})\b", text)
