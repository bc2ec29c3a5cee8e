# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of rights: nobody reads or writes but whom the rows name, and what is theirs people take along."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import attrs

from peerkit.errors import Malformed, NotFound, Refused
from peerkit.hooks import Kind
from peerkit.kinds import SENSITIVE, holds_close, sensitive
from peerkit.kit.take_out import collected
from peerkit.model.actor import Actor
from peerkit.model.base import Class, Record
from peerkit.testing.contract import Contract, clause
from peerkit.testing.making import as_stored
from peerkit.testing.module.parts import Module
from peerkit.testing.town import PEOPLE, Line, Town, Who, judged, lines, placed, reads, records, subjects_of

promise = partial(clause, page="docs/reference/testing.md")
OFFICES = ("cover", "stand-in", "supervisor", "on-call", "coordinator", "privacy")
"""The roles that nobody is given by whom a record is about; over whoever stands in a field of it too."""
HELD_BY = ("robin", "sol", "dana", "pat", "noor")
"""Who of the town has one of them."""
HUMAN = SENSITIVE - {Class.contact}
"""Classes of what somebody's alone can be: a place or a body has a number too."""


class RightsClauses(Contract):
    """MOD-060 to MOD-064."""

    @promise(
        "MOD-060",
        "each of its kinds says whose it is, and has rows, of acts and fields that it has; none for anyone",
        group="rights",
    )
    def test_mod_060_each_kind_has_rows(self, backend: Module) -> None:
        for kind in backend.kinds:
            name, rows = kind.cls.kind, _rows(kind)
            assert rows, f"{name}: no row says who reads it"
            assert kind.cls.subject_fields or not holds_close(kind.cls, HUMAN), (
                f"{name}: nobody's erasure, take-out and log reach it: say whose it is (`subjects`)"
            )
            for row in rows:
                assert sorted(row.acts - set(kind.cls.table) - {"*", "-"}) == [], (
                    f"{name}: acts that it has not"
                )
                role, _, field = row.role.partition(":")
                if role in {"own", "alone", "stand-in"}:
                    assert field in kind.cls.subject_fields, f"{name}: {row.role} is no subject of it"
            opened = [row.role for row in rows if row.reads and row.role == "anyone"]
            assert not (sensitive(kind.cls) and opened), f"{name}: anyone reads what is close to somebody"
            for act, step in kind.cls.table.items():
                assert "kit" not in step.who, f"{name}.{act} is the kit's: no module and nobody can do it"

    @promise("MOD-061", "nobody reads it but whom its rows name, and walls are shut", group="rights")
    def test_mod_061_who_reads(self, backend: Module) -> None:
        town = backend.town(troubled=True)
        for kind in backend.kinds:
            for record in _about_her(backend, town, kind):
                town.kit.write([record])
                about = subjects_of(town.ids, record)
                for who in PEOPLE:
                    if who.name == "system" and getattr(kind, "private", False):
                        continue  # what is private to those whom the rows name, no part of a program reads
                    expected = reads(_rows(kind), kind.cls, who, about)
                    for way in ("get", "find", "history"):
                        assert _sees(town, who, kind.cls, record.id, way) is expected, (
                            f"{kind.cls.kind}: {who.name} {who.role} by {way}"
                        )

    @promise(
        "MOD-062",
        "each act is the decision of whom its table names, written down by whom its rows name",
        group="rights",
    )
    def test_mod_062_who_decides(self, backend: Module) -> None:
        town = backend.town(troubled=True)
        wrong: list[str] = []
        for kind in backend.kinds:
            for act, value, about in _acts(backend, town, kind):
                for who in PEOPLE:
                    word = _decided(kind, act, who, about)
                    allowed = word and records(_rows(kind), kind.cls, act, who, about)
                    try:
                        codes = judged(town, who, value)
                    except Malformed:
                        break  # an argument that nobody can make of its type alone
                    if allowed is bool(codes):
                        wrong.append(f"{kind.cls.kind}.{act} by {who.name} {who.role}: {codes}")
        assert wrong == []

    @promise("MOD-063", "what is about a person, they take out whole", group="rights")
    def test_mod_063_taken_out(self, backend: Module) -> None:
        town = backend.town()
        filled = backend.fill(town)
        theirs = {one.id: one for kind in backend.kinds for one in filled if _theirs(kind, town, one)}
        taken = {one["id"]: one for one in collected(town.kit, Actor(town.ids["maya"]))["records"]}
        assert sorted(theirs.keys() - taken.keys()) == [], "not among what they take out"
        for id_, one in theirs.items():
            whole = town.kit.codec.document(one)
            said = {name for name, value in whole.items() if value not in ([], None)}
            assert said <= set(taken[id_]), f"{one.kind}: fields that stay behind"

    @promise(
        "MOD-064",
        "each kind that offices read says whom it supports; what a colleague said there, no office reads",
        group="rights",
    )
    def test_mod_064_colleagues(self, backend: Module) -> None:
        town = backend.town(troubled=True)
        for kind in backend.kinds:
            if not kind.supported or not sensitive(kind.cls):
                continue
            rest = [row for row in _rows(kind) if row.role.partition(":")[0] not in OFFICES]
            read = [row.role for row in _rows(kind) if row.reads and row not in rest]
            if kind.supported not in kind.cls.subject_fields:
                assert read == [], (
                    f"{kind.cls.kind}: say whom it supports (`Kind(supported=FIELD)`), or that it is about "
                    f'work (`supported=""`)'
                )
                continue
            for record in _about_her(backend, town, kind, **{kind.supported: "kai"}):
                town.kit.write([record])
                about = subjects_of(town.ids, record)
                for who in map(Who, HELD_BY):
                    expected = reads(rest, kind.cls, who, about)
                    for way in ("get", "find", "history"):
                        assert _sees(town, who, kind.cls, record.id, way) is expected, (
                            f"{kind.cls.kind}: {who.name} by {way}"
                        )


