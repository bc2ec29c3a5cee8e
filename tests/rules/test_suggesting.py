# SPDX-License-Identifier: Apache-2.0
"""A match can be explained: reasons as data, no decision, and who fails to answer is named."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

import peerkit
from peerkit import Decision, Malformed, PeerSupporter, Person, Relationship, hookimpl
from peerkit.hooks import Question, Suggestion


class Raising:
    """A plugin that fails to suggest."""

    @hookimpl
    def peerkit_suggest(self, question: Question) -> Iterable[Suggestion]:
        raise RuntimeError("the stars are hidden")


def welcome(s: peerkit.Session, name: str, **details: object) -> Person:
    person = s.save(Person.enrol(name=name))
    paper = Decision.of(person, how="paper", evidence="binder 3")
    s.save(PeerSupporter.welcome(person, by=paper, **details))  # type: ignore[arg-type]
    return person


def test_supporters_with_room_are_suggested_with_their_reasons() -> None:
    with peerkit.open("memory:", discover=False) as kit:
        with kit.session() as s:
            maya = s.save(Person.enrol(name="Maya", languages=("fr",)))
            near = welcome(s, "Near", languages=("fr", "en"))
            far = welcome(s, "Far", languages=("de",), experience="family")
            welcome(s, "Full", capacity=0)
        with kit.session(actor=maya) as s:
            asked = s.save(Relationship.enquire(person=maya))
        with kit.session() as s:
            found = s.suggest("match", about=s.get(Relationship, asked))
    assert [one.what for one in found] == [near.id, far.id]
    assert found[0].reason == "has room for 5 more; speaks fr too; has been through something themselves"
    assert found[0].source


def test_a_plugin_that_raises_is_left_out_and_named() -> None:
    with peerkit.open("memory:", discover=False, plugins=[Raising()]) as kit, kit.session() as s:
        found = s.suggest("goal")
    assert list(found) == []
    assert len(found.left_out) == 1
    assert "stars" not in repr(found)


def test_a_topic_that_there_is_not() -> None:
    with peerkit.open("memory:", discover=False) as kit, kit.session() as s, pytest.raises(Malformed):
        s.suggest("weather")
