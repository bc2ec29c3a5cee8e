# SPDX-License-Identifier: Apache-2.0
"""Nothing public is undocumented, and nothing is documented that is not there."""

from __future__ import annotations

import ast
import inspect
import re
import runpy
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import errors, hooks, instruments, library, ports, testing, texts, training
from peerkit.delivery.channels.email import Settings
from peerkit.kinds import NAMES, PLACES, core_kind
from peerkit.kit import Kit
from peerkit.kit.session import Session
from peerkit.model import program

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FOUND: dict[str, Any] = runpy.run_path(str(Path(__file__).with_name("sources.py")))
FIRST_CELL = re.compile(r"^\| (`[^|]*`) \|", re.MULTILINE)
TICKED = re.compile(r"`([^`\s]+)`")


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands under a heading, up to the next one of the same depth or a higher one."""
    depth = len(title) - len(title.lstrip("#"))
    _, _, after = text(page).partition(f"\n{title}\n")
    assert after, f"{page} has no heading {title}"
    return re.split(rf"^#{{1,{depth}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(of: str) -> set[str]:
    """The names in the first column of the tables in a text."""
    return {name for cell in FIRST_CELL.findall(of) for name in TICKED.findall(cell)}


def fields(cls: type[Any]) -> set[str]:
    return {f.name for f in attrs.fields(cls)} - {"id", "extra", "trail"}


def members(page: str, of: str) -> set[str]:
    """The members of a class that a page shows."""
    listed = re.search(rf"^::: {re.escape(of)}\n(?P<options>(?:    .*\n)+)", text(page), re.MULTILINE)
    assert listed is not None
    return set(re.findall(r"^ {8}- (\w+)$", listed["options"], re.MULTILINE))


def promised(place: str) -> set[str]:
    """The names that the table of stability.md promises for a place."""
    found = re.search(rf"^\| {re.escape(place)} \| (?P<names>.*) \|$", text("stability.md"), re.MULTILINE)
    assert found is not None
    return set(TICKED.findall(found["names"]))


# -- errors, codes, tasks ----------------------------------------------------------------------------


def test_every_error_has_a_line() -> None:
    found = {
        name
        for name, one in vars(errors).items()
        if inspect.isclass(one) and issubclass(one, errors.PeerkitError) and one is not errors.PeerkitError
    }
    assert found
    assert found <= rows(text("reference/errors.md"))


def test_every_code_of_an_objection_has_a_line_and_no_line_a_code_that_is_gone() -> None:
    codes = FOUND["objection_codes"]()
    assert {"not-theirs", "no-consent", "too-weak", "check-failed"} <= codes  # the reader of sources reads
    assert rows(section("reference/errors.md", "## Codes of objections")) == codes


def test_every_task_has_a_line_and_no_line_a_task_that_is_gone() -> None:
    told = rows(text("reference/tasks.md")) - {"what", "screen-…"}
    assert FOUND["task_codes"]() <= told <= FOUND["written_out"]()


def test_every_code_of_the_rules_and_the_lane_has_a_line_somewhere() -> None:
    told = rows(section("reference/errors.md", "## Codes of objections")) | rows(text("reference/tasks.md"))
    told |= rows(text("reference/safety.md"))
    no_codes = {"on-call", "handed-over", "auto-generated", "path-checked", "peerkit-delivery"}
    no_codes |= {"stand-in", "built-in", "screens-looked-at"}
    assert FOUND["codes_of_rules_and_lane"]() - told - no_codes == set()


def test_no_line_has_an_obstacle_that_is_gone() -> None:
    made = {"person-left", "person-died"}  # from the person's state
    assert rows(section("reference/safety.md", "## Obstacles")) - made <= FOUND["written_out"]()


def test_every_problem_of_health_has_a_line() -> None:
    assert rows(section("reference/safety.md", "## Health")) == FOUND["problem_codes"]()


# -- settings and environment ------------------------------------------------------------------------


def test_every_setting_has_a_line() -> None:
    page = "reference/settings.md"
    assert rows(section(page, "## Of the program")) == fields(program.Program)
    assert rows(section(page, "## People who found it")) == {"coordinator", "on_call"}
    for title, part in (("A line", program.Line), ("A step", program.Step), ("A duty", program.Duty)):
        assert rows(section(page, f"## {title}")) == fields(part)


def test_every_variable_of_the_environment_has_a_line() -> None:
    told = rows(section("reference/settings.md", "## Variables of the environment"))
    email = {f"PEERKIT_EMAIL_{name.upper()}" for name in fields(Settings)}
    assert told == FOUND["variables"]() | email


# -- hooks and ports ---------------------------------------------------------------------------------


def test_every_hook_is_named_and_shows_an_example() -> None:
    specs = {name: one for name, one in vars(hooks).items() if name.startswith("peerkit_")}
    assert specs
    for name, spec in specs.items():
        assert name in text("reference/hooks.md")
        says = inspect.getdoc(spec) or ""
        assert "If it raises" in says, name
        assert f"def {name}(" in says, name


@pytest.mark.parametrize("port", [ports.Clock, ports.Storage, ports.Notifier, ports.Exporter])
def test_every_method_of_a_port_has_a_line(port: type[Any]) -> None:
    page = text("reference/ports.md")
    assert f"`{port.__name__}`" in page
    declared = {*vars(port), *port.__annotations__}
    methods = {name for name in declared if not name.startswith("_") and name not in {"name", "real"}}
    assert methods
    assert methods <= set(re.findall(r"`(\w+)(?:\([^`]*\))?`", page))


@pytest.mark.parametrize(
    "module", [errors, hooks, ports, instruments, testing, peerkit.kit], ids=lambda m: m.__name__
)
def test_everything_public_has_a_docstring(module: Any) -> None:
    path = Path(inspect.getsourcefile(module) or "")
    sources = sorted(path.parent.glob("*.py")) if path.name == "__init__.py" else [path]
    bare = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources
        for node in public(ast.parse(source.read_text(encoding="utf-8")).body)
        if not ast.get_docstring(node)
    ]
    assert bare == []


Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def public(body: Iterable[ast.stmt]) -> Iterable[Definition]:
    """The classes, functions and methods with public names."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
            overload = any(ast.unparse(one) == "overload" for one in node.decorator_list)
            if not overload:
                yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


