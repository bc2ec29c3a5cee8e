# SPDX-License-Identifier: Apache-2.0
"""Printing: text for people through rich, JSON for programs. rich is imported when something is printed.

What is printed comes from records and so from anybody: control characters are shown as `�` and no
markup is read in it, so no name can move the cursor or colour the next line.

What is printed for people is a `Message`, said in the language of the call: a text that is in the catalogue
(`_`, `many`, a code's label), or `verbatim` what is the same in every language. A plain text does not pass
the type check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs
import click

from peerkit.cli.speaking import say
from peerkit.texts import Message, verbatim

if TYPE_CHECKING:
    from rich.console import Console

NOTHING = verbatim("")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and newline, and those that turn the direction of writing."""

_HELD = "\ue000"
"""Stands for a space that no line is broken at; of private use, and so of no text."""


def clean(text: object) -> str:
    """A text that can be shown: control characters replaced."""
    return _CONTROL.sub("�", str(text))


@cache
def _console() -> Console:
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # else rich would end the process by itself, with a code of its own

    return Piped(highlight=False, markup=False, emoji=False)


def line(text: Message, *, style: str = "", indent: int = 0) -> None:
    """One paragraph, wrapped to the terminal, with its later lines indented alike."""
    hanging(NOTHING, text, style=style, indent=indent)


def title(text: Message) -> None:
    """A heading, with an empty line before it."""
    click.echo()
    line(text, style="bold")


def pairs(rows: Iterable[tuple[Message, Message | int | None]], *, indent: int = 0) -> None:
    """Labels and what they stand for, in two columns. Rows without a value are left out."""
    kept = [
        (say(label), value if isinstance(value, Message) else verbatim(value))
        for label, value in rows
        if value not in {None, ""}
    ]
    width = max((len(label) for label, _ in kept), default=0) + 2
    for label, value in kept:
        hanging(verbatim(label), value, indent=indent, width=width)


def hanging(
    label: Message,
    text: Message,
    *,
    style: str = "",
    label_style: str = "dim",
    indent: int = 0,
    width: int = 0,
) -> None:
    """A label, and a paragraph beside it whose later lines hang under its first.

    The label is as wide as itself, or as `width`.
    """
    from rich.text import Text

    console = _console()
    named = clean(say(label))
    head, head_style = " " * indent + (f"{named:<{width - 1}} " if width else named), label_style
    room = max(console.width - len(head), 20)
    for part in clean(say(text)).split("\n"):
        held = part.replace("\u00a0", _HELD)  # rich would break a line there, before a French colon
        for wrapped in Text(held).wrap(console, room) or [Text("")]:
            plain_text = wrapped.plain.rstrip().replace(_HELD, "\u00a0")
            shown = Text.assemble((head, head_style), (plain_text, style))
            shown.rstrip()
            console.print(shown, soft_wrap=True)
            head, head_style = " " * len(head), ""


def plain(value: Any) -> Any:
    """A value as JSON knows it: instants as ISO 8601 in UTC, records and values as objects."""
    from peerkit.model.base import Record
    from peerkit.model.ids import stamp

    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return stamp(value) if value.tzinfo is not None else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes):
        return [plain(held) for held in value]
    if isinstance(value, Record):
        return {"kind": value.kind, "version": value.version} | _fields(value)
    if attrs.has(type(value)):
        return _fields(value)
    return clean(value)


def _fields(value: Any) -> dict[str, Any]:
    return {
        field.name: plain(getattr(value, field.name))
        for field in attrs.fields(type(value))
        if field.name not in {"trail", "extra"}
    }


def emit(value: Any) -> None:
    """One JSON document on standard output."""
    text = json.dumps(plain(value), ensure_ascii=False, indent=2)
    # Inside JSON a control character is as well written by its number, and then moves no cursor.
    click.echo(_CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text))
