# SPDX-License-Identifier: Apache-2.0
"""Groups, drop-ins, warm lines: support that asks for no name, and what a supporter keeps for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Public, Record, Ref, named, one_of, record, ref
from peerkit.model.decision import Decision
from peerkit.model.meeting import supported

FORMATS = (
    "group",
    "drop_in",
    "self_help_meeting",
    "social_recreation",
    "patient_council",
    "alternative_business",
    "survivor_run_service",
    "research",
    "evaluation",
    "housing",
    "crisis_support",
    "warm_line",
    "training",
    "advocacy",
    "network",
    "historical_remembrance",
    "worker_association",
    "arts_culture",
    "specialized_justice",
    "specialized_trauma",
    "specialized_substance_use",
    "hospital_to_home",
)
"""Formats of peer support after OPDI, *Peer Support*; hospital-to-home after *Therapeutic Relationships from
Hospital to Community*. The list is open: a program writes its own in the same form."""

CHANNELS = ("call", "text", "chat", "video", "in_passing")
"""How an interaction came about."""

MOST_HEADS = 100_000


@record(
    "activity",
    """
    of  from          act           to            who     strength
    -   -             plan          planned       anyone  none
    -   -             enter         held          anyone  none
    -   planned       move          =             anyone  none
    -   planned       change        =             anyone  none
    -   planned       cancel        cancelled     anyone  none
    -   planned,held  hold          held          anyone  none
    -   planned,held  fall_through  fell_through  anyone  none
    """,
    subjects="facilitators",
)
class Activity(Record):
    """A group, a drop-in, or any other format (`FORMATS`, an open list) that more than two share. Everybody
    may read it, so nothing in it names anybody but the `facilitators`.

    `local`, `timezone` and `minutes` as of a meeting. `headcount` is how many came, without names; None: not
    counted. `topics` are a few words about what it was about, naming nobody. With `sign_up` people may sign
    themselves up (`SignUp`), by their own decision; without, they simply come. One of those who lead it
    supports others or holds an office.
    """

    title: Public[str]
    format: Public[str]
    facilitators: Operational[tuple[str, ...]]
    local: Operational[str]
    timezone: Operational[str]
    minutes: Operational[int] = 120
    place: Public[str] = ""
    sign_up: Public[bool] = False
    support: Operational[tuple[str, ...]] = ()
    topics: Public[tuple[str, ...]] = ()
    headcount: Operational[int | None] = None
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(
        cls,
        *,
        title: str,
        format: str,  # as the field
        facilitators: tuple[Ref, ...],
        local: datetime,
        timezone: str,
        minutes: int = 120,
        place: str = "",
        sign_up: bool = False,
        by: Decision | None = None,
    ) -> Self:
        """It is planned for a wall-clock time (no offset) and a zone, with at least one who leads it."""
        return cls(
            title=named(title, "activity.title"),
            format=_code(format),
            facilitators=_led(facilitators),
            local=when.wall(local, "activity.local", timezone),
            timezone=timezone,
            minutes=when.minutes(minutes, "activity.minutes"),
            place=place,
            sign_up=sign_up,
        )

    @classmethod
    @act
    def enter(
        cls,
        *,
        title: str,
        format: str,  # as the field
        facilitators: tuple[Ref, ...],
        local: datetime,
        timezone: str,
        minutes: int = 120,
        place: str = "",
        headcount: int | None = None,
        support: tuple[str, ...] = (),
        topics: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """It took place and is written down now, on that day or another."""
        return cls(
            title=named(title, "activity.title"),
            format=_code(format),
            facilitators=_led(facilitators),
            local=when.wall(local, "activity.local", timezone),
            timezone=timezone,
            minutes=when.minutes(minutes, "activity.minutes"),
            place=place,
            headcount=_heads(headcount),
            support=supported(support, "activity"),
            topics=tuple(topics),
        )

    @act
    def move(self, local: datetime, *, timezone: str | None = None, by: Decision | None = None) -> Self:
        """Another time."""
        return attrs.evolve(
            self,
            local=when.wall(local, "activity.local", timezone or self.timezone),
            timezone=timezone or self.timezone,
        )

    @act
    def change(
        self,
        *,
        title: str | None = None,
        facilitators: tuple[Ref, ...] | None = None,
        place: str | None = None,
        minutes: int | None = None,
        sign_up: bool | None = None,
        by: Decision | None = None,
    ) -> Self:
        """Something about it is otherwise; what is left out stays."""
        return attrs.evolve(
            self,
            title=self.title if title is None else named(title, "activity.title"),
            facilitators=self.facilitators if facilitators is None else _led(facilitators),
            place=self.place if place is None else place,
            minutes=self.minutes if minutes is None else when.minutes(minutes, "activity.minutes"),
            sign_up=self.sign_up if sign_up is None else sign_up,
        )

    @act
    def cancel(self, *, by: Decision | None = None) -> Self:
        """It is called off."""
        return self

    @act
    def hold(
        self,
        *,
        headcount: int | None = None,
        minutes: int | None = None,
        support: tuple[str, ...] = (),
        topics: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """It took place, and so many came (None: nobody counted)."""
        return attrs.evolve(
            self,
            headcount=_heads(headcount),
            minutes=self.minutes if minutes is None else when.minutes(minutes, "activity.minutes"),
            support=supported(support, "activity"),
            topics=tuple(topics),
        )

    @act
    def fall_through(self, *, by: Decision | None = None) -> Self:
        """It did not take place, also where it was written down as held by mistake."""
        return self

    @property
    def starts(self) -> datetime:
        """When it starts, with its zone."""
        return when.in_zone(self.local, self.timezone)


@record(
    "sign_up",
    """
    of  from    act       to      who     strength
    -   -       sign_up   coming  person  said
    -   coming  withdraw  over    person|kit  none
    """,
    subjects="person facilitators",
)
class SignUp(Record):
    """A person means to come to an activity. It is their own decision, they may take it back without a word,
    and nobody ticks them off: who came is a headcount.

    `facilitators` are those of the activity at that time; besides them and the person nobody reads it.
    """

    person: Operational[str]
    activity: Operational[str]
    facilitators: Operational[tuple[str, ...]]
    state: Operational[str] = "coming"

    @classmethod
    @act
    def sign_up(cls, activity: Activity, *, person: Ref, by: Decision | None = None) -> Self:
        """The person would like to come."""
        return cls(person=ref(person), activity=activity.id, facilitators=activity.facilitators)

    @act
    def withdraw(self, *, by: Decision | None = None) -> Self:
        """They would rather not. Nobody asks why."""
        return self


@record(
    "interaction",
    """
    of  from   act     to      who     strength
    -   -      note    noted   anyone  none
    -   noted  strike  struck  anyone  none
    """,
    subjects="person supporter",
)
class Interaction(Record):
    """A call or text on the warm line, a word in passing: too short, or too nameless, to be a meeting.

    Without a `person` it is only counted. It has no field for words at all, so nobody is written about by
    whom they called. `local` and `timezone` say when it was, `channel` how (`CHANNELS`). A warm line is no
    crisis line: `kit.warm_line()` says so, and whom to call instead.
    """

    supporter: Operational[str]
    channel: Operational[str]
    local: Operational[str]
    timezone: Operational[str]
    person: Operational[str] = ""
    minutes: Operational[int] = 0
    support: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "noted"

    @classmethod
    @act
    def note(
        cls,
        *,
        supporter: Ref,
        channel: str,
        local: datetime,
        timezone: str,
        person: Ref | None = None,
        minutes: int = 0,
        support: tuple[str, ...] = (),
        by: Decision | None = None,
    ) -> Self:
        """Somebody called, wrote or was met; `minutes` may stay 0 where nobody looked at a clock."""
        return cls(
            supporter=ref(supporter),
            channel=one_of(channel, CHANNELS, "interaction.channel"),
            local=when.wall(local, "interaction.local", timezone),
            timezone=timezone,
            person=ref(person),
            minutes=when.minutes(minutes, "interaction.minutes"),
            support=supported(support, "interaction"),
        )

    @act
    def strike(self, *, by: Decision | None = None) -> Self:
        """It was noted by mistake and counts no more."""
        return self

    @property
    def starts(self) -> datetime:
        """When it was, with its zone."""
        return when.in_zone(self.local, self.timezone)


@record(
    "reflection",
    """
    of  from  act     to  who     strength
    -   -     write   =   author  none
    -   *     reword  =   author  none
    """,
    subjects="author",
)
class Reflection(Record):
    """What a supporter thinks over for themselves. It names nobody and is about nobody but its author.

    Nobody else ever reads it: no office, no system, no plugin. It leaves only with its author's own take-out
    (`kit.disclose(Reflection, to=me, purpose="export", …)`), whatever anybody consented to, and its author
    erases it alone (`kit.erase(reflection, asked_by=me, decided_by=me, …)`).
    """

    author: Operational[str]
    words: Own[str]

    @classmethod
    @act
    def write(cls, *, author: Ref, words: str, by: Decision | None = None) -> Self:
        """Their words, for themselves."""
        return cls(author=ref(author), words=words)

    @act
    def reword(self, words: str, *, by: Decision | None = None) -> Self:
        """Other words. What stood before stays in its history, until its author erases it."""
        return attrs.evolve(self, words=words)


def _code(name: str) -> str:
    if name in FORMATS or (is_code(name) and name.replace("-", "_") not in FORMATS):
        return name
    told = f"a format is one of {', '.join(FORMATS)}, or a code of your own in the same form"
    raise Malformed(told, where="activity.format")


def _led(facilitators: tuple[Ref, ...]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(ref(one) for one in facilitators))
    if not found:
        raise Malformed("somebody leads an activity, or is there for it", where="activity.facilitators")
    return found


def _heads(count: int | None) -> int | None:
    if count is not None and (type(count) is not int or not 0 <= count <= MOST_HEADS):
        told = f"a headcount is a whole number from 0 to {MOST_HEADS}, or None: not counted"
        raise Malformed(told, where="activity.headcount")
    return count
