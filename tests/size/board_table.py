# SPDX-License-Identifier: BSD-3-Clause
"""The README's flash and RAM table of a board, from the linker's map.

    board_table.py --check|--write|--print README BOARD MAP

Every input section of the image counts for the file it came from; what the
linker put in between counts as alignment. The table stands between
<!-- BOARD:begin --> and <!-- BOARD:end -->.
"""
import collections
import pathlib
import re
import sys

import ram_table

RAM = 0x20000000
# The first that is found in the path of the file counts.
COMPONENTS = [("libtinymx_lwip", "lwIP"), ("libtinymx_mbedtls", "mbedTLS"),
              ("libtinymx_cortexm", "port"), ("libtinymx_stellaris", "port"),
              ("dir/main.c", "port"), ("dir/commands.c", "port"),
              ("libtinymx_", "firmware"), ("libc", "C library"),
              ("libgcc", "C library")]
ARENA = ("mbedTLS's arena", "libtinymx_tls.a(arena.c")
# " .bss.name  0xaddress  0xsize file", the name maybe on a line of its own.
INPUT = re.compile(r"^ (\.[\w.$*]+|COMMON|\*fill\*)?\s+0x([0-9a-f]+)\s+"
                   r"0x([0-9a-f]+)(?: (\S.*))?$")
OUTPUT = re.compile(r"^(\.\w+)\s*(?:0x([0-9a-f]+)\s+0x([0-9a-f]+)"
                    r"(?:\s+load address .*)?)?$")


def sections(text):
    """{name: (address, size)} of what takes room, and its input sections:
    (output, input, address,
    size, file)."""
    outputs, inputs, name, where = {}, [], "", None
    body = text.split("Linker script and memory map")[1]
    body = body.split("Cross Reference Table")[0]
    body = re.sub(r"\n( ?\.[^\s]+)\n\s+0x", r"\n\1 0x", body)
    for line in body.splitlines():
        if match := OUTPUT.match(line):
            where = match[1]
            if match[2]:
                outputs[where] = int(match[2], 16), int(match[3], 16)
        elif line and not line[0].isspace():
            where = None  # /DISCARD/, LOAD and the like
        elif (match := INPUT.match(line)) and where in outputs:
            name = match[1] or name
            inputs.append((where, name, int(match[2], 16), int(match[3], 16),
                           match[4] or ""))
    return outputs, inputs


def clipped(inputs):
    """Without what was merged away (equal strings): up to the next one."""
    real = sorted((i for i in inputs if i[1] != "*fill*" and i[3]),
                  key=lambda i: i[2])
    for one, following in zip(real, [*real[1:], None]):
        where, name, at, size, path = one
        if following and following[0] == where:
            size = min(size, following[2] - at)
        yield where, name, size, path


def component(name, path):
    if name.startswith(".bss") and ARENA[1] in path:
        return ARENA[0]
    return next((title for part, title in COMPONENTS if part in path),
                "alignment")


def count(text):
    """{component: [flash, RAM]}; what the output has beyond its inputs is the
    stack, or alignment."""
    outputs, inputs = sections(text)
    taken = {".text": (1, 0), ".stack": (0, 1), ".noinit": (0, 1),
             ".data": (1, 1), ".bss": (0, 1)}
    found, sums = collections.defaultdict(lambda: [0, 0]), \
        collections.Counter()
    for output, name, size, path in clipped(inputs):
        if output in taken:
            sums[output] += size
            for i in range(2):
                found[component(name, path)][i] += size * taken[output][i]
    for output, used in taken.items():
        left = outputs[output][1] - sums[output]
        if left < 0:
            raise ram_table.Wrong(f"{output} holds more than it is large")
        for i in range(2):
            found["stack" if output == ".stack" else "alignment"][i] += \
                left * used[i]
    return found


ORDER = ["firmware", "lwIP", "mbedTLS", ARENA[0], "port", "stack",
         "C library", "alignment"]


def table(text):
    found = count(text)
    if not found[ARENA[0]][1] or not found["stack"][1]:
        raise ram_table.Wrong("the arena or the stack is not where it was")
    rows = [(what, *found[what]) for what in ORDER]
    total = [sum(row[i] for row in rows) for i in (1, 2)]
    return ["| what | flash | RAM |", "|---|---:|---:|",
            *(f"| {what} | {flash:,} | {ram:,} |" for what, flash, ram in rows),
            f"| **all** | **{total[0]:,}** | **{total[1]:,}** |"]


def main(argv):
    if len(argv) != 5 or argv[1] not in ("--check", "--write", "--print"):
        sys.exit(__doc__)
    readme, board, text = pathlib.Path(argv[2]), argv[3], \
        pathlib.Path(argv[4]).read_text()
    marks = f"<!-- {board}:begin -->", f"<!-- {board}:end -->"
    try:
        lines = table(text)
        if argv[1] == "--print":
            print("\n".join(lines))
            return 0
        old = readme.read_text(encoding="utf-8")
        new = ram_table.replace(old, lines, *marks)
    except ram_table.Wrong as why:
        print(why, file=sys.stderr)
        return 1
    if argv[1] == "--write":
        readme.write_text(new, encoding="utf-8")
    elif old != new:
        print(f"README.md's table of {board} is not this image's. Build the "
              f"target readme_{board}, which writes:", *lines, sep="\n",
              file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
