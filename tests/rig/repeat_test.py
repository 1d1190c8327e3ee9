# SPDX-License-Identifier: BSD-3-Clause
"""The same seed gives the same run, to the last frame; another gives another.

    repeat_test.py PROGRAM ARGUMENT...
"""
import subprocess
import sys


def trace(command, seed):
    done = subprocess.run([*command, "--seed", str(seed)], text=True,
                          stdout=subprocess.PIPE, check=True)
    lines = [line for line in done.stdout.splitlines() if "trace " in line]
    if len(lines) != 1:
        sys.exit(f"{command}: no trace in\n{done.stdout}")
    return lines[0].split()[-1]


def main(command):
    traces = [trace(command, seed) for seed in (1, 1, 2)]
    print(*traces)
    if traces[0] != traces[1]:
        sys.exit("the same seed, and not the same run")
    if traces[0] == traces[2]:
        sys.exit("another seed, and the same run")


if __name__ == "__main__":
    main(sys.argv[1:])
