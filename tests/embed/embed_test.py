#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Builds examples/embed outside the tree, runs it, and sends it a mail.

  source     the sources of tinymx are built along (FetchContent)
  installed  tinymx is installed into an empty prefix and found there
"""
import argparse
import pathlib
import shutil
import smtplib
import ssl
import subprocess
import sys


def run(*command):
    print("+", *command, flush=True)
    subprocess.run([str(c) for c in command], check=True)


def configure(args, work):
    """Options of the example's own build."""
    if args.way == "source":
        return [f"-DTINYMX_SOURCE={args.source}",
                f"-DTINYMX_ARCHIVES={args.archives}"]
    prefix = work / "prefix"
    run(args.cmake, "--install", args.build, "--prefix", prefix)
    check_installation(prefix)
    return [f"-DCMAKE_PREFIX_PATH={prefix}"]


def check_installation(prefix):
    """The program runs from where it was put, and its manual is there."""
    run(prefix / "bin" / "tinymx-sim", "--version")
    manual = list(prefix.glob("share/man/man1/tinymx-sim.1*"))
    assert manual, "no man page was installed"


def deliver(port):
    context = ssl.create_default_context()
    context.check_hostname = False  # its certificate is its own
    context.verify_mode = ssl.CERT_NONE
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.starttls(context=context)
        client.sendmail("a@b.example", ["joe@example.test"],
                        "Subject: lamp on\r\n\r\nSubject: not this\r\n")
        try:
            client.sendmail("a@b.example", ["joe@other.test"], "x\r\n")
        except smtplib.SMTPRecipientsRefused as refused:
            (code, _), = refused.recipients.values()
            assert code == 550, code
        else:
            raise AssertionError("it relays")


def exercise(program):
    process = subprocess.Popen([str(program), "0"], stdout=subprocess.PIPE,
                               text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        deliver(int(line.rsplit(":", 1)[1]))
        line = process.stdout.readline()
        assert line == "subject: lamp on\n", line
    finally:
        process.kill()
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["source", "installed"])
    for name in ("cmake", "source", "build", "archives", "work"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    args = parser.parse_args()

    work = args.work
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # The example as somebody else has it: a copy, away from the tree.
    shutil.copytree(args.source / "examples" / "embed", work / "embed")
    options = configure(args, work)
    run(args.cmake, "-G", "Ninja", "-S", work / "embed", "-B", work / "b",
        *options)
    run(args.cmake, "--build", work / "b")
    exercise(work / "b" / "embed")
    print("a mail arrived")


if __name__ == "__main__":
    sys.exit(main())
