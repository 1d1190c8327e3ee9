# SPDX-License-Identifier: BSD-3-Clause
"""board_table.py on a small map made for it.

    board_table_test.py CC NM
"""
import contextlib
import io
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import board_table

NM = sys.argv.pop() if len(sys.argv) > 2 else "nm"
CC = sys.argv.pop() if len(sys.argv) > 1 else "cc"

# As GNU ld writes it: names that are too long have a line of their own, equal
# strings were merged (.rodata.str1.4 of the second file is not there any more),
# and what nobody wanted is listed before.
MAP = """\
Discarded input sections

 .text.gone     0x00000000       0x99 libtinymx_smtp.a(smtp.c.obj)

Linker script and memory map

LOAD libtinymx_smtp.a

.text           0x00000000      0x100
 *(.vectors)
 .vectors       0x00000000       0x40 libtinymx_cortexm.a(start.c.obj)
 .text.smtp_with_a_long_name
                0x00000040       0x30 libtinymx_smtp.a(smtp.c.obj)
                0x00000041                smtp_with_a_long_name
 .text.main     0x00000070       0x20 CMakeFiles/tinymx_program.dir/main.c.obj
 .text.tcp      0x00000090       0x20 libtinymx_lwip.a(tcp.c.obj)
 .rodata.str1.4
                0x000000b0       0x10 libtinymx_smtp.a(smtp.c.obj)
                                 0x20 (size before relaxing)
 .rodata.str1.4
                0x000000c0       0x10 libtinymx_smtp.a(path.c.obj)
 .text          0x000000c0       0x20 libc_nano.a(memcpy.o)
 .text.ssl      0x000000e0       0x1e libtinymx_mbedtls.a(ssl.c.obj)
                0x00000100                . = ALIGN (0x4)
 *fill*         0x000000fe        0x2 

.stack          0x20000000      0x200
                0x20000000                stack_bottom = .

.noinit         0x20000200        0x8
 .noinit        0x20000200        0x8 libtinymx_cortexm.a(fault.c.obj)

.data           0x20000208        0x8 load address 0x00000100
 .data.x        0x20000208        0x8 libtinymx_mbedtls.a(ssl.c.obj)

.bss            0x20000210      0x7d4
 .bss.arena     0x20000210      0x400 libtinymx_tls.a(arena.c.obj)
 .bss.memp_memory_PBUF_POOL_base
                0x20000610      0x100 libtinymx_lwip.a(memp.c.obj)
 .bss.memp_memory_TCP_SEG_base
                0x20000710       0x40 libtinymx_lwip.a(memp.c.obj)
 .bss.ram_heap  0x20000750       0x80 libtinymx_lwip.a(mem.c.obj)
 .bss.ram       0x200007d0      0x1a0 CMakeFiles/tinymx_program.dir/main.c.obj
 .bss.memp_memory_TCP_PCB_base
                0x20000980       0x64 libtinymx_lwip.a(memp.c.obj)
 .bss.eth       0x20000970       0x10 libtinymx_stellaris.a(ethernet.c.obj)

Cross Reference Table

main                                              main.c.obj
"""

SIZES = {"size_session": 100, "size_tls": 50, "count_pcbs": 5,
         "count_sessions": 4, "count_tls_sessions": 2}

TABLE = """\
| what | flash | RAM |
|---|---:|---:|
| firmware | 64 | 0 |
| lwIP | 32 | 548 |
| mbedTLS | 38 | 8 |
| mbedTLS's arena | 0 | 1,024 |
| port | 96 | 440 |
| stack | 0 | 512 |
| C library | 32 | 0 |
| alignment | 2 | 0 |
| **all** | **264** | **2,532** |

| one more | RAM | |
|---|---:|---|
| session | 232 | struct mx_session 100, tcp_pcb 20, 1/4 of lwIP's received \
packets 64, 1/4 of lwIP's segments 16, 1/4 of lwIP's heap 32 |
| TLS session | 562 | struct mx_tls 50, 1/2 of the arena 512 |
"""


