# SPDX-License-Identifier: BSD-3-Clause
"""A Postfix that sends: one of its own, unpacked by get-peers, not installed.

As a program it delivers one message to a running device and shows how:

    postfix.py --peers FOLDER --port PORT --ca FILE [--to ADDRESS]
"""
import argparse
import email.utils
import os
import pathlib
import shutil
import smtplib
import socket
import sys
import tempfile

import installed
from output import Output
from pki import MX

MAIN = """\
compatibility_level = 3.6
daemon_directory = {root}/usr/lib/postfix/sbin
command_directory = {root}/usr/sbin
shlib_directory = {root}/usr/lib/postfix
meta_directory = {conf}
queue_directory = {spool}
data_directory = {data}
mail_owner = postfix
setgid_group = postdrop
import_environment = LD_LIBRARY_PATH MAIL_CONFIG POSTLOG_SERVICE
maillog_file = /dev/stdout
myhostname = sender.test
mydestination =
alias_maps =
local_transport = error:nothing is local here
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.1/32
smtpd_recipient_restrictions = permit_mynetworks, reject
message_size_limit = 20000000
mailbox_size_limit = 0
smtp_tls_security_level = {level}
smtp_tls_CAfile = {ca}
smtp_tls_loglevel = 1
"""

# Where it sends to: to one host that it finds in its hosts file, or to whom the
# DNS names.
NATIVE = """\
smtp_host_lookup = native
relayhost = [{mx}]:{port}
"""
DNSSEC = """\
smtp_host_lookup = dns
smtp_dns_support_level = dnssec
dnssec_probe = ns:example.test
"""

# Eight at once from the start, and what was refused comes again within seconds,
# where it would be minutes.
EAGER = """\
initial_destination_concurrency = 8
default_destination_concurrency_limit = 8
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
"""

MASTER = """\
127.0.0.1:{smtpd} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
proxymap  unix - - n - - proxymap
smtp      unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
scache    unix - - n - 1 scache
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""

# Queue folders: mode, group.
QUEUE = {**dict.fromkeys(("active", "bounce", "corrupt", "defer", "deferred",
                          "hold", "incoming", "private", "trace"),
                         (0o700, "root")),
         "maildrop": (0o730, "postdrop"), "public": (0o710, "postdrop")}


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


class Postfix:
    """A Postfix of its own: queue, configuration and log in `folder`. With a
    `network` it asks the DNS there, and `port` and `host` are not needed."""

    quiet = False  # its log is not printed at the end

    def __init__(self, root, folder, ca, port, level, host, more="",
                 network=None):
        self.place = installed.Place(root, folder, ["postfix", "postdrop"],
                                     network)
        self.network, self.conf = network, folder / "conf"
        shutil.copy(ca, folder / "ca.pem")
        spool, data = folder / "spool", folder / "data"
        for path in (self.conf, spool, data, spool / "pid"):
            path.mkdir()
        for name, (mode, group) in QUEUE.items():
            (spool / name).mkdir()
            (spool / name).chmod(mode)
            os.chown(spool / name, self.place.ids["postfix"],
                     self.place.ids.get(group, 0))
        os.chown(data, self.place.ids["postfix"], 0)
        self.smtpd = free_port()
        (self.conf / "main.cf").write_text(MAIN.format(
            root=self.place.root, conf=self.conf, spool=spool, data=data,
            ca=folder / "ca.pem", level=level) + more +
            (DNSSEC if network else NATIVE.format(mx=host, port=port)))
        (self.conf / "master.cf").write_text(MASTER.format(smtpd=self.smtpd))

    def __enter__(self):
        self.master = self.place.start(
            self.place.find("master"), "-c", self.conf, "-s")
        self.log = Output(self.master.stdout)
        self.log.wait("daemon started")
        return self

    def __exit__(self, *_):
        installed.end(self.master)
        self.log.close()
        if not self.quiet:
            print(self.log.text())

    def send(self, message, to="joe@example.test"):
        """Hands over a message, as a user of this Postfix would."""
        def hand_over():
            with smtplib.SMTP("127.0.0.1", self.smtpd, "client.test") as client:
                client.sendmail("sender@client.test", [to], message)
        if self.network:
            self.network.call(hand_over)
        else:
            hand_over()


def deliver(args):
    """Sends one message; prints what Postfix says of TLS and of its fate."""
    message = (f"From: you@client.test\r\nTo: {args.to}\r\n"
               f"Date: {email.utils.formatdate()}\r\n"
               "Subject: Postfix was here\r\n\r\n"
               "It checked the certificate first.\r\n").encode()
    with tempfile.TemporaryDirectory(prefix="tinymx-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        sender = Postfix(args.peers.resolve() / "root", folder, args.ca,
                         args.port, "verify", MX)
        with sender:
            sender.send(message, args.to)
            status = sender.log.wait("status=([a-z]+)")
            for line in sender.log.text().splitlines():
                if "TLS connection" in line or "status=" in line:
                    print(line, flush=True)
            sender.quiet = True
    return 0 if status.group(1) == "sent" else 1


def main():
    parser = argparse.ArgumentParser(
        description="delivers a message by Postfix, which verifies that the "
                    f"certificate is for {MX}")
    parser.add_argument("--peers", type=pathlib.Path, required=True,
                        help="folder that get-peers filled")
    parser.add_argument("--port", type=int, required=True,
                        help="of the device, on 127.0.0.1")
    parser.add_argument("--ca", type=pathlib.Path, required=True,
                        help="certificates that Postfix trusts")
    parser.add_argument("--to", default="joe@example.test")
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("postfix.py: Postfix changes its user: run this as root")
    try:
        socket.create_connection(("127.0.0.1", args.port), 5).close()
    except OSError as error:
        sys.exit(f"postfix.py: no device at 127.0.0.1:{args.port} ({error}): "
                 "start one with ./dev run")
    return deliver(args)


if __name__ == "__main__":
    sys.exit(main())
