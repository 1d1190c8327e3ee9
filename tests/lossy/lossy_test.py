# SPDX-License-Identifier: BSD-3-Clause
"""Every condition of a lossy program, each in a process of its own.

    lossy_test.py [--count N] [--seed FIRST] [--seeds N] PROGRAM...
"""
import argparse
import subprocess
import sys


def run(program, *args):
    return subprocess.run([program, *args], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)


def conditions(program):
    names = run(program).stdout.split()
    if not names:
        sys.exit(f"{program}: no conditions")
    return names


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", default=500, type=int)
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--seeds", default=1, type=int)
    parser.add_argument("programs", nargs="+")
    args = parser.parse_args()
    runs = [(program, name, seed)
            for seed in range(args.seed, args.seed + args.seeds)
            for program in args.programs for name in conditions(program)]
    bad = 0
    for program, name, seed in runs:
        told = ["--seed", str(seed), "--count", str(args.count), name]
        done = run(program, *told)
        if done.returncode:
            bad += 1
            print("FAILED:", program, *told)
        print(done.stdout, flush=True)
    print(f"{len(runs)} runs of {args.count} messages, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
