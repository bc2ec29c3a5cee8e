# SPDX-License-Identifier: Apache-2.0
"""What a form comes to, and what is said with it: a band, what its publisher advises, and no verdict."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from peerkit import Malformed
from peerkit.instruments import DECLINED, Instrument
from peerkit.texts import Message
from peerkit_diabetes.words import _

FORMS = ("canrisk", "findrisc")
"""The ids of the questionnaires that estimate a risk."""

DIAGNOSED = _(
    "Who was told that they have diabetes needs no estimate of the risk of it: nothing more is asked, and"
    " nothing is kept. For living with it this module has other things."
)
NO_SCORE = _(
    "There is no score, since something was left open. That is all right, and it is no zero: you can talk"
    " with a health-care provider about a blood test without any points."
)
NO_VERDICT = _(
    "A result is something to talk over, and where to be tested; it is not a verdict. Points say nothing sure"
    " of any one person."
)
_TESTED = _(
    "You may wish to talk with a health-care provider about whether a blood test makes sense for you."
)

BANDS: Mapping[tuple[str, str], Message] = {
    ("canrisk", "low"): _("low risk (less than 21)"),
    ("canrisk", "moderate"): _("moderate risk (21 to 32)"),
    ("canrisk", "high"): _("high risk (33 and more)"),
    ("findrisc", "low"): _("low (less than 7)"),
    ("findrisc", "slightly-elevated"): _("slightly elevated (7 to 11)"),
    ("findrisc", "moderate"): _("moderate (12 to 14)"),
    ("findrisc", "high"): _("high (15 to 20)"),
    ("findrisc", "very-high"): _("very high (more than 20)"),
}

ADVICE: Mapping[tuple[str, str], Message] = {
    ("canrisk", "low"): _(
        "The Public Health Agency of Canada suggests that you keep doing what keeps you healthy (CANRISK)."
    ),
    ("canrisk", "moderate"): _(
        "The Public Health Agency of Canada suggests changes towards a healthier life where you can, and that"
        " you may wish to talk with a health-care provider about your risk (CANRISK)."
    ),
    ("canrisk", "high"): _(
        "The Public Health Agency of Canada suggests that you talk with a health-care provider about having"
        " your blood sugar tested (CANRISK)."
    ),
    ("findrisc", "moderate"): _TESTED,
    ("findrisc", "high"): _TESTED,
    ("findrisc", "very-high"): _TESTED,
}
"""What the publisher advises, in our own words. The agency's wording for a low score was not seen, nor the
advice on the back of FINDRISC: what stands there is peerkit's own."""


@attrs.frozen
class RiskResult:
    """What one form comes to, worked out anew each time.

    `score` and `band` are None where anything was left open or declined; `open` are those items. There is no
    comparison with another result, and no forecast.
    """

    form: str
    score: int | None = attrs.field(repr=False)
    band: str | None = attrs.field(repr=False)
    open: tuple[str, ...] = attrs.field(repr=False)

    @property
    def sentences(self) -> tuple[Message, ...]:
        """What is said with it, in the order to say it."""
        if self.band is None:
            return NO_SCORE, NO_VERDICT
        key = self.form, self.band
        named = _("{score} points. On the form: {band}.", score=self.score, band=BANDS[key])
        return (named, *([ADVICE[key]] if key in ADVICE else []), NO_VERDICT)

    def plain(self) -> dict[str, object]:
        """The result as JSON knows it."""
        return {"form": self.form, "score": self.score, "band": self.band, "open": list(self.open)}


def reckon(instrument: Instrument, answers: Mapping[str, object]) -> RiskResult:
    """What the answers come to by this questionnaire (`canrisk` or `findrisc`, in any version and wording).

    Malformed for another questionnaire, for what is no answer, and for whoever has diabetes already."""
    if instrument.id not in FORMS:
        raise Malformed(_("this questionnaire estimates no risk of diabetes"), where=instrument.id)
    found = instrument.score(answers)
    if answers.get("diagnosed") == "yes":
        raise Malformed(DIAGNOSED, where=f"{instrument.id}: diagnosed")
    left = tuple(
        item.id
        for item in instrument.items
        if item.required and answers.get(item.id) in {None, DECLINED} and item.id != "diagnosed"
    )
    score = None if found.score is None else int(found.score)
    return RiskResult(instrument.id, score, found.band, left)
