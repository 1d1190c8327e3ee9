# SPDX-License-Identifier: BSD-3-Clause
"""ram_table.py on a small program made for it.

    ram_table_test.py CC AR
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import ram_table

AR = sys.argv.pop() if len(sys.argv) > 2 else "ar"
CC = sys.argv.pop() if len(sys.argv) > 1 else "cc"

SIZES = {"sessions": 2, "session": 100, "engine": 60, "connection": 20,
         "tls_sessions": 1, "tls": 50, "server": 300, "arena": 4096,
         "pbufs": 4}

PARTS = {
    "lwip": "char memp_memory_PBUF_POOL_base[400]; char ram_heap[1000];"
            "char memp_memory_TCP_PCB_base[64]; static char state[8] = {1};"
            "char *lwip(void) { return state; }",
    "mbedtls": "static char state[8] = {1}; static char gone[16];"
               "char *mbedtls(void) { return state; }",
    "tls": "static char arena[4096]; char *tls(void) { return arena; }",
    "firmware": "static char line[40]; char *firmware(void) { return line; }"
                "const char *const flash[] = {\"a\", \"b\"};",
}
MAIN = ("char *lwip(void); char *mbedtls(void); char *tls(void);"
        "char *firmware(void); extern const char *const flash[];"
        "static char app[300], own[7], more[400];"
        "int main(int n, char **v) { (void)v; app[n] = own[n] = more[n] = *flash[n];"
        "return *lwip() + *mbedtls() + *tls() + *firmware(); }")

TABLE = """\
| what | bytes | |
|---|---:|---|
| sessions | 200 | 2 × 100, of which engine 60, connection 20 |
| TLS sessions | 50 | 1 × 50 |
| server, beside these | 50 | |
| mbedTLS's arena | 4,096 | all that mbedTLS allocates: sessions, identity |
| mbedTLS, beside the arena | 8 | |
| lwIP: received packets | 400 | 4 × 100 |
| lwIP: other pools | 64 | |
| lwIP: heap | 1,000 | what is in flight to peers |
| lwIP, beside these | 8 | |
| firmware, beside these | 40 | the log line, refusals |
| port and program | 407 | a PC's: frame ring, Maildir |
| **all** | **6,323** | |
"""


class RamTable(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.dir = pathlib.Path(tmp.name)
        self.readme = self.dir / "README.md"
        self.readme.write_text("a\n<!-- ram:begin -->\nold\n<!-- ram:end -->\n"
                               "z\n", encoding="utf-8")

    def compile(self, name, text):
        source, out = self.dir / f"{name}.c", self.dir / f"{name}.o"
        source.write_text(text, encoding="utf-8")
        subprocess.run([CC, "-O0", "-ffunction-sections", "-fdata-sections",
                        "-c", source, "-o", out], check=True)
        return out

    def build(self, **changes):
        files = []
        for name, text in {**PARTS, **changes}.items():
            if name == "main":
                continue
            archive = self.dir / f"lib{name}.a"
            archive.unlink(missing_ok=True)
            subprocess.run([AR, "rc", archive, self.compile(name, text)],
                           check=True)
            files.append((name, str(archive)))
        main = self.compile("main", changes.get("main", MAIN))
        program = self.dir / "sim"
        subprocess.run([CC, "-Wl,--gc-sections", "-o", program, main,
                        *[path for _, path in files],
                        *[path for _, path in files]], check=True)
        return str(program), files + [("port", str(main))]

    def call(self, mode, program, files):
        sizes = self.dir / "sizes"
        sizes.write_text("#!/bin/sh\ncat <<E\n" + "".join(
            f"{k} {v}\n" for k, v in SIZES.items()) + "E\n", encoding="utf-8")
        sizes.chmod(0o755)
        return ram_table.main(["", mode, str(self.readme), program, str(sizes),
                               *[f"{k}={v}" for k, v in files]])

    def keep(self):
        """Everything of lwip.c is referenced, so that it is linked."""
        return PARTS["lwip"].replace(
            "return state", "return state + ram_heap[0] + memp_memory_PBUF_POOL"
            "_base[0] + memp_memory_TCP_PCB_base[0]")

    def test_write_then_check(self):
        program, files = self.build(lwip=self.keep())
        self.assertEqual(self.call("--check", program, files), 1)
        self.assertEqual(self.call("--write", program, files), 0)
        self.assertEqual(self.readme.read_text(encoding="utf-8"),
                         "a\n<!-- ram:begin -->\n" + TABLE +
                         "<!-- ram:end -->\nz\n")
        self.assertEqual(self.call("--check", program, files), 0)

    def test_one_byte_more_is_seen(self):
        program, files = self.build(lwip=self.keep())
        self.assertEqual(self.call("--write", program, files), 0)
        program, files = self.build(lwip=self.keep(), firmware=PARTS[
            "firmware"].replace("[40]", "[41]"))
        self.assertEqual(self.call("--check", program, files), 1)

    def test_server_not_static(self):
        for size in ("[299]", "[301]"):
            program, files = self.build(lwip=self.keep(),
                                        main=MAIN.replace("[300]", size))
            with self.assertRaises(ram_table.Wrong):
                ram_table.table(program, SIZES, files)

    def test_pool_missing(self):
        program, files = self.build()
        with self.assertRaises(ram_table.Wrong):
            ram_table.table(program, SIZES, files)

    def test_whose_is_it(self):
        program, files = self.build(
            lwip=self.keep(),
            mbedtls=PARTS["mbedtls"] + "static char line[40];"
            "char *more(void) { return line; }")
        with self.assertRaises(ram_table.Wrong):
            ram_table.attribute(program, files)

    def test_marks(self):
        for text in ("", ram_table.BEGIN, ram_table.END,
                     ram_table.END + ram_table.BEGIN,
                     2 * (ram_table.BEGIN + ram_table.END)):
            with self.assertRaises(ram_table.Wrong):
                ram_table.replace(text, [])


if __name__ == "__main__":
    unittest.main()
