# SPDX-License-Identifier: BSD-3-Clause
"""smallest.py, with a suite that passes from a given size on."""
import pathlib
import tempfile
import unittest

import smallest
from smallest import STEP, Outcome, Sizes

MARKS = {"arena": 10 * STEP - 3, "stack": 20 * STEP + 5}
PASSED = "arena.peak 900\nstack.peak 7\narena.peak 800\nstack.peak 8\n"


class Board:
    """In place of Suite: enough is what is enough."""

    def __init__(self, home, arena, stack):
        self.home, self.enough = home, Sizes(arena, stack)
        self.asked = []

    def run(self, sizes):
        self.asked.append(sizes)
        good = all(a >= b for a, b in zip(sizes, self.enough))
        return Outcome("" if good else "FAILED", MARKS)


class Smallest(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.home = pathlib.Path(tmp.name) / "board"
        self.home.mkdir()
        (self.home / "mx_config.h").write_text("#define MX_ARENA_SIZE 640ul\n")
        (self.home / "memory.ld").write_text(
            "STACK_SIZE = 1280;\nRAM : ORIGIN = 0x20000000, LENGTH = 4096\n")

    def test_least(self):
        """Wherever it starts: enough, and one step less is not."""
        for guess in range(0, 20 * STEP, STEP):
            for enough in range(STEP, 20 * STEP, 17):
                asked = []
                found = smallest.least(
                    lambda size: asked.append(size) or size >= enough, guess,
                    30 * STEP)
                self.assertEqual(found, smallest.up(enough, STEP))
                self.assertIn(found - STEP, asked)

    def test_search(self):
        """Each alone; above and below what the high-water marks suggest, and
        what the board's files say."""
        for arena in (5 * STEP, 10 * STEP, 12 * STEP, 30 * STEP):
            for stack in (15 * STEP, 27 * STEP, 30 * STEP, 60 * STEP):
                board = Board(self.home, arena, stack)
                found = smallest.search(board, margin=200)
                self.assertEqual(found, (arena, stack))
                self.assertIn(found, board.asked)

    def test_never_enough(self):
        board = Board(self.home, 1 << 20, 0)
        self.assertIsNone(smallest.search(board, margin=0))

    def test_numbers(self):
        """They are read, and written elsewhere, and nothing else changes."""
        self.assertEqual(smallest.read(self.home), {
            "arena": 640, "stack": 1280, "region": 4096})
        other = self.home / "other"
        new = {"arena": 1, "stack": 2, "region": 3}
        smallest.write(self.home, other, new)
        self.assertEqual(smallest.read(other), new)
        before = (other / "memory.ld").stat().st_mtime_ns
        smallest.write(self.home, other, new)
        self.assertEqual((other / "memory.ld").stat().st_mtime_ns, before)
        smallest.write(other, other, smallest.read(self.home))
        for file in ("mx_config.h", "memory.ld"):
            self.assertEqual((other / file).read_text(),
                             (self.home / file).read_text())

    def test_numbers_missing(self):
        for text in ("", "#define MX_ARENA_SIZE (640ul)\n",
                     "#define MX_ARENA_SIZE 1\n#define MX_ARENA_SIZE 2\n"):
            (self.home / "mx_config.h").write_text(text)
            with self.assertRaises(smallest.Impossible):
                smallest.read(self.home)

    def test_outcome(self):
        """The highest marks of all tests; the first that failed."""
        self.assertEqual(smallest.outcome(0, PASSED),
                         ("", {"arena": 900, "stack": 8}))
        failed = "FAILED test_a.py::b - c\nERROR test_d.py::e\n"
        self.assertEqual(smallest.outcome(1, PASSED + failed).why,
                         "FAILED test_a.py::b - c")
        self.assertEqual(smallest.outcome(3, "").why, "pytest ended with 3")
        with self.assertRaises(smallest.Impossible):
            smallest.outcome(0, "")


if __name__ == "__main__":
    unittest.main()
