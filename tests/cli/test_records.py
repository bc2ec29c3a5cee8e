# SPDX-License-Identifier: Apache-2.0
"""Records at a keyboard: their history, reading them with a reason, letting them out, erasing, proving."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from peerkit import Consent, Decision, GoalPlan, PeerSupporter, Person, Read, Recipient, Relationship
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
CANARY = "CANARY walk to the library on Saturdays"


@pytest.fixture
def plan(opened: Opened, maya: str) -> str:
    """The id of Maya's plan, with a goal that her supporter tomas suggested and she adopted."""
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            tomas = s.save(Person.enrol(name="Tomas \x1b[31mSample"))
            s.save(PeerSupporter.welcome(tomas, by=Decision.of(tomas, how="paper", evidence="binder")))
        kit.link("login", "tomas", tomas)
        with kit.session(maya) as s:
            relation = s.save(Relationship.enquire(person=maya))
        with kit.session(robin) as s:
            s.save(s.get(Relationship, relation).propose(tomas))
        with kit.session(tomas) as s:
            s.save(s.get(Relationship, relation).take_on())
        with kit.session(maya) as s:
            s.save(s.get(Relationship, relation).agree())
            made = s.save(GoalPlan.begin(person=maya))
        with kit.session(tomas) as s:
            held = s.save(s.get(GoalPlan, made).suggest(CANARY, author=tomas))
        with kit.session(tomas) as s:
            s.save(held.adopt(held.goals[0].id, by=Decision.of(maya, how="spoken")))
    return made.id


def test_history_tells_who_decided_and_how_and_no_words(run: Run, db: str, plan: str, document: Run) -> None:
    shown = run("history", plan, "--db", db, login="tomas")
    assert shown.exit_code == 0, shown.output
    assert "adopt: decided by Maya Example, spoken; recorded by Tomas" in shown.stdout
    assert "CANARY" not in shown.output
    versions = document(run("history", f"goal_plan/{plan}", "--db", db, "--json", login="maya"))
    assert [[act["act"] for act in one["acts"]] for one in versions] == [["begin"], ["suggest"], ["adopt"]]
    adopted = versions[2]["acts"][0]
    assert (adopted["decided_by"]["name"], adopted["strength"]) == ("Maya Example", "said")
    assert versions[2]["recorded_by"]["id"] != adopted["decided_by"]["id"]


def test_a_name_moves_no_cursor(run: Run, db: str, plan: str) -> None:
    for form in ([], ["--json"]):
        assert "\x1b" not in run("history", plan, "--db", db, *form, login="tomas").stdout


def test_what_is_hidden_is_not_found(run: Run, db: str, plan: str) -> None:
    hidden = run("history", plan, "--db", db, login="robin")
    nothing = run("history", "019aac29-0000-7000-8000-000000000000", "--db", db, login="robin")
    assert (hidden.exit_code, nothing.exit_code) == (3, 3)
    assert run("inspect", plan, "--reason", "I wonder", "--db", db, login="robin").exit_code in {1, 3}


def test_who_reads_says_why_and_the_person_sees_it(
    run: Run, db: str, plan: str, maya: str, opened: Opened
) -> None:
    shown = run("inspect", plan, "--reason", "before we meet", "--db", db, login="tomas")
    assert shown.exit_code == 0, shown.output
    assert "CANARY" in shown.stdout
    with opened() as kit, kit.session(maya) as s:
        reads = [one for one in s.find(Read) if one.why]
        tomas = kit.actor_for("login", "tomas").person
    assert [(one.reader, one.of, one.why, one.records) for one in reads] == [
        (tomas, "goal_plan", "before we meet", (plan,))
    ]


def test_what_is_read_behind_a_broken_glass_is_told_with_it_whatever_it_is(  # noqa: PLR0917
    run: Run, db: str, plan: str, maya: str, opened: Opened, document: Run
) -> None:
    with opened() as kit:
        with kit.session(kit.actor_for("login", "robin")) as s:
            kai = s.save(Person.enrol(name="Kai Sample"))
            s.save(PeerSupporter.welcome(kai, by=Decision.of(kai, how="spoken")))
        kit.link("login", "kai", kai)
        routes = [one.id for one in kit._find_all("route") if one.person == maya]
    broken = run("break-glass", maya, "--reason", "she called in distress", "--db", db, login="kai")
    assert broken.exit_code == 0, broken.output
    read = [f"goal_plan/{plan}", f"person/{maya}", f"route/{routes[0]}"]
    for one in read:
        assert run("inspect", one, "--reason", "now", "--db", db, login="kai").exit_code == 0
    told = [one["text"] for one in document(run("log", "--db", db, "--json", login="maya"))]
    mine = [one for one in told if one.startswith("Kai Sample read")]
    assert len(mine) == len(read)
    assert all("after opening your record without asking you" in one for one in mine)


def test_reading_needs_a_reason(run: Run, db: str, plan: str) -> None:
    assert run("inspect", plan, "--db", db, login="tomas").exit_code == 2
    assert run("inspect", plan, "--reason", "  ", "--db", db, login="tomas").exit_code == 2


def test_a_record_as_it_was(run: Run, db: str, plan: str, document: Run) -> None:
    versions = document(run("history", plan, "--db", db, "--json", login="maya"))
    for number, goals in ((0, []), (1, ["suggested"]), (2, ["adopted"])):
        for moment in (versions[number]["at"], str(versions[number]["position"])):
            args = ("inspect", plan, "--reason", "as it was", "--at", moment, "--db", db, "--json")
            was = document(run(*args, login="maya"))["record"]
            assert [goal["state"] for goal in was["goals"]] == goals
    early = run("inspect", plan, "--reason", "x", "--at", "1", "--db", db, login="maya")
    assert early.exit_code == 3
    for odd in ("yesterday", "2026-11-22T09:30", "²"):
        refused = run("inspect", plan, "--reason", "x", "--at", odd, "--db", db, login="maya")
        assert (refused.exit_code, "like 2026-11-22T09:30Z" in refused.stderr) == (2, True)


