# SPDX-License-Identifier: Apache-2.0
"""Reading one table of a TOML file key by key, so that every error names file, place and field."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Collection
from decimal import Decimal
from typing import Any, NoReturn

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.texts import Message, _, verbatim

MOST = 10**9
"""No number of a definition is further from 0: nothing there is ever answered, and reckoning gets inexact."""

_MISSING: Any = object()


class Table:
    """One table. Each method takes a key out; what is left at `done` is a misspelling."""

    def __init__(self, content: dict[str, Any], source: str, path: str = "") -> None:
        self._source = source
        self._path = path
        self._content = content
        self._taken: set[str] = set()

    def fail(self, sentence: Message, key: str = "") -> NoReturn:
        """Raise `Malformed` with this table's place, and the field's where there is one."""
        place = self._below(key) if key else self._path
        raise Malformed(sentence, where=f"{self._source}: {place}" if place else self._source)

    def _below(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def take(self, key: str, kind: type | tuple[type, ...], what: Message, default: Any = _MISSING) -> Any:
        """The value of a key, checked to be of a type; the default where it is absent and there is one."""
        self._taken.add(key)
        if key not in self._content:
            if default is _MISSING:
                self.fail(_("this must be given: {what}", what=what), key)
            return default
        value = self._content[key]
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kind) or (isinstance(value, bool) and bool not in kinds):
            self.fail(_("this must be {what}", what=what), key)
        return value

    def string(self, key: str, default: str = _MISSING) -> str:
        """A text; one that must be given must not be blank."""
        value: str = self.take(key, str, _("a text"), default)
        if default is _MISSING and not value.strip():
            self.fail(_("this must not be blank"), key)
        return value

    def boolean(self, key: str, default: bool = _MISSING) -> bool:  # noqa: FBT001  # read from a file
        """True or false."""
        value: bool = self.take(key, bool, _("true or false"), default)
        return value

    def whole(self, key: str, default: int = _MISSING, *, low: int = 0, high: int = MOST) -> int:
        """A whole number from `low` to `high`."""
        value: int = self.take(key, int, _("a whole number"), default)
        if value < low:
            self.fail(_("this must be {low} or more", low=low), key)
        if value > high:
            self.fail(_("this must be {high} or less", high=high), key)
        return value

    def number(self, key: str, default: Decimal = _MISSING) -> Decimal:
        """A number, exactly as written."""
        value = self.take(key, (int, Decimal), _("a number"), default)
        self._finite(value, key)
        return Decimal(value)

    def choice(self, key: str) -> int | str:
        """The value of an answer to choose: a whole number or a text."""
        value: int | str = self.take(key, (int, str), _("a whole number or a text"))
        self._finite(value, key)
        return value

    def answer(self, key: str) -> bool | int | str | Decimal:
        """What an answer is compared with."""
        value: bool | int | str | Decimal = self.take(
            key, (bool, int, str, Decimal), _("true, false, a number")
        )
        self._finite(value, key)
        return value

    def _finite(self, value: int | str | Decimal, key: str) -> None:
        if isinstance(value, str):
            return
        if not Decimal(value).is_finite():
            self.fail(_("this must be a finite number"), key)
        if not -MOST <= value <= MOST:
            self.fail(_("this must be a number from {low} to {high}", low=-MOST, high=MOST), key)

    def date(self, key: str) -> dt.date:
        """A date without time."""
        value: dt.date = self.take(key, dt.date, _("a date (2026-01-31)"))
        if isinstance(value, dt.datetime):
            self.fail(_("this must be a date without time"), key)
        return value

    def id(self, key: str = "id", default: str = _MISSING) -> str:
        """An id: a code (`peerkit.codes`)."""
        value: str = self.take(key, str, _("an id"), default)
        if value != default and not is_code(value):
            self.fail(
                _("an id is words of small letters and digits joined by '.', '-' or '_', at most 64 signs"),
                key,
            )
        return value

    def one_of(self, key: str, allowed: Collection[str], default: str = _MISSING) -> str:
        """One of some words."""
        words = _("one of {words}", words=", ".join(allowed))
        value: str = self.take(key, str, words, default)
        if value not in allowed:
            self.fail(_("this must be {what}{near}", what=words, near=near(value, allowed)), key)
        return value

    def strings(self, key: str, default: list[str] = _MISSING) -> tuple[str, ...]:
        """A list of texts without repetition."""
        value = self.take(key, list, _("a list of texts"), default)
        if not all(isinstance(entry, str) for entry in value):
            self.fail(_("this must be a list of texts"), key)
        if len(set(value)) < len(value):
            self.fail(_("this names something twice"), key)
        return tuple(value)

    def table(self, key: str, *, optional: bool = False) -> Table:
        """A table within this one; an empty one where it is absent and may be."""
        value = self.take(key, dict, _("a table"), {} if optional else _MISSING)
        return Table(value, self._source, self._below(key))

    def tables(self, key: str, *, optional: bool = False) -> list[Table]:
        """A list of tables; their paths carry the id where they have one, else the position."""
        value = self.take(key, list, _("a list of tables"), [] if optional else _MISSING)
        found = []
        for position, entry in enumerate(value, start=1):
            if not isinstance(entry, dict):
                self.fail(_("this must be a list of tables"), key)
            name = entry.get("id")
            name = name if isinstance(name, str) and is_code(name) else f"[{position}]"
            found.append(Table(entry, self._source, f"{self._below(key)}.{name}"))
        return found

    def ids(self) -> tuple[str, ...]:
        """Every key of the table, all of them taken: where the keys themselves are data."""
        self._taken.update(self._content)
        return tuple(self._content)

    def done(self) -> None:
        """Refuse what nobody asked for: a misspelt `level` must not silently be no level."""
        for key in self._content:
            if key not in self._taken:
                shown = verbatim(key) if is_code(key) else _("a field")
                self.fail(_("{name} is no field here{near}", name=shown, near=near(key, self._taken)))


def near(word: str, known: Collection[str]) -> Message:
    """The closest known word as the end of a sentence, if one is close, however it is cased; else nothing."""
    small = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(word[:64].casefold(), small, n=1)
    return _("; did you mean {word}?", word=small[found[0]]) if found else verbatim("")


def shown(id: str) -> Message:
    """An id for a sentence, if it is one: what stands where an id should may be anything."""
    return verbatim(id) if is_code(id) else _("of that id")


def listed(known: Collection[str], most: int = 12) -> Message:
    """Some words for a sentence, the first of them where there are many."""
    words, first = list(known), verbatim(", ".join(list(known)[:most]))
    return _("{words} and {n} more", words=first, n=len(words) - most) if len(words) > most else first
