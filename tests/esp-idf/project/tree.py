# SPDX-License-Identifier: BSD-3-Clause
"""The files of ESP-IDF's component and projects, as the tests look at them."""
import os
import pathlib
import re
import subprocess

import kconfiglib

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROJECTS = ("boards/esp32", "examples/esp-idf")
FAKE = ROOT / "tests/esp-idf/project/fake"
OPTION = re.compile(r"\bCONFIG_([A-Z0-9_]+)\b")
SETTING = re.compile(r'^CONFIG_(\w+)=("(?:[^"\\]|\\.)*"|y|n|-?\d+)$')


def files(*folders, suffixes=(".c", ".h", ".txt", ".cmake")):
    """What is written by hand there."""
    return [path for folder in folders
            for path in sorted((ROOT / folder).rglob("*"))
            if path.is_file() and path.suffix in suffixes
            and "build" not in path.relative_to(ROOT).parts]


def options_in(text):
    return set(OPTION.findall(text))


def used(paths):
    """{option: a file that asks for it}."""
    return {option: path.relative_to(ROOT).as_posix()
            for path in paths
            for option in options_in(path.read_text(encoding="utf-8"))}


def sources(*projects):
    """All that is compiled or configured with an sdkconfig."""
    return files("port/esp-idf", "port/device", "firmware", *projects)


def fragments(project):
    """sdkconfig.defaults and what is put behind it: {name: {option: value}}."""
    found = {}
    for path in sorted((ROOT / project).glob("sdkconfig.*")):
        lines = path.read_text(encoding="utf-8").splitlines()
        settings = [line for line in lines
                    if line.strip() and not line.startswith("#")]
        matches = [SETTING.match(line) for line in settings]
        wrong = [line for line, match in zip(settings, matches) if not match]
        assert not wrong, (path.name, wrong)
        names = [match[1] for match in matches]
        assert len(set(names)) == len(names), (path.name, names)
        found[path.name] = {match[1]: match[2] for match in matches}
    return found


def kconfig(folder, *paths, chip=("SOC_WIFI_SUPPORTED",)):
    """Our Kconfig files in a tree of their own, on a chip that has `chip`."""
    top = folder / "Kconfig"
    top.write_text("".join(f"config {name}\n  def_bool y\n" for name in chip)
                   + "".join(f'source "{ROOT / path}"\n' for path in paths),
                   encoding="utf-8")
    tree = kconfiglib.Kconfig(str(top), warn_to_stderr=False)
    for name in chip:
        del tree.syms[name]
    return tree


def defined(tree):
    """Symbols that have a definition in it, by name."""
    return {name: symbol for name, symbol in tree.syms.items() if symbol.nodes}


def evaluate(project, *options):
    """What the project's CMake files say to ESP-IDF, with these options on:
    {(component or library, key): [values]}."""
    run = subprocess.run(
        ["cmake", *(f"-DCONFIG_{name}=y" for name in options), "-P",
         str(ROOT / project / "CMakeLists.txt")],
        env={**os.environ, "IDF_PATH": str(FAKE)}, capture_output=True,
        text=True, check=False)
    assert run.returncode == 0, run.stderr
    said = {}
    for line in run.stdout.splitlines():
        name, key, value = line.removeprefix("-- ").split(" ", 2)
        said.setdefault((name, key), []).append(value)
    return said
