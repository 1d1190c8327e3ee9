# SPDX-License-Identifier: BSD-3-Clause
"""Every option that is asked for exists, and every one that exists is asked for.

Those of ESP-IDF stand in options.csv, each with the versions and the Kconfig file
in which somebody saw it.
"""
import csv
import re

import kconfiglib
import pytest
import tree

OURS = ("TINYMX_",)
VERSIONS = ("5.4", "5.5", "6.0")

with (tree.ROOT / "tests/esp-idf/project/options.csv").open(encoding="utf-8") as table:
    ESP_IDF = {row["option"]: row for row in csv.DictReader(table)}


def is_ours(name):
    return name.startswith(OURS)


def asked_for(project):
    """{option: a file} of the component and of this project."""
    return tree.used(tree.sources(project))


def other_half(symbol):
    """Of a choice somebody asks for one, and the rest is else."""
    return symbol.choice and symbol.choice.syms


def menus(project):
    own = f"{project}/main/Kconfig.projbuild"
    return ["Kconfig", *([own] if (tree.ROOT / own).exists() else [])]


@pytest.fixture(name="project", params=tree.PROJECTS)
def a_project(request):
    return request.param


@pytest.fixture(name="options")
def options_of(project, tmp_path):
    """Those that a project has, with the component's."""
    return tree.kconfig(tmp_path, *menus(project))


def test_every_option_of_ours_that_is_used_is_defined(project, options):
    wanted = {name: path for name, path in asked_for(project).items()
              if is_ours(name)}
    assert len(wanted) > 10
    assert {name: path for name, path in wanted.items()
            if name not in tree.defined(options)} == {}


def test_every_option_of_ours_is_used(project, options):
    asked = asked_for(project)
    idle = [name for name, symbol in tree.defined(options).items()
            if symbol.nodes[0].prompt and name not in asked
            and not any(s.name in asked for s in other_half(symbol) or ())]
    assert idle == []


def test_every_option_of_esp_idf_is_known():
    asked = tree.used(tree.sources(*tree.PROJECTS))
    for project in tree.PROJECTS:
        for name, settings in tree.fragments(project).items():
            asked |= {option: f"{project}/{name}" for option in settings}
    theirs = {name: path for name, path in asked.items() if not is_ours(name)}
    assert len(theirs) > 20
    assert {name: path for name, path in theirs.items()
            if name not in ESP_IDF} == {}
    assert sorted(set(ESP_IDF) - set(theirs)) == []


def test_the_table_is_whole():
    for name, row in ESP_IDF.items():
        versions = row["versions"].split()
        assert versions and set(versions) <= set(VERSIONS), name
        assert "Kconfig" in row["kconfig"], name


def test_a_default_is_of_every_version(project):
    for name, settings in tree.fragments(project).items():
        for option in settings:
            if not is_ours(option):
                assert ESP_IDF[option]["versions"].split() == list(VERSIONS), \
                    (name, option)


def test_settings_of_ours_take_effect(project, tmp_path):
    for name, settings in tree.fragments(project).items():
        options = tree.kconfig(tmp_path, *menus(project))
        for option, value in settings.items():
            if is_ours(option):
                options.syms[option].set_value(value.strip('"'))
        for option, value in settings.items():
            if is_ours(option):
                assert options.syms[option].str_value == value.strip('"'), \
                    (name, option)


def test_kconfig_is_read_without_a_warning(options):
    assert [text for text in options.warnings
            if "undefined symbol" not in text] == []


def test_defaults_are_within_their_ranges(options):
    for name, symbol in tree.defined(options).items():
        for low, high, _ in symbol.ranges:
            for default, _ in symbol.defaults:
                assert int(low.str_value) <= int(default.str_value) \
                    <= int(high.str_value), name


def test_a_number_says_what_it_costs(options):
    for name, symbol in tree.defined(options).items():
        if symbol.type == kconfiglib.INT:
            help_text = symbol.nodes[0].help or ""
            assert re.search(r"\bRAM\b|\bHeap\b|TLS has",
                             help_text), name


def test_only_limits_that_there_are_get_mapped():
    limits = set(re.findall(r"^#ifndef (MX_\w+)",
                            (tree.ROOT / "include/tinymx/config.h").read_text(
                                encoding="utf-8"), re.M))
    mapped = set(re.findall(r"^#define (MX_\w+)",
                            (tree.ROOT / "port/esp-idf/include/mx_idf_config.h")
                            .read_text(encoding="utf-8"), re.M))
    assert len(mapped) > 10 and mapped - limits == set()
