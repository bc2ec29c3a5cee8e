# SPDX-License-Identifier: Apache-2.0
"""Tasks: something due from a named human."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, record, ref
from peerkit.model.decision import Decision


@record(
    "task",
    """
    of  from  act      to    who     strength
    -   -     give     open  anyone  none
    -   open  done     done  anyone  none
    -   open  hand_to  =     anyone  none
    -   open  drop     over  anyone  none
    """,
    subjects="person owner",
)
class Task(Record):
    """Something due from a named human. `what` is a code; `about` the id of the record it is about;
    `note` holds no person's words where the task is peerkit's own."""

    owner: Operational[str]
    what: Operational[str]
    due: Operational[datetime | None] = None
    about: Operational[str] = ""
    person: Operational[str] = ""
    note: Own[str] = ""
    state: Operational[str] = "open"

    @classmethod
    @act
    def give(
        cls,
        *,
        owner: Ref,
        what: str,
        due: datetime | None = None,
        about: Ref | None = None,
        person: Ref | None = None,
        note: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Something is due from somebody."""
        return cls(owner=ref(owner), what=what, due=due, about=ref(about), person=ref(person), note=note)

    @act
    def done(self, *, by: Decision | None = None) -> Self:
        """It is done."""
        return self

    @act
    def hand_to(self, owner: Ref, *, by: Decision | None = None) -> Self:
        """It is somebody else's now."""
        return attrs.evolve(self, owner=ref(owner))

    @act
    def drop(self, *, by: Decision | None = None) -> Self:
        """It is no longer needed."""
        return self
