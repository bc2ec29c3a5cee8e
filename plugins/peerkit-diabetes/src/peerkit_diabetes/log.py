# SPDX-License-Identifier: Apache-2.0
"""The person's own log: off until they turn it on, and theirs alone.

Nobody reads it but the person: not whoever walks beside them, no coordinator, no report. What they want
somebody to see they show as a page of it (`peerkit_diabetes.pages`), and take back when they like.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self

import attrs

from peerkit import Decision, Health, Operational, Own, Part, Record, Ref, act, part, record, ref
from peerkit.errors import Malformed
from peerkit_diabetes.units import IFCC, MG, MMHG, MMOL, PERCENT, glucose_in, meanings, measured, shows
from peerkit_diabetes.words import _

GLUCOSE, A1C, PRESSURE, FEET = "glucose", "a1c", "blood_pressure", "feet"
WHATS = (GLUCOSE, A1C, PRESSURE, FEET)
"""What can be noted."""
UNITS = {GLUCOSE: (MMOL, MG), A1C: (PERCENT, IFCC), PRESSURE: (MMHG,), FEET: ()}
OFF_SCALE = ("", "low", "high")
"""A meter that shows LO or HI instead of a number has measured something: it was below or above what it
shows."""
MOMENTS = ("", "before_meal", "after_meal", "bedtime", "night")
"""When glucose was measured; blank: not said."""
FOUND = ("nothing_new", "something_new")
"""What somebody saw when they looked at their feet."""

LOG_RIGHTS = """
role        kind          read  acts
own:person  diabetes_log  yes   *
"""
READING_RIGHTS = """
role        kind              read  acts
own:person  diabetes_reading  yes   *
"""


@part
class Target(Part):
    """The person's own aim for one thing (`glucose`, `a1c`, `blood_pressure`), between `low` and `high` in
    `unit`; either may be left out. Of blood pressure those are the upper number's, and `second_low` and
    `second_high` the lower one's. It is theirs, and nobody else's to set."""

    what: Operational[str]
    unit: Operational[str]
    low: Health[Decimal | None] = None
    high: Health[Decimal | None] = None
    second_low: Health[Decimal | None] = None
    second_high: Health[Decimal | None] = None


@record(
    "diabetes_log",
    """
    of  from  act            to    who     strength
    -   -     turn_on        on    person  said
    -   off   turn_on_again  on    person  said
    -   on    turn_off       off   person  none
    -   on    set_target     =     person  said
    -   *     drop_target    =     person  none
    -   on    watch_over     =     person  witnessed
    -   *     stop_watching  =     person  none
    """,
    subjects="person",
    refs="first",
    module="diabetes",
)
class DiabetesLog(Record):
    """That a person keeps a log, their own aims, and whether somebody is told of a dangerous value.

    Nobody is told of anything unless the person switches that on (`watched`): then a glucose reading below
    `low` or above `high` mmol/L raises an alarm, which reaches `first` before the program's own path.
    Switching the log off stops that; what was noted stays theirs.
    """

    person: Operational[str]
    targets: tuple[Target, ...] = ()
    watched: Operational[bool] = False
    first: Operational[str] = ""
    low: Health[Decimal | None] = None
    high: Health[Decimal | None] = None
    state: Operational[str] = "on"

    @classmethod
    @act
    def turn_on(cls, *, person: Ref, by: Decision | None = None) -> Self:
        """The person begins to keep a log."""
        return cls(person=ref(person))

    @act
    def turn_on_again(self, *, by: Decision | None = None) -> Self:
        """They go on with it. Nobody is told of anything until they say so again."""
        return self

    @act
    def turn_off(self, *, by: Decision | None = None) -> Self:
        """They stop, and nobody is told of anything any more. What was noted stays theirs."""
        return attrs.evolve(self, watched=False, first="", low=None, high=None)

    @act
    def set_target(
        self,
        what: str,
        *,
        unit: str,
        low: Decimal | int | str | None = None,
        high: Decimal | int | str | None = None,
        second_low: Decimal | int | str | None = None,
        second_high: Decimal | int | str | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person says what they aim for, as they settled it with whoever they trust with it. Each end of
        an aim for blood pressure has two numbers: `high=130, second_high=80` is below 130/80."""
        where = "diabetes_log.target"
        if what not in {GLUCOSE, A1C, PRESSURE}:
            raise Malformed(_("an aim is for glucose, a1c or blood_pressure"), where=where)
        ends, seconds = (
            [None if one is None else measured(one, unit, where, units=UNITS[what]) for one in pair]
            for pair in ((low, high), (second_low, second_high))
        )
        _in_order(ends[0], ends[1], where)
        for first, second in zip(ends, seconds, strict=True):
            _paired(what, first, second, where)
        if what == PRESSURE:
            _in_order(seconds[0], seconds[1], where)
        made = Target(
            what=what, unit=unit, low=ends[0], high=ends[1], second_low=seconds[0], second_high=seconds[1]
        )
        return attrs.evolve(self, targets=(*(one for one in self.targets if one.what != what), made))

    @act
    def drop_target(self, what: str, *, by: Decision | None = None) -> Self:
        """They aim for nothing there."""
        return attrs.evolve(self, targets=tuple(one for one in self.targets if one.what != what))

    @act
    def watch_over(
        self,
        first: Ref,
        *,
        low: Decimal | int | str | None = None,
        high: Decimal | int | str | None = None,
        unit: str,
        by: Decision | None = None,
    ) -> Self:
        """Whoever the person chooses is told when they note glucose below `low` or above `high` (one may
        be left out) in `unit` (`mmol/L` or `mg/dL`), and behind them everybody whom the program asks in an
        alarm. In words: *somebody needs you*, no number. Malformed for a limit that no meter shows."""
        where = "diabetes_log.watch_over"
        ends = [
            None if one is None else measured(one, unit, where, units=UNITS[GLUCOSE]) for one in (low, high)
        ]
        _in_order(ends[0], ends[1], where)
        if any(one is not None and not shows(one, unit) for one in ends):
            told = _("no meter shows that in {unit}, so nobody would be told: look at the unit", unit=unit)
            raise Malformed(told, where=where)
        if ref(first) == self.person:
            raise Malformed(_("it is somebody else who is told"), where=where)
        below, above = (None if one is None else glucose_in(one, unit, MMOL) for one in ends)
        return attrs.evolve(self, watched=True, first=ref(first), low=below, high=above)

    @act
    def stop_watching(self, *, by: Decision | None = None) -> Self:
        """Nobody is told any more."""
        return attrs.evolve(self, watched=False, first="", low=None, high=None)

    def alarms(self, reading: DiabetesReading) -> bool:
        """Whether a reading is one that the person wants somebody to be told of. A number that may be
        in the other unit counts in both: a human looks rather than that nobody does."""
        if not self.watched or self.state != "on" or reading.what != GLUCOSE or reading.state != "noted":
            return False
        if reading.off_scale:
            return (self.low if reading.off_scale == "low" else self.high) is not None
        if reading.value is None:
            return False
        return any(
            self._beyond(glucose_in(value, unit, MMOL))
            for value, unit in meanings(reading.value, reading.unit)
        )

    def _beyond(self, value: Decimal) -> bool:
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)


