# SPDX-License-Identifier: BSD-3-Clause
"""Clients that people use, each in each way it can speak TLS."""
import re
import smtplib
import ssl
import subprocess

import pytest

from cases import HEADER, LONG_8BIT
from maildir import lf
from peer import Program
from pki import MX

PATIENCE = 60
SENDER, TO = "sender@client.test", "joe@example.test"


def run(*argv, **options):
    """A program that has to succeed; its output."""
    done = subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=PATIENCE,
                          **options)
    output = done.stdout.decode(errors="replace")
    assert done.returncode == 0, f"{argv}: {done.returncode}\n{output}"
    return output


def arrived(mx, protocol):
    message = mx.maildir.only()
    assert message.sender == SENDER and message.recipients == [TO]
    assert f"by {MX} (tinymx) with {protocol} id " in message.received
    assert ("TLSv1." in message.received) == (protocol == "ESMTPS")
    return message


# --- swaks -------------------------------------------------------------------

@pytest.mark.parametrize("options", [
    [],
    ["--pipeline"],
    ["--tls"],
    ["--tls", "--pipeline"],
    ["--tls", "--tls-verify", "--tls-sni", MX, "--tls-ca-path", "{ca}"],
    ["--tls", "--tls-protocol", "tlsv1_2"],
    ["--tls-on-connect", "--port", "{tls_port}"],
], ids=" ".join)
def test_swaks(mx, pki, options):
    """swaks, the tester's client."""
    protocol = "ESMTPS" if "--tls" in " ".join(options) else "ESMTP"
    options = [o.format(ca=pki.ca, tls_port=mx.tls_port) for o in options]
    run("swaks", "--server", "127.0.0.1", "--port", mx.port, "--helo",
        "client.test", "--from", SENDER, "--to", TO, "--suppress-data",
        *options)
    assert b"This is a test mailing" in arrived(mx, protocol).body


# --- curl --------------------------------------------------------------------

@pytest.mark.parametrize("scheme, options", [
    ("smtp", ["--ssl-reqd"]),
    ("smtp", ["--ssl-reqd", "--tls-max", "1.2"]),
    ("smtp", ["--ssl-reqd", "--curves", "P-256"]),
    ("smtps", []),
], ids=str)
def test_curl(mx, pki, tmp_path, scheme, options):
    """curl verifies chain and name, by STARTTLS and from the first byte."""
    port = mx.port if scheme == "smtp" else mx.tls_port
    (tmp_path / "message").write_bytes(LONG_8BIT)
    run("curl", "-sS", "--cacert", pki.ca, *options, "--resolve",
        f"{MX}:{port}:127.0.0.1", "--mail-from", SENDER, "--mail-rcpt", TO,
        "--upload-file", tmp_path / "message",
        f"{scheme}://{MX}:{port}/client.test")
    assert arrived(mx, "ESMTPS").body == lf(LONG_8BIT)


def test_curl_other_name(mx, pki):
    """curl refuses when the MX record names another host."""
    done = subprocess.run(
        ["curl", "-sS", "--cacert", str(pki.ca), "--ssl-reqd", "--resolve",
         f"other.example.test:{mx.port}:127.0.0.1",
         f"smtp://other.example.test:{mx.port}"], capture_output=True,
        timeout=PATIENCE)
    assert done.returncode == 60, done.stderr  # peer certificate


# --- msmtp -------------------------------------------------------------------

@pytest.mark.parametrize("starttls", ["on", "off"])
def test_msmtp(mx, pki, starttls):
    """msmtp (GnuTLS) verifies chain and name."""
    run("msmtp", "--file=/dev/null", "--host=127.0.0.1",
        f"--port={mx.port if starttls == 'on' else mx.tls_port}", "--tls=on",
        f"--tls-starttls={starttls}", f"--tls-trust-file={pki.ca}",
        f"--tls-host-override={MX}", f"--from={SENDER}", TO,
        input=lf(LONG_8BIT))
    assert arrived(mx, "ESMTPS").body == lf(LONG_8BIT)


# --- Python's smtplib --------------------------------------------------------

class Here:
    """smtplib that reaches the host of whatever name at 127.0.0.1."""

    def _get_socket(self, host, port, timeout):
        return super()._get_socket("127.0.0.1", port, timeout)


class SMTP(Here, smtplib.SMTP):
    pass


class SMTPS(Here, smtplib.SMTP_SSL):
    pass


@pytest.mark.short
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("identity", ["good", "rsa"])
def test_smtplib(launch, pki, version, identity):
    """smtplib verifies chain and name, of an EC and of an RSA certificate."""
    mx = launch(identity=getattr(pki, identity))
    with SMTP(MX, mx.port, "client.test", PATIENCE) as client:
        client.starttls(context=pki.context(version))
        assert not client.has_extn("starttls")
        client.sendmail(SENDER, [TO], LONG_8BIT)
    assert arrived(mx, "ESMTPS").body == lf(LONG_8BIT)


