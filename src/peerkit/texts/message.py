# SPDX-License-Identifier: Apache-2.0
"""A text that can be said in another language, since it remembers how it was made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

JOINED = "\0joined"
"""The context of messages that only put others side by side: there is nothing to translate in them."""


class Message(str):
    """A text for people, in the language that it was last said in (English, where it is written).

    It can be used wherever a text can. `source` is the English with its placeholders (`{name}`), `values`
    what stands in them; messages among the values are said in the same language. `context` tells apart what
    English calls alike; `other` is the English for several, and `n` how many there are.
    """

    __slots__ = ("context", "n", "other", "source", "values")

    source: str
    values: Mapping[str, Any]
    context: str
    other: str
    n: int | None

    def __new__(
        cls,
        source: str,
        values: Mapping[str, Any] | None = None,
        *,
        context: str = "",
        other: str = "",
        n: int | None = None,
        text: str | None = None,
    ) -> Self:
        """`text` is what it says; the English, filled in, if left out."""
        values = {} if values is None else values
        if text is None:
            text = filled(source if n in {None, 1} else other, values)
        made = super().__new__(cls, text)
        made.source, made.values, made.context = source, values, context
        made.other, made.n = other, n
        return made

    def said(self, text: str) -> Message:
        """The same message, saying this text."""
        return Message(self.source, self.values, context=self.context, other=self.other, n=self.n, text=text)

    def __reduce__(self) -> tuple[Any, ...]:
        """What copies and other processes make it from."""
        rest = {"context": self.context, "other": self.other, "n": self.n, "text": str(self)}
        return _again, (self.source, dict(self.values), rest)


def _again(source: str, values: dict[str, Any], rest: dict[str, Any]) -> Message:
    return Message(source, values, **rest)


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
