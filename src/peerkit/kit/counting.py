# SPDX-License-Identifier: Apache-2.0
"""What a program reports: counts of people, meetings, calls, groups, hours, waits, referrals, beginnings and
endings, of any past period. See `Session.counts`.

They come from the stored records and their history as of one place in the feed, so that the same
question gives the same answer later. Records are read page by page; what is kept meanwhile are the ids of
the people counted, and one number for each wait.

Meetings, activities and calls belong to the day on which they took place, in the program's zone, whenever
they were written down. What is decided (beginnings, endings, referrals) belongs to the day of its commit.
What was erased is counted no more. Nothing is broken down by supporter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from peerkit.errors import Malformed, Objection, Refused
from peerkit.kit.counting_sections import Sections
from peerkit.kit.counts import Counts
from peerkit.kit.reading import Reading
from peerkit.kit.showing import Showing, Tallies, Tally
from peerkit.model.activity import Activity, Interaction
from peerkit.model.base import Record
from peerkit.model.keeping import Read
from peerkit.model.meeting import Meeting
from peerkit.model.referral import Referral
from peerkit.model.relationship import Relationship
from peerkit.ports import Condition, Envelope, Stored

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit
    from peerkit.kit.session import Session

R = TypeVar("R", bound=Record)

NONE_GIVEN = "none_given"
"""An ending for which nobody gave a reason: none is needed."""

_WAITING = frozenset({"enquiry", "declined", "proposed"})


def counts(session: Session, first: date, last: date, *, own_use: bool, as_of: int | None) -> Counts:
    """See `Session.counts`."""
    for day in (first, last):
        if type(day) is not date:
            raise Malformed("a day is needed (datetime.date), without a time", where="counts")
    if last < first:
        raise Malformed("the last day is before the first", where="counts.last")
    kit, actor = session.kit, session.actor
    roles = kit.grants(actor).roles
    if "coordinator" not in roles and ("system" not in roles or own_use):
        raise Refused([Objection("no-right", "counts are a coordinator's to see")])
    now = kit.feed.look()
    if as_of is not None and (type(as_of) is not int or not 0 < as_of <= now):
        raise Malformed(f"a position of the feed is from 1 to {now}", where="counts.as_of")
    if own_use:
        why = f"counts with small cells, {first} to {last}"
        kit.write_new(lambda: Read.log(person=(), reader=actor.person, of="counts", records=(), why=why))
    sections = Sections(kit.plugins)
    counting = _Counting(
        kit, first, last, now if as_of is None else as_of, sections.kinds(kit), own_use=own_use
    )
    sections.count(counting, Showing(own_use))
    return attrs.evolve(
        counting.all(),
        sections=tuple(sections.shown),
        left_out=tuple(sections.left_out),
        unreadable=counting.unreadable,
    )


# -- counting --------------------------------------------------------------------------------------


class _Counting(Reading):
    """What the core counts."""

    def __init__(
        self, kit: Kit, first: date, last: date, position: int, kinds: Iterable[str], *, own_use: bool
    ) -> None:
        super().__init__(kit, first, last, position, {*_KINDS, *kinds})
        self.own_use = own_use

    def took_place(self, kind: type[Any], state: str) -> Iterator[Any]:
        """Meetings, activities or calls of the period. Their wall clocks may be up to a day from the
        program's, so a wider piece of the index is read, and each instant looked at."""
        wide = timedelta(days=2)
        around = (
            Condition("state", "==", state),
            Condition("local", ">=", (self.first - wide).isoformat()),
            Condition("local", "<", (self.last + wide + timedelta(days=1)).isoformat()),
        )
        for stored, _ in self.heads(kind, *around, order="local"):
            one = self.read(kind, stored)
            if one is not None and one.state == state and self.start <= one.starts < self.end:
                yield one

    def all(self) -> Counts:
        """Every count, one kind after the other."""
        met, named, nameless = Tally(), Tally(), Tally()
        channels, formats, support = Tallies(), Tallies(), Tallies()
        sessions, uncounted = Tally(), Tally()
        attendances = 0
        for meeting in self.took_place(Meeting, "held"):
            met.add(meeting.minutes, meeting.person)
            support.each(meeting.support, meeting.person)
        for call in self.took_place(Interaction, "noted"):
            (named if call.person else nameless).add(call.minutes, call.person)
            channels.each((call.channel,), call.person)
            support.each(call.support, call.person)
        for activity in self.took_place(Activity, "held"):
            sessions.add(activity.minutes)
            formats.each((activity.format,))
            support.each(activity.support)
            if activity.headcount is None:
                uncounted.add()
            attendances += activity.headcount or 0
        waiting, begun, ended = self._relationships()
        sent, outcomes, answers = self._referrals()
        show = Showing(self.own_use)
        calls = show.parts({"named": named, "nameless": nameless}, within=True)
        closed = None in calls.values()
        return Counts(
            first=self.first,
            last=self.last,
            timezone=str(self.zone),
            position=self.position,
            own_use=self.own_use,
            individuals=show.number(len(met.people | named.people)),
            meetings=show.tally(met),
            calls_named=calls["named"],
            calls_nameless=calls["nameless"],
            channels=show.parts(channels.held, shut=closed),
            sessions=show.tally(sessions),
            attendances=show.number(attendances),
            uncounted=show.parts({"with": sessions.less(uncounted), "without": uncounted})["without"],
            formats=show.parts(formats.held),
            minutes={
                "meetings": show.minutes(met),
                "interactions": None if closed else named.minutes + nameless.minutes,
                "activities": show.minutes(sessions),
            },
            support={what: show.tally(one) for what, one in sorted(support.held.items())},
            waiting=show.waits(waiting),
            begun=show.waits(begun),
            ended=show.parts(ended.held),
            referrals=show.tally(sent),
            outcomes=show.parts(outcomes.held),
            answers=show.parts(answers.held),
            unreadable=self.unreadable,
        )

    def _relationships(self) -> tuple[list[int | None], list[int | None], Tallies]:
        """Days of those who wait at the end, and of those who agreed in the period; endings by reason."""
        waiting: list[int | None] = []
        begun: list[int | None] = []
        ended = Tallies()
        until = self.day(min(self.end - timedelta(seconds=1), self.kit.clock.now()))
        for stored, newest in self.heads(Relationship):
            head = self.read(Relationship, stored)
            if head is None:
                continue
            if newest and stored.envelope.at < self.start and head.state not in _WAITING:
                continue  # nothing happened to it in the period, and nobody waits in it
            past = self._states(stored)
            if not past:
                continue
            asked = self.day(past[0][0].at) if past[0][0].acts[0].name == "enquire" else None
            if asked is not None and past[-1][1].state in _WAITING:
                waiting.append((until - asked).days)
            agreed = next((at for at, one in past if one.state in {"agreed", "paused"}), None)
            if agreed is not None and self.within(agreed.at):
                begun.append(None if asked is None else (self.day(agreed.at) - asked).days)
            over = next((at for at, one in past if one.state == "ended"), None)
            if agreed is not None and over is not None and self.within(over.at):
                ended.each((past[-1][1].ending or NONE_GIVEN,), head.person)
        return waiting, begun, ended

    def _states(self, stored: Stored) -> list[tuple[Envelope, Relationship]]:
        """The versions of a relationship up to the end of the period."""
        found = self.versions(Relationship.kind, stored.envelope.id)
        if all(one.envelope.at >= self.end for one in found):
            return []
        read = ((one.envelope, self.read(Relationship, one)) for one in found if one.envelope.at < self.end)
        return [(envelope, one) for envelope, one in read if one is not None]

    def _referrals(self) -> tuple[Tally, Tallies, Tallies]:
        """Sent in the period; what came of any in it; what people answered in it. Each referral once."""
        sent, outcomes, answers = Tally(), Tallies(), Tallies()
        for stored, newest in self.heads(Referral):
            if newest and stored.envelope.at < self.start:
                continue
            past = [v for v in self.versions(Referral.kind, stored.envelope.id) if v.envelope.at < self.end]
            acts = {act.name for v in past if self.within(v.envelope.at) for act in v.envelope.acts}
            one = self.read(Referral, past[-1]) if past and acts else None
            if one is None:
                continue
            if acts & {"send", "go_alone"}:
                sent.add(0, one.person)
            if "record_outcome" in acts:
                outcomes.each((one.outcome,), one.person)
            for act, what in (("declined", "declined"), ("recall", "recalled")):
                if act in acts:
                    outcomes.each((what,), one.person)
            if "answer" in acts:
                answers.each((one.answered,), one.person)
        return sent, outcomes, answers


_KINDS = frozenset(kind.kind for kind in (Meeting, Activity, Interaction, Relationship, Referral))
