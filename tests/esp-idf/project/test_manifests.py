# SPDX-License-Identifier: BSD-3-Clause
"""The manifests of ESP-IDF's component manager."""
import re

import pytest
import tree
import yaml

COMPONENT = "port/esp-idf/idf_component.yml"
MANIFESTS = ["idf_component.yml", COMPONENT,
             *(f"{project}/main/idf_component.yml" for project in tree.PROJECTS)]
KEYS = {"version", "description", "license", "dependencies"}
TERM = re.compile(r"(>=|<=|==|!=|>|<|~=|~|\^)?\d+(\.\d+){0,2}$")


def read(path):
    return yaml.safe_load((tree.ROOT / path).read_text(encoding="utf-8"))


def is_spec(text):
    """1.2.3, ^1.4, >=5.4,!=5.5.0: a version, or terms that all hold."""
    return all(TERM.match(term.strip()) for term in text.split(","))


@pytest.mark.parametrize("path", MANIFESTS)
def test_a_manifest_is_one(path):
    manifest = read(path)
    assert set(manifest) <= KEYS
    assert "idf" in manifest["dependencies"]
    for name, what in manifest["dependencies"].items():
        assert re.fullmatch(r"([a-z0-9_-]+/)?[a-z0-9_-]+", name), name
        if isinstance(what, str):
            assert is_spec(what), (name, what)
        else:
            assert set(what) == {"path"}, (name, what)


@pytest.mark.parametrize("text", ["", "5", "^1.4", ">=5.4", ">=5.4.3,!=5.5.0"])
def test_specs(text):
    assert is_spec(text) == (text != "")


@pytest.mark.parametrize("text", [">5.x", "=>5.4", "^", "v5.4", ">=5.4;<7", "*1",
                                  "1.2.3.4", ">=5.4,,<6"])
def test_no_specs(text):
    assert not is_spec(text)


def test_the_component_says_who_it_is():
    version = re.search(r"project\(tinymx VERSION ([0-9.]+)",
                        (tree.ROOT / "CMakeLists.txt").read_text(
                            encoding="utf-8"))[1]
    manifest = read(COMPONENT)
    assert manifest["version"] == version
    assert manifest["license"] == "BSD-3-Clause"
    assert manifest["dependencies"]["idf"] == ">=5.4"


def test_the_repository_is_the_same_component():
    assert read("idf_component.yml") == read(COMPONENT)
