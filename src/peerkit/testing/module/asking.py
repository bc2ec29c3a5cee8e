# SPDX-License-Identifier: Apache-2.0
"""Every hook of a module, asked about everything that it says it reads; and which kinds it looked at."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import attrs

from peerkit.errors import Malformed
from peerkit.hooks import Kind, Page, Proposal, Proposed, Question, View
from peerkit.kinds import OWN_ONLY, PLACES
from peerkit.kit.suggesting import TOPICS
from peerkit.model.base import Record
from peerkit.plugins import PluginRecord, Plugins, narrow
from peerkit.testing.making import as_stored, make
from peerkit.testing.module.parts import Module
from peerkit.testing.town import Town, placed
from peerkit.views import Sight

EVERY = "*"


class Watched:
    """A view that remembers of which kinds it was asked."""

    def __init__(self, view: View, seen: set[str]) -> None:
        self._view, self._seen = view, seen

    @property
    def now(self) -> datetime:
        """The kit's time."""
        return self._view.now

    def get(self, kind: Any, id: str) -> Any:
        """As the view gives it."""
        self._seen.add(kind.kind)
        return self._view.get(kind, id)

    def find(self, kind: Any, *conditions: Any, subject: str = "", **equal: Any) -> Sequence[Any]:
        """As the view gives it."""
        self._seen.add(kind.kind)
        return self._view.find(kind, *conditions, subject=subject, **equal)


class _Shown(Proposal):
    """A narrowed proposal that remembers for which kinds it was asked, or which it handed out."""

    __slots__ = ("_inner", "_seen")
    _inner: Proposal
    _seen: set[str]

    def __init__(self, inner: Proposal, seen: set[str]) -> None:
        object.__setattr__(self, "_inner", inner)
        object.__setattr__(self, "_seen", seen)

    actor = property(lambda self: self._inner.actor)
    tick = property(lambda self: self._inner.tick)
    view = property(lambda self: self._inner.view)
    new = property(lambda self: self._handed(self._inner.new))
    changes = property(lambda self: self._handed(self._inner.changes))

    def _handed(self, versions: tuple[Proposed, ...]) -> tuple[Proposed, ...]:
        self._seen.update(one.record.kind for one in versions)
        return versions

    def of(self, kind: Any, *acts: str) -> Iterable[Any]:
        self._seen.add(kind.kind)
        return self._inner.of(kind, *acts)


def read_by(record: PluginRecord) -> list[str]:
    """The kinds that a module reads: its own, and those of others."""
    named = (record.access.reads if record.access is not None else frozenset()) | set(record.kinds)
    kinds = set(PLACES) | set(record.kinds) if EVERY in named else named
    return sorted(kind for kind in kinds if kind not in OWN_ONLY)


def sight(town: Town) -> Any:
    """What is stored, as hooks see it."""
    return Sight(town.kit.storage, town.kit.codec, town.kit.clock.now(), {})


@attrs.frozen(eq=False)
class Round:
    """One module, asked. `seen` gathers the kinds that it looked at."""

    module: Module
    town: Town
    alone: Plugins
    seen: set[str] = attrs.field(factory=set)

    @classmethod
    def of(cls, module: Module, town: Town) -> Round:
        """In this town."""
        return cls(module, town, module.alone())

    @property
    def record(self) -> PluginRecord:
        """The module."""
        return self.alone[0]

    def everything(self) -> None:
        """Ask each hook about everything; what it raises is raised."""
        for proposal in self.proposals():
            self.propose(proposal)
        for question in self.questions():
            self.ask(question)
        self.watch()

    def ask(self, question: Question) -> None:
        """Ask for suggestions."""
        self.alone.suggest(lambda record: narrow(question, record))

    def propose(self, proposal: Proposal) -> list[Record]:
        """Ask responders and checks about one proposal; what the responders answered."""
        given, _ = self.alone.respond(lambda record: _Shown(narrow(proposal, record), self.seen))
        self.alone.check(lambda record: _Shown(narrow(proposal, record), self.seen))
        return [record for _, records in given for record in records]

    def watch(self) -> None:
        """Show observers the whole feed."""
        page = self.town.kit.changes(limit=1000)
        for record, observe in self.alone.observers():
            self.seen.update(one.kind for one in page.envelopes if record.reads(one.kind))
            observe(Page(tuple(page.envelopes), page.cursor or ""), self.view, [])

    @property
    def view(self) -> Any:
        """The view that hooks are handed."""
        return Watched(sight(self.town), self.seen)

    def proposals(self, *, tick: bool = True) -> Iterator[Proposal]:
        """A commit for each act of each kind that it reads, all of them in one commit, and a tick."""
        every = []
        for name in read_by(self.record):
            cls = self.town.kit.codec.class_of(name)
            for version in self.versions(cls) if cls is not None else ():
                every.append(version)
                yield self.proposal(version)
        yield self.proposal(*every)
        if tick:
            yield Proposal((), (), "system:clock", self.view, tick=True)

    def proposal(self, *versions: Proposed) -> Proposal:
        """A commit of these."""
        return Proposal(versions, versions, self.town.ids["robin"], self.view)

    def versions(self, cls: type[Record]) -> Iterator[Proposed]:
        """A version of the kind for each act that its table has: of the module's own kinds, and of those with
        a builder, as the act makes it; of others as far as the table tells."""
        actor = self.town.ids["robin"]
        if cls in self.module.builders or any(kind.cls is cls for kind in self.module.kinds):
            for one in self.module.made(self.town, Kind(cls)):
                acts = tuple(act.name for act in one.trail.acts) if one.trail is not None else ()
                yield Proposed(one, None, acts, actor, (actor,) * len(acts))
                before = as_stored(attrs.evolve(one), one, 1)
                for act, after in self.module.acted(before):
                    yield Proposed(after, before, (act,), actor, (actor,))
            return
        for act, row in cls.table.items():
            found = _made(self.town, cls, act) if row.creates else _made(self.town, cls, version=1)
            if found is None or row.of != "-":
                continue
            state: dict[str, Any] = {} if row.to in {"=", "-"} else {"state": row.to.split("|")[0]}
            after = found if row.creates else attrs.evolve(found, **state)
            yield Proposed(after, None if row.creates else found, (act,), actor, (actor,))

    def questions(self) -> Iterator[Question]:
        """Each topic, about nothing and about each record of the town."""
        abouts: list[Record | None] = [None]
        for name in read_by(self.record):
            abouts += self.town.every(name)[:1]
        for topic in TOPICS:
            for about in abouts:
                for text in ("", "health and rest"):
                    for locale in ("en", "fr"):
                        yield Question(topic, self.view, about, text, locale)


def _made(town: Town, cls: type[Record], through: str = "", version: int | None = None) -> Record | None:
    """A record of the core's, where one can be made of its types alone."""
    creation = through or next((row.act for row in cls.table.values() if row.creates), "")
    try:
        takes = inspect.signature(inspect.unwrap(getattr(cls, creation))).parameters
        given = {field: one for field, one in placed(town, cls).items() if field in takes}
        return make(cls, through=through, version=version, **given)
    except (Malformed, AttributeError):
        return None


__all__ = ["Round", "Watched", "read_by", "sight"]
