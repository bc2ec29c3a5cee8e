# SPDX-License-Identifier: Apache-2.0
"""The module in a relationship: the person takes it in, and leaves it whenever they like."""

from __future__ import annotations

from datetime import date
from typing import Self

import attrs

from peerkit import Decision, Malformed, Operational, Record, Ref, act, record, ref
from peerkit_diabetes.gates import gates

RIGHTS = """
role        kind                read  acts
own:person  diabetes_enrolment  yes   join,go_on,leave
supporter   diabetes_enrolment  yes   join,go_on,leave
cover       diabetes_enrolment  yes   leave
"""


@record(
    "diabetes_enrolment",
    """
    of  from    act         to      who     strength
    -   -       join        joined  person  said
    -   joined  go_on       =       person  said
    -   joined  leave       left    person  none
    -   joined  look_again  =       anyone  none
    """,
    subjects="person",
    refs="relationship",
    module="diabetes",
)
class DiabetesEnrolment(Record):
    """That a person took the diabetes module into one of their relationships, by their own decision.

    Whoever walks beside them in it has passed the module's gates on the day they join
    (`peerkit_diabetes.gates`). `gates_until` is the last day on which those go on being passed as they are
    (None: for good, or some are open), `gates_open` the ids of gates that opened since: nobody is dropped for
    it, and the supporter hears of it. Leaving ends the enrolment and nothing else: what the person wrote is
    theirs.
    """

    person: Operational[str]
    relationship: Operational[str]
    gates_until: Operational[date | None] = None
    gates_open: Operational[tuple[str, ...]] = ()
    state: Operational[str] = "joined"

    @classmethod
    @act
    def join(cls, *, person: Ref, relationship: Ref, by: Decision | None = None) -> Self:
        """The person takes the module into a relationship of theirs."""
        return cls(person=ref(person), relationship=ref(relationship))

    @act
    def go_on(self, relationship: Ref, *, by: Decision | None = None) -> Self:
        """They go on with it in another relationship, beside somebody else who has passed the gates."""
        return attrs.evolve(self, relationship=ref(relationship))

    @act
    def leave(self, *, by: Decision | None = None) -> Self:
        """They leave the module. Nobody asks why."""
        return self

    @act
    def look_again(
        self,
        until: date | None = None,
        *,
        open: tuple[str, ...] = (),  # as the field
        by: Decision | None = None,
    ) -> Self:
        """How their supporter stands to the gates has changed; the module itself writes this."""
        ids = [one.id for one in gates()]
        if any(one not in ids for one in open):
            raise Malformed(f"a gate is one of {', '.join(ids)}", where="diabetes_enrolment.gates_open")
        return attrs.evolve(self, gates_until=until, gates_open=tuple(open))
