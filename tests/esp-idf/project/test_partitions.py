# SPDX-License-Identifier: BSD-3-Clause
"""The partition table of boards/esp32: whole, in its flash, and as its README says.
"""
import re

import pytest
import tree

FLASH = 4 * 1024 * 1024
FIRST = 0x9000  # behind the table itself, at 0x8000
SECTOR, APP = 0x1000, 0x10000
SUBTYPES = {"app": {"ota_0", "ota_1"},
            "data": {"nvs", "ota", "phy", "undefined"}}
# Of the program: names that it looks for, and the least that they have to be.
NEEDED = {"nvs": 0x8000, "otadata": 0x2000, "mx_config_a": 0x2000,
          "mx_config_b": 0x2000, "ota_0": 0x100000, "ota_1": 0x100000,
          "spool": 0x100000}
BOARD = tree.ROOT / "boards/esp32"


def rows(text):
    """[(name, type, subtype, offset, size)]"""
    found = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, kind, subtype, offset, size = (
                field.strip() for field in line.split(","))
            found.append((name, kind, subtype, int(offset, 16), int(size, 16)))
    return found


def what_is_wrong(table):
    """The first thing, in words; or None."""
    names = [name for name, *_ in table]
    sizes = {name: size for name, *_, size in table}
    end = FIRST
    if len(set(names)) != len(names):
        return "two have one name"
    for name, least in NEEDED.items():
        if sizes.get(name, 0) < least:
            return f"{name} is missing or small"
    if sizes["ota_0"] != sizes["ota_1"] \
            or sizes["mx_config_a"] != sizes["mx_config_b"]:
        return "a pair differs"
    for name, kind, subtype, offset, size in table:
        if subtype not in SUBTYPES.get(kind, ()):
            return f"{name} is of no kind"
        if len(name) > 15:
            return f"{name} is too long"
        if offset % (APP if kind == "app" else SECTOR) or size % SECTOR:
            return f"{name} is not aligned"
        if offset < end:
            return f"{name} overlaps"
        end = offset + size
    return None if end <= FLASH else "it does not fit"


TABLE = rows((BOARD / "partitions.csv").read_text(encoding="utf-8"))


def test_the_table_is_right():
    assert what_is_wrong(TABLE) is None


def changed(which, **change):
    keys = ("name", "kind", "subtype", "offset", "size")
    return [tuple(change.get(key, value) for key, value in zip(keys, row))
            if row[0] == which else row for row in TABLE]


@pytest.mark.parametrize("table", [
    changed("nvs", size=0x4000), changed("nvs", size=0x11000), changed("nvs", offset=0x8000),
    changed("nvs", subtype="nsv"), changed("nvs", kind="date"),
    changed("otadata", name="nvs"), changed("otadata", size=0x1000),
    changed("ota_0", offset=0x28000), changed("ota_0", size=0x140000),
    changed("ota_1", offset=0x160000), changed("ota_1", kind="data"),
    changed("mx_config_a", size=0x1000), changed("mx_config_b", name="mx_b"),
    changed("phy_init", offset=0x1b010), changed("phy_init", size=0x1010),
    changed("phy_init", name="phy_init_partition"),
    changed("spool", size=0x141000), changed("spool", size=0x80000),
    changed("spool", name="mail"), TABLE[::-1],
])
def test_a_wrong_one_is_found(table):
    assert table != TABLE and what_is_wrong(table) is not None


def test_the_flash_is_what_the_program_is_built_for():
    settings = tree.fragments("boards/esp32")["sdkconfig.defaults"]
    assert settings["ESPTOOLPY_FLASHSIZE_4MB"] == "y"
    assert settings["PARTITION_TABLE_CUSTOM_FILENAME"] == '"partitions.csv"'


def test_the_readme_says_the_same():
    text = (BOARD / "README.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| `(\w+)` \| (0x[0-9a-f]+) \| (\d+) KB \|", text, re.M)
    assert [(name, int(offset, 16), int(size) * 1024)
            for name, offset, size in said] \
        == [(name, offset, size) for name, _, _, offset, size in TABLE]
