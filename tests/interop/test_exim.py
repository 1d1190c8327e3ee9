# SPDX-License-Identifier: BSD-3-Clause
"""Exim (GnuTLS) delivers to the device, over TLS that it has verified."""
import os
import re
import shutil

import pytest

import installed
from cases import LONG_8BIT
from maildir import lf
from pki import MX, OTHER

CONFIG = """\
primary_hostname = sender.test
spool_directory = {spool}
log_file_path = {folder}/%slog
log_selector = +all
exim_user = Debian-exim
exim_group = Debian-exim
exim_path = {exim}
keep_environment = LD_LIBRARY_PATH
add_environment = LD_LIBRARY_PATH={libraries}
never_users =
local_interfaces = 127.0.0.1
domainlist local_domains =

begin routers
to_device:
  driver = manualroute
  route_list = * {mx} byname
  host_find_failed = fail
  self = send
  transport = device

begin transports
device:
  driver = smtp
  port = {port}
  hosts_require_tls = *
  tls_verify_certificates = {ca}
  tls_verify_hosts = *
  tls_verify_cert_hostnames = *
  tls_sni = {mx}
  tls_require_ciphers = {priority}
  hosts_try_chunking = {chunking}

begin retry
* * F,2h,15m
"""


class Exim:
    """Exim with a configuration, a spool and logs in `folder`."""

    def __init__(self, root, folder, ca, port, priority="NORMAL",
                 chunking="*", host=MX):
        self.place = installed.Place(root, folder, ["Debian-exim"])
        self.exim, self.folder = self.place.find("exim4"), folder
        spool = folder / "spool"
        spool.mkdir()
        for path in (folder, spool):
            os.chown(path, self.place.ids["Debian-exim"],
                     self.place.ids["Debian-exim"])
        shutil.copy(ca, folder / "ca.pem")
        self.config = folder / "exim.conf"
        self.config.write_text(CONFIG.format(
            exim=self.exim, folder=folder, spool=spool, mx=host, port=port,
            ca=folder / "ca.pem", priority=priority, chunking=chunking,
            libraries=self.place.environ["LD_LIBRARY_PATH"]))

    def send(self, message, to="joe@example.test"):
        """Delivers, or keeps it, before it returns; the log."""
        run = self.place.run(self.exim, "-C", self.config, "-odf", "-oi",
                             "-f", "sender@client.test", to, input=lf(message))
        assert run.returncode == 0, run.stdout
        log = (self.folder / "mainlog").read_text()
        print(run.stdout + log)
        return log


@pytest.fixture
def exim(peers, short_tmp, pki):
    def make(port, **options):
        return Exim(peers, short_tmp, pki.ca, port, **options)
    return make


@pytest.mark.parametrize("chunking", ["*", ":"])
@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_delivers_verified(exim, mx, version, chunking):
    """GnuTLS finds the name in the certificate; by BDAT and by DATA."""
    log = exim(mx.port, chunking=chunking, priority=(
        f"NORMAL:-VERS-ALL:+VERS-TLS{version}")).send(LONG_8BIT)
    line = re.search(r" => joe@example.test .*", log)[0]
    assert f"X=TLS{version}:" in line and "CV=yes" in line, line
    assert (" K " in line) == (chunking == "*"), line
    message = mx.maildir.only()
    assert message.sender == "sender@client.test"
    assert f"using TLSv{version} with cipher" in message.received
    assert message.body.endswith(lf(LONG_8BIT).partition(b"\n\n")[2])


def test_other_name_is_not_delivered(exim, mx):
    """The MX record names another host: Exim keeps the message."""
    log = exim(mx.port, host=OTHER).send(LONG_8BIT)
    assert "certificate verification failed" in log, log
    assert " == joe@example.test " in log and " => " not in log, log
    mx.maildir.assert_empty()
