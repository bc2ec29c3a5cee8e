# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of what a module wrote: read again years later, without the module, and by the next version."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings

import peerkit
from peerkit.codec import Codec, dumps
from peerkit.errors import Malformed, NotFound, Refused
from peerkit.hooks import Kind
from peerkit.kit.take_out import collected
from peerkit.model.actor import Actor
from peerkit.model.base import Part, Record, about
from peerkit.ports import Envelope, Stored
from peerkit.testing import strategies
from peerkit.testing.clock import START
from peerkit.testing.contract import Contract, clause
from peerkit.testing.module.parts import NAMES, Module, raw
from peerkit.testing.town import TEST, Town

promise = partial(clause, page="docs/reference/testing.md")
UNKNOWN = {"later": {"colours": ["green", 10**22]}}
"""What a newer version would have written beside."""


class UpgradeClauses(Contract):
    """MOD-020 to MOD-024."""

    @promise("MOD-020", "fields that it does not know survive its acts, at every depth", group="upgrade")
    def test_mod_020_unknown_fields_survive(self, backend: Module) -> None:
        town = backend.town(file=True)
        for one in backend.fill(town):
            raw(town, one, town.kit.codec.encode(_marked(one)))
            [found] = [each for each in town.every(type(one)) if each.id == one.id]
            assert type(found) is type(one), getattr(found, "fault", "")
            assert found.extra == UNKNOWN
            for act, before, after in backend.walked(found):
                lost = f"{one.kind}.{act} loses what a newer version wrote"
                assert after.extra == UNKNOWN, lost
                kept = {part.id for part in _parts(after) if dict(part.extra) == UNKNOWN}
                known = {part.id for part in _parts(before) if dict(part.extra) == UNKNOWN}
                assert {part.id for part in _parts(after)} & known <= kept, lost

    @promise("MOD-021", "whatever its fields may hold is read as it was written", group="upgrade")
    def test_mod_021_round_trips(self, backend: Module) -> None:
        for kind in backend.kinds:
            _round_trip(kind, backend.fields.get(kind.cls, {}))

    @promise(
        "MOD-022", "documents of older versions climb to its own, by upcasters that are pure", group="upgrade"
    )
    def test_mod_022_older_documents(self, backend: Module) -> None:
        town = backend.town(file=True)
        stored = {one.kind: one for one in backend.fill(town)}
        for kind in backend.kinds:
            for version in range(1, kind.cls.doc_version):
                assert version in kind.upcasters, f"{kind.cls.kind}: no upcaster of version {version}"
                older = backend.older.get(kind.cls, {}).get(version, ())
                assert older, f"{kind.cls.kind}: give documents of version {version} in `older`"
                for document in older:
                    _climbs(town, kind, version, document, stored[kind.cls.kind])

    @promise(
        "MOD-024",
        "each act of its kinds is tried; `arguments` says what those take that cannot be made up",
        group="declared",
    )
    def test_mod_024_every_act_is_tried(self, backend: Module) -> None:
        town = backend.town()
        stored = backend.fill(town)
        for kind in backend.kinds:
            tried: set[str] = set()
            for one in stored:
                if one.kind == kind.cls.kind:
                    tried |= {act.name for act in town.stored(one).envelope.acts}
                    tried |= {act for act, _, _ in backend.walked(one)}
            assert sorted(set(kind.cls.table) - tried) == [], f"{kind.cls.kind}: acts that no clause does"

    @promise("MOD-023", "newer documents are opaque, and never written", group="upgrade")
    def test_mod_023_newer_documents(self, backend: Module) -> None:
        town = backend.town(file=True)
        for one in backend.fill(town):
            raw(town, one, doc=type(one).doc_version + 1)
            _is_shut(town, one, type(one))


class RemovalClauses(Contract):
    """MOD-030 to MOD-033."""

    @promise(
        "MOD-030", "without it the program opens; what it wrote is opaque and loses nothing", group="removal"
    )
    def test_mod_030_removed(self, backend: Module) -> None:
        town = backend.town(file=True)
        stored, before = backend.fill(town), _rows(town)
        envelopes = {one.id: town.stored(one).envelope for one in stored}
        town.reopen(clock=town.kit.clock)
        for one in stored:
            [dark] = [each for each in town.every(one.kind) if each.id == one.id]
            assert isinstance(dark, peerkit.Opaque)
            assert dark.subjects == one.subjects
            assert town.stored(one).envelope == envelopes[one.id]
            assert town.kit.storage.history(one.kind, one.id)
            with pytest.raises(Refused), town.kit.session(actor=TEST) as s:
                s.save(dark)
        maya = town.ids["maya"]
        town.kit.log(actor=maya)
        hers = [one for one in stored if maya in about(one.subjects)]
        assert collected(town.kit, Actor(maya))["unread"] >= len(hers)
        assert town.kit.verify().intact
        alerts = len(town.every(peerkit.Alert))
        assert town.kit.concern("She did not come.", about=maya) is not None
        assert len(town.every(peerkit.Alert)) == alerts + 1
        assert _rows(town)[: len(before)] == before

    @promise("MOD-031", "installed again, every record is as it was, byte for byte", group="removal")
    def test_mod_031_back_again(self, backend: Module) -> None:
        town = backend.town(file=True)
        stored, before = backend.fill(town), _rows(town)
        town.reopen(clock=town.kit.clock)
        town.kit.tick()
        town.reopen(backend.plugin, clock=town.kit.clock)
        for one in stored:
            assert _read(town, one) == one
        assert _rows(town)[: len(before)] == before
        assert town.kit.verify().intact
        backend.fill(town)

    @promise("MOD-032", "a newer version reads all of it, and its own after it", group="removal")
    def test_mod_032_back_in_a_newer_version(self, backend: Module) -> None:
        town = backend.town(file=True)
        stored, before = backend.fill(town), _rows(town)
        town.reopen(clock=town.kit.clock)
        town.reopen(backend.stand_in(newer=True), clock=town.kit.clock)
        for one in stored:
            found = _read(town, one)
            assert type(found).doc_version == one.doc_version + 1
            assert attrs.asdict(found, recurse=False) | {"trail": None} == (
                attrs.asdict(one, recurse=False) | {"trail": None}
            )
        while town.kit.migrate():  # its index rows are old: until then nobody writes the kind
            pass
        for one in stored:
            _goes_on(backend, town, _read(town, one))
        assert _rows(town)[: len(before)] == before


