# SPDX-License-Identifier: Apache-2.0
"""What is left of a record's document where only some classes of data may leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from peerkit.codec import Codec
from peerkit.model.base import Class, Part, Record


def classes_in(record: Record) -> frozenset[Class]:
    """The classes of data that a record's fields have, at every depth."""
    found = set(type(record).field_classes.values())
    for part in _parts(record):
        found |= set(type(part).field_classes.values())
    return frozenset(found)


def _parts(value: Any) -> Iterator[Part]:
    for field in attrs.fields(type(value)):
        held = getattr(value, field.name)
        for one in held if isinstance(held, tuple) else (held,):
            if isinstance(one, Part):
                yield one
                yield from _parts(one)


def cut(codec: Codec, record: Record, shown: frozenset[Class]) -> dict[str, Any]:
    """The record's document with the fields of these classes alone, at every depth. `extra`, whose
    classes nobody here knows, does not leave."""
    whole = codec.document(attrs.evolve(record, extra={}))
    return {"id": record.id, **_shown(record, type(record).field_classes, whole, shown)}


def _shown(
    value: Any, classes: Mapping[str, Class], document: Mapping[str, Any], shown: frozenset[Class]
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for field in attrs.fields(type(value)):
        name = field.name
        held = getattr(value, name)
        inner = held if isinstance(held, tuple) else (held,)
        if any(isinstance(one, Part) for one in inner):
            cut = [
                _shown(one, type(one).field_classes, doc, shown)
                for one, doc in zip(inner, _listed(document[name]), strict=True)
                if isinstance(one, Part)
            ]
            out[name] = cut if isinstance(held, tuple) else cut[0]
        elif classes.get(name) in shown and name in document:
            out[name] = document[name]
    return out


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [found]
