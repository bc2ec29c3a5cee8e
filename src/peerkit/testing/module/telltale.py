# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102, ARG002, ARG003, T201  # hooks and acts that do what their class says is wrong with it
"""Modules broken on purpose in one way: what somebody said comes out where nobody would look at once."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

import attrs

from peerkit import (
    Activity,
    Decision,
    Malformed,
    Objection,
    Operational,
    Own,
    Part,
    Public,
    Record,
    Ref,
    act,
    hookimpl,
    part,
    record,
    ref,
)
from peerkit.hooks import Access, Kind, Page, Proposal, Question, Suggestion, Supply, View
from peerkit.testing.module.garden import TABLE, Bed, Garden, Visit, again, planning
from peerkit.testing.module.parts import Module


class Shelving(Garden):
    """Keeps its cards where every program in the process finds them, and for ever."""

    shelf: ClassVar[dict[str, str]] = {}

    @hookimpl
    def peerkit_observe(self, page: Page, view: View) -> None:
        for found in self._read(page, view):
            self.keep(found.id, found.wish)

    def keep(self, card: str, wish: str) -> None:
        """Put a card on the shelf."""
        self.shelf[card] = wish

    def _read(self, page: Page, view: View) -> Iterable[Any]:
        found = (view.get(self.kind, one.id) for one in page.envelopes if one.kind == "garden_visit")
        return [one for one in found if isinstance(one, self.kind)]


@functools.lru_cache
def _printable(wish: str) -> str:
    return wish.strip()


class Caching(Shelving):
    """Remembers what it worked out once."""

    def keep(self, card: str, wish: str) -> None:
        _printable(wish)


class Closing(Shelving):
    """Keeps its cards in what a function closes over."""

    def __init__(self) -> None:
        super().__init__()
        box: dict[str, str] = {}
        self.keep = lambda card, wish: box.update({card: wish})  # type: ignore[method-assign]


class Hinting(Garden):
    """Says what others wished for to whoever asks about something."""

    @hookimpl
    def peerkit_suggest(self, question: Question) -> Iterator[Suggestion]:
        for visit in question.view.find(self.kind) if question.about is not None else ():
            yield Suggestion(getattr(visit, "wish", ""), "somebody else wished for it", source="our garden")


class Printing(Garden):
    """Prints what somebody wished for."""

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        for visit, _ in proposal.of(self.kind, "plan"):
            print("planned:", getattr(visit, "wish", ""))
        yield from super().answer(proposal)


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Wishless(Visit):
    """Takes a visit without any wish too."""

    wish: Own[str | None] = None  # type: ignore[assignment]
    plan: ClassVar[Any] = classmethod(again("plan"))
    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")


class PrintingIfAny(Printing):
    """Prints what somebody wished for, if they did."""

    kind = Wishless


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Excused(Visit):
    """Somebody may say why they do not come."""

    wish: Own[str] = ""
    plan: ClassVar[Any] = classmethod(again("plan"))
    lapse: ClassVar[Any] = again("lapse")

    @act
    def cancel(self, *, why: str = "", by: Decision | None = None) -> Self:
        """Not that day."""
        return attrs.evolve(self, wish=why)


class PrintingLater(Garden):
    """Prints what somebody said when they cancelled."""

    kind = Excused

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        for visit, _ in proposal.of(self.kind, "cancel"):
            print("cancelled:", getattr(visit, "wish", ""))
        yield from super().answer(proposal)


class Announcing(Garden):
    """Plans for everybody what somebody wished for."""

    access = Access(reads={"leave"}, writes={"task", "activity"})

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        for visit, _ in proposal.of(self.kind, "plan"):
            if wish := getattr(visit, "wish", ""):
                noon, host = datetime(2027, 9, 1, 12), visit.subjects[1][1]  # noqa: DTZ001  # the wall clock's
                yield Activity.plan(
                    title=wish,
                    format="garden",
                    facilitators=(host,),
                    local=noon,
                    timezone="America/Toronto",
                )
        yield from super().answer(proposal)


_NOTED = "of from act to who strength\n- - note noted anyone none\n"


@record("garden_diary", _NOTED, subjects="gardener", module="garden")
class Diary(Record):
    """What a gardener is to remember."""

    gardener: Operational[str]
    words: Own[str] = ""
    state: Operational[str] = "noted"

    @classmethod
    @act
    def note(cls, *, gardener: Ref, words: str = "", by: Decision | None = None) -> Self:
        """To remember."""
        return cls(gardener=ref(gardener), words=words)


class Copying(Garden):
    """Copies what somebody wished for into a record of somebody else's, where no erasure of theirs comes."""

    def more(self) -> Iterable[Supply]:
        yield from super().more()
        rows = "role kind read acts\nown:gardener garden_diary yes -\ncoordinator garden_diary no note\n"
        yield Kind(Diary, rights=rows, supported="")

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        for visit, _ in proposal.of(self.kind, "plan"):
            yield Diary.note(gardener=visit.subjects[1][1], words=getattr(visit, "wish", ""))
        yield from super().answer(proposal)


