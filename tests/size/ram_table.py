# SPDX-License-Identifier: BSD-3-Clause
"""The README's RAM table, from the simulator that was linked.

    ram_table.py --check|--write|--print README SIM SIZES
                 COMPONENT=FILE... [COMPONENT=FILE...]

SIM is the program; SIZES prints limits and struct sizes (sizes.c); FILE is an
archive or object that SIM was linked from, COMPONENT what it counts as: lwip,
mbedtls, tls, firmware or port. Every variable of SIM's .data and .bss is found
again in one of them; what is in none is the C library's, and is not counted.

The table stands between <!-- ram:begin --> and <!-- ram:end -->.
"""
import collections
import pathlib
import re
import subprocess
import sys

BEGIN, END = "<!-- ram:begin -->", "<!-- ram:end -->"
COMPONENTS = ("lwip", "mbedtls", "tls", "firmware", "port")

# objdump -t: address, seven flags, section, tab, size, visibility, name.
SYMBOL = re.compile(r"^[0-9a-f]+ (.{7}) (\S+)\t([0-9a-f]+)\s+"
                    r"(?:\.hidden |\.protected )?(\S+)$")
RAM = (".data", ".bss", ".tdata", ".tbss")


class Wrong(Exception):
    """The binary is not what the table is about."""


def variables(path, of_program):
    """(name, size) of every variable, as often as it is there. In a program
    only those that are written to: .data.rel.ro is for the loader alone."""
    run = subprocess.run(["objdump", "-t", path], check=True, text=True,
                         capture_output=True)
    for line in run.stdout.splitlines():
        found = SYMBOL.match(line)
        if not found or found.group(1)[6] != "O":
            continue
        section, size = found.group(2), int(found.group(3), 16)
        if section in RAM if of_program else section != "*UND*":
            yield found.group(4), size


def attribute(program, files):
    """{component: [(name, size)]} for the program's variables. The same name
    and size in two components is settled only when the program has all of
    them; else nobody could say whose it is."""
    home = collections.defaultdict(collections.Counter)
    for component, path in files:
        for variable in variables(path, of_program=False):
            home[variable][component] += 1
    found = collections.defaultdict(list)
    linked = collections.Counter(variables(program, of_program=True))
    for variable, count in sorted(linked.items()):
        homes = home.get(variable)
        if homes is None:
            continue
        if len(homes) > 1 and sum(homes.values()) != count:
            raise Wrong(f"{variable[0]} ({variable[1]} bytes) may be of "
                        f"{' or '.join(sorted(homes))}")
        for component, copies in homes.items():
            here = count if len(homes) == 1 else copies
            found[component] += [variable] * here
    return found


def take(found, component, wanted):
    """Takes the variables that `wanted` likes out; the sum of their sizes."""
    mine = [v for v in found[component] if wanted(*v)]
    found[component] = [v for v in found[component] if not wanted(*v)]
    return sum(size for _, size in mine)


def rows(found, sizes):
    """(what, bytes, remark) of the table, and nothing counted twice."""
    server = sizes["server"]
    if take(found, "port", lambda _, size: size == server) != server:
        raise Wrong("not one variable of the program is a struct mx_server")
    arena = take(found, "tls", lambda _, size: size >= sizes["arena"])
    if not arena:
        raise Wrong("firmware/tls has no arena of MX_ARENA_SIZE")
    sessions = sizes["sessions"] * sizes["session"]
    tls = sizes["tls_sessions"] * sizes["tls"]
    pbufs = take(found, "lwip", lambda n, _: n == "memp_memory_PBUF_POOL_base")
    pools = take(found, "lwip", lambda n, _: n.startswith("memp_memory_"))
    heap = take(found, "lwip", lambda n, _: n == "ram_heap")
    if not (pbufs and pools and heap):
        raise Wrong("lwIP's pools or heap are not where they were")

    def rest(component):
        return take(found, component, lambda *_: True)

    yield ("sessions", sessions,
           f"{sizes['sessions']} × {sizes['session']}, of which engine "
           f"{sizes['engine']}, connection {sizes['connection']}")
    yield ("TLS sessions", tls, f"{sizes['tls_sessions']} × {sizes['tls']}")
    yield "server, beside these", server - sessions - tls, ""
    yield ("mbedTLS's arena", arena,
           "all that mbedTLS allocates: sessions, identity")
    yield "mbedTLS, beside the arena", rest("mbedtls") + rest("tls"), ""
    yield ("lwIP: received packets", pbufs,
           f"{sizes['pbufs']} × {pbufs // sizes['pbufs']}")
    yield "lwIP: other pools", pools, ""
    yield "lwIP: heap", heap, "what is in flight to peers"
    yield "lwIP, beside these", rest("lwip"), ""
    yield "firmware, beside these", rest("firmware"), "the log line, refusals"
    yield "port and program", rest("port"), "a PC's: frame ring, Maildir"


def table(program, sizes, files):
    """The lines between the marks."""
    found = attribute(program, files)
    body = list(rows(found, sizes))
    lines = ["| what | bytes | |", "|---|---:|---|"]
    lines += [f"| {what} | {size:,} | {remark} |".replace("|  |", "| |")
              for what, size, remark in body]
    total = sum(size for _, size, _ in body)
    return lines + [f"| **all** | **{total:,}** | |"]


def replace(text, lines, begin=BEGIN, end=END):
    """`text` with the lines between its marks."""
    if text.count(begin) != 1 or text.count(end) != 1 or \
            text.index(begin) > text.index(end):
        raise Wrong(f"README: {begin} and {end} must stand in it once each")
    head, tail = text.split(begin)[0], text.split(end)[1]
    return head + "\n".join([begin, *lines, end]) + tail


def main(argv):
    if len(argv) < 6 or argv[1] not in ("--check", "--write", "--print"):
        sys.exit(__doc__)
    readme, program = pathlib.Path(argv[2]), argv[3]
    run = subprocess.run([argv[4]], check=True, text=True, capture_output=True)
    sizes = {name: int(value) for name, value in
             (line.split() for line in run.stdout.splitlines())}
    files = [tuple(arg.split("=", 1)) for arg in argv[5:]]
    unknown = {name for name, _ in files} - set(COMPONENTS)
    if unknown:
        sys.exit(f"no such component: {unknown}")
    try:
        lines = table(program, sizes, files)
        if argv[1] == "--print":
            print("\n".join(lines))
            return 0
        old = readme.read_text(encoding="utf-8")
        new = replace(old, lines)
    except Wrong as why:
        print(why, file=sys.stderr)
        return 1
    if argv[1] == "--write":
        readme.write_text(new, encoding="utf-8")
        return 0
    if old != new:
        print("The RAM table of README.md is not this build's. Build the "
              "target readme_ram, which writes:", *lines, sep="\n",
              file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
