# SPDX-License-Identifier: Apache-2.0
"""Lengths and weights, exactly, and what of them cannot be: a wrong unit is refused, never converted by a
guess."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs

from peerkit import Malformed
from peerkit.instruments import DECLINED
from peerkit_diabetes.words import _

Number = int | float | Decimal
"""A measured number. A `float` counts as what it prints."""

INCH = Fraction("2.54")
"""Centimetres in an inch, and below kilograms in a pound: exact by definition (international yard and pound,
1959)."""
POUND = Fraction("0.45359237")


@attrs.frozen
class Range:
    """What a measure of a grown person can be. The limits are peerkit's own, wide, and set so that a number
    in the wrong unit falls outside wherever that can be told."""

    low: int
    high: int


RANGES = {
    "height_cm": Range(100, 250),
    "height_in": Range(40, 98),
    "weight_kg": Range(25, 350),
    "weight_lb": Range(55, 770),
    "waist_cm": Range(50, 200),
    "waist_in": Range(20, 79),
}
UNITS = {"cm": "cm", "kg": "kg", "lb": "lb", "in": _.about("inches", "in")}
_DIGITS = 30
LEANEST, HEAVIEST = 12, 90
"""Between which a body mass index can be; beyond, a height or a weight is in another unit."""


def exact(value: object, where: str) -> Fraction:
    """A number as a fraction; Malformed for what is none, NaN and infinity among it."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Malformed(_("a measure is a number"), where=where)
    try:
        number = Decimal(str(value))
    except (ValueError, ArithmeticError):
        number = Decimal("NaN")
    # Written out, a number with a large exponent would fill the memory.
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        raise Malformed(_("a measure is a number, and a finite one"), where=where)
    return Fraction(number)


def measured(given: dict[str, object], where: str) -> tuple[str, Fraction] | str | None:
    """The one measure of those given, with its name; `declined`; or None where nobody measured.

    Malformed for one in two units, one that is no number, and one that cannot be."""
    there = {name: value for name, value in given.items() if value is not None}
    if not there:
        return None
    if len(there) > 1:
        raise Malformed(_("give each measure once, in one unit"), where=f"{where}.{max(there)}")
    [(name, value)] = there.items()
    if isinstance(value, str) and value == DECLINED:
        return DECLINED
    number, limits = exact(value, f"{where}.{name}"), RANGES[name]
    if not limits.low <= number <= limits.high:
        unit = UNITS[name.rpartition("_")[2]]
        told = _(
            "this measure is in {unit}, from {low} to {high}: look at the unit, and measure once more",
            unit=unit,
            low=limits.low,
            high=limits.high,
        )
        raise Malformed(told, where=f"{where}.{name}")
    return name, number


def body_mass(height: tuple[str, Fraction], weight: tuple[str, Fraction], where: str) -> Fraction:
    """Kilograms divided by metres squared, unrounded. Malformed where the two cannot belong together."""
    metres = height[1] * (INCH if height[0].endswith("in") else 1) / 100
    kilograms = weight[1] * (POUND if weight[0].endswith("lb") else 1)
    found = kilograms / metres**2
    if not LEANEST <= found <= HEAVIEST:
        told = _("height and weight do not belong together: look at both units, and measure once more")
        raise Malformed(told, where=f"{where}.{weight[0]}")
    return found


def waist_box(
    waist: tuple[str, Fraction], low: Fraction, high: Fraction, inches: tuple[Fraction, Fraction] | None
) -> str:
    """`below`, `between` or `above` two limits in centimetres, the upper one belonging to the middle. A waist
    in inches is compared with the form's own inches where it has any, else exactly in centimetres."""
    value = waist[1]
    if waist[0].endswith("in"):
        if inches is None:
            value *= INCH
        else:
            low, high = inches
    return "below" if value < low else "above" if value > high else "between"
