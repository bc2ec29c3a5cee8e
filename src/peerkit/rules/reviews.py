# SPDX-License-Identifier: Apache-2.0
"""Reviews and follow-ups: a day comes, somebody hears of it, and a no ends it at once."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from peerkit.errors import Objection
from peerkit.hooks import Proposal, View
from peerkit.model.base import Record
from peerkit.model.people import Person
from peerkit.model.review import FollowUp, Review
from peerkit.model.work import Task
from peerkit.rules.keepers import asked_about, keeper_for
from peerkit.rules.readable import find, get
from peerkit.rules.standing import today_in

SOONEST, LATEST = 3, 6
"""Months after which the person is asked again (OPDI, feedback form: follow-up in three to six months)."""


# -- by the clock ----------------------------------------------------------------------------------


def reviews_due(proposal: Proposal) -> Iterator[Record]:
    """Reviews whose day has come, and about whom somebody can be asked: the others wait for whoever comes."""
    today = today_in(proposal.view)
    for review in find(proposal.view, Review, lambda r: r.on <= today, state="planned"):
        if asked_about(proposal.view, review.person):
            yield review.fall_due()


def follow_ups_due(proposal: Proposal) -> Iterator[Record]:
    """Follow-ups whose day has come, likewise."""
    today = today_in(proposal.view)
    for follow_up in find(proposal.view, FollowUp, lambda f: f.on <= today, state="agreed"):
        if keeper_for(proposal.view, follow_up.person):
            yield follow_up.fall_due()


CLOCK = (reviews_due, follow_ups_due)
"""What `rules.clock` asks at every tick. The tasks follow from the acts, in the same commit."""


# -- by what is done -------------------------------------------------------------------------------


def told(proposal: Proposal) -> Iterator[Record]:
    """A review is due from whoever the person's route names. A follow-up is due from a coordinator: nobody
    is asked how it was by the one whom they would speak of."""
    view, now = proposal.view, proposal.now
    for review, _ in proposal.of(Review, "fall_due"):
        if owner := asked_about(view, review.person):
            yield Task.give(owner=owner, what="review", due=now, about=review, person=review.person)
    for follow_up, _ in proposal.of(FollowUp, "fall_due"):
        if owner := keeper_for(view, follow_up.person):
            yield Task.give(owner=owner, what="follow-up", due=now, about=follow_up, person=follow_up.person)


def settled(proposal: Proposal) -> Iterator[Record]:
    """Held, declined, moved or taken back: nothing is due any more, in the same commit."""
    for review, change in proposal.of(Review):
        if getattr(change.before, "state", "") == "due" and review.state != "due":
            yield from _ended(proposal.view, review.person, review.id, done=review.state == "held")
    for follow_up, change in proposal.of(FollowUp):
        if getattr(change.before, "state", "") == "due" and follow_up.state != "due":
            yield from _ended(proposal.view, follow_up.person, follow_up.id, done=follow_up.state == "asked")


def _ended(view: View, person: str, about: str, *, done: bool) -> Iterator[Record]:
    for task in find(view, Task, subject=person, state="open"):
        if task.about == about:
            yield task.done() if done else task.drop()


def rhythm(proposal: Proposal) -> Iterator[Record]:
    """After a review that was held or declined comes the next one of the rhythm, unless the person says
    in the same commit that they are done."""
    for review, _ in proposal.of(Review, "hold", "decline"):
        on = review.following(today_in(proposal.view))
        person = get(proposal.view, Person, review.person)
        if on is not None and person is not None and person.state == "here":
            yield Review.follow(person=review.person, plan_id=review.plan_id, on=on, every=review.every)


def gone(proposal: Proposal) -> Iterator[Record]:
    """Whoever says they are done has no reviews any more; a follow-up that they agreed to stands, since it is
    for afterwards. Whoever died is asked nothing."""
    view = proposal.view
    for person, _ in proposal.of(Person, "leave", "mark_died"):
        for review in find(view, Review, subject=person.id):
            if review.state in {"planned", "due"}:
                yield review.stop()
        for follow_up in find(view, FollowUp, subject=person.id) if person.state == "died" else ():
            if follow_up.state in {"agreed", "due"}:
                yield follow_up.withdraw()


RESPONSES = (told, settled, rhythm, gone)


# -- what is checked -------------------------------------------------------------------------------


def in_time(proposal: Proposal) -> Iterator[Objection]:
    """A follow-up is three to six months away, so that something had time to be otherwise and the support is
    not forgotten yet."""
    for follow_up, _ in proposal.of(FollowUp, "agree"):
        today = today_in(proposal.view)
        if not months_after(today, SOONEST) <= follow_up.on <= months_after(today, LATEST):
            sentence = f"a follow-up is {SOONEST} to {LATEST} months from now"
            yield Objection("follow-up-time", sentence, follow_up.kind, follow_up.id)


CHECKS = (in_time,)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
