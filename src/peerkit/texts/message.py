# SPDX-License-Identifier: Apache-2.0
"""A text that can be said in another language, since it remembers how it was made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs

JOINED = "\0joined"
"""The context of messages that only put others side by side: there is nothing to translate in them."""

_PARAGRAPH = re.compile(r"\n\s*\n")


class Message(str):
    """A text for people, in the language that it was last said in (English, where it is written).

    It can be used wherever a text can. `source` is the English with its placeholders (`{name}`), `values`
    what stands in them; messages among the values are said in the same language. `context` tells apart what
    English calls alike; `other` is the English for several, and `n` how many there are. `catalogue` is where
    its translations lie; None for peerkit's own.
    """

    __slots__ = ("catalogue", "context", "n", "other", "source", "values")

    source: str
    values: Mapping[str, Any]
    context: str
    other: str
    n: int | None
    catalogue: Catalogue | None

    def __new__(
        cls,
        source: str,
        values: Mapping[str, Any] | None = None,
        *,
        context: str = "",
        other: str = "",
        n: int | None = None,
        text: str | None = None,
        catalogue: Catalogue | None = None,
    ) -> Self:
        """`text` is what it says; the English, filled in, if left out."""
        values = {} if values is None else values
        if text is None:
            text = filled(source if n in {None, 1} else other, values)
        made = super().__new__(cls, text)
        made.source, made.values, made.context = source, values, context
        made.other, made.n = other, n
        made.catalogue = catalogue
        return made

    def said(self, text: str) -> Message:
        """The same message, saying this text."""
        rest = {"context": self.context, "other": self.other, "n": self.n, "catalogue": self.catalogue}
        return _again(self.source, self.values, {**rest, "text": text})

    def __reduce__(self) -> tuple[Any, ...]:
        """What copies and other processes make it from."""
        rest = {"context": self.context, "other": self.other, "n": self.n, "catalogue": self.catalogue}
        return _again, (self.source, dict(self.values), {**rest, "text": str(self)})


def _again(source: str, values: Mapping[str, Any], rest: dict[str, Any]) -> Message:
    return Message(source, values, **rest)


@attrs.frozen
class Catalogue:
    """A plugin's own texts: call it with an English text, as peerkit calls its own `_`, and the message knows
    where its translations lie. `catalogue_of` makes it.

    It holds two names and nothing else, so that a message goes through a file or to another process, and two
    plugins know nothing of each other's.
    """

    folder: str
    domain: str

    def __call__(self, source: str, /, **values: Any) -> Message:
        """Marks a text that a person reads, and fills it in: `_("{name} is here.", name=n)`."""
        return Message(source, values, catalogue=self)

    def many(self, one: str, other: str, n: int, /, **values: Any) -> Message:
        """A text that depends on how many: `_.many("{n} meal", "{n} meals", 3)`. `{n}` is the number."""
        return Message(one, {"n": n, **values}, other=other, n=n, catalogue=self)

    def about(self, context: str, source: str, /, **values: Any) -> Message:
        """A text that other languages tell apart by what it is about: `_.about("of a plan", "open")`. The
        context is for translators, and nobody else reads it."""
        return Message(source, values, context=context, catalogue=self)


def filled(template: str, values: Mapping[str, Any]) -> str:
    """The template with its placeholders filled. Values are put in as they are: nothing in them is read.

    KeyError, ValueError or IndexError for a template that asks for something else.
    """
    return template.format_map(values) if values else template


def _(source: str, /, **values: Any) -> Message:
    """Marks an English text that a person reads, and fills it in: `_("{name} is here.", name=n)`.

    The text stands in the call as it is, so that translators get it; values are names, numbers, labels of
    codes, other messages. Without values, braces stand for themselves.
    """
    return Message(source, values)


def many(one: str, other: str, n: int, /, **values: Any) -> Message:
    """A text that depends on how many: `many("{n} meeting", "{n} meetings", 3)`. `{n}` is the number."""
    return Message(one, {"n": n, **values}, other=other, n=n)


def verbatim(text: object) -> Message:
    """Something that is the same in every language: a name, an id, somebody's words, a command to type."""
    return Message("{it}", {"it": str(text)}, context=JOINED)


def joined(parts: Iterable[object], by: str = " ") -> Message:
    """Texts side by side, each said in the language of the whole; empty ones are left out.

    `by` stands between them and is no word: a blank, a comma, a new line.
    """
    kept = [one for one in parts if one != ""]
    names = {f"p{at}": one for at, one in enumerate(kept)}
    template = by.replace("{", "{{").replace("}", "}}").join(f"{{{name}}}" for name in names)
    return Message(template, names, context=JOINED)


def listed(items: Iterable[object]) -> Message:
    """Things in a row, as one says them: `a, b and c`."""
    words = list(items)
    if len(words) < 2:
        return joined(words)
    return _("{some} and {last}", some=joined(words[:-1], ", "), last=words[-1])


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a help text, each on one line: how a docstring is wrapped says nothing."""
    parts = _PARAGRAPH.split(text.replace("\b", "").strip())
    return [" ".join(part.split()) for part in parts if part.strip()]
