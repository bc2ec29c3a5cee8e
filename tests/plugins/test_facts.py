# SPDX-License-Identifier: Apache-2.0
"""Nobody's plugin stands in the way of an ending, a departure or a withdrawal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

import peerkit
from peerkit import Consent, Objection, Person, Recipient, Refused, Relationship, hookimpl
from peerkit.hooks import Access, Proposal, Supply


class Objecting:
    """A plugin that objects to everything."""

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield Access(reads={"*"})

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        if any(True for _ in proposal.of(Person, "enrol")):
            return
        yield Objection("mine", "stay")


class Raising(Objecting):
    """A plugin whose check is broken."""

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        if any(True for _ in proposal.of(Person, "enrol")):
            return
        raise RuntimeError


@pytest.fixture(params=[Objecting, Raising], ids=["objects", "raises"])
def kit(request: Any) -> Iterator[peerkit.Kit]:
    with peerkit.open("memory:", plugins=[request.param()], discover=False) as kit:
        yield kit


def stored(kit: peerkit.Kit, *records: peerkit.Record) -> None:
    """Put records there as if they had been saved before the plugin came."""
    kit.write(records)


def test_an_enquiry_ends_and_a_consent_is_withdrawn_whatever_a_plugin_says(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        maya = s.save(Person.enrol(name="Maya"))
    asked, clinic = kit.new(lambda: (Relationship.enquire(person=maya), Recipient.add(name="Clinic")))
    consent = kit.new(lambda: Consent.give(person=maya, recipient=clinic, classes=("own",), purpose="care"))
    stored(kit, asked, clinic, consent)
    with kit.session(actor=maya) as s:
        s.save(s.get(Relationship, asked).end())
    with kit.session(actor=maya) as s:
        s.save(s.get(Consent, consent).withdraw())
    with kit.session(actor=maya) as s:
        s.save(s.get(Person, maya).leave())
    with kit.session(actor=maya) as s:
        assert s.get(Relationship, asked).state == "ended"
        assert s.get(Consent, consent).state == "withdrawn"


def test_what_is_no_fact_is_refused_as_ever(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        maya = s.save(Person.enrol(name="Maya"))
    with pytest.raises(Refused), kit.session(actor=maya) as s:
        s.save(Relationship.enquire(person=maya))


def test_a_fact_beside_something_else_is_judged_with_it(kit: peerkit.Kit) -> None:
    with kit.session() as s:
        maya = s.save(Person.enrol(name="Maya"))
    with pytest.raises(Refused), kit.session(actor=maya) as s:
        s.save(s.get(Person, maya).leave())
        s.save(Relationship.enquire(person=maya))
