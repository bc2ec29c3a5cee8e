# SPDX-License-Identifier: Apache-2.0
"""Other words for outdated ones: suggested to whoever writes about somebody, and never more than that.

The rules of the guide (its rows: `data/words-en.toml`): it suggests, it blocks and replaces nothing; it is
not run on the words of the person who is supported; lists are data with source, edition and locale.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from peerkit.hooks import Suggestion, WordList, WordRow
from peerkit.model.actor import Actor
from peerkit.model.base import Class, Part, Record
from peerkit.texts import Message, _, joined
from peerkit.texts.catalogue import language

QUOTED = re.compile(r"“[^”]*”|«[^»]*»|\"[^\"]*\"")
"""What stands in quotation marks is somebody's own words, repeated."""


@functools.cache
def guide() -> tuple[WordRow, ...]:
    """The rows of the list that ships, in English."""
    text = (importlib.resources.files("peerkit.rules") / "data" / "words-en.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return tuple(
        WordRow(
            look_for=tuple(row["look_for"]),
            say=tuple(row["say"]),
            source="; ".join(_source(data["sources"][one]) for one in row["sources"]),
            verified=row.get("verified", True),
            note=row.get("note", ""),
        )
        for row in data["rows"]
    )


def _source(held: dict[str, Any]) -> str:
    return f"{held['publisher']}, {held['title']} ({held.get('year', 'undated')})"


def suggestions(text: str, locale: str, lists: Iterable[WordList]) -> Iterator[Suggestion]:
    """Other words for those in a text that nobody's own words stand in any more (see `written`), in the order
    in which they stand there."""
    hidden = text
    rows = [
        (word, row)
        for one in lists
        if language(one.locale) == language(locale)
        for row in rows_of(one)
        for word in row.look_for
    ]
    rows.sort(key=lambda pair: -len(pair[0]))  # relapse prevention before relapse
    found: dict[int, tuple[str, WordRow]] = {}
    for word, row in rows:
        for match in _pattern(word).finditer(hidden):
            found[match.start()] = (match.group(), row)
        hidden = _pattern(word).sub(lambda match: "\0" * len(match.group()), hidden)
    told: set[int] = set()
    for _place, (word, row) in sorted(found.items(), key=lambda item: item[0]):
        if id(row) not in told:
            told.add(id(row))
            yield Suggestion(" / ".join(row.say), _reason(word, row), row.source, weight=float(row.verified))


def rows_of(one: WordList) -> Iterator[WordRow]:
    """The rows of a list: its pairs, and those that name a source of their own."""
    for word, say in one.pairs.items():
        yield WordRow((word,), say, one.source)
    if one.rows is not None:
        yield from one.rows()


def about_somebody(text: str, about: Record | None, actor: Actor, roles: Iterable[str]) -> str:
    """What of a text is written about somebody else: all that words may be suggested for. Nothing where the
    actor holds no role beside others, or the record is about the actor."""
    subject = about is not None and ("person", actor.person) in about.subjects
    alone = not actor.is_system and set(roles) <= {"person", "anyone"}
    return "" if subject or alone else written(text, about)


def written(text: str, about: Record | None) -> str:
    """The text without anybody's own words: quotations, and what the record holds of them, are left blank."""
    for words in sorted(own_words(about) if about is not None else (), key=len, reverse=True):
        text = text.replace(words, "\0" * len(words))
    return QUOTED.sub(lambda match: "\0" * len(match.group()), text)


def own_words(record: Record | Part) -> Iterator[str]:
    """Every text of a record that is of the class of own words, those in its parts too."""
    for field in attrs.fields(type(record)):
        held = getattr(record, field.name)
        if record.field_classes.get(field.name) is Class.own:
            yield from _texts(held)
        for part in held if isinstance(held, tuple) else (held,):
            if isinstance(part, Part):
                yield from own_words(part)


def _texts(held: object) -> Iterator[str]:
    if isinstance(held, str) and held.strip():
        yield held
    elif isinstance(held, tuple):
        for one in held:
            yield from _texts(one)


@functools.lru_cache(maxsize=1000)
def _pattern(word: str) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, word.split()))
    return re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)


def _reason(word: str, row: WordRow) -> Message:
    instead = _("instead of “{word}”", word=word)
    unseen = "" if row.verified else _("(recalled, not seen in a source)")
    return joined([instead, unseen, row.note])
