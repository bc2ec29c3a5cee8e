# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102, ARG001, ARG002, ARG003  # hooks say by their names what they do
"""A sound module, of which the broken ones are made: visits to a garden."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Self

from peerkit import (
    Decision,
    Leave,
    Objection,
    Opaque,
    Operational,
    Own,
    Part,
    Record,
    Ref,
    Task,
    act,
    hookimpl,
    part,
    record,
    ref,
)
from peerkit.hooks import (
    Access,
    GoalTemplate,
    Kind,
    Page,
    Proposal,
    Question,
    Suggestion,
    Supply,
    View,
)
from peerkit.testing.module.parts import Module

RIGHTS = """
role          kind          read  acts
own:person    garden_visit  yes   *
own:gardener  garden_visit  yes   -
coordinator   garden_visit  yes   -
"""
TABLE = """
of     from     act     to       who     strength
-      -        plan    planned  person  said
-      planned  cancel  over     person  none
-      planned  lapse   over     anyone  none
"""
ENGLISH = GoalTemplate("garden-beans", "Water the beans", "a garden is near", "our garden", locale="en")


@part
class Bed(Part):
    """A bed to look after that day."""

    id: Operational[str]
    words: Own[str] = ""


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Visit(Record):
    """An afternoon in the garden, wished for by a person and hosted by a gardener."""

    person: Operational[str]
    gardener: Operational[str]
    day: Operational[date]
    note: Operational[str] = ""
    wish: Own[str] = ""
    beds: tuple[Bed, ...] = ()
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(
        cls, *, person: Ref, gardener: Ref, day: date, wish: str = "", by: Decision | None = None
    ) -> Self:
        """The person would like to come that day."""
        beds = (Bed(id="beans", words=wish),)
        return cls(person=ref(person), gardener=ref(gardener), day=day, wish=wish, beds=beds)

    @act
    def cancel(self, *, by: Decision | None = None) -> Self:
        """Not that day."""
        return self

    @act
    def lapse(self, *, by: Decision | None = None) -> Self:
        """The day went by."""
        return self


def again(name: str) -> Any:
    """An act of `Visit`, to be an act of another kind made of it."""
    return inspect.unwrap(getattr(Visit, name).__func__ if name == "plan" else getattr(Visit, name))


def planning(fields: Callable[[str], Mapping[str, Any]]) -> Any:
    """The act `plan` of another kind made of `Visit`, which keeps of the wish what `fields` makes of it."""

    @act
    def plan(
        cls: type[Visit], *, person: Ref, gardener: Ref, day: date, wish: str = "", by: Decision | None = None
    ) -> Visit:
        """The person would like to come that day."""
        return cls(person=ref(person), gardener=ref(gardener), day=day, **fields(wish))

    return classmethod(plan)


def climbed(document: dict[str, Any]) -> dict[str, Any]:
    """A document of version 1 as one of version 2."""
    return {**{key: value for key, value in document.items() if key != "where"}, "note": "beds"}


class Garden:
    """A sound module. What it holds outside is `cards`."""

    name = "garden"
    __version__ = "1.0"
    kind: type[Record] = Visit
    rights = RIGHTS
    supported = "person"
    labels: Mapping[tuple[str, str], str] = {}  # never changed, replaced by others
    access = Access(reads={"leave"}, writes={"task"})

    def __init__(self) -> None:
        self.cards: dict[str, str] = {}

    @classmethod
    def module(cls) -> Module:
        """The module with what the clauses are to know of it."""
        older = {
            1: ({"person": "a", "gardener": "b", "day": "2026-05-08", "where": "gate", "wish": "Beans"},)
        }
        return Module(cls(), older={cls.kind: older})

    def climb(self, document: dict[str, Any]) -> dict[str, Any]:
        """From version 1 to version 2."""
        return climbed(document)

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        yield self.access
        said: Any = {"rights": self.rights, "labels": self.labels, "supported": self.supported}
        yield Kind(self.kind, upcasters={1: self.climb}, **said)
        yield from self.more()

    def more(self) -> Iterable[Supply]:
        """What else it supplies."""
        yield ENGLISH
        yield GoalTemplate(
            "garden-beans", "Arroser les haricots", "un jardin est tout près", "notre jardin", locale="fr"
        )

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        for visit, _ in proposal.of(self.kind, "plan"):
            found: Any = visit
            for leave in proposal.view.find(Leave, person=found.gardener, state="planned"):
                if isinstance(leave, Opaque) or leave.starts.date() <= found.day < leave.ends.date():
                    yield Objection("away", "the gardener is away that day", visit.kind, visit.id)

    @hookimpl
    def peerkit_respond(self, proposal: Proposal) -> Iterator[Record]:
        yield from self.answer(proposal)

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        """A task for the gardener; and what lies behind is over."""
        for visit, _ in proposal.of(self.kind, "plan"):
            found: Any = visit
            yield Task.give(owner=found.gardener, what="garden-visit", about=visit, person=found.person)
        if proposal.tick:
            today = proposal.now.date()
            late: Any = proposal.view.find(self.kind, lambda v: v.day < today, state="planned")
            for one in late:
                if not isinstance(one, Opaque):
                    yield one.lapse()

    @hookimpl
    def peerkit_suggest(self, question: Question) -> Iterator[Suggestion]:
        if question.topic == "goal":
            yield Suggestion("Water the beans on Tuesdays", "a garden is near", source="our garden")

    @hookimpl
    def peerkit_observe(self, page: Page, view: View) -> None:
        for envelope in page.envelopes:
            found = view.get(self.kind, envelope.id) if envelope.kind == "garden_visit" else None
            if isinstance(found, self.kind):
                self.cards[envelope.id] = getattr(found, "wish", "")
            if envelope.kind == "redaction":
                self.drop({one for _, one in envelope.subjects})

    def drop(self, gone: set[str]) -> None:
        """Take the cards of what was erased off the wall."""
        for one in gone & self.cards.keys():
            del self.cards[one]
