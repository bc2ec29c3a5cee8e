# SPDX-License-Identifier: Apache-2.0
"""Handing an alert on to somebody by name makes it never quieter: it stays in hand until that one has taken
it, and what was due is due no later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peerkit import Alert, Leave, NotFound, PeerkitError, Person, Refused, Wall
from peerkit.model.response import NEEDS

MINUTE = timedelta(minutes=1)
YES = True


def hand_on(world: Any, by: str, to: str, number: int = 0) -> Alert:
    with world.kit.session(actor=world.people[by]) as s:
        made: Alert = s.hand_on(world.alert(number), to=world.people.get(to, to))
        return made


def refused(world: Any, by: str, to: str) -> tuple[str, ...]:
    before = world.alert()
    with pytest.raises(Refused) as raised:
        hand_on(world, by, to)
    assert world.alert() == before
    return raised.value.codes


def in_hand(world: Any, *, by: str = "sam") -> Alert:
    """An urgent alert, taken by whoever its first step asks."""
    world.screen(by="ola").answer("q5", YES)
    world.acknowledge(by)
    taken: Alert = world.alert()
    return taken


# -- until it is taken -------------------------------------------------------------------------------


def test_who_hands_it_on_has_it_until_the_other_has_taken_it(world: Any) -> None:
    taken, sent = in_hand(world), len(world.wire.sent)
    world.clock.forward(minutes=1)
    made = hand_on(world, "sam", "cora")
    assert (made.state, made.holder, made.offered) == ("acknowledged", world.sam, world.cora)
    assert made.due == world.clock.now() + 10 * MINUTE  # the step's time
    [notice] = world.wire.sent[sent:]
    assert (notice.to, notice.text) == ("cora", "Someone needs you. Please open your work app.")
    world.clock.forward(minutes=2)
    now = world.acknowledge("cora")
    assert (now.state, now.holder, now.offered) == ("acknowledged", world.cora, "")
    assert now.due == made.due < taken.due + 10 * MINUTE
    assert world.respond("cora", "act", words="we sat together").holder == world.cora


def test_silence_puts_it_back_on_the_path(world: Any) -> None:
    in_hand(world)
    hand_on(world, "sam", "cora")
    for _ in range(9):
        world.clock.forward(minutes=1)
        world.kit.deliver()
    assert (world.alert().holder, world.alert().climbs) == (world.sam, 1)
    world.clock.forward(minutes=1)
    world.kit.deliver()
    alert = world.alert()
    assert (alert.state, alert.holder, alert.offered, alert.climbs) == ("open", "", "", 2)
    assert alert.asked  # somebody is asked, and told
    assert world.wire.to[-1] == "cora"


def test_who_is_named_and_cannot_come_lets_it_climb_at_once(world: Any) -> None:
    in_hand(world)
    hand_on(world, "sam", "cora")
    world.acknowledge("cora", can_come=False)
    alert = world.alert()
    assert (alert.state, alert.offered, alert.climbs) == ("open", "", 2)
    assert world.cora in alert.unable


def test_where_no_notice_comes_to_them_it_climbs_at_once(world: Any) -> None:
    in_hand(world)
    world.supporter("kit", supervisor="sue")
    world.appoint("kit", "on-call")
    world.wire.broken.add("kit")
    made = hand_on(world, "sam", "kit")
    assert (made.state, made.holder, made.offered, made.climbs) == ("open", "", "", 2)
    assert world.kit not in made.asked
    assert world.wire.to[-1] not in {"kit", "sam"}


def test_what_was_due_before_is_due_all_the_same(world: Any) -> None:
    taken = in_hand(world)
    world.clock.forward(minutes=55)
    assert hand_on(world, "sam", "cora").due == taken.due
    world.clock.forward(minutes=1)
    assert world.acknowledge("cora").due == taken.due
    world.clock.forward(minutes=4)
    world.kit.deliver()
    assert world.alert().state == "open"


def test_handed_to_and_fro_it_wins_no_time(world: Any) -> None:
    taken = in_hand(world)
    for _ in range(6):
        hand_on(world, "sam", "cora")
        world.acknowledge("cora")
        hand_on(world, "cora", "sam")
        world.acknowledge("sam")
        world.clock.forward(minutes=1)
    assert world.alert().due <= taken.due
    world.clock.forward(minutes=60)
    world.kit.deliver()
    assert world.alert().state == "open"


def test_acted_on_before_it_speaks_again_if_nobody_takes_it(world: Any) -> None:
    in_hand(world)
    world.respond("sam", "act", words="we sat together")
    made = hand_on(world, "sam", "cora")
    assert (made.state, made.due) == ("acting", world.clock.now() + 10 * MINUTE)
    world.clock.forward(minutes=5)
    world.respond("sam", "act", words="still here")
    assert world.alert().due == made.due  # what is done meanwhile does not hold it up
    world.clock.forward(minutes=5)
    world.kit.deliver()
    alert = world.alert()
    assert (alert.state, alert.holder, alert.offered) == ("open", "", "")
    assert [task.what for task in world.all("task") if task.what == "close-alert"] == []


def test_who_responds_takes_it_with_that(world: Any) -> None:
    in_hand(world)
    hand_on(world, "sam", "cora")
    world.respond("cora", "act", words="I am with her")
    alert = world.alert()
    assert (alert.state, alert.holder, alert.offered) == ("acting", world.cora, "")


def test_named_anew_the_last_one_takes_it_in_the_time_that_there_was(world: Any) -> None:
    in_hand(world)
    due = hand_on(world, "sam", "cora").due
    world.clock.forward(minutes=3)
    assert hand_on(world, "sam", "sue").due == due
    assert world.acknowledge("cora").holder == world.sam  # it is not handed on to them any more
    assert world.acknowledge("sue").holder == world.sue


def test_said_twice_it_is_told_once(world: Any) -> None:
    in_hand(world)
    hand_on(world, "sam", "cora")
    sent = len(world.wire.sent)
    world.clock.forward(minutes=1)
    assert hand_on(world, "sam", "cora").offered == world.cora
    assert len(world.wire.sent) == sent


def test_two_who_hand_it_on_at_once_leave_it_with_one(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    in_hand(world)
    commit, waiting = world.kit.storage.commit, [lambda: hand_on(world, "sam", "sue")]

    def interrupted(*args: Any, **details: Any) -> Any:
        if waiting:
            waiting.pop()()
        return commit(*args, **details)

    monkeypatch.setattr(world.kit.storage, "commit", interrupted)
    assert hand_on(world, "sam", "cora").offered == world.cora
    assert world.acknowledge("sue").holder == world.sam


def test_closed_while_it_is_handed_on_there_is_nothing_to_hand_on(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_hand(world)
    reasons = dict.fromkeys(NEEDS, "not_applicable")
    commit = world.kit.storage.commit
    waiting = [lambda: world.respond("sam", "close_incomplete", reasons=reasons)]

    def interrupted(*args: Any, **details: Any) -> Any:
        if waiting:
            waiting.pop()()
        return commit(*args, **details)

    monkeypatch.setattr(world.kit.storage, "commit", interrupted)
    with pytest.raises(Refused) as raised:
        hand_on(world, "sam", "cora")
    assert raised.value.codes == ("not-in-hand",)
    assert world.alert().state == "closed"
    assert world.alert().offered == ""


def test_more_urgent_meanwhile_it_asks_the_path(world: Any) -> None:
    screen = world.screen(by="ola")
    screen.answer("q1", YES)
    world.acknowledge("sue")
    hand_on(world, "sue", "cora")
    screen.answer("q5", YES)
    alert = world.alert()
    assert (alert.state, alert.offered, alert.asked) == ("open", "", (world.sam,))


def test_who_dies_meanwhile_or_whose_record_is_joined_leaves_it_where_it_was(world: Any) -> None:
    world.supporter("kit", supervisor="sue")
    world.appoint("kit", "on-call")
    world.supporter("kim")
    in_hand(world)
    hand_on(world, "sam", "kit")
    world.kit.merge(world.people["kim"], world.people["kit"], reason="she said so", actor=world.cora)
    assert world.alert().offered == world.people["kim"]
    with world.kit.session(actor=world.cora) as s:
        s.save(s.get(Person, world.people["kim"]).mark_died())
    assert world.alert().holder == world.sam
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert (world.alert().state, world.wire.to[-1]) == ("open", "cora")


# -- who, and to whom --------------------------------------------------------------------------------


def test_only_whoever_has_it_in_hand_hands_it_on(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    assert refused(world, "sam", "cora") == ("not-in-hand",)  # nobody has it yet
    world.acknowledge("sam")
    assert refused(world, "cora", "sue") == ("not-in-hand",)
    world.enrol("ann")
    with pytest.raises(NotFound):
        hand_on(world, "ann", "cora")
    assert refused(world, "maya", "cora") == ("not-theirs",)


def test_to_whom_it_is_never_handed_on(world: Any) -> None:
    world.enrol("ann")
    in_hand(world)
    assert refused(world, "sam", "sam") == ("to-oneself",)
    assert refused(world, "sam", "maya") == ("not-for-them",)  # whom it is about
    assert refused(world, "sam", "ann") == ("not-for-them",)  # holds no office, supports nobody
    assert refused(world, "sam", "ola") == ("not-for-them",)  # raised it
    with pytest.raises(NotFound):
        hand_on(world, "sam", "0198c7d2-0000-7000-8000-00000000beef")
    for strange in ("", "outside:Body", "nobody"):
        with pytest.raises(PeerkitError):
            hand_on(world, "sam", strange)
    assert world.alert().offered == ""


def test_it_is_not_handed_on_to_whom_a_concern_names(world: Any) -> None:
    in_hand(world)
    world.clock.forward(seconds=1)
    world.kit.concern("he shouts at her", about=world.maya, names=[world.cora])
    assert refused(world, "sam", "cora") == ("not-for-them",)


def test_it_is_not_handed_on_behind_a_wall(world: Any) -> None:
    in_hand(world)
    with world.kit.session(actor=world.cora) as s:
        s.save(Wall.put_up(person=world.maya, human=world.sue))
    assert refused(world, "sam", "sue") == ("not-for-them",)


def test_it_is_not_handed_on_to_who_said_that_they_cannot_come(world: Any) -> None:
    world.screen(by="ola").answer("q5", YES)
    world.acknowledge("sam", can_come=False)
    world.acknowledge("cora")
    assert refused(world, "cora", "sam") == ("not-for-them",)


def test_it_is_not_handed_on_to_who_is_away_gone_or_without_an_address(world: Any) -> None:
    world.enrol("kit", reach=())
    world.appoint("kit", "on-call")
    in_hand(world)
    assert refused(world, "sam", "kit") == ("not-there",)
    with world.kit.session(actor=world.sue) as s:
        now = world.clock.now()
        s.save(Leave.plan(person=world.sue, starts=now, ends=now + timedelta(days=3), cover=world.cora))
    assert refused(world, "sam", "sue") == ("not-there",)


def test_a_drill_is_not_handed_on(world: Any) -> None:
    report = world.kit.drill(world.cora)
    for name in (report.drill, report.reference):
        with world.kit.session(actor=world.ola) as s, pytest.raises(Refused) as raised:
            s.hand_on(name, to=world.cora)
        assert raised.value.codes == ("drill",)


# -- whatever is said, in whatever order -----------------------------------------------------------------

WHO = ("sam", "cora", "ola", "sue")
STEPS = st.one_of(
    st.tuples(st.just("hand_on"), st.sampled_from(WHO), st.sampled_from(WHO)),
    st.tuples(st.sampled_from(["acknowledge", "cannot", "act"]), st.sampled_from(WHO), st.just("")),
    st.tuples(st.just("wait"), st.integers(1, 30), st.just("")),
)


@given(steps=st.lists(STEPS, max_size=12))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_handing_on_never_makes_it_quieter(opened: Any, steps: list[tuple[str, Any, str]]) -> None:
    """At every moment somebody has it in hand or is asked, and it is due; and handing it on, and taking what
    was handed on, never moves that further away."""
    world = opened()
    in_hand(world)
    for act, who, to in steps:
        before = world.alert()
        try:
            if act == "hand_on":
                hand_on(world, who, to)
            elif act == "wait":
                world.clock.forward(minutes=who)
                world.kit.deliver()
            elif act == "act":
                world.respond(who, "act", words="we sat together")
            else:
                world.acknowledge(who, can_come=act == "acknowledge")
        except PeerkitError:
            assert world.alert() == before
        after = world.alert()
        assert after.due is not None
        assert after.holder or (after.state == "open" and after.asked)
        if before.holder and after.holder and act in {"hand_on", "acknowledge"}:
            assert after.due <= before.due
    world.clock.forward(days=2)
    world.kit.deliver()
    assert world.alert().state == "open" or world.all("task")
