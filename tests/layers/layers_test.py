# SPDX-License-Identifier: BSD-3-Clause
"""The rules themselves, on small wrong trees: each has to fire, alone, and to
leave its nearest right neighbour in peace.

    layers_test.py CC
"""
import json
import pathlib
import sys
import tempfile
import unittest

import layers
import rules

CC = sys.argv.pop() if len(sys.argv) > 1 else "cc"

SPDX = "/* SPDX-License-Identifier: BSD-3-Clause */\n"

# A small right tree, to put one wrong file into.
CLEAN = {
    "CMakeLists.txt": "# SPDX-License-Identifier: BSD-3-Clause\n",
    "include/tinymx/config.h": "#ifdef X\n#include MX_CONFIG_FILE\n#endif\n",
    "include/tinymx/server.h":
        "struct tcp_pcb;\nstruct pbuf;\n"
        "struct mx_conn {\n    struct tcp_pcb *pcb;\n    struct pbuf *rx;\n};\n",
    "firmware/util/fmt.h": "#include <stddef.h>\n",
    "firmware/smtp/line.h": "",
    "firmware/smtp/smtp.c":
        '#include "line.h"\n#include "tinymx/config.h"\n'
        '#include "util/fmt.h"\n#include <string.h>\n',
    "firmware/tls/tls.c": '#include "mbedtls/ssl.h"\n#include <psa/crypto.h>\n',
    "firmware/net/conn.c": '#include "lwip/tcp.h"\nstruct tcp_pcb *a;\n',
    "firmware/server/session.h": "",
    "port/config/lwipopts.h": '#include "tinymx/config.h"\n',
    "port/posix/netif.c":
        '#include "lwip/pbuf.h"\n#include <stdio.h>\nstruct pbuf *frame;\n',
    "port/posix/include/tinymx/posix.h": "",
    "boards/sim/mx_config.h": "",
}
CLEAN = {name: text if name == "CMakeLists.txt" else SPDX + text
         for name, text in CLEAN.items()}


def body(lines):
    return "int f(void)\n{\n" + "    f();\n" * lines + "}\n"


