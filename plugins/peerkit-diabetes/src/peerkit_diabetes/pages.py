# SPDX-License-Identifier: Apache-2.0
"""A page of the person's own log that they show somebody in the program, and take back when they like."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Self

import attrs

from peerkit import Decision, Health, Operational, Part, Record, Ref, act, part, record, ref
from peerkit.errors import Malformed
from peerkit_diabetes.log import DiabetesReading
from peerkit_diabetes.words import _

RIGHTS = """
role             kind           read  acts
own:person       diabetes_page  yes   *
own:shared_with  diabetes_page  yes   -
"""


@part
class Entry(Part):
    """One reading as it is shown to somebody: a copy of what the log says."""

    taken: Operational[datetime]
    what: Operational[str]
    moment: Operational[str] = ""
    value: Health[Decimal | None] = None
    second: Health[Decimal | None] = None
    unit: Operational[str] = ""
    off_scale: Health[str] = ""
    found: Health[str] = ""


@record(
    "diabetes_page",
    """
    of  from   act          to     who     strength
    -   -      show         shown  person  witnessed
    -   shown  take_back    kept   person  none
    -   shown  reader_gone  =      anyone  none
    """,
    subjects="person shared_with",
    module="diabetes",
)
class DiabetesPage(Record):
    """A page of the log that the person shows somebody in the program: the readings of some days, as they
    stand, and nothing that comes later. Their words beside a reading stay theirs. `shared_with` may read
    it until the person takes it back."""

    person: Operational[str]
    first: Operational[date]
    last: Operational[date]
    entries: tuple[Entry, ...] = ()
    shared_with: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "shown"

    @classmethod
    @act
    def show(
        cls,
        *,
        person: Ref,
        readings: tuple[DiabetesReading, ...],
        first: date,
        last: date,
        to: tuple[Ref, ...],
        by: Decision | None = None,
    ) -> Self:
        """The person shows these readings of theirs to whom they choose."""
        if last < first:
            raise Malformed(_("the last day comes before the first"), where="diabetes_page.last")
        if not to:
            raise Malformed(_("say whom it is shown to"), where="diabetes_page.to")
        if any(one.person != ref(person) for one in readings):
            raise Malformed(_("only one's own readings are shown"), where="diabetes_page.readings")
        return cls(
            person=ref(person),
            first=first,
            last=last,
            entries=tuple(_entries(readings)),
            shared_with=tuple(dict.fromkeys(ref(one) for one in to)),
        )

    @act
    def take_back(self, *, by: Decision | None = None) -> Self:
        """Nobody but the person reads it any more."""
        return attrs.evolve(self, shared_with=())

    @act
    def reader_gone(self, reader: Ref, *, by: Decision | None = None) -> Self:
        """Somebody who could read it has left the program; the module itself writes this."""
        return attrs.evolve(self, shared_with=tuple(one for one in self.shared_with if one != ref(reader)))


def _entries(readings: Iterable[DiabetesReading]) -> Iterable[Entry]:
    copied = [field.name for field in attrs.fields(Entry) if field.name != "extra"]
    for one in sorted((r for r in readings if r.state == "noted"), key=lambda r: (r.taken, r.id)):
        yield Entry(**{name: getattr(one, name) for name in copied})
