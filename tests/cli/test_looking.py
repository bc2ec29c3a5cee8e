# SPDX-License-Identifier: Apache-2.0
"""What whoever takes an alert at three in the morning sees, and what they are told to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from peerkit import Person, Task
from peerkit.kit import Kit
from peerkit.model.response import NEEDS

Run = Callable[..., Any]
Opened = Callable[[], Kit]
ANSWERS = json.dumps({"q1": True, "q2": None, "q3": "declined", "q5": True, "q5-describe": "CANARY words"})


def _screen(run: Run, db: str, *whom: str, login: str = "jo", answers: str = ANSWERS) -> str:
    """The reference of the alert of a screen."""
    made = run("screen", "asq", *whom, "--answers", "-", "--json", "--db", db, login=login, input=answers)
    assert made.exit_code in {0, 6}, made.output
    listed = run("alerts", "--json", "--db", db, login="stranger")
    return str(json.loads(listed.stdout)[-1]["reference"])


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_whoever_takes_an_alert_sees_whom_why_and_what_to_do(
    run: Run, db: str, maya: str, opened: Opened
) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "maya")) as s:
        s.save(s.get(Person, maya).update(reach=("sms:+1-555-0100",), hours="mon-sun 08:00-20:00"))
    reference = _screen(run, db, "Maya Example")
    taken = run("ack", reference, "--db", db, login="robin")
    assert taken.exit_code == 0, taken.output
    said = _flat(taken.stdout)
    for words in (
        "You have taken it",
        "Maya Example",
        "sms:+1-555-0100",
        "Mon-Sun 08:00-20:00",
        "now: the answers to q5, q5-describe (acute)",
        "9-8-8",
        f"peerkit screens show {reference}",
    ):
        assert words in said
    assert "CANARY" not in said
    read = run("screens", "show", reference, "--db", db, login="robin")
    assert read.exit_code == 0, read.output
    shown = _flat(read.stdout)
    for words in (
        "about Maya Example",
        "asked by Jo Placeholder",
        "Are you having thoughts of killing yourself right now? Yes",
        "skipped",
        "declined to answer",
        "CANARY words",
        "now: the answers to q5, q5-describe (acute)",
        "Stay with the person, and reach the people on call now.",
    ):
        assert words in shown
    with opened() as kit:
        assert {one.of for one in kit._find_all("read") if maya in one.person} >= {"risk_screen", "answer"}


def test_a_screen_without_a_person_says_who_asked(run: Run, db: str) -> None:
    reference = _screen(run, db, "--unnamed")
    listed = _flat(run("alerts", "--db", db, login="robin").stdout)
    assert "somebody the program does not know" in listed
    run("ack", reference, "--db", db, login="robin")
    listed = _flat(run("alerts", "--db", db, login="robin").stdout)
    assert "asked by Jo Placeholder" in listed
    read = run("screens", "show", reference, "--json", "--db", db, login="robin")
    found = json.loads(read.stdout)
    assert (found["level"], found["rules"][0]["id"]) == ("now", "acute")
    assert found["answers"][0]["answer"] == "Yes"


def test_nobody_else_reads_it(run: Run, db: str, maya: str, opened: Opened) -> None:
    with opened() as kit:
        with kit.session(kit.actor_for("login", "robin")) as s:
            other = s.save(Person.enrol(name="Kim Example"))
        kit.link("login", "kim", other)
    reference = _screen(run, db, "Maya Example")
    with opened() as kit:
        [screen] = kit._find_all("risk_screen")
    for name in (reference, screen.id, f"risk_screen/{screen.id}"):
        refused = run("screens", "show", name, "--db", db, login="kim")
        assert refused.exit_code != 0
        assert "q5" not in refused.output
    assert run("screens", "show", "nothing", "--db", db, login="robin").exit_code != 0


def test_what_was_passed_over_is_in_words(run: Run, db: str) -> None:
    run("concern", "--db", db, login="stranger", input="worried")
    listed = _flat(run("alerts", "--db", db, login="robin").stdout)
    assert "passed over peer supporter (nobody holds it)" in listed
    assert ":nobody" not in listed + run("--lang", "fr", "alerts", "--db", db, login="robin").stdout


def test_an_alert_of_a_concern_says_so(run: Run, db: str) -> None:
    raised = run("concern", "--db", db, "--json", login="stranger", input="CANARY worried")
    reference = json.loads(raised.stdout)["reference"]
    taken = _flat(run("ack", reference, "--db", db, login="jo").stdout)
    assert "a concern that somebody raised" in taken
    assert "peerkit inspect concern/" in taken
    for command in (("inspect", reference, "--reason", "I took it"), ("history", reference)):
        told = run(*command, "--db", db, login="jo")
        assert told.exit_code == 0, told.output
    assert run("screens", "show", reference, "--db", db, login="jo").exit_code != 0


def test_closing_says_what_is_open_before_it_asks(run: Run, db: str) -> None:
    raised = run("concern", "--db", db, "--json", login="stranger", input="worried")
    reference = json.loads(raised.stdout)["reference"]
    run("ack", reference, "--db", db, login="jo")
    early = run("respond", reference, "close", "--db", db, login="jo")
    assert early.exit_code == 1
    assert "still to do: a supervisor knows [supervisor_knows]" in _flat(early.stderr)
    assert "[done_elsewhere]" in early.stderr
    some = ("--reason", "acted=unreachable")
    part = run("respond", reference, "close-incomplete", *some, "--db", db, login="jo")
    assert "each open condition needs a reason: a supervisor knows" in _flat(part.stderr)
    assert "[not_applicable]" in part.stderr
    needs = ["supervisor_knows", "acted", "person_told", "handed_over", "followed_up", "debrief_offered"]
    every = [word for one in needs for word in ("--reason", f"{one}=because")]
    odd = run("respond", reference, "close-incomplete", *every, "--db", db, login="jo")
    assert "[anonymous]" in odd.stderr
    assert "done_elsewhere" in run("respond", "--help").stdout
    french = run("--lang", "fr", "respond", reference, "close", "--db", db, login="jo").stderr
    assert "[supervisor_knows]" in french
    assert "still to do" not in french


def test_nothing_stops_the_clock_without_a_word(run: Run, db: str, opened: Opened) -> None:
    raised = run("concern", "--db", db, "--json", login="stranger", input="worried")
    reference = json.loads(raised.stdout)["reference"]
    run("ack", reference, "--db", db, login="jo")
    empty = run("respond", reference, "act", "--words", "-", "--db", db, login="jo", input=" \n")
    assert empty.exit_code == 2
    with opened() as kit:
        assert [one.state for one in kit._find_all("alert")] == ["acknowledged"]
    done = run("respond", reference, "act", "--words", "-", "--db", db, login="jo", input="Went there.")
    assert f"peerkit respond {reference} meet --need NEED" in _flat(done.stdout)


def test_a_task_about_a_screen_says_how_to_look(run: Run, db: str, opened: Opened) -> None:
    _screen(run, db, "--unnamed", answers='{"q9": 1}')
    with opened() as kit:
        [screen] = kit._find_all("risk_screen")
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            s.save(Task.give(owner=robin.person, what="look-at-screen", about=screen, note="closed-screen"))
    shown = _flat(run("due", "--db", db, login="robin").stdout)
    assert f"peerkit screens show {screen.id}" in shown
    assert "something was answered after it was over" in shown
    assert f"risk_screen/{screen.id}" in shown


def test_what_is_due_this_minute_is_not_overdue(run: Run, db: str, opened: Opened) -> None:
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            s.save(Task.give(owner=robin.person, what="match", due=datetime.now(UTC)))
    assert "person, now" in _flat(run("due", "--db", db, login="robin").stdout)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "An answer of yours opened an alert."),
        ("fr", "Une de vos réponses a ouvert une alerte."),
    ],
)
def test_nobody_is_blamed_for_an_alert(run: Run, db: str, maya: str, lang: str, said: str) -> None:
    _screen(run, db, "--alone", login="maya")
    told = _flat(run("--lang", lang, "log", "--db", db, login="maya").stdout)
    assert said in told
    assert "open (your alert)" not in told


def test_whoever_looks_and_whoever_takes_it_hears_that_it_was_found_late(run: Run, db: str) -> None:
    """Of a yes of days ago, and of a concern likewise; of one of now nothing of the sort is said."""
    paper = ("--unnamed", "--paper", "--occurred", "2026-01-20T14:30")
    for reference in (
        _screen(run, db, *paper),
        _concern(run, db, "--occurred", "2026-01-20T14:30"),
    ):
        listed = _flat(run("alerts", "--db", db, login="robin").stdout)
        assert "took place Tue 20 January 2026, 14:30, and was found late" in listed
        taken = run("ack", reference, "--db", db, login="robin")
        assert "took place Tue 20 January 2026, 14:30, and was found late" in _flat(taken.stdout)
        assert "CANARY" not in listed + taken.stdout
        _close(run, db, reference)
    _concern(run, db)
    assert "found late" not in run("alerts", "--db", db, login="robin").stdout


@pytest.mark.parametrize("when", ["last tuesday", "2126-01-20T14:30", "2026-13-45"])
def test_a_time_that_is_none_costs_no_concern(run: Run, db: str, when: str, opened: Opened) -> None:
    _concern(run, db, "--occurred", when)
    with opened() as kit:
        [held] = kit._find_all("concern")
    assert held.occurred is None
    assert held.words.endswith(f"(occurred: {when})")


def _concern(run: Run, db: str, *more: str) -> str:
    made = run("concern", *more, "--json", "--db", db, login="stranger", input="CANARY, I am worried")
    assert made.exit_code in {0, 6}, made.output
    return str(json.loads(made.stdout)["reference"])


def _close(run: Run, db: str, reference: str) -> None:
    reasons = [word for need in NEEDS for word in ("--reason", f"{need}=anonymous")]
    done = run("respond", reference, "close-incomplete", *reasons, "--db", db, login="robin")
    assert done.exit_code == 0, done.output
