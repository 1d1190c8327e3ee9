# SPDX-License-Identifier: BSD-3-Clause
"""The configuration image of a board, by tinymx-provision."""
import os
import pathlib
import subprocess

from output import PATIENCE
from pki import MX

ROOT = pathlib.Path(__file__).resolve().parents[2]
SIM = pathlib.Path(os.environ.get(
    "TINYMX_SIM", ROOT / "build/sim/port/posix/tinymx-sim"))
TOOLS = SIM.resolve().parent
DEFAULTS = {"mx": MX, "rcpt": ["*@example.test"]}


def lines(settings):
    """Those of a configuration file: key=value, lists by repetition."""
    for name, value in settings.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield f"{name.replace('_', '-')} = {one}\n"


def provision(folder, **settings):
    """The image of these settings over the defaults; its path."""
    conf, image = folder / "board.conf", folder / "config.bin"
    conf.write_text("".join(lines({**DEFAULTS, **settings})))
    subprocess.run([TOOLS / "tinymx-provision", conf, "-o", image],
                   check=True, timeout=PATIENCE)
    return image
