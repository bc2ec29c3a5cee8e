# SPDX-License-Identifier: Apache-2.0
"""A screen at a real terminal: each answer durable before the next, whatever becomes of the terminal."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from kept_screens import kept, only
from page_console import fits
from terminal import Terminal, terminal

from peerkit.cli.app import login
from peerkit.instruments import DECLINED
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
At = Callable[..., AbstractContextManager[Terminal]]
MAYA = "Maya Example"


@pytest.fixture
def at(db: str, opened: Opened, maya: str) -> At:
    """`peerkit` at a terminal, as the program's coordinator."""
    with opened() as kit:
        kit.link("login", login(), kit.actor_for("login", "robin").person)
    return lambda *args, **variables: terminal(*args, "--db", db, **variables)


def begin(t: Terminal, *answers: str) -> None:
    """Begin, and answer the first questions."""
    t.expect("Show this, or read it aloud, before you ask")
    t.expect("You may decline any question, or all of them.")
    t.expect("stop: here >")
    t.type("go")
    for number, answer in enumerate(answers, start=1):
        t.expect(f"q{number} ")
        t.expect(">")
        t.type(answer)


def test_before_the_first_question_then_one_at_a_time(at: At, opened: Opened) -> None:
    with at("screen", "asq", "maya example") as t:
        begin(t, "perhaps")
        t.expect("That is none of the answers, and nothing was stored.")
        t.type("n")
        t.expect("q2 ")
        t.expect("or: skip, decline, back, stop >")
        t.type("NO")
        t.expect("q3 ")
        t.type("skip")
        t.expect("q4 ")
        t.type("n")
        t.expect("Nothing more is to be asked.")
        t.type("finish")
        t.expect("The screen is finished: 4 answers are stored.")
        assert t.ended() == 0
    assert kept(opened) == [("q1", False), ("q2", False), ("q3", None), ("q4", False)]
    assert only(opened, "risk_screen").state == "finished"


