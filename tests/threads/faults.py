# SPDX-License-Identifier: BSD-3-Clause
"""faults.py PATCH PROGRAM: is the lock missed?

PROGRAM has the fault that PATCH puts in; the test that PATCH names has to fail with
it, and because ThreadSanitizer has seen a race, or lwIP that its core was not held.
"""
import pathlib
import re
import subprocess
import sys

INTEROP = pathlib.Path(__file__).parents[1] / "interop"
SEEN = re.compile(r"ThreadSanitizer: data race|assertion failed: lwIP")


def command(test, program):
    """A test of ../interop has the simulator behind it; another is the program."""
    if not test.startswith("test_"):
        return [program]
    return [sys.executable, "-B", "-m", "pytest", "-q", "-x", test,
            f"--sim={program}",
            f"--basetemp={pathlib.Path(program).with_suffix('.tmp')}"]


def main(patch, program):
    wanted = re.search(r"^Caught-by: (\S+)", pathlib.Path(patch).read_text(),
                       re.M).group(1)
    done = subprocess.run(command(wanted, program), cwd=INTEROP, text=True,
                          errors="replace", capture_output=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode != 0 and SEEN.search(said):
        return 0
    print(f"{said[-4000:]}\n{wanted} did not see it: {patch}")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
