# SPDX-License-Identifier: BSD-3-Clause
"""boards/program on a chip that is a file: what it writes where, and what a cut
leaves of a configuration.

    program_test.py ROOT PROVISION BOARD IMAGE.elf
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "boards"))
import elf  # noqa: E402

BASE, KB = 0x08000000, 1024
SMALL_FIRST = [16] * 4 + [64] + [128] * 7
SECTORS = {"nucleo-f429zi": SMALL_FIRST * 2,
           "nucleo-f767zi": [32] * 4 + [128] + [256] * 7,
           "nucleo-h743zi2": [128] * 16}
TOOLS = ["st-flash", "openocd"]
NOISE = b"what was there before "
CONFIG = """mx = {}
domain = example.test
rcpt = *@example.test
"""


class Program(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.flash = self.folder / "flash"
        size = sum(SECTORS[board]) * KB
        self.noise = (NOISE * (size // len(NOISE) + 1))[:size]
        self.flash.write_bytes(self.noise)
        self.bin = self.folder / "bin"
        self.bin.mkdir()

    def with_tool(self, name):
        (self.bin / name).symlink_to(HERE / "programmer.py")

    def run_program(self, *words, cut=-1, path=None):
        return subprocess.run(
            [root / "boards" / "program", board, *words, "--image", image],
            capture_output=True, text=True, timeout=60, env={
                "PATH": path or f"{self.bin}:{os.environ['PATH']}",
                "FLASH": str(self.flash), "CUT": str(cut),
                "SECTORS": " ".join(map(str, SECTORS[board]))})

    def assert_done(self, run):
        self.assertEqual(run.returncode, 0, run.stderr)

    def conf(self, name):
        path = self.folder / f"{name}.conf"
        path.write_text(CONFIG.format(name))
        return path

    def area(self, name):
        """Place A or B, as it is in flash."""
        start, end = (symbols[f"config_{name}_{end}"] - BASE
                      for end in ("start", "end"))
        return self.flash.read_bytes()[start:end]

    def names(self):
        """The MX name in each place, or None if that is no configuration."""
        found = []
        for place in "ab":
            path = self.folder / f"{place}.bin"
            path.write_bytes(self.area(place))
            show = subprocess.run([provision, "--show", path],
                                  capture_output=True, text=True)
            found.append(next((line.split()[-1]
                               for line in show.stdout.splitlines()
                               if line.split()[:1] == ["mx"]), None)
                         if show.returncode == 0 else None)
        return found

    def newest(self):
        """The MX name that the device will have."""
        places = []
        for place in "ab":
            places += ["--after", self.folder / f"{place}.bin"]
        names = self.names()
        run = subprocess.run(
            [provision, self.conf("any.test"), "-o", self.folder / "any",
             *places], capture_output=True, text=True, check=True)
        if names == [None, None]:
            return None
        return names[0 if "write to: B" in run.stdout else 1]

    # --- the program --------------------------------------------------------

    def test_flash(self):
        for tool in TOOLS:
            with self.subTest(tool):
                self.setUp()
                self.with_tool(tool)
                self.assert_done(self.run_program("flash", "--tool", tool))
                after = self.flash.read_bytes()
                for load, data in elf.contents(image):
                    if load >= BASE and load < BASE + len(after):
                        at = load - BASE
                        self.assertEqual(after[at:at + len(data)], data)
                self.assert_kept(after)

    def assert_kept(self, after):
        """Configuration, and what is behind it: identity, mail."""
        begin = symbols["config_a_start"] - BASE
        end = symbols["config_b_end"] - BASE
        self.assertEqual(after[begin:end], self.noise[begin:end])
        if end < symbols["code_start"] - BASE:
            end = symbols["code_start"] - BASE + symbols["flash_size"]
        self.assertEqual(after[end:], self.noise[end:])

    # --- configurations -----------------------------------------------------

    def provision(self, name, tool, **more):
        return self.run_program("provision", self.conf(name), "--tool", tool,
                                **more)

    def test_places_take_turns(self):
        for tool in TOOLS:
            with self.subTest(tool):
                self.setUp()
                self.with_tool(tool)
                want = [None, None]
                for turn, name in enumerate(["one.test", "two.test",
                                             "three.test", "four.test"]):
                    self.assert_done(self.provision(name, tool))
                    want[turn % 2] = name
                    self.assertEqual(self.names(), want)
                    self.assertEqual(self.newest(), name)

    def test_cut(self):
        """In every operation of the programmer's: the old or the new one."""
        self.with_tool("st-flash")
        self.assert_done(self.provision("old.test", "st-flash"))
        before = self.flash.read_bytes()
        seen = set()
        for cut in range(100):
            self.flash.write_bytes(before)
            run = self.provision("new.test", "st-flash", cut=cut)
            seen.add(self.newest())
            if run.returncode == 0:
                break
            self.assertIn("is the board connected", run.stderr.lower())
            self.assertEqual(self.newest(), "old.test")
            self.assert_done(self.provision("again.test", "st-flash"))
            self.assertEqual(self.newest(), "again.test")
        self.assertGreater(cut, 1)
        self.assertEqual(seen, {"old.test", "new.test"})

    def test_bad_configuration(self):
        self.with_tool("st-flash")
        (self.folder / "bad.conf").write_text("mx = \n")
        run = self.run_program("provision", self.folder / "bad.conf")
        self.assertEqual(run.returncode, 1)
        self.assertIn("bad.conf:1", run.stderr)
        self.assertEqual(self.flash.read_bytes(), self.noise)

    # --- what goes wrong ----------------------------------------------------

    def test_no_tool(self):
        for command in ("sh dirname printf cat arm-none-eabi-nm awk mktemp rm"
                        .split()):
            where = subprocess.run(["sh", "-c", f"command -v {command}"],
                                   capture_output=True, text=True).stdout
            if where.startswith("/"):
                (self.bin / command).symlink_to(where.strip())
        run = self.run_program("flash", path=str(self.bin))
        self.assertEqual(run.returncode, 1)
        self.assertIn("stlink-tools", run.stderr)
        self.assertIn("openocd", run.stderr)

    def test_usage(self):
        for words in ([], ["fly"], ["provision"], ["flash", "--tool", "hammer"],
                      ["flash", "--speed"]):
            with self.subTest(words):
                self.assertEqual(self.run_program(*words).returncode, 2)
        self.assertEqual(self.run_program("provision", "no.conf").returncode, 1)


root, provision, board, image = sys.argv[1:]
root, image = pathlib.Path(root), pathlib.Path(image)
listed = subprocess.run(["arm-none-eabi-nm", image], check=True,
                        capture_output=True, text=True).stdout
symbols = {line.split()[-1]: int(line.split()[0], 16)
           for line in listed.splitlines() if len(line.split()) == 3}
unittest.main(argv=sys.argv[:1])
