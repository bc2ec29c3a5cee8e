# SPDX-License-Identifier: Apache-2.0
"""The page of each promise names the tests that prove it, and those tests are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "explanation" / "promises"
PAGES = sorted(FOLDER.glob("[0-9]-*.md"))
PROVES = re.compile(r"`(?P<file>[\w/.-]+\.py)::(?P<test>\w+)`")
PARTS = ["What that means for you", "What keeps it", "Not yet", "Shown by"]


@cache
def defined_in(file: Path) -> frozenset[str]:
    """The tests that a file defines, also those inside classes."""
    if not file.is_file():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def missing(page: str) -> list[str]:
    """The tests that a page names and that are not there."""
    return [
        found[0] for found in PROVES.finditer(page) if found["test"] not in defined_in(ROOT / found["file"])
    ]


def test_each_promise_has_its_page() -> None:
    assert [int(page.name[0]) for page in PAGES] == list(range(1, 9))
    index = (FOLDER / "index.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if f"]({page.name})" not in index] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_it_says_is_proved_by_tests_that_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert missing(text) == []
    _, _, shown = text.partition("## Shown by\n")
    assert len({found["test"] for found in PROVES.finditer(shown)}) >= 5
    assert text.count("`tests/") == len(PROVES.findall(text)), (
        "a test is named as `tests/…/test_x.py::test_y`"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_has_an_example_and_says_what_is_not_kept_yet(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS
    assert "```python\n" in text


def test_every_test_that_any_page_names_is_there() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert [one for page in pages for one in missing(page.read_text(encoding="utf-8"))] == []


def test_what_the_readme_says_is_there_is_shown_by_tests_that_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## What is there\n")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    shown = [re.findall(r"`([^`]+)`", line.rstrip("| ").rpartition(" | ")[2]) for line in lines]
    assert lines
    assert all(shown)
    assert [one for named in shown for one in named if not (ROOT / one).exists()] == []


def test_one_that_is_gone_is_seen() -> None:
    here = "tests/docs/test_promises.py"
    page = f"`{here}::test_one_that_is_gone_is_seen` `{here}::test_gone` `tests/gone.py::test_x`"
    assert missing(page) == [f"`{here}::test_gone`", "`tests/gone.py::test_x`"]


# -- the page for people who run a program ---------------------------------------------------------------

EXPLAINED = ("when-somebody-answers-yes", "quand-quelquun-repond-oui")
NO_PROSE = re.compile(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->", re.DOTALL)


def explained(page: str) -> str:
    return (FOLDER.parent / f"{page}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", EXPLAINED)
def test_every_part_of_the_page_for_programs_names_tests_that_are_there(page: str) -> None:
    text = explained(page)
    assert missing(text) == []
    for part in text.split("\n## ")[1:]:
        assert PROVES.search(part), part.partition("\n")[0]


def test_the_page_for_programs_says_as_much_in_both_languages() -> None:
    english, french = map(explained, EXPLAINED)
    assert [found[0] for found in PROVES.finditer(english)] == [found[0] for found in PROVES.finditer(french)]
    for mark in ("\n## ", "\n- ", "\n| ", "\n1. ", "\n6. "):
        assert english.count(mark) == french.count(mark)


def test_the_french_page_is_set_as_french_is() -> None:
    prose = NO_PROSE.sub("", explained(EXPLAINED[1]))
    assert not re.search(r" [:?!»]|« ", prose)
    assert "'" not in prose
