# SPDX-License-Identifier: BSD-3-Clause
"""The rules of the house, one function each.

A rule is a generator: it gets a Source and yields (line, text) for every place
that breaks it. RULES at the end names them. A file counts by its path below
the repository's root, so rules can be tried on files that do not exist.
"""
import pathlib
import re

LIBC = {"stdbool.h", "stddef.h", "stdint.h", "string.h"}

# What single parts need beside: alignment and poisoned blocks of the arena.
MORE = {"firmware/tls": {"stdalign.h", "sanitizer/asan_interface.h"}}

# boards -> port -> firmware -> include. An arrow may skip a level, never turn.
LEVEL = {"include": 0, "firmware": 1, "port": 2, "boards": 3}

# Inside firmware: which parts a part may include.
PARTS = {
    "util": {"util"},
    "smtp": {"smtp", "util"},
    "pop3": {"pop3", "util"},
    "tls": {"tls", "util"},
    "dns": {"dns", "util"},
    "net": {"dns", "net", "util"},
    "doctor": {"dns", "doctor", "net", "util"},
    "store": {"store", "util"},
    "identity": {"identity", "tls", "util"},
    "console": {"console", "net", "util"},
    "settings": {"settings", "util"},
    "server": {"server", "net", "pop3", "smtp", "store", "tls", "util"},
}

FUNCTION_MAX = 60
FILE_MAX = 450


def strip(text):
    """Comments and the insides of literals as blanks; lines stay lines."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"'
                       r"|'(?:\\.|[^'\\\n])*'", re.S)

    def blank(match):
        found = match.group()
        body = re.sub(r"[^\n]", " ", found)
        return body if found[0] == "/" else found[0] + body[1:-1] + found[0]

    return token.sub(blank, text)


class Source:
    """A file: path, raw lines, lines without comments and literals."""

    def __init__(self, path, text, tree=()):
        self.path = path
        self.tree = tree
        self.text = text
        self.lines = text.splitlines()
        self.code = strip(text).splitlines()
        parts = path.split("/")
        self.top = parts[0]
        self.part = parts[1] if len(parts) > 2 else ""
        self.is_c = path.endswith((".c", ".h"))

    def includes(self):
        """(line, name, quoted) of every include, conditional or not."""
        for n, code in enumerate(self.code, 1):
            if re.match(r"\s*#\s*include\b", code):
                found = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]',
                                 self.lines[n - 1])
                name = found.group(2) if found else None
                yield n, name, bool(found) and found.group(1) == '"'

    def functions(self):
        """(first, last) line of every body, by our form: both braces alone in
        the first column. form() makes sure that there is no other."""
        first = None
        for n, code in enumerate(self.code, 1):
            if code.rstrip() == "{":
                first = n
            elif code.rstrip() == "}" and first:
                yield first, n
                first = None

    def resolve(self, name):
        """The file of ours that an include means, or None."""
        here = self.path.rpartition("/")[0]
        roots = [here, "include", "firmware"]
        roots += sorted({folder.as_posix() for p in self.tree
                         if p.startswith(("port/", "boards/"))
                         for folder in pathlib.PurePosixPath(p).parents})
        for root in roots:
            path = f"{root}/{name}"
            while "/../" in path:
                path = re.sub(r"[^/]+/\.\./", "", path, count=1)
            if path in self.tree:
                return path
        return None


def is_mbedtls(name):
    return name.startswith(("mbedtls/", "psa/"))


def is_lwip(name):
    return name.startswith(("lwip/", "netif/"))


def direction(src):
    """boards -> port -> firmware -> include; inside firmware, see PARTS."""
    for n, name, quoted in src.includes():
        target = src.resolve(name) if name and quoted else None
        if target is None or src.top not in LEVEL:
            continue
        top, part = target.split("/")[0], target.split("/")[1]
        if top not in LEVEL:
            yield n, f"{src.top}/ includes {target}"
        elif LEVEL[top] > LEVEL[src.top]:
            yield n, f"{src.top}/ includes {target}: the arrow turns back"
        elif src.top == top == "firmware" and \
                part not in PARTS.get(src.part, set()):
            yield n, f"firmware/{src.part} includes {target}"


def known_include(src):
    """What the core and its surface include is libc's four headers, a file of
    ours, or third-party where that is allowed. Computed: config.h alone."""
    if src.top not in ("include", "firmware"):
        return
    allowed = LIBC | MORE.get(f"{src.top}/{src.part}", set())
    for n, name, quoted in src.includes():
        if name is None:
            if src.path != "include/tinymx/config.h":
                yield n, "computed include"
        elif is_lwip(name) or is_mbedtls(name):
            continue
        elif not quoted and name not in allowed:
            yield n, f"<{name}> is not among {', '.join(sorted(allowed))}"
        elif quoted and src.resolve(name) is None:
            yield n, f'"{name}" is no file of ours'


# Who tells mbedTLS of its memory, where that is ESP-IDF's.
MBEDTLS = ("firmware/tls/", "port/config/", "port/esp-idf/esp_heap.c")


def mbedtls(src):
    """mbedTLS is named in firmware/tls and port/config only."""
    if src.top not in LEVEL or src.path.startswith(MBEDTLS):
        return
    for n, name, _ in src.includes():
        if name and is_mbedtls(name):
            yield n, f"{name} outside firmware/tls"


# Who knows ESP-IDF; the header makes limits of what menuconfig says.
ESP_IDF = ("port/esp-idf/esp_", "port/esp-idf/include/mx_idf_config.h",
           "boards/esp32/main/")


def esp_idf(src):
    """ESP-IDF is behind os.h: its headers are for esp_*.c and the app."""
    if src.top not in LEVEL or src.path.startswith(ESP_IDF):
        return
    for n, name, quoted in src.includes():
        if name and src.resolve(name) is None and re.match(
                r"esp_|nvs|freertos/|driver/|bootloader_|sdkconfig", name):
            yield n, f"{name} outside port/esp-idf/esp_*.c"


def lwip(src):
    """lwIP's headers are for firmware/net, port/ and boards/."""
    if src.top not in ("include", "firmware") or \
            src.path.startswith("firmware/net/"):
        return
    for n, name, _ in src.includes():
        if name and is_lwip(name):
            yield n, f"{name} outside firmware/net and port/"


