# SPDX-License-Identifier: Apache-2.0
"""From what somebody knows and measured to the boxes of a form. What is left out stays open, and nothing that
is open ever counts as nought."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from peerkit import Malformed
from peerkit.instruments import DECLINED, Instrument
from peerkit.texts import Message
from peerkit_diabetes.risk.measures import Number, body_mass, measured, waist_box
from peerkit_diabetes.shelf import instrument
from peerkit_diabetes.words import _

DONT_KNOW = "dont-know"
Known = bool | str | None
"""Yes, no, one of the form's own codes, `declined`; None for what nobody asked."""

AGES = (40, 74)
"""For whom the Public Health Agency of Canada made CANRISK, in years."""
ADULT = 18

OUTSIDE = _(
    "This questionnaire was made for people of 40 to 74. You can talk with a health-care provider, who can"
    " say whether a blood test makes sense. At any age that is worth it where something makes diabetes more"
    " likely, such as diabetes in the family, high blood sugar before, or much weight around the waist."
)
YOUNG = _(
    "This questionnaire is for adults. You can talk with a health-care provider, who can say whether a blood"
    " test makes sense."
)

_WAISTS = {"male": (94, 102), "female": (80, 88)}
_INCHES = {"male": ("37", "40"), "female": ("31.5", "35")}
_RELATIVES = ("mother", "father", "siblings", "children", "other")
_CLOSE = frozenset({"mother", "father", "siblings", "children"})
_DISTANT = frozenset({"grandparents", "aunts-uncles", "cousins"})


def canrisk(
    *,
    age: int | str | None,
    sex: str | None,
    diagnosed: Known = False,
    height_cm: Number | str | None = None,
    height_in: Number | str | None = None,
    weight_kg: Number | str | None = None,
    weight_lb: Number | str | None = None,
    waist_cm: Number | str | None = None,
    waist_in: Number | str | None = None,
    active: Known = None,
    vegetables: Known = None,
    blood_pressure: Known = None,
    blood_sugar: Known = None,
    large_baby: Known = None,
    relatives: Iterable[str] | str | None = None,
    mother: str | None = None,
    father: str | None = None,
    education: str | None = None,
) -> dict[str, str]:
    """The answers to `canrisk`, for `peerkit_diabetes.DiabetesRiskCheck.take` and `Instrument.score`.

    `age` in years; `sex` `male` or `female`, which the form counts with. Height, weight and waist each in one
    unit. `active`: half an hour of brisk movement a day; `vegetables`: vegetables or fruit every day;
    `blood_pressure`, `blood_sugar`: ever told that it is high; `large_baby`: gave birth to one of 4.1 kg (9
    lb) or more, or `not-applicable`. `relatives` by blood with diabetes: each of `mother`, `father`,
    `siblings`, `children`, `other` once, however many they are; none is `()`. `mother` and `father` are their
    origins (`white`, `aboriginal`, `black`, `east-asian`, `south-asian`, `other-non-white`): the form counts
    the higher. `education`: `some-high-school`, `high-school`, `some-college`, `degree`.

    Yes and no are True and False; `dont-know` where the form has that box; `declined` anywhere. What is None
    stays open, and then there is no score. With `diagnosed` nothing else is answered.

    Malformed for what is no box of the form, a measure that cannot be or is in the wrong unit, a relative
    counted twice, and an age outside 40 to 74, saying what can be done instead. Source: The Canadian Diabetes
    Risk Questionnaire CANRISK, Public Health Agency of Canada.
    """
    form = Form(instrument("canrisk"))
    if form.put("diagnosed", diagnosed, "diagnosed") == "yes":
        return form.answers
    years = form.age(age, *AGES, outside=OUTSIDE)
    if years is not None:
        form.put("q1", _box(years, (45, "40-44"), (55, "45-54"), (65, "55-64"), last="65-74"), "age")
    counted = form.put("q2", sex, "sex")
    form.bmi(
        "q3",
        {"height_cm": height_cm, "height_in": height_in},
        {"weight_kg": weight_kg, "weight_lb": weight_lb},
        lambda bmi: _box(bmi, (25, "under-25"), (30, "25-29"), (35, "30-34"), last="35-or-more"),
    )
    form.waist("q4", {"waist_cm": waist_cm, "waist_in": waist_in}, counted, inches=True)
    form.put("q5", active, "active")
    form.put("q6", _daily(vegetables), "vegetables")
    form.put("q7", blood_pressure, "blood_pressure")
    form.put("q8", blood_sugar, "blood_sugar")
    form.put("q9", large_baby, "large_baby")
    form.relatives(relatives)
    form.put("q11-mother", mother, "mother")
    form.put("q11-father", father, "father")
    form.put("q12", education, "education")
    return form.answers