def _in_order(low: Decimal | None, high: Decimal | None, where: str) -> None:
    if low is None and high is None:
        raise Malformed(_("say low=, high= or both"), where=where)
    if low is not None and high is not None and low >= high:
        raise Malformed(_("the low end is below the high one"), where=where)


@record(
    "diabetes_reading",
    """
    of  from   act     to      who     strength
    -   -      note    noted   person  said
    -   noted  tell    =       anyone  none
    -   noted  strike  struck  person  none
    """,
    subjects="person",
    refs="log",
    module="diabetes",
)
class DiabetesReading(Record):
    """One thing that a person measured or saw. It is kept as it was given, in its own unit; what is wrong is
    struck and noted anew. `to_tell`: when it was noted, the log wanted somebody to be told of it.

    `what` is `glucose`, `a1c`, `blood_pressure` (`value` over `second`) or `feet` (`found`). `off_scale` is
    `low` or `high` where the meter showed LO or HI; there is no number then. `taken` is when, an instant.
    """

    person: Operational[str]
    log: Operational[str]
    what: Operational[str]
    taken: Operational[datetime]
    moment: Operational[str] = ""
    value: Health[Decimal | None] = None
    second: Health[Decimal | None] = None
    unit: Operational[str] = ""
    off_scale: Health[str] = ""
    found: Health[str] = ""
    words: Own[str] = ""
    to_tell: Health[bool] = False
    state: Operational[str] = "noted"

    @property
    def unsure(self) -> bool:
        """Whether its number may be in the other unit, so that to reckon it over could say the opposite."""
        if self.what != GLUCOSE or self.value is None:
            return False
        return len(meanings(self.value, self.unit)) > 1

    @classmethod
    @act
    def note(
        cls,
        log: DiabetesLog,
        what: str,
        *,
        taken: datetime,
        value: Decimal | int | str | None = None,
        second: Decimal | int | str | None = None,
        unit: str = "",
        moment: str = "",
        off_scale: str = "",
        found: str = "",
        words: str = "",
        instead: Self | None = None,
        by: Decision | None = None,
    ) -> Self:
        """The person notes something; `instead` of what they typed first and nobody stored, whose place and
        alarm it takes. Malformed for a unit that is missing or cannot be, for numbers that cannot have been
        measured, and for two numbers where one belongs."""
        where = f"diabetes_reading.{what}" if what in WHATS else "diabetes_reading.what"
        if what not in WHATS:
            raise Malformed(_("what is noted is {whats}", whats=", ".join(WHATS)), where=where)
        if taken.tzinfo is None:
            raise Malformed(_("when it was is an instant with its zone"), where="diabetes_reading.taken")
        _fits(what, where, moment=moment, off_scale=off_scale, found=found, numbers=(value, second))
        units = UNITS[what]
        first = None if value is None else measured(value, unit, where, units=units)
        other = None if second is None else measured(second, unit, where, units=units)
        _paired(what, first, other, where)
        place: dict[str, Any] = {} if instead is None else {"id": instead.id}
        made = cls(
            **place,
            person=log.person,
            log=log.id,
            what=what,
            taken=taken,
            moment=moment,
            value=first,
            second=other,
            unit=unit if first is not None else "",
            off_scale=off_scale,
            found=found,
            words=words,
        )
        return attrs.evolve(made, to_tell=log.alarms(made))

    @act
    def tell(self, *, by: Decision | None = None) -> Self:
        """The person's log, as it stood in that commit, wants somebody to be told; the module itself writes
        this where whoever noted it held an older one."""
        return attrs.evolve(self, to_tell=True)

    @act
    def strike(self, *, by: Decision | None = None) -> Self:
        """It was not so."""
        return self


