# SPDX-License-Identifier: BSD-3-Clause
"""Each fault that is put in on purpose is found, and called by its name.

    fault_test.py FAULT[,FAULT...] PROGRAM ARGUMENT...
"""
import subprocess
import sys

# What has to be said, at the beginning of a line.
WORDS = {
    "none": "",
    "twice": "DOUBLED message ",
    "never": "LOST message ",
    "short": "ALTERED message ",
    "reply": "DOUBLED message ",
    "pbuf": "LEAK PBUF_POOL: ",
    "arena": "LEAK arena bytes: ",
}


def is_found(fault, command):
    done = subprocess.run([*command, "--fault", fault], text=True,
                          stdout=subprocess.PIPE, check=False)
    word = WORDS[fault]
    said = any(line.startswith(word) for line in done.stdout.splitlines())
    if done.returncode == (0 if fault == "none" else 1) and said:
        return True
    print(f"{fault}: exit status {done.returncode}, and this was said:\n"
          f"{done.stdout}")
    return False


def main(faults, command):
    found = [is_found(fault, command) for fault in faults.split(",")]
    print(f"{sum(found)} of {len(found)} as they should be")
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
