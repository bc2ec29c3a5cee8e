# SPDX-License-Identifier: Apache-2.0
"""What an agreement cites and what came of it; and what people tell about themselves."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from peerkit import Decision, Malformed, PeerSupporter, Person, Refused, Relationship, library

POLICY = "We stay with you. We call somebody only with you."
VERSION = hashlib.sha256(POLICY.encode()).hexdigest()[:12]


def ruled(world: Any, policy: str) -> None:
    world.save(world.kit.program.update(settings={"policy": policy}))


def test_an_agreement_names_the_version_of_the_policy_that_stands(world: Any) -> None:
    kai = world.supporter("kai")
    assert world.match(world.theo, kai).policy == ""  # the program has written none
    ruled(world, POLICY)
    assert world.kit.program.policy_version == VERSION
    proposed = world.proposed(world.maya, kai)
    yes = world.save(proposed.agree(helps="tea"), actor=world.maya)
    assert (yes.policy, yes.helps) == (VERSION, "tea")
    both = world.save(yes.take_on(), actor=kai)
    assert (both.policy, both.state, world.get(both).policy) == (VERSION, "agreed", VERSION)
    ruled(world, "Another one")
    assert world.get(both).policy == VERSION  # what they were shown


def test_a_host_that_showed_another_says_which(world: Any) -> None:
    ruled(world, POLICY)
    proposed = world.proposed(world.maya, world.supporter("kai"))
    assert world.save(proposed.agree(policy="poster-2025"), actor=world.maya).policy == "poster-2025"


def test_it_is_filled_in_whatever_stands_around_the_yes(world: Any) -> None:
    ruled(world, POLICY)
    kai = world.supporter("kai")
    said = Decision.of(world.maya, how="spoken")
    whole = Relationship.enquire(person=world.maya, by=said).propose(kai).agree(by=said)
    assert world.save(whole).policy == VERSION
    with pytest.raises(Refused):
        world.save(world.proposed(world.theo, kai).agree(), actor=kai)


def test_values_are_cited_by_the_librarys_numbers_once_each(world: Any) -> None:
    value, principle = library.values()[2], library.principles()[7]
    assert (value.id, principle.id) == ("value-3", "principle-8")
    proposed = world.proposed(world.maya, world.supporter("kai"))
    yes = world.save(proposed.agree(values=(value.id,)), actor=world.maya)
    both = world.save(yes.take_on(values=(principle.id, value.id, "our-own")), actor=world.kai)
    assert both.values == ("value-3", "principle-8", "our-own")
    assert world.save(both.reword(values=()), actor=world.maya).values == ()
    with pytest.raises(Malformed):
        both.reword(values=("Be kind to me",))


def test_both_say_what_they_learned_also_when_it_is_over(world: Any) -> None:
    both = world.match(world.maya, world.supporter("kai"))
    both = world.save(both.learn("that I may rest"), actor=world.maya)
    over = world.save(both.end(), actor=world.maya)
    over = world.save(over.learn("to ask before I help"), actor=world.kai)
    assert (over.state, over.learned) == ("ended", "that I may rest\nto ask before I help")
    with pytest.raises(Refused):
        world.save(over.learn("that she is difficult"), actor=world.coordinator)


def test_people_tell_who_they_are_in_their_own_words_or_not_at_all(world: Any) -> None:
    maya = world.save(Person.enrol(name="Maya (fictional)"))
    assert (maya.identity, maya.communities) == ("", ())
    told = maya.update(identity="two-spirit", communities=("Métis", "student"))
    assert world.save(told, actor=maya).communities == ("Métis", "student")
    assert {Person.field_classes[one].value for one in ("identity", "communities")} == {"identity"}
    assert not {"identity", "communities"} & set(Person.indexed)
    kai = world.kai
    role = world.save(PeerSupporter.welcome(kai, skills=("listening",), by=Decision.of(kai, how="spoken")))
    assert world.save(role.update(skills=("listening", "hope")), actor=kai).skills == ("listening", "hope")
