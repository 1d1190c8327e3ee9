# SPDX-License-Identifier: BSD-3-Clause
"""Mail that came over SMTP is read over POP3, by programs that people have."""
import os
import poplib
import re
import subprocess

import pytest

from pki import MX
from reader import PASSWORD, Reader, USER, deliver, mail, options, ports

# Lines of every length, dots where they hurt, more than a window.
LARGE = mail("large", b"".join(
    b".%d.%s\r\n.\r\n" % (i, b"." * (i % 71)) for i in range(4000)))
MAIL = [mail("one"), LARGE, mail("three", b".\r\n..\r\n.end\r\n")]


def start(launch, folder, *identity, **more):
    device = launch(*identity, folder=folder, **options(folder, **more))
    device.pop3, device.pop3s = ports(device)
    return device


@pytest.fixture
def mx(launch, tmp_path):
    return start(launch, tmp_path)


def run(*argv, status=0, folder=None, **kwargs):
    """A program to its end; what it printed."""
    done = subprocess.run(list(map(str, argv)), capture_output=True,
                          timeout=60, check=False, cwd=folder, **kwargs)
    assert done.returncode == status, (argv, done.stdout, done.stderr)
    return done.stdout


def is_mail(got, sent):
    """What was read is what was sent, with the trace fields in front."""
    assert got.endswith(sent), got[:1000]
    assert re.match(rb"Return-Path: <sender@client\.test>\r\n"
                    rb"Delivered-To: joe@example\.test\r\nReceived: ", got)


# --- programs ---------------------------------------------------------------

def curl(mx, pki, path="", way="stls", password=PASSWORD, **kwargs):
    scheme, port = {"stls": ("pop3", mx.pop3), "clear": ("pop3", mx.pop3),
                    "implicit": ("pop3s", mx.pop3s)}[way]
    needs = ["--ssl-reqd"] if way == "stls" else []
    return run("curl", "-sS", *needs, "--cacert", pki.ca, "--resolve",
               f"{MX}:{port}:127.0.0.1", "-u", f"{USER}:{password}",
               f"{scheme}://{MX}:{port}/{path}", **kwargs)


@pytest.mark.parametrize("way", ["stls", "implicit"])
def test_curl(mx, pki, way):
    deliver(mx, *MAIL)
    sizes = [int(line.split()[1])
             for line in curl(mx, pki, way=way).splitlines()]
    for number, sent in enumerate(MAIL, 1):
        got = curl(mx, pki, number, way)
        is_mail(got, sent)
        assert len(got) == sizes[number - 1]


def test_curl_refused(mx, pki):
    """Without TLS there is no login, and a wrong password is none in TLS."""
    deliver(mx, MAIL[0])
    curl(mx, pki, 1, way="clear", status=67)
    assert mx.idle()["server.logins_failed"] == 0
    curl(mx, pki, 1, password="guess", status=67)
    assert mx.idle()["server.logins_failed"] == 1
    assert "guess" not in mx.log() and PASSWORD not in mx.log()


@pytest.mark.parametrize("way", ["stls", "implicit"])
def test_fetchmail(launch, pki, tmp_path, way):
    """Fetches all, and deletes what it has."""
    mx = start(launch, tmp_path, pki.common_name)
    deliver(mx, *MAIL)
    rc = tmp_path / "fetchmailrc"
    rc.write_text(f"""
        poll 127.0.0.1 protocol pop3
        port {mx.pop3 if way == "stls" else mx.pop3s}
        username "{USER}" password "{PASSWORD}"
        {"ssl" if way == "implicit" else ""} sslproto "TLS1.2+" sslcertck
        sslcertfile "{pki.ca}" sslcommonname "{MX}"
        mda "cat >> {tmp_path}/mbox" fetchall nokeep no rewrite
        """)
    rc.chmod(0o600)
    env = {**os.environ, "FETCHMAILHOME": str(tmp_path)}
    run("fetchmail", "-f", rc, "--nodetach", "--nosyslog", "-v", env=env)
    got = (tmp_path / "mbox").read_bytes()
    for sent in MAIL:
        assert sent.partition(b"\r\n\r\n")[2].replace(b"\r\n", b"\n") in got
    assert mx.idle()["server.deleted"] == len(MAIL)
    with Reader(mx.pop3, pki).secure().log_in() as pop3:
        assert pop3.stat() == (0, 0)