def _rows(kind: Kind) -> list[Line]:
    return [row for row in lines(kind.rights) if row.kind == kind.cls.kind]


def _sees(town: Town, who: Who, kind: type[Record], id_: str, way: str) -> bool:
    with town.kit.session(actor=who.actor(town.ids)) as s:
        try:
            if way == "find":
                return id_ in {one.id for one in s.find(kind, limit=1000)}
            return bool(getattr(s, way)(kind, id_))
        except (NotFound, Refused):
            return False


def _about_her(backend: Module, town: Town, kind: Kind, **others: str) -> Iterator[Record]:
    """A record of each way of making one: with Maya in the first place and Ula in every other; or
    `others`, each by the field in which they stand."""
    where = placed(town, kind.cls)
    for field, name in others.items():
        where[field] = (town.ids[name],) if isinstance(where[field], tuple) else town.ids[name]
    for made in backend.made(town, kind):
        moved = attrs.evolve(made, **where)
        object.__setattr__(moved, "trail", made.trail)
        yield moved


def _acts(backend: Module, town: Town, kind: Kind) -> Iterator[tuple[str, Any, set[tuple[str, str]]]]:
    """Each act as somebody's own word: how it is made, and whom its record was about."""
    for made in _about_her(backend, town, kind):
        acts = made.trail.acts if made.trail is not None else ()
        if len(acts) == 1 and acts[0].decision.by is None:
            yield acts[0].name, made, subjects_of(town.ids, made)
        states = {source for row in kind.cls.table.values() for source in row.sources} - {"-", "*"}
        for state in sorted(states) or [""]:
            held: dict[str, Any] = {"state": state} if state and hasattr(made, "state") else {}
            stored = as_stored(attrs.evolve(made, **held), made, 1)
            for act, value in backend.acted(stored):
                if kind.cls.table[act].sources != ("-",) and kind.cls.table[act].of == "-":
                    yield act, value, subjects_of(town.ids, stored)


def _decided(kind: Kind, act: str, who: Who, about: set[tuple[str, str]]) -> bool:
    """Whether somebody's own word is the decision that the act's table asks for."""
    row = kind.cls.table[act]
    if "anyone" in row.who:
        return True
    return who.name != "system" and any((field, who.name) in about for field in row.who)


def _theirs(kind: Kind, town: Town, one: Record) -> bool:
    """Whether it is a record of this kind and Maya's, by the field that names whom it supports or else its
    first subject, and a row lets her read it."""
    fields = kind.cls.subject_fields
    whose = kind.supported if kind.supported in fields else next(iter(fields), "")
    about = subjects_of(town.ids, one)
    return (
        one.kind == kind.cls.kind
        and (whose, "maya") in about
        and reads(_rows(kind), kind.cls, Who("maya"), about)
    )


__all__ = ["RightsClauses"]
