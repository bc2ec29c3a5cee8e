# SPDX-License-Identifier: Apache-2.0
"""What `coverage.md` says is there is there: kinds, their fields, commands, the library, codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import attrs
import click
import pytest
from beside import without

import peerkit
from peerkit import library, training
from peerkit.cli import main
from peerkit.instruments import installed as instruments
from peerkit.kinds import NAMES, named
from peerkit.kit import Kit, Session
from peerkit.model.activity import FORMATS
from peerkit.model.meeting import SUPPORT
from peerkit.model.people import ROLES
from peerkit.safety.next_steps import NextSteps

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "explanation" / "coverage.md").read_text(encoding="utf-8")
ROWS = [tuple(line.strip("| ").split(" | ")) for line in PAGE.splitlines() if line.startswith("| ")][1:]
TOKEN = re.compile(r"`([^`]+)`")
CODES = {
    *SUPPORT,
    *FORMATS,
    *ROLES,
    *instruments(),
    *(one.id for one in library.resources()),
    *training.installed(),
    *(path.name for path in (ROOT / "plugins").iterdir()),
    *(f"examples/{path.parent.name}" for path in (ROOT / "examples").glob("*/pyproject.toml")),
    "recognized-course",
    "self",
    "family",
}


def of_a_kind(token: str) -> bool:
    """`Kind`, or `Kind.name` where that is a field, an act or a property of it."""
    kind, _, name = token.partition(".")
    if kind == NextSteps.__name__:
        return not name
    if kind not in NAMES:
        return False
    cls = named(kind)
    assert isinstance(cls, type)
    return not name or name in attrs.fields_dict(cls) or hasattr(cls, name)


def of_a_door(token: str) -> bool:
    """`kit.name`, `s.name` or `peerkit.name`."""
    doors = {"kit": Kit, "s": Session, "peerkit": peerkit}
    door, _, name = token.partition(".")
    return door in doors and hasattr(doors[door], name)


def a_command(token: str) -> bool:
    """`peerkit words`, down to the last group that has them."""
    program, *words = token.split()
    command: click.Command | None = main
    for word in words:
        with click.Context(main) as ctx:
            command = command.get_command(ctx, word) if isinstance(command, click.Group) else None
    return program == "peerkit" and bool(words) and command is not None


def a_code(token: str) -> bool:
    return token in CODES


KNOWN: tuple[Callable[[str], bool], ...] = (of_a_kind, of_a_door, a_command, a_code)


def test_the_page_has_every_line_of_the_documents() -> None:
    assert len(ROWS) >= 19
    assert [row for row in ROWS if len(row) != 2 or len(row[1]) < 10] == []


@pytest.mark.parametrize("token", sorted({token for row in ROWS for token in TOKEN.findall(row[1])}))
def test_what_it_names_is_there(token: str) -> None:
    without(token)
    assert any(known(token) for known in KNOWN)


def test_every_kind_of_support_format_and_role_is_on_it() -> None:
    said = set(TOKEN.findall(PAGE))
    assert {*SUPPORT, *ROLES} <= said
    assert {*FORMATS} - {"group"} <= said


@pytest.mark.parametrize(
    "token", ["Patient", "Person.diagnosis", "kit.predict", "peerkit dial", "no-such-book"]
)
def test_what_is_not_there_is_seen(token: str) -> None:
    assert not any(known(token) for known in KNOWN)
