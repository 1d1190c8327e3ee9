# SPDX-License-Identifier: BSD-3-Clause
"""What the core and the port of ESP-IDF take when they are compiled for an
ESP32-C3's instructions, and of whom they ask what they do not have.

    rv32imc.py --check|--write|--print README ROOT ARCHIVES TOOLS

ARCHIVES (tests/rv32imc/CMakeLists.txt) names the libraries, "part file" a line;
ROOT is the sources', for the headers that say what a platform supplies; TOOLS is
how the compiler's nm and size begin: riscv64-unknown-elf-. The table stands in
README between <!-- rv32imc:begin --> and <!-- rv32imc:end -->; --check also holds
it to budgets/rv32imc.txt and the symbols to what is here.
"""
import pathlib
import re
import subprocess
import sys

import ram_table

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "boards"))
import budgets  # noqa: E402

MARKS = "<!-- rv32imc:begin -->", "<!-- rv32imc:end -->"

# ESP-IDF has its own of these; here they only tell what there is to ask for.
THEIRS = ("lwip", "mbedtls")
SIZES = "rv32imc_sizes"
# In their place: heap.c, and ESP-IDF's port of mbedTLS.
REPLACED = {"arena.c.obj", "platform.c.obj"}

# Who else is asked: esp_*.c for what these headers declare, lwIP's threads, which
# are not compiled here, and the compiler's libraries.
HEADERS = {"port/esp-idf/os.h": r"\b(os_\w+)\(",
           "port/esp-idf/include/tinymx/idf.h": r"\b(mx_idf_\w+)\(",
           "include/tinymx/port.h": r"\b(mx_port_\w+)\("}
LWIP_SYS = {"sys_thread_new", "sys_sem_new", "sys_sem_free", "sys_sem_signal",
            "sys_arch_sem_wait", "sys_mutex_new", "sys_mutex_free",
            "sys_mutex_lock", "sys_mutex_unlock", "sys_now", "lock_tcpip_core",
            "tcpip_callback", "tcpip_try_callback", "sys_arch_protect",
            "sys_arch_unprotect"}
LIBC = {"memchr", "memcmp", "memcpy", "memmove", "memset", "strchr", "strcmp",
        "strcspn", "strlen", "strncmp", "strncpy", "strrchr", "strspn"}
LIBGCC = {"__divdi3", "__lshrdi3", "__moddi3", "__udivdi3", "__umoddi3"}

STRUCTS = {"size_server": "struct mx_server, once",
           "size_session": "struct mx_session, CONFIG_TINYMX_SESSIONS times",
           "size_tls": "struct mx_tls, CONFIG_TINYMX_TLS_SESSIONS times",
           "size_spool_msg":
               "struct mx_spool_msg, CONFIG_TINYMX_SPOOL_OPEN times"}


def archives(text):
    """{part: path}"""
    return dict(line.split(maxsplit=1) for line in text.splitlines() if line)


def members(text):
    """[(member, [words of a line, ...])] of what nm says of an archive."""
    found = []
    for line in text.splitlines():
        if line.endswith(":") and " " not in line:
            found.append((line[:-1], []))
        elif line and found:
            found[-1][1].append(line.split())
    return found


def symbols(text, left_out=()):
    """What is defined for others, and what is asked for, by an archive."""
    defined, wanted = set(), set()
    for member, lines in members(text):
        if member in left_out:
            continue
        for *_, kind, name in lines:
            if kind == "U":
                wanted.add(name)
            elif kind.isupper():
                defined.add(name)
    return defined, wanted


def asked(ours, theirs, supplied):
    """{symbol} that nobody supplies, of {part: what nm says}."""
    defined, wanted = set(), set()
    for text in ours.values():
        has, wants = symbols(text, REPLACED)
        defined |= has
        wanted |= wants
    for text in theirs.values():
        defined |= symbols(text)[0]
    return wanted - defined - supplied


def count(text):
    """[text, data, bss] of what size says of an archive's members."""
    sums = [0, 0, 0]
    for line in text.splitlines()[1:]:
        words = line.split()
        if words[5] not in REPLACED:
            sums = [a + int(b) for a, b in zip(sums, words)]
    return sums


def struct_sizes(text):
    """{name: bytes} of the variables of tests/rv32imc/sizes.c."""
    found = {words[3]: int(words[1], 16)
             for _, lines in members(text) for words in lines
             if len(words) == 4}
    missing = set(STRUCTS) - set(found)
    if missing:
        raise ram_table.Wrong(f"not in sizes.c: {sorted(missing)}")
    return found


def table(parts, structs):
    total = [sum(sums) for sums in zip(*parts.values())]
    name = {"esp_idf": "port/esp-idf"}
    return ["| part | code and constants | data | zeroed data |",
            "|---|---:|---:|---:|",
            *(f"| {name.get(part, part)} | {sums[0]:,} | {sums[1]:,} | "
              f"{sums[2]:,} |" for part, sums in parts.items()),
            f"| **all** | **{total[0]:,}** | **{total[1]:,}** | "
            f"**{total[2]:,}** |", "",
            "| RAM | bytes |", "|---|---:|",
            *(f"| {what} | {structs[name]:,} |"
              for name, what in STRUCTS.items())]


def measured(parts, structs):
    """What there is a budget of."""
    return {"text": sum(sums[0] for sums in parts.values()),
            "data": sum(sums[1] + sums[2] for sums in parts.values()),
            **{f"{name[5:]}_bytes": structs[name] for name in STRUCTS}}


def supplied(root):
    found = LWIP_SYS | LIBC | LIBGCC
    for path, pattern in HEADERS.items():
        found |= set(re.findall(pattern, (root / path).read_text()))
    return found


def main(argv):
    if len(argv) != 6 or argv[1] not in ("--check", "--write", "--print"):
        sys.exit(__doc__)
    readme, root = pathlib.Path(argv[2]), pathlib.Path(argv[3])

    def tool(name, *args):
        return subprocess.run([argv[5] + name, *args], check=True, text=True,
                              capture_output=True).stdout

    files = archives(pathlib.Path(argv[4]).read_text())
    sizes = files.pop(SIZES)
    theirs = {part: tool("nm", files.pop(part)) for part in THEIRS}
    parts = {part: count(tool("size", file)) for part, file in files.items()}
    try:
        structs = struct_sizes(tool("nm", "--print-size", sizes))
        lines = table(parts, structs)
        if argv[1] == "--print":
            print("\n".join(lines))
            return 0
        old = readme.read_text(encoding="utf-8")
        new = ram_table.replace(old, lines, *MARKS)
    except ram_table.Wrong as why:
        print(why, file=sys.stderr)
        return 1
    if argv[1] == "--write":
        readme.write_text(new, encoding="utf-8")
        return 0
    print(*lines, sep="\n")
    wrong = budgets.over(budgets.read("rv32imc"), measured(parts, structs))
    wrong += [f"{name}: nobody supplies it" for name in sorted(asked(
        {part: tool("nm", file) for part, file in files.items()}, theirs,
        supplied(root)))]
    if old != new:
        wrong.append("README.md's table of rv32imc is not this build's. Build "
                     "the target readme_rv32imc, which writes it")
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