# rule, path, text that breaks it, text beside it that does not
CASES = [
    ("direction", "firmware/util/a.c",
     '#include "lwipopts.h"\n', '#include "fmt.h"\n'),
    ("direction", "firmware/util/a.c",
     '#include "../../port/config/lwipopts.h"\n', '#include "../util/fmt.h"\n'),
    ("direction", "include/tinymx/a.h",
     '#include "util/fmt.h"\n', '#include "tinymx/config.h"\n'),
    ("direction", "include/tinymx/a.h",
     '#ifdef A\n#  include "util/fmt.h"\n#endif\n',
     '/*\n#include "util/fmt.h"\n*/\n'),
    ("direction", "port/posix/a.c",
     '#include "../../boards/sim/mx_config.h"\n', '#include "util/fmt.h"\n'),
    ("direction", "firmware/smtp/a.c",
     '#include "server/session.h"\n', '#include "smtp/line.h"\n'),
    ("direction", "firmware/util/a.c",
     '#include "smtp/line.h"\n', '#include "util/fmt.h"\n'),
    ("direction", "firmware/store/a.c",
     '#include "../smtp/line.h"\n', '#include "tinymx/server.h"\n'),
    ("direction", "firmware/console/a.c",
     '#include "smtp/line.h"\n', '#include "util/fmt.h"\n'),
    ("direction", "firmware/util/a.c",
     '#include "tinymx/posix.h"\n', '#include "tinymx/server.h"\n'),
    ("direction", "firmware/newpart/a.c",
     '#include "util/fmt.h"\n', '#include "tinymx/config.h"\n'),
    ("known_include", "firmware/smtp/a.c",
     "#include <stdlib.h>\n", "#include <stdint.h>\n"),
    ("known_include", "firmware/tls/a.c",
     "#include <stdio.h>\n", "#include <mbedtls/ssl.h>\n"),
    ("known_include", "firmware/smtp/a.c",
     "#include <stdalign.h>\n", "#include <stdbool.h>\n"),
    ("known_include", "firmware/tls/a.c",
     "#include <stdlib.h>\n", "#include <stdalign.h>\n"),
    ("known_include", "firmware/smtp/a.c",
     '#include "libslirp.h"\n', '#include "line.h"\n'),
    ("known_include", "include/tinymx/a.h",
     "#include <time.h>\n", "#include <stdbool.h>\n"),
    ("known_include", "firmware/smtp/a.c", "#include WHAT\n", "int what;\n"),
    ("mbedtls", "firmware/server/a.c",
     '#include "mbedtls/ssl.h"\n', "/* mbedtls/ssl.h */\n"),
    ("mbedtls", "port/posix/a.c", "#include <psa/crypto.h>\n", ""),
    ("mbedtls", "include/tinymx/a.h", '#include "psa/crypto.h"\n', ""),
    ("mbedtls", "port/esp-idf/setup.c",
     '#include "mbedtls/platform.h"\n', '#include "tinymx/config.h"\n'),
    ("esp_idf", "port/esp-idf/setup.c",
     '#include "esp_partition.h"\n', '#include "tinymx/config.h"\n'),
    ("esp_idf", "port/esp-idf/setup.c", '#include "sdkconfig.h"\n', ""),
    ("esp_idf", "port/posix/a.c",
     '#include "freertos/task.h"\n', "#include <stdio.h>\n"),
    ("lwip", "firmware/server/a.c", '#include "lwip/tcp.h"\n', ""),
    ("lwip", "firmware/smtp/a.c", "#include <lwip/opt.h>\n", ""),
    ("lwip", "firmware/tls/a.c", '#include "netif/ethernet.h"\n', ""),
    ("lwip", "include/tinymx/a.h", '#include "lwip/init.h"\n', ""),
    ("lwip_tcp", "firmware/server/a.c",
     "struct tcp_pcb *a;\n", "/* tcp_pcb */ int x_tcp_pcb;\n"),
    ("lwip_tcp", "firmware/store/a.c", "int pbuf;\n", "int pbufs;\n"),
    ("lwip_tcp", "port/posix/a.c",
     "struct tcp_pcb *a;\n", "struct pbuf *a;\n"),
    ("lwip_tcp", "include/tinymx/server.h",
     "struct x {\n    struct tcp_pcb pcb;\n};\n",
     "struct tcp_pcb;\nstruct x {\n    struct tcp_pcb *pcb;\n};\n"),
    ("no_heap", "firmware/smtp/a.c",
     "char *a = malloc(1);\n", "char *a = \"malloc(1)\"; /* malloc(1) */\n"),
    ("no_heap", "firmware/server/a.c",
     "void f(void)\n{\n    free(a);\n}\n",
     "void f(void)\n{\n    mx_identity_free(a);\n    a->free(a);\n}\n"),
    ("no_heap", "firmware/util/a.c",
     "int a = snprintf(0, 0, x);\n", "int a = my_printf(x);\n"),
    ("no_heap", "firmware/util/a.c", "int a = printf (x);\n", "int printf_n;\n"),
    ("form", "firmware/util/a.c", "int f(void) {\n    f();\n}\n", body(1)),
    ("form", "firmware/util/a.c",
     "int f(void)\n{\n    if (f()) {\n}\n",
     "int f(void)\n{\n    char a = '{';\n    g(\"{\\\"{\"); /* { */\n}\n"),
    ("form", "firmware/util/a.c", "struct x {\n    int a;\n",
     "struct x {\n    int a;\n};\n"),
    ("short_function", "firmware/smtp/a.c", body(58), body(57)),
    ("short_function", "port/posix/a.c", body(99), body(57) + "\n" + body(57)),
    ("short_file", "port/posix/a.c", "int a;\n" * 450, "int a;\n" * 449),
    ("short_file", "include/tinymx/a.h", "\n" * 450, "\n" * 449),
    ("no_if_in_function", "firmware/smtp/a.c",
     "int f(void)\n{\n#if A\n    f();\n#endif\n}\n",
     "#if A\n" + body(1) + "#endif\n"),
    ("no_if_in_function", "firmware/net/a.c",
     "int f(void)\n{\n  #  ifdef A\n    f();\n#endif\n}\n",
     "int f(void)\n{\n    /*\n#if A\n*/\n}\n"),
]


def fired(files):
    return {rule for _, _, rule, _ in rules.check(files)}