def _marked(one: Any) -> Any:
    """The record or part with unknown fields in it, and in every part of it."""
    deeper: dict[str, Any] = {"extra": UNKNOWN}
    for field in attrs.fields(type(one)):
        held = getattr(one, field.name)
        if isinstance(held, Part):
            deeper[field.name] = _marked(held)
        elif isinstance(held, tuple) and held and all(isinstance(each, Part) for each in held):
            deeper[field.name] = tuple(_marked(each) for each in held)
    return attrs.evolve(one, **deeper)


def _parts(one: Any) -> Iterator[Any]:
    """Every part of a record that has an id, at every depth."""
    for field in attrs.fields(type(one)):
        held = getattr(one, field.name)
        for each in held if isinstance(held, tuple) else (held,):
            if isinstance(each, Part):
                if hasattr(each, "id"):
                    yield each
                yield from _parts(each)


def _round_trip(kind: Kind, fields: Mapping[str, Any]) -> None:
    codec = Codec(lambda _: kind.cls)

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(strategies.records(kind.cls, longest=40, **fields))
    def check(record: Record) -> None:
        body = codec.encode(record)
        envelope = Envelope(1, record.id, kind.cls.kind, 1, kind.cls.doc_version, (), START, "test", ())
        found = codec.decode(Stored(envelope, body))
        assert found == record
        assert found.extra == record.extra
        assert codec.encode(found) == body

    check()


def _climbs(town: Town, kind: Kind, version: int, document: Mapping[str, Any], one: Record) -> None:
    def climb(raw_document: dict[str, Any]) -> dict[str, Any]:
        for step in range(version, kind.cls.doc_version):
            raw_document = kind.upcasters[step](raw_document)
        return raw_document

    marked = {**copy.deepcopy(dict(document)), **UNKNOWN}
    once, twice = climb(copy.deepcopy(marked)), climb(copy.deepcopy(marked))
    assert once == twice, f"{kind.cls.kind}: an upcaster says another thing each time"
    assert all(once.get(name) == value for name, value in UNKNOWN.items()), (
        "an upcaster drops what it does not know"
    )
    raw(town, one, dumps(marked), doc=version)
    found = _read(town, one)
    assert type(found) is kind.cls
    assert found.extra == UNKNOWN, f"{kind.cls.kind} {version}: fields that no version has stay behind"
    assert town.stored(one).body == dumps(marked), "reading wrote"


def _is_shut(town: Town, one: Record, kind: type[Record]) -> None:
    before = town.stored(one)
    [dark] = [each for each in town.every(one.kind) if each.id == one.id]
    assert isinstance(dark, peerkit.Opaque)
    with pytest.raises(Refused), town.kit.session(actor=TEST) as s:
        s.save(dark)
    with town.kit.session(actor=TEST) as s, suppress(NotFound):  # a kind that no part of a program reads
        assert isinstance(s.get(kind, one.id), peerkit.Opaque)
    town.kit.tick()
    town.kit.deliver()
    assert town.stored(one) == before


def _goes_on(backend: Module, town: Town, found: Any) -> None:
    """The first act that anybody of the town may still do is written in a document of the new version."""
    for _, after in backend.acted(found):
        for name in NAMES:
            with suppress(Refused, Malformed):
                town.save(after, by=name)
                assert town.stored(found).envelope.doc_version == type(found).doc_version
                return


def _read(town: Town, one: Record) -> Any:
    found = [each for each in town.every(one.kind) if each.id == one.id]
    if not found:
        raise NotFound(f"there is no {one.kind} of that id any more")
    return found[0]


def _rows(town: Town) -> list[Any]:
    """The feed as it was written; what it is indexed by is made anew whenever somebody likes."""
    kept = ("envelope", "salt", "body", "args", "seal", "link")
    return [tuple(row[name] for name in kept) for row in town.kit.storage.dump(0, 10_000)]


__all__ = ["RemovalClauses", "UpgradeClauses"]
