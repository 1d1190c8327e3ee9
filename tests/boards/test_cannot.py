# SPDX-License-Identifier: BSD-3-Clause
"""cannot.py names tests that there are."""
import pathlib
import subprocess
import sys

import cannot

INTEROP = pathlib.Path(__file__).resolve().parents[1] / "interop"


def test_every_line_names_a_test():
    """Nothing is skipped for a name that means nothing any more."""
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q"], cwd=INTEROP,
        text=True, capture_output=True, check=True, timeout=60).stdout
    names = [line for line in listed.splitlines() if "::" in line]
    assert len(names) > 100
    for pattern in cannot.CANNOT:
        assert any(cannot.matches(pattern, name) for name in names), pattern
