# SPDX-License-Identifier: Apache-2.0
"""What humans did about an alert, and what is still to do before it may be closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import attrs

from peerkit.errors import Objection, Refused
from peerkit.model.acts import act
from peerkit.model.base import Operational, Part, Record, Safety, one_of, part, record
from peerkit.model.decision import Decision
from peerkit.model.ids import new_id

NEEDS = ("supervisor_knows", "acted", "person_told", "handed_over", "followed_up", "debrief_offered")
"""What a response is complete with.

After the policy of the National Suicide Prevention Lifeline (United States) for callers at imminent risk
(Draper and others, Suicide and Life-Threatening Behavior 45(3), 2015, table 1: a supervisor in reach, the
least invasive help, confirming that it arrived), and protocols of peer programs, which add telling the
person, following up and a debrief for the supporter.
"""

REASONS = ("unreachable", "anonymous", "died", "declined", "not_applicable", "done_elsewhere")
"""Why a condition stays unmet, where a human closes a response as incomplete."""

FALSE_ALARMS = ("nothing-there", "misunderstood", "by-mistake", "trial")
"""Outcomes that say that the alarm was none. Only a human who closed it can say so."""

OUTCOMES = ("talked", "helped", "handed-over", "emergency", "not-known", *FALSE_ALARMS)
"""What it came to, as whoever closes an alert may say: one of these, or nothing. Own choice of words. They
speak of what was done and of the alarm, never of how somebody is."""


@part
class Need(Part):
    """One condition of closing. Its id is its name, one of `NEEDS`."""

    id: Operational[str]
    words: Safety[str] = ""
    by: Operational[str] = ""
    reason: Operational[str] = ""
    state: Operational[str] = "unmet"


@part
class Action(Part):
    """Something that was done, with whether the person agreed to it, and why it was done all the same.
    `report` is the id of the `DutyReport`, where that is what was done."""

    id: Operational[str] = attrs.field(factory=new_id)
    who: Operational[str] = ""
    words: Safety[str] = ""
    consent: Safety[bool | None] = None
    reason: Safety[str] = ""
    report: Operational[str] = ""


@record(
    "safety_response",
    """
    of     from  act               to          who     strength
    -      -     begin             open        anyone  none
    -      open  did               open        anyone  none
    needs  *     meet              met         anyone  none
    -      open  complete          complete    anyone  none
    -      open  close_incomplete  incomplete  anyone  none
    -      *     reopen            open        anyone  none
    """,
    subjects="person holder",
    lane=True,
)
class SafetyResponse(Record):
    """What humans did about one alert, and what is still to do before it is closed.

    `outcome` is what whoever closed it says that it came to, one of `OUTCOMES`; empty: they said nothing.
    """

    alert: Operational[str]
    person: Operational[str] = ""
    holder: Operational[str] = ""
    needs: tuple[Need, ...] = ()
    actions: tuple[Action, ...] = ()
    outcome: Operational[str] = ""
    state: Operational[str] = "open"

    @classmethod
    @act
    def begin(
        cls,
        *,
        alert: str,
        person: str,
        holder: str,
        needs: tuple[str, ...] = NEEDS,
        by: Decision | None = None,
    ) -> Self:
        """Somebody takes the alert in hand."""
        made = tuple(Need(id=name) for name in needs)
        return cls(alert=alert, person=person, holder=holder, needs=made)

    @act
    def did(
        self,
        *,
        who: str,
        words: str,
        consent: bool | None = None,
        reason: str = "",
        report: str = "",
        by: Decision | None = None,
    ) -> Self:
        """Something was done."""
        made = Action(who=who, words=words, consent=consent, reason=reason, report=report)
        return attrs.evolve(self, actions=(*self.actions, made))

    @act
    def meet(self, need: str, *, who: str, words: str = "", by: Decision | None = None) -> Self:
        """A condition is met."""
        needs = tuple(attrs.evolve(n, by=who, words=words) if n.id == need else n for n in self.needs)
        return attrs.evolve(self, needs=needs)

    @act
    def complete(self, *, outcome: str = "", by: Decision | None = None) -> Self:
        """Every condition is met, and a human says that it is over, and what it came to if they wish."""
        if self.unmet:
            sentence = (
                f"still to do: {', '.join(self.unmet)}; or close it as incomplete, with a reason for each"
            )
            raise Refused([Objection("needs-unmet", sentence, self.kind, self.id)])
        return attrs.evolve(self, outcome=_outcome(outcome))

    @act
    def close_incomplete(
        self, *, reasons: Mapping[str, str], outcome: str = "", by: Decision | None = None
    ) -> Self:
        """It ends with conditions unmet; a named human gives a coded reason for each of them."""
        missing = [name for name in self.unmet if name not in reasons]
        if missing:
            sentence = f"each unmet condition needs a reason: {', '.join(missing)}"
            raise Refused([Objection("needs-reasons", sentence, self.kind, self.id)])
        given = {name: one_of(reasons[name], REASONS, "safety_response.reasons") for name in self.unmet}
        needs = tuple(attrs.evolve(n, reason=given.get(n.id, n.reason)) for n in self.needs)
        return attrs.evolve(self, needs=needs, outcome=_outcome(outcome))

    @act
    def reopen(self, *, by: Decision | None = None) -> Self:
        """The alert speaks again: every condition is to be met anew. What was done stays."""
        return attrs.evolve(self, needs=tuple(Need(id=need.id) for need in self.needs), outcome="")

    @property
    def unmet(self) -> tuple[str, ...]:
        """The conditions that are still to be met."""
        return tuple(n.id for n in self.needs if n.state != "met")


def _outcome(code: str) -> str:
    return one_of(code, OUTCOMES, "safety_response.outcome") if code else ""
