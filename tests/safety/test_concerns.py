# SPDX-License-Identifier: Apache-2.0
"""Concerns: anybody, about anybody, round one's own supporter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from peerkit import Concern, NotFound, Person

YES = True


def test_without_an_account_about_nobody_known(world: Any) -> None:
    steps = world.kit.concern("A man at the drop-in said he would not be here tomorrow")
    assert steps.level == "now"
    assert steps.call
    alert = world.alert()
    assert (alert.person, alert.level) == ("", "now")
    assert world.wire.to == ["ola"]


def test_who_is_named_is_never_asked_and_their_access_rests(world: Any) -> None:
    world.kit.concern("my supporter frightens me", world.maya, world.maya, names=(world.sam,))
    assert world.wire.to == ["ola"]
    for _ in range(8):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert "sam" not in world.wire.to
    with world.kit.session(actor=world.sam) as s, pytest.raises(NotFound):
        s.get(Person, world.maya)
    assert world.kit.alerts(world.sam) == ()
    with pytest.raises(NotFound):
        world.acknowledge("sam")

    world.respond("cora", "settle", words="they talked; he stays")
    with world.kit.session(actor=world.sam) as s:
        assert s.get(Person, world.maya).id == world.maya


def test_a_coordinator_who_is_named_is_not_asked_and_does_not_settle_it(world: Any) -> None:
    world.kit.concern("she shouts at us", names=(world.cora,))
    for _ in range(8):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert set(world.wire.to) == {"ola"}
    assert world.kit.alerts(world.cora) == ()
    with pytest.raises(NotFound):
        world.respond("cora", "settle")


def test_naming_everybody_leaves_the_alert_open_and_health_red(world: Any) -> None:
    world.kit.concern("all of them", world.maya, names=(world.sam, world.sue, world.ola, world.cora))
    assert world.wire.to == []
    assert world.alert().state == "open"
    report = world.kit.deliver()
    world.clock.forward(minutes=6)
    report = world.kit.deliver()
    assert any(problem.endswith("nobody-reached") for problem in report.problems)


def test_where_several_may_be_meant_none_of_them_is_asked_takes_it_or_reads_it(world: Any) -> None:
    world.kit.concern("Ola says that he wants to die", [world.ola, world.maya], world.sue)
    for _ in range(8):
        world.clock.forward(minutes=20)
        world.kit.deliver()
    assert set(world.wire.to) == {"cora"}  # not Ola, and nobody of whom nothing is certain: not Maya's Sam
    (alert,) = world.alerts
    (concern,) = world.all("concern")
    assert (alert.person, concern.about, concern.maybe) == ("", "", (world.ola, world.maya))
    for one in ("ola", "maya"):
        who = world.people[one]
        assert world.kit.alerts(who) == ()
        with pytest.raises(NotFound):
            world.acknowledge(one)
        with world.kit.session(actor=who) as s, pytest.raises(NotFound):
            s.get(Concern, concern.id)
        assert all(entry.what != "hidden" for entry in world.kit.log(actor=who))
    with world.kit.session(actor=world.cora) as s:
        assert s.get(Concern, concern.id).words == "Ola says that he wants to die"


def test_whom_it_may_be_about_works_on_as_before(world: Any) -> None:
    world.kit.concern("Ola or Sam, I do not know", [world.ola, world.sam])
    with world.kit.session(actor=world.sam) as s:
        assert s.get(Person, world.maya).id == world.maya
    world.kit.concern("A man stands on the bridge")
    assert world.wire.to[-1] == "ola"


@pytest.mark.parametrize("several", [list, tuple, set])
def test_several_that_are_one_are_that_one(world: Any, several: Any) -> None:
    world.kit.concern("she cried", several([world.maya, world.maya]))
    assert (world.alert().person, world.all("concern")[0].maybe) == (world.maya, ())


def test_one_of_whom_nothing_is_known_leaves_it_open_who_is_meant(world: Any) -> None:
    world.kit.concern("she cried", [world.maya, "Maya from the drop-in"])
    (concern,) = world.all("concern")
    assert (concern.about, concern.maybe, concern.meant) == ("", (world.maya,), "Maya from the drop-in")


def test_who_may_read_no_concern_is_asked_about_one_only_when_nobody_else_is_there(world: Any) -> None:
    world.kit.concern("he shouted at me", names=(world.ola,), level="today")
    world.wire.sent.clear()
    world.kit.concern("A man stands on the bridge")
    assert world.wire.to == ["cora"]
    world.kit.concern("and nobody answers there", names=(world.cora,))  # nobody is left who may read one
    world.wire.sent.clear()
    world.kit.concern("A woman stands on the bridge")
    assert world.wire.to == ["ola"]


def test_a_screen_asks_whom_an_open_concern_names_as_before(world: Any) -> None:
    world.kit.concern("he shouted at me", names=(world.ola,), level="today")
    world.wire.sent.clear()
    with world.kit.session(actor=world.sam) as s:
        s.screening("asq", world.cora).answer("q5", YES)
    assert world.wire.to == ["ola"]


def test_an_alert_of_the_same_person_goes_round_whom_an_open_concern_names(world: Any) -> None:
    world.kit.concern("my supporter frightens me", world.maya, world.maya, names=[world.sam])
    world.wire.sent.clear()
    world.screen(by="ola").answer("q5", True)  # noqa: FBT003  # an answer
    assert "sam" not in world.wire.to
    assert world.wire.to


def test_the_author_is_not_told_to_the_person_it_is_about(world: Any) -> None:
    world.enrol("noa")
    world.kit.concern("I saw her cry", world.maya, world.noa)
    (alert,) = world.kit.alerts(world.maya)
    stored = world.kit.storage.history("alert", alert.id)
    assert all(world.noa not in repr(one.envelope) for one in stored)
    assert all(world.noa.encode() not in (one.body or b"") for one in stored)


def test_a_supporter_raises_an_alarm_for_themselves(world: Any) -> None:
    steps = world.kit.concern("I cannot go on", world.sam, world.sam)
    assert "alone" in steps.stay
    assert "sam" not in world.wire.to
    assert world.wire.to


def test_today_asks_the_supervisor(world: Any) -> None:
    world.kit.concern("he was very quiet", world.maya, world.ola, level="today")
    world.kit.deliver()
    assert world.wire.to == ["sue"]


def test_for_today_the_supervisor_of_whom_it_names_is_asked(world: Any) -> None:
    world.kit.concern("he shouts at us", names=[world.sam], level="today")
    world.kit.deliver()
    assert world.wire.to == ["sue"]


def test_what_was_long_ago_runs_from_now_and_says_so(world: Any) -> None:
    now = world.clock.now()
    world.kit.concern("it was last week", world.maya, occurred=now - timedelta(days=7))
    assert (world.alert().found_late, world.alert().since) == (True, now)
    world.clock.forward(minutes=1)
    world.kit.concern("it was just now", world.maya, occurred=now)
    assert [alert.found_late for alert in world.alerts] == [True, False]


@pytest.mark.parametrize("level", ["none", "talk", "later", None, 3, [], object()])
def test_no_level_makes_it_less(world: Any, level: Any) -> None:
    assert world.kit.concern("worried", level=level).level == "now"


@pytest.mark.parametrize(
    "words", ["", "\ud800", None, 7, b"bytes", "x" * 100_000, "\x00\x1b[2J"], ids=range(7)
)
def test_words_that_are_none_are_kept_as_they_can_be(world: Any, words: Any) -> None:
    world.kit.concern(words, world.maya)
    (concern,) = world.all("concern")
    assert concern.words == words or "no-text" in concern.obstacles
    assert world.alert().level == "now"


@pytest.mark.parametrize("names", [None, 5, "one-id", ["\ud800", None, 3], [object()]], ids=range(5))
def test_names_that_are_none_are_left_out(world: Any, names: Any) -> None:
    assert world.kit.concern("worried", names=names).level == "now"


def test_unknown_people_are_obstacles(world: Any) -> None:
    who = [f"01890000-0000-7000-8000-00000000000{n}" for n in range(3)]
    world.kit.concern("worried", who[0], who[1], names=[who[2]])
    (concern,) = world.all("concern")
    assert concern.obstacles == ("unknown-person", "unknown-author", "unknown-name")
    assert concern.names == (who[2],)


def test_a_name_where_an_id_was_wanted_is_kept_as_words(world: Any) -> None:
    world.kit.concern("worried", "Maya's brother", names=["the tall one", world.sam])
    (concern,) = world.all("concern")
    assert (concern.about, concern.names) == ("", (world.sam,))
    assert concern.meant == "Maya's brother\nthe tall one"
    assert concern.obstacles == ("no-id",)
