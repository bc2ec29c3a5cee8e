# SPDX-License-Identifier: Apache-2.0
"""What every record is made of: field classes, parts, the record itself and its decorator.

Every field declares a class of data, from which come the gate's views, search, redaction, `repr`
and the log. A field without one fails when the class is made, so nothing leaves unclassified.
"""

from __future__ import annotations

import enum
import re
import typing
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, TypeVar, dataclass_transform

import attrs

from peerkit.codes import is_code, is_language
from peerkit.errors import Malformed
from peerkit.model.acts import Row, Trail, is_act, parse_table, wrap
from peerkit.model.ids import is_id, new_id


class Class(enum.StrEnum):
    """What a field holds, and so who may see it."""

    identity = "identity"
    """Who somebody is: names, pronouns, age band."""
    contact = "contact"
    """Where and when somebody can be reached."""
    own = "own"
    """Somebody's own words."""
    safety = "safety"
    """Answers, levels and words about danger."""
    health = "health"
    """Anything about health that is not safety."""
    operational = "operational"
    """What the program needs to run: ids, states, times. Indexed."""
    public = "public"
    """What anybody may know. Indexed."""


T = TypeVar("T")
Identity = Annotated[T, Class.identity]
Contact = Annotated[T, Class.contact]
Own = Annotated[T, Class.own]
Safety = Annotated[T, Class.safety]
Health = Annotated[T, Class.health]
Operational = Annotated[T, Class.operational]
Public = Annotated[T, Class.public]

_WORD = re.compile(r"[^\W_]+")

INDEXED = frozenset({Class.operational, Class.public})
"""The classes whose fields feed indexes and conditions."""

READERS = frozenset({"shared_with", "screen"})
"""Subject fields that say to whom a record opens: whom a person lets read it, and the screen it belongs to,
which opens to who was told of its alert. It is not about those, so they are asked nothing about it, and it is
no part of what is theirs."""


def about(subjects: Iterable[tuple[str, str]]) -> dict[str, None]:
    """Whom a record with these subjects is about or belongs to, in their order, without its `READERS`."""
    return {one: None for relation, one in subjects if relation not in READERS}


@attrs.frozen(kw_only=True, repr=False)
class Part:
    """A value inside a record (a goal, a step). `extra` keeps what a newer peerkit wrote."""

    field_classes: ClassVar[Mapping[str, Class]] = {}

    extra: Mapping[str, Any] = attrs.field(factory=dict, repr=False, hash=False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'id', '')} {getattr(self, 'state', '')}>"


@attrs.frozen(kw_only=True, repr=False)
class Record:
    """An immutable document. Only acts change it; `save` stores what acts explain, nothing else."""

    kind: ClassVar[str] = ""
    doc_version: ClassVar[int] = 1
    table: ClassVar[Mapping[str, Row]] = {}
    subject_fields: ClassVar[tuple[str, ...]] = ()
    reference_fields: ClassVar[tuple[str, ...]] = ()
    """The fields that hold ids of other records: the subjects, and what `refs` names."""
    lane: ClassVar[bool] = False
    """Whether the kind belongs to the safety lane, which `save` refuses."""
    kit_only: ClassVar[bool] = False
    """Whether only the kit itself writes the kind."""
    searched: ClassVar[tuple[str, ...]] = ()
    """The public fields that full-text search goes through."""
    folded: ClassVar[tuple[str, ...]] = ()
    """The fields that conditions compare without capitals, accents and punctuation (see `fold`)."""
    indexed: ClassVar[tuple[str, ...]] = ()
    """The fields that conditions and order may use: operational and public ones."""
    field_classes: ClassVar[Mapping[str, Class]] = {}
    module: ClassVar[str] = "peerkit"

    id: Operational[str] = attrs.field(factory=new_id)
    extra: Mapping[str, Any] = attrs.field(factory=dict, repr=False, hash=False)
    trail: Trail | None = attrs.field(default=None, init=False, eq=False, repr=False)

    @property
    def version(self) -> int:
        """The record's version: 0 until saved, then one more with each save."""
        return self.trail.base if self.trail is not None else 0

    @property
    def at(self) -> datetime | None:
        """When this version was committed (UTC), by the kit's clock; None for one not yet stored."""
        envelope = self.trail.envelope if self.trail is not None else None
        return None if envelope is None else typing.cast("datetime", envelope.at)

    @property
    def subjects(self) -> tuple[tuple[str, str], ...]:
        """Whom the record is about or belongs to: pairs of the field's name and the id in it."""
        pairs: list[tuple[str, str]] = []
        for name in self.subject_fields:
            held = getattr(self, name)
            pairs += [(name, one) for one in (held if isinstance(held, tuple) else (held,)) if one]
        return tuple(pairs)

    def carried(self, away: str, to: str, stood: int) -> typing.Self:
        """What the kind itself keeps of having belonged to `away` before two records of one human became one
        (or were parted again): by itself nothing. `stood` is the feed position that it stood at."""
        return self

    def __repr__(self) -> str:
        state = getattr(self, "state", "")
        return f"<{type(self).__name__} {self.id} v{self.version}{' ' + state if state else ''}>"