@pytest.mark.parametrize("way", ["stls", "implicit"])
def test_mpop(mx, pki, tmp_path, way):
    """Leaves mail where it is, and knows by UIDL what it has."""
    rc = tmp_path / "mpoprc"
    maildir = tmp_path / "read"
    for folder in ("cur", "new", "tmp"):
        (maildir / folder).mkdir(parents=True)
    rc.write_text("\n".join((
        "account mx", "host 127.0.0.1",
        f"port {mx.pop3 if way == 'stls' else mx.pop3s}",
        "tls on", f"tls_starttls {'on' if way == 'stls' else 'off'}",
        f"tls_trust_file {pki.ca}", f"tls_host_override {MX}", "auth user",
        f"user {USER}", f"password {PASSWORD}", "keep on",
        f"uidls_file {tmp_path}/uidls", f"delivery maildir {maildir}", "")))
    rc.chmod(0o600)
    deliver(mx, *MAIL[:2])
    run("mpop", "-C", rc, "mx")
    deliver(mx, *MAIL[2:])
    run("mpop", "-C", rc, "mx")
    got = [path.read_bytes() for path in (maildir / "new").iterdir()]
    assert len(got) == len(MAIL)
    for sent in MAIL:
        assert any(one.endswith(sent.replace(b"\r\n", b"\n")) for one in got)
    assert mx.idle()["server.fetched"] == len(MAIL)


# --- what a maildrop promises -----------------------------------------------

def test_unique_ids(launch, pki, tmp_path):
    """They stay over a restart, and others' deletion."""
    mx = start(launch, tmp_path)
    deliver(mx, *MAIL)
    with Reader(mx.pop3, pki).secure().log_in() as pop3:
        before = [line.split()[1] for line in pop3.uidl()[1]]
        pop3.dele(1)
    mx.terminate()
    mx = start(launch, tmp_path)
    with Reader(mx.pop3, pki).secure().log_in() as pop3:
        assert [line.split()[1] for line in pop3.uidl()[1]] == before[1:]
        is_mail(pop3.text(2), MAIL[2])


def test_deletion_needs_quit(mx, pki):
    deliver(mx, *MAIL)
    pop3 = Reader(mx.pop3, pki).secure().log_in()
    pop3.dele(1)
    assert pop3.stat()[0] == 2
    pop3.vanish()
    assert mx.idle()["server.deleted"] == 0
    with Reader(mx.pop3, pki).secure().log_in() as pop3:
        assert pop3.stat()[0] == 3


def test_mail_meanwhile(mx, pki):
    """What comes during a session is for the next one; SMTP goes on."""
    deliver(mx, MAIL[0])
    with Reader(mx.pop3, pki).secure().log_in() as pop3:
        deliver(mx, MAIL[2])
        assert pop3.stat()[0] == 1
        is_mail(pop3.text(1), MAIL[0])
        with pytest.raises(poplib.error_proto, match="No such message"):
            pop3.retr(2)
    with Reader(mx.pop3, pki).secure().log_in() as pop3:
        is_mail(pop3.text(2), MAIL[2])


def test_one_reader(mx, pki):
    with Reader(mx.pop3, pki).secure().log_in():
        with pytest.raises(poplib.error_proto, match="Too many connections"):
            Reader(mx.pop3, pki)


def test_injection(mx, pki):
    """What stands behind STLS in its segment is a breach, and never run."""
    pop3 = Reader(mx.pop3, pki)
    pop3.sock.sendall(b"STLS\r\nUSER joe\r\n")
    assert pop3.file.readline().startswith(b"-ERR Protocol violation")
    assert pop3.file.readline() == b""
    pop3.vanish()
    assert mx.idle()["server.breaches"] == 1


# --- the simulator's own ----------------------------------------------------

def test_hash_password(launch, sim, pki, tmp_path):
    """What it prints lets the password in, and nothing else."""
    made = run(sim, "--hash-password", "--iterations", 1000,
               input=b"another one\n").decode().strip()
    assert made.startswith("pbkdf2-sha256$1000$")
    mx = start(launch, tmp_path, pop3_password=made)
    curl(mx, pki, status=67)
    curl(mx, pki, password="another one")


@pytest.mark.parametrize("wrong, says", [
    ({"spool": None, "spool_size": None}, "needs --spool FILE"),
    ({"pop3_user": None}, "needs --pop3-user NAME"),
    ({"pop3_password": None}, "--hash-password makes one"),
    ({"pop3_password": "secret"}, "not what tinymx-sim --hash-password"),
    ({"pop3_user": 65 * "x"}, "1 to 64 octets"),
    ({"pop3": None, "pop3_tls": None}, "need --pop3 ADDR:PORT"),
])
def test_wrong_options(launch, tmp_path, wrong, says):
    device = launch(ready=False, **options(tmp_path, **wrong))
    assert device.process.wait(30) == 2
    device.output.wait(says)


def test_needs_identity(launch, pki, tmp_path):
    """No TLS, no POP3: it says so and does not start."""
    device = launch(pki.wrong_name, ready=False, **options(tmp_path))
    assert device.process.wait(30) == 1
    device.output.wait("--pop3 needs TLS")
