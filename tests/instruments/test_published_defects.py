# SPDX-License-Identifier: Apache-2.0
"""What published code and forms got wrong, tried against peerkit; named after where that was found.

Those of CANRISK come with the diabetes instruments.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, installed, load, parse
from peerkit.instruments.answers import AnswerSet
from peerkit.instruments.codes import loinc_shaped
from peerkit.instruments.definition import TOTAL

YES, NO = True, False


def nine(*values: object) -> dict[str, object]:
    """Answers to q1, q2, … in order."""
    return {f"q{place}": value for place, value in enumerate(values, start=1)}


def definition(items: int, points: range, bands: list[tuple[int, int, str]], code: str = "") -> Instrument:
    """A sum of items whose answers have those points, cut into those bands."""
    coded = f'\ncode = {{ system = "loinc", value = "{code}", verified = false }}' if code else ""
    lines = [
        'format = 1\nid = "as-published"\nversion = "1.0"\ntitle = "As published"',
        '[licence]\nstatus = "own-words"\nholder = "us"\nbasis = "ours"\nchecked_on = 2026-11-28',
        "redistribution_permitted = true\nitem_text_included = false",
        f'[answers.n]\nkind = "whole-number"\nlow = {points.start}\nhigh = {points.stop - 1}',
        *(f'[[items]]\nid = "q{n}"\nanswers = "n"{coded}' for n in range(1, items + 1)),
        f'[scoring]\nmethod = "sum"\nmissing = "strict"\nitems = {[f"q{n}" for n in range(1, items + 1)]}',
        *(f'[[bands]]\nmin = {low}\nmax = {high}\ncode = "{name}"' for low, high, name in bands),
    ]
    return parse("\n".join(lines), "as-published.toml")


def some_answer(answers: AnswerSet) -> object:
    """The last answer that there is: for what branches, the one that hides nothing."""
    return answers.options[-1].value if answers.options else answers.high


def codes(instrument: Instrument) -> set[str]:
    """Every code that a definition has, wherever it stands."""
    found = [instrument.code, *(item.code for item in instrument.items)]
    found += [option.code for item in instrument.items for option in item.answers.options]
    return {code.value for code in found if code is not None}


# ---- SPiER adoption guide --------------------------------------------------------------------------------


def test_spier_asq_said_negative_when_only_question_5_was_yes() -> None:
    asq, said = load("asq"), nine(NO, NO, NO, NO, YES)
    result = asq.score(said)
    assert (result.band, result.level) == ("acute-positive", "now")
    assert set(result.alerts) == {"acute", "inconsistent"}
    assert asq.judge(said).inconsistent == ("q5",)


def test_spier_c_ssrs_said_moderate_of_some_intention_to_act() -> None:
    result = load("c-ssrs-screener").score(nine(YES, YES, YES, YES, NO, NO))
    assert (result.band, result.level) == ("high", "now")


def test_spier_c_ssrs_said_high_of_any_act_however_long_ago() -> None:
    screener = load("c-ssrs-screener")
    long_ago = screener.score({"q1": NO, "q2": NO, "q6": YES, "q6_3m": NO})
    assert (long_ago.band, long_ago.level) == ("moderate", "today")
    # Where nobody knows when, it is high all the same, until that is answered.
    for unknown in (..., None, "declined"):
        said = {"q1": NO, "q2": NO, "q6": YES, "q6_3m": unknown}
        result = screener.score({item: value for item, value in said.items() if value is not ...})
        assert (result.band, result.level) == ("high", "now")


@pytest.mark.parametrize("yes", ["yes", "Yes", "373066001", 1, {"code": "373066001"}, {"valueBoolean": True}])
@pytest.mark.parametrize(("id_", "item"), [("c-ssrs-screener", "q5"), ("asq", "q5")])
def test_spier_327_read_a_yes_of_another_shape_as_no_risk(id_: str, item: str, yes: object) -> None:
    instrument = load(id_)
    with pytest.raises(Malformed, match=f"that is no answer to {item}"):
        instrument.score({"q1": YES, "q2": YES, item: yes})
    judged = instrument.judge({"q1": YES, "q2": YES, item: yes})
    assert judged.level == "now"
    assert judged.unreadable == (item,)


def test_spier_327_in_the_shape_that_the_form_sends() -> None:
    # The answer that a form sends is its code: that one is read.
    assert load("c-ssrs-screener").score({"q1": YES, "q2": YES, "q5": "LA33-6"}).band == "high"


@pytest.mark.parametrize(
    "code",
    ["93267-4", "93266-6", "93265-8", "93264-1", "93263-3", "93243-5", "76689-1", "76690-9"],
)
def test_spier_invented_codes_of_loinc(code: str) -> None:
    assert not loinc_shaped(code)
    with pytest.raises(Malformed, match="check digit"):
        definition(1, range(2), [(0, 1, "all")], code)


def test_spier_took_a_real_code_that_means_something_else() -> None:
    # 81344-4 has the right check digit, which proves form alone; `verified` says that its meaning was seen.
    assert loinc_shaped("81344-4")
    unsure = definition(1, range(2), [(0, 1, "all")], "81344-4").items[0].code
    assert unsure is not None
    assert not unsure.verified
    for id_ in installed():
        instrument = load(id_)
        assert "81344-4" not in codes(instrument)
        for code in (instrument.code, *(item.code for item in instrument.items)):
            assert code is None or code.verified, id_


def test_spier_phq_9_preferred_a_total_that_came_along() -> None:
    phq9 = load("phq-9")
    answers = nine(1, 1, 1, 1, 1, 1, 1, 1, 0)
    assert phq9.score(answers).score == 8
    with pytest.raises(Malformed, match="is no item"):
        phq9.score({**answers, "total-score": 21})


# ---- HL7 -------------------------------------------------------------------------------------------------


def test_hl7_sdc_phq_9_stored_13_where_the_items_make_10() -> None:
    result = load("phq-9").score(nine(0, 0, 0, 1, 2, 1, 3, 2, 1))
    assert (result.score, result.level) == (10, "now")


def test_hl7_sdc_phq_9_had_a_band_from_19_to_14() -> None:
    bands = [(0, 4, "minimal"), (5, 9, "mild"), (19, 14, "moderate"), (15, 19, "more"), (20, 27, "severe")]
    with pytest.raises(Malformed, match="max is below min") as caught:
        definition(9, range(4), bands)
    assert caught.value.where == "as-published.toml: bands.[3].max"


def test_hl7_audit_c_had_another_question_first_and_another_total() -> None:
    audit = load("audit-c")
    assert [item.code.value for item in audit.items if item.code] == ["68518-0", "68519-8", "68520-6"]
    total = audit.scores[0].code
    assert total is not None
    assert total.value == "75626-2"  # not 76504-0, which is HARK's total
    for id_ in installed():
        assert codes(load(id_)).isdisjoint({"68517-2", "76504-0"})


def test_hl7_behavioral_health_audit_c_stored_3_where_the_items_make_4() -> None:
    audit = load("audit-c")
    # Its first answer is one of the second question's ("3 or 4"): that is no answer, and no 1 either.
    with pytest.raises(Malformed, match="that is no answer to q1"):
        audit.score(nine("LA15695-2", "LA15695-2", "LA18876-5"))
    assert audit.score(nine(1, "LA15695-2", "LA18876-5")).score == 4


def test_hl7_behavioral_health_c_ssrs_asked_what_branching_hides() -> None:
    screener = load("c-ssrs-screener")
    assert screener.judge({"q1": NO, "q2": NO}).next == ("q6",)
    assert screener.judge({"q1": NO, "q2": NO, "q6": NO}).next == ()
    judged = screener.judge({**nine(NO, NO, NO, NO, NO, NO), "q6_3m": NO})
    assert judged.inconsistent == ("q3", "q4", "q5", "q6_3m")


def test_hl7_behavioral_health_c_ssrs_said_low_of_nothing_reported() -> None:
    result = load("c-ssrs-screener").score({**nine(NO, NO, NO, NO, NO, NO), "q6_3m": NO})
    assert (result.band, result.level, result.alerts) == ("none-reported", "none", ())


# ---- Missing answers -------------------------------------------------------------------------------------


def totalled() -> list[str]:
    """The instruments with a total, those that are still to come among them."""
    shipped = [load(id_) for id_ in installed()]
    found = {one.id for one in shipped if any(score.id == TOTAL for score in one.scores)}
    return sorted(found | {"phq-9", "phq-2", "gad-7", "k6", "k10", "k10-0-4"})


@pytest.mark.parametrize("id_", totalled())
def test_asbi_and_lforms_counted_a_missing_answer_as_0(id_: str) -> None:
    instrument = load(id_)
    scored = next(score.items for score in instrument.scores if score.id == TOTAL)
    full = {item: some_answer(instrument.item(item).answers) for item in scored}
    assert instrument.score(full).score is not None
    for item in scored:
        for missing in (..., None, "declined"):
            given = {**full, item: missing}
            result = instrument.score({i: value for i, value in given.items() if value is not ...})
            assert result.score is None, (item, missing)
            assert result.band is None
            assert not result.complete


# ---- Other published code and pages -----------------------------------------------------------------------


def test_clinical_toolkit_k10_cut_0_to_40_as_if_it_were_10_to_50() -> None:
    cuts = [(10, 19, "likely-well"), (20, 24, "mild"), (25, 29, "moderate"), (30, 50, "severe")]
    assert definition(10, range(1, 6), cuts).score(nine(*[2] * 10)).band == "mild"
    with pytest.raises(Malformed, match="cover the whole range of the total, 0 to 40"):
        definition(10, range(5), cuts)


def test_clinical_toolkit_k10_in_both_codings() -> None:
    some = [2] * 10  # "some of the time" where none is 0, "a little" where none is 1
    assert load("k10-0-4").score(nine(*some)).score == load("k10").score(nine(*[3] * 10)).score - 10  # type: ignore[operator]
    with pytest.raises(Malformed, match="that is no answer to q1"):
        load("k10").score(nine(*[0] * 10))
    with pytest.raises(Malformed, match="that is no answer to q1"):
        load("k10-0-4").score(nine(*[5] * 10))


def test_clinical_toolkit_asq_asked_of_three_months_in_question_4() -> None:
    assert load("asq").text("q4", "en") == "Have you ever tried to kill yourself?"


def test_loinc_ll1257_6_scores_the_kessler_answers_the_wrong_way_round() -> None:
    k6 = load("k6")
    most = max(option.points or Decimal(0) for option in k6.item("q1").answers.options)
    labels = {
        option.points: k6.label("q1", "en", value=option.value).lower()
        for option in k6.item("q1").answers.options
    }
    assert labels[most].startswith("all")
    assert labels[Decimal(0)].startswith("none")


def test_calculator_dev_who_5_took_five_away_before_multiplying() -> None:
    who5 = load("who-5")
    for raw, page in ((10, 20), (15, 40), (20, 60)):
        result = who5.score(nine(*[raw // 5] * 5))
        assert (result.score, result.scores["percentage"]) == (raw, raw * 4)
        assert result.scores["percentage"] != page
    # Whoever checks a formula against its stated range sees it at once: 0 to 100.
    assert [who5.score(nine(*[n] * 5)).scores["percentage"] for n in (0, 5)] == [0, 100]


def test_healthwords_gad_7_had_bands_that_overlap_and_begin_too_high() -> None:
    bands = [(0, 5, "minimal"), (6, 10, "mild"), (11, 15, "moderate"), (15, 21, "severe")]
    with pytest.raises(Malformed, match="overlaps the one before"):
        definition(7, range(4), bands)
    gad7 = load("gad-7")
    assert gad7.score(nine(1, 1, 1, 1, 1, 0, 0)).band == "mild"
    assert gad7.score(nine(2, 2, 2, 2, 2, 0, 0)).band == "moderate"
