# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102, ARG002, ARG003  # hooks and acts that do what their class says is wrong with it
"""Modules broken on purpose, each in one way; they are made of `Garden`, which is sound.

`MODULES` names for each the clauses that have to catch it, as `faults.FAULTS` does for storages.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

import attrs

from peerkit import (
    Consent,
    Decision,
    Leave,
    Objection,
    Operational,
    Own,
    Record,
    Ref,
    Task,
    act,
    hookimpl,
    record,
    ref,
)
from peerkit.hooks import Access, Command, Kind, Proposal, Question, Suggestion, Supply
from peerkit.testing.module import telltale
from peerkit.testing.module.garden import RIGHTS, TABLE, Garden, Visit, again, climbed, planning
from peerkit.testing.module.monolingual import English, Labelling, Marking, Stated
from peerkit.testing.module.parts import Module
from peerkit.testing.town import Town


class Misspelt(Garden):
    """Its responder is called by no hook's name."""

    @hookimpl
    def peerkit_responds(self, proposal: Proposal) -> Iterable[Record]:
        return ()


@record("task", "of from act to who strength\n- - give open owner said", subjects="owner", module="garden")
class Chore(Record):
    """A kind that peerkit has already."""

    owner: Operational[str]
    state: Operational[str] = "open"

    @classmethod
    @act
    def give(cls, *, owner: Ref, by: Decision | None = None) -> Self:
        """Somebody has to do it."""
        return cls(owner=ref(owner))


class Claiming(Garden):
    """Claims a kind of peerkit's."""

    def more(self) -> Iterable[Supply]:
        yield Kind(Chore)


class Thief(Garden):
    """Claims a command of peerkit's."""

    def more(self) -> Iterable[Supply]:
        yield Command("init", "Begin.", lambda: print)


class Mistaken(Garden):
    """Says that it reads a kind that there is not."""

    access = Access(reads={"leave", "leaves"}, writes={"task"})


class Hollow(Garden):
    """Its command loads nothing."""

    def more(self) -> Iterable[Supply]:
        yield Command("garden visits", "List visits.", lambda: None)


class Curious(Garden):
    """Reads what it did not declare."""

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        for visit, _ in proposal.of(self.kind, "plan"):
            proposal.view.find(Consent, person=visit.subjects[0][1])
        yield from super().answer(proposal)


class Meddling(Garden):
    """Answers with what it did not declare."""

    access = Access(reads={"leave"})


class Fragile(Garden):
    """Fails where somebody cancels."""

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        for visit, _ in proposal.of(self.kind, "cancel"):
            raise LookupError(visit.id)
        yield from super().answer(proposal)


class Greedy(Garden):
    """Declares what it never reads."""

    access = Access(reads={"leave", "consent"}, writes={"task"})


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Rebuilt(Visit):
    """Its act makes the record anew from what it knows."""

    plan: ClassVar[Any] = classmethod(again("plan"))
    lapse: ClassVar[Any] = again("lapse")

    @act
    def cancel(self, *, by: Decision | None = None) -> Self:
        """Not that day."""
        known = ("id", "person", "gardener", "day", "wish", "beds")
        return type(self)(**{name: getattr(self, name) for name in known})


class Rebuilding(Garden):
    """Loses what it does not know."""

    kind = Rebuilt


_turn = itertools.count()


def _other(value: str) -> str:
    return f"{value.partition('#')[0]}#{next(_turn)}"


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Restless(Visit):
    """Reads another thing each time."""

    wish: Own[str] = attrs.field(default="", converter=_other)
    plan: ClassVar[Any] = classmethod(again("plan"))
    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")


class Changing(Garden):
    """Its records are never twice the same."""

    kind = Restless


class Careless(Garden):
    """Its upcaster keeps what it knows."""

    def climb(self, document: dict[str, Any]) -> dict[str, Any]:
        known = ("person", "gardener", "day", "wish")
        return {key: value for key, value in document.items() if key in known}


class Dicing(Garden):
    """Its upcaster says another thing each time."""

    def climb(self, document: dict[str, Any]) -> dict[str, Any]:
        return {**climbed(document), "note": f"bed-{next(_turn)}"}


class Untried(Garden):
    """Shows no document of its first version."""

    @classmethod
    def module(cls) -> Module:
        return Module(cls())


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Pinned(Visit):
    """Is sure that there will be no version after its own."""

    plan: ClassVar[Any] = classmethod(again("plan"))
    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")

    def __attrs_post_init__(self) -> None:
        if type(self).doc_version > 2:
            raise ValueError("there is no such version")


class Final(Garden):
    """No newer version of it reads what it wrote."""

    kind = Pinned


class Hoarding(Garden):
    """Keeps its cards, whoever is erased."""

    def drop(self, gone: set[str]) -> None:
        del gone


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Noted(Visit):
    """Keeps words where it is indexed."""

    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")

    plan: ClassVar[Any] = planning(lambda wish: {"note": wish})


