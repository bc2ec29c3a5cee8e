# SPDX-License-Identifier: Apache-2.0
"""Words such as somebody would say, put wherever a module takes some; and whether they came out anywhere."""

from __future__ import annotations

import contextlib
import inspect
import io
import logging
import traceback
import types
import typing
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import attrs

from peerkit.errors import PeerkitError, Refused
from peerkit.hooks import Kind
from peerkit.model.base import Class, Part, Record
from peerkit.testing.making import arguments_of
from peerkit.testing.module.holding import texts_in
from peerkit.testing.module.parts import NAMES, Module
from peerkit.testing.town import Town

CANARY = "Zq7x9 \u2603 said the canary aloud"
"""Words such as somebody would say: no code is written like this."""

START = "zq7x9"
"""How it begins: of what was cut short, or written in other letters, so much is left at least."""

FREE = frozenset({Class.operational, Class.public})
HOSTILE: tuple[Any, ...] = (CANARY, {CANARY: CANARY}, [CANARY], (CANARY, 1), CANARY.encode(), -1.5)


def quotes(text: str | bytes) -> bool:
    """Whether a text has something of the canary in it, however it is written."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return START in said.casefold()


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
        elif hint is Any and isinstance(held, str):
            value = CANARY
        else:
            value = _words_for(hint)
        if value is not None:
            with suppress(Exception):
                one = attrs.evolve(one, **{name: value})
    return one


def said(backend: Module, town: Town, kind: Kind) -> Iterator[tuple[str, Any]]:
    """What each act makes of words in each of its arguments that takes some."""
    for made in backend.made(town, kind):
        for act, name, call in calls(backend, made):
            words = _words_for(arguments_of(inspect.unwrap(getattr(kind.cls, act)))[name][0])
            if words is not None:
                with suppress(PeerkitError):
                    yield act, call(words)


def go_on(backend: Module, town: Town, one: Record) -> None:
    """Do with a stored record whatever somebody of the town may still do with it, first what leaves its state
    as it is, and say words wherever its acts take some: hooks see what comes after the beginning too."""
    rows = [row for row in one.table.values() if not row.creates]
    for row in sorted(rows, key=lambda row: row.to not in {"=", "-"}):
        [now] = [each for each in town.every(type(one)) if each.id == one.id]
        given = backend.arguments_for(now, row.act) if backend.lawful(now, row.act) else None
        if given is None:
            continue
        takes = [*arguments_of(inspect.unwrap(getattr(now, row.act))).items()]
        of_a_part = row.of != "-" and row.sources != ("-",)  # which it says first
        words = {name: _words_for(hint) for name, (hint, _) in takes[of_a_part:]}
        words = {name: value for name, value in words.items() if value is not None}
        for spoken in (words, *({name: value} for name, value in words.items()), {}):
            if _done(backend, town, partial(getattr(now, row.act), **given | spoken)):
                break


def _done(backend: Module, town: Town, act: Callable[[], Any]) -> bool:
    """Whether somebody of the town could do it."""
    for name in NAMES:
        try:
            town.save(act(), by=name)
        except Refused as no:
            backend.refused.append(no)
        except PeerkitError:
            return False
        else:
            return True
    return False


def calls(backend: Module, made: Record) -> Iterator[tuple[str, str, Callable[[Any], Any]]]:
    """Each act, in each state that can be come to, with each of its arguments: how to do it with that said
    and the others as they should be."""
    for one in (made, *(after for _, _, after in backend.walked(made))):
        for act in one.table:
            given = backend.arguments_for(one, act)
            for name in arguments_of(inspect.unwrap(getattr(one, act))) if given is not None else ():
                yield act, name, _saying(getattr(one, act), given or {}, name)


def _saying(act: Callable[..., Any], given: dict[str, Any], name: str) -> Callable[[Any], Any]:
    return lambda value: act(**{**given, name: value})


def _words_for(hint: Any) -> Any:
    """The canary in the form that a field or an argument takes, or None: a record or its id is no text, and
    `save` looks how ids are written."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is str:
        return CANARY
    if origin in {typing.Union, types.UnionType} and Record not in inner:
        return next((one for one in map(_words_for, inner) if one is not None), None)
    if origin is tuple and inner[0] is str:
        return (CANARY,)
    if origin in {dict, Mapping} and inner[0] is str and inner[1] in {str, Any}:
        return {CANARY: CANARY}
    return None


def in_the_open(one: Any, *, public: bool) -> Iterator[str]:
    """The fields that quote somebody and that anybody may be given: operational ones, at every depth, and
    those that are `public`. Not those that hold an id: `save` looks how that is written."""
    ids = getattr(one, "reference_fields", ())
    free = FREE if public else FREE - {Class.public}
    for name, held in ((field.name, getattr(one, field.name)) for field in attrs.fields(type(one))):
        if name not in ids and one.field_classes.get(name) in free and any(map(quotes, texts_in(held))):
            yield name
        for part in held if isinstance(held, tuple) else (held,):
            if isinstance(part, Part):
                yield from (f"{name}.{inner}" for inner in in_the_open(part, public=public))


def shown(one: Any) -> Iterator[Any]:
    """The record, its trail and each of its parts: whatever of it has a `repr`."""
    yield one
    yield one.trail
    for field in attrs.fields(type(one)):
        held = getattr(one, field.name)
        for each in held if isinstance(held, tuple) else (held,):
            if isinstance(each, Part):
                yield each


def unquoted(work: Callable[[], Any]) -> None:
    """Do it; if it fails, then with an error of peerkit's own in which nothing is quoted."""
    try:
        work()
    except PeerkitError as error:
        quotes_nobody(error)


def quotes_nobody(error: BaseException) -> None:
    """That neither an error nor what it comes from quotes what somebody said."""
    told = [str(error), repr(error), repr(error.args), *map(repr, getattr(error, "objections", ()))]
    chain: Any = traceback.TracebackException.from_exception(error, lookup_lines=False)
    while chain is not None:
        told += chain.format_exception_only()
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    assert not any(map(quotes, told)), "an error quotes what somebody said"


@contextmanager
def listening() -> Iterator[list[str]]:
    """Everything that is logged, printed or warned of meanwhile; it is there behind the block."""
    told: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(self.format(record))

    root, handler, printed = logging.getLogger(), Listening(logging.DEBUG), io.StringIO()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with (
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
            warnings.catch_warnings(record=True) as warned,
        ):
            warnings.simplefilter("always")
            yield told
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        told.append(printed.getvalue())
        told += [str(one.message) for one in warned]


__all__ = [
    "CANARY", "FREE", "HOSTILE", "calls", "go_on", "in_the_open", "listening", "planted", "quotes",
    "quotes_nobody", "said", "shown", "unquoted",
]  # fmt: skip
