# SPDX-License-Identifier: BSD-3-Clause
"""Holds the register headers of port/stm32 against the facts: each macro has a
row, each row a macro, and the number follows from offset, position and width.

    facts_test.py ROOT
"""
import csv
import pathlib
import re
import sys
import unittest

COLUMNS = ["chips", "register", "offset", "field", "position", "width",
           "value", "source"]
CHIPS = {"f4": {"f405", "f429"}, "f7": {"f767"}, "h7": {"h743"}}
DEFINE = re.compile(r"^#\s*define\s+(\w+\(?)[ \t]*(.*)$")
NUMBER = re.compile(r"(0x[0-9a-f]+|0|[1-9]\d*)u?$")
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def macros(text):
    """{name: number}; None for what is no number. The guard has no value."""
    found = {}
    for line in COMMENT.sub("", text).splitlines():
        define = DEFINE.match(line)
        if define and define[2].strip():
            number = NUMBER.match(define[2].strip())
            found[define[1]] = int(number[1], 0) if number else None
    return found


def number(text):
    return int(text, 0) if text else None


class Row:
    def __init__(self, row):
        self.chips = set(row["chips"].split())
        self.register, self.field = row["register"], row["field"]
        self.name = "_".join(filter(None, (self.register, self.field)))
        self.source = row["source"].strip()
        self.offset, self.position, self.width, self.value = (
            number(row[c]) for c in ("offset", "position", "width", "value"))

    def what_is_wrong(self, folder):
        """A sentence, or nothing."""
        if not self.source:
            return "has no source"
        if not self.chips or not self.chips <= CHIPS.get(
                folder, set.union(*CHIPS.values())):
            return f"is of chips {self.chips} in {folder or '.'}"
        if (self.position is None) != (self.width is None):
            return "has a position without a width, or a width without one"
        if self.field and (self.width is None or self.offset is None):
            return "is a field without a place"
        if self.width is not None and not (
                0 < self.width and self.position + self.width <= 32):
            return "does not fit into a word"
        if None not in (self.value, self.width) \
                and self.value >= 1 << self.width:
            return "does not fit into its field"
        if self.macro() is None:
            return "says no number"
        return None

    def macro(self):
        """What the header has to say."""
        if self.value is not None:
            return self.value
        if self.width is not None:
            return ((1 << self.width) - 1) << self.position
        return self.offset


def rows(text):
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames != COLUMNS:
        return None
    return [Row({key: row[key] or "" for key in COLUMNS}) for row in reader]


def lonely(table):
    """A field is at its register's offset, a value in a field that is there, or
    the whole register."""
    registers = {row.register: row.offset for row in table if not row.field}
    fields = {(row.register, row.field, row.position, row.width)
              for row in table if row.field and row.value is None}
    for row in table:
        if row.field and registers.get(row.register) != row.offset:
            yield row, "is not at its register's offset"
        whole = row.width == 32
        if row.field and row.value is not None and not whole and not any(
                row.field.startswith(field + "_")
                and (row.register, position, width)
                == (register, row.position, row.width)
                for register, field, position, width in fields):
            yield row, "is a value of no field"


def compare(name, header, facts):
    """Findings on one pair; `name` is below regs/ and facts/."""
    table = rows(facts)
    if table is None:
        return [f"{name}: the columns are {','.join(COLUMNS)}"]
    said, known, found = macros(header), {}, []
    for row in table:
        wrong = row.what_is_wrong(name.rpartition("/")[0])
        if wrong:
            found.append(f"{name}: {row.name} {wrong}")
        elif known.setdefault(row.name, row.macro()) != row.macro():
            found.append(f"{name}: {row.name} has two rows that differ")
    found += [f"{name}: {row.name} {wrong}" for row, wrong in lonely(table)]
    for macro in sorted(said.keys() | known.keys()):
        if macro not in known:
            found.append(f"{name}: {macro} has no row")
        elif macro not in said:
            found.append(f"{name}: {macro} has no macro")
        elif said[macro] != known[macro]:
            found.append(f"{name}: {macro} is {said[macro]}, by the facts "
                         f"{known[macro]:#x}")
    return found


def texts(folder, suffix):
    return {path.relative_to(folder).with_suffix("").as_posix():
            path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob(f"*{suffix}"))}


