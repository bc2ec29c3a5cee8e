# SPDX-License-Identifier: Apache-2.0
"""Activities and interactions: who answers for one, who may sign up for what, who hears if it is off; and
that nothing took place on a day that has not come."""

from __future__ import annotations

from collections.abc import Iterator

from peerkit.errors import Objection
from peerkit.hooks import Proposal, View
from peerkit.model.activity import Activity, Interaction, SignUp
from peerkit.model.base import Record
from peerkit.model.meeting import Meeting
from peerkit.model.people import Person
from peerkit.model.program import OFFICES
from peerkit.model.work import Task
from peerkit.rules import presence
from peerkit.rules.readable import find, get


def answered_for(proposal: Proposal) -> Iterator[Objection]:
    """Whoever leads an activity is known, and one of them supports others or holds an office; so does whoever
    notes an interaction. Whoever names themselves answers for it so: by another's name alone nobody comes to
    read who signs up."""
    view = proposal.view
    for activity, change in proposal.of(Activity, "plan", "enter", "change"):
        before = getattr(change.before, "facilitators", ())
        if activity.facilitators == before:
            continue
        if any(get(view, Person, one) is None for one in activity.facilitators):
            told = "activity.facilitators names nobody the program knows"
            yield Objection("unknown-person", told, activity.kind, activity.id)
        elif not any(_answers(view, one) for one in activity.facilitators):
            yield _nobody("one of those who lead it supports others or holds an office", activity)
        elif change.actor in set(activity.facilitators) - set(before) and not _answers(view, change.actor):
            told = "whoever names themselves among those who lead it supports others or holds an office"
            yield _nobody(told, activity)
    for interaction, _ in proposal.of(Interaction, "note"):
        if not _answers(view, interaction.supporter):
            yield _nobody("who was there supports others or holds an office", interaction)


def _answers(view: View, human: str) -> bool:
    return presence.supports(view, human) or presence.in_office(view, human, *OFFICES)


def _nobody(sentence: str, record: Record) -> Objection:
    return Objection("no-supporter", sentence, record.kind, record.id)


def open_to_signing_up(proposal: Proposal) -> Iterator[Objection]:
    """People sign up for what is still to come and takes sign-ups, once. Who leads it reads who comes, so
    that is whoever leads it as it is stored, whatever the value says that was handed in."""
    view = proposal.view
    for one, _ in proposal.of(SignUp, "sign_up"):
        activity = get(view, Activity, one.activity)
        if activity is None or activity.state != "planned" or not activity.sign_up:
            told = "nobody signs up for this: it is over, called off, or people simply come"
            yield Objection("no-sign-up", told, one.kind, one.id)
        elif one.facilitators != activity.facilitators:
            told = "others lead this activity than the sign-up says: read it anew, and sign up for it then"
            yield Objection("activity-differs", told, one.kind, one.id)
        elif any(
            other.id != one.id and other.person == one.person and other.state == "coming"
            for other in find(view, SignUp, subject=one.person, activity=one.activity)
        ):
            yield Objection("signed-up", "they have signed up already", one.kind, one.id)


def has_come(proposal: Proposal) -> Iterator[Objection]:
    """What is written down as having taken place did so on a day that has come, on the clock of its zone."""
    held: list[Meeting | Activity | Interaction] = []
    held += [one for one, _ in proposal.of(Meeting, "enter", "hold")]
    held += [one for one, _ in proposal.of(Activity, "enter", "hold")]
    held += [one for one, _ in proposal.of(Interaction, "note")]
    for one in held:
        if one.starts.date() > proposal.now.astimezone(one.starts.tzinfo).date():
            told = f"the day of this {one.kind} has not come yet: say when it was (local), or wait until then"
            yield Objection("not-yet", told, one.kind, one.id)


def called_off(proposal: Proposal) -> Iterator[Record]:
    """It is called off, or at another time: whoever signed up hears of it from somebody who leads it."""
    view = proposal.view
    for activity, _ in proposal.of(Activity, "cancel", "move"):
        if not find(view, SignUp, activity=activity.id, state="coming"):
            continue
        asked = find(view, Task, about=activity.id, what=TELL, state="open")
        here = (one for one in activity.facilitators if presence.here(view, one))
        owner = next(here, "") or presence.keeper(view)
        if owner and not asked:
            yield Task.give(owner=owner, what=TELL, due=proposal.now, about=activity)


TELL = "tell-signed-up"
"""The task of whoever leads an activity that is called off or moved."""

CHECKS = (answered_for, open_to_signing_up, has_come)

RESPONSES = (called_off,)

KINDS: frozenset[type[Record]] = frozenset({Activity, Interaction, Meeting, SignUp})
