# SPDX-License-Identifier: Apache-2.0
"""Acts at a keyboard: one's own decisions, and others' at the strength in which they were given."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from peerkit import (
    Consent,
    Decision,
    GoalPlan,
    Measure,
    PeerSupporter,
    Person,
    Progress,
    Recipient,
    Relationship,
    Review,
    Signature,
)
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
CANARY = "CANARY walk to the library"


def given(**arguments: Any) -> str:
    return json.dumps(arguments)


@pytest.fixture
def desk(opened: Opened) -> str:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        return s.save(Recipient.add(name="Desk (fictional)")).id


def test_somebody_is_enrolled_and_their_route_comes_along(
    run: Run, db: str, opened: Opened, document: Run
) -> None:
    arguments = given(name="Lou Made-Up", languages=["en", "fr"], reach=["phone:555-0102"])
    made = document(run("act", "person", "enrol", "--with", "-", "--db", db, "--json", input=arguments))
    assert (made["kind"], made["act"], made["version"]) == ("person", "enrol", 1)
    assert document(run("verify", "--head", made["head"], "--db", db, "--json"))["anchored"] is True
    with opened() as kit:
        robin = kit.actor_for("login", "robin").person
        [lou] = [one for one in kit._find_all("person") if one.id == made["id"]]
        assert (lou.name, lou.languages) == ("Lou Made-Up", ("en", "fr"))
        assert [one.holder for one in kit._find_all("route", person=lou.id)] == [robin]


def test_somebody_is_named_in_arguments_as_everywhere(run: Run, db: str, opened: Opened, maya: str) -> None:
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        name = s.get(Person, maya).name
    issue = {"what": "core-essentials", "issued_by": "PeerWorks", "since": "2026-11-02"}

    def issued(**who: str) -> Any:
        words = given(**who, **issue)
        return run("act", "credential", "issue", "--with", "-", "--db", db, "--json", input=words)

    assert issued(person=name.upper()).exit_code == 0
    with opened() as kit:
        assert [one.person for one in kit._find_all("credential")] == [maya]
    nobody = issued(person="Nobody Of That Name")
    assert nobody.exit_code == 3
    assert "Nobody" not in nobody.output  # an error quotes no name


def test_several_people_may_be_meant_by_name_too(run: Run, db: str, opened: Opened) -> None:
    for name in ("Lou Made-Up", "Noor Sample"):
        run("people", "add", name, "--db", db)

    def planned(*names: str) -> Any:
        words = given(
            title="Food and mood",
            format="group",
            facilitators=names,
            local="2026-12-03T18:00",
            timezone="America/Toronto",
        )
        return run("act", "activity", "plan", "--with", "-", "--db", db, input=words)

    done = planned("Robin Specimen", "Noor Sample")
    assert done.exit_code == 0, done.output
    with opened() as kit:
        [held] = kit._find_all("activity")
    assert len(held.facilitators) == 2
    assert planned("Lou Made-Up", "Nobody Of That Name").exit_code == 3


def test_what_was_recorded_is_told_alike_and_an_act_tells_what_came_with_it(
    run: Run, db: str, maya: str
) -> None:
    one = run("act", "person", "enrol", "--with", "-", "--db", db, input=given(name="Lou Made-Up")).stdout
    other = run("people", "add", "Noor Sample", "--db", db).stdout
    for told in (one, other):
        assert told.startswith("Recorded: person/")
        assert told.splitlines()[0].endswith(", here.")
    assert "route " in one
    assert "head" in one
    assert len(other.splitlines()) == 1
    plan = run("act", "goal_plan", "begin", "--with", "-", "--db", db, login="maya", input=given(person=maya))
    assert ", ." not in plan.stdout


def test_a_decision_counts_as_strongly_as_it_was_given(
    run: Run, db: str, maya: str, desk: str, opened: Opened
) -> None:
    arguments = given(person=maya, recipient=desk, classes=["own"], purpose="research")
    act = ("act", "consent", "give", "--with", "-", "--db", db, "--decided-by", "Maya Example")
    spoken = run(*act, "--how", "spoken", input=arguments)
    assert (spoken.exit_code, "too-weak" in spoken.stderr) == (1, True)
    unfiled = run(*act, "--how", "paper", input=arguments)
    assert (unfiled.exit_code, "where the paper is kept" in unfiled.stderr) == (2, True)
    paper = run(*act, "--how", "paper", "--evidence", "binder 3", input=arguments)
    assert paper.exit_code == 0, paper.output
    with opened() as kit:
        [consent] = kit._find_all("consent")
        [kept] = kit.storage.history(Consent.kind, consent.id)
    [line] = kept.envelope.acts
    assert (line.decided_by, line.how, line.strength) == (maya, "paper", 3)
    assert run("act", consent.id, "withdraw", "--db", db, login="maya").exit_code == 0


def test_nobody_decides_for_somebody_by_leaving_out_whose_it_was(
    run: Run, db: str, maya: str, desk: str
) -> None:
    arguments = given(person=maya, recipient=desk, classes=["own"], purpose="research")
    mine = run("act", "consent", "give", "--with", "-", "--db", db, input=arguments)
    assert (mine.exit_code, "not-theirs" in mine.stderr) == (1, True)
    half = run("act", "consent", "give", "--with", "-", "--decided-by", maya, "--db", db, input=arguments)
    assert (half.exit_code, "--how" in half.stderr) == (2, True)
    other = run("act", "consent", "give", "--with", "-", "--how", "spoken", "--db", db, input=arguments)
    assert (other.exit_code, "--decided-by" in other.stderr) == (2, True)


def test_one_who_adopts_for_another_is_refused_here_too(run: Run, db: str, maya: str, opened: Opened) -> None:
    with opened() as kit:
        robin = kit.actor_for("login", "robin")
        with kit.session(robin) as s:
            tomas = s.save(Person.enrol(name="Tomas Sample"))
            s.save(PeerSupporter.welcome(tomas, by=Decision.of(tomas, how="spoken")))
        kit.link("login", "tomas", tomas)
        with kit.session(maya) as s:
            relation = s.save(Relationship.enquire(person=maya))
            plan = s.save(GoalPlan.begin(person=maya))
        with kit.session(robin) as s:
            s.save(s.get(Relationship, relation).propose(tomas))
        with kit.session(tomas) as s:
            s.save(s.get(Relationship, relation).take_on())
        with kit.session(maya) as s:
            s.save(s.get(Relationship, relation).agree())
    suggested = run(
        *("act", plan.id, "suggest", "--with", "-", "--db", db),
        login="tomas",
        input=given(words=CANARY, author=tomas.id),
    )
    assert suggested.exit_code == 0, suggested.output
    with opened() as kit, kit.session(maya) as s:
        goal = s.get(GoalPlan, plan).goals[0].id
    adopt = ("act", f"goal_plan/{plan.id}", "adopt", "--with", "-", "--db", db)
    refused = run(*adopt, login="tomas", input=given(goal=goal))
    assert (refused.exit_code, "not-theirs" in refused.stderr) == (1, True)
    assert run(*adopt, login="maya", input=given(goal=goal)).exit_code == 0
    assert "CANARY" not in suggested.output + refused.output


def test_times_and_several_values_are_read(run: Run, db: str, opened: Opened) -> None:
    with opened() as kit:
        robin, jo = (kit.actor_for("login", one).person for one in ("robin", "jo"))
    leave = {
        "person": robin,
        "cover": jo,
        "starts": "2027-01-04T09:00-05:00",
        "ends": "2027-01-08T17:00-05:00",
    }
    assert run("act", "leave", "plan", "--with", "-", "--db", db, input=given(**leave)).exit_code == 0
    with opened() as kit:
        [planned] = kit._find_all("leave")
    assert planned.starts.isoformat() == "2027-01-04T14:00:00+00:00"
    for odd in ("tomorrow", "2027-01-04T09:00"):
        result = run(
            "act", "leave", "plan", "--with", "-", "--db", db, input=given(**{**leave, "starts": odd})
        )
        assert result.exit_code == 2, result.output


@pytest.fixture
def plan(opened: Opened, maya: str) -> str:
    with opened() as kit, kit.session(maya) as s:
        return s.save(GoalPlan.begin(person=maya).add_goal("x")).id


def test_a_reference_is_an_id_as_commands_print_it(  # noqa: PLR0917
    run: Run, db: str, maya: str, plan: str, opened: Opened, document: Run
) -> None:
    note = ("act", "progress", "note", "--with", "-", "--json", "--db", db)
    for number, named in enumerate((plan, f"goal_plan/{plan}")):
        with opened() as kit, kit.session(maya) as s:
            goal = s.get(GoalPlan, plan).goals[0].id
        given_now = given(plan=named, goal=goal, author=f"person/{maya}", words=str(number))
        made = document(run(*note, login="maya", input=given_now))
        with opened() as kit, kit.session(maya) as s:
            progress = s.get(Progress, made["id"])
            assert (progress.plan, progress.author) == (plan, maya)


@pytest.mark.parametrize(
    ("kind", "act", "key", "other"),
    [
        ("task", "give", "owner", {"what": "call"}),
        ("task", "give", "about", {"what": "call", "owner": "maya"}),
        ("progress", "note", "plan", {"goal": "x", "author": "maya", "words": "x"}),
        ("progress", "note", "author", {"goal": "x", "plan": "plan", "words": "x"}),
        ("referral", "begin", "service", {"person": "maya", "recipient": "maya", "need": "x"}),
    ],
)
@pytest.mark.parametrize("odd", ["019aac29-0000-7000-8000-000000000000", "person/nobody", "plam/x", CANARY])
def test_a_reference_to_nothing_is_named(  # noqa: PLR0917
    run: Run, db: str, maya: str, plan: str, kind: str, act: str, key: str, other: dict[str, str], odd: str
) -> None:
    ids = {"maya": maya, "plan": plan}
    arguments = given(**{name: ids.get(value, value) for name, value in other.items()} | {key: odd})
    failed = run("act", kind, act, "--with", "-", "--db", db, login="maya", input=arguments)
    assert failed.exit_code == 3, failed.output
    assert failed.stderr.startswith(f"Error: --with: {key} names a ")
    assert len(failed.stderr.splitlines()) == 1
    assert "CANARY" not in failed.output


def test_a_record_of_another_kind_or_of_somebody_else_is_none(
    run: Run, db: str, maya: str, plan: str
) -> None:
    """Where the act wants the record itself, the actor must be able to read it."""
    words = {"goal": "x", "author": maya, "words": "x"}
    note = ("act", "progress", "note", "--with", "-", "--db", db)
    other = run(*note, login="maya", input=given(plan=maya, **words))
    assert (other.exit_code, "plan names a goal_plan" in other.stderr) == (3, True)
    hidden = run(*note, login="jo", input=given(plan=plan, **words))
    assert (hidden.exit_code, "plan names a goal_plan" in hidden.stderr) == (3, True)
    for odd in (7, {"id": plan}, "", None):
        assert run(*note, login="maya", input=given(plan=odd, **words)).exit_code in {2, 3}


def test_a_record_a_day_and_a_number_are_read(run: Run, db: str, maya: str, opened: Opened) -> None:
    with opened() as kit, kit.session(maya) as s:
        plan = s.save(GoalPlan.begin(person=maya).add_goal("Library")).id
    on_plan = {
        "signature": ("sign", {"what": plan, "signer": maya, "signed_as": "person"}),
        "review": ("plan", {"plan": f"goal_plan/{plan}", "on": "2027-03-01", "every": 30}),
        "measure": (
            "take",
            {"person": maya, "instrument": "our-scale", "round": "baseline", "score": "7.50"},
        ),
    }
    for kind, (name, arguments) in on_plan.items():
        done = run("act", kind, name, "--with", "-", "--db", db, login="maya", input=given(**arguments))
        assert done.exit_code == 0, done.output
    with opened() as kit, kit.session(maya) as s:
        assert s.find(Signature)[0].holds(s.get(GoalPlan, plan))
        assert s.find(Review)[0].on.isoformat() == "2027-03-01"
        assert str(s.find(Measure)[0].score) == "7.50"
    for kind, key, odd, code in (
        ("review", "on", "next week", 2),
        ("measure", "score", "seven", 2),
        ("review", "plan", "nowhere", 3),
    ):
        name, arguments = on_plan[kind]
        wrong = given(**{**arguments, key: odd})
        refused = run("act", kind, name, "--with", "-", "--db", db, login="maya", input=wrong)
        assert refused.exit_code == code, refused.output
        assert odd not in refused.output


def test_the_acts_of_a_kind_are_listed(run: Run, db: str, document: Run) -> None:
    shown = run("act", "consent", "--db", db).stdout
    assert "person ID, recipient ID, classes LIST, purpose, [starts INSTANT]" in shown
    assert "at least signed" in shown
    listed = {one["act"]: one for one in document(run("act", "goal_plan", "--db", db, "--json"))}
    assert (listed["adopt"]["who"], listed["adopt"]["arguments"]) == (["person"], ["goal", "words"])


@pytest.mark.parametrize(
    ("args", "text", "code", "says"),
    [
        (["person", "enroll"], "{}", 2, "enrol"),
        (["person", "leave"], "{}", 2, "enrol"),
        (["person", "enrol"], "{", 2, "no JSON"),
        (["person", "enrol"], "[]", 2, "languages"),
        (["person", "enrol"], given(CANARY="x"), 2, "languages"),
        (["person", "enrol"], given(name=7), 2, "person.enrol"),
        (["person", "enrol"], given(name="Lou", languages=CANARY), 2, "languages"),
        (["patient", "enrol"], "{}", 3, "no kind of that name"),
        (["concern", "voice"], given(words=CANARY), 1, "lane"),
        (["read", "log"], given(person=[], reader="x", of="x", records=[]), 1, "written by the kit"),
    ],
)
def test_what_does_not_fit_is_said_without_words(  # noqa: PLR0917
    run: Run, db: str, args: list[str], text: str, code: int, says: str
) -> None:
    result = run("act", *args, "--with", "-", "--db", db, input=text)
    assert (result.exit_code, says in result.stderr) == (code, True), result.output
    assert "CANARY" not in result.output


def test_arguments_come_from_a_file_too(run: Run, db: str, tmp_path: Path) -> None:
    file = tmp_path / "lou.json"
    file.write_text(given(name="Lou Made-Up"), encoding="utf-8")
    assert run("act", "person", "enrol", "--with", str(file), "--db", db).exit_code == 0
    assert run("act", "person", "enrol", "--with", str(tmp_path / "nothing.json"), "--db", db).exit_code == 2


def test_a_substitute_decides_in_somebodys_place_and_history_says_so(
    run: Run, db: str, maya: str, desk: str, document: Run
) -> None:
    dana = document(
        run("act", "person", "enrol", "--with", "-", "--db", db, "--json", input=given(name="Dana Made-Up"))
    )["id"]
    day = datetime.now(UTC).date() + timedelta(days=90)
    asked = {"person": maya, "human": dana, "areas": ["sharing"], "basis": "guardian", "paper": "binder"}
    words = given(person=maya, recipient=desk, classes=["own"], purpose="care")
    give = (
        "act",
        "consent",
        "give",
        "--with",
        "-",
        "--db",
        db,
        "--json",
        "--how",
        "paper",
        "--evidence",
        "x",
    )
    place = ("--decided-by", dana, "--on-behalf-of", maya)
    assert run(*give, *place, input=words).exit_code == 1
    recorded = given(**asked, look_on=day.isoformat())
    assert run("act", "authority", "record", "--with", "-", "--db", db, input=recorded).exit_code == 0
    assert run(*give, "--on-behalf-of", maya, input=words).exit_code == 2
    made = document(run(*give, *place, input=words))
    told = run("history", made["id"], "--db", db).stdout
    assert "decided by Dana Made-Up, in the place of Maya Example" in " ".join(told.split())
    [version] = document(run("history", made["id"], "--db", db, "--json"))
    assert version["acts"][0]["on_behalf_of"] == {"id": maya, "name": "Maya Example"}


def test_who_writes_something_hears_that_nobody_watches_and_whom_to_call(
    run: Run, db: str, maya: str, opened: Opened
) -> None:
    words = given(person=maya, words=CANARY)
    written = run("act", "feedback", "give", "--with", "-", "--db", db, login="maya", input=words)
    assert written.exit_code == 0
    assert "nobody watches" in " ".join(written.output.split())
    assert "9-8-8" in written.output
    assert CANARY not in written.output
    with opened() as kit:
        assert [one.what for one in kit._find_all("task") if one.person == maya] == ["read-words"]
    spoken = ("--decided-by", maya, "--how", "spoken")
    for_them = run("act", "feedback", "give", "--with", "-", *spoken, "--db", db, input=words)
    assert for_them.exit_code == 0
    assert "watches" not in for_them.output