def _fits(
    what: str,
    where: str,
    *,
    moment: str,
    off_scale: str,
    found: str,
    numbers: tuple[Decimal | int | str | None, Decimal | int | str | None],
) -> None:
    """Malformed where what was given is not what belongs to it."""
    value, second = numbers
    if moment not in MOMENTS or (moment and what != GLUCOSE):
        raise Malformed(
            _("when glucose was measured is {moments}", moments=", ".join(MOMENTS[1:])), where=where
        )
    if off_scale not in OFF_SCALE or (off_scale and (what != GLUCOSE or value is not None)):
        raise Malformed(_("off_scale is low or high, for glucose without a number"), where=where)
    if what == FEET:
        if found not in FOUND or value is not None or second is not None:
            raise Malformed(_("feet are {found}, without a number", found=", ".join(FOUND)), where=where)
    elif found:
        raise Malformed(_("found= is for feet"), where=where)
    elif value is None and not off_scale:
        raise Malformed(_("a number and its unit are needed"), where=where)


def _paired(what: str, first: Decimal | None, second: Decimal | None, where: str) -> None:
    """Malformed where two numbers stand for one, or one for two."""
    if (second is not None) != (what == PRESSURE and first is not None):
        raise Malformed(_("blood pressure has two numbers, the rest has one"), where=where)
    if first is not None and second is not None and second >= first:
        raise Malformed(_("the upper number comes first, such as 128 over 82"), where=where)
