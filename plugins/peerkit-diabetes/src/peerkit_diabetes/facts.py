# SPDX-License-Identifier: Apache-2.0
"""Plain facts on low and high sugar: the published steps, and when to call. Never which medicine, how much of
it, or whether to take it: that is between the person and whoever prescribes it.

Two rules for *low* stand beside each other and are two: below 4.0 mmol/L for people who take insulin or
medicine that can lower sugar too far (Diabetes Canada), and below 3.9 mmol/L in international counts.
Sources: Diabetes Canada, *Clinical Practice Guidelines*, 2018, chapters *Hypoglycemia* and *Hyperglycemic
Emergencies in Adults*; International Hypoglycaemia Study Group, *Glucose concentrations of less than 3.0
mmol/L should be reported in clinical trials*, Diabetes Care, 2017. Nothing by mouth, and laying somebody on
their side, is general first aid.
"""

from __future__ import annotations

from decimal import Decimal

from peerkit.texts import Message
from peerkit_diabetes.words import _

LOW_ON_TREATMENT = Decimal("4.0")
"""Below this many mmol/L sugar is low for people whose medicine can lower it too far (Diabetes Canada,
2018)."""
LOW_LEVEL_1 = Decimal("3.9")
"""Below this many mmol/L, and not below 3.0, is level 1 of international counts (2017)."""
LOW_LEVEL_2 = Decimal("3.0")
"""Below this many mmol/L is level 2. Level 3 is needing somebody's help, whatever the number."""
KETONES = Decimal("14.0")
"""Staying above this many mmol/L before meals, people with type 1 diabetes check for ketones (Diabetes
Canada, 2018)."""

SOURCE = _("Diabetes Canada, Clinical Practice Guidelines, 2018")

LOW: tuple[Message, ...] = (
    _("Sugar below 4.0 mmol/L (72 mg/dL) is low if you take insulin or medicine that can lower it too far."),
    _(
        "Right away: 15 g of fast sugar, such as glucose tablets, a tablespoon (15 mL) of sugar in water, or "
        "two thirds of a cup (150 mL) of juice or a regular soft drink."
    ),
    _("Wait 15 minutes and measure again. Still below 4.0? The same once more, and again."),
    _("Then eat your next meal, or something small if that is more than an hour away."),
    _("Cannot measure? If it feels low, treat it as low."),
)
SEVERE: tuple[Message, ...] = (
    _("Somebody who is confused and can swallow: 20 g of sugar, then as above. Stay with them."),
    _(
        "Somebody who does not wake up, cannot swallow or has a seizure: call 9-1-1. Give nothing by mouth. "
        "Lay them on their side. Glucagon, if there is some and you know how."
    ),
)
HIGH: tuple[Message, ...] = (
    _("Drink water. Do what your own sick-day plan says; a pharmacist or your care team can tell you more."),
    _(
        "With type 1 diabetes, and sugar that stays above 14.0 mmol/L (252 mg/dL) before meals: check for "
        "ketones."
    ),
    _(
        "Go to emergency or call 9-1-1 for vomiting that does not stop, fast or deep breathing, belly pain, "
        "breath that smells of fruit, confusion, or somebody who is hard to wake."
    ),
)
FEET: tuple[Message, ...] = (
    _(
        "A new wound, redness, swelling or warmth on a foot: have it looked at the same day, even if nothing "
        "hurts."
    ),
)
NOT_ADVICE = _(
    "These are published facts, not advice for you: what you take, and how much, is between you and your "
    "care team."
)
WHICH_UNIT = _("That number may be in the other unit. Look which unit the meter shows before anything else.")


def in_unit(unit: str) -> Message:
    """What stands above the steps for a number that may be in either unit."""
    return _("If it is in {unit}:", unit=unit)


def told(*, below: bool) -> tuple[Message, ...]:
    """What to do about sugar that is low (`below`) or high, in order."""
    return (*LOW, *SEVERE, NOT_ADVICE) if below else (*HIGH, NOT_ADVICE)
