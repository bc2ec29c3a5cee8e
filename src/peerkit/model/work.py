# SPDX-License-Identifier: Apache-2.0
"""Tasks: something due from a named human."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import attrs

from peerkit.model import when
from peerkit.model.acts import act
from peerkit.model.base import Operational, Own, Record, Ref, coded, record, ref
from peerkit.model.decision import Decision

PERSONAL = frozenset({"duty-in-person", "tell-of-report"})
"""Tasks about what is due from somebody in person: no cover hears of them, nobody is asked too, and nobody
gets them instead."""


@record(
    "task",
    """
    of  from  act      to    who     strength
    -   -     give     open  anyone  none
    -   open  done     done  anyone  none
    -   open  hand_to  =     anyone  none
    -   open  ask_too  =     kit     none
    -   open  drop     over  anyone  none
    """,
    subjects="person owner asked_too",
    refs="about",
)
class Task(Record):
    """Something due from a named human. `what` is a code (`ask-after-referral`); `about` the id of the record
    it is about; `note` holds no person's words where the task is peerkit's own. `asked_too` is a second human
    whom peerkit asks once it has lain for two days past its due time; it stays its owner's."""

    owner: Operational[str]
    what: Operational[str]
    due: Operational[datetime | None] = None
    about: Operational[str] = ""
    person: Operational[str] = ""
    note: Own[str] = ""
    asked_too: Operational[str] = ""
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
        return cls(
            owner=ref(owner),
            what=coded(what, "task.what", joined=True),
            due=when.instant(due, "task.due"),
            about=ref(about),
            person=ref(person),
            note=note,
        )

    @act
    def done(self, *, by: Decision | None = None) -> Self:
        """It is done."""
        return self

    @act
    def hand_to(self, owner: Ref, *, by: Decision | None = None) -> Self:
        """It is somebody else's now."""
        return attrs.evolve(self, owner=ref(owner), asked_too="")

    @act
    def ask_too(self, second: Ref, *, by: Decision | None = None) -> Self:
        """It has lain for too long: a second human is asked beside its owner."""
        return attrs.evolve(self, asked_too=ref(second))

    @act
    def drop(self, *, by: Decision | None = None) -> Self:
        """It is no longer needed."""
        return self
