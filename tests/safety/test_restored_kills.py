# SPDX-License-Identifier: Apache-2.0
"""Several processes, kills at every step, and whatever was done in the lost time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from restored_house import House, codes, consented, house, leaves
from safety_program import World

from peerkit import (
    Alert,
    Consent,
    Person,
    Refused,
)
from peerkit.storage.sqlite.store import SqliteStorage

__all__ = ["house"]


# -- several processes, and kills ----------------------------------------------------------------------


def test_two_who_open_it_at_once_hold_it_once(house: House) -> None:
    world = house.open()
    house.backup()
    world = house.open()
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    house.put_back()
    code = "import sys, peerkit; peerkit.open(sys.argv[1], discover=False).close()"
    url = f"sqlite:///{house.file}?busy_timeout=20000"
    running = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(3)]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    world = house.open()
    assert len(world.all("restoration")) == 1
    assert [len(one.gaps) for one in world.all("restoration")] == [1]
    assert len([one for one in world.all("task") if one.what == "walk-gaps"]) == 1


def test_a_second_process_sees_that_it_is_held_and_walked(house: House) -> None:
    world = house.open()
    (clinic, plan), _ = consented(world)
    house.backup()
    world = house.open()
    world.enrol("lost")
    house.put_back()
    one = house.open()
    first = one.kit
    second = house.open().kit
    assert "held" in {problem.code for problem in second.health().problems}
    first.walk_gaps(by=world.cora, done=True)
    world.kit = second
    assert leaves(world, clinic, plan) == 1


class Killed(BaseException):
    """What a kill is to the code that it stops."""


STEPS = ("renew", "erase", "commit", "mark")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("nth", range(1, 4))
def test_killed_while_it_is_noticed_it_is_noticed_by_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str, nth: int
) -> None:
    world = house.open()
    world.enrol("omar")
    house.backup()
    world = house.open()
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    lost = world.alert().id
    world.kit.erase(world.omar, basis="wish", asked_by=world.omar, decided_by=world.cora)
    house.put_back()
    left = [nth]
    whole: Callable[..., Any] = getattr(SqliteStorage, step)

    def killed(self: Any, *given: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return whole(self, *given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStorage, step, killed)
        with suppress(Killed):
            house.open().kit.close()
    world = house.open()
    assert "held" in codes(world)
    assert [one.id for one in world.kit.gaps()] == [lost]
    assert all(row.body is None for row in world.kit.storage.history("person", world.omar))
    assert len(world.all("restoration")) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("nth", range(1, 6))
def test_killed_while_walking_nothing_is_lost(
    house: House, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    world = house.open()
    _, consent = consented(world)
    house.backup()
    world = house.open()
    world.kit.concern("Lost", about=world.maya, by=world.sam)
    lost = world.alert().id
    with world.kit.session(actor=world.maya) as s:
        s.save(s.get(Consent, consent.id).withdraw())
    house.put_back()
    world = house.open()
    left = [nth]
    whole = SqliteStorage.commit

    def killed(self: Any, *given: Any, **more: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return whole(self, *given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStorage, "commit", killed)
        with suppress(Killed):
            world.kit.walk_gaps({lost: "again", consent.id: "again"}, by=world.cora, done=True)
    world = house.open()
    if world.kit.gaps() or "held" in codes(world):
        decided = {one.id: "again" for one in world.kit.gaps()}
        world.kit.walk_gaps(decided, by=world.cora, done=True)
    assert [one.id for one in world.alerts] == [lost]
    assert [one.state for one in world.all("consent")] == ["withdrawn"]


# -- whatever was done in between ----------------------------------------------------------------------

DONE = st.lists(
    st.sampled_from(["concern", "take", "withdraw", "refuse", "erase", "die", "enrol", "restart"]),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=DONE, times=st.integers(1, 2))
def test_nothing_withdrawn_erased_or_alarmed_is_forgotten_once_walked(
    tmp_path_factory: pytest.TempPathFactory, done: list[str], times: int
) -> None:
    folder = tmp_path_factory.mktemp("house") / "data"
    folder.mkdir()
    house = House(folder)
    world = house.open("?synchronous=off")
    _, consent = consented(world)
    world.enrol("omar")
    world.enrol("ana")
    house.backup()
    world = house.open()
    for n, what in enumerate(done):
        do(house, what, n, consent.id)
        world = house.world
    wanted = remembered(world)
    for _ in range(times):
        house.put_back()
        world = house.open()
    while left := world.kit.gaps():
        world.kit.walk_gaps({left[0].id: "again"}, by=world.cora)
    if "held" in codes(world):
        world.kit.walk_gaps(by=world.cora, done=True)
    found = remembered(world)
    world.kit.close()
    assert wanted["erased"] <= found["erased"]
    assert wanted["open"] <= found["open"]
    assert wanted["dead"] <= found["dead"]
    assert not found["given"] - wanted["given"] or found["refused"]
    assert found["refused"] or not wanted["refused"]


def do(house: House, what: str, n: int, consent: str) -> None:
    """One of the things that are done in the lost time, if it can be done now."""
    world = house.world
    with suppress(Refused):
        STEPS_OF_A_DAY[what](house, world, n, consent)


def take(world: World) -> None:
    with world.kit.session(actor=world.cora) as s:
        for one in [one for one in world.alerts if one.state == "open"][:1]:
            s.acknowledge(one.id)


def said(world: World, who: str, make: Callable[[Any], Any]) -> None:
    with world.kit.session(actor=who) as s:
        s.save(make(s))


STEPS_OF_A_DAY: dict[str, Callable[[House, World, int, str], Any]] = {
    "concern": lambda _, w, n, __: w.kit.concern(f"Worry {n}", about=w.maya, by=w.sam),
    "take": lambda _, w, __, ___: take(w),
    "withdraw": lambda _, w, __, consent: said(w, w.maya, lambda s: s.get(Consent, consent).withdraw()),
    "refuse": lambda _, w, __, ___: said(w, w.maya, lambda _: Consent.refuse(person=w.maya)),
    "erase": lambda _, w, __, ___: w.kit.erase(w.omar, basis="wish", asked_by=w.maya, decided_by=w.cora),
    "die": lambda _, w, __, ___: said(w, w.cora, lambda s: s.get(Person, w.ana).mark_died()),
    "enrol": lambda _, w, n, __: w.enrol(f"somebody{n}"),
    "restart": lambda house, w, _, __: (w.kit.close(), house.open("?synchronous=off")),
}


def remembered(world: World) -> dict[str, set[str]]:
    consents = world.all("consent")
    return {
        "erased": {one for made in world.all("redaction") for one in made.erased},
        "open": {one.id for one in world.all(Alert.kind) if one.state != "closed"},
        "dead": {one.id for one in world.all("person") if one.state == "died"},
        "given": {one.id for one in consents if one.state == "given"},
        "refused": {one.person for one in consents if one.state == "refused"},
    }
