# SPDX-License-Identifier: Apache-2.0
"""What a module is tried with: its records in a town, its hooks by themselves, and other versions of it."""

from __future__ import annotations

import inspect
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import attrs
from hypothesis.strategies import SearchStrategy

from peerkit.errors import Malformed, Refused
from peerkit.hooks import Kind, hookimpl
from peerkit.model.base import Record
from peerkit.model.decision import Decision
from peerkit.plugins import PluginRecord, Plugins
from peerkit.ports import ActLine, Batch, Change
from peerkit.testing.clock import TimeMachine
from peerkit.testing.making import argument_for, arguments_of, as_stored, make
from peerkit.testing.town import SETTINGS, Town, lines, placed

Document: TypeAlias = Mapping[str, Any]
Build: TypeAlias = Callable[[Town], "Record | Sequence[Record]"]
NAMES = ("maya", "kai", "robin", "ula", "noor", "sol", "dana", "pat", "sam")
"""Who of the town is asked to save a record of a module, first to last."""


HOOKS = ("peerkit_check", "peerkit_respond", "peerkit_suggest", "peerkit_observe")
WALKS = 300
"""How many sets of acts are tried to come to those that need others first."""
LATER = 99
"""How far ahead a document is written that nobody here can read."""


@attrs.define(eq=False)
class Module:
    """What is tested: the plugin as `open(plugins=[…])` takes it.

    `builders` makes a valid record of a kind, or several in the order in which they are saved, for people of
    the town: `{Visit: lambda town: Visit.plan(person=town.ids["maya"], gardener=town.ids["kai"])}`. Without
    one `make` does, with Maya in the field that names whom the kind supports (`Kind(supported=…)`) or else in
    the first of its subjects, and `other`, by name, in the rest. One for a kind of peerkit's (an activity in
    the format that a check looks for) is what hooks are shown of it.
    `prepare` stores what must be there before. `older` gives documents as former versions wrote them:
    `{Visit: {1: [{"person": …}]}}`, for each version before the kind's own. `fields` are strategies for
    fields of which not every value of their type is valid: `{Visit: {"beds": st.integers(1, 9)}}`.

    `arguments` gives what acts take that `make` knows no value for: `{Visit: {"water": {"how": "can"}}}`.

    `held` gives whatever the module keeps outside of the program (files, caches, a store of its own), in a
    form in which words can be found. What hangs on the plugin object, its classes, modules and caches is
    looked through besides.
    """

    plugin: object
    builders: Mapping[type[Record], Build] = attrs.field(factory=dict)
    older: Mapping[type[Record], Mapping[int, Sequence[Document]]] = attrs.field(factory=dict)
    fields: Mapping[type[Record], Mapping[str, SearchStrategy[Any]]] = attrs.field(factory=dict)
    arguments: Mapping[type[Record], Mapping[str, Mapping[str, Any]]] = attrs.field(factory=dict)
    prepare: Callable[[Town], object] | None = None
    held: Callable[[], object] | None = None
    other: str = "kai"
    refused: list[Refused] = attrs.field(init=False, factory=list, repr=False)
    """What people of the town were told when they could not save a record, since the clause began."""
    _folder: Any = attrs.field(init=False, default=None, repr=False)
    _towns: list[Town] = attrs.field(init=False, factory=list, repr=False)

    # -- the module ------------------------------------------------------------------------------------

    def alone(self) -> Plugins:
        """The module by itself: what its hooks raise is raised."""
        return Plugins.load(given=[self.plugin], discover=False, strict=True, trial=True)

    def record(self) -> PluginRecord:
        """The module as `kit.plugins` lists it."""
        return self.alone()[0]

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that it supplies."""
        return [kind for _, kind in self.alone().supplies(Kind)]

    def stand_in(self, *, newer: bool = False, raising: bool = False) -> object:
        """Another edition of the module: one of a `newer` version, whose documents are newer too; or one
        whose hooks raise whatever they are asked."""
        alone = self.alone()
        record = alone[0]
        supplies = [supply for _, supply in alone._supplies]
        if record.access is not None:
            supplies.insert(0, record.access)
        if newer:
            supplies = [_newer(one) if isinstance(one, Kind) else one for one in supplies]
        space: dict[str, Any] = {
            "name": record.name,
            "__version__": f"{record.version or 0}.1" if newer else record.version,
            "peerkit_supply": _supplying(supplies),
        }
        for name in HOOKS if raising else record.hooks:
            if name in HOOKS:
                space[name] = _passed(_refuse if raising else getattr(self.plugin, name), name)
        return type("StandIn", (), space)()

    # -- the town --------------------------------------------------------------------------------------

    def town(self, *, file: bool = False, strict: bool = False, troubled: bool = False) -> Town:
        """A town of its own with the module in it: in memory, or in a SQLite `file`."""
        url = f"sqlite:///{self.folder / f'{len(self._towns)}.db'}" if file else "memory:"
        made = Town(
            url,
            troubled=troubled,
            plugins=(self.plugin,),
            strict=strict,
            settings=SETTINGS,
            clock=TimeMachine(),
        )
        self._towns.append(made)
        if self.prepare is not None:
            self.prepare(made)
        return made

    @property
    def folder(self) -> Path:
        """Where files may be left; it goes when the clause is over."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="peerkit-module-")
        return Path(self._folder.name)

    def close_all(self) -> None:
        """Close every town, and leave no file behind."""
        for town in self._towns:
            town.kit.close()
        self._towns.clear()
        self.refused.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    # -- its records -----------------------------------------------------------------------------------

    def made(self, town: Town, kind: Kind, through: str = "", **fields: Any) -> tuple[Record, ...]:
        """Records of a kind, as they would be saved: by its builder, or by `make` through each creation act
        (or this one). `fields` are arguments of the creation act (or `by`)."""
        builder = self.builders.get(kind.cls)
        if builder is not None and not (through or fields):
            built = builder(town)
            return (built,) if isinstance(built, Record) else tuple(built)
        names = [row.act for row in kind.cls.table.values() if row.creates]
        return tuple(
            make(kind.cls, through=name, **self._given(town, kind, name), **fields)
            for name in ([through] if through else names)
        )

    def _given(self, town: Town, kind: Kind, through: str) -> dict[str, Any]:
        code = getattr(kind.cls, through).__wrapped__.__code__
        takes = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        there = placed(town, kind.cls, self.other, kind.supported)
        return {field: one for field, one in there.items() if field in takes}

    def arguments_for(self, one: Record, act: str) -> dict[str, Any] | None:
        """What an act of a record can be given: `arguments`, what created it, the first of its parts; and for
        the rest what `make` knows. None where there is no such thing."""
        row, trail = one.table[act], one.trail
        named = next((acts for kind, acts in self.arguments.items() if kind.kind == one.kind), {})
        given = dict(named.get(act, {}))
        if row.creates and trail is not None and trail.acts and trail.acts[0].name == act:
            given = {**trail.acts[0].args, **given}
        try:
            takes = arguments_of(inspect.unwrap(getattr(one, act)))
            if row.of != "-" and row.sources != ("-",):  # an act of a part says first which
                given.setdefault(next(iter(takes)), next(iter(getattr(one, row.of))).id)
            for name, (hint, needed) in takes.items():
                if needed and name not in given:
                    given[name] = argument_for(one.kind, name, hint, given)
        except (Malformed, StopIteration):
            return None
        return given

    @staticmethod
    def lawful(one: Record, act: str) -> bool:
        """Whether the state of a record lets an act be; of a part, only the act itself can tell."""
        row = one.table[act]
        return row.of != "-" or row.sources == ("*",) or getattr(one, "state", "") in row.sources

    def acted(self, one: Any) -> Iterator[tuple[str, Any]]:
        """What each act makes of a record, where its state allows and its arguments are known."""
        for act, row in one.table.items():
            given = self.arguments_for(one, act) if self.lawful(one, act) and not row.creates else None
            if given is not None:
                with suppress(Malformed, Refused):
                    yield act, getattr(one, act)(**given)

    def walked(self, one: Any) -> Iterator[tuple[str, Any, Any]]:
        """Each act that can be come to from a record, one after the other: the act, before and behind it. An
        act may need several others first; they are tried in `WALKS` ways at most."""
        known: set[str] = set()
        wanted = {act for act, row in one.table.items() if not row.creates}
        tried: set[frozenset[str]] = set()
        fresh: deque[tuple[Any, frozenset[str]]] = deque([(one, frozenset())])
        more: deque[tuple[Any, frozenset[str]]] = deque()
        while (fresh or (more and len(tried) < WALKS)) and not wanted <= known:
            before, done = (fresh or more).popleft()
            for act, after in self.acted(before):
                way = done | {act}
                if act not in known:
                    known.add(act)
                    yield act, before, after
                    fresh.append((as_stored(attrs.evolve(after), after, 1), way))
                elif way not in tried:
                    more.append((as_stored(attrs.evolve(after), after, 1), way))
                tried.add(way)

    def fill(self, town: Town) -> list[Record]:
        """Store records of every kind, each as somebody who may; AssertionError if nobody may."""
        return [
            one
            for kind in self.kinds
            for made in self.made(town, kind)
            for one in self.store(town, kind, made)
        ]

    def store(self, town: Town, kind: Kind, made: Record) -> list[Record]:
        """Store one record as the first who may, with their own word or on paper. Where no row of the rights
        lets anybody write the kind, it is the module's alone, and the kit writes it."""
        written = {act for line in lines(kind.rights) for act in line.acts}
        if not written & {"*", *(row.act for row in kind.cls.table.values() if row.creates)}:
            town.kit.write([made])
            return [one for one in town.every(kind.cls) if one.id == made.id]
        said: dict[str, tuple[str, ...]] = {}
        for value in (made, *self._on_paper(town, kind, made)):
            for name in NAMES:
                try:
                    return [town.save(value, by=name)]
                except Refused as no:
                    said[name] = no.codes
                    self.refused.append(no)
        told = ", ".join(f"{name}: {'/'.join(codes)}" for name, codes in said.items())
        raise AssertionError(
            f"nobody of the town can save a {made.kind} ({told}): give a builder, or see rights and table"
        )

    def _on_paper(self, town: Town, kind: Kind, made: Record) -> Iterator[Record]:
        if kind.cls in self.builders or made.trail is None:
            return
        [act] = made.trail.acts
        subjects = dict(made.subjects)
        for who in kind.cls.table[act.name].who:
            if human := subjects.get(who, ""):
                word = Decision.of(human, how="paper", evidence="the blue binder")
                yield from self.made(town, kind, act.name, by=word)


