#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""readme_test.py ROOT: what the README shows of an example is in it.

A block of code below a comment that names a file, <!-- examples/x/main.c -->,
has to stand in that file as it is.
"""
import pathlib
import re
import sys

SHOWN = re.compile(r"<!-- (examples/\S+) -->\n+```\w*\n(.*?)\n```", re.S)


def main(root):
    shown = SHOWN.findall((root / "README.md").read_text())
    assert shown, "the README shows nothing of the examples"
    for path, block in shown:
        assert f"\n{block}\n" in (root / path).read_text(), \
            f"{path} has no longer:\n{block}"
    print(f"{len(shown)} blocks")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
