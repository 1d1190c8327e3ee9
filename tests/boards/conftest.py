# SPDX-License-Identifier: BSD-3-Clause
"""The fixtures of ../interop, with a board behind them. See README.md."""
import pathlib
import sys

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "interop"))
from fixtures import *  # noqa: E402, F401, F403
