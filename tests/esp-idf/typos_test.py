# SPDX-License-Identifier: BSD-3-Clause
"""Can the declarations find anything? Each name of ESP-IDF that one of our files
uses is mistyped there, once, and that must not compile.

    typos_test.py DECLARATIONS FILE... -- CC OPTION...
"""
import pathlib
import re
import subprocess
import sys

NAME = re.compile(r"\b[A-Za-z_]\w*\b")
OURS = {"NULL", "bool", "true", "false", "if", "for", "return", "static"}


def names(folder):
    """What the declarations declare: functions, types, constants, fields."""
    found = set()
    for header in pathlib.Path(folder).rglob("*.h"):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.S)
        text = re.sub(r'^\s*#\s*(include|ifndef|endif|if).*$', "", text,
                      flags=re.M)
        found |= set(NAME.findall(text))
    return {name for name in found - OURS if len(name) > 4 and
            re.match(r"(esp|ESP|nvs|NVS|uart|usb|heap|MALLOC|x|v|ux|pd|port"
                     r"|TCPIP|LOCK|UNLOCK|NETIF|dhcp|mbedtls|bootloader)",
                     name)}


def code(text):
    """Comments and includes as blanks of the same length."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    text = re.sub(r"/\*.*?\*/", blank, text, flags=re.S)
    return re.sub(r'^#include.*$|"[^"\n]*"', blank, text, flags=re.M)


def errors(command, text):
    """What the compiler has against it; "": nothing."""
    done = subprocess.run([*command, "-fsyntax-only", "-x", "c", "-"],
                          input=text, text=True, capture_output=True)
    return done.stderr if done.returncode else ""


def may_be_mistyped(command, text, found):
    """Not where the build leaves it out: not even an @ is seen there."""
    typo = text[:found.end()] + "x" + text[found.end():]
    absurd = text[:found.start()] + "@" + text[found.start():]
    return not errors(command, typo) and bool(errors(command, absurd))


def main():
    split = sys.argv.index("--")
    folder, *files = sys.argv[1:split]
    compiler = sys.argv[split + 1:]
    declared = names(folder)
    tried = missed = 0
    for name in files:
        text = pathlib.Path(name).read_text()
        command = [*compiler, "-iquote", str(pathlib.Path(name).parent)]
        why = errors(command, text)
        if why:
            sys.exit(f"{name} does not compile:\n{why}")
        used = {m.group(): m for m in NAME.finditer(code(text))
                if m.group() in declared}
        for found in used.values():
            tried += 1
            if may_be_mistyped(command, text, found):
                print(f"{name}: {found.group()} may be mistyped")
                missed += 1
    print(f"{tried} typos, {missed} not found")
    sys.exit(1 if missed or tried < 40 else 0)


main()
