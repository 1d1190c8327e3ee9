# SPDX-License-Identifier: BSD-3-Clause
"""cannot.py names tests that there are."""
import pathlib
import subprocess
import sys

import cannot

HERE = pathlib.Path(__file__).resolve().parent


def names_in(folder):
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q"], cwd=folder,
        text=True, capture_output=True, check=True, timeout=60).stdout
    return [line for line in listed.splitlines() if "::" in line]


def test_every_line_names_a_test(request):
    """Nothing is skipped for a name that means nothing any more."""
    names = names_in(HERE.parent / "interop") + names_in(HERE)
    assert len(names) > 100
    for pattern in cannot.CANNOT[request.config.getoption("--board")]:
        assert any(cannot.matches(pattern, name) for name in names), pattern
