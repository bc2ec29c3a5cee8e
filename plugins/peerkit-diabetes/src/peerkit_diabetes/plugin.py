# SPDX-License-Identifier: Apache-2.0
"""What peerkit finds. Each subject has a module of its own: what it supplies, checks and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

from peerkit import Objection, Record, hookimpl
from peerkit.hooks import Access, Command, CourseRule, Kind, Page, Proposal, Supply, View, Worry
from peerkit_diabetes import enrolment, log, noting, risk, shelf, walking
from peerkit_diabetes.gates import COURSE

name = noting.NAME

COMMANDS = {
    "diabetes gates": ("commands:gates", "Show what the module asks of a supporter."),
    "diabetes join": ("commands:join", "Take the module into a relationship."),
    "diabetes go-on": ("commands:go_on", "Go on with it beside somebody else."),
    "diabetes leave": ("commands:leave", "Leave the module, at any time."),
    "diabetes risk": ("risk.command:risk", "Estimate a risk of diabetes, and where to be tested."),
    "diabetes note": ("log_commands:note", "Note what you measured or saw."),
    "diabetes log on": ("log_commands:on", "Begin your own log."),
    "diabetes log off": ("log_commands:off", "Stop keeping it."),
    "diabetes log show": ("log_commands:show", "Show what you noted."),
    "diabetes log chart": ("log_commands:chart", "Draw what you noted."),
    "diabetes log aim": ("log_commands:aim", "Set your own aim."),
    "diabetes log watch": ("log_commands:watch", "Have somebody told of a dangerous value."),
    "diabetes log unwatch": ("log_commands:unwatch", "Have nobody told any more."),
    "diabetes log page": ("log_commands:page", "Show somebody some days of your log."),
    "diabetes log pages": ("log_commands:pages", "Show the pages that people let you read."),
}
"""Each command: where it stands, and one line of help."""
COURSES = files("peerkit_diabetes") / "courses"


def _loading(place: str) -> Callable[[], Any]:
    module, _colon, name = place.partition(":")
    return lambda: getattr(import_module(f"peerkit_diabetes.{module}"), name)


@hookimpl
def peerkit_supply() -> Iterator[Supply]:
    """What every subject supplies, and which kinds of others they read and write together."""
    yield Access(reads=walking.READS, writes=walking.WRITES)
    yield Kind(enrolment.DiabetesEnrolment, rights=enrolment.RIGHTS)
    yield Kind(log.DiabetesLog, rights=log.LOG_RIGHTS, private=True)
    yield Kind(log.DiabetesReading, rights=log.READING_RIGHTS, private=True)
    yield Kind(log.DiabetesPage, rights=log.PAGE_RIGHTS, private=True)
    yield Kind(risk.DiabetesRiskCheck, rights=risk.RIGHTS, labels=risk.LABELS, private=True)
    yield from shelf.supplies()
    yield CourseRule((COURSES / f"{COURSE}.toml").read_text(encoding="utf-8"), f"{COURSE}.toml")
    for path, (place, told) in COMMANDS.items():
        yield Command(path, told, _loading(place))


@hookimpl
def peerkit_check(proposal: Proposal) -> Iterator[Objection]:
    """What stands against a commit."""
    yield from walking.check(proposal)


@hookimpl
def peerkit_respond(proposal: Proposal) -> Iterator[Record]:
    """What follows from one."""
    yield from walking.respond(proposal)


@hookimpl
def peerkit_observe(page: Page, view: View) -> Iterator[Worry]:
    """Readings that somebody is to be told of and that came in without an alarm."""
    yield from noting.unheard(page, view)
