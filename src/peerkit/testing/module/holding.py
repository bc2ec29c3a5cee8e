# SPDX-License-Identifier: Apache-2.0
"""Every text that a module holds outside of the program: on its object, in its code, in caches."""

from __future__ import annotations

import functools
import gc
import logging
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

CACHED = type(functools.lru_cache(lambda: None))
AROUND: dict[type, tuple[str, ...]] = {
    types.MethodType: ("__self__", "__func__"),
    classmethod: ("__func__",),
    staticmethod: ("__func__",),
    property: ("fget", "fset"),
    functools.partial: ("func", "args", "keywords"),
    logging.Logger: ("handlers",),  # and not those above it, which are whoever's who runs the tests
}
"""What is around a function or handlers of a log, and where it holds that and more."""

OPAQUE = (
    types.ModuleType,
    types.BuiltinFunctionType,
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
    globals_ = [value for items in there for key, value in tuple(items) if not key.startswith("__")]
    yield from texts_in([plugin, *cls.__mro__, *globals_], frozenset(names))


def _package(module: str) -> str:
    """The package whose code a module belongs to: the outermost that has a file. Folders of tests have none:
    what stands beside a test is not its plugin's. Nor is what stands beside a module of peerkit's own."""
    parts = module.split(".")
    names = [".".join(parts[: n + 1]) for n in range(len(parts))]
    filed = [one for one in names if getattr(sys.modules.get(one), "__file__", None) is not None]
    return module if parts[0] == "peerkit" or not filed else filed[0]


def texts_in(held: object, code: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every text in a value: in containers, in what hangs on objects, and in caches. Of classes, functions
    and handlers of a log only those are looked into that stand in these modules: other code is nobody's
    data."""
    seen: set[int] = set()
    ahead = [held]
    while ahead:
        one = ahead.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, bytes | bytearray):
            yield bytes(one).decode("utf-8", "replace")
        elif id(one) not in seen and not _opaque(one, code):
            seen.add(id(one))
            ahead += _inside(one, code)


def _opaque(one: object, code: frozenset[str]) -> bool:
    foreign = isinstance(one, logging.Handler) and type(one).__module__ not in code
    return foreign or isinstance(one, OPAQUE) or type(one).__module__ in TYPING


def _inside(one: Any, code: frozenset[str]) -> list[Any]:
    if isinstance(one, type):
        mine = one.__module__ in code
        return [held for name, held in vars(one).items() if not name.startswith("__")] if mine else []
    if isinstance(one, CACHED):  # what it was asked is a key of the dictionary that it hangs on to
        kept = gc.get_referents(one) if one.__module__ in code else []
        return [each for each in kept if isinstance(each, dict)]
    if isinstance(one, types.FunctionType):
        return _closed_over(one) if one.__module__ in code else []
    for kind, names in AROUND.items():
        if isinstance(one, kind):
            return [getattr(one, name) for name in names]
    if isinstance(one, Mapping):
        return [*one.keys(), *one.values()]
    if isinstance(one, Iterable) and not isinstance(one, Iterator):
        return list(one)
    if attrs.has(type(one)):
        return [getattr(one, field.name) for field in attrs.fields(type(one))]
    slots = [name for cls in type(one).__mro__ for name in _slots(cls)]
    return [*getattr(one, "__dict__", {}).values(), *(getattr(one, name, None) for name in slots)]


def _slots(cls: type[Any]) -> tuple[str, ...]:
    slots = vars(cls).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _closed_over(function: types.FunctionType) -> list[Any]:
    held: list[Any] = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    held += vars(function).values()
    for cell in function.__closure__ or ():
        try:
            held.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    return held


__all__ = ["texts_in", "texts_of"]
