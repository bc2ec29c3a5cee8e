# SPDX-License-Identifier: Apache-2.0
"""Screens where nobody sits at a terminal: answers from a file, a screen that is moved or gone on with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kept_screens import kept, only

from peerkit import Person
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
MAYA = "Maya Example"


def test_no_question_is_asked_where_nobody_can_answer(run: Run, db: str, maya: str) -> None:
    asked = run("screen", "asq", MAYA, "--db", db)
    assert (asked.exit_code, "--answers FILE" in asked.stderr) == (2, True)
    for wrong in (("asq",), ("asq", MAYA, "--alone"), ("--resume", "last", MAYA), ()):
        assert run("screen", *wrong, "--answers", "-", "--db", db, input="{}").exit_code == 2


def test_a_set_of_answers_is_stored_one_by_one(run: Run, db: str, opened: Opened, maya: str) -> None:
    answers = '{"q1": false, "q9": "CANARY", "q1": true, "q2": NaN, "q3": null, "q4": "CANARY no"}'
    made = run("screen", "asq", MAYA, "--answers", "-", "--json", "--db", db, input=answers)
    assert made.exit_code == 6, made.output
    told = json.loads(made.stdout)
    assert (told["answers"], told["level"]) == (6, "now")
    assert "CANARY" not in made.output
    first, unknown, second, *rest = kept(opened)
    assert (first, unknown[0], second) == (("q1", False), "", ("q1", True))
    assert [item for item, _ in rest] == ["q2", "q3", "q4"]
    assert only(opened, "risk_screen").state == "finished"
    with opened() as kit:
        assert only(opened, "alert").person == maya
        assert len(kit._find_all("alert")) == 1


@pytest.mark.parametrize("text", ["", "[]", '{"q1": true', "CANARY", '{"q1":' * 100_000])
def test_answers_that_cannot_be_read_are_said_not_to_be_saved(
    run: Run, db: str, opened: Opened, maya: str, text: str
) -> None:
    made = run("screen", "asq", MAYA, "--answers", "-", "--db", db, input=text)
    assert made.exit_code == 6
    assert "NOT SAVED" in made.stderr
    assert "9-8-8" in made.stderr
    assert "CANARY" not in made.output
    with opened() as kit:
        assert kit._find_all("risk_screen") == []


def test_a_program_that_cannot_be_opened_still_says_what_to_do(run: Run, tmp_path: Path) -> None:
    gone = f"sqlite:///{tmp_path / 'gone.db'}"
    made = run("screen", "asq", MAYA, "--answers", "-", "--db", gone, input='{"q1": true}')
    assert (made.exit_code, "NOT SAVED" in made.stderr, "9-8-8" in made.stderr) == (6, True, True)


def test_a_name_that_is_nobodys_stops_no_answers(run: Run, db: str, opened: Opened, maya: str) -> None:
    made = run("screen", "asq", "Noor Nobody", "--answers", "-", "--db", db, input='{"q5": true}')
    assert (made.exit_code, "a coordinator is asked to file it" in made.stderr) == (6, True)
    found = only(opened, "risk_screen")
    assert (found.person, found.meant, "no-id" in found.obstacles) == ("", "Noor Nobody", True)
    assert only(opened, "alert").level == "now"
    moved = run("screens", "move", found.id, MAYA, "--db", db)
    assert (moved.exit_code, "It is filed under them now." in moved.stdout) == (6, True)
    assert "An alert about them was opened: now." in moved.stdout
    assert only(opened, "risk_screen").person == maya
    with opened() as kit:
        assert {one.person for one in kit._find_all("alert")} == {"", maya}


def test_what_was_corrected_alarms_again_where_it_is_moved(
    run: Run, db: str, opened: Opened, maya: str
) -> None:
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            sam = s.save(Person.enrol(name="Sam Sample"))
        with kit.session(robin) as s:
            made = s.screening("asq", maya)
            made.answer("q1", True)  # noqa: FBT003  # an answer
            made.answer("q1", False)  # noqa: FBT003  # an answer
    moved = run("screens", "move", made.id, "Sam Sample", "--db", db)
    assert "An alert about them was opened: today." in moved.stdout
    with opened() as kit:
        assert {one.person for one in kit._find_all("alert")} == {maya, sam.id}


def test_going_on_is_for_whoever_holds_it_or_may_read_it(
    run: Run, db: str, opened: Opened, maya: str
) -> None:
    with opened() as kit:
        with kit.session(kit.actor_for("login", "robin")) as s:
            sam = s.save(Person.enrol(name="Sam Sample"))
        kit.link("login", "sam", sam)
        with kit.session(kit.actor_for("login", "robin")) as s:
            id_ = s.screening("asq", maya).id
    go_on = ("screen", "--resume", id_, "--answers", "-", "--db", db)
    last = ("screen", "--resume", "last", "--answers", "-", "--db", db)
    for hidden in (go_on, last):
        told = run(*hidden, login="sam", input='{"q1": false}')
        assert (told.exit_code, "NOT SAVED" in told.stderr) == (6, True)
    assert kept(opened) == []
    assert run("screens", "--db", db, login="sam").stdout == "None.\n"
    assert id_ in run("screens", "--db", db).stdout
    assert run(*go_on, input='{"q1": false}').exit_code == 0
    assert kept(opened) == [("q1", False)]


def test_a_day_that_has_not_come_and_one_that_is_none(run: Run, db: str, opened: Opened, maya: str) -> None:
    for wrong in ("2099-01-01T10:00", "yesterday", "2026-03-08T02:30"):
        made = run("screen", "asq", MAYA, "--occurred", wrong, "--answers", "-", "--db", db, input="{}")
        assert (made.exit_code, "NOT SAVED" in made.stderr) == (6, True)
    with opened() as kit:
        assert kit._find_all("risk_screen") == []


def test_where_it_stops_in_the_middle_it_says_what_is_not_stored(
    run: Run, db: str, opened: Opened, maya: str, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "program.db") as file:
        file.execute(
            "create trigger full before insert on change when new.kind = 'answer' and "
            "exists (select 1 from change where kind = 'answer') begin select raise(abort, 'full'); end"
        )
    made = run("screen", "asq", MAYA, "--answers", "-", "--db", db, input='{"q1": false, "q2": true}')
    assert made.exit_code == 6
    assert "1 answer is stored\nWhat is not among them is NOT stored: enter it again." in made.stderr
    assert "What was answered is stored" not in made.output
    assert kept(opened) == [("q1", False)]
