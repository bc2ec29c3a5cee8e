# SPDX-License-Identifier: Apache-2.0
"""What whoever is there does now. The first step of every alarm is the human who holds the screen.

It is the program's own policy with its own numbers, which the person could read beforehand. It says nothing
about the person, so it may be shown, read aloud and logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs

from peerkit.levels import Level
from peerkit.model.program import Appointment, Duty, Line, Program
from peerkit.safety.hours import Hours, lenient, zone_or_utc
from peerkit.safety.regions import region
from peerkit.safety.settings import declared_now, in_effect

STAY = "Stay together. You do not have to handle this alone, and you need not hurry."
ALONE = "You do not have to be alone with this. You can call or write to one of these now."
SAY = {
    Level.TALK: "Talk about what was said, in your own words. Nobody else was told.",
    Level.TODAY: "A supervisor is being told, and looks at it before the day ends.",
    Level.NOW: "People of the program are being told now, one after the other, until somebody comes.",
}
UNTOLD = {
    Level.TODAY: "Nobody delivers notices at present, so no supervisor is told: tell one yourself, today.",
    Level.NOW: "Nobody of the program could be told yet, and it goes on trying. Do not wait for it: call.",
}
ON_CALL = {
    True: "Somebody is on call now.",
    False: "Nobody is on call now: call one of the lines.",
    None: "It is not known whether somebody is on call now: do not wait for it.",
}


@attrs.frozen(kw_only=True)
class NextSteps:
    """What to do at once: `stay`, whom to `call`, and the `duties` that are theirs in person.

    `on_call` says whether anybody of the program is on call at this instant (None: nobody knows).
    `reached` says whether a notice was handed over, or at least somebody delivers (None: nobody is told at
    this level). `reference` names the alert for those who are told; it is empty where nothing was stored.
    `saved` is False in the steps that `UnsavedScreen` carries.
    """

    level: Level
    stay: str = STAY
    told: str = ""
    reached: bool | None = None
    on_call: bool | None = None
    call: tuple[Line, ...] = ()
    duties: tuple[Duty, ...] = ()
    policy: str = ""
    uncovered: str = ""
    reference: str = ""
    alert: str = ""
    saved: bool = True

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it as sentences, in the order in which they matter."""
        lines = tuple(
            f"{line.name}: {line.number}"
            + (f", text {line.text}" if line.text else "")
            + (f" ({line.hours})" if line.hours not in {"", "always"} else "")
            for line in self.call
        )
        on_call = ON_CALL[self.on_call]
        if self.on_call is False and self.uncovered:
            on_call += f" Said beforehand: {self.uncovered}"
        said = (self.stay, self.told, on_call, *lines, *(duty.words for duty in self.duties), self.policy)
        return tuple(one for one in said if one)

    def __str__(self) -> str:
        return "\n".join(self.sentences)


@attrs.frozen
class Known:
    """What next steps are made of, kept in memory: the program, and who is on call at which hours."""

    program: Program | None = None
    offices: tuple[tuple[Appointment, Hours], ...] = ()

    @classmethod
    def of(cls, program: Program | None, appointments: Iterable[Appointment]) -> Known:
        """From records; hours that cannot be read count as always, since that tells somebody too many."""
        return cls(program, tuple((one, lenient(one.hours)) for one in appointments))

    def on_call(self, now: datetime) -> bool | None:
        """Whether anybody holds an on-call office within its hours; None if the program is not known."""
        if self.program is None:
            return None
        zone = zone_or_utc(self.program.timezone)
        live = {
            office.role
            for office, hours in self.offices
            if in_effect(office, now) and hours.covers(now, zone)
        }
        if "on-call" in live:
            return True
        path = {step.role for step in self.program.path}
        return bool(live & path) and not declared_now(self.program, now)

    def steps(
        self,
        level: Level,
        now: datetime,
        *,
        alone: bool = False,
        saved: bool = True,
        reached: bool | None = None,
        reference: str = "",
        alert: str = "",
    ) -> NextSteps:
        """The next steps for a level. `alone`: the person answers by themselves."""
        stay = ALONE if alone else STAY
        told = UNTOLD.get(level, SAY.get(level, "")) if reached is False else SAY.get(level, "")
        if not saved:
            told, reached = "Nothing could be stored and nobody was told: tell them yourself.", False
        if self.program is None:
            lines = region("CA-ON").lines
            return NextSteps(level=level, stay=stay, told=told, saved=saved, reached=reached, call=lines)
        program, there = self.program, region(self.program.region)
        own = {line.number for line in program.lines}
        return NextSteps(
            level=level,
            stay=stay,
            told=told,
            reached=reached,
            on_call=self.on_call(now),
            call=(*program.lines, *(line for line in there.lines if line.number not in own)),
            duties=(*program.duties, *_others(there.duties, program.duties)),
            policy=program.policy,
            uncovered=program.uncovered,
            reference=reference,
            alert=alert,
            saved=saved,
        )


def _others(shipped: Iterable[Duty], own: Iterable[Duty]) -> tuple[Duty, ...]:
    codes = {duty.code for duty in own}
    return tuple(duty for duty in shipped if duty.code not in codes)