# -- names that stay ---------------------------------------------------------------------------------


def test_every_public_name_of_peerkit_is_in_the_reference() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in (DOCS / "reference").glob("*.md"))
    named = set(re.findall(r"(?:`|::: (?:peerkit\.)?|### |peerkit\.)(\w+)\b", pages))
    assert [name for name in peerkit.__all__ if name not in named and not name.startswith("__")] == []


@pytest.mark.parametrize(
    ("place", "shown", "cls"),
    [("a `Kit`", "peerkit.Kit", Kit), ("a session", "peerkit.Session", Session)],
)
def test_what_is_promised_of_kit_and_session_is_there_and_shown(
    place: str, shown: str, cls: type[Any]
) -> None:
    names = promised(place)
    assert names - {"receipt"} == members("reference/kit.md", shown)  # receipt is told beside Receipt
    there = {*dir(cls), *re.findall(r"self\.(\w+)(?::[^=\n]+)? =", inspect.getsource(cls))}
    assert names <= there


def test_every_public_name_of_peerkit_is_promised() -> None:
    family = {
        name
        for name, one in vars(errors).items()
        if inspect.isclass(one) and one.__module__ == errors.__name__
    }
    starred = set(peerkit.__all__) - NAMES.keys() - family
    assert promised("`peerkit`") == starred | {"Objection", "open"}  # `import *` leaves the builtin alone


@pytest.mark.parametrize("module", [instruments, texts, library, training, testing], ids=lambda m: m.__name__)
def test_every_public_name_of_a_module_is_promised_and_none_that_is_not_there(module: Any) -> None:
    awaited = {"ModuleConformance"} if module is testing else set()  # the page says so
    assert promised(f"`{module.__name__}`") - awaited == set(module.__all__)


def test_every_error_is_promised() -> None:
    family = {
        name
        for name, one in vars(errors).items()
        if inspect.isclass(one) and issubclass(one, errors.PeerkitError)
    }
    assert promised("`peerkit.errors`") == family


def test_every_instrument_that_ships_is_named() -> None:
    page = text("reference/instruments.md")
    assert [one for one in instruments.installed() if f"`{one}`" not in page] == []


def test_everything_in_testing_is_named() -> None:
    page = text("reference/testing.md")
    assert [name for name in testing.__all__ if name not in page] == []


def test_every_command_is_named() -> None:
    from peerkit.cli.root import COMMANDS

    page = text("reference/cli.md")
    assert [name for name in COMMANDS if f"peerkit {name}" not in page and f"`{name}`" not in page] == []


# -- what people do ----------------------------------------------------------------------------------

ACTS = [
    (kind.__name__, row.act)
    for kind in map(core_kind, PLACES)
    if kind is not None and not (kind.lane or kind.kit_only)  # those are made by calls of the kit's
    for row in kind.table.values()
    if row.who != ("kit",)
]
MADE = {"kinds.md", "rights.md", "coverage.md", "stability.md"}
"""Pages that name every act, or whose tables say nothing of how it is used."""


@pytest.fixture(scope="module")
def written() -> list[str]:
    return [page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md") if page.name not in MADE]


@pytest.mark.parametrize(("kind", "name"), ACTS, ids=[f"{kind}.{name}" for kind, name in ACTS])
def test_every_act_is_told_on_some_page(kind: str, name: str, written: list[str]) -> None:
    act = re.compile(rf"\b{kind}\.{name}\b|`{name}[`(]|\.{name}\(")
    assert any(re.search(rf"\b{kind}\b", page) and act.search(page) for page in written)


# -- where what is -----------------------------------------------------------------------------------


def test_every_module_stands_in_the_code_map_and_none_that_is_gone() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = architecture.partition("## Code map")[2].partition("## What always holds")[0]
    there = {path.stem for path in (ROOT / "src" / "peerkit").iterdir() if path.suffix in {"", ".py"}}
    private = {name for name in there if name.startswith("_")}
    assert rows(table) == there - private - {"py.typed", "__pycache__"}


# -- the tests can fail ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("raise Refused([Objection('new-code', 'it says')])", {"new-code"}),
        ("def wrong(code, x): return Objection(code, x)\nwrong('other-code', 'it says')", {"other-code"}),
        ("def fault(x) -> tuple[str, str] | None:\n    return 'third-code', 'it says'", {"third-code"}),
    ],
)
def test_a_new_code_is_seen(source: str, expected: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    codes: Callable[[], set[str]] = FOUND["objection_codes"]
    monkeypatch.setitem(codes.__globals__, "trees", lambda: [ast.parse(source)])
    assert codes() == expected
