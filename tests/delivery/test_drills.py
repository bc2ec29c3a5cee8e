# SPDX-License-Identifier: Apache-2.0
"""The way is tried before it is needed: drills, who answers them, and what health says of them."""

from __future__ import annotations

from typing import Any

import pytest

from peerkit import Actor, Malformed, NotFound, PeerkitError, Refused
from peerkit.safety import acknowledge

YES = True


def urgent(world: Any, by: str = "ola", about: str = "maya") -> Any:
    return world.screen(by=by, about=about).answer("q5", YES)


def codes(world: Any) -> set[str]:
    return {problem.code for problem in world.kit.health().problems}


def test_a_drill_received_and_acknowledged_on_every_step_makes_a_program_ready(world: Any) -> None:
    world.kit.deliver()
    assert codes(world) == {"no-drill", "untried", "untried-supporters"}
    report = world.kit.drill(world.cora)
    assert report.steps == ("on-call", "coordinator")
    assert (report.handed_over, report.unreached) == (3, ())  # the supervisor too, whom `today` asks
    assert {m.text for m in world.wire.sent} == {"This is a drill. Please open your work app."}
    with world.kit.session(actor=world.ola) as s:
        assert s.acknowledge(report.reference).state == "running"
    assert "no-drill" in codes(world)
    with world.kit.session(actor=world.cora) as s:
        assert s.acknowledge(report.drill).state == "passed"
    assert codes(world) == {"untried", "untried-supporters"}
    with world.kit.session(actor=world.sue) as s:
        assert s.acknowledge(report.drill).state == "passed"  # late, and it counts
    assert codes(world) == {"untried-supporters"}
    tried = world.kit.drill(world.cora, supporters=5)
    assert (tried.steps, world.wire.to[-1]) == (("supporter",), "sam")
    with world.kit.session(actor=world.sam) as s:
        assert s.acknowledge(tried.reference).state == "passed"
    assert world.kit.health().ready
    world.clock.forward(days=30, minutes=1)
    world.kit.deliver()
    assert "old-drill" in codes(world)


def test_supporters_are_tried_a_few_at_a_time_and_each_answers_for_themselves(world: Any) -> None:
    names = ["sam", *(world.supporter(name) and name for name in ("kit", "kim", "kay", "kai"))]
    first = world.kit.drill(world.cora, supporters=3)
    told = world.wire.to[-3:]
    rest = world.kit.drill(world.cora, supporters=3)
    assert sorted([*told, *world.wire.to[-2:]]) == sorted(names)  # nobody twice, nobody left out
    assert world.kit.drill(world.cora, supporters=3).drill == ""  # who was tried is left in peace for a week
    for name in told[:2]:
        with world.kit.session(actor=world.people[name]) as s:
            assert s.acknowledge(first.reference).state == "running"
    [left] = [p.sentence for p in world.kit.health().problems if p.code == "untried-supporters"]
    assert str(left).startswith("3 supporters")
    assert world.kit.health().drilled is None  # it is no drill of the path
    with world.kit.session(actor=world.people[told[2]]) as s:
        assert s.acknowledge(first.reference).state == "passed"
        with pytest.raises(NotFound):
            s.acknowledge(rest.reference)
    world.clock.forward(days=8)
    world.kit.drill(world.cora, supporters=9)
    assert sorted(world.wire.to[-2:]) == sorted(set(names) - set(told))  # who has not answered, again
    world.clock.forward(days=31)
    world.kit.drill(world.cora, supporters=9)
    assert {one.state for one in world.all("drill") if one.id == rest.drill} == {"failed"}


def test_who_took_an_alarm_needs_no_drill(world: Any) -> None:
    urgent(world)
    world.acknowledge("sam")
    assert "untried-supporters" not in codes(world)
    world.clock.forward(days=31)
    assert "untried-supporters" in codes(world)


@pytest.mark.parametrize("number", [-1, 1001, "5", 2.0, None, True])
def test_so_many_supporters_are_a_number(world: Any, number: Any) -> None:
    with pytest.raises(Malformed):
        world.kit.drill(world.cora, supporters=number)
    with pytest.raises(Refused):
        world.kit.drill(world.sam, supporters=5)


def test_a_drill_that_does_not_come_to_a_step_says_so(world: Any) -> None:
    world.wire.broken = {"ola"}
    assert world.kit.drill(world.cora).unreached == ("on-call",)
    world.kit.drill(world.cora)
    assert sorted(d.state for d in world.all("drill")) == ["failed", "running"]


def test_only_who_may_starts_a_drill_and_only_who_was_asked_acknowledges_it(world: Any) -> None:
    with pytest.raises(Refused):
        world.kit.drill(world.sam)
    report = world.kit.drill(world.cora)
    with world.kit.session(actor=world.sam) as s, pytest.raises(NotFound):
        s.acknowledge(report.drill)


def test_a_step_that_was_handed_nothing_keeps_a_drill_from_passing(world: Any) -> None:
    world.wire.broken = {"cora"}
    report = world.kit.drill(world.cora)
    assert report.unreached == ("coordinator",)
    with world.kit.session(actor=world.ola) as s:
        assert s.acknowledge(report.reference).waiting == ("coordinator",)
    with world.kit.session(actor=world.cora) as s, pytest.raises(Refused) as refused:
        s.acknowledge(report.reference)  # she knows the reference, and no notice came to her
    assert [one.code for one in refused.value.objections] == ["not-received"]
    assert "no-drill" in codes(world)


def test_for_an_outside_body_a_coordinator_answers_and_nobody_else(opened: Any) -> None:
    path = [{"role": "outside", "minutes": 10, "name": "Night Line", "reach": ["wire:night"]}]
    world = opened(more={"path": path})
    report = world.kit.drill(world.cora)
    assert report.unreached == ()
    world.enrol("noa")
    for who in (world.noa, world.maya, world.sam):
        with world.kit.session(actor=who) as s, pytest.raises(NotFound):
            s.acknowledge(report.reference)
    with pytest.raises(PeerkitError):
        acknowledge(world.kit, Actor.system("auto-reply"), report.reference)
    assert "no-drill" in codes(world)
    with world.kit.session(actor=world.cora) as s:
        assert s.acknowledge(report.reference).state == "passed"


def test_an_outside_body_that_was_handed_nothing_is_acknowledged_by_nobody(opened: Any) -> None:
    path = [{"role": "outside", "minutes": 10, "name": "Night Line", "reach": ["wire:night"]}]
    world = opened(more={"path": path})
    world.wire.broken = {"night"}
    report = world.kit.drill(world.cora)
    with world.kit.session(actor=world.cora) as s:
        assert s.acknowledge(report.drill).waiting == ("outside",)
    world.wire.broken = set()
    report = world.kit.drill(world.cora)
    with world.kit.session(actor=world.cora) as s:
        assert s.acknowledge(report.drill).state == "passed"
