# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies: what people write, records of any kind, documents as others wrote them, and
answers to a questionnaire."""

from __future__ import annotations

import enum
import json
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from peerkit.codec import Codec
from peerkit.instruments import DECLINED, Instrument
from peerkit.instruments.answers import AnswerSet, Kind
from peerkit.instruments.triage import reading
from peerkit.model.acts import Trail
from peerkit.model.base import Part, Record
from peerkit.model.decision import Decision, How
from peerkit.model.ids import uuid7

R = TypeVar("R", bound=Record)

SAMPLES = (
    "",
    " ",
    "O'Brien; DROP TABLE change; --",
    '"quoted", \\back\\slash\\, {braces} %s $x',
    "<script>alert(1)</script>&amp;",
    "line\nbreak\r\nand\ttab",
    "nul\x00in the middle",
    "\ufeffmark first, and \u2028 and \u2029 between",
    "e\u0301 is é, and ﬁ is fi",  # the same to a reader, not the same to a computer
    "İstanbul ıI ß ς",
    "مرحبا بك في المكتبة",
    "שלום \u202eabc\u202c עולם",
    "ᐃᓄᒃᑎᑐᑦ ᓀᐦᐃᔭᐍᐏᐣ",  # Inuktitut and Cree, which many in Ontario write
    "日本語と한국어और हिन्दी",
    "👩🏽‍🤝‍👩🏻 👨‍👩‍👧‍👦 🏳️‍🌈 🇨🇦",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "𝓂𝒶𝓉𝒽 \U0010ffff",
)
"""Texts that have broken software before: each must come back as it went in."""


def texts(*, longest: int = 200) -> SearchStrategy[str]:
    """What people write: any script, emoji, right to left, control characters, nothing at all.

    No lone surrogates, which are no text. `longest` in characters; with 1,000 or more there are also
    texts of exactly that length (100,000 characters is a long letter).
    """
    short = st.one_of(st.text(max_size=min(longest, 200)), st.sampled_from(SAMPLES).filter(_fits(longest)))
    if longest < 1000:
        return short
    unit = st.text(min_size=1, max_size=20)
    long = unit.map(lambda one: (one * (longest // len(one) + 1))[:longest])
    return st.one_of(short, long)


def _fits(longest: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= longest


def not_texts() -> SearchStrategy[str]:
    """Strings with a lone surrogate in them: peerkit takes none of these anywhere."""
    lone = st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF, categories=["Cs"])
    return st.builds(lambda a, b, c: f"{a}{b}{c}", st.text(max_size=5), lone, st.text(max_size=5))


def ids() -> SearchStrategy[str]:
    """Ids as peerkit makes them: UUID version 7, of any instant."""
    return st.builds(
        uuid7, st.integers(0, (1 << 48) - 1), st.integers(0, 0xFFF), st.integers(0, (1 << 62) - 1)
    )


def instants() -> SearchStrategy[datetime]:
    """Aware instants of the years 1900 to 2200, to the microsecond, in any fixed offset."""
    offset = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    zones = st.one_of(st.just(UTC), offset)
    return st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001


def jsons(*, depth: int = 3) -> SearchStrategy[Any]:
    """JSON values of any shape, with whole numbers of any size."""
    plain = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-(10**23), 10**23),
        st.floats(allow_nan=False, allow_infinity=False),
        texts(longest=20),
    )
    if not depth:
        return plain
    inner = jsons(depth=depth - 1)
    return st.one_of(
        plain, st.lists(inner, max_size=3), st.dictionaries(texts(longest=10), inner, max_size=3)
    )


def decisions(person: str) -> SearchStrategy[Decision]:
    """Decisions of a person, by every means."""
    return st.one_of(
        st.sampled_from([how for how in How if how is not How.paper]).map(
            lambda how: Decision(by=person, how=how)
        ),
        texts(longest=20).filter(bool).map(lambda where: Decision(by=person, how=How.paper, evidence=where)),
        ids()
        .filter(lambda one: one != person)
        .map(lambda who: Decision(by=person, how=How.spoken, witness=who)),
    )


# -- records ---------------------------------------------------------------------------------------


def records(
    kind: type[R], *, extra: bool = True, longest: int = 200, **fixed: SearchStrategy[Any]
) -> SearchStrategy[R]:
    """Records of a kind as if read from a store, every field filled by its type.

    They are of the right *types*; whether the values agree with each other is for acts to see to.
    `fixed` gives a field its own strategy; `extra=False` leaves out fields that a newer peerkit wrote;
    `longest` bounds the texts.
    """
    filled = _fields(kind, extra=extra, longest=longest)
    filled |= {"id": ids(), **fixed}
    return st.builds(_stored, st.just(kind), st.fixed_dictionaries(filled), st.integers(1, 1000))


def _stored(kind: type[R], values: Mapping[str, Any], version: int) -> R:
    made = kind(**values)
    object.__setattr__(made, "trail", Trail(version))
    return made


def _fields(owner: type[Any], *, extra: bool, longest: int) -> dict[str, SearchStrategy[Any]]:
    hints = typing.get_type_hints(owner, include_extras=False)
    names = [field.name for field in attrs.fields(owner) if field.init and field.name != "extra"]
    filled = {name: _of_type(hints[name], name, extra=extra, longest=longest) for name in names}
    if extra:
        filled["extra"] = unknown(owner)
    return filled


def unknown(owner: type[Any]) -> SearchStrategy[dict[str, Any]]:
    """Fields that this kind or part does not have, as a newer peerkit or a plugin would write them."""
    taken = {field.name for field in attrs.fields(owner)}
    names = texts(longest=10).filter(lambda name: name not in taken)
    return st.one_of(st.just({}), st.dictionaries(names, jsons(depth=2), max_size=2))


_SIMPLE: dict[Any, Callable[[], SearchStrategy[Any]]] = {
    bool: st.booleans,
    int: st.integers,
    float: lambda: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: lambda: st.decimals(allow_nan=False, allow_infinity=False),
    datetime: instants,
    date: st.dates,
    Any: jsons,
    object: jsons,
}


def _of_type(hint: Any, name: str, *, extra: bool, longest: int) -> SearchStrategy[Any]:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is str:
        return ids() if name == "id" else texts(longest=longest)
    if hint in _SIMPLE:
        return _SIMPLE[hint]()
    if hint is type(None):
        return st.none()
    if origin in {typing.Union, types.UnionType}:
        return st.one_of([_of_type(one, name, extra=extra, longest=longest) for one in inner])
    if origin is tuple and inner[-1] is Ellipsis:
        return st.lists(_of_type(inner[0], "", extra=extra, longest=longest), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(_of_type(one, "", extra=extra, longest=longest) for one in inner))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        value = _of_type(inner[1], "", extra=extra, longest=longest)
        return st.dictionaries(texts(longest=20), value, max_size=3)
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return st.sampled_from(hint)
    if isinstance(hint, type) and issubclass(hint, Part):
        return st.builds(hint, **_fields(hint, extra=extra, longest=longest))
    raise TypeError(f"strategies know nothing of this type: {hint} of {name}")


# -- documents -------------------------------------------------------------------------------------


def documents(kind: type[Record], **fixed: SearchStrategy[Any]) -> SearchStrategy[bytes]:
    """Documents of a kind as peerkit would not have written them.

    Valid, and odd: keys in any order and sometimes twice (the last one counts, as in every JSON
    reader), spaces, escapes, `1e2` for 100.0, whole numbers of 23 digits, unknown fields at every depth.
    """
    codec = Codec(lambda _: kind)
    plain = records(kind, extra=True, longest=200, **fixed).map(codec.document)
    return plain.flatmap(lambda document: written({k: v for k, v in document.items() if k != "id"}))


@st.composite
def written(draw: DrawFn, value: Any) -> bytes:
    """A JSON value as UTF-8 bytes in somebody else's hand: it reads as the same value."""
    return _written(draw, value).encode()


