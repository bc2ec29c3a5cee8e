# SPDX-License-Identifier: Apache-2.0
"""The page to bring along: one page, of what the person ticks, printed by nobody else."""

from __future__ import annotations

import re
import sys
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from peerkit_diabetes import DiabetesNotebook, DiabetesRiskCheck, canrisk, suggested
from peerkit_diabetes.log import DiabetesLog, DiabetesReading
from peerkit_diabetes.summary import SECTIONS, summary_page
from spoiling import spoil

from peerkit import Actor, GoalPlan, Malformed, PeerkitError, Refused
from peerkit.paper import Pages
from peerkit.texts import for_locale

pytest.importorskip("fpdf")
NOW = datetime(2027, 3, 1, 15, tzinfo=UTC)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines of the page that was made last."""
    lines: list[str] = []
    made = Pages.bytes

    def spied(pages: Pages) -> bytes:
        lines[:] = [pages.title, *(one.text for one in pages.blocks), pages.foot(1)]
        return made(pages)

    monkeypatch.setattr(Pages, "bytes", spied)
    return lines


def filled(house: Any) -> None:
    """Maya has written something everywhere."""
    house.give(*house.gates)
    with house.kit.session(actor=house.maya) as s:
        plan = s.save(GoalPlan.begin(person=house.maya).add_goal("find a choir"))
        plan = suggested(s, plan, ["walk-after", "shoes"])
        plan = s.save(plan.adopt(plan.goals[1].id, words="round the block with Ana"))
        plan = s.save(plan.add_step(plan.goals[1].id, "ask Ana on Monday"))
        book = DiabetesNotebook.begin(person=house.maya).ask("Why am I so tired?").ask("Old question")
        book = book.note_answer(book.questions[1].id, "yes").add_support("Ana", helps="comes along")
        book = book.write("medicines", "the white one, mornings\nthe drops").write("feelings", "fed up")
        s.save(book.write("sick_day", "call Ana, drink, read my sheet").say_barriers(("income",)))
        s.save(DiabetesRiskCheck.take(person=house.maya, answers=canrisk(age=52, sex="female")))
        log = DiabetesLog.turn_on(person=house.maya).set_target(
            "glucose", unit="mmol/L", low="4.0", high="7.5"
        )
        log = s.save(log)
        for n in range(12):
            value = f"{5 + n % 4}.{n % 10}"
            taken = NOW - timedelta(days=2 * n)
            s.save(DiabetesReading.note(log, "glucose", taken=taken, value=value, unit="mmol/L"))
        more = {"second": "82", "unit": "mmHg"}
        s.save(DiabetesReading.note(log, "blood_pressure", taken=NOW, value="128", **more))
        s.save(DiabetesReading.note(log, "feet", taken=NOW, found="nothing_new"))
        old = NOW - timedelta(days=60)
        s.save(DiabetesReading.note(log, "glucose", taken=old, value="19.9", unit="mmol/L"))


def page(house: Any, *ticked: str, locale: str = "en", **more: Any) -> bytes:
    return summary_page(house.kit, Actor(house.maya.id), ticked, say=for_locale(locale), **more)


def pages_in(pdf: bytes) -> int:
    """How many pages a PDF has."""
    text = pdf + b"".join(
        _inflated(one) for one in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    )
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", text))


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_everything_is_one_page_in_both_languages(house: Any, told: list[str], locale: str) -> None:
    filled(house)
    made = page(house, *SECTIONS, locale=locale)
    assert made.startswith(b"%PDF")
    assert pages_in(made) == 1
    words = "\n".join(told)
    for own in ("round the block with Ana", "find a choir", "Why am I so tired?", "the drops", "call Ana"):
        assert own in words
    assert ("Written by the person, not by a clinician" in words) == (locale == "en")
    assert ("Écrit par la personne, et non par un professionnel" in words) == (locale == "fr")
    assert "Maya (fictional)" in words
    assert "2027-03-01" in words
    assert ("8.7" if locale == "en" else "8,7") in words


def test_nothing_stands_on_it_but_what_was_ticked(house: Any, told: list[str]) -> None:
    filled(house)
    page(house, "questions")
    words = "\n".join(told)
    assert "Why am I so tired?" in words
    for other in ("Old question", "Ana", "choir", "drops", "8.7", "CANRISK", "fed up", "income"):
        assert other not in words
    page(house, "goals")
    assert "ask Ana on Monday" in "\n".join(told)
    assert "choir" not in "\n".join(told)
    assert not any("shoes" in one for one in told)  # put forward, and nobody's so far


def test_readings_go_back_so_many_days_and_no_further(house: Any, told: list[str]) -> None:
    filled(house)
    page(house, "readings")
    words = "\n".join(told)
    assert "glucose: 12 times, from 5.0 to 8.7 mmol/L; last 5.0 on 2027-03-01" in words
    assert "128/82" in words
    assert "19.9" not in words
    page(house, "readings", days=90)
    assert "19.9" in "\n".join(told)


def test_numbers_in_two_units_are_told_in_the_last_ones(house: Any, told: list[str]) -> None:
    with house.kit.session(actor=house.maya) as s:
        log = s.save(DiabetesLog.turn_on(person=house.maya))
        for days, value, unit in ((2, "5.0", "mmol/L"), (1, "180", "mg/dL")):
            taken = NOW - timedelta(days=days)
            s.save(DiabetesReading.note(log, "glucose", taken=taken, value=value, unit=unit))
        s.save(DiabetesReading.note(log, "glucose", taken=NOW, off_scale="low"))
    page(house, "readings")
    words = "\n".join(told)
    assert "from 90 to 180 mg/dL" in words
    assert "LO 1 time" in words


def noted(house: Any, *readings: tuple[int, dict[str, str]]) -> None:
    """Glucose, so many days ago."""
    with house.kit.session(actor=house.maya) as s:
        log = s.save(DiabetesLog.turn_on(person=house.maya))
        for days, given in readings:
            s.save(DiabetesReading.note(log, "glucose", taken=NOW - timedelta(days=days), **given))


def test_lo_and_hi_are_told_with_their_day_though_nothing_else_was_noted(house: Any, told: list[str]) -> None:
    noted(house, (5, {"off_scale": "low"}), (3, {"off_scale": "low"}), (1, {"off_scale": "high"}))
    page(house, "readings")
    words = "\n".join(told)
    assert "glucose: 3 times" in words
    assert "LO 2 times, last on 2027-02-26" in words
    assert "HI 1 time, last on 2027-02-28" in words
    page(house, "readings", locale="fr")
    words = "\n".join(told)
    assert "LO 2 fois, la dernière fois le 2027-02-26" in words


def test_a_number_that_may_be_in_the_other_unit_stands_as_it_was_noted(house: Any, told: list[str]) -> None:
    doubtful = {"value": "45", "unit": "mmol/L"}
    noted(
        house, (4, doubtful), (2, {"value": "103", "unit": "mg/dL"}), (1, {"value": "110", "unit": "mg/dL"})
    )
    page(house, "readings")
    words = "\n".join(told)
    assert "810" not in words
    assert "from 103 to 110 mg/dL; last 110 on" in words
    assert "1 number may be in the other unit: 45 mmol/L as noted, last on 2027-02-25" in words


def test_and_where_there_are_no_others(house: Any, told: list[str]) -> None:
    noted(house, (4, {"value": "25", "unit": "mmol/L"}), (2, {"value": "22.5", "unit": "mmol/L"}))
    page(house, "readings", locale="fr")
    words = "\n".join(told).replace("\u00a0", " ")
    assert "2 nombres peuvent être dans l’autre unité : de 22,5 à 25 mmol/L tels que notés" in words


def test_a_number_that_no_meter_shows_and_that_is_in_no_other_unit_is_in_the_span(
    house: Any, told: list[str]
) -> None:
    """A laboratory measures 39.6 mmol/L, or 713 mg/dL; nobody has 713 mmol/L."""
    noted(house, (4, {"value": "713", "unit": "mg/dL"}), (2, {"value": "103", "unit": "mg/dL"}))
    page(house, "readings")
    words = "\n".join(told)
    assert "from 103 to 713 mg/dL" in words
    assert "other unit" not in words


def test_a_low_number_is_not_rounded_up_to_one_that_is_not_low(house: Any, told: list[str]) -> None:
    noted(house, (4, {"value": "3.95", "unit": "mmol/L"}), (2, {"value": "5.70", "unit": "mmol/L"}))
    page(house, "readings")
    assert "from 3.95 to 5.70 mmol/L; last 5.70 on" in "\n".join(told)


def test_what_cannot_be_read_is_said_to_be_missing(house: Any, told: list[str]) -> None:
    """Somebody who judges by the page is not to take a LO that is lost for none."""
    noted(house, (4, {"off_scale": "low"}), (2, {"value": "5.7", "unit": "mmol/L"}))
    with house.kit.session(actor=house.maya) as s:
        low, other = s.find(DiabetesReading, order="taken")
    spoil(house.kit, low)
    page(house, "readings", "aims")
    assert "Missing here, since it cannot be read now: What I noted." in "\n".join(told)
    page(house, "readings", locale="fr")
    assert "ne peut pas être lu en ce moment" in "\n".join(told)
    spoil(house.kit, other)
    with pytest.raises(Malformed, match="cannot be read now"):
        page(house, "readings")


def test_both_numbers_of_a_blood_pressure_have_their_span(house: Any, told: list[str]) -> None:
    """A lower number of 112 in the middle is not lost between the upper ones."""
    with house.kit.session(actor=house.maya) as s:
        log = s.save(DiabetesLog.turn_on(person=house.maya))
        for days, upper, lower in ((2, "126", "76"), (1, "131", "112"), (0, "128", "82")):
            given = {"value": upper, "second": lower, "unit": "mmHg", "taken": NOW - timedelta(days=days)}
            s.save(DiabetesReading.note(log, "blood_pressure", **given))
    page(house, "readings")
    span = "the upper number from 126 to 131, the lower one from 76 to 112 mmHg; last 128/82 on 2027-03-01"
    assert span in "\n".join(told)


def test_something_new_on_a_foot_is_not_lost_behind_the_last_look(house: Any, told: list[str]) -> None:
    with house.kit.session(actor=house.maya) as s:
        log = s.save(DiabetesLog.turn_on(person=house.maya))
        for days, found in ((3, "something_new"), (0, "nothing_new")):
            taken = NOW - timedelta(days=days)
            s.save(DiabetesReading.note(log, "feet", taken=taken, found=found))
    page(house, "readings", locale="fr")
    words = "\n".join(told)
    assert "regardés le 2027-03-01, rien de nouveau" in words
    assert "quelque chose de nouveau le 2027-02-26" in words


def test_only_the_person_prints_it(house: Any) -> None:
    filled(house)
    with house.kit.session(actor=house.maya) as s:
        [book] = s.find(DiabetesNotebook)
        s.save(book.share(house.kai))
    for actor in (Actor(house.kai.id, role="supporter"), Actor.system("test")):
        with pytest.raises(Refused):
            summary_page(house.kit, actor, SECTIONS, say=for_locale("en"))
    with pytest.raises(Malformed):  # Kai's own page has nothing on it
        summary_page(house.kit, Actor(house.kai.id), SECTIONS, say=for_locale("en"))


def test_the_newest_estimate_of_a_risk_stands_on_it(house: Any, told: list[str]) -> None:
    filled(house)
    answers = canrisk(
        age=52,
        sex="female",
        height_cm=157,
        weight_kg=74,
        waist_in=34,
        active=False,
        vegetables=True,
        blood_pressure="dont-know",
        blood_sugar=False,
        large_baby="not-applicable",
        relatives=["mother"],
        mother="white",
        father="east-asian",
        education="degree",
    )
    house.time.forward(days=1)
    with house.kit.session(actor=house.maya) as s:
        s.save(DiabetesRiskCheck.take(person=house.maya, answers=answers))
    page(house, "risk")
    assert [one for one in told if "CANRISK, 2027-03-02: " in one and "points" in one]
    assert not any("2027-03-01" in one for one in told)


@pytest.mark.parametrize("ticked", [(), ("weight",), ("goals", "weight")])
def test_what_is_to_stand_on_it_is_said(house: Any, ticked: tuple[str, ...]) -> None:
    with pytest.raises(Malformed, match="summary"):
        page(house, *ticked)


def test_what_is_long_is_set_smaller_and_what_is_too_long_is_refused(house: Any, told: list[str]) -> None:
    filled(house)
    with house.kit.session(actor=house.maya) as s:
        [book] = s.find(DiabetesNotebook)
        book = s.save(book.write("medicines", "\n".join(f"thing {n}" for n in range(38))))
    assert pages_in(page(house, "medicines")) == 1
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesNotebook, book.id).write("medicines", "\n".join(["secret thing"] * 200)))
    with pytest.raises(PeerkitError, match="more than one page") as wrong:
        page(house, "medicines")
    assert "secret" not in str(wrong.value)


def test_without_matplotlib_there_is_no_picture_and_a_page_all_the_same(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(house)
    pictures = []
    drawn = Pages.picture
    monkeypatch.setattr(Pages, "picture", lambda self, *a, **k: (pictures.append(1), drawn(self, *a, **k))[1])
    page(house, "readings")
    assert pictures
    pictures.clear()
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert pages_in(page(house, "readings")) == 1
    assert pictures == []
