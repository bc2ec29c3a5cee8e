# SPDX-License-Identifier: Apache-2.0
"""Numbers as a language writes them, and the ends of an aim in words; for the terminal and for paper."""

from __future__ import annotations

from decimal import Decimal

from peerkit.texts import Message
from peerkit_diabetes.log import Target
from peerkit_diabetes.words import _

BEYOND = {"low": "LO", "high": "HI"}
"""What a meter shows beyond its scale."""


def written(value: Decimal | None, locale: str, second: Decimal | None = None) -> str:
    """A number as it was given, and as the language writes it: 5.7, 5,7; 128/82 where there is a second.
    Blank for none."""
    if value is None:
        return ""
    text = f"{value:f}" if second is None else f"{value:f}/{second:f}"
    return text.replace(".", ",") if locale.startswith("fr") else text


def between(low: str, high: str, unit: str) -> Message:
    """From one written number to another; either may be blank."""
    if not low:
        return _("below {high} {unit}", high=high, unit=unit)
    if not high:
        return _("above {low} {unit}", low=low, unit=unit)
    return _("from {low} to {high} {unit}", low=low, high=high, unit=unit)


def ends(aim: Target, locale: str) -> Message:
    """What somebody aims for, in words."""
    low, high = written(aim.low, locale, aim.second_low), written(aim.high, locale, aim.second_high)
    return between(low, high, aim.unit)