def test_what_to_do_stands_there_at_once_and_the_questions_wait(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        begin(t, "n", "y")
        t.expect("What to do now")
        t.expect("Stay together.")
        t.expect("9-8-8")
        t.expect("here; they can go on later >")
        t.type("")  # Enter alone is no yes
        t.expect("One of these words: go, stop")
        assert "q3" not in t.screen
        t.type("go")
        t.expect("q3 ")
        t.type("back q1")
        t.expect("q1 ")
        t.type("y")  # a correction
        t.expect("Nothing else than before")
        t.expect("q3 ")
        t.type("stop")
        t.expect("To go on:")
        assert t.ended() == 6  # nobody could be told
    assert kept(opened) == [("q1", False), ("q2", True), ("q1", True)]
    assert only(opened, "alert").level == "today"


def test_back_asks_the_one_before(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        begin(t, "n", "back")
        t.expect("q1 ")
        t.type("back")
        t.expect("This is the first question.")
        t.type("back q5")
        t.expect("That question has not been asked yet. These have: q1")
        t.type("skip")
        t.expect("q2 ")
        t.type("stop")
        assert t.ended() == 0
    assert kept(opened) == [("q1", False), ("q1", None)]


def test_words_that_are_the_answer_are_kept_as_they_are(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        begin(t, "n", "n", "n", "y")
        t.expect("they can go on later >")
        t.type("go")
        t.expect("q4-how ")
        t.expect("or: /skip, /decline, /back, /stop >")
        t.type("stop asking, back then I could not")
        t.expect("Nothing else than before")  # a description is there only because the answer was yes
        t.expect("q4-when ")
        t.type("/stop")
        assert t.ended() == 6
    assert kept(opened)[-1] == ("q4-how", "stop asking, back then I could not")


def test_killed_in_the_middle_it_goes_on_where_it_was(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        begin(t, "n", "y")
        t.expect("9-8-8")
        t.kill()
    assert kept(opened) == [("q1", False), ("q2", True)]
    assert only(opened, "alert").level == "today"
    with at("screens") as t:
        t.expect(f"asq, {MAYA}, since")
        assert t.ended() == 0
    with at("screen", "--resume", "last") as t:
        t.expect("What to do now")  # whoever sits there may have seen nothing of it
        t.expect("9-8-8")
        t.expect("You may decline any question, or all of them.")
        t.expect("they can go on later >")
        t.type("go")
        t.expect("q3 ")
        t.kill()
    with at("screen", "--resume", only(opened, "risk_screen").id) as t:
        t.expect("they can go on later >")
        t.type("go")
        t.expect("q3 ")
        assert "q2 " not in t.screen
        t.expect(">")
        t.type("n")
        t.expect("q4 ")
        t.expect(">")
        t.type("n")
        t.expect("q5 ")
        t.expect(">")
        t.type("n")
        t.expect("Nothing else than before")
        t.expect("Nothing more is to be asked. finish")
        t.type("finish")
        t.expect("The screen is finished: 5 answers are stored.")
        assert t.ended() == 6
    assert only(opened, "risk_screen").state == "finished"


def test_ctrl_c_and_a_closed_window_lose_nothing(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        begin(t, "n")
        t.expect("q2 ")
        t.expect(">")
        t.interrupt()
        t.expect(f"To go on: peerkit screen --resume {only(opened, 'risk_screen').id}")
        assert t.ended() == 130
    with at("screen", "--resume", "last") as t:
        t.expect("q2 ")
        t.expect(">")
        t.type("n")
        t.expect("q3 ")
        t.hang_up()
    assert kept(opened) == [("q1", False), ("q2", False)]
    assert only(opened, "risk_screen").state == "open"


def test_a_store_that_fails_says_what_to_do_now_and_how_to_go_on(
    at: At, tmp_path: Path, opened: Opened
) -> None:
    with at("screen", "asq", MAYA) as t:
        begin(t, "n")
        t.expect("q2 ")
        with sqlite3.connect(tmp_path / "program.db") as file:
            file.execute("alter table change rename to gone")
        t.type("y")
        t.expect("NOT SAVED:")
        t.expect("9-8-8")
        t.expect("What was typed last is NOT stored: enter it again. To go on: peerkit screen --resume")
        assert t.ended() == 6
    assert "Traceback" not in t.screen
    assert "What was answered is stored" not in t.screen


def test_all_of_it_may_be_declined(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA) as t:
        t.expect("decline: all of the questions")
        t.expect(">")
        t.type("decline")
        t.expect("What to do now")  # the ASQ's own rule, for somebody whose age is not known
        t.expect("The screen is finished. All of it was declined, and that is stored.")
        assert t.ended() == 6
    assert "WARNING" not in t.screen
    assert kept(opened) == [(f"q{n}", DECLINED) for n in range(1, 5)]


def test_somebody_alone_is_spoken_to_as_that(db: str, opened: Opened, maya: str) -> None:
    with opened() as kit:
        kit.link("login", login(), maya)
    with terminal("screen", "asq", "--alone", "--db", db) as t:
        t.expect("with yourself")
        t.expect("Read this before you answer")
        t.expect(">")
        t.type("go")
        t.expect("q1 ")
        t.type("y")
        t.expect("You do not have to be alone with this.")
        t.expect(">")
        t.type("stop")
        assert t.ended() == 6
    assert "peerkit deliver" not in t.screen
    assert "may reach nobody" not in t.screen
    found = only(opened, "risk_screen")
    assert (found.person, found.holder) == (maya, maya)


def test_no_question_in_a_language_that_nobody_verified(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA, "--language", "fr") as t:
        t.expect("asq has no verified wording in French (fr) (it has English (en)).")
        t.expect("peerkit screen safety-conversation 'Maya Example' --language fr")
        t.expect("9-8-8")
        assert t.ended() == 3
    with opened() as kit:
        assert kit._find_all("risk_screen") == []


def test_what_is_read_to_the_person_is_in_the_language_of_the_questions(at: At, opened: Opened) -> None:
    with at("screen", "safety-conversation", MAYA, "--language", "fr") as t:
        t.expect("Une conversation sur votre sécurité")
        t.expect("Safety conversation, peerkit (Apache-2.0).")  # the licence's notice goes with the wording
        t.expect("Show this, or read it aloud, before you ask")
        t.expect("Vous pouvez refuser")
        t.expect("go: to the first question")
        t.type("go")
        t.expect("or: /skip, /decline, /back, /stop >")
        t.type("/skip")
        t.expect("or: skip, decline, back, stop >")
        t.type("o")
        t.expect("Que faire maintenant")
        t.expect("Restez ensemble")
        t.expect("they can go on later >")
        t.type("stop")
        t.expect(f"peerkit screen --resume {only(opened, 'risk_screen').id}")
        assert "--language" not in t.screen
        t.ended()
    assert only(opened, "risk_screen").language == "fr"
    with at("screen", "--resume", "last") as t:  # in its own language, whatever the terminal speaks
        t.expect("Une conversation sur votre sécurité")
        t.expect("wording from peerkit")
        t.expect("Restez ensemble")
        t.expect("Vous pouvez refuser")
        t.kill()


def test_a_screen_never_goes_on_in_another_wording(at: At, run: Run, db: str, opened: Opened) -> None:
    with at("screen", "safety-conversation", MAYA, "--language", "en") as t:
        t.expect("stop: here >")
        t.type("go")
        t.expect(">")
        t.type("/skip")
        t.expect("or: skip")
        t.kill()
    held = only(opened, "risk_screen")
    with at("screen", "--resume", "last", "--language", "fr-CA") as t:
        t.expect("this screen was begun in English (en), and two wordings are never mixed")
        t.expect(f"peerkit screen safety-conversation {held.person} --language fr")
        assert t.ended() == 2
    with at("screen", "--resume", "last", "--language", "fr", "--paper") as t:
        t.expect("or: skip")
        t.type("n")
        t.expect("q3 ")
        t.kill()
    assert only(opened, "risk_screen").language == "en"
    with opened() as kit:
        assert {one.item: one.obstacles for one in kit._find_all("answer")} == {
            "q1": (),
            "q2": ("language-changed",),
        }
    shown = run("screens", "show", held.id, "--db", db, login="robin")
    assert shown.exit_code == 0, shown.output
    flat = " ".join(shown.stdout.split())
    assert "asked in English (en)" in flat
    assert "notice Safety conversation, peerkit (Apache-2.0)." in flat
    assert "wording from peerkit" in flat
    assert '"language": "en"' in run("screens", "show", held.id, "--json", "--db", db, login="robin").stdout


def test_what_whoever_asks_is_to_know_stands_above_the_first_question(at: At, run: Run, db: str) -> None:
    assert run("instruments", "receive", "clinical", "on-call", "--db", db, login="robin").exit_code == 0
    with at("screen", "hits", MAYA, "--paper", "--occurred", "2026-11-20T14:30") as t:
        t.expect("Ask in private, and leave no visible record on a device")
        t.kill()


def test_from_paper_it_is_found_late_and_needs_no_wording(at: At, opened: Opened) -> None:
    when = "2026-11-20T14:30"
    with at("screen", "asq", MAYA, "--paper", "--occurred", when, "--language", "fr") as t:
        t.expect("q1 (as on the paper)")
        assert "Show this" not in t.screen
        t.expect(">")
        t.type("y")
        t.expect("they can go on later >")
        t.type("stop")
        assert t.ended() == 6
    assert only(opened, "alert").found_late
    assert only(opened, "risk_screen").occurred.isoformat() == "2026-11-20T19:30:00+00:00"


def test_in_french_the_words_in_the_place_of_an_answer_are_french(at: At, opened: Opened) -> None:
    with at("screen", "asq", MAYA, "--language", "en", PEERKIT_LANG="fr") as t:
        t.expect(">")
        t.type("continuer")
        t.expect("q1 ")
        t.type("passer")
        t.expect("q2 ")
        t.type("arreter")  # accents may be left out
        t.expect("peerkit screen --resume")
        assert t.ended() == 0
    assert kept(opened) == [("q1", None)]


def test_the_page_shows_what_stands_on_the_terminal(at: At) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "take-a-screen.md"
    shown = page.read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    with at("screen", "asq", MAYA) as t:
        for typed in re.findall(r"^> (.+)$", shown, re.MULTILINE):
            t.expect(">")
            t.type(typed)
        t.ended()
    assert fits(shown, t.screen)
