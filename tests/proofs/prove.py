# SPDX-License-Identifier: BSD-3-Clause
"""Runs CBMC on a proof of proofs.py, or on the same with its faults put in.

    prove.py CBMC proof NAME [CBMC-OPTION...]
    prove.py CBMC faults NAME

`proof`: every property holds, and every REACHED has an example.
`faults`: a copy of the firmware for each fault, which CBMC has to refute. One may
let a loop run for longer, too: what is looked for is the property that breaks.

CBMC_ARCH=x86_64 looks at the host's types instead of a board's.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from proofs import PROOFS

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# A board's: 32 bits, and char is unsigned.
ARCH = os.environ.get("CBMC_ARCH", "arm")

# Of a run, whatever it was to show: it looked at everything.
WHOLE = ("unwinding assertion", "no body for callee")


def command(cbmc, name, firmware, more):
    proof = PROOFS[name]
    loops = ",".join(f"{loop}:{n}" for loop, n in proof.loops.items())
    return [cbmc, "--json-ui", "--arch", ARCH,
            *(("-I", HERE / ARCH) if (HERE / ARCH).is_dir() else ()),
            "-I", ROOT / "include", "-I", firmware, "-I", HERE,
            HERE / f"{name}.c", HERE / "fatal.c",
            *(HERE / stub for stub in proof.stubs),
            *(firmware / source for source in proof.sources),
            "--unwind", str(proof.unwind),
            *(("--unwindset", loops) if loops else ()),
            "--bounds-check", "--pointer-check", "--signed-overflow-check",
            "--no-malloc-may-fail",
            "--drop-unused-functions", "--slice-formula", *proof.checks, *more]


def run(cbmc, name, firmware, *more):
    """What CBMC says, in parts."""
    told = subprocess.run(
        [str(word) for word in command(cbmc, name, firmware, more)],
        capture_output=True, text=True, check=False)
    try:
        said = json.loads(told.stdout)
    except json.JSONDecodeError:
        sys.exit(told.stdout + told.stderr)
    if "cProverStatus" not in said[-1]:
        sys.exit("\n".join(part.get("messageText", "") for part in said)
                 + told.stderr)
    return said


def place(where, what):
    return f"{where.get('file', '?')}:{where.get('line', '?')}: {what}"


def prove(cbmc, name, *more):
    said = run(cbmc, name, ROOT / "firmware", "--unwinding-assertions", *more)
    found = next(part["result"] for part in said if "result" in part)
    wrong = []
    examples = 0
    for one in found:
        is_example = one["description"].startswith("reached: ")
        examples += is_example
        if one["status"] != ("FAILURE" if is_example else "SUCCESS"):
            wrong.append(one)
    for one in wrong:
        print(place(one["sourceLocation"], one["description"]), one["status"])
    print(f"{name}: {len(found) - examples} properties, {examples} examples, "
          f"{len(wrong)} wrong")
    return 1 if wrong or not examples else 0


def put_in(fault, folder):
    """The firmware with the fault, in a folder of its own."""
    shutil.copytree(ROOT / "firmware", folder)
    path = folder / fault.file
    text = path.read_text()
    if text.count(fault.old) != 1:
        sys.exit(f"{fault.name}: {fault.file} has its place "
                 f"{text.count(fault.old)} times: mend the fault")
    path.write_text(text.replace(fault.old, fault.new))


def refute(cbmc, name):
    passed = []
    for fault in PROOFS[name].faults:
        with tempfile.TemporaryDirectory() as tmp:
            put_in(fault, pathlib.Path(tmp) / "firmware")
            said = run(cbmc, name, pathlib.Path(tmp) / "firmware",
                       "-DNO_EXAMPLES", "--stop-on-fail",
                       "--no-unwinding-assertions")
        seen = [part for part in said if part.get("status") == "failed"]
        if not seen or seen[0]["description"].startswith(WHOLE):
            passed.append(fault)
        print(f"{fault.name}: " + (
            place(seen[0]["trace"][-1]["sourceLocation"],
                  seen[0]["description"]) if seen else "was not seen"))
    print(f"{name}: {len(PROOFS[name].faults)} faults, {len(passed)} passed")
    return 1 if passed or not PROOFS[name].faults else 0


def main(argv):
    commands = {"proof": prove, "faults": refute}
    if len(argv) < 4 or argv[2] not in commands or argv[3] not in PROOFS:
        sys.exit(__doc__)
    return commands[argv[2]](argv[1], *argv[3:])


if __name__ == "__main__":
    sys.exit(main(sys.argv))
