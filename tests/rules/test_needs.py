# SPDX-License-Identifier: Apache-2.0
"""What a program needs of supporters, and what follows at once for whom they covered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from peerkit import Credential, Decision, Leave, Program, Refused, Relationship, Route

DAY = timedelta(days=1)


@pytest.fixture
def three(world: Any) -> tuple[Any, Any, Any]:
    return world.supporter("kai"), world.supporter("noor"), world.supporter("lee")


def needs(world: Any, *what: str) -> None:
    [program] = world.every(Program)
    world.save(program.update(settings={"needs": what}))


def certified(world: Any, one: Any, until: date | None = None) -> Any:
    since = world.watch.at.date()
    return world.save(Credential.issue(person=one, what="cpr", issued_by="x", since=since, until=until))


def whose(world: Any, person: Any) -> str:
    [route] = [one for one in world.every(Route) if one.person == person.id]
    return str(route.holder_at(world.watch.at))


def ill(world: Any, who: Any, cover: Any) -> Any:
    return world.save(Leave.fall_ill(person=who, starts=world.watch.at, cover=cover))


def test_who_lacks_what_is_needed_from_now_on_covers_nobody_of_an_office_either(
    world: Any, three: Any
) -> None:
    """Zed is in between, the coordinator's; who covers for her has not what the program begins to need."""
    _, noor, _ = three
    assert whose(world, world.zed) == world.coordinator.id
    world.office("dana", "coordinator")
    ill(world, world.coordinator, noor)
    assert whose(world, world.zed) == noor.id
    needs(world, "cpr")
    assert whose(world, world.zed) == world.dana.id


def test_parted_from_whose_credential_it_was_somebody_covers_nobody(world: Any, three: Any) -> None:
    """The second record of Noor held the certificate; it was somebody else's after all."""
    kai, noor, _ = three
    certified(world, kai)
    certified(world, world.zed)
    needs(world, "cpr")
    world.match(world.maya, kai)
    merge = world.kit.merge(noor.id, world.zed.id, reason="the same bicycle", actor=world.coordinator)
    ill(world, kai, noor)
    assert whose(world, world.maya) == noor.id
    world.kit.split(merge.merge, reason="two bicycles", actor=world.coordinator)
    assert whose(world, world.maya) == world.coordinator.id


def test_a_credential_on_which_others_rely_is_withdrawn_before_it_is_erased(world: Any, three: Any) -> None:
    """So somebody else has the people at once; erased alone, nobody would have worked that out anew."""
    kai, noor, _ = three
    certified(world, kai)
    held = certified(world, noor)
    needs(world, "cpr")
    world.match(world.maya, kai)
    ill(world, kai, noor)
    dana = world.office("dana", "privacy")
    why = {"basis": "wish", "asked_by": noor, "decided_by": dana}
    with pytest.raises(Refused) as refused:
        world.kit.erase(held, **why)
    assert refused.value.codes == ("relied-on",)
    assert whose(world, world.maya) == noor.id
    held = world.save(held.withdraw())
    world.kit.erase(held, **why)
    assert whose(world, world.maya) == world.coordinator.id


def test_nobody_comes_back_to_a_supporter_whose_withdrawn_credential_was_erased(
    world: Any, three: Any
) -> None:
    """That they had it once is gone with it; that they have it not is as true as before."""
    kai, _, _ = three
    held = certified(world, kai)
    needs(world, "cpr")
    world.match(world.maya, kai)
    dana = world.office("dana", "privacy")
    held = world.save(held.withdraw())
    assert whose(world, world.maya) == world.coordinator.id
    world.kit.erase(held, basis="wish", asked_by=kai, decided_by=dana)
    paused = world.save(Relationship.enquire(person=world.maya, by=Decision.of(world.maya, how="spoken")))
    assert whose(world, world.maya) == world.coordinator.id
    world.save(paused.end())
    certified(world, kai)
    assert whose(world, world.maya) == kai.id
