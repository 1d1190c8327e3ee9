# SPDX-License-Identifier: BSD-3-Clause
"""tests/size/budgets/BOARD.txt, and holding to it."""
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "size" / "budgets"
ABOUT = 50  # a fiftieth: 2 % up or down

KEPT = {"at-most": lambda value, limit: value <= limit,
        "at-least": lambda value, limit: value >= limit,
        "about": lambda value, limit: abs(value - limit) * ABOUT <= limit}


def parse(text):
    """{name: [(kind, value), ...]}: a name may stand in several lines."""
    budget = {}
    for line in text.splitlines():
        if row := line.split("#")[0].split():
            name, kind, value = row
            assert kind in KEPT, line
            budget.setdefault(name, []).append((kind, int(value)))
    return budget


def read(board):
    """A board without a file has none."""
    path = FOLDER / f"{board}.txt"
    return parse(path.read_text() if path.exists() else "")


def over(budget, measured):
    """What is wrong with these figures, in words."""
    wrong = []
    for name, value in measured.items():
        print(f"{name} {value}")  # what a new figure would be
        wrong += [f"{name} is {value}, budget {kind} {limit}"
                  for kind, limit in budget[name]
                  if not KEPT[kind](value, limit)]
    return wrong
