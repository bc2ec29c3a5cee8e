# SPDX-License-Identifier: Apache-2.0
"""Readings, aims and limits as people type them, in English or French: numbers with their units."""

from __future__ import annotations

import re
from typing import Any

from peerkit import commands
from peerkit.errors import Malformed
from peerkit.texts import Message
from peerkit_diabetes import units
from peerkit_diabetes.log import A1C, FEET, FOUND, GLUCOSE, PRESSURE, UNITS
from peerkit_diabetes.words import _

ASKED = {
    GLUCOSE: _("Glucose with its unit, such as 5.7 mmol/L; LO or HI if the meter shows that"),
    A1C: _("A1C with its unit, such as 7.1 % or 54 mmol/mol"),
    PRESSURE: _("Blood pressure, such as 128/82 mmHg"),
    FEET: _("Your feet: 1 nothing new, 2 something new"),
}
"""What is asked for each thing that can be noted."""
AIMS = {
    GLUCOSE: _("From, to and unit, such as 4.0 7.0 mmol/L (- for no end)"),
    A1C: _("From, to and unit, such as - 7.0 % (- for no end)"),
    PRESSURE: _("Below which two numbers, such as 130/80 mmHg; or from and to: 100/60 130/80 mmHg"),
}
"""What is asked for an aim."""
LIMITS = _("Below, above and unit, such as 3.0 20 mmol/L (- for no end)")

_OFF = {
    **dict.fromkeys(("lo", "low", "bas", "basse"), "low"),
    **dict.fromkeys(("hi", "high", "haut", "haute", "élevé", "eleve", "élevée", "elevee"), "high"),
}
"""What a meter shows instead of a number, and what people say for it."""
_BETWEEN = re.compile(r"(?<=[0-9])\s*(?:à|to|–|-)\s*(?=[0-9])")
"""What people put between two numbers: 4.0 to 7.0, 4,0 à 7,0."""
_STUCK = re.compile(r"(?<=[0-9])(?=[^\W\d_]|%)")
"""Where a unit stands behind its number without a blank: 20mmol/L."""
NO_END = {"-", "–"}


def reading(what: str, typed: str) -> dict[str, Any]:
    """What was typed, as `DiabetesReading.note` takes it. Malformed where that cannot be told."""
    text = " ".join(typed.split()).rstrip(" .!")
    if what == FEET:
        return {"found": _feet(text)}
    if what == GLUCOSE and (off := _off_scale(text)):
        return {"off_scale": off}
    number, unit = _parted(text)
    if not number:
        told = _("a number with its unit is needed, such as 5.7 mmol/L; LO or HI if the meter shows that")
        raise Malformed(told if what == GLUCOSE else ASKED[what], where="note")
    unit = units.spelt(unit, UNITS[what])
    if what == PRESSURE:
        upper, lower = _two(number)
        return {"value": upper, "second": lower, "unit": unit or units.MMHG}
    return {"value": number, "unit": unit}


def _off_scale(text: str) -> str:
    """`low` or `high` for LO and HI, with a unit behind or without; blank for anything else."""
    word, _blank, unit = text.casefold().partition(" ")
    return _OFF.get(word, "") if units.spelt(unit, UNITS[GLUCOSE]) in {"", *UNITS[GLUCOSE]} else ""


def _feet(text: str) -> str:
    known = {str(number): code for number, code in enumerate(FOUND, start=1)}
    known |= {commands.say(commands.label("diabetes_reading", "found", code)): code for code in FOUND}
    found = known.get(text.casefold(), text)
    if found not in FOUND:
        raise Malformed(_("for feet type 1 (nothing new) or 2 (something new)"), where="note")
    return found


def _parted(text: str) -> tuple[str, str]:
    """A number, or two with a stroke between, and what stands behind it: `5.7mmol/L` has no blank."""
    end = next((place for place, sign in enumerate(text) if sign not in "0123456789.,/ "), len(text))
    return text[:end].strip(), text[end:]


def _two(number: str) -> tuple[str, str | None]:
    upper, _slash, lower = number.partition("/")
    return upper.strip(), lower.strip() or None


def limits(typed: str, asked: Message = LIMITS) -> dict[str, Any]:
    """Two ends and their unit, as `DiabetesLog.watch_over` and, for one number, `set_target` take them.
    `asked` is what was asked for, with an example that can be copied: one for an aim would be a watch that
    alarms at every second meal."""
    parts = _parts(typed)
    if len(parts) != 3 or NO_END.issuperset(parts[:2]):  # from, to, unit
        raise Malformed(asked, where="-")
    low, high = (None if one in NO_END else one for one in parts[:2])
    return {"low": low, "high": high, "unit": _unit(parts[2])}


def aim(what: str, typed: str) -> dict[str, Any]:
    """An aim, as `DiabetesLog.set_target` takes it. Of blood pressure each end has two numbers, and one end
    alone is what it is to stay below."""
    if what != PRESSURE:
        return {"what": what, **limits(typed, AIMS[what])}
    parts = _parts(re.sub(r"\s*/\s*", "/", typed))
    ends = [one for one in parts if "/" in one or one in NO_END]
    unit = [one for one in parts if one not in ends]
    if not 1 <= len(ends) <= 2 or len(unit) > 1 or NO_END.issuperset(ends):
        raise Malformed(AIMS[PRESSURE], where="-")
    upper, lower = zip(*((None, None) if one in NO_END else _two(one) for one in ends), strict=True)
    low, second_low = (upper[0], lower[0]) if len(ends) == 2 else (None, None)
    given = {"low": low, "high": upper[-1], "second_low": second_low, "second_high": lower[-1]}
    return {"what": what, **given, "unit": _unit(unit[0]) if unit else units.MMHG}


def _parts(typed: str) -> list[str]:
    return _STUCK.sub(" ", _BETWEEN.sub(" ", typed)).split()


def _unit(typed: str) -> str:
    return units.spelt(typed, [unit for known in UNITS.values() for unit in known])
