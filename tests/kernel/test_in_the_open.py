# SPDX-License-Identifier: Apache-2.0
"""What can never be erased (envelope, index, marks, redactions) takes ids and codes, and no words."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from peerkit import (
    Actor,
    Consent,
    GoalPlan,
    Malformed,
    PeerSupporter,
    Person,
    Recipient,
    Redaction,
    Referral,
    Refused,
    Relationship,
    Service,
    Task,
)

CANARY = "Maya hides at her sister's"
NOBODY = "0192f3a0-0000-7000-8000-000000000000"


def shown(kit: Any) -> str:
    """All that stays of a store when every body has been erased."""
    found = [repr(kit.changes(limit=1000).envelopes), repr(dict(kit.storage.marks()))]
    return "".join([*found, *(repr(row["idx"]) for row in kit.storage.dump(0, 1000))])


WORDS_FOR_IDS: dict[str, Any] = {
    "a task's owner": lambda _: Task.give(owner=CANARY, what="call"),
    "a task's person": lambda w: Task.give(owner=w.coordinator, what="call", person=CANARY),
    "what a task is about": lambda w: Task.give(owner=w.coordinator, what="call", about=CANARY),
    "a recipient's service": lambda _: Recipient.add(name="Clinic", service=CANARY),
    "a cover": lambda w: w.save(Relationship.enquire(person=w.coordinator)).propose(NOBODY, cover=CANARY),
}
WORDS_FOR_CODES: dict[str, Any] = {
    "what a task is": lambda w: Task.give(owner=w.coordinator, what=CANARY),
    "a person's language": lambda _: Person.enrol(name="x", languages=(CANARY,)),
    "a supporter's language": lambda w: PeerSupporter.welcome(w.coordinator, languages=(CANARY,)),
    "a policy": lambda w: w.proposed(w.coordinator, w.supporter("kai")).agree(policy=CANARY),
    "who vouched": lambda w: Actor(w.coordinator.id, via=CANARY),
    "how sure they are": lambda w: Actor(w.coordinator.id, assurance=CANARY),
}


@pytest.mark.parametrize(
    "call", (WORDS_FOR_IDS | WORDS_FOR_CODES).values(), ids=WORDS_FOR_IDS | WORDS_FOR_CODES
)
def test_words_are_no_ids_and_no_codes(world: Any, call: Any) -> None:
    with pytest.raises(Malformed) as caught:
        world.save(call(world))
    assert CANARY not in str(caught.value)
    assert CANARY not in shown(world.kit)


@pytest.mark.parametrize("field", ["recipient", "service"])
def test_a_referral_goes_to_what_is_known_by_its_id(world: Any, field: str) -> None:
    known = {
        "recipient": world.save(Recipient.add(name="Example clinic (fictional)")),
        "service": world.save(Service.list(entry={"name": "Example library (fictional)"})),
    }
    for odd, error in ((CANARY, Malformed), (NOBODY, Refused)):
        with pytest.raises(error):
            world.save(
                Referral.begin(person=world.maya, need="food", **{**known, field: odd}), actor=world.maya
            )
    assert CANARY not in shown(world.kit)
    world.save(Referral.begin(person=world.maya, need="food", **known), actor=world.maya)


def test_consent_is_given_to_a_recipient_that_is_known(world: Any) -> None:
    about = {"person": world.maya, "classes": ("own",), "purpose": "care"}
    for odd, error in ((CANARY, Malformed), (NOBODY, Refused)):
        with pytest.raises(error):
            world.save(Consent.give(recipient=odd, **about), actor=world.maya)
    world.save(Consent.refuse(recipient=NOBODY, **about), actor=world.maya)  # a no asks for nothing


def test_a_task_is_somebodys(world: Any) -> None:
    with pytest.raises(Refused) as caught:
        world.save(Task.give(owner=NOBODY, what="call"))
    assert caught.value.codes == ("unknown-person",)


def test_what_was_stored_before_can_still_be_ended(world: Any) -> None:
    """A store may hold a text for an id from before: nothing new comes in, and no fact is refused for it."""
    asked = world.kit.new(lambda: Relationship.enquire(person=world.maya))
    world.kit.write([asked])
    old = world.get(asked)
    stored = world.kit.storage.get("relationship", asked.id)
    document = json.loads(stored.body) | {"cover": CANARY}
    held = world.kit.codec.decode(attrs.evolve(stored, body=json.dumps(document).encode()))
    assert held.cover == CANARY
    assert world.save(held.end(), actor=world.maya).state == "ended"
    assert world.get(old).state == "ended"


def test_a_task_about_somebody_who_died_is_still_to_be_done(world: Any) -> None:
    world.save(world.maya.mark_died())
    world.save(Task.give(owner=world.coordinator, what="write-to-family", person=world.maya))


def test_a_basis_is_a_code(world: Any) -> None:
    asked: Any = {"asked_by": world.maya, "decided_by": world.coordinator}
    for basis in (CANARY, "law:", "law:Maya said so", "WISH", "", 5, None):
        with pytest.raises(Malformed) as caught:
            world.kit.erase(world.maya, basis=basis, **asked)
        assert "sister" not in str(caught.value)
    assert CANARY not in shown(world.kit)
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    world.kit.erase(plan, basis="law:phipa-2004-s-13", **asked)
    world.kit.erase(world.maya, basis="wish", **asked)
    assert [one.basis for one in world.every(Redaction)] == ["law:phipa-2004-s-13", "wish"]


def test_an_erasure_of_nothing_is_none(world: Any) -> None:
    with pytest.raises(Malformed):
        world.kit.erase(basis="wish", asked_by=world.maya, decided_by=world.coordinator)
    assert not world.every(Redaction)


def test_a_key_stands_nowhere_in_clear(world: Any) -> None:
    def give(s: Any) -> Any:
        return s.save(Task.give(owner=s.actor.person, what="call"))

    first = world.kit.run(give, actor=world.coordinator, key=CANARY)
    assert CANARY not in shown(world.kit)
    again = world.kit.run(give, actor=world.coordinator, key=CANARY)
    assert again.replayed
    assert again.records == first.records


def test_an_issuer_is_an_address(world: Any) -> None:
    with pytest.raises(Malformed):
        world.kit.link(CANARY, "user-7", world.maya)
