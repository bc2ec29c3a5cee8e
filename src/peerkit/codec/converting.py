# SPDX-License-Identifier: Apache-2.0
"""The cattrs converter behind the codec: strict values, UTC instants, unknown fields kept at every depth."""

from __future__ import annotations

import typing
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from peerkit.errors import Malformed
from peerkit.model.base import Part, Record, part_types
from peerkit.model.ids import moment, stamp


def _strict(kind: type[Any]) -> Callable[[Any, Any], Any]:
    def take(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(kind.__name__)
        return value

    return take


def _number(value: Any, _: Any) -> float:
    if type(value) not in {int, float}:
        raise TypeError("number")
    return float(value)


def _instant(value: Any, _: Any) -> datetime:
    if type(value) is not str:
        raise TypeError("instant")
    found = moment(value)
    if found.tzinfo is None:
        raise ValueError("naive")
    return found


def _strict_out(kind: type[Any]) -> Callable[[Any], Any]:
    """What is written is of its type, so that what was written can be read: `"no"` is no bool."""

    def give(value: Any) -> Any:
        if type(value) is not kind and (not isinstance(value, kind) or isinstance(value, bool)):
            raise TypeError(kind.__name__)
        return value

    return give


def _number_out(value: Any) -> float:
    if type(value) not in {int, float}:
        raise TypeError("number")
    return float(value)


def _instant_out(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError("instant")
    if value.tzinfo is None:
        raise Malformed("an instant needs a time zone")
    return stamp(value)


def _day_out(value: Any) -> str:
    if type(value) is not date:
        raise TypeError("date")
    return value.isoformat()


def _day(value: Any, _: Any) -> date:
    if type(value) is not str:
        raise TypeError("date")
    return date.fromisoformat(value)


def _attrs_in(cls: type[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    """Structures a record or part, and keeps unknown fields in `extra`."""
    known = {f.name for f in attrs.fields(cls) if f.init and f.name != "extra"}
    inner = make_dict_structure_fn(
        cls, converter, extra=override(omit=True), _cattrs_detailed_validation=True
    )
    size = len(known)

    def take(value: Any, _: Any) -> Any:
        if type(value) is not dict:
            raise TypeError("object")
        made = inner(value, cls)
        if len(value) > size or not value.keys() <= known:
            rest = {k: v for k, v in value.items() if k not in known}
            object.__setattr__(made, "extra", rest)
        return made

    return take


def _attrs_out(cls: type[Any], converter: Converter) -> Callable[[Any], Any]:
    hidden = {"extra": override(omit=True)}
    if issubclass(cls, Record):
        hidden["trail"] = override(omit=True)
    inner = make_dict_unstructure_fn(cls, converter, **hidden)  # type: ignore[arg-type]  # overrides by field

    def give(value: Any) -> Any:
        made = inner(value)
        return {**value.extra, **made} if value.extra else made

    return give


def _sequence_in(t: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    (item, *rest) = typing.get_args(t)
    inner = converter.get_structure_hook(item)
    size = 0 if Ellipsis in rest else 1 + len(rest)

    def take(value: Any, _: Any) -> Any:
        if type(value) is not list or (size and len(value) != size):
            raise TypeError("list")
        return tuple([inner(one, item) for one in value])

    return take


def _sequence_out(t: Any, converter: Converter) -> Callable[[Any], Any]:
    (item, *rest) = typing.get_args(t)
    inner = converter.get_unstructure_hook(item)
    size = 0 if Ellipsis in rest else 1 + len(rest)

    def give(value: Any) -> Any:
        if type(value) not in {tuple, list} or (size and len(value) != size):
            raise TypeError("tuple")
        return [inner(one) for one in value]

    return give


def _annotated_in(t: Any, converter: Converter) -> Callable[[Any, Any], Any]:
    """The hook of the type within. No hook of this module looks at its second argument, so it stands for
    itself; cattrs would put one more call around it, for each field of each record."""
    hook = converter.get_structure_hook(t.__origin__)
    if getattr(hook, "__module__", "") == __name__:
        return hook
    return lambda value, _: hook(value, t.__origin__)


def _decimal_out(value: Any) -> str:
    """As text: a JSON number is a float to most readers, and 0.1 is none."""
    if type(value) is not Decimal or not value.is_finite():
        raise TypeError("decimal")
    return str(value)


def _decimal(value: Any, _: Any) -> Decimal:
    if type(value) is not str:
        raise TypeError("decimal")
    found = Decimal(value)
    if not found.is_finite():
        raise ValueError("decimal")
    return found


def make_converter() -> Converter:
    """A converter of peerkit's own: strict scalars, UTC instants, `extra` at every depth."""
    converter = Converter(
        detailed_validation=True, unstruct_collection_overrides={tuple: list, frozenset: sorted}
    )
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _strict(kind))
        converter.register_unstructure_hook(kind, _strict_out(kind))
    converter.register_structure_hook(float, _number)
    converter.register_unstructure_hook(float, _number_out)
    converter.register_structure_hook(datetime, _instant)
    converter.register_unstructure_hook(datetime, _instant_out)
    converter.register_structure_hook(date, _day)
    converter.register_unstructure_hook(date, _day_out)
    converter.register_structure_hook(Decimal, _decimal)
    converter.register_unstructure_hook(Decimal, _decimal_out)
    converter.register_structure_hook_func(lambda t: t is Any, lambda value, _: value)

    def owned(t: Any) -> bool:
        return isinstance(t, type) and issubclass(t, Record | Part)

    converter.register_structure_hook_factory(owned, lambda cls: _attrs_in(cls, converter))
    converter.register_unstructure_hook_factory(owned, lambda cls: _attrs_out(cls, converter))

    def sequence(t: Any) -> bool:
        return typing.get_origin(t) is tuple

    converter.register_structure_hook_factory(sequence, lambda t: _sequence_in(t, converter))
    converter.register_unstructure_hook_factory(sequence, lambda t: _sequence_out(t, converter))
    converter.register_structure_hook_factory(
        lambda t: hasattr(t, "__metadata__"), lambda t: _annotated_in(t, converter)
    )
    return converter


def path_in(error: BaseException) -> str:
    """The path of the first fault in a cattrs error, without its values: a key of a mapping may be somebody's
    word as well, and only a number stands as it is."""
    from cattrs import ClassValidationError, IterableValidationError

    path = "$"
    while isinstance(error, ClassValidationError | IterableValidationError):
        noted: Any = error.group_exceptions()[0]
        if not noted:
            break
        error, note = noted[0]
        if hasattr(note, "name"):
            path += f".{note.name}"
        else:
            path += f"[{note.index}]" if type(note.index) is int else "[…]"
    return path


def misfit(value: Any, path: str, converter: Converter) -> tuple[str, str]:
    """The path of the first field that cannot be written, and why."""
    why = "the value is not of its field's type"
    hints = typing.get_type_hints(type(value), include_extras=True)
    for field in attrs.fields(type(value)):
        if field.name in {"extra", "trail"}:
            continue
        held = getattr(value, field.name)
        try:
            converter.get_unstructure_hook(hints[field.name])(held)
        except Malformed as fault:
            return f"{path}.{field.name}", str(fault)
        except Exception:  # noqa: BLE001  # as above
            for number, one in enumerate(held if isinstance(held, tuple) else ()):
                if isinstance(one, Part) and isinstance(one, part_types(hints[field.name])):
                    deeper = misfit(one, f"{path}.{field.name}[{number}]", converter)
                    if not deeper[0].endswith("]"):
                        return deeper
            return f"{path}.{field.name}", why
    return path, why