def findrisc(
    *,
    age: int | str | None,
    sex: str | None = None,
    diagnosed: Known = False,
    height_cm: Number | str | None = None,
    height_in: Number | str | None = None,
    weight_kg: Number | str | None = None,
    weight_lb: Number | str | None = None,
    waist_cm: Number | str | None = None,
    waist_in: Number | str | None = None,
    active: Known = None,
    vegetables: Known = None,
    blood_pressure: Known = None,
    blood_sugar: Known = None,
    relatives: Iterable[str] | str | None = None,
) -> dict[str, str]:
    """The answers to `findrisc`, as `canrisk` gives its own. `sex` is asked for the waist alone.

    `blood_pressure`: ever took medicine for it regularly. `relatives` with diabetes: each of `mother`,
    `father`, `siblings`, `children`, `grandparents`, `aunts-uncles`, `cousins` once; the closest count. The
    form has no box for not knowing: leave that out, and there is no score. Adults alone (peerkit's own
    limit). Source: Type 2 diabetes risk assessment form, Finnish Diabetes Association.
    """
    form = Form(instrument("findrisc"))
    if form.put("diagnosed", diagnosed, "diagnosed") == "yes":
        return form.answers
    years = form.age(age, ADULT, 130, outside=YOUNG)
    if years is not None:
        form.put("q1", _box(years, (45, "under-45"), (55, "45-54"), (65, "55-64"), last="over-64"), "age")
    form.bmi(
        "q2",
        {"height_cm": height_cm, "height_in": height_in},
        {"weight_kg": weight_kg, "weight_lb": weight_lb},
        lambda bmi: "under-25" if bmi < 25 else "over-30" if bmi > 30 else "25-30",
    )
    counted = form.sex(sex)
    form.waist("q3", {"waist_cm": waist_cm, "waist_in": waist_in}, counted, inches=False)
    form.put("q4", active, "active")
    form.put("q5", _daily(vegetables), "vegetables")
    form.put("q6", blood_pressure, "blood_pressure")
    form.put("q7", blood_sugar, "blood_sugar")
    form.put("q8", form.family(relatives), "relatives")
    return form.answers


class Form:
    """A form being filled in: its boxes come from its definition, so that no code can be none of them."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.answers: dict[str, str] = {}

    def put(self, item: str, value: object, name: str) -> str | None:
        """Tick a box, and give it; None where it stays open. Malformed for what is no box."""
        if value is None:
            return None
        code = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
        boxes = self.instrument.item(item).answers
        if code != DECLINED and (not isinstance(code, str) or boxes.option(code) is None):
            codes = ", ".join(str(option.value) for option in boxes.options)
            raise Malformed(_no_box(codes), where=f"{self.instrument.id}.{name}")
        self.answers[item] = str(code)
        return str(code)

    def age(self, age: object, low: int, high: int, *, outside: str) -> int | None:
        """Years within the form's; None where they stay open."""
        where = f"{self.instrument.id}.age"
        if age is None:
            return None
        if isinstance(age, str) and age == DECLINED:
            self.answers["q1"] = DECLINED
            return None
        if type(age) is not int or not 0 <= age <= 130:
            raise Malformed(_("an age is a whole number of years"), where=where)
        if not low <= age <= high:
            raise Malformed(outside, where=where)
        return age

    def sex(self, sex: object) -> str | None:
        """Which limits of the waist count, where the form does not ask for it otherwise."""
        if sex is None or (isinstance(sex, str) and sex in {*_WAISTS, DECLINED}):
            return None if sex is None else str(sex)
        raise Malformed(_no_box(", ".join(_WAISTS)), where=f"{self.instrument.id}.sex")

    def bmi(
        self, item: str, height: dict[str, object], weight: dict[str, object], box: Callable[[Fraction], str]
    ) -> None:
        """The body mass index, if there are both."""
        name = self.instrument.id
        tall, heavy = measured(height, name), measured(weight, name)
        if DECLINED in {tall, heavy}:
            self.answers[item] = DECLINED
        elif isinstance(tall, tuple) and isinstance(heavy, tuple):
            self.put(item, box(body_mass(tall, heavy, name)), "height")

    def waist(self, item: str, waist: dict[str, object], sex: str | None, *, inches: bool) -> None:
        """The waist, if there is one and the sex that its limits go by."""
        found = measured(waist, self.instrument.id)
        if found == DECLINED:
            self.answers[item] = DECLINED
        elif isinstance(found, tuple) and sex in _WAISTS:
            low, high = map(Fraction, _WAISTS[sex])
            own = tuple(map(Fraction, _INCHES[sex])) if inches else None
            self.put(item, waist_box(found, low, high, own), "waist")  # type: ignore[arg-type]  # a pair

    def relatives(self, relatives: object) -> None:
        """Each of the form's relatives apart."""
        if relatives is None:
            return
        if isinstance(relatives, str) and relatives in {DONT_KNOW, DECLINED}:
            there: Mapping[str, str] = dict.fromkeys(_RELATIVES, relatives)
        else:
            named = self._each_once(relatives, _RELATIVES)
            there = {one: "yes" if one in named else "no" for one in _RELATIVES}
        for one, code in there.items():
            self.put(f"q10-{one}", code, "relatives")

    def family(self, relatives: object) -> str | None:
        """The closest of the relatives, as FINDRISC counts them."""
        if relatives is None or (isinstance(relatives, str) and relatives == DECLINED):
            return None if relatives is None else DECLINED
        named = self._each_once(relatives, (*sorted(_CLOSE), *sorted(_DISTANT)))
        return "close" if named & _CLOSE else "distant" if named else "none"

    def _each_once(self, relatives: object, allowed: tuple[str, ...]) -> frozenset[str]:
        where = f"{self.instrument.id}.relatives"
        if isinstance(relatives, str) or not isinstance(relatives, Iterable):
            raise Malformed(_("relatives are a list, such as mother; none is an empty one"), where=where)
        listed = [one if isinstance(one, str) else "" for one in relatives]
        if not set(listed) <= set(allowed):
            told = _("there are these relatives on the form: {codes}", codes=", ".join(allowed))
            raise Malformed(told, where=where)
        if len(set(listed)) < len(listed):
            told = _("a relative is counted twice: each sort once, however many they are")
            raise Malformed(told, where=where)
        return frozenset(listed)


def _no_box(codes: str) -> Message:
    return _(
        "this is no box of the form: there are {codes}, and declined; what is left out stays open",
        codes=codes,
    )


def _box(value: int | Fraction, *steps: tuple[int, str], last: str) -> str:
    """The box of a number: the first step that it lies below, else the last."""
    return next((box for below, box in steps if value < below), last)


def _daily(value: object) -> object:
    return {True: "every-day", False: "not-every-day"}[value] if isinstance(value, bool) else value
