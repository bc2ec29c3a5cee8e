# SPDX-License-Identifier: Apache-2.0
"""`peerkit safety-plan` beyond what its page shows: who may, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from terminal import terminal

from peerkit import Decision, PeerSupporter, Person, Relationship, SafetyPlan
from peerkit.cli.app import login

Run = Callable[..., Any]
WRITTEN = "signs: the phone\nalone: tea\na walk | Mill Street\nservices: the line | 9-8-8\n"


@pytest.fixture
def kai(opened: Any, maya: str) -> str:
    """Who walks beside Maya, with a login `kai`."""
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            kai = s.save(Person.enrol(name="Kai Sample"))
            said = Decision.of(maya, how="spoken")
            s.save(PeerSupporter.welcome(kai, by=Decision.of(kai, how="spoken")))
            walk = s.save(s.save(Relationship.enquire(person=maya, by=said)).propose(kai))
            s.save(s.save(walk.agree(by=said)).take_on(by=Decision.of(kai, how="spoken")))
        kit.link("login", "kai", kai)
    return kai.id


@pytest.fixture
def typed(run: Run, db: str) -> Run:
    """`typed("maya", "show")`."""

    def command(login: str, *args: str, **more: Any) -> Any:
        return run("safety-plan", args[0], "--db", db, *args[1:], login=login, **more)

    return command


def head(opened: Any, maya: str) -> SafetyPlan:
    with opened() as kit, kit.session(maya) as s:
        return next(iter(s.find(SafetyPlan)))


def test_each_part_is_kept_with_its_lines_and_how_to_reach_whom(typed: Run, opened: Any, maya: str) -> None:
    assert typed("maya", "write", maya, input=WRITTEN).exit_code == 0
    plan = head(opened, maya)
    assert [(one.section, one.words, one.reach) for one in plan.entries] == [
        ("signs", "the phone", ""),
        ("alone", "tea", ""),
        ("alone", "a walk", "Mill Street"),
        ("services", "the line", "9-8-8"),
    ]
    shown = typed("maya", "show")
    assert "a walk (Mill Street)" in shown.output
    assert "--line 9-8-8" not in shown.output
    assert "To add, if you want it:" in shown.output
    assert f"peerkit safety-plan add {plan.id} services --line " in " ".join(shown.output.split())
    assert typed("maya", "add", maya, "services", "--line", "9-8-8").exit_code == 0
    assert head(opened, maya).entries[-1].reach == "9-8-8, text 9-8-8"
    again = typed("maya", "write", maya, input=WRITTEN)
    assert again.exit_code != 0
    assert "tea" not in again.output


def test_a_supporter_writes_it_down_and_reads_on_only_if_they_are_named(
    typed: Run, opened: Any, maya: str, kai: str
) -> None:
    said = ("--decided-by", "Maya Example", "--how")
    weak = typed("kai", "write", "Maya Example", "--read-by", kai, *said, "spoken", input=WRITTEN)
    assert weak.exit_code != 0
    own = typed("kai", "write", "Maya Example", "--read-by", kai, *said, "device", input=WRITTEN)
    assert own.exit_code == 0, own.output
    assert typed("kai", "show", "Maya Example").exit_code == 0
    more = typed("kai", "add", "Maya Example", "help", *said, "spoken", input="Ana | 555-0100")
    assert more.exit_code == 0, more.output
    assert typed("maya", "unshare", maya, "Kai Sample").exit_code == 0
    assert typed("kai", "show", "Maya Example").exit_code == 3
    assert typed("robin", "show", "Maya Example").exit_code == 3
    assert head(opened, maya).of("help")[0].reach == "555-0100"


def test_entries_go_by_their_number(typed: Run, opened: Any, maya: str) -> None:
    typed("maya", "write", maya, input=WRITTEN)
    assert typed("maya", "move", maya, "3", "1").exit_code == 0
    assert typed("maya", "drop", maya, "1").exit_code == 0
    assert typed("maya", "change", maya, "1", input="a longer walk").exit_code == 0
    assert [one.words for one in head(opened, maya).of("alone")] == ["a longer walk", "tea"]
    for number in ("9", "0", "9" * 5000):
        wrong = typed("maya", "drop", maya, number)
        assert (wrong.exit_code, "3 entries" in wrong.output) == (2, True)
    for bad in (
        ("add", maya, "services", "--line", "1"),
        ("review", maya, "tomorrow"),
        ("move", maya, "1", "0"),
    ):
        assert typed("maya", *bad).exit_code != 0


def test_it_is_looked_at_again_set_aside_and_taken_up(typed: Run, opened: Any, maya: str) -> None:
    typed("maya", "write", maya, input=WRITTEN)
    for line in (
        ("review", maya, "2030-03-01"),
        ("looked", maya, "--next", "2030-09-01"),
        ("let-callers", maya),
        ("open-first", maya),
        ("aside", maya),
        ("take-up", maya),
    ):
        assert typed("maya", *line).exit_code == 0, line
    plan = head(opened, maya)
    assert (str(plan.review_on), plan.for_callers, plan.opens_first) == ("2030-09-01", True, True)
    for line in (("stop-review", maya), ("shut-callers", maya), ("stay-closed", maya)):
        assert typed("maya", *line).exit_code == 0, line
    plan = head(opened, maya)
    assert (plan.review_on, plan.for_callers, plan.opens_first) == (None, False, False)


def test_who_takes_an_alert_hears_of_a_plan_that_is_for_them(
    run: Run, db: str, typed: Run, maya: str, document: Any
) -> None:
    typed("maya", "write", maya, input=WRITTEN)
    typed("maya", "open-first", maya)
    raised = run("concern", "--db", db, "--about", maya, "--json", login="maya", input="It is hard")
    steps = document(raised)
    assert "1. tea" in steps["plan"]
    run("deliver", "--db", db, "--once")
    taken = run("ack", "--db", db, steps["reference"], login="jo")
    assert "safety-plan" not in taken.output
    typed("maya", "let-callers", maya)
    again = run("ack", "--db", db, steps["reference"], login="jo")
    assert f"safety-plan show person/{maya}" in " ".join(again.output.split())
    assert typed("jo", "show", f"person/{maya}").exit_code == 0


def test_what_is_refused_anyway_is_refused_before_anything_is_asked(
    db: str, opened: Any, maya: str, kai: str
) -> None:
    with opened() as kit:
        kit.link("login", login(), kai)
    write = ("safety-plan", "write", "Maya Example", "--db", db)
    with terminal(*write) as t:
        t.expect("safety_plan.begin is decided by the person")
        t.expect("--decided-by NAME --how spoken")
        assert t.ended() == 1
    assert "What tells me" not in t.screen
    with terminal(*write, "--read-by", kai, "--decided-by", "Maya Example", "--how", "spoken") as t:
        t.expect("safety_plan.share needs a decision that is witnessed")
        t.expect("--how device")
        t.expect("--witness NAME")
        assert t.ended() == 1
    assert "What tells me" not in t.screen
    with opened() as kit:
        assert kit._find_all("safety_plan") == []


def test_what_was_typed_for_nothing_is_not_lost(db: str, opened: Any, maya: str, kai: str) -> None:
    with opened() as kit:
        kit.link("login", login(), kai)
    said = ("--decided-by", "Maya Example", "--how", "device", "--read-by", kai)
    with terminal("safety-plan", "write", "Maya Example", "--db", db, *said) as t:
        for line in ("the phone", ""):
            t.expect("getting hard: ")
            t.type(line)
        for line in ("tea", "a walk | Mill Street", ""):
            t.expect("by myself: ")
            t.type(line)
        t.expect("mind off it: ")
        with opened() as kit, kit.session(maya) as s:  # meanwhile Kai walks with them no more
            s.save(next(iter(s.find(Relationship))).end())
        for _ in range(5):
            t.type("")
        t.expect("What you typed is NOT stored.")
        t.expect("signs: the phone")
        t.expect("alone: tea")
        t.expect("a walk | Mill Street")
        t.expect("Error: nobody of that name or id is there for you")
        assert t.ended() == 3
    with opened() as kit:
        assert kit._find_all("safety_plan") == []


def test_what_is_stopped_in_the_middle_is_not_lost_either(db: str, opened: Any, maya: str) -> None:
    with opened() as kit:
        kit.link("login", login(), maya)
    with terminal("safety-plan", "write", maya, "--db", db) as t:
        t.expect("getting hard: ")
        t.type("the phone")
        t.expect("getting hard: ")
        t.interrupt()
        t.expect("What you typed is NOT stored.")
        t.expect("signs: the phone")
        assert t.ended() == 130
