# SPDX-License-Identifier: Apache-2.0
"""Whether a score changed by more than the questionnaire's own error of measurement.

    SEM = SD · √(1 - r),  S_diff = SEM · √2,  index = (follow-up - baseline) / S_diff

An index beyond ±1.96 is *reliable*. Source: Neil S. Jacobson and Paula Truax, *Clinical significance: A
statistical approach to defining meaningful change in psychotherapy research*, Journal of Consulting and
Clinical Psychology 59, 1991.

SD and r belong to a questionnaire *and* to the people it was tried with: they are not universal, and peerkit
ships none. An organization gives them, with their source; without them nothing is worked out.
"""

from __future__ import annotations

from decimal import Decimal, localcontext

import attrs

from peerkit.errors import Malformed
from peerkit.model.attainment import EXACT, number, rounded
from peerkit.model.base import one_of

BETTER = ("higher", "lower")
"""Which way a scale goes."""

RELIABLE = Decimal("1.96")
"""Beyond this, in either direction, a change is reliable (Jacobson and Truax, 1991)."""


@attrs.frozen
class Reliability:
    """What was published about a questionnaire: its standard deviation (`sd`, above 0), its reliability
    (`r`, from 0 to below 1), which way is better (`higher` or `lower`), and where that stands.

    Malformed for values out of their range, and without a source.
    """

    sd: Decimal
    r: Decimal
    better: str
    source: str

    def __attrs_post_init__(self) -> None:
        where = "reliability"
        one_of(self.better, BETTER, f"{where}.better")
        if number(self.sd, f"{where}.sd") <= 0:
            raise Malformed("a standard deviation is above 0", where=f"{where}.sd")
        if not 0 <= number(self.r, f"{where}.r") < 1:
            raise Malformed("a reliability is from 0 to below 1", where=f"{where}.r")
        if not str(self.source).strip():
            raise Malformed("say where it was published: title, publisher, year", where=f"{where}.source")


@attrs.frozen
class Change:
    """How a score changed: `index` to two places, positive where it is for the better; `reliable` says
    whether that is more than error; `direction` is `better`, `worse` or `none` (not reliable)."""

    index: Decimal
    reliable: bool
    direction: str


def reliable_change(
    baseline: Decimal | int, follow_up: Decimal | int, known: Reliability | None
) -> Change | None:
    """The change between two scores of one questionnaire; None where its reliability is not `known`.

    Judged before rounding. Malformed for a float, NaN or infinity.
    """
    before, after = number(baseline, "baseline"), number(follow_up, "follow_up")
    if known is None:
        return None
    with localcontext(EXACT):
        error = Decimal(known.sd) * (2 * (1 - Decimal(known.r))).sqrt()  # one root: exact where it can be
        index = (after - before) / error * (1 if known.better == "higher" else -1)
        reliable = abs(index) > RELIABLE
    direction = "none" if not reliable else "better" if index > 0 else "worse"
    return Change(rounded(index), reliable, direction)
