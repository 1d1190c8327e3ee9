#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Breaks drivers, one small change at a time, and looks whether a test minds.

    tests/stm32/mutate.py build/sim stm32_eth_f4 port/stm32/eth_v1_ring.c

A mutant is a copy of one file, compiled and linked as the test's own object
is; nothing in the tree changes. It is killed by a failure, a sanitizer, or by
taking too long. What survives is printed: a gap in the tests, or a change that
changes nothing (MUTANTS.md says which). Takes minutes; not part of CI.
"""
import argparse
import concurrent.futures
import dataclasses
import pathlib
import re
import resource
import shlex
import subprocess
import sys
import tempfile

# A statement that a call, an assignment or a step makes, over several lines
# also; what begins with one of these words is another.
STATEMENT = re.compile(r"(?<=[;{}])(\s*\n\s+)([^;{}]*?(?:\)|=[^=;{}][^;{}]*|"
                       r"\+\+|--));")
NOT_STATEMENT = re.compile(r"(?:return|if|for|while|switch|case|default|break|"
                           r"static|const|struct|enum|bool|unsigned|size_t|"
                           r"u?int\d+_t|#|_Static_assert|else|do)\b|#|\.")

# What is replaced, and by what: each match is a mutant.
SWAPS = [
    ("condition", r"\bif \(((?:[^;{}])*?)\) \{", r"if (!(\1)) {"),
    ("loop", r"\bwhile \(((?:[^;{}])*?)\) \{", r"while (!(\1)) {"),
    ("and", r" && ", " || "),
    ("or", r" \|\| ", " && "),
    ("equal", r" == ", " != "),
    ("unequal", r" != ", " == "),
    ("less", r" < ", " <= "),
    ("at most", r" <= ", " < "),
    ("more", r" > ", " >= "),
    ("at least", r" >= ", " > "),
    ("plus", r" \+ ", " - "),
    ("minus", r" - ", " + "),
    ("modulo", r" % ", " / "),
    ("not", r"(?<=[ (])!(?=[\w(])", ""),
    ("complement", r"~(?=[\w(])", ""),
    ("true", r"\btrue\b", "false"),
    ("false", r"\bfalse\b", "true"),
    ("number", r"(?<![\w.\"])(\d+)(u?l?)\b(?!\.)", None),
    ("bit", r"\b[A-Z][A-Z0-9]+_\w+\s*\|\s*", ""),
    ("last bit", r"\s*\|\s*[A-Z][A-Z0-9]+_\w+(?=[;,) }\n])", ""),
    ("add", r" \+= ", " = "),
]


@dataclasses.dataclass
class Mutant:
    source: pathlib.Path
    line: int
    rule: str
    was: str
    text: str

    def __str__(self):
        return f"{self.source}:{self.line}: {self.rule}: {self.was}"


def blank(text):
    """What is not to be changed as blanks: places stay."""
    token = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'
                       r"^#(?!define)(?:\\\n|[^\n])*|_Static_assert[^;]*|"
                       r"sizeof (\w+) / sizeof \1\[0\]", re.S | re.M)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def one_more(match):
    return str(int(match.group(1)) + 1) + match.group(2)


def mutants(source):
    text = source.read_text()
    code = blank(text)

    def make(rule, start, end, new):
        was = " ".join(text[start:end].split()) or text[start:end]
        around = text[:start].rpartition("\n")[2].strip() + " "
        shown = f"{around if len(was) < 8 else ''}[{was}]"
        shown += f" -> [{' '.join(new.split())}]" if new.strip() else " dropped"
        return Mutant(source, text.count("\n", 0, start) + 1, rule, shown,
                      text[:start] + new + text[end:])

    for match in STATEMENT.finditer(code):
        if not NOT_STATEMENT.match(match.group(2)):
            yield make("statement", match.start(2), match.end(), ";")
    for rule, pattern, new in SWAPS:
        for match in re.finditer(pattern, code):
            with_ = one_more(match) if new is None else match.expand(new)
            yield make(rule, match.start(), match.end(), with_)


class Program:
    """How the build makes a test, from its own mouth."""

    def __init__(self, build, target):
        self.build = build
        path = self.run(["ninja", "-t", "query", f"tests/stm32/{target}"])
        if path.returncode:
            sys.exit(path.stderr)
        made = self.run(["ninja", "-t", "commands", f"tests/stm32/{target}"])
        self.commands = made.stdout.splitlines()
        self.link = shlex.split(self.commands[-1].removeprefix(": && ")
                                .removesuffix(" && :"))
        self.objects = {arg for arg in self.link if arg.endswith(".o")}

    def run(self, command, **more):
        return subprocess.run(command, cwd=self.build, text=True,
                              capture_output=True, **more)

    def compiler(self, source):
        """The command for this source, and its object's name."""
        for line in self.commands:
            words = shlex.split(line)
            if words[-1] == str(source) and "-o" in words:
                name = words[words.index("-o") + 1]
                if name in self.objects:
                    return words, name
        sys.exit(f"{source} is not a part of the test")

    def make(self, mutant, folder):
        """The mutant's program, or None: the compiler killed it."""
        words, name = self.compiler(mutant.source)
        copy = folder / mutant.source.name
        copy.write_text(mutant.text)
        made = folder / "mutant.o"
        compile_ = [made if w == name else w for w in words[:-1]]
        compile_ += [f"-iquote{mutant.source.parent}", copy]
        if self.run(compile_).returncode:
            return None
        program = folder / "program"
        link = [made if w == name else w for w in self.link]
        link[link.index("-o") + 1] = program
        done = self.run(link)
        if done.returncode:
            sys.exit(done.stderr)
        return program


def survives(program, cpu_s):
    """Runs until something fails, which cmocka says at once on stderr."""
    with subprocess.Popen(["prlimit", f"--cpu={cpu_s}", program],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, errors="replace") as run:
        for line in run.stderr:
            if "ERROR" in line:
                run.kill()
        run.wait()
    return run.returncode == 0


def needed_s():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def usual(program):
    """Twice what it needs, and some, in seconds of a processor."""
    before = needed_s()
    if not survives(program, 600):
        sys.exit(f"{program} fails as it is")
    return int(2 * (needed_s() - before)) + 2


def judge(program, mutant, cpu_s):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        made = program.make(mutant, folder)
        if made is None:
            return "not C"
        return "survived" if survives(made, cpu_s) else "killed"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("test", help="a target: stm32_eth_f4")
    parser.add_argument("driver", type=pathlib.Path, nargs="+")
    parser.add_argument("-j", type=int, default=2, help="at once")
    parser.add_argument("--rules", type=lambda text: text.split(","),
                        help="these only: statement,condition,number")
    parser.add_argument("--list", action="store_true", help="run nothing")
    args = parser.parse_args()

    todo = [m for path in args.driver for m in mutants(path.resolve())
            if args.rules is None or m.rule in args.rules]
    if args.list:
        print(*todo, sep="\n")
        return
    program = Program(args.build.resolve(), args.test)
    subprocess.run(["ninja", args.test], cwd=program.build, check=True,
                   stdout=subprocess.DEVNULL)
    count = {"killed": 0, "survived": 0, "not C": 0}
    cpu_s = usual(program.build / "tests/stm32" / args.test)
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        fates = {pool.submit(judge, program, m, cpu_s): m for m in todo}
        for fate in concurrent.futures.as_completed(fates):
            count[fate.result()] += 1
            if fate.result() == "survived":
                print(fates[fate], flush=True)
    print(", ".join(f"{n} {fate}" for fate, n in count.items()))


if __name__ == "__main__":
    main()