class Objecting(Garden):
    """Refuses in the words that it refuses."""

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        yield from super().peerkit_check(proposal)
        for visit, _ in proposal.of(self.kind, "plan"):
            if wish := getattr(visit, "wish", ""):
                yield Objection("no-wishes", f"nobody wishes for {wish} here", visit.kind, visit.id)


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Proclaimed(Visit):
    """Says that anybody may know what somebody wished for."""

    wish: Public[str] = ""
    plan: ClassVar[Any] = classmethod(again("plan"))
    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")


class Proclaiming(Garden):
    """What somebody wished for leaves without their consent."""

    kind = Proclaimed


@part
class Labelled(Part):
    """A bed with a label that anybody may read."""

    id: Operational[str]
    words: Operational[str] = ""


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Planted(Visit):
    """Keeps words in a part, as if a program needed them to run."""

    beds: tuple[Labelled, ...] = ()  # type: ignore[assignment]
    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")

    plan: ClassVar[Any] = planning(
        lambda wish: {"wish": wish, "beds": (Labelled(id="beans", words=wish),)},
    )


class Planting(Garden):
    """What somebody wished for leaves without their consent, in a part."""

    kind = Planted


def _quoted(wish: str) -> dict[str, Any]:
    if len(str(wish)) > len("The plums"):
        raise Malformed(f"{wish} is too much to wish for", where="garden_visit.wish")
    return {"wish": wish, "beds": (Bed(id="beans", words=wish),)}


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Quoted(Visit):
    """Takes no long wish, and says which."""

    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")

    plan: ClassVar[Any] = planning(_quoted)


class Quoting(Garden):
    """Its acts quote what they refuse."""

    kind = Quoted


@record("garden_visit", TABLE, subjects="person gardener", version=2, module="garden")
class Abridged(Visit):
    """Keeps the beginning of a wish where it is indexed, in capitals."""

    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")

    plan: ClassVar[Any] = planning(
        lambda wish: {"note": wish[:8].upper(), "wish": wish, "beds": (Bed(id="beans", words=wish),)},
    )


class Abridging(Garden):
    """Somebody's words are found by a condition, cut short."""

    kind = Abridged


_NAMELESS = """
of     from     act     to       who     strength
-      -        plan    planned  anyone  none
"""


@record("garden_visit", _NAMELESS, version=2, module="garden")
class Nameless(Record):
    """Holds somebody's words, and does not say whose."""

    wish: Own[str] = ""
    state: Operational[str] = "planned"

    @classmethod
    @act
    def plan(cls, *, wish: str = "", by: Decision | None = None) -> Self:
        """Somebody would like to come."""
        return cls(wish=wish)


class Forgetting(Garden):
    """What somebody wished for goes with nobody's erasure, and is in nobody's log."""

    kind = Nameless
    rights = "role kind read acts\ncoordinator garden_visit yes *\n"

    @hookimpl
    def peerkit_check(self, proposal: Proposal) -> Iterator[Objection]:
        yield from ()

    def answer(self, proposal: Proposal) -> Iterator[Record]:
        yield from ()


_WATERED = TABLE + "-      planned  water   planned  person  none\n"


@record("garden_visit", _WATERED, subjects="person gardener", version=2, module="garden")
class Watered(Visit):
    """Has an act that takes what cannot be made up, and makes the record anew from what it knows."""

    wish: Own[str] = ""
    plan: ClassVar[Any] = classmethod(again("plan"))
    cancel: ClassVar[Any] = again("cancel")
    lapse: ClassVar[Any] = again("lapse")

    @act
    def water(self, *, how: str, by: Decision | None = None) -> Self:
        """Water the beds."""
        if how not in {"can", "hose"}:
            raise Malformed("it is watered with a can or a hose", where="garden_visit.how")
        known = ("id", "person", "gardener", "day", "wish", "beds")
        return type(self)(**{name: getattr(self, name) for name in known})


class Untold(Garden):
    """Does not say what one of its acts takes, so that no clause does it."""

    kind = Watered


class Watering(Garden):
    """Loses what it does not know, by an act that takes what cannot be made up."""

    kind = Watered

    @classmethod
    def module(cls) -> Module:
        made = super().module()
        made.arguments = {Watered: {"water": {"how": "can"}}}
        return made


CAUGHT: Mapping[type[Garden], frozenset[str]] = {
    Shelving: frozenset({"MOD-040", "MOD-041"}),
    Caching: frozenset({"MOD-040", "MOD-041"}),
    Closing: frozenset({"MOD-040", "MOD-041"}),
    Hinting: frozenset({"MOD-052"}),
    Printing: frozenset({"MOD-051"}),
    PrintingIfAny: frozenset({"MOD-051"}),
    PrintingLater: frozenset({"MOD-051"}),
    Announcing: frozenset({"MOD-050"}),
    Copying: frozenset({"MOD-040", "MOD-041"}),
    Objecting: frozenset({"MOD-051"}),
    Proclaiming: frozenset({"MOD-050"}),
    Planting: frozenset({"MOD-050"}),
    Quoting: frozenset({"MOD-051"}),
    Abridging: frozenset({"MOD-050"}),
    Forgetting: frozenset({"MOD-060"}),
    Untold: frozenset({"MOD-024"}),
    Watering: frozenset({"MOD-020"}),
}
"""Each, and the clauses that must fail on it."""
