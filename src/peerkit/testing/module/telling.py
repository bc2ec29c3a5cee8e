# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of what a module lets out: words stand in bodies alone, leave by consent alone, and go with whoever
is erased."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import attrs

import peerkit
from peerkit.errors import PeerkitError
from peerkit.hooks import Kind
from peerkit.model.acts import with_trail
from peerkit.model.base import Record
from peerkit.model.response import NEEDS
from peerkit.model.sharing import PURPOSES
from peerkit.testing.contract import Contract, clause
from peerkit.testing.module.asking import read_by
from peerkit.testing.module.holding import texts_in, texts_of
from peerkit.testing.module.parts import Module, raw
from peerkit.testing.module.saying import (
    CANARY,
    FREE,
    HOSTILE,
    calls,
    go_on,
    in_the_open,
    listening,
    planted,
    quotes,
    quotes_nobody,
    said,
    shown,
    unquoted,
)
from peerkit.testing.town import TEST, Town

promise = partial(clause, page="docs/reference/testing.md")
TOPICS = ("match", "goal", "service", "words")


class LeavingClauses(Contract):
    """MOD-050 to MOD-053."""

    @promise(
        "MOD-050",
        "what is said to its acts stands in no index, envelope, other record or field that leaves without "
        "consent",
        group="leaving",
    )
    def test_mod_050_words_are_not_indexed(self, backend: Module) -> None:
        town = backend.town()
        for kind in backend.kinds:
            somebodys = not {"person", kind.supported}.isdisjoint(kind.cls.subject_fields)
            for act, made in said(backend, town, kind):
                quoted = [*in_the_open(made, public=somebodys)]
                assert quoted == [], (
                    f"{kind.cls.kind}.{act} keeps words in fields that leave without consent, or are indexed"
                )
        filled = _lived(backend, town)
        town.kit.deliver()
        rows = [(row["envelope"], row["idx"], row["text"]) for row in town.kit.storage.dump(0, 10_000)]
        assert not quotes(json.dumps(rows, default=str, ensure_ascii=False))
        for name in ("task", "route", "refusal", "read"):
            for one in town.every(name):
                assert not quotes(town.kit.codec.encode(one)), f"a {name} quotes somebody"
        assert filled or not backend.kinds

    @promise(
        "MOD-051",
        "nothing that is shown, raised, logged or printed quotes what somebody said",
        group="leaving",
    )
    def test_mod_051_nothing_quotes(self, backend: Module) -> None:
        with listening() as told:
            town = backend.town(file=True)
            for one in _fill(backend, town):
                for each in shown(one):
                    assert not quotes(f"{each!r}{each!s}"), f"{type(each).__name__} shows what it holds"
                for _, _, call in calls(backend, one):
                    for value in HOSTILE:
                        unquoted(partial(call, value))
                go_on(backend, town, one)
                unquoted(partial(_get, town, "sam", one))
                document = town.kit.codec.document(one)
                for field in document.keys() - {"id"}:
                    wrong = {**document, field: {CANARY: [CANARY]}}
                    wrong.pop("id")
                    raw(town, one, json.dumps(wrong).encode())
                    unquoted(partial(_get, town, "maya", one))
            for refusal in backend.refused:
                quotes_nobody(refusal)
            town.kit.deliver()
            town.kit.tick()
            for problem in town.kit.health().problems:
                assert not quotes(problem.sentence)
        assert not any(map(quotes, told)), "it was logged, printed or warned of"

    @promise("MOD-052", "others hear nothing of it by suggestions and counts", group="leaving")
    def test_mod_052_nothing_in_suggestions_and_counts(self, backend: Module) -> None:
        town = backend.town()
        about = {one.id for one in _fill(backend, town) if one.subjects}
        day = town.kit.clock.now().date()
        for name in ("sam", "robin"):
            for topic, given in _suggested(backend, town, name):
                assert not any(map(quotes, given)), f"{topic}: it quotes somebody"
                assert not (about & set(given)) or name == "robin", f"{topic}: it names a record of others"
        with town.kit.session(actor=town.ids["robin"]) as s:
            counted = [*texts_in(s.counts(day - timedelta(days=30), day))]
        assert not any(map(quotes, counted))
        assert not about & set(counted)

    @promise("MOD-053", "without consent nothing of it leaves", group="leaving")
    def test_mod_053_nothing_leaves_without_consent(self, backend: Module) -> None:
        town = backend.town()
        for one in _fill(backend, town):
            personal = {name for name, held in one.field_classes.items() if held not in FREE}
            for purpose in PURPOSES:
                pages: list[Any] = []
                for query in (one, type(one)):
                    with suppress(PeerkitError):
                        pages += town.kit.disclose(query, to=town.ids["clinic"], purpose=purpose, actor=TEST)
                for document in (document for page in pages for document in page.documents):
                    assert not quotes(json.dumps(document, default=str, ensure_ascii=False))
                    assert not {name for name in personal & document.keys() if document[name]}


