# SPDX-License-Identifier: BSD-3-Clause
"""The smallest region of SRAM in which a board passes the end-to-end suite."""
import argparse
import pathlib
import re
import subprocess
import sys
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(1, str(ROOT / "tests" / "boards"))
import budgets  # noqa: E402
import elf  # noqa: E402

WHAT = """
All RAM is fixed when the image is linked: static data, mbedTLS's arena, the
stack. The first follows from boards/NAME/mx_config.h, where each size has its
reason. The other two are looked for here, each alone, in steps of {step} bytes:
built, run in QEMU through all of tests/interop and tests/boards, and good if

  every test passes, and those it cannot do are named in tests/boards/cannot.py;
  after each test nothing was written to RAM outside of the image;
  after each test its budgets hold (tests/size/budgets/NAME.txt): no request
  that the arena could not meet, and as much stack that was never touched as
  it says.

Takes half an hour. Exit status: 0, found; 1, there is none, since the suite
does not even pass with 2 KB more of each; 2, it could not be looked for.
"""
STEP = 32
REGION_STEP = 256  # a region is whole units of this
PLENTY = 2048      # this much above what is in the board's files

# What the board's files say, and where.
NUMBERS = {
    "arena": ("mx_config.h", r"(?<=#define MX_ARENA_SIZE )\d+"),
    "stack": ("memory.ld", r"(?<=STACK_SIZE = )\d+"),
    "region": ("memory.ld", r"(?<=ORIGIN = 0x20000000, LENGTH = )\d+"),
}
ALL = 0x10000  # while it is looked for, the linker may use all of the chip's

# In this order. A simulator's console is not a board's; how much RAM the image
# may take is what is looked for.
SUITE = {"boards": ["--ignore=test_budgets.py"],
         "interop": ["--ignore=test_console.py"]}
MARKS = {name: re.compile(rf"^{name}\.peak (\d+)$", re.M)
         for name in ("arena", "stack")}
FAILED = re.compile(r"^(?:FAILED|ERROR) .*", re.M)


class Impossible(Exception):
    """It could not be looked for."""


class Outcome(NamedTuple):
    why: str     # not: "" if it passed
    marks: dict  # the highest of each test


class Sizes(NamedTuple):
    arena: int
    stack: int


def say(text):
    print(text, file=sys.stderr, flush=True)


def up(size, step):
    return -(-size // step) * step


# --- the board's files --------------------------------------------------------

def read(folder):
    """The numbers of a board, by name."""
    found = {}
    for name, (file, pattern) in NUMBERS.items():
        places = re.findall(pattern, (folder / file).read_text())
        if len(places) != 1:
            raise Impossible(f"{folder / file}: {len(places)} numbers that "
                             f"could be the {name}'s")
        found[name] = int(places[0])
    return found


def write(source, to, numbers):
    """The files of `source` with other numbers, in the folder `to`. One that
    is as it should be is left alone: everything would be built again."""
    to.mkdir(parents=True, exist_ok=True)
    texts = {}
    for name, number in numbers.items():
        file, pattern = NUMBERS[name]
        text = texts.get(file) or (source / file).read_text()
        texts[file] = re.sub(pattern, str(number), text)
    for file, text in texts.items():
        if not (to / file).exists() or (to / file).read_text() != text:
            (to / file).write_text(text)


# --- one size -----------------------------------------------------------------

class Suite:
    """The suite on an image of one board, with sizes of its own."""

    def __init__(self, board):
        self.board, self.home = board, ROOT / "boards" / board
        self.build = ROOT / "build" / f"{board}-smallest"
        self.sizes = self.build / "sizes"
        self.outcomes = {}

    def image(self, sizes):
        """The image with these sizes."""
        write(self.home, self.sizes, {**sizes._asdict(), "region": ALL})
        for argv in (["cmake", "--preset", self.board, "-B", self.build,
                      f"-DTINYMX_SIZES_DIR={self.sizes}"],
                     ["cmake", "--build", self.build]):
            done = subprocess.run(argv, cwd=ROOT, text=True, check=False,
                                  capture_output=True)
            if done.returncode != 0:
                raise Impossible(f"{argv}\n{done.stdout}{done.stderr}")
        return self.build / "port" / "cortexm" / f"tinymx-{self.board}.elf"

    def region(self, sizes):
        """Bytes of RAM from the first that is used to the last."""
        first, behind = elf.ram(self.image(sizes))
        return up(behind - first, REGION_STEP)

    def run(self, sizes):
        """What came of it; each sizes are run once."""
        if sizes not in self.outcomes:
            say(f"arena {sizes.arena:,}, stack {sizes.stack:,}: building")
            image = self.image(sizes)
            say(f"    {self.region(sizes):,} bytes: testing")
            output = ""
            for folder, options in SUITE.items():
                status, text = self.pytest(folder, options, image)
                output += text
                if status:
                    break
            self.outcomes[sizes] = outcome(status, output)
            say("    " + (self.outcomes[sizes].why or "passed"))
        return self.outcomes[sizes]

    def pytest(self, folder, options, image):
        """Up to the first test that fails."""
        run = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", "-q", "-x", "-rfEP",
             "--no-skips", f"--board={self.board}", f"--image={image}",
             f"--basetemp={self.build}/pytest-{folder}", *options],
            cwd=ROOT / "tests" / folder, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        (self.build / f"{folder}.log").write_text(run.stdout)
        return run.returncode, run.stdout


