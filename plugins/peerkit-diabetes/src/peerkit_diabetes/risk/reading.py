# SPDX-License-Identifier: Apache-2.0
"""Measures as people type them: a number with its unit, in English or French. A number alone is asked again,
since a guess between inches and centimetres changes the result."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = r"(\d{1,4}(?:[.,]\d{1,4})?)"
_INCHES = r"(?:\"|”|''|in|inches|po|pouces?)"
_FEET = re.compile(rf"(\d)\s*(?:'|’|ft|feet|foot|pi|pieds?)\s*(?:{_NUMBER}\s*{_INCHES}?)?")
_METRES = re.compile(r"(\d)\s*m\s*(\d{2})(?:\s*cm)?")
"""A height as French says it: 1 m 70."""
_ONE = re.compile(rf"{_NUMBER}\s*([a-zéè\"”]+)\.?")
_UNITS = {
    "cm": "cm",
    "m": "m",
    "in": "in",
    "inch": "in",
    "inches": "in",
    '"': "in",
    "”": "in",
    "po": "in",
    "pouce": "in",
    "pouces": "in",
    "kg": "kg",
    "kilos": "kg",
    "lb": "lb",
    "lbs": "lb",
    "pounds": "lb",
    "pound": "lb",
    "livre": "lb",
    "livres": "lb",
    "centimetres": "cm",
    "centimètres": "cm",
    "metres": "m",
    "mètres": "m",
    "kilograms": "kg",
    "kilogrammes": "kg",
}


def measure(typed: str, sort: str) -> dict[str, Decimal] | None:
    """What was typed as an argument of `canrisk` and `findrisc`: `measure("5 ft 2", "height")` is
    `{"height_in": Decimal(62)}`. None for what is no number with a unit of that sort (`height`, `weight`,
    `waist`); whether there can be such a measure is for those to say."""
    text = " ".join(typed.casefold().split())
    if sort == "height" and (feet := _FEET.fullmatch(text)):
        return {"height_in": int(feet[1]) * 12 + _decimal(feet[2] or "0")}
    if sort == "height" and (metres := _METRES.fullmatch(text)):
        return {"height_cm": Decimal(metres[1]) * 100 + int(metres[2])}
    found = _ONE.fullmatch(text)
    unit = _UNITS.get(found[2]) if found else None
    if found is None or unit is None:
        return None
    number = _decimal(found[1])
    if unit == "m" and sort == "height":
        return {"height_cm": number * 100}
    fits = unit in (("kg", "lb") if sort == "weight" else ("cm", "in"))
    return {f"{sort}_{unit}": number} if fits else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))
