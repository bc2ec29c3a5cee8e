# SPDX-License-Identifier: Apache-2.0
"""A drop-in for young people: a peerkit plugin, written from the published pages alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from peerkit import hookimpl
from peerkit.hooks import Access, Command, Instrument, Kind, Label, ReportSection, Supply
from peerkit_youth import report
from peerkit_youth.goals import GOALS
from peerkit_youth.kinds import (
    DROP_IN,
    LABELS_OF_VISITS,
    LABELS_OF_WORDS,
    RIGHTS_OF_VISITS,
    RIGHTS_OF_WORDS,
    Visit,
    Words,
)
from peerkit_youth.rules import peerkit_check, peerkit_respond
from peerkit_youth.words import _

__version__ = "0.1.0"
__all__ = ["DROP_IN", "Visit", "Words", "peerkit_check", "peerkit_respond", "peerkit_supply"]

TODAY = Path(__file__).parent / "today.toml"


def _command(name: str) -> Callable[[], Any]:
    """What imports a command, and click with it, when it is called and not before."""
    return lambda: getattr(import_module("peerkit_youth.commands"), name)


@hookimpl
def peerkit_supply() -> Iterator[Supply]:
    """Two kinds, a questionnaire, goals, a section of the report, commands, and what its codes say."""
    yield Access(reads={"activity", "leave", "person", "task"}, writes={"task"})
    yield Kind(Visit, rights=RIGHTS_OF_VISITS, labels=LABELS_OF_VISITS)
    yield Kind(Words, rights=RIGHTS_OF_WORDS, labels=LABELS_OF_WORDS, private=True)
    yield Instrument(TODAY.read_text(encoding="utf-8"), TODAY.name)
    yield from GOALS
    yield ReportSection("youth", _("The drop-in"), report.count)
    yield Command("youth shift", _("Show today's shift of the drop-in."), _command("shift"))
    yield Command("youth plan", _("Plan a shift of the drop-in."), _command("plan"))
    yield Command("youth count", _("Count who came, without names."), _command("count"))
    yield Command("youth hello", _("Somebody leaves a first name."), _command("hello"))
    yield Label("activity", "format", DROP_IN, _("drop-in for young people"))
    yield Label("task", "what", "youth-call", _("call a young person who asked for it"))
    yield Label("task", "what", "youth-words", _("read what a young person showed you"))
    yield Label("task", "what", "youth-second-adult", _("find a second adult for a shift"))
