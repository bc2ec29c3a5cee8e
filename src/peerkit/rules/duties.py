# SPDX-License-Identifier: Apache-2.0
"""What may be somebody's duty in person: that a report fits what is known, and that whose it is, and nobody
else, is reminded until they say what they did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from peerkit.errors import Objection
from peerkit.hooks import Proposal, View
from peerkit.model.base import Record
from peerkit.model.duty_report import DutyReport
from peerkit.model.people import Person
from peerkit.model.safety import Alert, Concern
from peerkit.model.when import midnight
from peerkit.model.work import PERSONAL, Task
from peerkit.rules import presence
from peerkit.rules.glass import LATEST
from peerkit.rules.readable import find, get
from peerkit.rules.routes import heads
from peerkit.rules.standing import today_in, zone_of

DUTY, TELL = "duty-in-person", "tell-of-report"

# -- what is checked -------------------------------------------------------------------------------


def known(proposal: Proposal) -> Iterator[Objection]:
    """It arose from an alert or concern that there is, and goes on from a report of the same author's."""
    view = proposal.view
    for report, _ in proposal.of(DutyReport, "consider"):
        before = get(view, DutyReport, report.follows) if report.follows else None
        came = report.arose_from
        if came and view.get(Alert, came) is None and view.get(Concern, came) is None:
            told = "duty_report.arose_from names no alert or concern the program knows"
            yield Objection("unknown-record", told, report.kind, report.id)
        if report.follows and (before is None or before.author != report.author):
            told = "duty_report.follows names no earlier report of the same author's"
            yield Objection("unknown-record", told, report.kind, report.id)


def in_time(proposal: Proposal) -> Iterator[Objection]:
    """Nobody reported at a time that has not come, and telling is put off to a day that comes, soon enough:
    no longer than for a broken glass."""
    today = today_in(proposal.view)
    for report, change in proposal.of(DutyReport, "reported", "tell_later"):
        ahead = report.occurred is not None and report.occurred > proposal.now
        if ahead and "reported" in change.acts:
            told = "this time has not come yet: say when it was reported, or leave it out"
            yield Objection("not-yet", told, report.kind, report.id)
        if report.look_on is not None and not today <= report.look_on <= today + LATEST:
            told = f"telling is put off for {LATEST.days} days at most; if it endangers then, say so anew"
            yield Objection("tell-by", told, report.kind, report.id)


def theirs_alone(proposal: Proposal) -> Iterator[Objection]:
    """What is due from somebody in person is nobody else's, and is not over because somebody was told."""
    for task, change in proposal.of(Task, "done", "drop", "hand_to"):
        report = get(proposal.view, DutyReport, task.about) if task.what in PERSONAL else None
        handed = "hand_to" in change.acts
        if report is not None and (handed or task.state != "open") and _waits(proposal.view, report, task):
            told = (
                "say on the duty report what was done (reported, not_reported; tell, tell_later): the task "
                "closes with that, and is nobody else's"
            )
            yield Objection("duty-open", told, task.kind, task.id)


def reader_here(proposal: Proposal) -> Iterator[Objection]:
    """Whom the author lets read it is in the program."""
    for report, change in proposal.of(DutyReport, "share"):
        if not presence.all_here(
            proposal.view, report.shared_with, getattr(change.before, "shared_with", ())
        ):
            told = "it is shared with nobody who is in the program now"
            yield Objection("unknown-person", told, report.kind, report.id)


CHECKS = (known, in_time, theirs_alone, reader_here)

# -- by what is done -------------------------------------------------------------------------------


def reminded(proposal: Proposal) -> Iterator[Record]:
    """The author, and only they, have a task for what is due from them, until they say what they did. It
    names nobody and no duty, since who reads every task sees that there is one."""
    view = proposal.view
    for report, _ in heads(proposal, DutyReport):
        wanted, held = _due(view, report), False
        for task in find(view, Task, subject=report.author, state="open"):
            if task.about != report.id or task.what not in PERSONAL:
                continue
            if _waits(view, report, task):
                held = True
            else:
                yield task.done()
        if wanted is not None and not held:
            what, at = wanted
            yield Task.give(owner=report.author, what=what, due=at, about=report)


def _due(view: View, report: DutyReport) -> tuple[str, datetime] | None:
    """What is due from the author, and when: at once to say what they did; on the day that they named to tell
    the person, or to put it off anew."""
    if report.state == "considered":
        return DUTY, view.now
    if report.put_off and report.look_on is not None:
        return TELL, midnight(report.look_on, zone_of(view))
    return None


def _waits(view: View, report: DutyReport, task: Task) -> bool:
    """Whether a task is for what is still due."""
    what, at = _due(view, report) or ("", None)
    return task.what == what and (what == DUTY or task.due == at)


def gone(proposal: Proposal) -> Iterator[Record]:
    """Whoever leaves or dies reads no report of others any more."""
    for person, _ in proposal.of(Person, "leave", "mark_died"):
        for report in find(proposal.view, DutyReport, subject=person.id):
            if person.id in report.shared_with:
                yield report.unshare(person.id)


RESPONSES = (reminded, gone)