class BoardTable(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.dir = pathlib.Path(tmp.name)
        self.readme = self.dir / "README.md"
        self.readme.write_text("a\n<!-- b:begin -->\nold\n<!-- b:end -->\nz\n",
                               encoding="utf-8")
        self.budget(session_bytes=232, tls_session_bytes=562)
        patch = mock.patch.object(board_table.budgets, "FOLDER", self.dir)
        patch.start()
        self.addCleanup(patch.stop)

    def budget(self, **limits):
        (self.dir / "b.txt").write_text("".join(
            f"{name} at-most {limit}\n" for name, limit in limits.items()))

    def sizes(self, **changes):
        """What sizes.c is compiled to; None: not there."""
        source, out = self.dir / "sizes.c", self.dir / "sizes.o"
        source.write_text("".join(
            f"char {name}[{size}];" for name, size in
            {**SIZES, **changes}.items() if size))
        subprocess.run([CC, "-c", source, "-o", out], check=True)
        return str(out)

    def call(self, mode, text=MAP, **changes):
        """Its exit status, and what it had to complain of."""
        path, said = self.dir / "map", io.StringIO()
        path.write_text(text)
        with contextlib.redirect_stderr(said), \
                contextlib.redirect_stdout(io.StringIO()):
            status = board_table.main(["", mode, str(self.readme), "b",
                                       str(path), self.sizes(**changes), NM])
        return status, said.getvalue()

    def fails(self, words, text=MAP, mode="--check", **changes):
        status, said = self.call(mode, text, **changes)
        self.assertEqual(status, 1)
        self.assertIn(words, said)

    def test_write_then_check(self):
        self.fails("is not this image's")
        self.assertEqual(self.call("--write"), (0, ""))
        self.assertEqual(self.readme.read_text(encoding="utf-8"),
                         "a\n<!-- b:begin -->\n" + TABLE +
                         "<!-- b:end -->\nz\n")
        self.assertEqual(self.call("--check")[0], 0)

    def test_one_byte_more_is_seen(self):
        self.call("--write")
        self.fails("is not this image's", MAP.replace("0x1a0", "0x19f"))
        self.budget(session_bytes=300, tls_session_bytes=600)
        for name in ("size_session", "size_tls"):
            self.fails("is not this image's", **{name: SIZES[name] + 1})

    def test_over_budget(self):
        self.call("--write", size_session=101)
        self.fails("session_bytes is 233, budget at-most 232",
                   size_session=101)
        self.call("--write", size_tls=51)
        self.fails("tls_session_bytes is 563, budget at-most 562", size_tls=51)

    def test_nothing_is_counted_twice(self):
        outputs, _ = board_table.sections(MAP)
        flash, ram = (sum(row[i] for row in board_table.count(MAP).values())
                      for i in range(2))
        self.assertEqual(flash, outputs[".text"][1] + outputs[".data"][1])
        self.assertEqual(ram, sum(size for at, size in outputs.values()
                                  if at >= board_table.RAM))

    def test_broken_map(self):
        for old, new, words in (
                ("libtinymx_tls.a(arena", "libtinymx_tls.a(tls", "arena"),
                (".stack          0x20000000      0x200",
                 ".stack          0x20000000        0x0", "stack"),
                ("0x7d4", "0x7d0", ".bss holds more than it is large"),
                ("memp_memory_TCP_SEG_base", "memp_memory_X", "TCP_SEG"),
                ("ram_heap ", "rom_heap ", "ram_heap"),
                ("\n.noinit  ", "\n.elsewhere", ".noinit"),
                ("Linker script and memory map", "Memory map", "is no map")):
            with self.subTest(old=old):
                self.assertIn(old, MAP)
                self.fails(words, MAP.replace(old, new), "--print")

    def test_broken_sizes(self):
        for name in SIZES:
            with self.subTest(name=name):
                self.fails(name, mode="--print", **{name: None})

    def test_marks(self):
        self.readme.write_text("no marks\n", encoding="utf-8")
        self.fails("must stand in it once each")


if __name__ == "__main__":
    unittest.main()