_RESERVED = frozenset(vars(Record)) | {"extra", "trail"}

Ref = Record | str
"""A record, or its id."""


def ref(one: Ref | None) -> str:
    """The id of a record, or the id as it is; an empty text for None. Whether it is written as one, `save`
    looks (`not_ids`)."""
    if one is None:
        return ""
    if isinstance(one, Record):
        return one.id
    if not one or type(one) is not str:
        raise Malformed("a record or its id is needed", where="ref")
    return one


_NOBODY = ("", "*")
"""What stands for nobody, and for anybody, where an id may stand."""


def not_ids(one: Record) -> Iterator[str]:
    """The fields of a record that refer to others and hold what no id is written like. Such a text would
    stand in envelope or index for ever, where nothing erases it: it may be a name, or what somebody said."""
    for name in one.reference_fields:
        held = getattr(one, name)
        several = held if isinstance(held, tuple) else (held,)
        if any(each not in _NOBODY and not is_id(each) for each in several):
            yield name


def coded(value: str, where: str, *, joined: bool = False) -> str:
    """The value, if it is written as a code is (`peerkit.codes`); Malformed otherwise. A code is indexed and
    never erased: words belong elsewhere. `joined` lets several stand in one, with `:` between them."""
    if is_code(value, joined=joined):
        return value
    raise Malformed(
        "a code is words of lower-case letters and digits, joined by '-', '_' or '.', at most 64 signs",
        where=where,
    )


def tags(values: tuple[str, ...], where: str) -> tuple[str, ...]:
    """The values, if each is written as a language's tag; Malformed otherwise."""
    if not all(is_language(one) for one in values):
        raise Malformed("a language is written as its tag: en, fr-CA (BCP 47)", where=where)
    return tuple(values)


def named(name: str, where: str) -> str:
    """The name or title, if there is one; Malformed otherwise."""
    if type(name) is not str or not name.strip():
        raise Malformed("it needs a name, in at least one letter", where=where)
    return name


R = TypeVar("R", bound=type[Any])


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
def part(cls: R) -> R:
    """Makes a `Part` of a class: frozen, keyword-only, every field classified."""
    made = attrs.frozen(kw_only=True, repr=False)(cls)
    made.field_classes = _classify(made, made.__name__)
    return made


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(attrs.field,))
def record(
    kind: str,
    table: str,
    *,
    subjects: str = "",
    refs: str = "",
    version: int = 1,
    lane: bool = False,
    kit_only: bool = False,
    searched: str = "",
    folded: str = "",
    module: str = "peerkit",
) -> Callable[[R], R]:
    """Makes a record kind of a class.

    `kind` is its name in documents, for ever; `table` its lifecycle and acts; `subjects` the fields
    that hold the ids of the people it is about, `refs` those with ids of other records (in both nothing but
    ids is stored); `version` the document's version; `searched` the
    public fields for full-text search, `folded` those that conditions compare however they are
    written (`Food`, `food`); `lane` marks the safety lane. Raises Malformed if the table and the
    methods differ, or a field has no class.
    """

    def decorate(cls: R) -> R:
        rows = parse_table(kind, table)
        if taken := _RESERVED & vars(cls).get("__annotations__", {}).keys():
            raise Malformed("a field has a name that every record has already", where=f"{kind}.{min(taken)}")
        found = _acts(cls, kind)
        if set(found) != set(rows):
            odd = ", ".join(sorted(set(found) ^ set(rows)))
            raise Malformed(f"table and methods differ: {odd}", where=kind)
        for name, method in found.items():
            wrapped = wrap(method, rows[name], kind)
            setattr(cls, name, classmethod(wrapped) if rows[name].creates else wrapped)
        made = attrs.frozen(kw_only=True, repr=False)(cls)
        made.kind, made.doc_version, made.table = kind, version, rows
        made.subject_fields = tuple(subjects.split())
        made.reference_fields = (*made.subject_fields, *refs.split())
        made.lane, made.kit_only, made.module = lane, kit_only, module
        made.field_classes = _classify(made, kind)
        made.searched = tuple(searched.split())
        made.folded = tuple(folded.split())
        made.indexed = tuple(n for n, c in made.field_classes.items() if c in INDEXED and n != "id")
        _check_rows(made)
        return made

    return decorate


