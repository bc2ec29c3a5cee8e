# SPDX-License-Identifier: Apache-2.0
"""The steps between two people at the keyboard: their words, meetings, a referral, who comes and goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from peerkit import GoalPlan, PeerSupporter, Person
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
MAYA, TOMAS, NOOR = "Maya Example", "Tomas Sample", "Noor Made-Up"


def spoken(name: str) -> tuple[str, ...]:
    return ("--decided-by", name, "--how", "spoken")


@pytest.fixture
def done(run: Run, db: str, document: Run) -> Run:
    """Runs a command that must succeed, as a login, and gives the record that it wrote."""

    def does(login: str, *args: str, input: str | None = None) -> Any:
        return document(run(*args, "--db", db, "--json", login=login, input=input))

    return does


@pytest.fixture
def refused(run: Run, db: str) -> Run:
    """Runs a command that must not succeed, and gives its exit code and what it says."""

    def is_refused(login: str, *args: str, input: str | None = None) -> tuple[int, str]:
        result = run(*args, "--db", db, login=login, input=input)
        assert "CANARY" not in result.output
        return result.exit_code, result.stderr

    return is_refused


@pytest.fixture
def two(done: Run, maya: str) -> str:
    """Maya, who waits, and Tomas, who is proposed; each has a login."""
    for name in (TOMAS, NOOR):
        done("robin", "people", "add", name)
        done("robin", "people", "welcome", name, "--experience", "own", *spoken(name))
    done("robin", "people", "link", TOMAS, "tomas")
    done("maya", "relationships", "enquire", MAYA)
    done("robin", "relationships", "propose", MAYA, TOMAS)
    return maya


@pytest.fixture
def walk(done: Run, two: str) -> str:
    """The two walk together."""
    done("tomas", "relationships", "take-on")
    done("maya", "relationships", "agree")
    return two


@pytest.mark.usefixtures("two")
def test_who_is_asked_reads_with_whom(run: Run, db: str) -> None:
    shown = run("relationships", "--db", db, login="maya").stdout
    assert f"{MAYA} – {TOMAS}: proposed" in shown


@pytest.mark.usefixtures("two")
def test_the_agreement_is_in_the_words_of_both(
    done: Run, refused: Run, run: Run, db: str, opened: Opened
) -> None:
    odd = refused("maya", "relationships", "agree", "--words", input="CANARY\nhelps: tea")
    assert (odd[0], "each text begins" in odd[1]) == (2, True)
    said = "helps: CANARY tea\nand: bread\n\ndoes not help: noise\nBoundaries: none after nine\n"
    done("maya", "relationships", "agree", "--words", "--policy", "2026-11", input=said)
    part = "part: a friend\nlimits: danger\nhelps: time"
    done("tomas", "relationships", "take-on", "--words", input=part)
    done("tomas", "relationships", "reword", MAYA, input="rhythm: Tuesdays")
    done("tomas", "relationships", "plan-ending", MAYA, "2027-06-02", "--words", input="with tea")
    with opened() as kit:
        [held] = kit._find_all("relationship")
    assert held.state == "agreed"
    assert held.helps == "CANARY tea\nand: bread\ntime"
    assert (held.does_not_help, held.boundaries) == ("noise", "none after nine")
    assert (held.part, held.limits, held.rhythm) == ("a friend", "danger", "Tuesdays")
    assert (held.policy, str(held.ending_on), held.goodbye) == ("2026-11", "2027-06-02", "with tea")
    shown = run("relationships", "show", MAYA, "--db", db, login="tomas").stdout
    for words in ("CANARY tea", "and: bread", "a friend", "with tea", "2026-11"):
        assert words in shown
    done("maya", "relationships", "plan-ending", MAYA, "--off")
    assert refused("maya", "relationships", "plan-ending", MAYA, "2027-01-01", "--off")[0] == 2
    empty = refused("maya", "relationships", "reword", MAYA, input="")
    assert (empty[0], "nothing came" in empty[1]) == (2, True)


@pytest.mark.usefixtures("walk")
def test_somebody_else_goes_on(done: Run, opened: Opened) -> None:
    done("robin", "relationships", "hand-over", MAYA, NOOR)
    done("robin", "relationships", "take-on", MAYA, *spoken(NOOR))
    done("maya", "relationships", "agree")
    with opened() as kit:
        assert sorted(one.state for one in kit._find_all("relationship")) == ["agreed", "ended"]


@pytest.mark.usefixtures("walk")
def test_a_meeting_that_nobody_planned_and_one_that_did_not_take_place(done: Run, opened: Opened) -> None:
    there = ("--support", "social", "--present", "interpreter", "--present", "companion")
    done("tomas", "meetings", "enter", MAYA, "2026-11-09T10:00", "--minutes", "20", *there)
    done("maya", "meetings", "answer", MAYA, input="CANARY thanks")
    planned = done("tomas", "meetings", "plan", MAYA, "2026-12-08T14:30")
    done("tomas", "meetings", "fall-through", MAYA)
    done("tomas", "meetings", "no-note", MAYA)
    with opened() as kit:
        held, fell = sorted(kit._find_all("meeting"), key=lambda one: one.local)
    assert (held.state, held.minutes, held.present) == ("held", 20, ("interpreter", "companion"))
    assert (held.answer, held.together) == ("CANARY thanks", "none")
    assert (fell.id, fell.state) == (planned["id"], "fell_through")


@pytest.mark.usefixtures("walk")
def test_a_referral_from_its_first_word_to_the_answer(done: Run, refused: Run, opened: Opened) -> None:
    bank, desk, hers = "Food Bank (fictional)", "Desk (fictional)", spoken(MAYA)
    done("robin", "act", "service", "list", "--with", "-", input=json.dumps({"entry": {"name": bank}}))
    begun = ("referrals", "begin", MAYA, "--service", bank.casefold(), *hers)
    nobody = refused("tomas", *begun, input="CANARY food")
    assert (nobody[0], "--to" in nobody[1]) == (2, True)
    assert refused("tomas", *begun, input="words: on Saturdays")[0] == 2
    done("robin", "act", "recipient", "add", "--with", "-", input=json.dumps({"name": desk}))
    done("tomas", *begun, "--to", desk, "--warm", input="CANARY food\nfor two\nwords: on Saturdays")
    early = refused("tomas", "referrals", "send", MAYA, *hers)
    assert (early[0], "no-consent" in early[1]) == (1, True)
    own = refused("tomas", "referrals", "consent", MAYA)
    assert (own[0], "not-theirs" in own[1]) == (1, True)
    done("tomas", "referrals", "consent", MAYA, *hers)
    done("tomas", "referrals", "send", MAYA, *hers)
    with opened() as kit:
        [sent] = kit._find_all("referral")
        [consent] = kit._find_all("consent")
    assert (sent.state, sent.warm) == ("sent", True)
    assert (sent.need, sent.words) == ("CANARY food\nfor two", "on Saturdays")
    assert (consent.referral, consent.recipient) == (sent.id, sent.recipient)
    assert refused("maya", "referrals", "go-alone", MAYA, "--service", "Nowhere", input="x")[0] == 3
    done("maya", "referrals", "go-alone", MAYA, "--service", bank, input="company")
    with opened() as kit:
        assert {one.state for one in kit._find_all("referral")} == {"sent", "going"}


def test_somebody_changes_leaves_comes_back_and_dies(
    done: Run, refused: Run, maya: str, opened: Opened
) -> None:
    def now() -> Any:
        with opened() as kit:
            return next(one for one in kit._find_all("person") if one.id == maya)

    hers = spoken(MAYA)
    own = refused("robin", "people", "update", MAYA, "--pronouns", "they")
    assert (own[0], "not-theirs" in own[1]) == (1, True)
    assert refused("robin", "people", "update", MAYA, *hers)[0] == 2
    more = json.dumps({"reach": ["phone:555-0101"]})
    done("robin", "people", "update", MAYA, "--language", "fr", "--with", "-", *hers, input=more)
    assert (now().languages, now().reach) == (("fr",), ("phone:555-0101",))
    done("maya", "people", "update", MAYA, "--name", "Maya E.")
    done("robin", "people", "leave", "Maya E.", *spoken("Maya E."))
    assert now().state == "left"
    done("maya", "people", "come-back", "Maya E.")
    assert now().state == "here"
    unasked = refused("robin", "people", "died", "Maya E.")
    assert (unasked[0], "--yes" in unasked[1], now().state) == (2, True, "here")
    done("robin", "people", "died", "Maya E.", "--yes")
    assert now().state == "died"


@pytest.mark.usefixtures("walk")
def test_who_helped_to_decide_stands_with_the_decision(done: Run, refused: Run, opened: Opened) -> None:
    done("tomas", "plans", "begin", MAYA, *spoken(MAYA), "--supported-by", TOMAS)
    with opened() as kit:
        helper = kit.actor_for("login", "tomas").person
    done("maya", "plans", "add", MAYA, "--supported-by", f"person/{helper}", input="Sleep")
    gone = f"{helper[:-1]}{'0' if helper[-1] != '0' else '1'}"
    assert refused("maya", "plans", "add", MAYA, "--supported-by", gone, input="Sleep")[0] == 3
    assert refused("maya", "plans", "add", MAYA, "--supported-by", "Nobody", input="Sleep")[0] == 3
    with opened() as kit:
        [plan] = kit._find_all("goal_plan")
        versions = kit.storage.history(GoalPlan.kind, plan.id)
    assert [str(one.args).count(f'"supported_by":"{helper}"') for one in versions] == [1, 1]


def test_who_supports_others_already_says_anew_whose_experience_it_is(
    done: Run, refused: Run, opened: Opened, two: str
) -> None:
    """A module may ask for experience as family of somebody who has walked with others for years. They keep
    the one role that they have, with whoever supervises them."""
    asked = ("people", "welcome", TOMAS, "--experience", "both")
    assert "not-theirs" in refused("robin", *asked)[1]
    first = done("robin", *asked, *spoken(TOMAS), "--supervisor", NOOR)
    again = done("tomas", *asked)
    assert (again["id"], again["act"]) == (first["id"], "update")
    with opened() as kit, kit.session(kit.actor_for("login", "robin")) as s:
        [role] = [one for one in s.find(PeerSupporter) if s.get(Person, one.person).name == TOMAS]
        noor = s.get(Person, role.supervisor).name
    assert (role.experience, noor) == ("both", NOOR)
