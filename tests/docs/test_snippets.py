# SPDX-License-Identifier: Apache-2.0
"""Every example in the README and in docs/ runs.

The blocks of a page run in order, as one module and in one temporary folder, as a reader would type them. A
page that begins with `<!-- continues: people.md -->` runs behind that page, in the same module and folder.
Console blocks are typed by whom their prompts name, and print what stands below (see `page_console`). A TOML
or CSV block with a `title` is a file of that name in the folder. With `<!-- clock: 2026-11-30T09:00Z -->` it
is that time on what follows. A block stays out only behind a comment before it that says why:
`<!-- not run: reason -->`. `<!-- exit code: 2 -->` there says how a command is to end.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import textwrap
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import NamedTuple
from unittest import mock

import page_console as console
import pytest
from beside import NAMES, without

import peerkit
from peerkit.testing import TimeMachine

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
CONTINUES = re.compile(r"^<!-- continues: (?P<page>\S+) -->$", re.MULTILINE)
CLOCK = re.compile(r"^<!-- clock: (?P<at>\S+) -->$", re.MULTILINE)
TITLE = re.compile(r"""title=['"]([^'"]+)['"]""")
BLOCK = re.compile(
    r"(?:^[ ]*<!--[ ]*(?P<mark>not[ ]run|exit[ ]code):[ ]*(?P<said>[^\n]+?)[ ]*-->[ ]*\n\s*?)?"
    r"^(?P<indent>[ ]*)```[ ]*(?P<language>python|py|console|toml|csv)\b(?P<details>[^\n]*)\n"
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
    title: str | None = None


def blocks(page: str) -> list[Block]:
    """The examples of a page, in order."""
    found = []
    for match in BLOCK.finditer(page):
        line = page.count("\n", 0, match.start("body")) + 1
        body = textwrap.dedent(match["body"])
        title = TITLE.search(match["details"])
        said = (match["mark"], match["said"], None if title is None else title[1])
        found.append(Block(match["language"], line, body, *said))
    return found


def run_python(block: Block, page: Path, module: ModuleType) -> None:
    """Run it so that a traceback names the page and its line."""
    code = compile("\n" * (block.line - 1) + block.body, str(page), "exec", dont_inherit=True)
    exec(code, module.__dict__)


def run_console(block: Block, page: Path) -> None:
    """Type what the block shows, and compare what is printed with what it shows."""
    ends = int(block.said or 0) if block.mark == "exit code" else 0
    console.play(block.body, f"{page}:{block.line}", ends=ends)


def write_file(block: Block) -> None:
    """Save a block that has a title under that name."""
    if block.title is not None:
        Path(block.title).parent.mkdir(parents=True, exist_ok=True)
        Path(block.title).write_text(block.body, encoding="utf-8")


def run_page(page: Path, module: ModuleType, clock: TimeMachine) -> None:
    """Run a page behind those that it continues, by the clock that its comments set."""
    text = page.read_text(encoding="utf-8")
    before = CONTINUES.search(text)
    if before is not None:
        run_page(page.with_name(before["page"]), module, clock)
    moments = [(text.count("\n", 0, one.start()), one["at"]) for one in CLOCK.finditer(text)]
    for block in blocks(text):
        if block.mark == "not run":
            continue
        while moments and moments[0][0] < block.line:
            clock.set(datetime.fromisoformat(moments.pop(0)[1]))
        if block.language == "console":
            run_console(block, page)
        elif block.language in {"toml", "csv"}:
            write_file(block)
        else:
            run_python(block, page, module)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PEERKIT_DB", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    # Whoever reads a page has the plugins that it speaks of, and no others of this repository.
    text = page.read_text(encoding="utf-8")
    without(text)
    others = [name for name in NAMES if f"peerkit-{name}" not in text and f"peerkit_{name}" not in text]
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", ",".join(others))
    clock = TimeMachine(tick=timedelta(milliseconds=1))  # a look takes a moment: what is due has an order
    if CLOCK.search(text) is not None:
        monkeypatch.setattr(peerkit, "open", functools.partial(peerkit.open, clock=clock))
    module = ModuleType("__main__")  # a real one, since a record class looks up its annotations by module
    monkeypatch.setitem(sys.modules, "__main__", module)
    with mock.patch.dict(os.environ):  # what a page exports holds for the page
        run_page(page, module, clock)


JOURNEYS = {
    "import-a-sheet": {""},  # a coordinator's first Monday, at one keyboard
    "a-week-at-the-keyboard": {"", "robin", "tomas", "maya"},
    "own-record": {"", "robin", "maya"},
    "duty-in-person": {"", "robin", "tomas"},
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_journey_is_played_from_its_page_alone(name: str) -> None:
    """Whole, from an empty folder, by everybody whom it names, and with what they see compared."""
    text = (ROOT / "docs" / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    without(text)
    found = blocks(text)
    assert CONTINUES.search(text) is None
    assert "not run" not in {block.mark for block in found}
    lines = [one for block in found if block.language == "console" for one in console.typed(block.body)]
    assert {one.who for one in lines} == JOURNEYS[name]
    assert any(one.line.startswith("peerkit init ") for one in lines)
    assert sum(bool(one.shown) for one in lines) >= 3
    first = next(index for index, block in enumerate(found) if block.language == "console")
    assert not any(block.language in {"python", "py"} for block in found[:first])


def test_a_block_is_found_wherever_it_stands() -> None:
    page = (
        "# A page\n\n```python\none = 1\n```\n\n!!! note\n\n    ```py title='x'\n    two = 2\n    ```\n\n"
        "<!-- not run: needs a server -->\n\n```console\n$ peerkit deliver\n```\n\n```toml\nthree = 3\n```\n"
    )
    assert blocks(page) == [
        Block("python", 4, "one = 1\n", None, None),
        Block("py", 10, "two = 2\n", None, None, "x"),
        Block("console", 16, "$ peerkit deliver\n", "not run", "needs a server"),
        Block("toml", 20, "three = 3\n", None, None),
    ]


def test_a_line_is_typed_by_whom_its_prompt_names() -> None:
    block = (
        "$ export PEERKIT_DB=memory:\nmaya$ peerkit log\nYou …\n"
        'tomas$ echo "a walk" | peerkit plans suggest Maya\n'
        "$ peerkit relationships agree Maya --words <<'END'\nhelps: tea\nEND\nRecorded.\n"
    )
    assert [*console.typed(block)] == [
        console.Typed("", "export PEERKIT_DB=memory:", None, ""),
        console.Typed("maya", "peerkit log", None, "You …"),
        console.Typed("tomas", "peerkit plans suggest Maya", "a walk\n", ""),
        console.Typed("", "peerkit relationships agree Maya --words", "helps: tea\n", "Recorded."),
    ]


def test_what_a_page_shows_is_what_is_printed_but_for_ids_and_widths() -> None:
    one, other = "01a21ebd-b9c8-7001-bfaf-4e1926a4e63d", "01a21ec0-0c1f-7000-9f4e-1d0c2b7a9e11"
    assert console.fits(f"Recorded: person/{one}, here.", f"Recorded:\n  person/{other}, here.\n")
    assert console.fits("first … last", "first\nsecond\nlast")
    assert not console.fits("first", "first\nsecond")
    assert not console.fits("first … last", "first\nlast one")


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
    run_page(second, module, TimeMachine())
    assert vars(module)["said"] == ["first", "second"]


def test_the_readme_begins_with_its_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first, second = readme.split("```sh\n")[1].split("```")[0].splitlines()
    assert first.endswith("peerkit demo")
    assert second.endswith("pytest -n auto")


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
