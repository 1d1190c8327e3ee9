# SPDX-License-Identifier: BSD-3-Clause
"""Fixtures are in a module, because ../boards has the same ones."""
from fixtures import *  # noqa: F401, F403
