# SPDX-License-Identifier: Apache-2.0
"""A sandbox is a program with fictional people: everything holds there, and none is made of the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit import Appointment, Malformed, Person, Refused
from peerkit.kit import Kit


def as_declared(kit: Kit) -> None:
    """One fictional coordinator, nobody on call (declared), rights and checks as everywhere."""
    with kit.session() as s:
        assert [(a.role, a.person) for a in s.find(Appointment)] == [("coordinator", s.actor.person)]
        people = s.find(Person)
        assert "fictional" in s.get(Person, s.actor.person).name
        value = True
        steps = s.screening("asq").answer("q5", value)
        assert (steps.level, steps.on_call) == ("now", False)
        assert "nobody is on call" in str(steps)
        maya = s.save(Person.enrol(name="Maya Example (fictional)"))
    with kit.session(actor=maya) as s, pytest.raises(Refused):
        s.save(Person.enrol(name="Somebody"))
    with kit.session() as s:
        assert len(s.find(Person)) == len(people) + 1
    assert not [one for one in kit.health().problems if one.grave and one.code != "no-delivery"]


def test_memory_without_settings() -> None:
    with peerkit.open("memory:", discover=False) as kit:
        as_declared(kit)


def test_one_in_a_file_opened_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'try.db'}"
    with peerkit.open(url, settings={"sandbox": True}, discover=False) as kit:
        as_declared(kit)
    with peerkit.open(url, discover=False) as kit, kit.session() as s:
        assert s.get(Person, s.actor.person).state == "here"


def test_a_program_has_no_actor_of_its_own(kit: Kit) -> None:
    with pytest.raises(Malformed):
        kit.session()


@pytest.mark.parametrize("more", [{}, {"uncovered": ""}, {"path": ()}], ids=str)
def test_a_program_never_becomes_a_sandbox(world: Any, more: dict[str, Any]) -> None:
    """It would switch off what keeps alarms alive."""
    with pytest.raises(Refused) as caught:
        world.save(world.kit.program.update(settings={"sandbox": True, **more}))
    assert set(caught.value.codes) == {"settings"}
    assert world.kit.program.sandbox is False
    world.save(world.kit.program.update(settings={"policy": "We stay."}))


def test_a_sandbox_never_becomes_a_program() -> None:
    with peerkit.open("memory:", discover=False) as kit:
        with pytest.raises(Refused), kit.session() as s:
            s.save(kit.program.update(settings={"sandbox": False, "uncovered": "always"}))
        assert kit.program.sandbox
