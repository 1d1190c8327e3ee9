# SPDX-License-Identifier: BSD-3-Clause
"""What a board has to keep to in every test, whatever the test is about."""
import re

import budgets
import elf

# Of the board's budgets, those that no load may break.
LEVELS = {"arena_failures": lambda now: now["arena.failures"],
          "stack_untouched":
          lambda now: now["stack.size"] - now["stack.peak"]}
MARKS = ["arena.peak", "stack.peak"]  # what ../size/smallest.py begins with


class Always:
    def __init__(self, board, image, machine):
        self.machine = machine
        self.budget = budgets.read(board)
        self.behind = elf.ram(image)[1]
        self.end = int(machine.facts.get("sram_end", "0"), 16)

    def broken(self, counters):
        """What of it was not kept, in words."""
        for name in MARKS:
            print(name, counters[name])
        return budgets.over(self.budget, {
            name: level(counters) for name, level in LEVELS.items()
            if name in self.budget}) + self.outside()

    def outside(self):
        """The emulator's RAM goes on behind what the linker has given out, and
        is zero when the power comes. It has to be zero still."""
        if self.behind >= self.end:
            return []
        memory = self.machine.memory(self.behind, self.end - self.behind)
        touched = re.search(rb"[^\0]", memory)
        return [f"RAM behind the image was written to, at "
                f"{self.behind + touched.start():#x}"] if touched else []