def _acts(cls: type[Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, member in vars(cls).items():
        method = member.__func__ if isinstance(member, classmethod) else member
        if is_act(method):
            if "\n" in name or name.startswith("_"):
                raise Malformed("an act has a public name", where=f"{kind}.{name}")
            found[name] = method
    return found


def _classify(cls: type[Any], where: str) -> dict[str, Class]:
    """The class of each field; Malformed for a field without one."""
    hints = typing.get_type_hints(cls, include_extras=True)
    classes: dict[str, Class] = {}
    for field in attrs.fields(cls):
        if field.name in {"extra", "trail"}:
            continue
        hint = hints[field.name]
        found = [m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Class)]
        if found:
            classes[field.name] = found[0]
            if found[0] in INDEXED and _mentions(hint, Decimal):
                raise Malformed(
                    "a Decimal is written as text, which sorts otherwise: it cannot be indexed",
                    where=f"{where}.{field.name}",
                )
        elif not part_types(hint):
            raise Malformed(
                "the field has no class of data (Own[…], Operational[…], …)", where=f"{where}.{field.name}"
            )
    return classes


def _mentions(hint: Any, kind: type[Any]) -> bool:
    return hint is kind or any(_mentions(arg, kind) for arg in typing.get_args(hint))


def part_types(hint: Any) -> tuple[type[Part], ...]:
    """The part classes that a type hint mentions."""
    if isinstance(hint, type):
        return (hint,) if issubclass(hint, Part) else ()
    return tuple(p for arg in typing.get_args(hint) for p in part_types(arg))


def _check_rows(cls: type[Any]) -> None:
    names = {f.name for f in attrs.fields(cls)}
    for row in cls.table.values():
        where = f"{cls.kind}.{row.act}"
        if row.of != "-" and row.of not in names:
            raise Malformed("the table names a collection that is no field", where=where)
        for who in row.who:
            if who not in {"anyone", "kit"} and who not in names and who != "self":
                raise Malformed("the table's `who` names no field", where=where)
    for name in cls.subject_fields:
        if name not in names:
            raise Malformed("`subjects` names no field", where=f"{cls.kind}.{name}")
        if cls.field_classes.get(name) not in INDEXED:
            raise Malformed(
                "a subject stands in the envelope: its field is operational", where=f"{cls.kind}.{name}"
            )
    for name in set(cls.reference_fields) - names:
        raise Malformed("`refs` names no field", where=f"{cls.kind}.{name}")
    _check_found(cls)
    _check_states(cls)


def _check_found(cls: type[Any]) -> None:
    """What is searched is public, what is folded indexed."""
    for name in cls.searched:
        if cls.field_classes.get(name) is not Class.public:
            raise Malformed("only public fields are searched", where=f"{cls.kind}.{name}")
    for name in cls.folded:
        if name not in cls.indexed:
            raise Malformed("only indexed fields are folded", where=f"{cls.kind}.{name}")


def _check_states(cls: type[Any]) -> None:
    """A state that no act leads to is a misspelt one, and a table without a field moves nothing."""
    state = next((f for f in attrs.fields(cls) if f.name == "state"), None)
    own = [row for row in cls.table.values() if row.of == "-"]
    reached = {to for row in own for to in row.to.split("|")} | {None if state is None else state.default}
    for row in own:
        where = f"{cls.kind}.{row.act}"
        named = {*row.sources, *row.to.split("|")} - {"-", "*", "="}
        if named and state is None:
            raise Malformed("the table names states, but the kind has no field `state`", where=where)
        if lost := set(row.sources) - {"-", "*"} - reached:
            raise Malformed(f"no act leads to {min(lost)}", where=where)
    for row in cls.table.values():
        if row.of == "-" or row.sources == ("-",):
            continue
        parts = part_types(typing.get_type_hints(cls, include_extras=True)[row.of])
        if not parts or not all({"id", "state"} <= {f.name for f in attrs.fields(p)} for p in parts):
            raise Malformed("the parts need `id` and `state`", where=f"{cls.kind}.{row.act}")


def fold(value: Any) -> Any:
    """A text (or texts in a list) as conditions on folded fields compare it: without capitals, accents
    and punctuation, its words joined by single blanks. Other values, and texts without a letter or
    digit, stay as they are."""
    if isinstance(value, str):
        return _fold(value)
    return [fold(one) for one in value] if isinstance(value, list) else value


@lru_cache(maxsize=10_000)  # towns, needs and languages come again and again
def _fold(text: str) -> str:
    plain = text
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        plain = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(_WORD.findall(plain.casefold())) or text


def is_address(text: str) -> bool:
    """Whether it is written `channel:address`, with something on both sides."""
    channel, _colon, address = text.partition(":")
    return bool(channel.strip() and address.strip())


def one_of(value: str, allowed: tuple[str, ...], where: str) -> str:
    """The value, if it is one of those allowed; Malformed otherwise."""
    if value not in allowed:
        raise Malformed(f"it is one of {', '.join(allowed)}", where=where)
    return value