class Indexing(Garden):
    """Somebody's words are found by a condition, and never erased."""

    kind = Noted


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Loud(Visit):
    """Shows itself whole."""

    plan: ClassVar[Any] = classmethod(again("plan"))
    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")

    def __repr__(self) -> str:
        return f"<Loud {self.wish}>"


class Showing(Garden):
    """Its records tell everything wherever they are printed."""

    kind = Loud


class Chatty(Garden):
    """Logs what somebody wished for."""

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        for visit, _ in proposal.of(self.kind, "plan"):
            logging.getLogger("garden").debug("planned: %s", getattr(visit, "wish", ""))
        yield from super().answer(proposal)


class Gossiping(Garden):
    """Suggests to everybody what somebody wished for."""

    @hookimpl
    def peerkit_suggest(self, question: Question) -> Iterator[Suggestion]:
        for visit in question.view.find(self.kind):
            yield Suggestion(getattr(visit, "wish", ""), "somebody else wished for it", source="our garden")


class Rowless(Garden):
    """Says nothing about who reads."""

    rights = ""


class Wide(Garden):
    """Lets anyone read."""

    rights = RIGHTS + "anyone        garden_visit  yes   -\n"


class Strange(Garden):
    """Its rows name an act that it has not."""

    rights = RIGHTS.replace("yes   -\ncoordinator", "yes   dig\ncoordinator")


_NEIGHBOUR = """
of     from     act     to       who        strength
-      -        plan    planned  neighbour  said
"""


@record("garden_visit", _NEIGHBOUR, subjects="neighbour", version=2, module="garden")
class Neighbourly(Record):
    """Knows its person by another word than everybody."""

    neighbour: Operational[str]
    wish: Own[str] = ""
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(cls, *, neighbour: Ref, wish: str = "", by: Decision | None = None) -> Self:
        """The neighbour would like to come."""
        return cls(neighbour=ref(neighbour), wish=wish)


class Hidden(Garden):
    """What is about somebody is not among what they take out."""

    kind = Neighbourly
    rights = "role kind read acts\nown:neighbour garden_visit yes *\n"

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        yield from ()

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        yield from ()


class Unsaid(Hidden):
    """Offices read what somebody said, and nobody knows whether as a person supported."""

    rights = Hidden.rights + "coordinator garden_visit yes -\n"


class Trusting(Garden):
    """Expects that everything can be read."""

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        for visit, _ in proposal.of(self.kind, "plan"):
            found: Any = visit
            for leave in proposal.view.find(Leave, person=found.gardener):
                if leave.starts.date() <= found.day < leave.ends.date():
                    yield Objection("away", "the gardener is away that day", visit.kind, visit.id)

    @classmethod
    def module(cls) -> Module:
        def away(town: Town) -> None:
            kai, now = town.ids["kai"], town.kit.clock.now()
            plan = Leave.plan(person=kai, cover=town.ids["noor"], starts=now, ends=now)
            town.save(plan, by="kai")

        made = super().module()
        made.prepare = away
        return made


class Endless(Garden):
    """Finds the same with every tick."""

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        if proposal.tick:
            for visit in proposal.view.find(self.kind, state="planned"):
                yield Task.give(owner=visit.subjects[0][1], what="garden-visit", about=visit)
        else:
            yield from super().answer(proposal)


MODULES: Mapping[type[Garden], frozenset[str]] = {
    Misspelt: frozenset({"MOD-001"}),
    Claiming: frozenset({"MOD-001"}),
    Thief: frozenset({"MOD-002"}),
    Mistaken: frozenset({"MOD-002"}),
    Hollow: frozenset({"MOD-002"}),
    Curious: frozenset({"MOD-010", "MOD-012"}),
    Meddling: frozenset({"MOD-010", "MOD-012"}),
    Fragile: frozenset({"MOD-010"}),
    Greedy: frozenset({"MOD-011"}),
    Rebuilding: frozenset({"MOD-020"}),
    Changing: frozenset({"MOD-021", "MOD-031", "MOD-032"}),
    Careless: frozenset({"MOD-022"}),
    Dicing: frozenset({"MOD-022"}),
    Untried: frozenset({"MOD-022"}),
    Final: frozenset({"MOD-032"}),
    Hoarding: frozenset({"MOD-040", "MOD-041"}),
    Indexing: frozenset({"MOD-050"}),
    Showing: frozenset({"MOD-051"}),
    Chatty: frozenset({"MOD-051"}),
    Gossiping: frozenset({"MOD-052"}),
    Rowless: frozenset({"MOD-060"}),
    Wide: frozenset({"MOD-060"}),
    Strange: frozenset({"MOD-060"}),
    Hidden: frozenset({"MOD-063"}),
    Unsaid: frozenset({"MOD-063", "MOD-064"}),
    Trusting: frozenset({"MOD-070"}),
    Endless: frozenset({"MOD-071"}),
    English: frozenset({"MOD-080"}),
    Marking: frozenset({"MOD-080"}),
    Stated: frozenset({"MOD-081"}),
    Labelling: frozenset({"MOD-081"}),
    **telltale.CAUGHT,
}
"""Every broken module, and the clauses that must fail on it."""