def test_smtplib_implicit_tls(mx, pki):
    """TLS from the first byte (RFC 8314)."""
    with SMTPS(MX, mx.tls_port, "client.test", timeout=PATIENCE,
               context=pki.context()) as client:
        client.sendmail(SENDER, [TO], LONG_8BIT)
    assert arrived(mx, "ESMTPS").body == lf(LONG_8BIT)


# --- openssl s_client --------------------------------------------------------

def s_client(mx, pki, *options, starttls=True):
    port = mx.port if starttls else mx.tls_port
    return Program("openssl", "s_client", "-connect", f"127.0.0.1:{port}",
                   *(["-starttls", "smtp"] if starttls else []), "-CAfile",
                   pki.ca, "-verify_return_error", "-verify_hostname", MX,
                   "-servername", MX, "-ign_eof", *options)


def session(program, message=LONG_8BIT, greeted=True):
    """A message and QUIT through a program that has done STARTTLS."""
    with program:
        if not greeted:
            assert program.reply().startswith("220 ")
        program.send("EHLO client.test\r\n")
        while "PIPELINING" not in program.reply():
            pass  # what is left of an earlier EHLO
        program.deliver(message)
        program.cmd("QUIT", 221)
        return program.eof()


SUITES_12 = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
             "ECDHE-ECDSA-CHACHA20-POLY1305"]
SUITES_13 = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
             "TLS_CHACHA20_POLY1305_SHA256"]


# TLS 1.2: the certificate's curve has to be listed too (RFC 8422 5.1).
@pytest.mark.parametrize("version, suite, groups", [
    *(("1.2", s, g) for s in SUITES_12 for g in ("P-256", "X25519:P-256")),
    *(("1.3", s, g) for s in SUITES_13 for g in ("P-256", "X25519"))])
def test_openssl(mx, pki, version, suite, groups):
    """Every cipher suite with every group, by openssl."""
    said = session(s_client(
        mx, pki, "-tls" + version.replace(".", "_"), "-groups", groups,
        "-ciphersuites" if version == "1.3" else "-cipher", suite))
    assert "Verification: OK" in said and f"Cipher is {suite}" in said
    key = re.search(r"Server Temp Key: (?:ECDH, )?([^,]*)", said)[1]
    assert key.replace("prime256v1", "P-256") in groups.split(":")
    message = arrived(mx, "ESMTPS")
    assert message.body == lf(LONG_8BIT)
    assert f"TLSv{version} with cipher" in message.received


@pytest.mark.short
@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_openssl_resumption(mx, pki, tmp_path, version):
    """A session ticket is given, taken, and as good as a full handshake."""
    ticket = tmp_path / "session"
    said = session(s_client(mx, pki, version, "-sess_out", ticket))
    assert "New, TLS" in said
    said = session(s_client(mx, pki, version, "-sess_in", ticket))
    assert "Reused, TLS" in said
    assert [m.body for m in mx.maildir.messages()] == [lf(LONG_8BIT)] * 2


def test_openssl_implicit_tls(mx, pki):
    """TLS from the first byte, by openssl."""
    said = session(s_client(mx, pki, starttls=False), greeted=False)
    assert "Verification: OK" in said
    arrived(mx, "ESMTPS")


@pytest.mark.parametrize("options", [
    ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
    ["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
    ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
    ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"],
    ["-groups", "P-521"],
], ids=" ".join)
def test_openssl_refused(mx, pki, options):
    """Old versions, no forward secrecy, no AEAD: refused, and no harm done."""
    with s_client(mx, pki, *options) as program:
        said = program.eof()
        assert "Cipher is (NONE)" in said, said
        assert "alert" in said, said
    assert mx.idle()["server.accepted"] == 0
    session(s_client(mx, pki))
    arrived(mx, "ESMTPS")


# --- gnutls-cli --------------------------------------------------------------

def gnutls(mx, pki, *options):
    return Program("gnutls-cli", "--starttls-proto=smtp", f"--port={mx.port}",
                   f"--x509cafile={pki.ca}", f"--sni-hostname={MX}",
                   f"--verify-hostname={MX}", *options, "127.0.0.1")


@pytest.mark.parametrize("priority", [
    "NORMAL:-VERS-ALL:+VERS-TLS1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.3",
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-SECP256R1",
    "NORMAL:-CIPHER-ALL:+CHACHA20-POLY1305"])
def test_gnutls(mx, pki, priority):
    """gnutls-cli, which always offers a record_size_limit (RFC 8449)."""
    session(gnutls(mx, pki, "--priority", priority))
    assert arrived(mx, "ESMTPS").body == lf(LONG_8BIT)


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("size", [512, 1024])
def test_gnutls_record_size(mx, pki, size, version):
    """Smaller records are asked for, and our Certificate comes in them."""
    # gnutls-cli drops what it reads and cannot send as one record.
    session(gnutls(mx, pki, f"--recordsize={size}", "--priority",
                   f"NORMAL:-VERS-ALL:+VERS-TLS{version}"), HEADER)
    assert arrived(mx, "ESMTPS").body == lf(HEADER)
