# SPDX-License-Identifier: BSD-3-Clause
"""What the CMake files say to ESP-IDF, evaluated by CMake itself with a stand-in
for ESP-IDF (fake/)."""
import csv
import itertools
import pathlib
import re

import pytest
import tree

# What of the core and the shared parts is not compiled there, and why.
NOT_THERE = {
    "firmware/tls/arena.c": "port/esp-idf/heap.c takes its place",
    "firmware/tls/platform.c": "ESP-IDF answers its mbedTLS itself",
}
COMPONENT = "esp-idf"
SWITCHES = [option for option in
            tree.options_in("".join(path.read_text(encoding="utf-8")
                                    for path in tree.files(
                                        "port/esp-idf", *tree.PROJECTS,
                                        suffixes=(".txt",))))]

with (tree.ROOT / "tests/esp-idf/project/components.csv").open(
        encoding="utf-8") as table:
    ESP_IDF = {row["component"]: row["versions"].split()
               for row in csv.DictReader(table)}


def variants():
    """Every way to set what the CMake files ask."""
    return [on for count in range(len(SWITCHES) + 1)
            for on in itertools.combinations(sorted(SWITCHES), count)]


def below_root(paths):
    return {pathlib.Path(path).resolve().relative_to(tree.ROOT).as_posix()
            for path in paths}


@pytest.fixture(name="said", params=tree.PROJECTS)
def all_said(request):
    """(project, [what it says in each variant])."""
    return request.param, [tree.evaluate(request.param, *on)
                           for on in variants()]


def test_every_source_exists(said):
    _, ways = said
    for way in ways:
        for (name, key), paths in way.items():
            if key == "SRCS":
                assert len(set(paths)) == len(paths), name
                assert [p for p in paths if not pathlib.Path(p).is_file()] == []


def test_every_folder_exists(said):
    _, ways = said
    for way in ways:
        for (_, key), paths in way.items():
            if key.endswith("_DIRS"):
                assert [p for p in paths if not pathlib.Path(p).is_dir()] == []


def test_every_file_is_compiled(said):
    """In one variant or another."""
    project, ways = said
    compiled = below_root(path for way in ways for (_, key), paths in way.items()
                          if key == "SRCS" for path in paths)
    there = below_root(tree.files("firmware", "port/device", "port/esp-idf",
                                  f"{project}/main", suffixes=(".c",)))
    assert len(there) > 100
    assert there - compiled == set(NOT_THERE)
    assert compiled - there == set()


def test_a_variant_differs_in_what_it_switches(said):
    """A switch that changes nothing is a name that is mistyped."""
    project, ways = said
    if project == "boards/esp32":
        for switch in SWITCHES:
            assert tree.evaluate(project) != tree.evaluate(project, switch)
    assert all(way for way in ways)


def test_required_components_are_esp_idf_s(said):
    _, ways = said
    assert ways[0][COMPONENT, "PRIV_REQUIRES"]
    for (name, key), values in ways[0].items():
        if key.endswith("REQUIRES"):
            for value in values:
                assert ESP_IDF.get(value) == ["5.4", "5.5", "6.0"], (name, value)


def includes(path):
    """Those in quotes whose name, or first folder, is one of ours."""
    ours = {p.name for p in tree.files("port/device", "port/esp-idf",
                                       suffixes=(".h",))}
    ours |= {p.name for p in (tree.ROOT / "firmware").iterdir()} | {"tinymx"}
    return [name for name in
            re.findall(r'^#\s*include "([^"]+)"',
                       path.read_text(encoding="utf-8"), re.M)
            if name.partition("/")[0] in ours]


def test_headers_of_ours_resolve(said):
    """A file sees its own folder, its component's, and what is public."""
    _, ways = said
    for way in ways:
        public = [pathlib.Path(p) for p in way[COMPONENT, "INCLUDE_DIRS"]]
        for (name, key), paths in way.items():
            if key != "SRCS":
                continue
            private = [pathlib.Path(p)
                       for p in way.get((name, "PRIV_INCLUDE_DIRS"), [])]
            for path in map(pathlib.Path, paths):
                lost = [header for header in includes(path)
                        if not any((folder / header).is_file() for folder in
                                    [path.parent, *private, *public])]
                assert lost == [], path


def test_lwip_is_told_of_the_hook_alone():
    on = tree.evaluate("boards/esp32", "TINYMX_LWIP_HOOK")
    off = tree.evaluate("boards/esp32")
    definition = on["__idf_lwip", "DEFINITIONS"][-1]
    header = re.fullmatch(r'ESP_IDF_LWIP_HOOK_FILENAME="(.+)"', definition)[1]
    assert pathlib.Path(header).is_file()
    assert "-u reuse_port" in on[f"__idf_{COMPONENT}", "LIBRARIES"]
    assert ("__idf_lwip", "DEFINITIONS") not in off


def test_the_size_of_structs_is_everybody_s():
    said = tree.evaluate("boards/esp32")[f"__idf_{COMPONENT}", "DEFINITIONS"]
    assert said[:2] == ["PUBLIC", 'MX_CONFIG_FILE="mx_idf_config.h"']


def test_it_says_the_version_of_the_repository():
    version = re.search(r"project\(tinymx VERSION ([0-9.]+)",
                        (tree.ROOT / "CMakeLists.txt").read_text(
                            encoding="utf-8"))[1]
    said = tree.evaluate("boards/esp32")[f"__idf_{COMPONENT}", "DEFINITIONS"]
    assert said[-1] == f'TINYMX_VERSION="{version}"'


def test_the_repository_is_the_same_component(tmp_path):
    """Of a project that has all of it as one, by git."""
    (tmp_path / "main").mkdir()
    (tmp_path / "main/CMakeLists.txt").write_text(
        "idf_component_register(SRCS)\n", encoding="utf-8")
    (tmp_path / "CMakeLists.txt").write_text(
        f'set(EXTRA_COMPONENT_DIRS "{tree.ROOT}")\n'
        "include($ENV{IDF_PATH}/tools/cmake/project.cmake)\nproject(x)\n",
        encoding="utf-8")
    whole = tree.evaluate(tmp_path)
    alone = tree.evaluate("boards/esp32")
    for key in ("SRCS", "INCLUDE_DIRS", "PRIV_INCLUDE_DIRS"):
        assert below_root(whole[tree.ROOT.name, key]) \
            == below_root(alone[COMPONENT, key])
    assert whole[tree.ROOT.name, "PRIV_REQUIRES"] \
        == alone[COMPONENT, "PRIV_REQUIRES"]