def raw(
    town: Town, record: Record, body: bytes | None = None, *, doc: int | None = None, idx: Any = None
) -> None:
    """Write a next version of a stored record below every rule: with this body, or document version."""
    stored = town.stored(record)
    change = Change(
        record.kind,
        record.id,
        stored.envelope.version,
        stored.envelope.doc_version if doc is None else doc,
        stored.envelope.subjects,
        (ActLine("rewritten"),),
        "system:test",
        (stored.body or b"") if body is None else body,
        idx=town.kit.codec.index(record) if idx is None else idx,
    )
    town.kit.storage.commit(Batch((change,), town.kit.clock.now()))


def _newer(kind: Kind) -> Kind:
    """The kind as a next release has it: its documents are of the next version, and read those before."""
    before = kind.cls.doc_version
    cls = type(kind.cls.__name__, (kind.cls,), {"doc_version": before + 1})
    return attrs.evolve(kind, cls=cls, upcasters={**kind.upcasters, before: dict})


def _supplying(supplies: Iterable[Any]) -> Any:
    def peerkit_supply(self: Any) -> list[Any]:  # noqa: ARG001  # as pluggy calls a method
        return list(supplies)

    return hookimpl(peerkit_supply)


def _refuse(**_: Any) -> Any:
    raise RuntimeError("this edition of the module is broken")


def _passed(function: Callable[..., Any], name: str) -> Any:
    """A hook that asks this function, with those of its arguments that it takes."""
    takes = inspect.signature(function).parameters

    def ask(**given: Any) -> Any:
        if any(one.kind is one.VAR_KEYWORD for one in takes.values()):
            return function(**given)
        return function(**{argument: value for argument, value in given.items() if argument in takes})

    def of_proposal(self: Any, proposal: Any) -> Any:  # noqa: ARG001  # as pluggy calls a method
        return ask(proposal=proposal)

    def of_question(self: Any, question: Any) -> Any:  # noqa: ARG001
        return ask(question=question)

    def of_page(self: Any, page: Any, view: Any) -> None:  # noqa: ARG001
        ask(page=page, view=view)

    shapes: dict[str, Callable[..., Any]] = {"peerkit_suggest": of_question, "peerkit_observe": of_page}
    return hookimpl(shapes.get(name, of_proposal))


__all__ = ["HOOKS", "LATER", "NAMES", "Module", "raw"]
