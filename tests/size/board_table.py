# SPDX-License-Identifier: BSD-3-Clause
"""The README's flash and RAM tables of a board, from the linker's map.

    board_table.py --check|--write|--print README BOARD MAP SIZES NM

Every input section of the image counts for the file it came from; what the
linker put in between counts as alignment. What one more session costs is its
structs, whose sizes NM finds in SIZES (port/cortexm/sizes.c), and its share of
what all of them have in common. Both stand between <!-- BOARD:begin --> and
<!-- BOARD:end -->; --check also holds the costs to budgets/BOARD.txt.
"""
import collections
import pathlib
import re
import subprocess
import sys

import ram_table

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "boards"))
import budgets  # noqa: E402

RAM = 0x20000000
# The first that is found in the path of the file counts.
COMPONENTS = [("libtinymx_lwip", "lwIP"), ("libtinymx_mbedtls", "mbedTLS"),
              ("libtinymx_cortexm", "port"), ("libtinymx_stellaris", "port"), ("libtinymx_mps2", "port"),
              (".dir/", "port"),
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
    _, title, body = text.partition("Linker script and memory map")
    if not title:
        raise ram_table.Wrong("this is no map of GNU ld")
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
        if output not in outputs:
            raise ram_table.Wrong(f"there is no {output}")
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


# --- what one more session costs -------------------------------------------

SIZES = ("size_session", "size_tls", "count_pcbs", "count_sessions",
         "count_tls_sessions")
# What all sessions share, by the variable's name in lwIP.
SHARED = {"received packets": "memp_memory_PBUF_POOL_base",
          "segments": "memp_memory_TCP_SEG_base", "heap": "ram_heap"}


def sizes(archive, nm):
    """{name: bytes} of the variables of sizes.c."""
    run = subprocess.run([nm, "--print-size", archive], check=True, text=True,
                         capture_output=True)
    found = {words[3]: int(words[1], 16) for words in
             map(str.split, run.stdout.splitlines()) if len(words) == 4}
    missing = set(SIZES) - set(found)
    if missing:
        raise ram_table.Wrong(f"not in {archive}: {sorted(missing)}")
    return found


def variable(text, name):
    """Bytes of a variable, which has a section of its own."""
    found = [size for _, section, _, size, _ in sections(text)[1]
             if section == f".bss.{name}"]
    if len(found) != 1 or not found[0]:
        raise ram_table.Wrong(f"{name} is not where it was")
    return found[0]


def costs(text, found):
    """{what there is one more of: {part: bytes}}."""
    sessions = found["count_sessions"]
    return {
        "session": {
            "struct mx_session": found["size_session"],
            "tcp_pcb": variable(text, "memp_memory_TCP_PCB_base")
            // found["count_pcbs"],
            **{f"1/{sessions} of lwIP's {what}":
               variable(text, name) // sessions
               for what, name in SHARED.items()}},
        "TLS session": {
            "struct mx_tls": found["size_tls"],
            f"1/{found['count_tls_sessions']} of the arena":
                count(text)[ARENA[0]][1] // found["count_tls_sessions"]}}


def cost_table(one_more):
    return ["| one more | RAM | |", "|---|---:|---|",
            *(f"| {what} | {sum(parts.values()):,} | "
              + ", ".join(f"{part} {size:,}" for part, size in parts.items())
              + " |" for what, parts in one_more.items())]


def over_budget(board, one_more):
    """What costs more than it may, in words."""
    return budgets.over(budgets.read(board), {
        what.replace(" ", "_").lower() + "_bytes": sum(parts.values())
        for what, parts in one_more.items()})


def main(argv):
    if len(argv) != 7 or argv[1] not in ("--check", "--write", "--print"):
        sys.exit(__doc__)
    readme, board, text = pathlib.Path(argv[2]), argv[3], \
        pathlib.Path(argv[4]).read_text()
    marks = f"<!-- {board}:begin -->", f"<!-- {board}:end -->"
    try:
        one_more = costs(text, sizes(argv[5], argv[6]))
        lines = table(text) + [""] + cost_table(one_more)
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
        return 0
    over = over_budget(board, one_more)
    print(*over, sep="\n", file=sys.stderr)
    if old != new:
        print(f"README.md's table of {board} is not this image's. Build the "
              f"target readme_{board}, which writes:", *lines, sep="\n",
              file=sys.stderr)
    return 1 if over or old != new else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