class RedactionClauses(Contract):
    """MOD-040 and MOD-041."""

    @promise("MOD-040", "who was erased is gone from whatever it holds and says", group="redaction")
    def test_mod_040_erased(self, backend: Module) -> None:
        town = backend.town(file=True)
        gone = _lives(backend, town)
        _erase(town, gone)
        town.kit.deliver()
        _forgotten(backend, town, gone)

    @promise("MOD-041", "who was erased while it was away is gone when it is back", group="redaction")
    def test_mod_041_erased_while_away(self, backend: Module) -> None:
        town = backend.town(file=True)
        gone = _lives(backend, town)
        town.reopen(clock=town.kit.clock)
        _erase(town, gone)
        for one in gone:
            assert town.stored(one).body is None
        assert town.kit.verify().intact
        town.reopen(backend.plugin, clock=town.kit.clock)
        town.kit.deliver()
        _forgotten(backend, town, gone)


def _lives(backend: Module, town: Town) -> list[Record]:
    """`_lived`, with whatever else the module made of it that names Maya: all that is hers to have erased."""
    filled = _lived(backend, town)
    town.kit.deliver()
    known = {one.id for one in filled}
    made = (one for kind in backend.kinds for one in town.every(kind.cls) if one.id not in known)
    return [*filled, *(one for one in made if town.ids["maya"] in {who for _, who in one.subjects})]


def _erase(town: Town, gone: list[Record]) -> None:
    """Erase Maya, and what is about her and somebody else, one by one."""
    with town.kit.session(actor=town.ids["dana"]) as s:
        for alert in town.every(peerkit.Alert):  # what its records raised is looked after first, as anywhere
            s.acknowledge(alert)
            s.respond(alert, "close_incomplete", reasons=dict.fromkeys(NEEDS, "not_applicable"))
    maya, robin = town.ids["maya"], town.ids["robin"]
    town.kit.erase(maya, *(one.id for one in gone), basis="wish", asked_by=maya, decided_by=robin)


def _forgotten(backend: Module, town: Town, gone: list[Record]) -> None:
    words = [*texts_of(backend.plugin), *(texts_in(backend.held()) if backend.held is not None else ())]
    assert not any(map(quotes, words)), "it holds what somebody said who was erased"
    ids = {one.id for one in gone} | {town.ids["maya"]}
    assert not any(one in text for text in words for one in ids), "it holds ids of what was erased"
    for one in gone:
        assert town.stored(one).body is None
    for row in town.kit.storage.dump(0, 10_000):
        kept = (b64decode(row[name] or "") for name in ("body", "args"))
        assert not any(map(quotes, kept)), "a record that is not theirs quotes them"
    for topic, given in _suggested(backend, town, "robin"):
        assert not any(map(quotes, given))
        assert not any(one in text for text in given for one in ids), f"{topic}: it names who was erased"
    town.kit.tick()


def _fill(backend: Module, town: Town) -> list[Record]:
    """Records of every kind, stored, with the canary in whatever private texts they have."""
    return [
        one
        for kind in backend.kinds
        for made in backend.made(town, kind)
        for one in _stored(backend, town, kind, made)
    ]


def _lived(backend: Module, town: Town) -> list[Record]:
    """`_fill`, and whatever can be done with each of them afterwards."""
    filled = _fill(backend, town)
    for one in filled:
        go_on(backend, town, one)
    return filled


def _stored(backend: Module, town: Town, kind: Kind, made: Record) -> list[Record]:
    try:
        return backend.store(town, kind, with_trail(planted(made), made.trail))
    except (AssertionError, PeerkitError):
        return backend.store(town, kind, made)  # it takes no such words there: then nobody says them


def _get(town: Town, name: str, one: Record) -> None:
    with town.kit.session(actor=town.ids[name]) as s:
        s.get(type(one), one.id)


def _suggested(backend: Module, town: Town, name: str) -> Iterator[tuple[str, list[str]]]:
    """What somebody is given for each topic, in each language: about nothing, and about records of each kind
    that the module reads, with words and without; as texts."""
    with town.kit.session(actor=town.ids[name]) as s:
        abouts = [None, *(one for kind in read_by(backend.record()) for one in town.every(kind)[:2])]
        for topic in TOPICS:
            for about in abouts:
                for text in ("", "health and rest"):
                    for locale in ("en", "fr"):
                        given = s.suggest(topic, about=about, text=text, locale=locale)
                        yield topic, [*texts_in([attrs.asdict(each) for each in given])]


__all__ = ["LeavingClauses", "RedactionClauses"]
