# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: D102  # a clause stands in the decorator of its test
"""Clauses of what a module lets out: words stand in bodies alone, leave by consent alone, and go with whoever
is erased."""

from __future__ import annotations

import inspect
import json
import logging
import traceback
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import attrs

import peerkit
from peerkit.errors import PeerkitError
from peerkit.hooks import Kind
from peerkit.model.acts import with_trail
from peerkit.model.base import Class, Part, Record
from peerkit.model.response import NEEDS
from peerkit.model.sharing import PURPOSES
from peerkit.testing.contract import Contract, clause
from peerkit.testing.making import arguments_of
from peerkit.testing.module.keeping import acted
from peerkit.testing.module.parts import Module, raw, texts_in
from peerkit.testing.town import TEST, Town

promise = partial(clause, page="docs/reference/testing.md")
CANARY = "canary Zq7\u2603 said it aloud"
"""Words such as somebody would say: no code is written like this."""

FREE = frozenset({Class.operational, Class.public})
HOSTILE: tuple[Any, ...] = (CANARY, {CANARY: CANARY}, [CANARY], (CANARY, 1), CANARY.encode(), -1.5)


class LeavingClauses(Contract):
    """MOD-050 to MOD-053."""

    @promise(
        "MOD-050", "what is said to its acts stands in no index, envelope or other record", group="leaving"
    )
    def test_mod_050_words_are_not_indexed(self, backend: Module) -> None:
        town = backend.town()
        for kind in backend.kinds:
            for act, made in _said(backend, town, kind):
                free = {name for name, held in kind.cls.field_classes.items() if held is Class.operational}
                quoted = [name for name in sorted(free) if CANARY in "".join(texts_in(getattr(made, name)))]
                assert quoted == [], (
                    f"{kind.cls.kind}.{act} keeps words in fields that are indexed and never erased"
                )
        planted = _fill(backend, town)
        town.kit.deliver()
        rows = [(row["envelope"], row["idx"], row["text"]) for row in town.kit.storage.dump(0, 10_000)]
        assert CANARY not in json.dumps(rows, default=str, ensure_ascii=False)
        for name in ("task", "route", "refusal", "read"):
            for one in town.every(name):
                assert CANARY.encode() not in town.kit.codec.encode(one), f"a {name} quotes somebody"
        assert planted or not backend.kinds

    @promise("MOD-051", "nothing that is shown, raised or logged quotes what somebody said", group="leaving")
    def test_mod_051_nothing_quotes(self, backend: Module) -> None:
        with _logged() as told:
            town = backend.town(file=True)
            for one in _fill(backend, town):
                for shown in _shown(one):
                    assert CANARY not in f"{shown!r}{shown!s}", f"{type(shown).__name__} shows what it holds"
                for act in one.table:
                    for argument in arguments_of(inspect.unwrap(getattr(one, act))):
                        for value in HOSTILE:
                            _quiet(lambda a=act, g=argument, v=value, o=one: getattr(o, a)(**{g: v}))  # type: ignore[misc]
                _quiet(lambda o=one: _get(town, "sam", o))  # type: ignore[misc]
                document = town.kit.codec.document(one)
                for field in document.keys() - {"id"}:
                    wrong = {**document, field: {CANARY: [CANARY]}}
                    wrong.pop("id")
                    raw(town, one, json.dumps(wrong).encode())
                    _quiet(lambda o=one: _get(town, "maya", o))  # type: ignore[misc]
            town.kit.deliver()
            town.kit.tick()
            for problem in town.kit.health().problems:
                assert CANARY not in problem.sentence
        assert CANARY not in "".join(told), "it was logged"

    @promise("MOD-052", "others hear nothing of it by suggestions and counts", group="leaving")
    def test_mod_052_nothing_in_suggestions_and_counts(self, backend: Module) -> None:
        town = backend.town()
        planted = _fill(backend, town)
        about = {one.id for one in planted if one.subjects}
        day = town.kit.clock.now().date()
        for name in ("sam", "robin"):
            with town.kit.session(actor=town.ids[name]) as s:
                for topic in ("match", "goal", "service", "words"):
                    given = [*texts_in([attrs.asdict(one) for one in s.suggest(topic)])]
                    assert not any(CANARY in text for text in given), f"{topic}: it quotes somebody"
                    assert not (about & set(given)) or name == "robin", (
                        f"{topic}: it names a record of others"
                    )
        with town.kit.session(actor=town.ids["robin"]) as s:
            counted = [*texts_in(s.counts(day - timedelta(days=30), day))]
        assert not any(CANARY in text for text in counted)
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
                    assert CANARY not in json.dumps(document, default=str, ensure_ascii=False)
                    assert not {name for name in personal & document.keys() if document[name]}


class RedactionClauses(Contract):
    """MOD-040 and MOD-041."""

    @promise("MOD-040", "who was erased is gone from whatever it holds and says", group="redaction")
    def test_mod_040_erased(self, backend: Module) -> None:
        town = backend.town(file=True)
        gone = _fill(backend, town)
        town.kit.deliver()
        _erase(town, gone)
        town.kit.deliver()
        _forgotten(backend, town, gone)

    @promise("MOD-041", "who was erased while it was away is gone when it is back", group="redaction")
    def test_mod_041_erased_while_away(self, backend: Module) -> None:
        town = backend.town(file=True)
        gone = _fill(backend, town)
        town.kit.deliver()
        town.reopen(clock=town.kit.clock)
        _erase(town, gone)
        for one in gone:
            assert town.stored(one).body is None
        assert town.kit.verify().intact
        town.reopen(backend.plugin, clock=town.kit.clock)
        town.kit.deliver()
        _forgotten(backend, town, gone)


