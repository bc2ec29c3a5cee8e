# SPDX-License-Identifier: Apache-2.0
"""A kept check: whose it is, whom it opens to, and that its result comes from the form that was asked."""

from __future__ import annotations

from typing import Any

import attrs
import peerkit_diabetes.risk
import pytest
from peerkit_diabetes import DiabetesRiskCheck, canrisk, findrisc
from peerkit_diabetes.shelf import instrument
from peerkit_diabetes.words import _

import peerkit
from peerkit import Actor, Decision, Malformed, NotFound, Person, Refused
from peerkit.instruments import parse
from peerkit.testing.texts import untranslated

KNOWN: dict[str, Any] = {
    "age": 52,
    "sex": "female",
    "height_cm": 157.5,
    "weight_kg": 74,
    "waist_cm": 85,
    "active": False,
    "vegetables": True,
    "blood_pressure": False,
    "blood_sugar": False,
    "large_baby": False,
    "relatives": ["mother"],
    "mother": "white",
    "father": "east-asian",
    "education": "degree",
}
SCORE = 7 + 4 + 4 + 1 + 2 + 10
ANSWERS = canrisk(**KNOWN)


def test_the_person_keeps_it_and_its_result_is_worked_out_anew(house: Any) -> None:
    with house.kit.session(actor=house.maya) as s:
        kept = s.save(DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS))
    with house.kit.session(actor=house.maya) as s:
        found = s.get(DiabetesRiskCheck, kept.id)
    assert (found.form, found.edition, found.sha256) == ("canrisk", "1.0", instrument("canrisk").sha256)
    assert dict(found.answers) == ANSWERS
    assert not {"score", "band", "result"} & {field.name for field in attrs.fields(DiabetesRiskCheck)}
    result = found.result(house.kit)
    assert (result.score, result.band, result.open) == (SCORE, "moderate", ())


def test_nobody_else_reads_it_until_the_person_names_them(house: Any) -> None:
    with house.kit.session(actor=house.maya) as s:
        kept = s.save(DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS))
    for who in (house.kai, house.noor, house.coordinator):
        with house.kit.session(actor=who) as s, pytest.raises((NotFound, Refused)):
            s.get(DiabetesRiskCheck, kept.id)
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesRiskCheck, kept.id).share(house.kai))
    with house.kit.session(actor=house.kai) as s:
        assert s.get(DiabetesRiskCheck, kept.id).result(house.kit).score == SCORE
    for who in (house.noor, house.coordinator):
        with house.kit.session(actor=who) as s, pytest.raises((NotFound, Refused)):
            s.get(DiabetesRiskCheck, kept.id)
    with house.kit.session(actor=house.maya) as s:
        s.save(s.get(DiabetesRiskCheck, kept.id).unshare(house.kai))
    with house.kit.session(actor=house.kai) as s, pytest.raises((NotFound, Refused)):
        s.get(DiabetesRiskCheck, kept.id)


def test_no_part_of_the_program_and_no_other_plugin_reads_it(house: Any) -> None:
    with house.kit.session(actor=house.maya) as s:
        kept = s.save(DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS))
    with house.kit.session(Actor.system("report")) as s, pytest.raises((NotFound, Refused)):
        s.get(DiabetesRiskCheck, kept.id)


def test_who_writes_it_down_with_them_does_not_read_it_later(house: Any) -> None:
    spoken = Decision.of(house.maya, how="spoken")
    with house.kit.session(actor=house.kai) as s:
        kept = s.save(DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS, by=spoken))
    with house.kit.session(actor=house.kai) as s, pytest.raises((NotFound, Refused)):
        s.get(DiabetesRiskCheck, kept.id)
    with house.kit.session(actor=house.maya) as s:
        assert s.get(DiabetesRiskCheck, kept.id).state == "kept"


def test_it_is_the_persons_decision_and_opening_it_takes_more_than_a_spoken_word(house: Any) -> None:
    with pytest.raises(Refused), house.kit.session(actor=house.kai) as s:
        s.save(DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS))
    spoken = Decision.of(house.maya, how="spoken")
    with pytest.raises(Refused), house.kit.session(actor=house.kai) as s:
        taken = DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS, by=spoken)
        s.save(taken.share(house.kai, by=spoken))
    paper = Decision.of(house.maya, how="paper", evidence="binder 3 (fictional)")
    with house.kit.session(actor=house.kai) as s:
        taken = DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS, by=paper)
        kept = s.save(taken.share(house.kai, by=paper))
    with house.kit.session(actor=house.kai) as s:
        assert s.get(DiabetesRiskCheck, kept.id).shared_with == (house.kai.id,)


