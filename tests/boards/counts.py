# SPDX-License-Identifier: BSD-3-Clause
"""What a board's image that counts has counted: port/cortexm/count.c."""
import time

from board import parse
from output import PATIENCE

# An instruction takes a nanosecond, and sleep as long as the wall's clock says:
# with sleep=off minutes would pass on the device while the host thinks.
ICOUNT = ["-icount", "shift=0,sleep=on"]
LAST_LINE = "idle: "  # of `count`
MODULUS = 1 << 32
PIECE = 1460  # octets: a full segment


class Counts:
    """Of the device `mx`, which runs that image under ICOUNT."""

    def __init__(self, mx):
        self.mx = mx
        self.worked = None  # its calls when it was last settled

    def read(self):
        """{"tls.instructions": n, "tls.calls": n, ...} since the start."""
        since = self.mx.mark()
        self.mx.machine.type("count")
        self.mx.output.wait(f"^{LAST_LINE}", since)
        return dict(pair for line in self.mx.output.lines[since:]
                    for pair in parse(line))

    def settled(self):
        """Waits until the device has done something since the last time, and
        has nothing left to do; the counts then."""
        deadline = time.monotonic() + PATIENCE
        before = None
        while True:
            now = self.read()
            calls = now["firmware.calls"], now["tls.calls"]
            if calls == before != self.worked:
                self.worked = calls
                return now
            before = calls
            assert time.monotonic() < deadline, f"settled: {calls}"

    def feed(self, half, data):
        """Sends frame by frame, each when the one before was dealt with, so
        that it does not depend on the host how many come at once."""
        for at in range(0, len(data), PIECE):
            half.peer.send(data[at:at + PIECE])
            counts = self.settled()
        return counts


def spent(part, before, after):
    """Instructions of a part from one of the counts to another."""
    name = part + ".instructions"
    return (after[name] - before[name]) % MODULUS
