# SPDX-License-Identifier: Apache-2.0
"""What the drop-in asks of every commit, and what it adds to one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from peerkit import Activity, Leave, Objection, Opaque, Person, Record, Task, hookimpl
from peerkit.hooks import Proposal, View, find_readable, get_readable
from peerkit_youth.kinds import DROP_IN, Visit, Words
from peerkit_youth.words import _

ADULTS = 2
CALL = "youth-call"
GROWN = frozenset({"25-64", "65+"})
"""Age bands of grown-ups. Who is `16-24`, or of an age that nobody wrote down, may be seventeen."""


def adults(view: View, shift: Activity) -> int:
    """How many of the shift's workers are grown up, here, and not on leave at that time."""
    starts = datetime.fromisoformat(shift.local).replace(tzinfo=ZoneInfo(shift.timezone))
    ends = starts + timedelta(minutes=shift.minutes)
    present = 0
    for worker in set(shift.facilitators):
        person = get_readable(view, Person, worker)
        if person is None or person.state != "here" or person.age_band not in GROWN:
            continue
        away = view.find(Leave, person=worker, state="planned")
        present += not any(
            isinstance(one, Opaque) or (one.starts < ends and starts < one.ends) for one in away
        )
    return present


@hookimpl
def peerkit_check(proposal: Proposal) -> Iterator[Objection]:
    """Two adults on every shift, and a visit is written down by whoever is on it."""
    for shift, _change in proposal.of(Activity, "plan", "change", "move"):
        if shift.format == DROP_IN and adults(proposal.view, shift) < ADULTS:
            yield Objection(
                "youth-two-adults",
                _("a shift needs two adults who are there; an age that is not known does not count"),
                shift.kind,
                shift.id,
            )
    for visit, _change in proposal.of(Visit, "count", "leave_name"):
        of = get_readable(proposal.view, Activity, visit.shift)
        if of is None or of.format != DROP_IN or visit.worker not in of.facilitators:
            yield Objection("youth-not-on-shift", _("the worker is not on that shift"), visit.kind, visit.id)


@hookimpl
def peerkit_respond(proposal: Proposal) -> Iterator[Record]:
    """A call for who asks, a reader for what is shown, a second adult where one falls out."""
    yield from _calls(proposal)
    for words, _change in proposal.of(Words, "show"):
        due = proposal.now + timedelta(days=1)
        yield Task.give(owner=words.shared_with[-1], what="youth-words", due=due, about=words)
    yield from _second_adult(proposal)


def _calls(proposal: Proposal) -> Iterator[Record]:
    """A task for the worker, gone when they called or nobody wants it any more. Done, it says so."""
    for visit, _change in proposal.of(Visit, "leave_name"):
        if visit.state == "waiting":
            due = proposal.now + timedelta(days=1)
            yield Task.give(owner=visit.worker, what=CALL, due=due, about=visit, person=visit.person)
    for visit, change in proposal.of(Visit, "call", "never_mind"):
        for task in find_readable(proposal.view, Task, about=visit.id, state="open"):
            yield task.done() if "call" in change.acts else task.drop()
    for task, _change in proposal.of(Task, "done"):
        called = get_readable(proposal.view, Visit, task.about) if task.what == CALL else None
        if called is not None and called.state == "waiting":
            yield called.call()


def _second_adult(proposal: Proposal) -> Iterator[Record]:
    """Leave is no reason to refuse anybody: one of those who stay is asked to find somebody else."""
    for leave, _change in proposal.of(Leave, "plan", "fall_ill"):
        for shift in find_readable(proposal.view, Activity, subject=leave.person, state="planned"):
            if shift.format != DROP_IN or adults(proposal.view, shift) >= ADULTS:
                continue
            others = [worker for worker in shift.facilitators if worker != leave.person]
            yield Task.give(owner=(others or [leave.person])[0], what="youth-second-adult", about=shift)
