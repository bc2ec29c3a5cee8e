# SPDX-License-Identifier: Apache-2.0
"""A merge that stops half-way is finished by doing it again, and moves in pieces."""

from __future__ import annotations

from typing import Any

import pytest

import peerkit
from peerkit import (
    Consent,
    GoalPlan,
    Notice,
    Progress,
    Recipient,
    Task,
)
from peerkit.kinds import PLACES
from peerkit.kit import merging

World = Any


SAME = "The same birthday, and she says so"


CLASSES = ("identity", "contact", "own")


@pytest.fixture
def house(world: World) -> World:
    """Maya was enrolled twice: once supported by Kai, once by Noor."""
    world.match(world.maya, world.supporter("kai"))
    world.match(world.again, world.supporter("noor"))
    world.save(Recipient.add(name="Clinic (fictional)", address="console:clinic"))
    for one in (world.maya, world.again):
        plan = world.save(GoalPlan.begin(person=one, hopes="Sleep").add_goal("Walk"), actor=one)
        world.save(Progress.note(plan=plan, goal=plan.goals[0].id, author=one, words="A little"), actor=one)
    return world


def clinic(world: World) -> Any:
    return world.every(Recipient)[0]


def join(world: World, kept: Any = None, away: Any = None, actor: Any = None) -> merging.Joined:
    found: merging.Joined = world.kit.merge(
        kept or world.maya, away or world.again, reason=SAME, actor=actor or world.coordinator
    )
    return found


def part(world: World, joined: merging.Joined) -> merging.Joined:
    found: merging.Joined = world.kit.split(joined.merge, reason="Two cousins", actor=world.coordinator)
    return found


def named(world: World, person: Any) -> dict[str, set[str]]:
    """What names somebody, of every kind: ids by kind."""
    found: dict[str, set[str]] = {}
    for kind in [*PLACES, *world.kit.plugin_kinds]:
        cls = world.kit.codec.class_of(kind)
        if not cls.subject_fields or kind in {"person", "merge", "redaction"}:
            continue
        allow = frozenset((name, person.id) for name in cls.subject_fields)
        page = world.kit.storage.find(peerkit.ports.Query(kind, limit=1000, allow=allow))
        if page.rows:
            found[kind] = {one.envelope.id for one in page.rows}
    return found


def documents(world: World) -> dict[str, Any]:
    """Every record of every kind as it is now, but for what says that something was joined."""
    found: dict[str, Any] = {}
    for kind in PLACES:
        if kind in {"merge", "task", "route", "person"}:
            continue
        page = world.kit.storage.find(peerkit.ports.Query(kind, limit=1000))
        for one in page.rows:
            document = world.kit.codec.document(world.kit.codec.decode(one))
            document.pop("said", None)  # where it was said stays known
            found[one.envelope.id] = document
    return found


def say(world: World, who: Any, act: str, **given: Any) -> Any:
    made = getattr(Consent, act)(
        person=who, recipient=clinic(world), classes=CLASSES, purpose="care", **given
    )
    return world.save(made, actor=who)


def out(world: World) -> int:
    pages = world.kit.disclose(GoalPlan, to=clinic(world), purpose="care", actor=world.maya)
    return sum(len(page) for page in pages)


def full(world: World) -> None:
    """Something of many kinds on both."""
    for who, supporter in ((world.maya, world.kai), (world.again, world.noor)):
        say(world, who, "give")
        world.save(
            Consent.give(person=who, recipient=clinic(world), classes=CLASSES, purpose="notice"), actor=who
        )
        world.save(Notice.queue(person=who, recipient=clinic(world), words="Late"), actor=who)
        world.save(Task.give(owner=supporter, what="call", person=who))
        with world.kit.session(actor=supporter) as s:
            s.find(GoalPlan)
            s.screening("asq", who).answer("q1", "yes")
    out(world)


class Stopped(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", [1, 2, 3, 5, 9, 13])
@pytest.mark.parametrize("what", ["join", "part"])
def test_stopped_half_way_it_finishes_when_it_is_called_again(
    house: World, monkeypatch: pytest.MonkeyPatch, step: int, what: str
) -> None:
    full(house)
    monkeypatch.setattr(merging, "PIECE", 1)
    monkeypatch.setattr("peerkit.kit.parting.PIECE", 1)
    before = documents(house)
    joined = join(house) if what == "part" else None
    done = 0
    real = house.kit.storage.commit

    def stopping(*args: Any, **more: Any) -> Any:
        nonlocal done
        done += 1
        if done > step:
            raise Stopped
        return real(*args, **more)

    monkeypatch.setattr(house.kit._storage, "commit", stopping)
    with pytest.raises(Stopped):
        _ = join(house) if joined is None else part(house, joined)
    monkeypatch.setattr(house.kit._storage, "commit", real)
    if joined is None:
        joined = join(house)
        assert joined.merge.state == "merged"
        assert named(house, house.again).keys() <= {"route"}
    parted = part(house, joined)
    assert parted.merge.state == "parted"
    after = documents(house)
    assert {one: after[one] for one in before} == before
    assert house.every(Task, what="finish-merge", state="open") == []


def test_more_than_one_commit_holds_moves_in_pieces(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "PIECE", 50)
    with house.kit.session(actor=house.coordinator) as s:
        for _ in range(170):
            s.save(Task.give(owner=house.coordinator, what="call", person=house.again))
    joined = join(house)
    assert joined.moved >= 170
    assert len([t for t in house.every(Task) if t.what == "call" and t.person == house.maya.id]) == 170
