# SPDX-License-Identifier: Apache-2.0
"""`peerkit duty-reports`: shown, considered, reported, not reported, by whose duty it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peerkit import DutyReport, Person
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
TO = "body: Example society (fictional)\nreference: CANARY-7\nwords: CANARY he said\nand more"


@pytest.fixture
def tomas(run: Run, db: str) -> str:
    assert run("people", "add", "Tomas Sample", "--db", db).exit_code == 0
    assert run("people", "link", "Tomas Sample", "tomas", "--db", db).exit_code == 0
    return "tomas"


@pytest.fixture
def mine(run: Run, db: str, tomas: str) -> Run:
    """`peerkit duty-reports …` at Tomas's keyboard."""
    return lambda *args, **more: run("duty-reports", *args, "--db", db, login=tomas, **more)


def stored(opened: Opened, report: str) -> Any:
    with opened() as kit, kit.session(kit.actor_for("login", "tomas")) as s:
        return s.get(DutyReport, report)


def test_the_duties_are_shown_with_where_they_stand(mine: Run, document: Any) -> None:
    [shown] = document(mine("show", "--json"))
    assert shown["region"] == "CA-ON"
    assert shown["duty"]["code"] == "child-protection"
    assert "s. 125" in shown["duty"]["source"]
    told = " ".join(mine("show").stdout.split())
    assert "peerkit does not decide it, and sends no report" in told
    assert "of the program knows is no report" in told
    assert "n’envoie aucun signalement" in " ".join(mine("show", "--lang", "fr").stdout.split())


def test_considered_it_waits_and_what_was_done_ends_it(mine: Run, opened: Opened, document: Any) -> None:
    made = document(mine("consider", "child-protection", "--json"))
    done = mine("reported", "--how", "phone", "--at", "2026-01-05T15:00Z", input=TO)
    assert done.exit_code == 0, done.output
    assert "CANARY" not in done.output
    report = stored(opened, made["id"])
    assert (report.state, report.how, report.reference) == ("reported", "phone", "CANARY-7")
    assert report.words == "CANARY he said\nand more"
    [listed] = document(mine("--json"))
    assert listed["id"] == made["id"]
    assert "by phone" in mine().stdout


def test_somebody_who_reported_already_says_so_in_one_go_and_who_learns_more_again(
    mine: Run, opened: Opened, document: Any, maya: str
) -> None:
    first = document(mine("reported", "--duty", "child-protection", "--how", "in_person", "--json", input=TO))
    again = ("--duty", "child-protection", "--follows", first["id"], "--how", "writing", "--json")
    second = document(mine("reported", *again, input="body: the same"))
    assert stored(opened, second["id"]).follows == first["id"]


def test_why_not_comes_from_standard_input_and_stays_there(mine: Run, opened: Opened, document: Any) -> None:
    made = document(mine("consider", "child-protection", "--json"))
    assert mine("not-reported", input="").exit_code != 0
    done = mine("not-reported", input="CANARY it was long ago")
    assert done.exit_code == 0, done.output
    assert "CANARY" not in done.output
    assert stored(opened, made["id"]).reason == "CANARY it was long ago"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("consider", "elder-care"), "no duty of that code"),
        (("reported", "--how", "phone"), "a line that begins with body:"),
        (("reported", "--how", "phone", "--about", "Maya Example"), "go with --duty"),
        (("reported", "duty_report/x", "--duty", "child-protection", "--how", "phone"), "Name REPORT"),
        (("reported", "--how", "phone", "--at", "yesterday"), "2026-11-22T09:30Z"),
        (("reported", "--how", "phone", "--at", "2026-11-22T09:30"), "2026-11-22T09:30Z"),
        (("reported", "--how", "phone", "--look-on", "soon"), "2026-11-22"),
        (("not-reported",), "no duty report of yours"),
        (("consider", "child-protection", "--from", "nothing"), "its id"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(
    mine: Run, opened: Opened, args: tuple[str, ...], told: str
) -> None:
    done = mine(*args, input="CANARY" if "--at" not in args else TO)
    assert done.exit_code != 0
    assert told in " ".join(done.output.split())
    assert "CANARY" not in done.output
    with opened() as kit, kit.session(kit.actor_for("login", "tomas")) as s:
        assert not s.find(DutyReport)


def test_nobody_does_it_for_them_at_a_keyboard(
    run: Run, mine: Run, db: str, document: Any, tmp_path: Path
) -> None:
    made = document(mine("consider", "child-protection", "--json"))
    file = tmp_path / "given.json"
    file.write_text('{"body": "x", "how": "phone"}', encoding="utf-8")
    act = ("act", f"duty_report/{made['id']}", "reported", "--with", str(file), "--db", db)
    for more in ((), ("--decided-by", "Tomas Sample", "--how", "paper", "--evidence", "drawer")):
        assert run(*act, *more).exit_code != 0  # robin, who is the coordinator
    assert run("duty-reports", "--db", db).stdout.strip() == "None."
    listed = run("due", "--of", "Tomas Sample", "--db", db)
    assert "Nothing is due from Tomas Sample" in listed.stdout


def test_a_response_names_it(run: Run, mine: Run, db: str, opened: Opened, document: Any) -> None:
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            theo = s.save(Person.enrol(name="Theo Example"))
        alert = kit.concern("I worry", about=theo).reference
    args = ("duty-reports", "reported", "--duty", "child-protection", "--how", "phone", "--json", "--db", db)
    report = document(run(*args, input=TO))
    words = ("respond", alert, "act", "--report", f"duty_report/{report['id']}", "--db", db)
    assert run("ack", alert, "--db", db).exit_code == 0
    done = run(*words)
    assert done.exit_code == 0, done.output
    with opened() as kit:
        [response] = kit._find_all("safety_response")
        assert [one.report for one in response.actions] == [report["id"]]
