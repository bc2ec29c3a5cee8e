# SPDX-License-Identifier: Apache-2.0
"""How alarms went, at a keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from peerkit import Read
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]


@pytest.fixture
def closed(run: Run, db: str) -> str:
    """A concern of nobody's, closed as none."""
    raised = run("concern", "--db", db, "--json", login="stranger", input="CANARY I thought I heard her")
    reference = str(json.loads(raised.stdout)["reference"])
    needs = ("supervisor_knows", "acted", "person_told", "handed_over", "followed_up", "debrief_offered")
    reasons = [part for need in needs for part in ("--reason", f"{need}=not_applicable")]
    done = run("respond", reference, "close-incomplete", *reasons, "--outcome", "misunderstood", "--db", db)
    assert done.exit_code == 0, done.output
    return reference


@pytest.mark.usefixtures("closed")
def test_the_report_is_numbers_and_a_false_alarm_is_counted(run: Run, db: str, opened: Opened) -> None:
    shown = run("alerts", "report", "--db", db)
    assert shown.exit_code == 0, shown.output
    assert "not to be passed on" in shown.stdout
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert "opened 1 of level now" in lines
    assert "of these no alarm 1" in lines
    assert "a question or an answer was misunderstood 1" in lines
    assert "CANARY" not in shown.stdout
    french = run("--lang", "fr", "alerts", "report", "--db", db)
    assert "mal comprise" in french.stdout
    plain = json.loads(run("alerts", "report", "--json", "--db", db).stdout)
    assert plain["whole"]["outcomes"] == {"misunderstood": 1}
    assert sum(week["figures"]["closed"] for week in plain["weeks"]) == 1
    with opened() as kit:
        assert sum(one.of == "alarm_report" for one in kit._find_all(Read.kind)) == 3


@pytest.mark.usefixtures("closed")
def test_what_is_passed_on_shows_no_small_cell(run: Run, db: str) -> None:
    shown = run("alerts", "report", "--to-pass-on", "--db", db)
    assert "level now not shown" in " ".join(shown.stdout.split())
    assert json.loads(run("alerts", "report", "--to-pass-on", "--json", "--db", db).stdout)["opened"] == {
        "now": None
    }


def test_an_alert_that_was_acted_on_is_counted_once(run: Run, db: str, document: Run) -> None:
    raised = run("concern", "--db", db, "--json", login="stranger", input="CANARY again")
    reference = str(json.loads(raised.stdout)["reference"])
    done = run("respond", reference, "act", "--words", "-", "--db", db, input="Went there")
    assert done.exit_code == 0, done.output
    for need in ("supervisor_knows", "person_told"):
        assert run("respond", reference, "meet", "--need", need, "--db", db).exit_code == 0
    found = document(run("alerts", "report", "--json", "--db", db))
    assert found["whole"]["acted"] == 1
    assert sum(week["figures"]["acted"] for week in found["weeks"]) == 1
    assert "1 of level now" in run("alerts", "report", "--db", db).stdout


def test_days_have_a_form_and_others_have_no_report(run: Run, db: str) -> None:
    assert run("alerts", "report", "--since", "yesterday", "--db", db).exit_code == 2
    backwards = ("--since", "2027-03-02", "--until", "2027-03-01")
    assert run("alerts", "report", *backwards, "--db", db).exit_code == 2
    assert run("alerts", "report", "--db", db, login="jo").exit_code == 1
    assert run("alerts", "report", "--db", db, login="stranger").exit_code == 3