def _written(draw: DrawFn, value: Any) -> str:
    gap = draw(st.sampled_from(("", " ", "\n", "\t  ")))
    if isinstance(value, dict):
        items: list[tuple[str, Any]] = draw(st.permutations(list(value.items())))
        pairs = [(key, _written(draw, one)) for key, one in items]
        again: bool = draw(st.booleans())
        if pairs and again:
            twice = draw(st.sampled_from([key for key, _ in pairs]))
            pairs.insert(0, (twice, _written(draw, draw(jsons(depth=0)))))
        return f"{{{gap}{','.join(f'{_text(draw, key)}{gap}:{gap}{one}' for key, one in pairs)}{gap}}}"
    if isinstance(value, list):
        return f"[{gap}{f'{gap},'.join(_written(draw, one) for one in value)}{gap}]"
    if isinstance(value, str):
        return _text(draw, value)
    if type(value) is float and value.is_integer() and abs(value) < 1e15 and draw(st.booleans()):
        digits = str(int(value)).rstrip("0")
        return f"{digits or 0}e{len(str(int(value))) - len(digits)}" if digits.strip("-") else "0e1"
    return json.dumps(value)


def _text(draw: DrawFn, value: str) -> str:
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


# -- answers ---------------------------------------------------------------------------------------


def answers(instrument: Instrument, *, branching: bool = False) -> SearchStrategy[dict[str, Any]]:
    """Sets of answers to an instrument, drawn from its definition: whatever its form can produce.

    Each item is answered (as its value or its code), skipped, declined, or not there. With `branching`
    there is nothing for items that the other answers hide (at an age that nobody knows), as where a form is
    filled in question after question; without it there may be, as on paper. Every set is one that `score`
    takes.
    """
    drawn = st.fixed_dictionaries(
        {},
        optional={
            item.id: st.one_of(st.none(), st.just(DECLINED), answered(item.answers))
            for item in instrument.items
        },
    )
    return drawn.map(lambda found: _asked(instrument, found)) if branching else drawn


def answered(taken: AnswerSet) -> SearchStrategy[Any]:
    """Real answers of a set, each as its value or its code; for a text, words that are not blank."""
    match taken.kind:
        case Kind.TEXT:
            return texts(longest=50).filter(lambda said: bool(said.strip()) and said != DECLINED)
        case Kind.WHOLE_NUMBER:
            return st.integers(taken.low, taken.high)
        case _:
            codes = [option.code.value for option in taken.options if option.code is not None]
            return st.sampled_from([*(option.value for option in taken.options), *codes])


def _asked(instrument: Instrument, found: Mapping[str, Any]) -> dict[str, Any]:
    shown = reading(instrument, found, instrument.ages.group(None)).shown
    return {item: value for item, value in found.items() if item in shown}
