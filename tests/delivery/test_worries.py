# SPDX-License-Identifier: Apache-2.0
"""Worries of observers: each is raised as a concern, once, before the cursor moves on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import thermometer
from thermometer import PLAIN, WORDS, FeverNote, Thermometer, worry

from peerkit import Malformed, StorageError
from peerkit.hooks import Access, Worry
from peerkit.texts import _, many, verbatim

World = Callable[..., Any]


@pytest.fixture(params=["memory", "sqlite"])
def house(request: pytest.FixtureRequest, opened: Any, tmp_path: Path) -> World:
    """A program with the plugin, and somebody to reach first."""
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path / 'program.db'}?synchronous=off"

    def make(give: Any = None, **options: Any) -> Any:
        world = opened(url, plugins=[Thermometer(give)], **options)
        world.enrol("ann")
        world.kit.deliver(limit=10_000)
        world.wire.sent.clear()
        return world

    return make


def note(world: Any, **details: Any) -> FeverNote:
    with world.kit.session(actor=world.maya) as s:
        made: FeverNote = s.save(FeverNote.note(person=world.maya, **details))
    return made


def concerns(world: Any) -> list[Any]:
    return sorted(world.all("concern"), key=lambda one: one.id)


def rewind(world: Any) -> None:
    """The observer's cursor is what it was before anything was read."""
    held = world.kit.storage.marks("observer:fever")["observer:fever"]
    world.kit.storage.mark("observer:fever", None, expect=held)


def test_it_is_raised_with_the_run_that_gives_the_page_and_names_its_module(house: World) -> None:
    world = house()
    note(world)
    world.kit.deliver(limit=1000)
    (concern,) = concerns(world)
    assert (concern.words, concern.about, concern.plugin) == (str(WORDS), world.maya, "fever")
    assert (world.alert().level, world.alert().concern, world.wire.to) == ("now", concern.id, ["sam"])


def test_whom_it_reaches_first_is_told_first(house: World) -> None:
    world = house()
    note(world, first=world.ann)
    world.kit.deliver(limit=1000)
    assert world.wire.to == ["ann"]
    world.clock.forward(minutes=10)
    world.kit.deliver()
    assert world.wire.to == ["ann", "sam"]


def test_a_page_that_is_given_again_raises_nothing_twice_however_late(house: World) -> None:
    world = house()
    note(world)
    note(world)
    world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 2
    for hours in (0, 30, 3000):
        world.clock.forward(hours=hours)
        rewind(world)
        world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 2
    assert [one.obstacles for one in concerns(world)] == [(), ()]


def test_a_key_that_comes_twice_on_a_page_is_one(house: World) -> None:
    world = house(lambda one: [worry(one), worry(one)])
    note(world)
    world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 1


def test_what_the_module_raised_at_once_is_not_raised_by_the_net(house: World) -> None:
    world = house()
    made = note(world)
    details = {"plugin": "fever", "key": made.id, "first": world.ann}
    world.kit.concern(WORDS, world.maya, world.maya, **details)
    world.clock.forward(hours=5)
    world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 1
    world.kit.concern(WORDS, world.maya, **details)
    assert len(concerns(world)) == 1


OTHERS = {
    "other words": lambda one: worry(one, words=_("Nobody answers.")),
    "another level": lambda one: worry(one, level="today"),
    "another time": lambda one: worry(one, occurred=datetime(2026, 1, 1, tzinfo=UTC)),
}


@pytest.mark.parametrize("other", OTHERS)
def test_a_key_swallows_no_other_worry(house: World, other: str) -> None:
    world = house(lambda one: [OTHERS[other](one)])
    made = note(world)
    world.kit.concern(WORDS, world.maya, plugin="fever", key=made.id)
    world.kit.deliver(limit=1000)
    found = concerns(world)
    assert len(found) == 2
    assert ("key-reused" in found[1].obstacles) is (other != "another level")
    assert len(world.alerts) == 2


def test_another_plugins_key_and_another_persons_worry_are_their_own(house: World) -> None:
    world = house()
    made = note(world)
    world.kit.concern(WORDS, world.maya, plugin="wires", key=made.id)
    world.kit.concern(WORDS, world.ann, plugin="fever", key=made.id)
    world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 3


def test_nobody_in_no_record_that_it_reads_is_worried_about_and_it_is_said(house: World) -> None:
    world = house(lambda one: [worry(one, about=world.ann, key="a"), worry(one)])
    note(world)
    world.kit.deliver(limit=1000)
    assert [one.about for one in concerns(world)] == [world.maya]
    for _n in range(5):
        world.kit.deliver(limit=1000)
    (problem,) = [p for p in world.kit.health().problems if p.code == "observer-parked"]
    assert "worries about somebody who is in no record that it reads" in problem.sentence
    assert world.ann not in problem.sentence
    assert len(concerns(world)) == 1


