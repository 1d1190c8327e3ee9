# SPDX-License-Identifier: BSD-3-Clause
"""What a running program prints, so that one can wait for a line of it."""
import re
import threading
import time

PATIENCE = 60  # seconds; a deadline for what never takes long, not a delay


class Output:
    """Reads `stream` to its end in a thread; the lines as they came."""

    def __init__(self, stream):
        self.lines = []
        self.ended = False
        self.news = threading.Condition()
        self.stream = stream
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for raw in self.stream:
            with self.news:
                self.lines.append(raw.decode(errors="backslashreplace"))
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def text(self, since=0):
        return "".join(self.lines[since:])

    def mark(self):
        """Where it is now, for `since`."""
        return len(self.lines)

    def until(self, condition, what, patience=PATIENCE):
        """Waits until condition() is true; what it returned."""
        deadline = time.monotonic() + patience
        with self.news:
            while not (result := condition()):
                left = deadline - time.monotonic()
                assert not self.ended and left > 0, \
                    f"{what} never came; output:\n{self.text()}"
                self.news.wait(left)
            return result

    def wait(self, pattern, since=0):
        """Waits for a line in which `pattern` is found; the match."""
        return self.until(lambda: next(filter(None, (
            re.search(pattern, line) for line in self.lines[since:])), None),
            pattern)

    def close(self):
        """When the program has ended."""
        self.thread.join(PATIENCE)
        self.stream.close()
