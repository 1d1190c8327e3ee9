# SPDX-License-Identifier: BSD-3-Clause
"""faults.py PATCH TRANSCRIPTS TEST=PROGRAM...: is the fault seen?

Every test that PATCH names has to fail in its PROGRAM, which has the fault, and
to fail in its own words: a program that does not start has seen nothing. And a
session in which the fault plays no part has to pass, or the fault is so coarse
that seeing it proves little.
"""
import re
import subprocess
import sys

INNOCENT = "plain_session"


def run(*argv):
    done = subprocess.run(argv, capture_output=True, text=True,
                          errors="replace")
    return done.returncode, done.stdout + done.stderr


class Transcripts:
    """transcript_test, which replays a file."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def replay(self, name):
        return run(self.program, f"{self.folder}/{name}.txt")

    def sees(self, name):
        code, said = self.replay(name)
        return code == 1 and f"{name}.txt, replayed" in said, said

    def passes_others(self):
        return self.replay(INNOCENT)[0] == 0


class Unit:
    """A program of cmocka's, whose cases are functions. It says ERROR of one
    whose teardown failed too."""

    def __init__(self, program, _):
        self.program = program

    def sees(self, name):
        code, said = run(self.program)
        failed = re.search(rf"^\[  (FAILED |ERROR  ) \] {name}$", said, re.M)
        return code != 0 and failed is not None, said

    def passes_others(self):
        return "[       OK ]" in run(self.program)[1]


class Power:
    """A program of tests/power: it says in one word what is wrong. What it is
    told may stand behind the word, if the fault takes more to show."""

    def __init__(self, program, _):
        self.program = program

    def sees(self, name):
        word, _, told = name.partition(" ")
        code, said = run(self.program, *(told or "--ops 200").split())
        return code == 1 and re.search(f"^{word} ", said, re.M), said

    def passes_others(self):
        return run(self.program, "--ops", "1", "--every", "1000",
                   "nor-32-131072")[0] == 0


KINDS = {"transcript_test": Transcripts, "power": Power, "rot": Power,
         "identity_power": Power}


def main(patch, folder, *programs):
    with open(patch, encoding="utf-8") as file:
        caught_by = re.findall(r"^Caught-by: (\S+) (.+)$", file.read(), re.M)
    assert caught_by, f"{patch} names no test"
    wrong = []
    tests = {}
    for test, program in (p.split("=", 1) for p in programs):
        tests[test] = KINDS.get(test, Unit)(program, folder)
        if not tests[test].passes_others():
            wrong.append(f"{test}: nothing passes any more")
    for test, name in caught_by:
        seen, said = tests[test].sees(name)
        if not seen:
            wrong.append(f"{test} {name} does not see it:\n{said}")
    print("\n".join(wrong) or f"{len(caught_by)} of {len(caught_by)} see it")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