def test_nothing_that_fails_shows_words(run: Run, db: str, plan: str) -> None:
    for args in (
        ["history", f"goal_plam/{plan}", "--db", db],
        ["inspect", plan, "--reason", CANARY, "--db", db],
        ["export", "goal_plan", "--to", CANARY, "--purpose", "report", "--db", db],
        ["export", CANARY, "--to", "me", "--purpose", "export", "--db", db],
        ["export", "goal_plan", "--to", "me", "--purpose", "export", "--where", "hopes=CANARY", "--db", db],
        ["erase", plan, "--basis", CANARY, "--decided-by", CANARY, "--yes", "--db", db],
        ["ack", CANARY, "--db", db],
        ["concern", "--words", CANARY, "--db", db],
    ):
        failed = run(*args, login="robin")
        assert failed.exit_code != 0, args
        assert "CANARY" not in failed.output.replace(f"at {CANARY})", ""), args


# -- letting out -----------------------------------------------------------------------------------


def test_what_is_ones_own_can_be_taken_out(run: Run, db: str, plan: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    args = ("export", "goal_plan", "--to", "me", "--purpose", "export", "--output", str(file), "--db", db)
    taken = run(*args, login="maya")
    assert taken.exit_code == 0, taken.output
    assert "1 left, 0 withheld" in taken.stderr
    [document] = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert document["goals"][0]["words"] == CANARY
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = run(*args, login="maya")
    assert (again.exit_code, "already" in again.stderr) == (2, True)


def test_without_consent_it_is_withheld_and_with_it_cut(
    run: Run, db: str, plan: str, maya: str, opened: Opened
) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        desk = s.save(Recipient.add(name="Research Desk (fictional)"))
    args = ("export", "goal_plan", "--to", "Research Desk (fictional)", "--purpose", "care", "--db", db)
    withheld = run(*args, login="tomas")
    assert (withheld.stdout, "0 left, 1 withheld" in withheld.stderr) == ("", True)
    with opened() as kit, kit.session(maya) as s:
        s.save(Consent.give(person=maya, recipient=desk, classes=("health",), purpose="care"))
    cut = run(*args, login="tomas")
    assert "CANARY" not in cut.output
    with opened() as kit, kit.session(maya) as s:
        s.save(Consent.give(person=maya, recipient=desk, classes=("own",), purpose="care"))
    whole = run(*args, login="tomas")
    assert "CANARY" in whole.stdout
    narrowed = run(*args, "--only", "operational", login="tomas")
    assert "CANARY" not in narrowed.output


def test_an_unknown_format_or_recipient_is_said(run: Run, db: str, plan: str) -> None:
    args = ("export", "goal_plan", "--purpose", "export", "--db", db)
    assert run(*args, "--to", "me", "--format", "clay-tablets", login="maya").exit_code == 5
    assert run(*args, "--to", "Nobody", login="maya").exit_code == 3


# -- erasing and proving ---------------------------------------------------------------------------


def test_erasing_takes_two_humans_and_shows(
    run: Run, db: str, plan: str, tmp_path: Path, document: Run
) -> None:
    args = ("erase", plan, "--basis", "wish", "--db", db)
    assert run(*args, login="robin").exit_code == 2
    assert run(*args, "--asked-by", "a", "--decided-by", "b", login="robin").exit_code == 2
    assert (
        run(*args, "--asked-by", "Maya Example", login="robin").exit_code == 2
    )  # nobody can be asked: --yes
    done = run(*args, "--asked-by", "maya example", "--yes", login="robin")
    assert done.exit_code == 0, done.output
    assert CANARY.encode() not in (tmp_path / "program.db").read_bytes()
    versions = document(run("history", plan, "--db", db, "--json", login="maya"))
    assert [one["erased"] for one in versions] == [True, True, True]
    gone = run("inspect", plan, "--reason", "x", "--db", db, login="maya")
    assert "It was erased" in gone.stdout
    assert document(run("verify", "--db", db, "--json"))["erased"] == 3


def test_two_people_of_one_name_are_named_by_id(run: Run, db: str, maya: str, opened: Opened) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        s.save(Person.enrol(name="Maya Example"))
    args = ("erase", maya, "--basis", "wish", "--yes", "--db", db)
    twice = run(*args, "--asked-by", "Maya Example", login="robin")
    assert (twice.exit_code, maya in twice.stderr) == (2, True)
    assert run(*args, "--asked-by", maya, login="robin").exit_code == 0


def test_what_was_changed_outside_is_found(
    run: Run, db: str, plan: str, tmp_path: Path, document: Run
) -> None:
    whole = document(run("verify", "--db", db, "--json"))
    assert (whole["intact"], whole["anchored"]) == (True, False)
    kept = document(run("verify", "--db", db, "--head", whole["head"], "--json"))
    assert kept["anchored"] is True
    connection = sqlite3.connect(tmp_path / "program.db")
    with connection:
        connection.execute("UPDATE change SET body = x'7b7d' WHERE kind = 'goal_plan'")
    connection.close()
    broken = run("verify", "--db", db)
    assert broken.exit_code == 6
    assert "CHANGED OUTSIDE" in broken.stdout


def test_migrating_an_up_to_date_program_does_nothing(run: Run, db: str, plan: str, document: Run) -> None:
    assert document(run("migrate", "--db", db, "--json")) == {"rewritten": 0}
