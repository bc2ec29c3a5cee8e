# SPDX-License-Identifier: Apache-2.0
"""Categories: those of the directory itself, for what a service is and for whom.

No taxonomy is shipped. A directory brings its own, often Open Eligibility or a mapping to it, and services
point at it. Where a directory brings categories and an entry points at none (Baltimore's export lost every
such pointer), a category is taken as found when its name, or another name that the directory's own mapping
gives it, stands in what the entry says. Such a need is marked as not stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from attrs import Factory, define, frozen

from peerkit_hsds.tables import loose
from peerkit_hsds.text import bare
from peerkit_hsds.values import Need

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_ASIDE = re.compile(r"\([^)]*\)")
_SMALL = frozenset({"a", "an", "and", "at", "for", "in", "of", "or", "the", "to", "with"})
_WANTED = re.compile(r"^[ \t]*(?:DONATIONS?|VOLUNTEERS?)\b[^\n]*", re.IGNORECASE | re.MULTILINE)
"""Paragraphs of what a service asks for, which is not what it offers."""
_ABOVE = 20


@frozen
class Category:
    """One category of the directory."""

    id: str
    name: str
    code: str = ""
    taxonomy: str = ""
    kind: str = ""
    parent: str = ""
    parent_name: str = ""


@define
class Vocabulary:
    """The categories of a directory, found by id, code or name."""

    _by_id: dict[str, Category] = Factory(dict)
    _phrases: dict[tuple[str, ...], list[Category]] = Factory(dict)
    _lengths: dict[tuple[str, ...], set[int]] = Factory(dict)
    """How many words the names have that begin with a word, or two."""
    taxonomies: dict[str, str] = Factory(dict)

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, cells: Mapping[str, str]) -> bool:
        """A row of categories; false where it has no name."""
        name = cells.get("name") or cells.get("term") or ""
        if not name:
            return False
        taxonomy = cells.get("taxonomy", "")
        if (of := cells.get("taxonomy_id")) and (named := self.taxonomies.get(loose(of))):
            taxonomy = named
        category = Category(
            cells["id"],
            name,
            cells.get("code") or ("" if cells["id"].startswith("~") else cells["id"]),
            taxonomy,
            cells.get("type", ""),
            cells.get("parent_id", ""),
            cells.get("parent_name", ""),
        )
        for key in (category.id, category.code):
            if key:
                self._by_id.setdefault(loose(key), category)
        for phrase in _phrases(name):
            self._also(phrase, category)
        return True

    def also_called(self, cells: Mapping[str, str]) -> bool:
        """A row of a mapping: each name in it is another name of every category whose code is in it.

        False where it holds no code of this directory's categories.
        """
        categories = [found for cell in cells.values() if (found := self._by_id.get(loose(cell)))]
        for column, cell in cells.items():
            for words in _phrases(cell) if "name" in column else ():
                if len(words) > 1 or "/" not in cell:  # half of `Personal Goods/Services` says nothing
                    for category in categories:
                        self._also(words, category)
        return bool(categories)

    def _also(self, phrase: tuple[str, ...], category: Category) -> None:
        known = self._phrases.setdefault(phrase, [])
        if category not in known:
            known.append(category)
        for beginning in {phrase[:1], phrase[:2]}:
            self._lengths.setdefault(beginning, set()).add(len(phrase))

    def get(self, id_text: str, *, stated: bool = True) -> Need | None:
        """The category with that id or code, as a need."""
        category = self._by_id.get(loose(id_text))
        return None if category is None else self._need(category, stated=stated)

    def _need(self, category: Category, *, stated: bool) -> Need:
        above: list[str] = []
        at = category
        while len(above) < _ABOVE and (at.parent or at.parent_name):  # a circle of parents ends too
            over = self._by_id.get(loose(at.parent)) if at.parent else None
            if over is None:
                above += [at.parent_name] if at.parent_name else []
                break
            above.append(over.name)
            at = over
        return Need(category.name, category.code, category.taxonomy, category.kind, tuple(above), stated)

    def found_in(self, titles: Iterable[str], texts: Iterable[str]) -> tuple[Need, ...]:
        """Categories whose names stand in an entry's words.

        Names of one word count in titles only: `Care` and `Work` are in every second description.
        """
        found: dict[str, Category] = {}
        for title in titles:
            for categories in self._standing_in(title, 1):
                found.setdefault(categories[0].name, categories[0])
        for text in texts:
            for categories in self._standing_in(_WANTED.sub("", text), 2):
                found.setdefault(categories[0].name, categories[0])
        return tuple(self._need(category, stated=False) for category in found.values())

    def _standing_in(self, text: str, least: int) -> Iterator[list[Category]]:
        """The categories of the longest name that begins at each word and has at least one or two words."""
        words = _words(text)
        # Looked up by its first two words, a name is hardly ever looked for in vain.
        begins: Iterable[tuple[str, ...]] = pairwise(words) if least > 1 else zip(words, strict=False)
        known = self._lengths
        for start, beginning in [found for found in enumerate(begins) if found[1] in known]:
            for length in sorted(known[beginning], reverse=True):
                if categories := self._phrases.get(tuple(words[start : start + length])):
                    yield categories
                    break


def _phrases(name: str) -> Iterator[tuple[str, ...]]:
    for part in re.split(r"\s*/\s*", _ASIDE.sub(" ", name)):
        if words := tuple(_words(part)):
            yield words


def _words(text: str) -> list[str]:
    return list(filter(None, map(_SINGULAR.__getitem__, _WORD.findall(bare(text)))))


class _Singulars(dict[str, str]):
    """Words without the ending of a plural; nothing is left of small ones. They are looked up, since a
    directory has each of them a thousand times."""

    def __missing__(self, word: str) -> str:
        if len(self) > 50_000:  # a bound, not a tuning
            self.clear()
        found = self[word] = "" if word in _SMALL else _singular(word)
        return found


_SINGULAR = _Singulars()


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word.removesuffix("s")
