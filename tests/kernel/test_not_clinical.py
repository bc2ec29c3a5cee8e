# SPDX-License-Identifier: Apache-2.0
"""Peers, not clinicians: no place for what clinicians record, and support that hangs on no form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_type_hints

import attrs

import peerkit
from peerkit import Decision, PeerSupporter, Person, Relationship
from peerkit.kinds import PLACES, core_kind
from peerkit.model.base import part_types

CLINICAL = re.compile(
    r"diagnos|symptom|disorder|medic(ine|ation|al)|prescri|dose|treat|therap|prognos|predict|risk_(level|score)|"
    r"patient|client|severity|chronic|complian|adheren|icd|dsm"
)


def fields(cls: type[Any]) -> Iterator[str]:
    for field in attrs.fields(cls):
        yield field.name
    for hint in get_type_hints(cls, include_extras=True).values():
        for part in part_types(hint):
            yield from fields(part)


def test_no_kind_has_a_place_for_what_clinicians_record() -> None:
    classes = {kind: cls for kind in PLACES if (cls := core_kind(kind)) is not None}
    assert classes.keys() == PLACES.keys()
    found = [(kind, name) for kind, cls in classes.items() for name in fields(cls) if CLINICAL.search(name)]
    assert found == []
    assert [kind for kind in classes if CLINICAL.search(kind)] == []
    assert CLINICAL.search("diagnoses")
    assert CLINICAL.search("risk_score")


def test_two_walk_together_without_any_screen_plan_or_note() -> None:
    """Enquiry, match, rest and goodbye; nothing but the two people's own words is ever asked for."""
    with peerkit.open("memory:", discover=False) as kit:
        with kit.session() as s:
            maya, kai = (s.save(Person.enrol(name=f"{name} (fictional)")) for name in ("Maya", "Kai"))
            s.save(PeerSupporter.welcome(kai, by=Decision.of(kai, how="spoken")))
        with kit.session(actor=maya) as s:
            walk = s.save(Relationship.enquire(person=maya))
        with kit.session() as s:
            s.save(s.get(Relationship, walk.id).propose(kai))
        for who, act in ((maya, "agree"), (kai, "take_on"), (maya, "pause"), (kai, "resume"), (maya, "end")):
            with kit.session(actor=who) as s:
                walk = s.save(getattr(s.get(Relationship, walk.id), act)())
        assert walk.state == "ended"
        page = kit.changes(limit=1000)
        written = {line.kind for line in page.envelopes}
        assert not page.more
        assert not written & {
            "risk_screen",
            "answer",
            "goal_plan",
            "safety_plan",
            "meeting",
            "measure",
            "feedback",
            "refusal",
        }
