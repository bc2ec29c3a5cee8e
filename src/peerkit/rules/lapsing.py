# SPDX-License-Identifier: Apache-2.0
"""Expiry that acts and drops nobody: a lapse is told in time, and ends no relationship.

Where a program needs credentials, whoever lacks one is proposed to nobody (`rules.training`). One who had it
and has it no longer goes on walking beside the people they walk with: the relationship stays, and meanwhile
each of them is somebody else's to look after (`rules.routes` works that out), until it is renewed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from peerkit.hooks import Proposal, View
from peerkit.model.base import Record
from peerkit.model.credential import Credential
from peerkit.model.people import PeerSupporter, Person
from peerkit.model.relationship import Relationship
from peerkit.model.work import Task
from peerkit.rules import routes
from peerkit.rules.keepers import keeper_for, supervisors
from peerkit.rules.readable import find, get
from peerkit.rules.standing import today_in

DAY = timedelta(days=1)

WARNED = 30 * DAY
"""So long before a credential lapses its holder hears of it. Own choice, not a published rule."""


# -- by the clock ----------------------------------------------------------------------------------


def running_out(proposal: Proposal) -> Iterator[Record]:
    """Credentials that lapse within thirty days, or did. Who is told follows from the acts."""
    view = proposal.view
    today = today_in(view)
    soon = today + WARNED
    for one in find(view, Credential, lambda c: c.until < today, state="valid", told=("", "soon")):
        yield one.run_out()
    for one in find(view, Credential, lambda c: c.until <= soon, state="valid", told=""):
        if one.until is not None and one.until >= today:
            yield one.run_low()


CLOCK = (running_out,)
"""What `rules.clock` asks at every tick."""


# -- by what is done -------------------------------------------------------------------------------


def told(proposal: Proposal) -> Iterator[Record]:
    """The holder hears that a credential lapses or lapsed, and so does their supervisor, if they support
    others. Nobody is told where another one of the same kind holds on."""
    view = proposal.view
    day = today_in(view)
    for one, change in proposal.of(Credential, "run_low", "run_out", "suspend", "withdraw"):
        holder = get(view, Person, one.person)
        soon = one.told == "soon" and one.until is not None and change.acts == ("run_low",)
        without = one.until + DAY if soon and one.until is not None else day
        if holder is None or holder.state != "here" or _goes_on(view, one, without):
            continue
        what = "credential-soon" if soon else "credential-lapsed"
        waiting = find(view, Task, subject=one.person, state="open")
        given = {(t.what, t.about, t.owner) for t in waiting}
        for task in waiting:
            if not soon and task.what == "credential-soon" and task.about == one.id:
                yield task.drop()  # it has come
        for owner in _told(view, one.person):
            if (what, one.id, owner) not in given:
                due = proposal.now + (without - day)
                yield Task.give(owner=owner, what=what, due=due, about=one, person=one.person)


def _goes_on(view: View, lapsing: Credential, day: date) -> bool:
    """Whether the holder has another one of the same that holds on a day without this one."""
    held = find(view, Credential, subject=lapsing.person)
    same = [one for one in held if (one.what, one.level) == (lapsing.what, lapsing.level)]
    return any(one.id != lapsing.id and one.holds(day) for one in same)


def _told(view: View, holder: str) -> list[str]:
    """The holder, and who answers for them if they support others."""
    supports = any(
        r.person == holder and r.state == "active" for r in find(view, PeerSupporter, subject=holder)
    )
    over = (supervisors(view, holder) or [keeper_for(view, holder)]) if supports else []
    return list(dict.fromkeys([holder, *(one for one in over if one)]))


def settled(proposal: Proposal) -> Iterator[Record]:
    """Renewed, reinstated or withdrawn: what was due about it before is not any more."""
    for one, change in proposal.of(Credential, "renew", "reinstate", "withdraw"):
        before = change.before
        if before is None:
            continue
        for task in find(proposal.view, Task, subject=one.person, state="open"):
            if task.about == one.id and task.what in {"credential-soon", "credential-lapsed"}:
                ended = change.acts[-1] == "withdraw"
                yield task.drop() if ended else task.done()


def over(proposal: Proposal) -> Iterator[Record]:
    """A relationship that ends while its supporter's credential has lapsed: whoever had the person meanwhile
    is asked to find them somebody."""
    view = proposal.view
    for relation, change in proposal.of(Relationship, "end"):
        for task in find(view, Task, subject=relation.person, state="open"):
            if task.about == relation.id and task.what == routes.MEANWHILE:
                yield task.done()
        person, route = get(view, Person, relation.person), routes.route_of(view, relation.person)
        walked = isinstance(change.before, Relationship) and change.before.walking
        if not walked or relation.ending == "handed_over" or person is None or person.state != "here":
            continue
        if route is not None and route.open and route.because != "relationship":
            yield routes.task(proposal, route.holder_at(proposal.now), "reassign", relation)


RESPONSES = (told, settled, over)
