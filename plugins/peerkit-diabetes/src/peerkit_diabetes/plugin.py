# SPDX-License-Identifier: Apache-2.0
"""What peerkit finds. Each subject has a module of its own: what it supplies, checks and answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.resources import files
from typing import Any

from peerkit import Objection, Record, hookimpl
from peerkit.hooks import Access, Command, CourseRule, Kind, Page, Proposal, Supply, View, Worry
from peerkit_diabetes import (
    enrolment,
    labels,
    log,
    notebook,
    noting,
    pages,
    readers,
    report,
    risk,
    shelf,
    walking,
)
from peerkit_diabetes.gates import COURSE
from peerkit_diabetes.templates import templates
from peerkit_diabetes.words import _

name = noting.NAME

COMMANDS = {
    "diabetes gates": ("commands:gates", _("Show what the module asks of a supporter.")),
    "diabetes join": ("commands:join", _("Take the module into a relationship.")),
    "diabetes go-on": ("commands:go_on", _("Go on with it beside somebody else.")),
    "diabetes leave": ("commands:leave", _("Leave the module, at any time.")),
    "diabetes risk": ("risk.command:risk", _("Estimate a risk of diabetes, and where to be tested.")),
    "diabetes note": ("note_command:note", _("Note what you measured or saw.")),
    "diabetes log on": ("log_commands:on", _("Begin your own log.")),
    "diabetes log off": ("log_commands:off", _("Stop keeping it.")),
    "diabetes log show": ("log_commands:show", _("Show what you noted.")),
    "diabetes log strike": ("log_commands:strike", _("Strike out what is wrong.")),
    "diabetes log chart": ("log_commands:chart", _("Draw what you noted.")),
    "diabetes log aim": ("log_commands:aim", _("Set your own aim.")),
    "diabetes log watch": ("log_commands:watch", _("Have somebody told of a dangerous value.")),
    "diabetes log unwatch": ("log_commands:unwatch", _("Have nobody told any more.")),
    "diabetes log page": ("log_commands:page", _("Show somebody some days of your log.")),
    "diabetes log pages": ("log_commands:pages", _("Show the pages that people let you read.")),
    "diabetes log take-back": ("log_commands:take_back", _("Take back a page that you showed.")),
    "diabetes goals": ("goals_command:goals", _("Show goals that fit, and put them forward.")),
    "diabetes needs": ("needs_commands:needs", _("Ask what is short, and show services nearby.")),
    "diabetes notebook begin": ("notebook_commands:begin", _("Begin a notebook.")),
    "diabetes notebook show": ("notebook_commands:show", _("Show your notebook.")),
    "diabetes notebook write": ("notebook_commands:write", _("Write a page of it.")),
    "diabetes notebook short": ("notebook_commands:short", _("Say what is short.")),
    "diabetes notebook add": ("notebook_commands:add", _("Add a question, a support or a place.")),
    "diabetes notebook answer": ("notebook_commands:answer", _("Note what you were told.")),
    "diabetes notebook drop": ("notebook_commands:drop", _("Take something out.")),
    "diabetes notebook share": ("notebook_commands:share", _("Let somebody read it.")),
    "diabetes notebook unshare": ("notebook_commands:unshare", _("Let somebody read it no longer.")),
    "diabetes summary": ("summary_command:summary", _("Print a page to bring to your care team.")),
}
"""Each command: where it stands, and one line of help."""
COURSES = files("peerkit_diabetes") / "courses"


def _loading(place: str) -> Callable[[], Any]:
    module, _colon, name = place.partition(":")
    return lambda: getattr(import_module(f"peerkit_diabetes.{module}"), name)


@hookimpl
def peerkit_supply() -> Iterator[Supply]:
    """What every subject supplies, and which kinds of others they read and write together."""
    reads = walking.READS | readers.READS | report.READS
    yield Access(reads, writes=walking.WRITES, worries=True)
    yield Kind(enrolment.DiabetesEnrolment, rights=enrolment.RIGHTS, labels=labels.ENROLMENT)
    yield Kind(log.DiabetesLog, rights=log.LOG_RIGHTS, labels=labels.LOG, private=True)
    yield Kind(log.DiabetesReading, rights=log.READING_RIGHTS, labels=labels.READING, private=True)
    yield Kind(pages.DiabetesPage, rights=pages.RIGHTS, labels=labels.PAGE, private=True)
    yield Kind(notebook.DiabetesNotebook, rights=notebook.RIGHTS, labels=labels.NOTEBOOK, private=True)
    yield Kind(risk.DiabetesRiskCheck, rights=risk.RIGHTS, labels=risk.LABELS, private=True)
    yield from shelf.supplies()
    yield from templates()
    yield from labels.others()
    yield report.SECTION
    yield CourseRule((COURSES / f"{COURSE}.toml").read_text(encoding="utf-8"), f"{COURSE}.toml")
    for path, (place, told) in COMMANDS.items():
        yield Command(path, told, _loading(place))


@hookimpl
def peerkit_check(proposal: Proposal) -> Iterator[Objection]:
    """What stands against a commit."""
    yield from walking.check(proposal)
    yield from notebook.check(proposal)
    yield from readers.check(proposal)
    yield from noting.check(proposal)


@hookimpl
def peerkit_respond(proposal: Proposal) -> Iterator[Record]:
    """What follows from one."""
    yield from walking.respond(proposal)
    yield from readers.respond(proposal)
    yield from noting.respond(proposal)


@hookimpl
def peerkit_observe(page: Page, view: View) -> Iterator[Worry]:
    """Readings that somebody is to be told of and that came in without an alarm."""
    yield from noting.unheard(page, view)