def lwip_tcp(src):
    """tcp_pcb is named in firmware/net only, pbuf there and in a port's frame
    driver. The public header may declare both and hold pointers."""
    if src.top not in LEVEL or src.path.startswith("firmware/net/"):
        return
    names = r"\btcp_pcb\b" if src.top == "port" else r"\b(tcp_pcb|pbuf)\b"
    opaque = r"\bstruct (tcp_pcb|pbuf)(;| \*)"
    for n, code in enumerate(src.code, 1):
        if src.path == "include/tinymx/server.h":
            code = re.sub(opaque, "", code)
        found = re.search(names, code)
        if found:
            yield n, f"{found.group()} outside firmware/net"


def no_heap(src):
    """No heap and no stdio in the core; mbedTLS's arena is in firmware/tls."""
    if src.top != "firmware" or src.part == "tls":
        return
    call = re.compile(r"(?<![\w.>])(malloc|calloc|realloc|free|alloca|puts"
                      r"|[fsv]?n?printf|vs?n?printf|vfprintf)\s*\(")
    for n, code in enumerate(src.code, 1):
        found = call.search(code)
        if found:
            yield n, f"{found.group(1)}()"


def spdx(src):
    """The licence, in one of the first three lines."""
    if not any("SPDX-License-Identifier: BSD-3-Clause" in line
               for line in src.lines[:3]):
        yield 1, "no SPDX line"


def form(src):
    """A function's braces stand alone in the first column, so that the two
    rules below see every function."""
    if not src.is_c:
        return
    depth = 0
    for n, code in enumerate(src.code, 1):
        if depth == 0 and re.match(r"\w.*\)\s*\{", code):
            yield n, "the brace of a function goes on its own line"
        if code.startswith("#"):
            continue
        depth += code.count("{") - code.count("}")
        if depth < 0 or (depth > 0 and code.rstrip() == "}"):
            yield n, "braces do not pair"
            return
    if depth:
        yield len(src.lines), "braces do not pair"


def short_function(src):
    """No function over FUNCTION_MAX lines, its name's line counted."""
    if not src.is_c or src.top not in ("firmware", "port", "boards"):
        return
    for first, last in src.functions():
        if last - first + 2 > FUNCTION_MAX:
            yield first, f"{last - first + 2} lines, {FUNCTION_MAX} at most"


def short_file(src):
    """No file of C over FILE_MAX lines. A test is a list of cases, not a thing
    to hold in the head as a whole, so it may be longer."""
    if src.is_c and src.top in LEVEL and len(src.lines) > FILE_MAX:
        yield FILE_MAX, f"{len(src.lines)} lines, {FILE_MAX} at most"


def no_if_in_function(src):
    """A feature is a file, a table row or a field, not an #if in a body."""
    if src.top != "firmware" or not src.is_c:
        return
    for first, last in src.functions():
        for n in range(first, last):
            if re.match(r"\s*#\s*(if|ifdef|ifndef|elif|else)\b",
                        src.code[n - 1]):
                yield n, src.code[n - 1].strip()


RULES = {rule.__name__: rule for rule in (
    direction, known_include, mbedtls, esp_idf, lwip, lwip_tcp, no_heap, spdx,
    form, short_function, short_file, no_if_in_function)}


def check(files):
    """files: {path: text}. All findings, as (path, line, rule, text)."""
    tree = set(files)
    for path in sorted(files):
        src = Source(path, files[path], tree)
        for name, rule in RULES.items():
            for line, text in rule(src):
                yield path, line, name, text
