# SPDX-License-Identifier: Apache-2.0
"""Nobody has one task twice, and several things of one commit are one answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peerkit import Activity, Decision, PeerSupporter

OWN, THEIRS = ["families-track"], ["families-track-of-supporter"]


def anew(house: Any, human: Any, supervisor: Any, **more: Any) -> None:
    """Somebody answers to another human and says more of their role, in one commit of the coordinator's."""
    with house.coordinating() as s:
        [role] = s.find(PeerSupporter, person=human)
        said = Decision.of(human, how="spoken")
        s.save((role.update(**more, by=said) if more else role).answer_to(supervisor))


def led(*facilitators: Any) -> Activity:
    """A group for families that was led."""
    return Activity.enter(
        title="Thursday evening",
        format="family_group",
        facilitators=facilitators,
        local=datetime(2027, 2, 25, 18),  # noqa: DTZ001  # on the wall, with its zone beside it
        timezone="America/Toronto",
    )


def test_two_groups_of_one_commit_are_one_task(house: Any) -> None:
    with house.coordinating() as s:
        s.save(led(house.kai))
        s.save(led(house.kai, house.lea))
    assert house.tasks(house.kai) == house.tasks(house.lea) == OWN
    assert house.tasks(house.noor) == THEIRS * 2  # about each of them


def test_who_comes_to_answer_to_somebody_and_has_it_again_has_no_task(house: Any) -> None:
    house.give()
    house.walking(house.ana, house.kai)
    anew(house, house.kai, house.noor, experience="own")
    anew(house, house.kai, house.omar, experience="family")
    assert house.tasks(house.kai) == house.tasks(house.noor) == house.tasks(house.omar) == []


def test_who_comes_to_answer_to_somebody_and_loses_it_is_one_task_there(house: Any) -> None:
    house.give()
    house.walking(house.ana, house.kai)
    anew(house, house.kai, house.omar, experience="own")
    assert house.tasks(house.kai) == OWN
    assert house.tasks(house.omar) == THEIRS
    anew(house, house.kai, house.noor, experience="own")
    assert house.tasks(house.omar) == []
    assert house.tasks(house.noor) == THEIRS


def test_whoever_answered_to_nobody_is_a_task_of_whom_they_come_to_answer_to(house: Any) -> None:
    house.give()
    anew(house, house.kai, None)
    house.walking(house.ana, house.kai)
    with house.kit.session(actor=house.kai) as s:
        [role] = s.find(PeerSupporter, person=house.kai)
        s.save(role.update(experience="own"))
    assert house.tasks(house.kai) == OWN
    anew(house, house.kai, house.noor)
    assert house.tasks(house.noor) == THEIRS
