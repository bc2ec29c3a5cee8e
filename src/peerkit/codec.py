# SPDX-License-Identifier: Apache-2.0
"""Records to documents and back.

Reading is tolerant: old documents climb through upcasters, unknown fields survive at every depth
(`extra`), an unknown kind or a newer document becomes an `Opaque`. Values are strict: a number is
not a text and a naive instant is Malformed. Errors name kinds and paths, never values.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from math import isfinite
from typing import Any, ClassVar

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from peerkit.errors import Malformed
from peerkit.model.acts import Trail
from peerkit.model.base import Part, Record, fold, part_types
from peerkit.model.ids import moment, stamp
from peerkit.ports import Envelope, Stored

Document = dict[str, Any]
Upcaster = Callable[[Document], Document]


@attrs.frozen(kw_only=True, repr=False)
class Opaque(Record):
    """A document of a kind or version that this process does not know: readable as bytes, never
    written (kinds of the safety lane are still appended to)."""

    kind: ClassVar[str] = "?"
    of: str = ""
    doc: int = 0
    body: bytes = b""

    def __repr__(self) -> str:
        return f"<Opaque {self.of} {self.id} v{self.version}>"


_PLAIN = frozenset({str, int, bool, float})


def _constant(_: str) -> Any:
    raise Malformed("NaN and infinity are no JSON", where="document")


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        _constant(text)  # 1e999 is a number to JSON and none to anybody else
    return value


_decoder = json.JSONDecoder(parse_constant=_constant, parse_float=_finite)
_encoder = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), sort_keys=True
)


def loads(raw: bytes) -> Any:
    """JSON bytes to plain values; Malformed for what is no JSON or holds NaN or a lone surrogate."""
    try:
        found = _decoder.decode(raw.decode())
    except (ValueError, RecursionError):
        raise Malformed("the document is no JSON in UTF-8", where="document") from None
    if b"\\ud" in raw or b"\\uD" in raw:
        dumps(found)  # only an escape can bring in half a pair
    return found


def dumps(value: Any) -> bytes:
    """Plain values to JSON bytes, keys sorted; Malformed for NaN and lone surrogates."""
    try:
        return _encoder.encode(value).encode()
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise Malformed(
            "NaN, lone surrogates and foreign objects cannot be stored", where="document"
        ) from None


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
    converter.register_structure_hook_func(lambda t: t is Any, lambda value, _: value)

    def owned(t: Any) -> bool:
        return isinstance(t, type) and issubclass(t, Record | Part)

    converter.register_structure_hook_factory(owned, lambda cls: _attrs_in(cls, converter))
    converter.register_unstructure_hook_factory(owned, lambda cls: _attrs_out(cls, converter))

    def sequence(t: Any) -> bool:
        return typing.get_origin(t) is tuple

    def sequence_in(t: Any) -> Callable[[Any, Any], Any]:
        (item, *rest) = typing.get_args(t)
        inner = converter.get_structure_hook(item)
        size = 0 if Ellipsis in rest else 1 + len(rest)

        def take(value: Any, _: Any) -> Any:
            if type(value) is not list or (size and len(value) != size):
                raise TypeError("list")
            return tuple([inner(one, item) for one in value])

        return take

    def sequence_out(t: Any) -> Callable[[Any], Any]:
        (item, *rest) = typing.get_args(t)
        inner = converter.get_unstructure_hook(item)
        size = 0 if Ellipsis in rest else 1 + len(rest)

        def give(value: Any) -> Any:
            if type(value) not in {tuple, list} or (size and len(value) != size):
                raise TypeError("tuple")
            return [inner(one) for one in value]

        return give

    converter.register_structure_hook_factory(sequence, sequence_in)
    converter.register_unstructure_hook_factory(sequence, sequence_out)
    return converter


def _path(error: BaseException) -> str:
    """The path of the first fault in a cattrs error, without its values."""
    from cattrs import transform_error

    try:
        text = transform_error(error)[0]
    except Exception:  # noqa: BLE001  # the path is a help, never a second fault
        return "$"
    return text.rpartition("@ ")[2] or "$"


def _misfit(value: Any, path: str, converter: Converter) -> str:
    """The path of the first field that cannot be written."""
    hints = typing.get_type_hints(type(value), include_extras=True)
    for field in attrs.fields(type(value)):
        if field.name in {"extra", "trail"}:
            continue
        held = getattr(value, field.name)
        try:
            converter.get_unstructure_hook(hints[field.name])(held)
        except Exception:  # noqa: BLE001  # as above
            for number, one in enumerate(held if isinstance(held, tuple) else ()):
                if isinstance(one, Part) and isinstance(one, part_types(hints[field.name])):
                    deeper = _misfit(one, f"{path}.{field.name}[{number}]", converter)
                    if not deeper.endswith("]"):
                        return deeper
            return f"{path}.{field.name}"
    return path


class Codec:
    """Knows the kinds: how to read and write each, at which version, with which upcasters.

    `find_kind(name)` gives the class for a kind's name or None; kinds are loaded when first needed.
    """

    def __init__(self, find_kind: Callable[[str], type[Record] | None]) -> None:
        self._find_kind = find_kind
        self._converter = make_converter()
        self._upcasters: dict[tuple[str, int], Upcaster] = {}
        self._classes: dict[str, type[Record]] = {}
        self._in: dict[str, tuple[type[Record], Callable[[Any, Any], Any]]] = {}
        self._out: dict[str, Callable[[Any], Any]] = {}

    def add_upcaster(self, kind: str, version: int, upcast: Upcaster) -> None:
        """`upcast` turns a raw document of `version` into one of `version + 1`."""
        if (kind, version) in self._upcasters:
            raise Malformed("two upcasters for one version", where=f"{kind} {version}")
        self._upcasters[kind, version] = upcast

    def class_of(self, kind: str) -> type[Record] | None:
        """The class for a kind's name, or None if nobody here knows it."""
        found = self._classes.get(kind)
        if found is None and (found := self._find_kind(kind)) is not None:
            self._classes[kind] = found
        return found

    def decode(self, stored: Stored) -> Record:
        """The record in a stored version; an `Opaque` for what this process does not know."""
        envelope = stored.envelope
        known = self._in.get(envelope.kind) or self._learn(envelope.kind)
        if known is None or envelope.doc_version > known[0].doc_version or stored.body is None:
            return self._opaque(stored)
        cls, structure = known
        document = loads(stored.body)
        for version in range(envelope.doc_version, cls.doc_version):
            upcast = self._upcasters.get((envelope.kind, version))
            if upcast is None:
                return self._opaque(stored)
            try:
                document = upcast(document)
            except Exception:  # noqa: BLE001  # a plugin's code, whose error may quote the document
                raise Malformed(
                    "the upcaster of this version failed", where=f"{envelope.kind} {version}"
                ) from None
        try:
            document["id"] = envelope.id
            made = structure(document, cls)
        except Malformed:
            raise
        except Exception as error:  # noqa: BLE001  # cattrs groups whatever the values raised
            raise Malformed(
                "the document does not fit its kind", where=f"{envelope.kind} {_path(error)}"
            ) from None
        object.__setattr__(made, "trail", Trail(envelope.version, (), envelope))
        return typing.cast("Record", made)

    def encode(self, record: Record) -> bytes:
        """The document of a record, as bytes. Its id stands in the envelope."""
        document = self.document(record)
        document.pop("id", None)
        return dumps(document)

    def document(self, record: Record) -> Document:
        """The document of a record as plain values. Malformed, with its path, for a value that is not
        of its field's type: nobody could read it again."""
        out = self._out.get(record.kind)
        if out is None:
            out = self._out[record.kind] = self._converter.get_unstructure_hook(type(record))
        try:
            return typing.cast("Document", out(record))
        except Exception:  # noqa: BLE001  # whatever a foreign value does when it is looked at
            raise Malformed(
                "the value is not of its field's type (an instant needs a time zone)",
                where=_misfit(record, record.kind, self._converter),
            ) from None

    def plain(self, value: Any) -> Any:
        """Any argument of an act as plain JSON values."""
        if value is None or type(value) in _PLAIN:
            return value
        if isinstance(value, Record):
            return value.id
        if isinstance(value, Mapping):
            return {str(k): self.plain(v) for k, v in value.items()}
        if isinstance(value, tuple | list | frozenset | set):
            return [self.plain(v) for v in value]
        if isinstance(value, Enum):
            return value.value
        if isinstance(value, datetime) and value.tzinfo is None:
            return value.isoformat()  # a wall clock's time, as meetings have; an instant's field refuses it
        try:
            return self._converter.unstructure(value)
        except Exception:  # noqa: BLE001  # as in `document`
            raise Malformed("an argument of an act cannot be stored", where="act") from None

    def index(self, record: Record, document: Document | None = None) -> dict[str, Any]:
        """The normalized projection that feeds indexes and conditions: operational and public only."""
        document = document if document is not None else self.document(record)
        found = {name: document[name] for name in record.indexed}
        for name in record.folded:
            found[name] = fold(found[name])
        return found

    @staticmethod
    def text(record: Record) -> str:
        """What full-text search finds the record by: its public texts, if its kind is searched."""
        if not record.searched:
            return ""
        parts: list[str] = []
        for name in record.searched:
            held = getattr(record, name)
            parts += held if isinstance(held, tuple) else [held] if isinstance(held, str) else []
        return "\n".join(part for part in parts if part)

    def _learn(self, kind: str) -> tuple[type[Record], Callable[[Any, Any], Any]] | None:
        cls = self.class_of(kind)
        if cls is None:
            return None
        self._in[kind] = (cls, self._converter.get_structure_hook(cls))
        return self._in[kind]

    @staticmethod
    def _opaque(stored: Stored) -> Opaque:
        envelope: Envelope = stored.envelope
        made = Opaque(id=envelope.id, of=envelope.kind, doc=envelope.doc_version, body=stored.body or b"")
        object.__setattr__(made, "trail", Trail(envelope.version, (), envelope))
        return made
