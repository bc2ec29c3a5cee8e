# SPDX-License-Identifier: Apache-2.0
"""What peerkit finds. Each subject has a module of its own: what it supplies, checks and answers.

The module has no kind of its own: a family member's records are those that everybody has, and whom they love
is no record at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

from peerkit import Objection, Record, hookimpl
from peerkit.hooks import Access, Command, CourseRule, Label, Proposal, Supply
from peerkit_families import counting, goals, joining, shelf, walking
from peerkit_families.track import COURSE
from peerkit_families.words import _

name = "families"

COMMANDS = {
    "families track": (_("Show what it takes to walk beside a family member."), "track"),
    "families enquire": (_("Ask for support as family of somebody, for oneself."), "enquire"),
    "families worry": (_("Say that you are worried about the life of somebody you care about."), "worry"),
}
"""Each command: one line of help, and its name in `commands`."""


def _loading(command: str) -> Callable[[], Any]:
    return lambda: getattr(import_module("peerkit_families.commands"), command)


@hookimpl
def peerkit_supply() -> Iterator[Supply]:
    """What every subject supplies, and which kinds of others they read and write together."""
    yield Access(reads=walking.READS | joining.READS, writes=walking.WRITES)
    rule = (files("peerkit_families") / "courses" / f"{COURSE}.toml").read_text(encoding="utf-8")
    yield CourseRule(rule, f"{COURSE}.toml")
    yield from goals.templates()
    yield from shelf.resources()
    yield counting.SECTION
    yield Label("task", "what", walking.OWN, _("get the family track again, or say that you cannot"))
    yield Label("task", "what", walking.THEIRS, _("somebody whom you supervise lacks the family track"))
    for path, (told, command) in COMMANDS.items():
        yield Command(path, told, _loading(command))


@hookimpl
def peerkit_check(proposal: Proposal) -> Iterator[Objection]:
    """What stands against a commit."""
    yield from walking.check(proposal)
    yield from joining.check(proposal)


@hookimpl
def peerkit_respond(proposal: Proposal) -> Iterator[Record]:
    """What follows from one."""
    yield from walking.respond(proposal)
