# SPDX-License-Identifier: Apache-2.0
"""Each way of failing a session after an answer that concerns somebody: the alert is there, or
`UnsavedScreen` says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from peerkit import (
    Actor,
    Conflict,
    GoalPlan,
    Objection,
    Person,
    Refused,
    Relationship,
    StorageError,
    UnsavedScreen,
    hookimpl,
)
from peerkit.hooks import Access, Instrument, NotifierChannel, Proposal, Supply
from peerkit.kit import Kit
from peerkit.testing import TimeMachine

YES, NO = True, False


YES = True


def alarmed(world: Any) -> bool:
    return [(a.level, a.state) for a in world.alerts] == [("now", "open")] and bool(world.wire.sent)


def test_another_record_of_the_block_is_refused(world: Any) -> None:
    with pytest.raises(Refused), world.kit.session(actor=world.sam) as s:
        s.screening("asq", world.maya).answer("q5", YES)
        plan = s.save(GoalPlan.begin(person=world.maya).suggest("Sleep more"))
        s.save(plan.adopt(plan.goals[0].id))
    assert alarmed(world)


def test_another_record_of_the_block_is_stale(world: Any) -> None:
    relation = world.all("relationship")[0]
    with pytest.raises(Conflict), world.kit.session(actor=world.sam) as s:
        mine = s.get(Relationship, relation.id)
        with world.kit.session(actor=world.maya) as other:
            other.save(other.get(Relationship, relation.id).pause())
        s.screening("asq", world.maya).answer("q5", YES)
        s.save(mine.reword(helps="walking"))
    assert alarmed(world)


def test_the_caller_raises(world: Any) -> None:
    with pytest.raises(ZeroDivisionError), world.kit.session(actor=world.sam) as s:
        s.screening("asq", world.maya).answer("q5", YES)
        1 / 0  # noqa: B018
    assert alarmed(world)


class Broken:
    """A plugin that raises in every hook that a commit calls."""

    name = "broken"

    def __init__(self) -> None:
        self.called = 0

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield Access(reads={"*"}, writes={"*"})
        yield Instrument("this is no TOML", "broken.toml")

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterable[Objection]:
        self.called += 1
        raise RuntimeError(str(proposal.changes))

    @hookimpl
    def peerkit_respond(self, proposal: Proposal) -> Iterable[Any]:
        self.called += 1
        raise RuntimeError(str(proposal.changes))


def test_a_plugin_that_raises_or_hangs_is_not_called_before_the_commit(opened: Any) -> None:
    plugin = Broken()
    with pytest.raises(Refused):  # it refuses everything else: not even the first person can be enrolled
        opened(plugins=[plugin])
    world = opened()
    del world
    kit, clock, wires = _founded(plugin)
    called = plugin.called
    with kit, pytest.raises(Refused), kit.session(actor=_coordinator(kit)) as s:
        s.screening("asq", "somebody").answer("q5", YES)
        assert plugin.called == called
        assert wires.wire.to == ["ola"]
        s.save(Person.enrol(name="Nobody"))
    del clock


def _founded(*plugins: object) -> tuple[Kit, TimeMachine, Any]:
    import peerkit
    from peerkit.testing import TimeMachine

    class Wires:
        name = "wires"

        def __init__(self) -> None:
            self.wire = _Wire()

        @hookimpl
        def peerkit_supply(self) -> Iterable[Supply]:
            return [NotifierChannel("wire", lambda _: self.wire)]

    wires, clock = Wires(), TimeMachine()
    settings = {
        "name": "Small (fictional)",
        "coordinator": {"name": "Cora", "reach": ["wire:cora"]},
        "on_call": [{"name": "Ola", "reach": ["wire:ola"]}],
        "path": [{"role": "on-call", "minutes": 10}, {"role": "coordinator", "minutes": 10}],
        "notifiers": ["wire"],
    }
    kit = peerkit.open("memory:", settings=settings, plugins=[wires, *plugins], discover=False, clock=clock)
    return kit, clock, wires


class _Wire:
    name = "wire"
    real = False

    def __init__(self) -> None:
        self.sent: list[Any] = []

    @property
    def to(self) -> list[str]:
        return [message.to for message in self.sent]

    def send(self, message: Any) -> None:
        self.sent.append(message)


def _coordinator(kit: Kit) -> str:
    return next(a.person for a in kit._find_all("appointment") if a.role == "coordinator")


@pytest.mark.parametrize("state", ["pause", "end"])
def test_the_relationship_lapsed(world: Any, state: str) -> None:
    screen = world.screen()
    relation = world.all("relationship")[0]
    with world.kit.session(actor=world.maya) as s:
        held = s.get(Relationship, relation.id)
        s.save(held.pause() if state == "pause" else held.end())
    screen.answer("q1", YES)
    second = world.screen()
    second.answer("q5", YES)
    obstacles = world.all("risk_screen")[-1].obstacles
    assert obstacles == (() if state == "pause" else ("no-right",))
    assert {a.level for a in world.alerts} == {"today", "now"}
    if state == "end":
        assert [t.owner for t in world.all("task") if t.what == "look-at-screen"] == [world.cora]


def test_the_role_ended(world: Any) -> None:
    from peerkit import PeerSupporter

    with world.kit.session(actor=world.sam) as s:
        (role,) = s.find(PeerSupporter, person=world.sam)
        s.save(role.step_down())
    world.screen().answer("q5", YES)
    assert alarmed(world)


def test_somebody_without_any_right(world: Any) -> None:
    world.enrol("noa")
    world.screen(by="noa").answer("q5", YES)
    assert alarmed(world)
    assert world.all("risk_screen")[0].obstacles == ("no-right",)


def test_an_actor_whom_nobody_knows(world: Any) -> None:
    from peerkit.safety.screening import screening

    screening(world.kit, Actor("not-in-the-store"), "asq", world.maya).answer("q5", YES)
    assert alarmed(world)
    assert "unknown-actor" in world.all("risk_screen")[0].obstacles


def test_the_instruments_file_changed_meanwhile(world: Any) -> None:
    from peerkit.model.safety import RiskScreen

    with world.kit.session(actor=world.sam) as s:
        begun = s.screening("asq", world.maya)
    made = world.kit.new(
        lambda: RiskScreen.begin(
            person=world.maya, holder=world.sam, instrument="asq", edition="0.9", sha256="0" * 64
        )
    )
    world.kit.write([made])
    world.screen(screen=made.id).answer("q5", YES)
    assert alarmed(world)
    assert [a.obstacles for a in world.all("answer")] == [("instrument-changed",)]
    del begun


def test_an_answer_to_an_edition_that_nobody_has_any_more_is_looked_at_today_whatever_it_says(
    world: Any,
) -> None:
    from peerkit.model.safety import RiskScreen
    from peerkit.safety.looking import look

    made = world.kit.new(
        lambda: RiskScreen.begin(
            person=world.maya, holder=world.sam, instrument="asq", edition="0.9", sha256="0" * 64
        )
    )
    world.kit.write([made])
    screen = world.screen(screen=made.id)
    assert screen.level == "none"  # nothing was said
    steps = screen.answer("q1", value=False)
    assert steps is not None
    assert steps.level == "today"
    assert (world.alert().level, world.alert().rules) == ("today", ("instrument-changed",))
    with world.kit.session(actor=world.cora) as s:
        (spoke,) = look(s, made.id).spoke
    assert (spoke.rule, spoke.level) == ("instrument-changed", "today")
    assert "edition" in str(spoke.why)
    world.kit.deliver()
    world.acknowledge("cora")
    world.respond("cora", "act", words="I asked them")
    assert screen.answer("q2", value=False) is None  # that it is in doubt was said once, and is in hand
    assert world.alert().state == "acting"
    assert screen.answer("q5", YES).level == "now"
    assert len(world.alerts) == 1


def test_the_session_is_over(world: Any) -> None:
    screen = world.screen()  # its block has ended
    screen.answer("q5", YES)
    assert alarmed(world)


def test_rights_that_cannot_be_read(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError

    with world.kit.session(actor=world.sam) as s:
        monkeypatch.setattr(type(world.kit), "grants", broken)
        s.screening("asq", world.maya).answer("q5", YES)
    assert alarmed(world)
    assert world.all("risk_screen")[0].obstacles == ("rights-unknown",)


def test_the_settings_cannot_be_read(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> Any:
        raise StorageError("the program's settings were written by a newer peerkit: update peerkit")

    monkeypatch.setattr(type(world.kit), "program", property(broken))
    steps = world.screen().answer("q5", YES)
    assert steps.call
    assert alarmed(world)


# -- the store itself --------------------------------------------------------------------------------


@pytest.fixture
def on_disk(opened: Any, tmp_path: Path) -> Any:
    return opened(f"sqlite:///{tmp_path / 'p.db'}?synchronous=off&busy_timeout=50")


def test_a_locked_store_raises_with_what_to_do_now(on_disk: Any, tmp_path: Path) -> None:
    screen = on_disk.screen()
    other = sqlite3.connect(tmp_path / "p.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnsavedScreen) as raised:
            screen.answer("q5", YES)
        steps = raised.value.steps
        assert (steps.level, steps.saved, steps.on_call) == ("now", False, None)
        assert [line.number for line in steps.call][:2] == ["9-8-8", "9-1-1"]
        assert "tell them yourself" in str(steps)
        assert on_disk.alerts == []
        with pytest.raises(UnsavedScreen):
            on_disk.kit.concern("worried", on_disk.maya)
        with pytest.raises(UnsavedScreen):
            on_disk.screen()
        with pytest.raises(UnsavedScreen):
            screen.finish()
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert screen.answer("q5", YES).level == "now"  # and afterwards it goes on
    assert alarmed(on_disk)


def test_a_lock_of_another_kit_in_this_process_likewise(on_disk: Any, tmp_path: Path) -> None:
    test_a_locked_store_raises_with_what_to_do_now(on_disk, tmp_path)


def test_a_closed_kit(on_disk: Any) -> None:
    screen = on_disk.screen()
    on_disk.kit.close()
    with pytest.raises(UnsavedScreen) as raised:
        screen.answer("q1", YES)
    assert raised.value.steps.call


def test_the_steps_in_memory_follow_the_settings(on_disk: Any, tmp_path: Path) -> None:
    from peerkit import Program
    from peerkit.model.program import Line

    with on_disk.kit.session(actor=on_disk.cora) as s:
        (program,) = s.find(Program)
        s.save(program.update(settings={"lines": (Line(name="Warm line", number="555 0100"),)}))
    screen = on_disk.screen()
    on_disk.kit.close()
    with pytest.raises(UnsavedScreen) as raised:
        screen.answer("q1", YES)
    assert raised.value.steps.call[0].number == "555 0100"


def test_a_storage_that_raises_anything_else(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = world.screen()

    def broken(*_: Any, **__: Any) -> Any:
        raise KeyError("q5 yes, said Maya")

    monkeypatch.setattr(type(world.kit.storage), "commit", broken)
    with pytest.raises(UnsavedScreen) as raised:
        screen.answer("q5", YES)
    assert "Maya" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_scorer_that_fails_alarms(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from peerkit.instruments import triage

    screen = world.screen()

    def broken(*_: Any, **__: Any) -> Any:
        raise ArithmeticError

    monkeypatch.setattr(triage, "judge", broken)
    assert screen.answer("q1", NO) is not None  # an answer
    assert world.alert().level == "now"


def test_save_refuses_kinds_of_the_lane_and_names_the_call(world: Any) -> None:
    from peerkit import Alert

    world.screen().answer("q5", YES)
    with world.kit.session(actor=world.cora) as s:
        alert = s.get(Alert, world.alert().id)
        with pytest.raises(Refused, match=r"s\.acknowledge"):
            s.save(alert.acknowledge(holder=world.cora, since=world.clock.now(), due=world.clock.now()))
