# SPDX-License-Identifier: Apache-2.0
"""Breaking the glass: reading about somebody, for a stated reason and a short time, without their word."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, one_of, record, ref
from peerkit.model.decision import Decision

PUT_OFF = ("endangers_person", "endangers_other")
"""Why somebody is told later that their record was opened: telling now would endanger them, or another."""

FINDINGS = ("sound", "not_sound")
"""What the review found: the reason held, or it did not."""


@record(
    "break_glass",
    """
    of  from  act         to      who     strength
    -   -     begin       open    kit     none
    -   open  close       closed  anyone  none
    -   *     tell        =       anyone  none
    -   *     tell_later  =       anyone  none
    -   *     show        =       kit     none
    -   *     review      =       anyone  none
    """,
    subjects="about person reader",
    refs="reviewer",
)
class BreakGlass(Record):
    """Somebody opened a person's record without the right to, because it could not wait.

    `reader` opened the record of `about`, for the `reason`, and may read until `until`, which the kit sets;
    then it ends by itself. `person` is whom this record is shown to: the person it is about, unless
    telling them now would endanger somebody (`put_off`, until `tell_by` at the latest). Another human than
    the reader tells them (`told`), and another than the reader reviews it (`finding`, `words`). Made by
    `kit.break_glass` alone.
    """

    about: Operational[str]
    person: Operational[tuple[str, ...]]
    reader: Operational[str]
    until: Operational[datetime]
    reason: Own[str]
    told: Operational[bool] = False
    put_off: Operational[str] = ""
    tell_by: Operational[datetime | None] = None
    reviewer: Operational[str] = ""
    finding: Operational[str] = ""
    words: Own[str] = ""
    state: Operational[str] = "open"

    @classmethod
    @act
    def begin(
        cls, *, about: Ref, reader: Ref, until: datetime, reason: str, by: Decision | None = None
    ) -> Self:
        """The record is opened, until this instant."""
        person = ref(about)
        return cls(about=person, person=(person,), reader=ref(reader), until=until, reason=reason)

    @act
    def close(self, *, by: Decision | None = None) -> Self:
        """It is no longer needed: closed before its time."""
        return self

    @act
    def tell(self, *, by: Decision | None = None) -> Self:
        """The person has been told."""
        return attrs.evolve(self, told=True, person=(self.about,), put_off="", tell_by=None)

    @act
    def tell_later(self, *, reason: str, tell_by: datetime, by: Decision | None = None) -> Self:
        """Telling now would endanger somebody: the person is told by this time, and not shown it before."""
        why = one_of(reason, PUT_OFF, "break_glass.put_off")
        return attrs.evolve(
            self, told=False, person=(), put_off=why, tell_by=when.instant(tell_by, "break_glass.tell_by")
        )

    @act
    def show(self, *, by: Decision | None = None) -> Self:
        """The time until which telling was put off is over: the person is shown it, told or not."""
        return attrs.evolve(self, person=(self.about,), put_off="", tell_by=None)

    @act
    def review(self, *, reviewer: Ref, finding: str, words: str = "", by: Decision | None = None) -> Self:
        """Another human looked whether the reason held."""
        return attrs.evolve(
            self,
            reviewer=ref(reviewer),
            finding=one_of(finding, FINDINGS, "break_glass.finding"),
            words=words,
        )

    def kept_back(self, now: datetime) -> bool:
        """Whether the person is not shown it yet: telling is put off, and the time has not come."""
        return bool(self.put_off) and not self.told and (self.tell_by is None or now < self.tell_by)

    def in_force(self, now: datetime) -> bool:
        """Whether it opens anything at this instant."""
        return self.state == "open" and now < self.until
