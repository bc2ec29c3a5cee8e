# SPDX-License-Identifier: Apache-2.0
"""Records to documents and back.

Reading is tolerant: old documents climb through upcasters, unknown fields survive at every depth
(`extra`), an unknown kind or a newer document becomes an `Opaque`, and so does, among others (`read`), one
that does not fit its kind. Values are strict: a number is
not a text and a naive instant is Malformed. Errors name kinds and paths, never values.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

import attrs

from peerkit.codec.converting import make_converter, misfit, path_in
from peerkit.codec.plain import dumps, loads
from peerkit.errors import Malformed
from peerkit.model.acts import Trail
from peerkit.model.base import Record, fold
from peerkit.ports import Envelope, Stored

Document = dict[str, Any]
Upcaster = Callable[[Document], Document]


@attrs.frozen(kw_only=True, repr=False)
class Opaque(Record):
    """A document that this process cannot read: of a kind or version that it does not know, erased, or
    damaged. It has its envelope and its bytes, and is never written (kinds of the safety lane are still
    appended to).

    It stands among readable records wherever several are read (`find`, `history`, a plugin's view), so
    that one such document neither hides the others nor is hidden. `of` is its kind, `doc` its document
    version, `body` its bytes (empty: erased). `fault` says what does not fit, by its path and never by a
    value; it is empty where the document is only unknown, newer or erased.
    """

    kind: ClassVar[str] = "?"
    of: str = ""
    doc: int = 0
    body: bytes = b""
    fault: str = ""

    @property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Whom the record is about, from its envelope, which is there also where the rest cannot be read."""
        envelope = self.trail.envelope if self.trail is not None else None
        return () if envelope is None else tuple(envelope.subjects)

    def __repr__(self) -> str:
        return f"<Opaque {self.of} {self.id} v{self.version}>"


_PLAIN = frozenset({str, int, bool, float})


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
                "the document does not fit its kind", where=f"{envelope.kind} {path_in(error)}"
            ) from None
        object.__setattr__(made, "trail", Trail(envelope.version, (), envelope, None, stored.body))
        return typing.cast("Record", made)

    def read(self, stored: Stored) -> Record:
        """As `decode`, but what does not fit its kind is an `Opaque` too, with its `fault`: for whoever
        reads several, where one document must not stand in the way of the others."""
        try:
            return self.decode(stored)
        except Malformed as fault:
            return self._opaque(stored, str(fault))

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
            where, why = misfit(record, record.kind, self._converter)
            raise Malformed(why, where=where) from None

    def plain(self, value: Any) -> Any:
        """Any argument of an act as plain JSON values."""
        kind = type(value)  # asked first, because asking what kinds of mapping there are costs
        if value is None or kind in _PLAIN:
            return value
        if kind is tuple or kind is list or isinstance(value, frozenset | set):
            return [v if type(v) in _PLAIN else self.plain(v) for v in value]
        if isinstance(value, Record):
            return value.id
        if kind is dict or isinstance(value, Mapping):
            return {str(k): v if type(v) in _PLAIN else self.plain(v) for k, v in value.items()}
        if isinstance(value, tuple | list):
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
    def _opaque(stored: Stored, fault: str = "") -> Opaque:
        envelope: Envelope = stored.envelope
        body = stored.body or b""
        made = Opaque(id=envelope.id, of=envelope.kind, doc=envelope.doc_version, body=body, fault=fault)
        object.__setattr__(made, "trail", Trail(envelope.version, (), envelope, None, stored.body))
        return made


__all__ = ["Codec", "Document", "Opaque", "Upcaster", "dumps", "loads"]
