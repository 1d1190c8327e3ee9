# SPDX-License-Identifier: BSD-3-Clause
"""rv32imc.py, on made-up words of nm and size.

    rv32imc_test.py
"""
import pathlib
import sys
import unittest

import ram_table
import rv32imc

ROOT = pathlib.Path(__file__).resolve().parents[2]

OURS = """
step.c.obj:
         U memcpy
         U mx_arena_calloc
         U tcp_write
00000000 T smtp_step
00000010 t helper
00000004 R verbs

arena.c.obj:
         U mmap
00000000 T mx_arena_calloc
00000000 T mx_arena_free
"""
HEAP = """
heap.c.obj:
         U os_calloc
00000000 T mx_arena_calloc
"""
LWIP = """
tcp_out.c.obj:
         U whatever_lwip_wants
00000000 T tcp_write
00000000 t tcp_static
"""
SIZE = """   text\t   data\t    bss\t    dec\t    hex\tfilename
    100\t      2\t     30\t    132\t     84\tstep.c.obj (ex x.a)
   1000\t   1000\t   1000\t   3000\t    bb8\tarena.c.obj (ex x.a)
     10\t      0\t      1\t     11\t      b\tline.c.obj (ex x.a)
"""
STRUCTS = "\nsizes.c.obj:\n" + "".join(
    f"00000000 000000{n:02x} B {name}\n"
    for n, name in enumerate(rv32imc.STRUCTS, 1))
SUPPLIED = {"memcpy", "os_calloc"}


class Asked(unittest.TestCase):
    def asked(self, ours=OURS, heap=HEAP, lwip=LWIP, supplied=SUPPLIED):
        return rv32imc.asked({"tls": ours, "esp_idf": heap}, {"lwip": lwip},
                             supplied)

    def test_everything_is_supplied(self):
        self.assertEqual(self.asked(), set())

    def test_libc(self):
        self.assertEqual(self.asked(supplied={"os_calloc"}), {"memcpy"})

    def test_lwip(self):
        self.assertEqual(self.asked(lwip=LWIP.replace("T tcp_w", "t tcp_w")),
                         {"tcp_write"})

    def test_what_is_replaced_does_not_count(self):
        self.assertEqual(self.asked(heap=""), {"mx_arena_calloc"})
        self.assertEqual(self.asked(ours=OURS.replace("arena.c", "pem.c")),
                         {"mmap"})

    def test_headers_are_read(self):
        found = rv32imc.supplied(ROOT)
        for name in ("os_heap_free", "os_calloc", "mx_port_wake",
                     "mx_port_fatal"):
            self.assertIn(name, found)
        self.assertNotIn("malloc", found)


class Figures(unittest.TestCase):
    def test_count(self):
        self.assertEqual(rv32imc.count(SIZE), [110, 2, 31])

    def test_table(self):
        structs = rv32imc.struct_sizes(STRUCTS)
        lines = rv32imc.table({"smtp": [1000, 2, 31], "esp_idf": [10, 0, 0]},
                              structs)
        self.assertEqual(lines[2:5], ["| smtp | 1,000 | 2 | 31 |",
                                      "| port/esp-idf | 10 | 0 | 0 |",
                                      "| **all** | **1,010** | **2** | "
                                      "**31** |"])
        self.assertEqual(lines[-1].rsplit("|", 2)[1].strip(),
                         str(len(rv32imc.STRUCTS)))

    def test_budget_has_every_figure(self):
        parts = {"smtp": [1, 2, 3], "tls": [10, 20, 30]}
        found = rv32imc.measured(parts, rv32imc.struct_sizes(STRUCTS))
        self.assertEqual((found["text"], found["data"]), (11, 55))
        self.assertEqual(set(found),
                         set(rv32imc.budgets.read("rv32imc")))

    def test_missing_struct(self):
        with self.assertRaises(ram_table.Wrong):
            rv32imc.struct_sizes(STRUCTS.replace("size_tls", "size_of_tls"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
