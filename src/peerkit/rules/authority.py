# SPDX-License-Identifier: Apache-2.0
"""Deciding in somebody's place: who may now, that each such step is looked at again when it is committed, and
who is asked to look whether it still holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from peerkit.errors import Objection
from peerkit.hooks import Proposal, View
from peerkit.model.authority import Authority, area_of
from peerkit.model.base import Record
from peerkit.model.relationship import Relationship
from peerkit.model.safety import Concern
from peerkit.model.sharing import Consent
from peerkit.model.when import midnight
from peerkit.model.work import Task
from peerkit.rules import presence
from peerkit.rules.keepers import asked_about, keeper_for
from peerkit.rules.readable import find
from peerkit.rules.standing import today_in, zone_of

LONGEST = timedelta(days=366)
"""So far ahead is the next look at most: that somebody cannot decide something is true of a time, and may be
over (Ontario, Health Care Consent Act, 1996, ss. 15, 16)."""

EARLIER = timedelta(days=14)
"""So long before it would lapse somebody is asked to look."""

LOOK, LEFT = "look-at-authority", "look-at-consents"


def stands_in(view: View, human: str, person: str, area: str) -> bool:
    """Whether somebody may decide for a person what is in an area, now. What cannot be read gives nothing,
    and takes away all the same: a wall, and a concern, from whom it names."""
    today = today_in(view)
    return (
        any(
            one.gives(human, person, area, now=view.now, today=today)
            for one in find(view, Authority, subject=person)
        )
        and presence.here(view, human)
        and presence.here(view, person)
        and human not in presence.apart_from(view, person)
        and not _named(view, human)
        and not _walks_beside(view, human, person)
    )


def _named(view: View, human: str) -> bool:
    """Whether an open concern names somebody; also one that cannot be read."""
    return any(("names", human) in one.subjects for one in view.find(Concern, subject=human, state="open"))


def _walks_beside(view: View, human: str, person: str) -> bool:
    """Whether somebody supports a person, or is to: they are a peer, and nobody's substitute."""
    return any(
        ("supporter", human) in one.subjects
        for one in view.find(Relationship, subject=person, state=("proposed", "agreed", "paused"))
    )


# -- what is checked -------------------------------------------------------------------------------


def still_stands(proposal: Proposal) -> Iterator[Objection]:
    """What is decided in somebody's place is covered when it is committed, whatever came since it was
    saved."""
    for record, change in proposal.of(Record):
        for name, human, person in zip(change.acts, change.deciders, change.on_behalf_of, strict=False):
            area = area_of(record.kind, name)
            if person and not (area and stands_in(proposal.view, human, person, area)):
                told = "no authority lets this human decide it in the person's place now"
                yield Objection("no-authority", f"{record.kind}.{name}: {told}", record.kind, record.id)


def by_another(proposal: Proposal) -> Iterator[Objection]:
    """Nobody writes down, or keeps going, that they themselves decide for somebody; and it is looked at again
    on a day that comes, and soon enough."""
    for authority, change in proposal.of(Authority, "record", "look_again"):
        today = today_in(proposal.view)
        if authority.human in {change.actor, *change.deciders}:
            told = "another writes down who may decide in somebody's place than the one who is to"
            yield Objection("own-authority", told, authority.kind, authority.id)
        if not today <= authority.look_on <= today + LONGEST:
            told = f"it is looked at again within {LONGEST.days} days, on a day that is not over"
            yield Objection("look-again", told, authority.kind, authority.id)


CHECKS = (still_stands, by_another)


# -- by what is done -------------------------------------------------------------------------------


def looked_at(proposal: Proposal) -> Iterator[Record]:
    """Somebody in office is asked to look whether it still holds, before it lapses. Once it has ended,
    whoever has the person hears that what was said in their place still stands."""
    view = proposal.view
    for authority, change in proposal.of(Authority, "record", "look_again", "end"):
        over = "end" in change.acts
        for task in find(view, Task, subject=authority.person, what=LOOK, state="open"):
            if task.about == authority.id:
                yield task.drop() if over else task.done()
        ask = asked_about if over else keeper_for
        owner = ask(view, authority.person, but=(authority.human,))
        if owner and (not over or _said_in_place(view, authority)):
            due = view.now if over else max(view.now, _before(view, authority.look_on))
            what = LEFT if over else LOOK
            yield Task.give(owner=owner, what=what, due=due, about=authority, person=authority.person)


def _before(view: View, day: date) -> datetime:
    return midnight(max(day, today_in(view)), zone_of(view)) - EARLIER


def _said_in_place(view: View, authority: Authority) -> bool:
    """Whether a word that a substitute said for the person still counts."""
    return any(
        one.in_place and one.state in {"given", "refused"}
        for one in find(view, Consent, subject=authority.person)
    )


RESPONSES = (looked_at,)