class Rules(unittest.TestCase):
    def test_clean_tree(self):
        self.assertEqual(list(rules.check(CLEAN)), [])

    def test_every_rule_has_a_case(self):
        self.assertEqual({case[0] for case in CASES} | {"spdx"},
                         set(rules.RULES))

    def test_cases(self):
        for rule, path, wrong, right in CASES:
            with self.subTest(rule=rule, path=path, wrong=wrong[:40]):
                self.assertEqual(fired({**CLEAN, path: SPDX + wrong}), {rule})
                self.assertEqual(fired({**CLEAN, path: SPDX + right}), set())

    def test_spdx(self):
        for path in ("firmware/util/a.c", "tests/a.py", "cmake/a.cmake"):
            for text in ("", "/* BSD-3-Clause */\n", "\n\n\n" + SPDX,
                         SPDX.replace("BSD-3-Clause", "MIT")):
                self.assertEqual(fired({**CLEAN, path: text}), {"spdx"})
        self.assertEqual(
            fired({**CLEAN, "tests/a.py": "#!/usr/bin/python3\n# " + SPDX}),
            set())


class Tree(unittest.TestCase):
    def setUp(self):
        tmp = tempfile.TemporaryDirectory()
        self.addCleanup(tmp.cleanup)
        self.root = pathlib.Path(tmp.name)

    def put(self, files):
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def test_files_are_found(self):
        self.put(CLEAN)
        self.assertEqual(layers.main(["", "tree", str(self.root)]), 0)
        self.put({"firmware/smtp/deep/er/a.c": "int a;\n",
                  "boards/x/linker.ld": "\n", "dev": "#!/bin/sh\n",
                  "tests/get": "#!/bin/sh\n", "tests/golden": "220 x\n",
                  "tests/README.md": "no licence line\n"})
        found = {path for path, *_ in layers.tree(self.root)}
        self.assertEqual(found, {"firmware/smtp/deep/er/a.c",
                                 "boards/x/linker.ld", "dev", "tests/get"})
        self.assertEqual(layers.main(["", "tree", str(self.root)]), 1)

    def test_an_empty_tree_is_an_error(self):
        self.put({"CMakeLists.txt": ""})
        with self.assertRaises(SystemExit):
            layers.tree(self.root)

    def test_headers_alone(self):
        self.put({"include/tinymx/a.h":
                  "#ifndef A\n#define A\n#include <stddef.h>\n"
                  "size_t a(size_t b);\n#endif\n"})
        self.assertEqual(layers.headers(self.root, CC), [])
        self.put({"include/tinymx/b.h":
                  "#ifndef B\n#define B\nsize_t b(size_t c);\n#endif\n",
                  "include/tinymx/c.h": "struct c {\n    int c;\n};\n"})
        self.assertEqual(layers.headers(self.root, CC),
                         ["tinymx/b.h", "tinymx/c.h"])

    def test_closure(self):
        self.put({"lwip/lwip/opt.h": "", "mbedtls/a.h": "",
                  "own/way.h": '#include "lwip/opt.h"\n',
                  "firmware/good/b.c": "int b;\n",
                  "firmware/bad/a.c": '#include "way.h"\n'})
        at = {name: str(self.root / name)
              for name in ("lwip", "mbedtls", "own", "firmware/good/b.c",
                           "firmware/bad/a.c")}
        self.put({"compile_commands.json": json.dumps(
            [{"directory": str(self.root), "file": at[unit],
              "command": f"{CC} -I{at['lwip']} -I{at['own']} -MD -MF x.d "
                         f"-o x.o -c {at[unit]}"}
             for unit in at if unit.endswith(".c")])})
        self.assertEqual(layers.closure(self.root, "good", at["lwip"],
                                        at["mbedtls"]), [])
        self.assertEqual(
            [unit for unit, _ in
             layers.closure(self.root, "bad", at["lwip"], at["mbedtls"])],
            [at["firmware/bad/a.c"]])
        with self.assertRaises(SystemExit):
            layers.closure(self.root, "missing", at["lwip"])
        with self.assertRaises(SystemExit):
            layers.closure(self.root, "good", at["lwip"] + "?")


if __name__ == "__main__":
    unittest.main()