def _erase(town: Town, gone: list[Record]) -> None:
    """Erase Maya, and what is about her and somebody else, one by one."""
    with town.kit.session(actor=town.ids["dana"]) as s:
        for alert in town.every(peerkit.Alert):  # what its records raised is looked after first, as anywhere
            s.acknowledge(alert)
            s.respond(alert, "close_incomplete", reasons=dict.fromkeys(NEEDS, "not_applicable"))
    maya, robin = town.ids["maya"], town.ids["robin"]
    town.kit.erase(maya, *(one.id for one in gone), basis="wish", asked_by=maya, decided_by=robin)


def _forgotten(backend: Module, town: Town, gone: list[Record]) -> None:
    held = backend.held() if backend.held is not None else backend.plugin
    words = list(texts_in(held))
    assert not any(CANARY in text for text in words), "it holds what somebody said who was erased"
    ids = {one.id for one in gone} | {town.ids["maya"]}
    assert not any(one in text for text in words for one in ids), "it holds ids of what was erased"
    for one in gone:
        assert town.stored(one).body is None
    with town.kit.session(actor=town.ids["robin"]) as s:
        for topic in ("match", "goal", "service", "words"):
            given = [*texts_in([attrs.asdict(each) for each in s.suggest(topic)])]
            assert not any(CANARY in text for text in given)
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


def _stored(backend: Module, town: Town, kind: Kind, made: Record) -> list[Record]:
    try:
        return backend.store(town, kind, with_trail(planted(made), made.trail))
    except (AssertionError, PeerkitError):
        return backend.store(town, kind, made)  # it takes no such words there: then nobody says them


def planted(one: Any) -> Any:
    """The record or part with the canary in every private text, as far as its fields take it."""
    hints = typing.get_type_hints(type(one))
    for name in (field.name for field in attrs.fields(type(one)) if field.init and field.name != "extra"):
        held, hint = getattr(one, name), hints[name]
        value: Any = None
        if isinstance(held, Part):
            value = planted(held)
        elif isinstance(held, tuple) and held and isinstance(held[0], Part):
            value = tuple(planted(each) for each in held)
        elif one.field_classes.get(name, Class.public) in FREE:
            continue
        elif hint is str or (hint is Any and isinstance(held, str)):
            value = CANARY
        elif typing.get_origin(hint) is tuple and typing.get_args(hint)[0] is str:
            value = (CANARY,)
        if value is not None:
            with suppress(Exception):
                one = attrs.evolve(one, **{name: value})
    return one


def _said(backend: Module, town: Town, kind: Kind) -> Iterator[tuple[str, Any]]:
    """What each act makes of words in each of its arguments that takes a text."""
    for made in backend.made(town, kind):
        creation = made.trail.acts[0] if made.trail is not None else None
        if creation is not None:
            for name, (hint, _) in arguments_of(inspect.unwrap(getattr(kind.cls, creation.name))).items():
                if _takes_text(hint):
                    said = {**creation.args, name: CANARY}
                    with suppress(PeerkitError):
                        yield creation.name, getattr(kind.cls, creation.name)(**said)
        for act, row in kind.cls.table.items():
            if row.creates:
                continue
            hints = arguments_of(inspect.unwrap(getattr(made, act)))
            for name, (hint, _) in hints.items():
                if _takes_text(hint):
                    for _, after in acted(made, only=act, **{name: CANARY}):
                        yield act, after


def _takes_text(hint: Any) -> bool:
    """Whether an argument is a text; a record or its id is none, and `save` looks how ids are written."""
    return hint is str or (str in typing.get_args(hint) and Record not in typing.get_args(hint))


def _shown(one: Any) -> Iterator[Any]:
    yield one
    yield one.trail
    for field in attrs.fields(type(one)):
        held = getattr(one, field.name)
        for each in held if isinstance(held, tuple) else (held,):
            if isinstance(each, Part):
                yield each


def _get(town: Town, name: str, one: Record) -> None:
    with town.kit.session(actor=town.ids[name]) as s:
        s.get(type(one), one.id)


def _quiet(work: Callable[[], Any]) -> None:
    """Do it; if it fails, then with an error of peerkit's own in which nothing is quoted."""
    try:
        work()
    except PeerkitError as error:
        told = [str(error), repr(error), repr(error.args), *map(repr, getattr(error, "objections", ()))]
        chain: Any = traceback.TracebackException.from_exception(error, lookup_lines=False)
        while chain is not None:
            told += chain.format_exception_only()
            chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
        assert CANARY not in "".join(told), "an error quotes what somebody said"


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Everything that is logged meanwhile."""
    told: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(self.format(record))

    root, handler = logging.getLogger(), Listening(logging.DEBUG)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield told
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


__all__ = ["CANARY", "LeavingClauses", "RedactionClauses", "planted"]