def test_a_stranger_writes_nothing_down_for_them(house: Any) -> None:
    spoken = Decision.of(house.maya, how="spoken")
    with house.coordinating() as s:
        stranger = s.save(Person.enrol(name="Sam (fictional)"))
    with pytest.raises(Refused), house.kit.session(actor=stranger) as s:
        s.save(DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS, by=spoken))


@pytest.mark.parametrize(
    ("answers", "form"),
    [
        ({"diagnosed": "yes"}, "canrisk"),
        ({**ANSWERS, "q1": "80"}, "canrisk"),
        ({**ANSWERS, "q99": "yes"}, "canrisk"),
        (ANSWERS, "findrisc"),
        ({}, "dds-17"),
    ],
)
def test_what_is_no_answer_to_the_form_is_not_kept(answers: dict[str, str], form: str) -> None:
    with pytest.raises(Malformed):
        DiabetesRiskCheck.take(person="maya", answers=answers, form=form)
    with pytest.raises(NotFound, match="it has canrisk"):
        DiabetesRiskCheck.take(person="maya", answers=answers, form="another")


def test_an_unfinished_one_may_be_kept_and_has_no_score(house: Any) -> None:
    some = canrisk(**{**KNOWN, "weight_kg": "declined", "father": None})
    with house.kit.session(actor=house.maya) as s:
        kept = s.save(DiabetesRiskCheck.take(person=house.maya, answers=some))
    found = kept.result(house.kit)
    assert (found.score, found.band, found.open) == (None, None, ("q3", "q11-father"))


def test_findrisc_is_kept_alike(house: Any) -> None:
    answers = findrisc(age=50, height_cm=170, weight_kg=60, relatives=["cousins"])
    kept = DiabetesRiskCheck.take(person=house.maya, answers=answers, form=house.kit.instrument("findrisc"))
    assert kept.result(house.kit).open == ("q3", "q4", "q5", "q6", "q7")


def test_by_another_file_there_is_no_result(house: Any) -> None:
    kept = DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS)
    with pytest.raises(NotFound):
        attrs.evolve(kept, sha256="0" * 64).result(house.kit)
    with pytest.raises(NotFound):
        attrs.evolve(kept, edition="0.9").result(house.kit)


def test_a_newer_form_leaves_an_older_check_its_result(house: Any) -> None:
    """A program brings in a newer edition of its own; what was asked by the older one is reckoned by it."""
    kept = DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS)
    from peerkit import Questionnaire

    [text] = [one for one in _texts() if 'id = "canrisk"' in one]
    newer = text.replace('version = "1.0"', 'version = "2.0"').replace("points = 7", "points = 9")
    assert parse(newer).version == "2.0"
    # Its bands must fit the range, and still do: the most of q1 is unchanged.
    with house.coordinating() as s:
        s.save(Questionnaire.add(newer, no_alerts=True))
    assert house.kit.instrument("canrisk").version == "2.0"
    assert kept.result(house.kit).score == SCORE
    later = DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS, form=house.kit.instrument("canrisk"))
    assert later.result(house.kit).score == SCORE + 2


def _texts() -> list[str]:
    from peerkit_diabetes.shelf import supplies

    return [one.text for one in supplies()]


def test_no_answer_stands_in_repr_or_in_an_error(house: Any) -> None:
    kept = DiabetesRiskCheck.take(person=house.maya, answers=ANSWERS)
    shown = repr(kept) + repr(kept.result(house.kit))
    assert "east-asian" not in shown
    assert str(SCORE) not in shown.replace(kept.id, "")
    with pytest.raises(Malformed) as refused:
        DiabetesRiskCheck.take(person="maya", answers={**ANSWERS, "q12": "a secret"})
    assert "a secret" not in str(refused.value)


def test_what_is_said_names_band_advice_and_no_verdict() -> None:
    said = peerkit.texts.for_locale("en")
    from peerkit_diabetes import reckon

    sentences = [said(one) for one in reckon(instrument("canrisk"), ANSWERS).sentences]
    assert sentences[0] == f"{SCORE} points. On the form: moderate risk (21 to 32)."
    assert "Public Health Agency of Canada" in sentences[1]
    assert "not a verdict" in sentences[-1]


def test_whatever_is_said_of_a_risk_has_its_french() -> None:
    lacking = untranslated(_, peerkit_diabetes.risk, "fr")
    # The catalogue is the whole module's, so it has texts that this part of it does not.
    assert [one for one in lacking if "is of no text any more" not in one] == []
