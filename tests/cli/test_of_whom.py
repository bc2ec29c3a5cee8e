# SPDX-License-Identifier: Apache-2.0
"""A concern at a keyboard whose name several people have; and who may not read what they are asked about."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from peerkit import Decision, PeerSupporter, Person, Relationship
from peerkit.kit import Kit

Run = Callable[..., Any]
Opened = Callable[[], Kit]
YES = True
WORDS = "CANARY she stands on the bridge"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _enrolled(kit: Kit, name: str, login: str = "", reach: tuple[str, ...] = ()) -> str:
    with kit.session(kit.actor_for("login", "robin")) as s:
        made = s.save(Person.enrol(name=name, reach=reach)).id
    if login:
        kit.link("login", login, made)
    return str(made)


@pytest.fixture
def sam(opened: Opened, maya: str) -> str:
    """The id of a supporter with a login, who walks beside Maya and may read no other person."""
    with opened() as kit:
        sam = _enrolled(kit, "Sam Sample", "sam", ("console:sam",))
        with kit.session(kit.actor_for("login", "robin")) as s:
            s.save(PeerSupporter.welcome(sam, by=Decision.of(sam, how="spoken")))
            walk = s.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")))
            walk = s.save(walk.propose(supporter=sam))
        for login, step in (("maya", "agree"), ("sam", "take_on")):
            with kit.session(kit.actor_for("login", login)) as s:
                s.save(getattr(s.get(Relationship, walk.id), step)())
    return sam


def test_a_name_that_several_have_reaches_none_of_them(run: Run, db: str, maya: str, opened: Opened) -> None:
    with opened() as kit:
        namesake = _enrolled(kit, "Jo Placeholder")
        jo, robin = (kit.actor_for("login", one).person for one in ("jo", "robin"))
    said = run("concern", "--db", db, "--about", "jo placeholder", login="maya", input=WORDS)
    unknown = run("concern", "--db", db, "--about", "Noor Nobody", login="maya", input=WORDS)
    assert len(said.output.splitlines()) == len(unknown.output.splitlines())
    with opened() as kit:
        alert = kit._find_all("alert")[0]
        kept = kit._find_all("concern")[0]
    assert (alert.person, alert.asked, set(kept.maybe)) == ("", (robin,), {jo, namesake})
    assert "(about: jo placeholder)" in kept.words
    assert run("ack", alert.reference, "--db", db, login="jo").exit_code != 0
    assert alert.reference not in run("alerts", "--db", db, login="jo").output
    read = run("inspect", f"concern/{kept.id}", "--reason", "mine", "--db", db, login="jo")
    assert read.exit_code != 0
    assert "CANARY" not in read.output


def test_a_supporter_means_whom_they_may_see(run: Run, db: str, maya: str, sam: str, opened: Opened) -> None:
    with opened() as kit:
        other = _enrolled(kit, "Maya Example")
    run("concern", "--db", db, "--about", "Maya Example", login="sam", input=WORDS)
    run("concern", "--db", db, "--about", "Maya Example", login="stranger", input=WORDS)
    run("concern", "--db", db, "--about", "Maya Example", login="maya", input=WORDS)
    with opened() as kit:
        concerns = kit._find_all("concern")
        alert = kit._find_all("alert")[0]
    assert (concerns[0].about, concerns[0].maybe, concerns[0].words) == (maya, (), WORDS)
    for one in concerns[1:]:  # who has the name themselves may mean the other one
        assert (one.about, set(one.maybe)) == ("", {maya, other})
    assert alert.reference in run("alerts", "--db", db, login="sam").output


def test_who_takes_what_they_cannot_read_hears_how_to_say_so(run: Run, db: str, opened: Opened) -> None:
    run("concern", "--db", db, "--names", "Jo Placeholder", "--names", "Robin Specimen", input=WORDS)
    raised = run("concern", "--db", db, "--json", login="stranger", input=WORDS)
    reference = json.loads(raised.stdout)["reference"]
    told = f"peerkit ack {reference} --cannot"
    with opened() as kit:
        asked = kit._find_all("alert")[-1].asked
        assert asked == (kit.actor_for("login", "jo").person,)
    assert told in _flat(run("alerts", "--db", db, login="jo").stdout)
    assert told not in _flat(run("alerts", "--db", db, login="robin").stdout)  # nobody asks them
    taken = _flat(run("ack", reference, "--db", db, login="jo").stdout)
    assert "You have taken it" in taken
    assert "You may not read its words" in taken
    assert told in taken
    french = _flat(run("--lang", "fr", "alerts", "--db", db, login="jo").stdout)
    assert told in french


def test_who_takes_what_they_can_read_hears_nothing_of_that(run: Run, db: str) -> None:
    raised = run("concern", "--db", db, "--json", login="stranger", input=WORDS)
    reference = json.loads(raised.stdout)["reference"]
    for command in (["alerts"], ["ack", reference]):
        assert "--cannot" not in run(*command, "--db", db, login="jo").stdout


def urgent(run: Run, db: str, opened: Opened) -> Any:
    """The alert of a yes that Robin was given."""
    answers = json.dumps({"q5": True})
    run("screen", "asq", "Maya Example", "--answers", "-", "--db", db, login="robin", input=answers)
    with opened() as kit:
        [alert] = kit._find_all("alert")
    return alert


def test_whoever_has_it_in_hand_learns_who_sits_with_them(
    run: Run, db: str, maya: str, sam: str, opened: Opened
) -> None:
    alert = urgent(run, db, opened)
    assert alert.asked == (sam,)
    listed = _flat(run("alerts", "--db", db, login="sam").stdout)
    assert "Robin" not in listed  # before they take it
    taken = _flat(run("ack", alert.reference, "--db", db, login="sam").stdout)
    assert "asked by Robin Specimen (console:robin)" in taken
    with opened() as kit:
        robin = kit.actor_for("login", "robin").person
        assert any(one.of == "person" and robin in one.person for one in kit._find_all("read"))


def test_the_address_of_somebody_who_is_asked_nothing_here_is_not_told(
    run: Run, db: str, maya: str, sam: str, opened: Opened
) -> None:
    with opened() as kit:
        kim = _enrolled(kit, "Kim Example", "kim", ("console:kim",))
        with kit.session(kit.actor_for("login", "kim")) as s:
            s.screening("asq", maya).answer("q5", YES)
        [alert] = kit._find_all("alert")
    taken = _flat(run("ack", alert.reference, "--db", db, login="sam").stdout)
    assert "asked by somebody" in taken
    assert "Kim" not in taken
    assert kim not in taken


def test_who_raised_it_hears_when_what_they_did_is_written_down(
    run: Run, db: str, maya: str, sam: str, opened: Opened
) -> None:
    alert = urgent(run, db, opened)
    done = ("respond", alert.reference, "act", "--words", "-", "--db", db)
    refused = run(*done, login="robin", input="Called 9-1-1")
    assert refused.exit_code != 0
    assert "once somebody has it" in _flat(refused.output)
    run("ack", alert.reference, "--db", db, login="sam")
    noted = run(*done, login="robin", input="Called 9-1-1")
    assert (noted.exit_code, noted.stdout) == (0, "Recorded.\n")  # what is still to do is not theirs
    with opened() as kit:
        [alert] = kit._find_all("alert")
        [response] = kit._find_all("safety_response")
    assert (alert.holder, alert.state, response.holder) == (sam, "acknowledged", sam)
    assert [one.words for one in response.actions] == ["Called 9-1-1"]
