# SPDX-License-Identifier: Apache-2.0
"""Care for the peer: debriefs in a rhythm, and the limits that a supporter set for themselves.

Nothing here asks how a supporter is, or keeps anything about it: there is a day, and a task. Debriefing is
weekly, about interactions, touches the supporter's own mental health only if they raise it, and may be with
another peer (CICMH, Campus Peer Support toolkit, *Debriefing*, as seen in 2026; no year on it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from peerkit.hooks import Proposal, View
from peerkit.model.activity import Activity, Interaction
from peerkit.model.base import Record
from peerkit.model.meeting import Meeting
from peerkit.model.people import PeerSupporter
from peerkit.model.relationship import Relationship
from peerkit.model.when import lenient
from peerkit.model.work import Task
from peerkit.rules.keepers import keeper_for, supervisor_here
from peerkit.rules.readable import find
from peerkit.rules.standing import program_of, today_in, zone_of

CARE = "care-for-the-peer"
MINUTE = timedelta(minutes=1)


# -- debriefs, by the clock ------------------------------------------------------------------------


def debriefs(proposal: Proposal) -> Iterator[Record]:
    """Who walks beside somebody is asked to debrief in the program's rhythm; for whom one waits already, not
    twice."""
    view = proposal.view
    program = program_of(view)
    if program is None or not program.debrief_days:
        return
    today = today_in(view)
    following = today + timedelta(days=program.debrief_days)
    for role in find(view, PeerSupporter, state="active", debrief_on=None):
        yield role.debrief_next(on=following)
    for role in find(view, PeerSupporter, lambda r: r.debrief_on <= today, state="active"):
        if _walks(view, role.person) and not _waits(view, role.person, what="debrief", about=role.id):
            yield Task.give(owner=role.person, what="debrief", due=proposal.now, about=role)
        yield role.debrief_next(on=following)


CLOCK = (debriefs,)


def _walks(view: View, supporter: str) -> bool:
    theirs = find(view, Relationship, subject=supporter, state=("agreed", "paused"))
    return any(one.supporter == supporter for one in theirs)


def _waits(view: View, owner: str, *, what: str, about: str) -> bool:
    found = find(view, Task, subject=owner, what=what, about=about, state="open")
    return any(one.owner == owner for one in found)


# -- what a supporter wishes at most ---------------------------------------------------------------


def beyond_wishes(proposal: Proposal) -> Iterator[Record]:
    """More than a supporter wishes, or in hours in which they want no contact: their supervisor and they hear
    of it, once for each week, day or load. What happened, or is planned, stands."""
    for supporter, record in _given(proposal):
        for role in find(proposal.view, PeerSupporter, subject=supporter, state="active"):
            if role.person == supporter and (role.hours_a_week or role.no_contact):
                yield from _looked_at(proposal, role, record)
    for role, _ in proposal.of(PeerSupporter, "update"):
        held = find(proposal.view, Relationship, subject=role.person, state=("agreed", "paused"))
        if role.state == "active" and sum(one.supporter == role.person for one in held) > role.capacity:
            yield from _cared_for(proposal, role, "people")


def _given(proposal: Proposal) -> Iterator[tuple[str, Meeting | Activity | Interaction]]:
    for meeting, _ in proposal.of(Meeting, "plan", "enter", "move", "hold"):
        yield meeting.supporter, meeting
    for interaction, _ in proposal.of(Interaction, "note"):
        yield interaction.supporter, interaction
    for activity, _ in proposal.of(Activity, "plan", "enter", "move", "change", "hold"):
        for human in activity.facilitators:
            yield human, activity


def _looked_at(
    proposal: Proposal, role: PeerSupporter, record: Meeting | Activity | Interaction
) -> Iterator[Record]:
    local = datetime.fromisoformat(record.local)
    if role.hours_a_week:
        monday = local.date() - timedelta(days=local.weekday())
        if _minutes(proposal.view, role.person, monday) > role.hours_a_week * 60:
            year, week, _ = monday.isocalendar()
            yield from _cared_for(proposal, role, f"{year}-W{week:02}")
    if role.no_contact and _within(proposal.view, role.no_contact, record):
        yield from _cared_for(proposal, role, local.date().isoformat())


def _minutes(view: View, supporter: str, monday: date) -> int:
    """What a supporter gives in the week from this Monday, as far as it is written down."""
    first, last = monday.isoformat(), (monday + timedelta(days=7)).isoformat()
    found: list[Meeting | Activity | Interaction] = []
    for kind in (Meeting, Activity, Interaction):
        found += find(
            view,
            kind,
            lambda one: one.local >= first,
            lambda one: one.local < last,
            subject=supporter,
            state=("planned", "held", "noted"),
        )
    return sum(one.minutes for one in found if supporter in _givers(one))


def _givers(one: Meeting | Activity | Interaction) -> Iterable[str]:
    return one.facilitators if isinstance(one, Activity) else (one.supporter,)


def _within(view: View, hours: str, record: Meeting | Activity | Interaction) -> bool:
    """Whether it begins or ends in these weekly hours, on the program's clock."""
    zone = zone_of(view)
    begins = record.starts.astimezone(UTC)
    ends = begins + max(timedelta(minutes=record.minutes) - MINUTE, timedelta())
    covered = lenient(hours)
    return any(covered.covers(moment, zone) for moment in (begins, ends))


def _cared_for(proposal: Proposal, role: PeerSupporter, what: str) -> Iterator[Record]:
    view = proposal.view
    other = supervisor_here(view, role.person) or keeper_for(view, role.person)
    for owner in dict.fromkeys(one for one in (role.person, other) if one):
        told = find(view, Task, subject=owner, what=CARE, about=role.id)
        if all(one.owner != owner or one.note != what for one in told):
            yield Task.give(owner=owner, what=CARE, due=proposal.now, about=role, note=what)


RESPONSES = (beyond_wishes,)
