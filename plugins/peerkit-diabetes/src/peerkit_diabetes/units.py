# SPDX-License-Identifier: Apache-2.0
"""Units of what is measured, and exact conversions between them. Nothing is guessed: a number without its
unit is refused, and one that cannot be in the unit it was given in is refused with the unit that it may be
in.

All arithmetic is `Decimal`, rounded half up; in binary floats 28.7 × 6 − 46.7 is 125.49999999999999, and a
published table that says 126 would be missed.

Sources: Diabetes Canada, *Clinical Practice Guidelines*, 2018, for A1C and glucose; Nathan and others,
*Translating the A1C assay into estimated average glucose values*, Diabetes Care, 2008, for the average; the
master equation of the National Glycohemoglobin Standardization Program for mmol/mol.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from peerkit.errors import Malformed
from peerkit_diabetes.words import _

MMOL, MG = "mmol/L", "mg/dL"
PERCENT, IFCC = "%", "mmol/mol"
MMHG = "mmHg"

CONTEXT = Context(prec=28, rounding=ROUND_HALF_UP)
"""How the module reckons, whatever the host program's own context is."""

MG_IN_MMOL = Decimal(18)
"""mg/dL of glucose in one mmol/L, as tables for people have it; by its molar mass it is 18.016."""

SPAN: Mapping[str, tuple[Decimal, Decimal]] = {
    MMOL: (Decimal("0.3"), Decimal(100)),
    MG: (Decimal(5), Decimal(1800)),
    PERCENT: (Decimal(3), Decimal(25)),
    IFCC: (Decimal(9), Decimal(250)),
    MMHG: (Decimal(20), Decimal(350)),
}
"""The lowest and highest that can have been measured in a living human, with room: what is outside was
mistyped or is in another unit. peerkit's own choice, and no judgement of anybody's health."""

USUAL: Mapping[str, tuple[Decimal, Decimal]] = {
    MMOL: (Decimal("1.1"), Decimal("33.3")),
    MG: (Decimal(20), Decimal(600)),
}
"""What meters for use at home show; beyond it they say LO or HI. The limits are those that makers commonly
give for their meters, and peerkit's own choice."""

_OTHER = {MMOL: MG, MG: MMOL, PERCENT: IFCC, IFCC: PERCENT}
_NUMBER = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?", re.ASCII)


def number(value: Decimal | int | str, where: str) -> Decimal:
    """A measured number, exactly as it was given: a Decimal, a whole number, or text with a point or a comma.
    Malformed for anything else, a float among them: 5.7 as a float is not 5.7."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip().replace(",", "."))
    if isinstance(value, str):
        raise Malformed(_("a measured number is needed, such as 5.7"), where=where)
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise Malformed(_("a measured number is needed, such as 5.7 (a Decimal or text)"), where=where)
    try:
        found = Decimal(value)
        if found.is_finite() and found == found.quantize(Decimal("0.01")):
            return found
    except InvalidOperation:
        pass
    raise Malformed(_("a measured number has at most two decimals, such as 5.75"), where=where)


def measured(value: Decimal | int | str, unit: str, where: str, *, units: tuple[str, ...]) -> Decimal:
    """A number in a unit; Malformed for a unit that is none of these, and for a number that cannot be in
    it, with the unit that it may be in."""
    if unit not in units:
        raise Malformed(_("say the unit: {units}", units=", ".join(units)), where=f"{where}.unit")
    found = number(value, where)
    low, high = SPAN[unit]
    if low <= found <= high:
        return found
    other = _OTHER.get(unit, "")
    if other in units and SPAN[other][0] <= found <= SPAN[other][1]:
        told = _("that cannot be in {unit}: is it in {other}?", unit=unit, other=other)
    else:
        told = _("that cannot have been measured in {unit}: look again", unit=unit)
    raise Malformed(told, where=where)


def spelt(unit: str, known: Iterable[str]) -> str:
    """A unit as it is written here, whether it was typed in large letters or small, with blanks or without:
    `mg / dl` is mg/dL."""
    typed = "".join(unit.split()).casefold()
    return next((one for one in known if one.casefold() == typed), unit)


def shows(value: Decimal, unit: str) -> bool:
    """Whether a meter for use at home shows that number in the unit."""
    low, high = USUAL.get(unit, SPAN[unit])
    return low <= value <= high


def doubtful(value: Decimal, unit: str) -> bool:
    """Whether whoever types a glucose reading is asked once more: no meter in that unit shows it, or one in
    the other unit shows it as well. 45 in mmol/L is far too high, in mg/dL far too low, and so is 25."""
    other = _OTHER.get(unit, "")
    return not shows(value, unit) or (other in USUAL and shows(value, other))


def meanings(value: Decimal, unit: str) -> tuple[tuple[Decimal, str], ...]:
    """What a glucose reading may mean, as numbers with their units: as it was given, and where that is
    doubtful also in the other unit, if it could have been measured in that."""
    given, other = (value, unit), _OTHER.get(unit, "")
    low, high = SPAN.get(other, (value, value))
    return (given, (value, other)) if doubtful(value, unit) and other and low <= value <= high else (given,)


# -- conversions ---------------------------------------------------------------------------------------


def glucose_in(value: Decimal, unit: str, wanted: str) -> Decimal:
    """Glucose in another unit, exact and unrounded: 18 mg/dL are 1 mmol/L."""
    if unit == wanted:
        return value
    if wanted == MMOL:
        return CONTEXT.divide(value, MG_IN_MMOL)
    return CONTEXT.multiply(value, MG_IN_MMOL)


def a1c_in(value: Decimal, unit: str, wanted: str) -> Decimal:
    """A1C in another unit, unrounded: mmol/mol = (% − 2.15) × 10.929."""
    if unit == wanted:
        return value
    if wanted == IFCC:
        return CONTEXT.multiply(CONTEXT.subtract(value, Decimal("2.15")), Decimal("10.929"))
    return CONTEXT.add(CONTEXT.divide(value, Decimal("10.929")), Decimal("2.15"))


def converted(value: Decimal, unit: str, wanted: str) -> Decimal:
    """A number in another unit of the same thing, unrounded; as it was given where that is its own."""
    return (a1c_in if wanted in {PERCENT, IFCC} else glucose_in)(value, unit, wanted)


def average_of(a1c: Decimal, wanted: str = MMOL) -> Decimal:
    """The average glucose that an A1C in % stands for, unrounded: 1.59 × A1C − 2.59 mmol/L, 28.7 × A1C − 46.7
    mg/dL. The two differ in the last digit, as their sources do."""
    times, less = {MMOL: ("1.59", "2.59"), MG: ("28.7", "46.7")}[wanted]
    return CONTEXT.subtract(CONTEXT.multiply(a1c, Decimal(times)), Decimal(less))


def shown(value: Decimal, unit: str) -> Decimal:
    """A number as it is shown in its unit: mg/dL, mmol/mol and mmHg whole, the others with one decimal."""
    step = Decimal(1) if unit in {MG, IFCC, MMHG} else Decimal("0.1")
    return value.quantize(step, context=CONTEXT)
