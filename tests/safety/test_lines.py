# SPDX-License-Identifier: Apache-2.0
"""Whom to call, as data: what is no number is refused where it stands, a warm line is never a crisis line,
and a person can read beforehand what happens."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import Level, Malformed
from peerkit.model.program import Program
from peerkit.safety.next_steps import Known
from peerkit.safety.numbers import reachable, texted
from peerkit.safety.regions import region

YES = True
WARM = {
    "name": "Evening line (fictional)",
    "number": "555-0199",
    "sort": "warm",
    "hours": "mon-fri 18:00-22:00",
}
REAL = (
    *(
        "9-8-8",
        "988",
        "9-1-1",
        "911",
        "112",
        "116 123",
        "+1 416 555-0100",
        "(416) 555-0100",
        "1-800-273-TALK",
    ),
    *("+33 3114", "811", "1 833 456-4566", "555-0100 ext. 12", "514 555-0100 poste 4", "1.800.555.0100"),
    *("https://www.dcontario.org", "https://988.ca", "http://example.org/chat"),
)
NONE = (
    *("", " ", "call us", "ask Robin", "12", "9-8", "1234567890123456", "4 rue Sainte-Anne", "n/a", "tbd"),
    *("robin@example.org", "https://", "www", "ftp://example.org", "555-0100\n911", "javascript:alert(1)"),
)


@pytest.mark.parametrize("number", REAL)
def test_numbers_short_codes_and_addresses_are_taken(number: str) -> None:
    assert reachable(number)


@pytest.mark.parametrize("number", NONE)
def test_what_cannot_be_called_is_refused_with_its_place(opened: Any, number: str) -> None:
    lines = [
        {"name": "First (fictional)", "number": "555-0100"},
        {"name": "Second (fictional)", "number": number},
    ]
    with pytest.raises(Malformed) as refused:
        opened(more={"lines": lines})
    assert "settings.lines[1].number" in str(refused.value)
    assert "Second" not in str(refused.value)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert texted(text) or not reachable(text)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("text", {"text": "write to us"}),
        ("sort", {"sort": "chat"}),
        ("hours", {"sort": "warm"}),
        ("as_of", {"as_of": "last week"}),
        ("name", {"name": " "}),
    ],
)
def test_a_line_that_is_not_whole_is_refused(opened: Any, field: str, more: dict[str, str]) -> None:
    with pytest.raises(Malformed) as refused:
        opened(more={"lines": [{"name": "Ours (fictional)", "number": "555-0100", **more}]})
    assert f"settings.lines[0].{field}" in str(refused.value)


def test_a_word_and_the_number_to_send_it_to_is_a_text() -> None:
    assert texted("HOME to 741741")
    assert texted("9-8-8")
    assert not texted("write to us")


def test_a_warm_line_is_shown_to_nobody_in_danger(opened: Any) -> None:
    world = opened(more={"lines": [WARM]})
    for steps in (
        world.screen(by="ola").answer("q5", YES),
        world.screen(by="ola").answer("q1", YES),
        world.kit.concern("I am worried"),
    ):
        assert "555-0199" not in str(steps)
        assert steps.call
    assert "555-0199" not in str(world.kit.warm_line())  # what to call instead
    policy = world.kit.safety_policy()
    assert [line.number for line in policy.warm] == ["555-0199"]
    [said] = [one for one in policy.sentences if "555-0199" in one]
    assert said.startswith("For talking, not for emergencies")
    assert "Mon-Fri 18:00-22:00" in said


def test_a_warm_line_alone_is_no_line_for_a_region_without_any(opened: Any) -> None:
    with pytest.raises(Malformed) as refused:
        opened(more={"region": "ZZ", "lines": [WARM]})
    assert "settings.region" in str(refused.value)
    old = Program.found(settings={"name": "Old", "region": "ZZ", "lines": ()})
    assert Known(old).steps(Level.NOW).call


def test_a_province_without_data_of_its_own_has_the_countrys_and_no_duty_of_another() -> None:
    found = region("CA-QC")
    assert (found.code, [one.number for one in found.lines], found.duties) == ("CA", ["9-8-8", "9-1-1"], ())
    assert region("US-NY").duties == ()
    assert [one.number for one in region("us").lines] == ["988", "911"]
    assert region("ca-on").duties


# -- beforehand --------------------------------------------------------------------------------------------


def test_before_the_first_question_it_is_said_who_is_told_how_fast_and_what_is_never_done(world: Any) -> None:
    said = "\n".join(world.screen().before)
    for part in (
        "at once, one after the other",
        "Whoever is asked first has 10 minutes to answer.",
        "Somebody of the program can be asked now.",
        "You may decline any question, or all of them.",
        "not by itself a crisis",
        "dials no number, and predicts nothing",
        "We stay with you, and we tell you before we tell anybody else.",
    ):
        assert part in said


def test_it_is_said_in_the_persons_language_and_the_policy_as_it_was_written(world: Any) -> None:
    world.change("maya", languages=("fr",))
    said = "\n".join(world.screen().before)
    assert "pensées de suicide" in said
    assert "You may decline" not in said
    assert "We stay with you" in said


def test_where_nobody_can_be_asked_the_person_reads_it_beforehand(world: Any) -> None:
    for name in ("sam", "cora", "ola", "sue"):
        world.change(name, reach=())
    said = "\n".join(world.screen().before)
    assert "Nobody of the program can be asked now" in said
    assert world.kit.safety_policy().on_call is False


def test_hours_that_nobody_covers_are_said(opened: Any) -> None:
    world = opened(more={"uncovered": "sat-sun 00:00-24:00, mon 08:00-09:00"})
    said = "Hours in which nobody is there: Sat-Sun 00:00-24:00, Mon 08:00-09:00."
    assert said in world.screen().before
    assert said in world.kit.safety_policy().sentences
    french = "Heures où il n’y a personne\u00a0: sam.-dim. 00:00-24:00, lun. 08:00-09:00."
    assert french in world.screen().beforehand("fr")
    for name in ("sam", "cora", "ola", "sue"):
        world.change(name, reach=())
    steps = world.screen().answer("q5", YES).in_language("fr")
    assert "sam.-dim. 00:00-24:00" in str(steps)


def test_the_hours_of_a_line_are_said_in_the_language_of_the_steps(opened: Any) -> None:
    line = {"name": "Ours (fictional)", "number": "555-0100", "hours": "mon-fri 09:00-17:00"}
    odd = {"name": "Theirs (fictional)", "number": "555-0101", "hours": "whenever Sat is in"}
    steps = opened(more={"lines": [line, odd]}).screen().answer("q5", YES)
    assert "Ours (fictional): 555-0100 (Mon-Fri 09:00-17:00)" in steps.sentences
    french = steps.in_language("fr").sentences
    assert any("555-0100 (lun.-ven. 09:00-17:00)" in one for one in french)
    assert any("555-0101 (whenever Sat is in)" in one for one in french)


def test_asking_beforehand_writes_nothing(world: Any) -> None:
    screen = world.screen()
    before = world.kit.storage.position()
    assert screen.before
    assert world.kit.safety_policy().sentences
    assert world.kit.storage.position() == before
    assert world.alerts == []


def test_the_policy_is_there_for_anybody_and_in_french(world: Any) -> None:
    policy = world.kit.safety_policy()
    assert policy.on_call is True
    assert [line.number for line in policy.call][:2] == ["9-8-8", "9-1-1"]
    assert any("children's aid society" in one for one in policy.sentences)
    french = policy.in_language("fr")
    assert any("pensées de suicide" in one for one in french.sentences)
    assert world.maya not in repr(policy)
