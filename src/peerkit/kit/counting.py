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

import statistics
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from peerkit.codec import Opaque
from peerkit.errors import Malformed, Objection, Refused
from peerkit.kit.counts import Counts, Waits
from peerkit.model.activity import Activity, Interaction
from peerkit.model.base import Record
from peerkit.model.keeping import Read
from peerkit.model.meeting import Meeting
from peerkit.model.referral import Referral
from peerkit.model.relationship import Relationship
from peerkit.model.when import zone_or_utc
from peerkit.paging import every
from peerkit.ports import Condition, Envelope, Query, Stored, cursor

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit
    from peerkit.kit.session import Session

R = TypeVar("R", bound=Record)

SMALL = 5
"""Cells below this are not shown. That there is such a number is common in disclosure control; that it is
five is peerkit's own choice."""

PAGE = 1000
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
    return _Counting(kit, first, last, now if as_of is None else as_of, own_use=own_use).all()


# -- reading ---------------------------------------------------------------------------------------


class _Counting:
    """One count: the period as instants, and the place in the feed that it is taken at."""

    def __init__(self, kit: Kit, first: date, last: date, position: int, *, own_use: bool) -> None:
        self.kit, self.first, self.last, self.position, self.own_use = kit, first, last, position, own_use
        self.zone = zone_or_utc(kit.program.timezone)
        self.start = datetime.combine(first, time(), self.zone).astimezone(UTC)
        self.end = datetime.combine(last + timedelta(days=1), time(), self.zone).astimezone(UTC)
        self.unreadable = 0
        self._later: dict[str, set[str]] | None = None

    def heads(self, kind: type[R], *conditions: Condition, order: str = "") -> Iterator[tuple[Stored, bool]]:
        """Newest versions that were written by then, page by page, each with True; and, with False, what
        each record was by then that has been changed since, which the conditions are not asked of."""
        for row in every(self.kit.storage, Query(kind.kind, tuple(conditions), order=order)):
            if row.envelope.position <= self.position:
                yield row, True
        for id_ in self._changed_since(kind.kind):
            if versions := self.versions(kind.kind, id_):
                yield versions[-1], False

    def _changed_since(self, kind: str) -> Iterable[str]:
        """Records of a kind that were changed behind the position."""
        if self._later is None:
            self._later = {}
            behind = cursor(self.kit.storage.incarnation, self.position)
            while True:
                page = self.kit.storage.changes(behind, PAGE)
                for one in page.envelopes:
                    if one.kind in _KINDS:
                        self._later.setdefault(one.kind, set()).add(one.id)
                behind = page.cursor
                if not page.more:
                    break
        return sorted(self._later.get(kind, ()))

    def versions(self, kind: str, id_: str) -> list[Stored]:
        """What was written by then of one record, oldest first."""
        return [one for one in self.kit.storage.history(kind, id_) if one.envelope.position <= self.position]

    def read(self, kind: type[R], stored: Stored) -> R | None:
        """The version; None if it is erased, or cannot be read (that is counted)."""
        if stored.body is None:
            return None
        found = self.kit.codec.read(stored)
        if isinstance(found, Opaque) or not isinstance(found, kind):
            self.unreadable += 1
            return None
        return found

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

    def within(self, moment: datetime) -> bool:
        """Whether an instant is in the period."""
        return self.start <= moment < self.end

    def day(self, moment: datetime) -> date:
        """The day of an instant in the program's zone."""
        return moment.astimezone(self.zone).date()

    # -- counting ------------------------------------------------------------------------------------

    def all(self) -> Counts:
        """Every count, one kind after the other."""
        met, named, nameless = _Tally(), _Tally(), _Tally()
        channels, formats, support = _Tallies(), _Tallies(), _Tallies()
        sessions, uncounted = _Tally(), _Tally()
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
        show = _Showing(self.own_use)
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

    def _relationships(self) -> tuple[list[int | None], list[int | None], _Tallies]:
        """Days of those who wait at the end, and of those who agreed in the period; endings by reason."""
        waiting: list[int | None] = []
        begun: list[int | None] = []
        ended = _Tallies()
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

    def _referrals(self) -> tuple[_Tally, _Tallies, _Tallies]:
        """Sent in the period; what came of any in it; what people answered in it. Each referral once."""
        sent, outcomes, answers = _Tally(), _Tallies(), _Tallies()
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


# -- what is shown ---------------------------------------------------------------------------------


@attrs.define
class _Tally:
    """How many, how long, and of whom (empty: nobody's name is with it)."""

    count: int = 0
    minutes: int = 0
    people: set[str] = attrs.field(factory=set)

    def add(self, minutes: int = 0, person: str = "") -> None:
        """One more."""
        self.count += 1
        self.minutes += minutes
        if person:
            self.people.add(person)

    def less(self, part: _Tally) -> _Tally:
        """What is left of it beside a part."""
        return _Tally(self.count - part.count, self.minutes - part.minutes)

    @property
    def small(self) -> bool:
        """Whether it is below five, or of fewer than five people."""
        return 0 < self.count < SMALL or 0 < len(self.people) < SMALL


@attrs.define
class _Tallies:
    """Tallies by a code."""

    held: dict[str, _Tally] = attrs.field(factory=dict)

    def each(self, codes: Iterable[str], person: str = "") -> None:
        """One more under each of the codes."""
        for code in codes:
            self.held.setdefault(code, _Tally()).add(0, person)


@attrs.frozen
class _Showing:
    """Which cells are shown: all of them for the program's own use, else none that is small."""

    own_use: bool

    def number(self, count: int) -> int | None:
        """A count of people, or of anything else."""
        return None if not self.own_use and 0 < count < SMALL else count

    def tally(self, one: _Tally) -> int | None:
        """How many."""
        return None if not self.own_use and one.small else one.count

    def minutes(self, one: _Tally) -> int | None:
        """How long; not shown where the count is not."""
        return None if self.tally(one) is None else one.minutes

    def waits(self, each: list[int | None]) -> Waits:
        """How many, and the median and longest of those that waited."""
        number, days = self.number(len(each)), [one for one in each if one is not None]
        if not days or self.number(len(days)) is None:
            return Waits(number=number, median_days=None, longest_days=None)
        return Waits(number=number, median_days=float(statistics.median(days)), longest_days=max(days))

    def parts(
        self, held: Mapping[str, _Tally], *, shut: bool = False, within: bool = False
    ) -> dict[str, int | None]:
        """Cells that add up to something. Where what is hidden could be worked out from the rest, the
        smallest cell that is shown is hidden too. `shut`: none is shown; `within`: two that are shown or
        hidden together."""
        if self.own_use:
            return {code: one.count for code, one in sorted(held.items())}
        hidden = {code for code, one in held.items() if shut or one.small}
        if within and hidden:
            hidden = {code for code, one in held.items() if one.count}
        while hidden and (len(hidden) < 2 or sum(held[code].count for code in hidden) < SMALL):
            left = [code for code, one in held.items() if code not in hidden and one.count]
            if not left:
                break
            hidden.add(min(left, key=lambda code: (held[code].count, code)))
        return {code: None if code in hidden else one.count for code, one in sorted(held.items())}


def shown(cells: Mapping[str, int]) -> dict[str, int | None]:
    """Numbers that add up to something, as they may be passed on."""
    return _Showing(own_use=False).parts({code: _Tally(n) for code, n in cells.items()})
