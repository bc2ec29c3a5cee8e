# SPDX-License-Identifier: Apache-2.0
"""What is said of an alert: that it is closed, why a step was passed over, who raised it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from terminal import terminal

from peerkit.cli.app import login
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
WORDS = "CANARY she wrote that nobody would miss her"


@pytest.fixture
def alert(run: Run, db: str) -> str:
    """The reference of an alert that a concern opened."""
    raised = run("concern", "--db", db, "--json", login="stranger", input=WORDS)
    return str(json.loads(raised.stdout)["reference"])


@pytest.mark.parametrize(
    "late",
    [("ack",), ("ack", "--cannot"), ("respond", "act"), ("respond", "meet"), ("respond", "close")],
    ids=["take", "cannot", "act", "meet", "close"],
)
def test_a_closed_alert_says_that_it_is_closed(run: Run, db: str, alert: str, late: tuple[str, ...]) -> None:
    needs = ("supervisor_knows", "acted", "person_told", "handed_over", "followed_up", "debrief_offered")
    reasons = [part for need in needs for part in ("--reason", f"{need}=not_applicable")]
    closed = run("respond", alert, "close-incomplete", *reasons, "--db", db, login="jo")
    assert closed.exit_code == 0, closed.output
    more = ("--need", "acted") if "meet" in late else ()
    said = run(late[0], alert, *late[1:], *more, "--db", db, login="jo")
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.startswith("Refused: this alert was closed on ")
    assert "still to do" not in said.output
    assert run("ack", alert, "--db", db, login="stranger").exit_code == 3


def test_a_reason_that_is_none_is_said_before_what_is_missing(run: Run, db: str, alert: str) -> None:
    wrong = run("respond", alert, "close-incomplete", "--reason", "acted=CODE", "--db", db, login="jo")
    assert (wrong.exit_code, "there is no such reason" in wrong.stderr) == (2, True)


PATH = """
name = "Test Program"
timezone = "America/Toronto"
[coordinator]
name = "Robin Specimen"
reach = ["console:robin"]
[[on_call]]
name = "Jo Placeholder"
reach = ["console:jo"]
login = "jo"
{hours}
[[path]]
role = "coordinator"
minutes = 15
[[path]]
role = "on-call"
minutes = 15
[[path]]
role = "outside"
name = "County team (fictional)"
minutes = 15
reach = ["console:team"]
"""


@pytest.mark.parametrize(
    ("hours", "why"),
    [
        ("", ("on call (cannot come)", "on-call:cannot")),
        ('hours = "{day} 00:00-00:01"', ("on call (not in these hours)", "on-call:hours")),
    ],
    ids=["cannot", "hours"],
)
def test_why_a_step_was_passed_over_is_said_as_it_is(
    run: Run, tmp_path: Path, document: Run, hours: str, why: tuple[str, str]
) -> None:
    later = datetime.now(UTC) + timedelta(days=3)
    settings, db = tmp_path / "path.toml", f"sqlite:///{tmp_path / 'path.db'}"
    settings.write_text(PATH.format(hours=hours.format(day=f"{later:%a}".lower())), encoding="utf-8")
    founded = run("init", "--db", db, "--settings", str(settings))
    assert founded.exit_code == 0, founded.output
    run("concern", "--db", db, login="stranger", input=WORDS)
    [found] = document(run("alerts", "--db", db, "--json", login="robin"))
    said = run("ack", found["reference"], "--cannot", "--db", db, login="robin" if hours else "jo")
    assert said.exit_code == 0, said.output
    listed = " ".join(run("alerts", "--db", db, login="robin").stdout.split())
    assert why[0] in listed
    assert "raised it" not in listed
    [found] = document(run("alerts", "--db", db, "--json", login="robin"))
    assert why[1] in found["skipped"]


def test_whoever_takes_what_somebody_raised_about_nobody_reads_who_it_was(
    run: Run, db: str, maya: str, opened: Opened
) -> None:
    raised = run("concern", "--db", db, "--json", login="maya", input=WORDS)
    reference = str(json.loads(raised.stdout)["reference"])
    taken = run("ack", reference, "--db", db, login="jo")
    told = " ".join(taken.stdout.split())
    assert "about somebody the program does not know raised by Maya Example because of" in told
    assert "CANARY" not in taken.output


def test_me_is_whoever_raises_it(run: Run, db: str, maya: str, opened: Opened) -> None:
    said = run("concern", "--about", "Me", "--db", db, login="maya", input=WORDS)
    assert "You do not have to be alone with this." in said.stdout
    run("concern", "--about", "me", "--db", db, login="stranger", input=WORDS)
    with opened() as kit:
        assert [one.about for one in kit._find_all("concern")] == [maya, ""]
        assert [one.person for one in kit._find_all("alert")] == [maya, ""]


@pytest.mark.parametrize("typed", ["y", ""], ids=["yes", "enter"])
def test_who_has_no_role_is_asked_whether_it_is_about_themselves(
    db: str, maya: str, opened: Opened, typed: str
) -> None:
    with opened() as kit:
        kit.link("login", login(), maya)
    with terminal("concern", "--db", db) as t:
        t.expect("Is it about yourself?")
        t.type(typed)
        t.expect("What worries you?")
        t.type("I cannot go on")
        t.expect("The alarm is stored.")
        t.ended()
    with opened() as kit:
        [kept] = kit._find_all("concern")
    assert (kept.about, kept.author) == (maya if typed else "", maya)


def test_who_works_here_and_who_is_nobody_here_are_not_asked(db: str, opened: Opened) -> None:
    for linked in (False, True):
        if linked:
            with opened() as kit:
                kit.link("login", login(), kit.actor_for("login", "jo").person)
        with terminal("concern", "--db", db) as t:
            t.expect("What worries you?")
            t.type("She stands there")
            t.expect("The alarm is stored.")
            t.ended()
        assert "about yourself" not in t.screen
