# SPDX-License-Identifier: Apache-2.0
"""A form that was answered on paper, typed in at a real terminal: each mark on it is taken, also one where
the form told the person to leave the question out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from kept_screens import kept, only
from terminal import Terminal, terminal

from peerkit.cli.app import login
from peerkit.kit import Kit

Opened = Callable[[], Kit]
At = Callable[..., AbstractContextManager[Terminal]]
MAYA = "Maya Example"
NO = [("q1", False), ("q2", False), ("q3", False), ("q4", False)]


@pytest.fixture
def at(db: str, opened: Opened, maya: str) -> At:
    """`peerkit` at a terminal, as the program's coordinator."""
    with opened() as kit:
        kit.link("login", login(), kit.actor_for("login", "robin").person)
    return lambda *args, **variables: terminal(*args, "--db", db, **variables)


def typed(t: Terminal, *marks: tuple[str, str]) -> None:
    """Type what stands on the sheet: each question, and its mark."""
    for item, mark in marks:
        t.expect(f"{item} ")
        t.expect(">")
        t.type(mark)


def begin(t: Terminal, *marks: tuple[str, str]) -> None:
    t.expect("When was it answered?")
    t.type("")
    typed(t, *marks)


def test_a_mark_that_branching_hides_alarms_like_any_other(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA, "--paper") as t:
        begin(t, ("q1", "n"), ("q2", "n"), ("q3", "n"), ("q4", "n"), ("q4-how", ""), ("q4-when", ""))
        t.expect("q5 ")
        t.expect("the form does not ask this here, and something may be marked all the same")
        t.expect(">")
        t.type("y")
        t.expect("What to do now")
        t.expect("9-8-8")
        t.expect("they can go on later >")
        t.type("go")
        typed(t, ("q5-describe", ""))
        t.expect("Left blank: q4-how, q4-when, q5-describe.")
        t.type("finish")
        t.expect("The screen is finished: 5 answers are stored.")
        assert t.ended() == 6
    assert kept(opened) == [*NO, ("q5", True)]
    assert only(opened, "alert").level == "now"
    with opened() as kit:
        assert "inconsistent" in {rule for one in kit._find_all("alert") for rule in one.rules}


def test_a_sheet_that_was_filled_in_as_the_form_says_is_complete_and_alarms_nobody(
    at: At, opened: Opened
) -> None:
    with at("screen", "asq", MAYA, "--paper") as t:
        begin(t, ("q1", "n"), ("q2", "n"), ("q3", "n"), ("q4", "n"))
        typed(t, ("q4-how", ""), ("q4-when", "/skip"), ("q5", "skip"), ("q5-describe", ""))
        t.expect("Nothing more is to be asked.")
        t.type("finish")
        t.expect("The screen is finished: 4 answers are stored.")
        assert t.ended() == 0
    assert kept(opened) == NO  # what the form leaves out and is blank was not asked: nothing is stored of it
    assert only(opened, "risk_screen").state == "finished"
    with opened() as kit:
        assert not kit._find_all("alert")
        assert not [one for one in kit._find_all("task") if one.what.startswith("screen-")]


def test_a_blank_that_the_form_asks_for_was_skipped(at: At, opened: Opened) -> None:
    with at("screen", "c-ssrs-screener", MAYA, "--paper") as t:
        begin(t, ("q1", "n"), ("q2", ""), ("q3", ""), ("q4", "y"))
        t.expect("What to do now")
        t.expect("they can go on later >")
        t.type("stop")
        assert t.ended() == 6
    assert kept(opened) == [("q1", False), ("q2", None), ("q4", True)]
    assert only(opened, "alert").level == "now"


def test_what_a_correction_brings_into_the_form_is_asked_then(at: At, opened: Opened) -> None:
    """Left blank where the form left it out, it is no longer out: now its blank counts."""
    blank = [("q4-how", ""), ("q4-when", ""), ("q5", ""), ("q5-describe", "")]
    with at("screen", "asq", MAYA, "--paper") as t:
        begin(t, *((item, "n") for item, _no in NO), *blank)
        t.expect("Nothing more is to be asked.")
        t.type("back q1")
        typed(t, ("q1", "y"))
        t.expect("they can go on later >")
        t.type("go")
        typed(t, ("q5", "n"))
        t.expect("Nothing more is to be asked.")
        t.type("finish")
        assert t.ended() == 6
    assert kept(opened) == [*NO, ("q1", True), ("q5", False)]


def test_back_goes_to_any_item_of_the_form(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA, "--paper") as t:
        begin(t, ("q1", "n"), ("q2", "back q5"), ("q5", "y"))
        t.expect("they can go on later >")
        t.type("go")
        typed(t, ("q2", "back"), ("q1", ""), ("q2", "stop"))
        assert t.ended() == 6
    assert kept(opened) == [("q1", False), ("q5", True), ("q1", None)]


def test_a_mark_that_was_typed_wrongly_becomes_blank(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA, "--paper") as t:
        begin(t, *((item, "n") for item, _no in NO), ("q4-how", ""), ("q4-when", ""), ("q5", "n"))
        typed(t, ("q5-describe", "/back"), ("q5", ""), ("q5-describe", "/stop"))
        assert t.ended() == 0
    assert kept(opened) == [*NO, ("q5", False), ("q5", None)]


def test_it_goes_on_as_from_paper_and_needs_no_wording(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA, "--paper", "--language", "fr") as t:
        begin(t, *((item, "n") for item, _no in NO), ("q4-how", ""))
        t.expect("q4-when ")
        t.kill()
    assert only(opened, "risk_screen").occurred is not None
    with at("screen", "--resume", "last") as t:
        t.expect("q4-how (as on the paper)")
        typed(t, ("", ""), ("q4-when", ""), ("q5", "y"))
        t.expect("What to do now")
        t.expect("they can go on later >")
        t.type("stop")
        assert t.ended() == 6
    assert kept(opened) == [*NO, ("q5", True)]


def test_a_screen_that_goes_on_from_paper_says_so_in_the_command(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        t.expect("stop: here >")
        t.type("go")
        typed(t, ("q1", "n"))
        t.expect("q2 ")
        t.kill()
    with at("screen", "--resume", "last", "--paper") as t:
        typed(t, ("q2", "n"), ("q3", "n"), ("q4", "n"), ("q4-how", "/stop"))
        t.expect(f"--resume {only(opened, 'risk_screen').id} --paper")
        assert t.ended() == 0


def test_enter_alone_is_nothing_where_the_questions_are_asked(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        t.expect("stop: here >")
        t.type("go")
        typed(t, ("q1", ""))
        t.expect("That is none of the answers, and nothing was stored.")
        t.type("n")
        typed(t, ("q2", "n"), ("q3", "n"), ("q4", "n"))
        t.expect("Nothing more is to be asked.")
        t.type("back q5")
        t.expect("That question has not been asked yet. These have: q1, q2, q3, q4")
        t.expect(">")
        t.type("back q2")
        typed(t, ("q2", "y"))
        t.expect("they can go on later >")
        t.type("stop")
        assert t.ended() == 6
    assert kept(opened) == [*NO, ("q2", True)]


def test_a_sheet_is_typed_in_also_where_its_questionnaire_is_off_now(at: At, opened: Opened) -> None:
    """It was answered already: a human is asked to look."""
    with at("screen", "hits", MAYA, "--paper") as t:
        begin(t, ("q1", ""))
        t.kill()
    assert only(opened, "risk_screen").obstacles == ("instrument-off",)
