# SPDX-License-Identifier: BSD-3-Clause
"""A program of examples/, built outside the tree as somebody else would.

  source     the sources of tinymx are built along (FetchContent)
  installed  tinymx is installed into an empty prefix and found there
"""
import argparse
import contextlib
import pathlib
import shutil
import ssl
import subprocess


def run(*command):
    print("+", *command, flush=True)
    subprocess.run([str(c) for c in command], check=True)


def arguments(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("way", choices=["source", "installed"])
    for name in ("cmake", "source", "build", "archives", "work"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    return parser.parse_args()


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


def build(args, name):
    """The program."""
    work = args.work
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # The example as somebody else has it: a copy, away from the tree.
    shutil.copytree(args.source / "examples" / name, work / name)
    options = configure(args, work)
    run(args.cmake, "-G", "Ninja", "-S", work / name, "-B", work / "b",
        *options)
    run(args.cmake, "--build", work / "b")
    return work / "b" / name


@contextlib.contextmanager
def running(program, *arguments):
    """(process, port) of a program that says where it listens."""
    with subprocess.Popen([str(program), *map(str, arguments)],
                          stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on "), line
            yield process, int(line.rsplit(":", 1)[1])
        finally:
            process.kill()


def trusting():
    """A TLS context for a certificate that is the program's own."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