def outcome(status, output):
    """From pytest's exit status and what it wrote."""
    marks = {name: max(map(int, mark.findall(output)), default=0)
             for name, mark in MARKS.items()}
    found = FAILED.findall(output)
    if not status and not all(marks.values()):
        raise Impossible("the suite says nothing of high-water marks")
    return Outcome("" if not status else
                   found[0] if found else f"pytest ended with {status}", marks)


# --- the search ---------------------------------------------------------------

def least(passes, guess, most, step=STEP):
    """The least size that passes, up to `most`, which does: looked for from
    `guess` on, so that one step less is known not to."""
    size = guess
    if passes(size):
        while passes(size - step):
            size -= step
        return size
    while size < most:
        size += step
        if passes(size):
            return size
    return most


def search(suite, margin):
    """The least sizes, or None if none are enough: from those in the board's
    files on or, if these are too small, from plenty. `margin`: of the stack."""
    now = read(suite.home)
    enough = Sizes(now["arena"], now["stack"])
    first = suite.run(enough)
    if first.why:
        enough = Sizes(*(up(size + PLENTY, STEP) for size in enough))
        first = suite.run(enough)
    if first.why:
        return None
    arena = least(lambda size: not suite.run(enough._replace(arena=size)).why,
                  up(first.marks["arena"], STEP), enough.arena)
    stack = least(lambda size: not suite.run(Sizes(arena, size)).why,
                  up(first.marks["stack"] + margin, STEP), enough.stack)
    return Sizes(arena, stack)


def tell(suite, found):
    """The figures, and what did not do."""
    print(f"passes: {suite.region(found):,} bytes, of which arena "
          f"{found.arena:,}, stack {found.stack:,}")
    for sizes, came in suite.outcomes.items():
        if came.why:
            print(f"does not: arena {sizes.arena:,}, stack {sizes.stack:,}: "
                  f"{came.why}")


def keep(suite, found):
    """Into the board's files."""
    write(suite.home, suite.home,
          {**found._asdict(), "region": suite.region(found)})


def main():
    parser = argparse.ArgumentParser(
        prog="./dev smallest", description=__doc__, epilog=WHAT.format(
            step=STEP), formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("board", nargs="?", default="lm3s6965evb-one",
                        help="a folder of boards/ (lm3s6965evb-one)")
    parser.add_argument("--write", action="store_true",
                        help="what was found goes into the board's files")
    options = parser.parse_args()
    suite = Suite(options.board)
    try:
        budget = budgets.read(options.board).get("stack_untouched", [])
        found = search(suite, dict(budget).get("at-least", 0))
        if found:
            tell(suite, found)
        if found and options.write:
            keep(suite, found)
    except (Impossible, OSError) as why:
        say(f"smallest: {why}")
        return 2
    if not found:
        say("smallest: the suite does not pass with plenty of RAM either")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
