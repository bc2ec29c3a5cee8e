# SPDX-License-Identifier: Apache-2.0
"""Every text that a module holds outside of the program: on its object, in its code, in caches."""

from __future__ import annotations

import functools
import gc
import io
import logging
import sys
import types
from collections.abc import Collection, Iterator, Mapping
from contextvars import ContextVar
from typing import Any

CACHED = type(functools.lru_cache(lambda: None))
OPAQUE = (
    types.ModuleType,
    types.FrameType,
    types.TracebackType,
    types.GenericAlias,
    types.UnionType,
)
TYPING = frozenset({"typing", "typing_extensions"})
"""Whose values are annotations: they hold nobody's data, and one that is gone through gives others without
end."""


def texts_of(plugin: object) -> Iterator[str]:
    """Every text that a plugin holds: on the object that it is, and in the modules of its code."""
    cls: Any = type(plugin)
    module = plugin.__name__ if isinstance(plugin, types.ModuleType) else cls.__module__
    package = _package(module)
    names = [one for one in sys.modules if one == module or f"{one}.".startswith(f"{package}.")]
    there = [vars(sys.modules[one]).items() for one in names if one in sys.modules]
    globals_ = [value for items in there for key, value in tuple(items) if not _of_python(key)]
    yield from texts_in([plugin, *cls.__mro__, *globals_], frozenset(names))


def _package(module: str) -> str:
    """The package whose code a module belongs to: the outermost that has a file. Folders of tests have none:
    what stands beside a test is not its plugin's. Nor is what stands beside a module of peerkit's own."""
    parts = module.split(".")
    names = [".".join(parts[: n + 1]) for n in range(len(parts))]
    filed = [one for one in names if getattr(sys.modules.get(one), "__file__", None) is not None]
    return module if parts[0] == "peerkit" or not filed else filed[0]


def texts_in(held: object, code: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every text in a value: in containers, in what hangs on objects, and in caches; what an iterator gives
    that is itself the value. Of classes, functions and handlers of a log only those are looked into that
    stand in these modules: other code is nobody's data."""
    seen: dict[int, object] = {}  # which stay alive, so that no other gets the number of one
    ahead = list(held) if isinstance(held, Iterator) else [held]
    while ahead:
        one = ahead.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        if isinstance(one, str):
            yield one
        elif isinstance(one, bytes | bytearray):
            yield bytes(one).decode("utf-8", "replace")
        elif not _opaque(one, code):
            ahead += _inside(one, code)


def _of_python(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _opaque(one: object, code: frozenset[str]) -> bool:
    foreign = isinstance(one, logging.Handler) and type(one).__module__ not in code
    return foreign or isinstance(one, OPAQUE) or type(one).__module__ in TYPING


def _inside(one: Any, code: frozenset[str]) -> list[Any]:
    """What it holds: whatever Python says that it refers to, and what it gives of itself besides."""
    if isinstance(one, type):
        mine = one.__module__ in code
        return [held for name, held in vars(one).items() if not _of_python(name)] if mine else []
    if isinstance(one, types.FunctionType):
        return _closed_over(one) if one.__module__ in code else []
    if isinstance(one, CACHED) and one.__module__ not in code:
        return []
    if isinstance(one, logging.Logger):
        return list(one.handlers)  # and not those above it, which are whoever's who runs the tests
    held = gc.get_referents(one)
    if isinstance(one, ContextVar):
        held.append(one.get(None))
    elif isinstance(one, io.StringIO | io.BytesIO) and not one.closed:
        held.append(one.getvalue())
    elif isinstance(one, Mapping):
        held += [*one.keys(), *one.values()]
    elif isinstance(one, Collection) and not isinstance(one, range):
        held += list(one)
    return held


def _closed_over(function: types.FunctionType) -> list[Any]:
    cells = function.__closure__ or ()
    return [function.__defaults__, function.__kwdefaults__, vars(function), *cells]


__all__ = ["texts_in", "texts_of"]
