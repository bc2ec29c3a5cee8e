# SPDX-License-Identifier: Apache-2.0
"""What only peerkit itself does nobody else does in its name; what only the person can do nobody claims."""

from __future__ import annotations

from typing import Any

import pytest

import peerkit
from peerkit import (
    Actor,
    Consent,
    Decision,
    Disclosure,
    Program,
    Read,
    Recipient,
    Redaction,
    Referral,
    Refused,
    Relationship,
    Service,
    Task,
    hookimpl,
)
from peerkit.hooks import Access
from peerkit.testing import make


@pytest.mark.parametrize("kind", [Disclosure, Read, Redaction, peerkit.Refusal, peerkit.Route])
def test_no_system_actor_writes_the_kits_own_records(world: Any, kind: Any) -> None:
    with world.kit.session(actor=Actor.system("nightly")) as s, pytest.raises(Refused) as caught:
        s.save(make(kind))
    assert caught.value.codes == ("kit-only",)


def test_no_system_actor_founds_a_second_program(world: Any) -> None:
    with world.kit.session(actor=Actor.system("nightly")) as s, pytest.raises(Refused) as caught:
        s.save(Program.found(settings={"name": "Another (fictional)"}))
    assert caught.value.codes == ("kit-only",)


class Eager:
    """A plugin that says of a referral, in the kit's place, that it was handed over."""

    name = "eager"

    @hookimpl
    def peerkit_supply(self) -> Any:
        yield Access(reads={"referral"}, writes={"referral"})

    @hookimpl
    def peerkit_respond(self, proposal: Any) -> Any:
        for referral, _ in proposal.of(Referral, "send"):
            yield referral.hand_over()


def test_no_plugin_answers_with_an_act_of_the_kits_own_rules(store: Any) -> None:
    kit = store.open(Eager())
    with kit.session(actor=Actor.system("test")) as s:
        robin = s.find(peerkit.Person)[0]
    with kit.session(actor=robin) as s:
        maya = s.save(peerkit.Person.enrol(name="Maya Example (fictional)"))
        bank = s.save(Service.list(entry={"name": "Food bank (fictional)"}))
        clinic = s.save(Recipient.add(name="Clinic (fictional)", address="email:clinic@example.org"))
    with kit.session(actor=maya) as s:
        referral = s.save(Referral.begin(person=maya, service=bank, recipient=clinic, need="food"))
        s.save(
            Consent.give_once(
                person=maya, recipient=clinic, referral=referral, classes=("identity", "contact", "own")
            )
        )
        s.save(referral.send())
    with kit.session(actor=robin) as s:
        assert [t.what for t in s.find(Task) if t.what == "plugin-failed"] == ["plugin-failed"]
    stored = kit.storage.get("referral", referral.id)
    assert stored is not None
    assert not kit.codec.decode(stored).handed_over
    kit.close()


def test_nobody_else_claims_that_a_person_followed_a_link(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    clinic = world.save(Recipient.add(name="Clinic (fictional)"))
    given = {"person": world.maya, "recipient": clinic, "classes": ("own",), "purpose": "care"}
    with pytest.raises(Refused) as caught:
        world.save(Consent.give(**given, by=Decision.of(world.maya, how="link")), actor=kai)
    assert caught.value.codes == ("not-their-account",)
    own = world.save(Consent.give(**given, by=Decision.of(world.maya, how="link")), actor=world.maya)
    assert own.state == "given"


def test_the_envelope_says_whose_decision_it_was_and_who_wrote_it_down(world: Any) -> None:
    """For ever, and also when the body is gone: by whom, recorded by whom, how, and so how strong."""
    maya = world.maya
    asked = world.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")))
    [stored] = world.kit.storage.history(Relationship.kind, asked.id)
    [line] = stored.envelope.acts
    assert (stored.envelope.actor, line.decided_by) == (world.coordinator.id, maya.id)
    assert (line.how, line.strength) == ("spoken", 1)