def stuck(world: Any) -> bool:
    """Whether health calls the parked observer grave."""
    (problem,) = [p for p in world.kit.health().problems if p.code == "observer-parked"]
    return bool(problem.grave)


def test_a_stuck_observer_whose_alarms_are_missing_is_grave(house: World) -> None:
    def give(one: FeverNote) -> Any:
        raise RuntimeError(one.person)

    world = house(give)
    note(world)
    for _n in range(8):
        world.kit.deliver(limit=1000)
    assert stuck(world)  # it never worried yet, and says that it may


def test_what_was_not_declared_is_raised_all_the_same_and_said(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thermometer, "Access", lambda **_declared: Access())
    world = house()
    note(world)
    for _n in range(8):
        world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 1
    (problem,) = [p for p in world.kit.health().problems if p.code == "observer-parked"]
    assert "add Access(worries=True)" in problem.sentence
    assert stuck(world)


def test_more_worries_than_a_page_may_have_come_in_parts(house: World) -> None:
    world = house(lambda one: [worry(one, key=f"{one.id}:{n}") for n in range(7)])
    for _n in range(20):
        note(world)
    for _n in range(8):
        world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 140
    assert "observer-parked" not in {problem.code for problem in world.kit.health().problems}


def test_what_it_gave_before_it_failed_is_raised_once_over_all_tries(house: World) -> None:
    def give(one: FeverNote) -> Any:
        yield worry(one)
        raise RuntimeError(one.person)

    world = house(give)
    note(world)
    for _n in range(8):
        world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 1
    assert "observer-parked" in {problem.code for problem in world.kit.health().problems}


@pytest.mark.parametrize("given", [7, "a worry", [PLAIN]], ids=["number", "text", "words"])
def test_rubbish_is_a_failure_of_that_observer(house: World, given: Any) -> None:
    world = house(lambda _one: given)
    note(world)
    report = world.kit.deliver(limit=1000)
    assert not report.problems
    assert concerns(world) == []
    assert json.loads(world.kit.storage.marks("observer:")["observer:fever"])["failures"] == 1


def test_what_could_not_be_stored_is_raised_by_the_next_run(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = house()
    note(world)
    before = world.kit.storage.marks("observer:")
    commit = world.kit.storage.commit

    def failing(batch: Any, **guards: Any) -> Any:
        if any(change.kind == "concern" for change in batch.changes):
            raise StorageError("no room on the disk")
        return commit(batch, **guards)

    monkeypatch.setattr(world.kit.storage, "commit", failing)
    report = world.kit.deliver(limit=1000)
    assert report.problems == ("observers:UnsavedScreen",)
    assert world.kit.storage.marks("observer:") == before  # and no failure of the plugin's
    monkeypatch.undo()
    world.kit.deliver(limit=1000)
    assert len(concerns(world)) == 1


def test_it_is_said_in_the_programs_language(house: World) -> None:
    words = _("Somebody of the program can be asked now.")  # a sentence that peerkit has in French
    world = house(lambda one: [worry(one, words=words)], more={"languages": ["fr"]})
    note(world)
    world.kit.deliver(limit=1000)
    (concern,) = concerns(world)
    assert concern.words != str(words)
    assert "programme" in concern.words


@pytest.mark.parametrize(
    "details",
    [
        {"key": ""},
        {"key": "k" * 201},
        {"words": "plain text"},
        {"words": _("{name} is ill", name="Maya")},
        {"words": many("{n} fever", "{n} fevers", 2)},
        {"words": verbatim("what she said")},
        {"about": ""},
        {"about": "Maya"},
        {"first": "Sam"},
        {"level": "talk"},
        {"occurred": datetime(2026, 1, 1)},  # noqa: DTZ001  # that is what is refused
    ],
    ids=str,
)
def test_what_is_no_worry_is_refused_when_it_is_made(details: dict[str, Any]) -> None:
    given = {"key": "k", "words": WORDS, "about": str(uuid4()), **details}
    with pytest.raises(Malformed) as caught:
        Worry(**given)
    assert "Maya" not in str(caught.value)


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process for each point is forked")
def test_killed_at_any_statement_between_answer_and_cursor_it_is_raised_once(tmp_path: Path) -> None:
    program = Path(thermometer.__file__)
    done = subprocess.run(
        [sys.executable, str(program), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["wrong"] == []
    assert report["points"] > 30
    assert report["between"] > 3  # stored, and the cursor not moved