def check(headers, facts):
    found = []
    for name in sorted(headers.keys() | facts.keys()):
        if name not in headers or name not in facts:
            lacking = "header" if name not in headers else "table of facts"
            found.append(f"{name}: has no {lacking}")
        else:
            found += compare(name, headers[name], facts[name])
    return found


class Tree(unittest.TestCase):
    def test_headers_and_facts_agree(self):
        headers = texts(ROOT / "port/stm32/regs", ".h")
        facts = texts(ROOT / "tests/stm32/facts", ".csv")
        count = sum(len(macros(text)) for text in headers.values())
        print(f"{len(headers)} headers, {count} macros")
        self.assertGreater(count, 100)  # an empty walk is not a clean one
        self.assertEqual(check(headers, facts), [])


HEADER = """/* SPDX */
#ifndef GUARD
#define GUARD

#define RCC_BASE 0x40023800u /* where it is */
#define RCC_CFGR 0x08u
#define RCC_CFGR_SW 0x00000003u
#define RCC_CFGR_SW_PLL 2u
#define ETH_IRQn 61

#endif
"""
FACTS = ",".join(COLUMNS) + """
f405 f429,RCC_BASE,0x40023800,,,,,header
f405 f429,RCC_CFGR,0x08,,,,,manual
f405 f429,RCC_CFGR,0x08,SW,0,2,,manual
f405 f429,RCC_CFGR,0x08,SW_PLL,0,2,2,manual
f405 f429,ETH_IRQn,,,,,61,header
"""
# In the header, or in the facts: what makes a right pair a wrong one.
SLIPS = [
    ("0x40023800u", "0x40023c00u", HEADER), ("0x08u", "0x0cu", HEADER),
    ("0x00000003u", "0x00000007u", HEADER), ("PLL 2u", "PLL 3u", HEADER),
    ("PLL 2u", "PLL (1u << 1)", HEADER), ("_PLL 2u", "_PLL(x) 2u", HEADER),
    ("61", "62", HEADER), ("#define RCC_CFGR_SW_PLL 2u\n", "", HEADER),
    ("ETH_IRQn 61", "ETH_IRQn 61\n#define MORE 1u", HEADER),
    ("SW,0,2,,manual", "SW,1,2,,manual", FACTS),
    ("SW,0,2,,manual", "SW,0,3,,manual", FACTS),
    ("SW,0,2,,manual", "SW,31,2,,manual", FACTS),
    ("SW,0,2,,manual", "SW,0,2,,", FACTS),
    ("SW,0,2,,manual", "SW,0,,,manual", FACTS),
    ("0x08,SW,", "0x0c,SW,", FACTS), ("SW_PLL", "XX_PLL", FACTS),
    ("SW_PLL,0,2,2", "SW_PLL,0,2,4", FACTS),
    ("f405 f429,ETH", "f767,ETH", FACTS), ("f405 f429,ETH", ",ETH", FACTS),
    ("chips", "chip", FACTS), (",,,,,61,", ",,,,,,", FACTS),
    ("f405 f429,RCC_CFGR,0x08,,,,,manual\n", "", FACTS),
]


class Rules(unittest.TestCase):
    def test_right(self):
        self.assertEqual(check({"f4/a": HEADER}, {"f4/a": FACTS}), [])

    def test_slips(self):
        for old, new, where in SLIPS:
            pair = [text.replace(old, new) if text is where else text
                    for text in (HEADER, FACTS)]
            with self.subTest(old=old, new=new):
                self.assertNotEqual(pair, [HEADER, FACTS])
                self.assertTrue(check({"f4/a": pair[0]}, {"f4/a": pair[1]}))

    def test_every_digit_matters(self):
        for match in re.finditer(r"[0-9a-f](?=[0-9a-f]*u? *(/|\n))", HEADER):
            at = match.start()
            for digit in set("0123456789") - {match[0]}:
                wrong = HEADER[:at] + digit + HEADER[at + 1:]
                if macros(wrong) != macros(HEADER):
                    with self.subTest(at=at, digit=digit):
                        self.assertTrue(check({"f4/a": wrong},
                                              {"f4/a": FACTS}))

    def test_neither_is_alone(self):
        self.assertTrue(check({"f4/a": HEADER}, {}))
        self.assertTrue(check({}, {"f4/a": FACTS}))

    def test_another_folder_has_other_chips(self):
        self.assertTrue(check({"h7/a": HEADER}, {"h7/a": FACTS}))


if __name__ == "__main__":
    ROOT = pathlib.Path(sys.argv.pop())
    unittest.main()
