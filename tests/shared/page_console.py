# SPDX-License-Identifier: Apache-2.0
"""Console blocks of the documentation, played as they stand.

Each line with a prompt is typed: `$ ` by the login at hand, `maya$ ` by Maya at her own keyboard. What
`echo "…" |` says before a command, and the lines between `<<END` behind it and `END`, is what it reads.
`export NAME=VALUE` holds for the lines that follow, on the whole page. What a page shows under a line is what
is printed, but for the width of the terminal and for ids; `…` stands for whatever comes there.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator
from typing import NamedTuple

from click import Command
from click.testing import CliRunner

PROMPT = re.compile(r"^(?P<who>[a-z]*)\$ (?P<typed>.*)$")
PIPED = re.compile(r"""^echo (?P<said>"[^"]*"|'[^']*') \| (?P<rest>.*)$""")
HERE = re.compile(r"^(?P<rest>.*) <<'?(?P<end>[A-Z]+)'?$")
EXPORT = re.compile(r"^export (?P<name>[A-Z_]+)=(?P<value>.*)$")
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-z]{26}\b")


class Typed(NamedTuple):
    """A line that is typed: by whom, what, what it reads, and what is printed then, if the page shows it."""

    who: str
    line: str
    reads: str | None
    shown: str


def typed(body: str) -> Iterator[Typed]:
    """The lines of a console block that are typed, in order."""
    lines = body.splitlines()
    starts = [number for number, line in enumerate(lines) if PROMPT.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = PROMPT.match(lines[start])
        assert found is not None
        below, line, reads = lines[start + 1 : end], found["typed"], None
        if (here := HERE.match(line)) is not None:
            stop = below.index(here["end"])
            line, reads, below = here["rest"], "\n".join(below[:stop]) + "\n", below[stop + 1 :]
        elif (piped := PIPED.match(line)) is not None:
            line, reads = piped["rest"], shlex.split(piped["said"])[0] + "\n"
        yield Typed(found["who"], line, reads, "\n".join(below).strip())


def play(body: str, place: str, *, ends: int = 0) -> None:
    """Type every line of a block. Each must end with the code `ends`, and print what the page shows."""
    for one in typed(body):
        exported = EXPORT.match(one.line)
        if exported is not None:
            os.environ[exported["name"]] = shlex.split(exported["value"])[0]
            continue
        program, *arguments = shlex.split(one.line)
        result = CliRunner().invoke(PROGRAMS[program](), arguments, input=one.reads, obj=_keyboard(one.who))
        assert result.exit_code == ends, f"{place}: $ {one.line}\n{result.output}"
        if one.shown:
            assert fits(one.shown, result.stdout), f"{place}: $ {one.line}\n{result.stdout}"


def fits(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed."""
    pattern = ".*?".join(re.escape(part) for part in _level(shown).split("…"))
    return re.fullmatch(pattern, _level(printed), re.DOTALL) is not None


def _level(text: str) -> str:
    return " ".join(ID.sub("ID", text).split())


def _keyboard(who: str) -> object:
    from peerkit.cli.app import App

    return App(login=who) if who else None


def _peerkit() -> Command:
    from peerkit.cli import main

    return main


def _sqlite_utils() -> Command:
    from sqlite_utils.cli import cli

    return cli


PROGRAMS: dict[str, Callable[[], Command]] = {"peerkit": _peerkit, "sqlite-utils": _sqlite_utils}
