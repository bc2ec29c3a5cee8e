# SPDX-License-Identifier: Apache-2.0
"""A record that cannot be read is passed over on the way of an alarm; the next step is asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

import peerkit
from peerkit import Leave, Refused
from peerkit.kit.committing import KIT
from peerkit.kit.steps import stage
from peerkit.model.response import NEEDS
from peerkit.ports import ActLine, Batch, Change


def spoil(world: Any, kind: str, id_: str, doc: int) -> None:
    stored = world.kit.storage.get(kind, id_)
    cls = world.kit.codec.class_of(kind)
    change = Change(
        kind,
        id_,
        stored.envelope.version,
        doc or cls.doc_version,
        stored.envelope.subjects,
        (ActLine("damage"),),
        "system:damage",
        b'{"person":7,"name":7,"holder":7}',
        idx=world.kit.codec.index(world.kit.codec.decode(stored)),
    )
    world.kit.storage.commit(Batch((change,), world.clock.now()))


def which(world: Any, kind: str) -> str:
    if kind == "person":
        return str(world.ola)
    if kind == "leave":
        with world.kit.session(actor=world.sam) as s:
            now = world.clock.now()
            made = s.save(
                Leave.plan(person=world.sam, cover=world.cora, starts=now, ends=now + timedelta(days=1))
            )
        return str(made.id)
    found = world.all(kind)
    if kind == "appointment":
        found = [one for one in found if one.person == world.ola]
    if kind == "route":
        found = [one for one in found if one.person == world.maya]
    return str(found[0].id)


ASKED = {
    "relationship": {"sam", "ola", "cora"},  # the route says whose she is
    "leave": {"sam", "ola", "cora"},
    "appointment": {"sam", "cora"},
    "person": {"sam", "cora"},
    "peer_supporter": {"sam", "ola", "cora"},
    "route": {"sam", "ola", "cora"},
    "program": {"sam", "ola", "cora"},  # the path as it was known holds on
}


@pytest.mark.parametrize("doc", [0, 99], ids=["damaged", "newer"])
@pytest.mark.parametrize("kind", ASKED)
def test_the_ladder_goes_on(world: Any, kind: str, doc: int) -> None:
    spoil(world, kind, which(world, kind), doc)
    world.kit.concern("I am worried", about=world.maya)
    for _ in range(6):
        world.clock.forward(minutes=31)
        report = world.kit.deliver()
        assert not [one for one in report.problems if not one.startswith("digest:")]
    assert set(world.wire.to) == ASKED[kind]
    codes = {problem.code for problem in world.kit.health().problems}
    assert codes & {"unreadable-record", "program-unreadable"} or kind == "route"


def test_where_the_settings_cannot_be_read_every_channel_that_there_is_is_tried(
    opened: Any, tmp_path: Any
) -> None:
    """In a process that never knew them, and so does not know which channels the program has."""
    url = f"sqlite:///{tmp_path / 'p.db'}?synchronous=off"
    world = opened(url)
    spoil(world, "program", world.all("program")[0].id, 99)
    with peerkit.open(url, plugins=[world.wires], discover=False, clock=world.clock) as kit:
        kit.screening("asq", world.maya, actor=world.ola).answer("q5", value=True)
        assert world.wire.to == ["sam"]
        assert "program-unreadable" in {problem.code for problem in kit.health().problems}


def test_a_zone_that_this_system_does_not_know_is_said_and_holds_up_nothing(world: Any) -> None:
    (program,) = world.all("program")
    change = stage(program.update(settings={"name": "Elsewhere"}), KIT, world.kit.codec).change
    body = change.body.replace(b"America/Toronto", b"Mars/Olympus_M")
    world.kit.storage.commit(Batch((attrs.evolve(change, body=body),), world.clock.now()))
    world.screen(by="ola").answer("q1", value=True)
    assert not world.kit.deliver().problems  # the path is looked after too
    world.clock.forward(hours=10)
    world.kit.deliver()
    assert set(world.wire.to) == {"sue", "sam"}
    assert "unknown-zone" in {problem.code for problem in world.kit.health().problems}


def test_a_catalogue_that_cannot_be_read_leaves_the_steps_as_they_are_written(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: str) -> None:
        raise OSError

    monkeypatch.setattr("peerkit.safety.next_steps.for_locale", unreadable)
    steps = world.screen(by="ola").answer("q5", value=True)
    assert (steps.saved, steps.reached) == (True, True)
    assert steps.stay.startswith("Stay together")
    assert steps.call


def test_a_concern_that_no_human_settled_is_not_erased_alone(world: Any) -> None:
    """Whom it names would be asked again, and see again, without anybody having decided so."""
    world.kit.concern("he shouts at her", about=world.maya, names=[world.sam])
    reasons = dict.fromkeys(NEEDS, "done_elsewhere")
    world.respond("cora", "close_incomplete", reasons=reasons)
    (concern,) = world.all("concern")
    with pytest.raises(Refused) as raised:
        world.kit.erase(concern.id, basis="mistake", asked_by=world.ola, decided_by=world.cora)
    assert raised.value.codes == ("concern-open", "relied-on")
    world.screen(by="ola").answer("q5", value=True)
    assert "sam" not in world.wire.to
