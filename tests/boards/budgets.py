# SPDX-License-Identifier: BSD-3-Clause
"""tests/size/budgets/BOARD.txt, and holding to it."""
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "size" / "budgets"


def read(board):
    """{name: (kind, value)}; kind is at-most or at-least."""
    lines = (FOLDER / f"{board}.txt").read_text().splitlines()
    rows = [line.split("#")[0].split() for line in lines]
    return {name: (kind, int(value)) for name, kind, value in filter(None,
                                                                     rows)}


def over(budget, measured):
    """What is wrong with these figures, in words."""
    wrong = []
    for name, value in measured.items():
        print(f"{name} {value}")  # what a new figure would be
        kind, limit = budget[name]
        if {"at-most": value > limit, "at-least": value < limit}[kind]:
            wrong.append(f"{name} is {value}, budget {kind} {limit}")
    return wrong
