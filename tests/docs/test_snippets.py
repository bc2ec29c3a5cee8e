# SPDX-License-Identifier: Apache-2.0
"""Every example in the README and in docs/ runs.

The blocks of a page run in order, as one module and in one temporary folder, as a reader would type them. A
page that begins with `<!-- continues: people.md -->` runs behind that page, in the same module and folder.
Lines of a console block that start with `$ ` are commands of peerkit or sqlite-utils. A block stays out only
behind a comment before it that says why: `<!-- not run: reason -->`. `<!-- exit code: 2 -->` there says how
a command is to end.
"""

from __future__ import annotations

import re
import shlex
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from click import Command
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CONTINUES = re.compile(r"^<!-- continues: (?P<page>\S+) -->$", re.MULTILINE)
BLOCK = re.compile(
    r"(?:^[ ]*<!--[ ]*(?P<mark>not[ ]run|exit[ ]code):[ ]*(?P<said>[^\n]+?)[ ]*-->[ ]*\n\s*?)?"
    r"^(?P<indent>[ ]*)```[ ]*(?P<language>python|py|console)\b[^\n]*\n"
    r"(?P<body>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """A fenced example: its language, its first line, its text, and what the comment before it says."""

    language: str
    line: int
    body: str
    mark: str | None
    said: str | None


def blocks(page: str) -> list[Block]:
    """The examples of a page, in order."""
    found = []
    for match in BLOCK.finditer(page):
        line = page.count("\n", 0, match.start("body")) + 1
        body = textwrap.dedent(match["body"])
        found.append(Block(match["language"], line, body, match["mark"], match["said"]))
    return found


def run_python(block: Block, page: Path, module: ModuleType) -> None:
    """Run it so that a traceback names the page and its line."""
    code = compile("\n" * (block.line - 1) + block.body, str(page), "exec", dont_inherit=True)
    exec(code, module.__dict__)


def run_console(block: Block, page: Path) -> None:
    """Run each `$ peerkit …` and `$ sqlite-utils …` of the block; what is printed below it is for the reader
    and is not compared."""
    commands = [line[2:] for line in block.body.splitlines() if line.startswith("$ ")]
    expected = int(block.said or 0) if block.mark == "exit code" else 0
    for command in commands:
        program, *arguments = shlex.split(command)
        result = CliRunner().invoke(PROGRAMS[program](), arguments)
        assert result.exit_code == expected, f"{page}:{block.line}: $ {command}\n{result.output}"


def _peerkit() -> Command:
    from peerkit.cli import main

    return main


def _sqlite_utils() -> Command:
    from sqlite_utils.cli import cli

    return cli


PROGRAMS = {"peerkit": _peerkit, "sqlite-utils": _sqlite_utils}


def run_page(page: Path, module: ModuleType) -> None:
    """Run a page behind those that it continues."""
    text = page.read_text(encoding="utf-8")
    before = CONTINUES.search(text)
    if before is not None:
        run_page(page.with_name(before["page"]), module)
    for block in blocks(text):
        if block.mark == "not run":
            continue
        if block.language == "console":
            run_console(block, page)
        else:
            run_python(block, page, module)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PEERKIT_DB", raising=False)
    module = ModuleType("__main__")  # a real one, since a record class looks up its annotations by module
    monkeypatch.setitem(sys.modules, "__main__", module)
    run_page(page, module)


def test_a_block_is_found_wherever_it_stands() -> None:
    page = (
        "# A page\n\n```python\none = 1\n```\n\n!!! note\n\n    ```py title='x'\n    two = 2\n    ```\n\n"
        "<!-- not run: needs a server -->\n\n```console\n$ peerkit deliver\n```\n\n```toml\nthree = 3\n```\n"
    )
    assert blocks(page) == [
        Block("python", 4, "one = 1\n", None, None),
        Block("py", 10, "two = 2\n", None, None),
        Block("console", 16, "$ peerkit deliver\n", "not run", "needs a server"),
    ]


def test_a_failing_example_names_its_page_and_line() -> None:
    block = blocks("text\n\n```python\nokay = 1\nraise LookupError\n```\n")[0]
    with pytest.raises(LookupError) as caught:
        run_python(block, Path("page.md"), ModuleType("page"))
    place = caught.traceback[-1]
    assert (str(place.path), place.lineno + 1) == ("page.md", 5)


def test_a_page_runs_behind_the_one_that_it_continues(tmp_path: Path) -> None:
    (tmp_path / "first.md").write_text("```python\nsaid = ['first']\n```\n", encoding="utf-8")
    second = tmp_path / "second.md"
    second.write_text(
        "<!-- continues: first.md -->\n```python\nsaid.append('second')\n```\n", encoding="utf-8"
    )
    module = ModuleType("page")
    run_page(second, module)
    assert vars(module)["said"] == ["first", "second"]


def test_the_readme_begins_with_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first, second = readme.split("```sh\n")[1].split("```")[0].splitlines()
    assert first.endswith("peerkit demo")
    assert second.endswith("pytest")


def test_the_ten_lines_are_the_same_everywhere() -> None:
    typed = (ROOT / "tests" / "typing" / "api.py").read_text(encoding="utf-8")
    pages = ("README.md", "docs/index.md", "docs/tutorial/first-steps.md")
    for page in pages:
        ten = blocks((ROOT / page).read_text(encoding="utf-8"))[0].body
        assert ten.count("\n") > 5, page
        assert ten in typed, page


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")), ids=lambda page: page.name)
def test_links_from_the_root_lead_somewhere(page: Path) -> None:
    """Links inside docs/ are the site's to check; these go to files."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []
