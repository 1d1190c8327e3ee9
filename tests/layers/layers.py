# SPDX-License-Identifier: BSD-3-Clause
"""Holds the direction of includes and the form of the code.

    layers.py tree ROOT                     rules.py on every source file
    layers.py headers ROOT CC [-Idir...]    every public header compiles alone
    layers.py closure BUILD PART FORBIDDEN...
                                            what the files of firmware/PART
                                            include, and what that includes,
                                            is in no FORBIDDEN folder

Prints file:line: rule: text for every finding; the exit status says if there
was one.
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

import rules

TOPS = ("boards", "cmake", "examples", "firmware", "include", "port", "tests")
SUFFIXES = (".c", ".h", ".S", ".ld", ".cmake", ".py", ".sh")


def is_source(path):
    """By its name; a script may have none that tells."""
    if not path.is_file():
        return False
    if path.suffix in SUFFIXES or path.name == "CMakeLists.txt":
        return True
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def sources(root):
    """Source files of ours: {path below root: text}."""
    found = {}
    for top in ("CMakeLists.txt", "dev", *TOPS):
        for path in (root / top, *(root / top).rglob("*")):
            if is_source(path):
                found[path.relative_to(root).as_posix()] = path
    return {name: path.read_text(encoding="utf-8")
            for name, path in found.items()}


def tree(root):
    files = sources(pathlib.Path(root))
    # An empty walk must not pass for a clean one.
    core = [name for name in files if name.startswith("firmware/")]
    if not core:
        sys.exit(f"{root}: no firmware/ there")
    findings = list(rules.check(files))
    for path, line, rule, text in findings:
        print(f"{path}:{line}: {rule}: {text}")
    print(f"{len(files)} files, {len(rules.RULES)} rules, "
          f"{len(findings)} findings")
    return findings


def compile_alone(cc, header, flags):
    """The compiler's complaints about a file that is nothing but the header,
    twice, so that its guard is tried too."""
    with tempfile.TemporaryDirectory() as tmp:
        unit = pathlib.Path(tmp) / "alone.c"
        unit.write_text(f'#include "{header}"\n' * 2 + "typedef int unit;\n")
        run = subprocess.run(
            [cc, "-std=c11", "-pedantic", "-Wall", "-Wextra", "-Wundef",
             "-Wstrict-prototypes", "-Werror", "-fsyntax-only", *flags,
             str(unit)], capture_output=True, text=True, check=False)
    return run.stderr if run.returncode else ""


def headers(root, cc, *flags):
    folder = pathlib.Path(root) / "include"
    names = sorted(p.relative_to(folder).as_posix()
                   for p in folder.rglob("*.h"))
    if not names:
        sys.exit(f"{folder}: no headers")
    findings = []
    for name in names:
        complaints = compile_alone(cc, name, [f"-I{folder}", *flags])
        if complaints:
            findings.append(name)
            print(f"include/{name}: does not compile alone:\n{complaints}")
    print(f"{len(names)} headers, {len(findings)} findings")
    return findings


def dependencies(command, folder):
    """Every file that a translation unit reads: its own compile command, made
    to tell instead of to compile."""
    words = iter(shlex.split(command))
    told = []
    for word in words:
        if word in ("-o", "-MT", "-MF"):
            next(words)
        elif word not in ("-c", "-MD"):
            told.append(word)
    run = subprocess.run(told + ["-M"], cwd=folder, check=False,
                         capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{command}: {run.stderr}")
    names = run.stdout.replace("\\\n", " ").partition(":")[2].split()
    return [(pathlib.Path(folder) / name).resolve() for name in names]


def closure(build, part, *folders):
    forbidden = [pathlib.Path(name).resolve() for name in folders]
    if not forbidden or not all(folder.is_dir() for folder in forbidden):
        sys.exit("closure: no such folder")
    database = pathlib.Path(build) / "compile_commands.json"
    units = [entry for entry in json.loads(database.read_text())
             if f"/firmware/{part}/" in entry["file"]]
    if not units:
        sys.exit(f"closure: {database} has no file of firmware/{part}")
    findings = []
    for unit in units:
        for path in dependencies(unit["command"], unit["directory"]):
            if any(folder in path.parents for folder in forbidden):
                findings.append((unit["file"], path))
                print(f"{unit['file']}: reads {path}")
    print(f"{len(units)} files, {len(findings)} findings")
    return findings


def main(argv):
    commands = {"tree": tree, "headers": headers, "closure": closure}
    if len(argv) < 3 or argv[1] not in commands:
        sys.exit(__doc__)
    return 1 if commands[argv[1]](*argv[2:]) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
