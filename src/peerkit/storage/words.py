# SPDX-License-Identifier: Apache-2.0
"""Words that people type and words that stand in the directory: how alike, and which record is best.

Shared by every storage that comes with peerkit, so that all find alike. A typed word meets a word
of the directory if it is the same, its beginning, or off by a few slips of the finger (letters
missing, added, exchanged or swapped).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import attrs

_WORD = re.compile(r"[^\W_]+", re.ASCII)
_ACCENT = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")
_SAME = str.maketrans("ςµſ", "σμs")


class _Folded(dict[int, str]):
    """Characters as words are compared: lower case, blanks for what is no part of a word. Looked up, since
    a directory has each of them a thousand times."""

    def __missing__(self, point: int) -> str:
        lower = chr(point).lower().translate(_SAME)
        found = "".join([c if unicodedata.category(c)[0] in "LNM" else " " for c in lower])
        if len(self) < 10_000:  # a bound, not a tuning
            self[point] = found
        return found


_FOLDED = _Folded()
MOST_WORDS = 12
"""How many words of a question count; more only say the same again."""
MOST_NEAR = 24
"""How many words of the directory one typed word may stand for."""


def tokens(text: str) -> list[str]:
    """The words of a text, lower case and without accents, in their order.

    As SQLite's FTS5 parts and folds them (`unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'`):
    accents of Latin letters go, signs of other scripts stay, since they are half the word.
    """
    if text.isascii():
        return _WORD.findall(text.lower())
    plain = _ACCENT.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", plain).translate(_FOLDED).split()


def grams(word: str) -> frozenset[str]:
    """The word's runs of three letters, its ends marked."""
    marked = f"  {word} "
    return frozenset(marked[i : i + 3] for i in range(len(marked) - 2))


def slips(a: str, b: str, most: int) -> int:
    """How many slips of the finger lie between two words (optimal string alignment: insert, delete,
    exchange, swap neighbours); `most + 1` if more than `most`."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def likeness(typed: str, word: str) -> float:
    """How well a word of the directory answers a typed one: 1 the same, 0 not at all."""
    if typed == word:
        return 1.0
    size = len(typed)
    if size < 3:
        return 0.0
    if word.startswith(typed):
        return 0.9 - 0.02 * min(len(word) - size, 10)
    if typed.startswith(word):
        return 0.7 if len(word) >= 4 and size - len(word) <= 3 else 0.0
    allowed = 1 if size <= 4 else 2 if size <= 8 else 3
    found = slips(typed, word, allowed)
    if found <= allowed:
        same_start = 0.05 if typed[0] == word[0] else 0.0
        return 0.8 - 0.6 * found / size + same_start
    if size >= 5 and slips(typed, word[:size], 1) <= 1:
        return 0.6
    shared = next((i for i, (x, y) in enumerate(zip(typed, word, strict=False)) if x != y), 0)
    return 0.5 if shared >= max(5, 0.7 * size) else 0.0


_ENDINGS = (
    *("ations", "ation", "ments", "ities", "ings", "ants", "ions", "ists", "ives", "ment", "ness"),
    *("als", "ant", "ers", "ics", "ies", "ing", "ion", "ist", "ity", "ive", "ors"),
    *("al", "ed", "er", "es", "ic", "ly", "or", "e", "s", "y"),
)
"""Endings of English words, several of which are French and Spanish too, the longer ones first."""


def stem(word: str) -> str:
    """The beginning that the forms of a word share: `suicid` for suicide and suicidal. One ending is
    taken away, if four letters (before a plural's s, three) are left."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "s" else 4):
            return word[: -len(ending)]
    return word


@attrs.frozen
class Group:
    """One typed word, and the words of the directory that it may stand for, with their likeness.

    The weight is what a word tells that so many records hold (Robertson and Zaragoza, *The Probabilistic
    Relevance Framework: BM25 and Beyond*, 2009)."""

    typed: str
    terms: Mapping[str, float]
    weight: float


Known = Mapping[str, int]
"""Words of the directory, and how many records hold each."""


def rare(records: int, size: int) -> bool:
    """Whether so few of `size` records hold a word that it may itself be a typing error in the directory."""
    return records < max(3, size // 1000)


def group(typed: str, near: Known, size: int, beginning: Callable[[str], Known]) -> Group:
    """The group for a typed word.

    `near` are words near it, of the `size` records of the directory; `beginning(stem)` gives words that
    begin so, to find other forms of those that it stands for."""
    scored = _meant(typed, near, size)
    best = max(scored.values(), default=0.0)
    records = {word: near[word] for word in scored}
    for root in dict.fromkeys(stem(word) for word, found in scored.items() if found >= best - 0.1):
        forms = [(word, number) for word, number in beginning(root).items() if stem(word) == root]
        surest = max(scored[word] for word in scored if stem(word) == root)
        for word, number in forms:
            scored[word] = max(scored.get(word, 0.0), 0.8 * surest)
            records[word] = number
    held = min(size, sum(records[word] for word, found in scored.items() if found >= 0.75 * best))
    return Group(typed, scored, math.log(1 + (size - held + 0.5) / (held + 0.5)))


def _meant(typed: str, near: Known, size: int) -> dict[str, float]:
    """Of the words near a typed one, those that it may stand for. Of those that are off by slips, only
    the likest: who types `sucide` means suicide, not a suite."""
    scored = {word: found for word in near if (found := likeness(typed, word)) > 0}
    if rare(near.get(typed, 0), size):
        slipped = [found for word, found in scored.items() if not word.startswith(typed)]
        likest = max(slipped, default=0.0)
        scored = {word: found for word, found in scored.items() if found >= likest or word.startswith(typed)}
    best = sorted(scored, key=lambda word: (-scored[word], -near[word], word))[:MOST_NEAR]
    return {word: scored[word] for word in best}


def parted(typed: str, knows: Callable[[str], bool]) -> list[str]:
    """The word itself, or its two halves where somebody forgot the space between two known words."""
    if not knows(typed):
        for i in range(len(typed) - 3, 2, -1):
            if knows(typed[:i]) and knows(typed[i:]):
                return [typed[:i], typed[i:]]
    return [typed]


_OFTEN = 1.2
"""How soon it stops to matter that a word comes again and again (k1 of BM25)."""
_LENGTH = 0.3
"""How much a long text is held against it (b of BM25): little, for a house that does much says much."""
_NAME, _TEXT = 5, 150
"""How many words a name and a text commonly have."""
_IN_NAME = 2.0
"""A word in the name counts as often as this."""


def score(groups: Sequence[Group], text: str) -> float:
    """How well a record's text answers the groups; 0 if not at all.

    BM25 over name (the first line) and text, each occurrence counting as much as the word is like the
    typed one, squared; and a record that answers every word stands above one that answers some."""
    first, _, rest = text.partition("\n")
    name, others = tokens(first), tokens(rest)
    in_name = _IN_NAME / (1 - _LENGTH + _LENGTH * len(name) / _NAME)
    in_text = 1 / (1 - _LENGTH + _LENGTH * len(others) / _TEXT)
    total = answered = whole = 0.0
    for one in groups:
        whole += one.weight
        named = [one.terms[word] for word in name if word in one.terms]
        told = [one.terms[word] for word in others if word in one.terms]
        if not named and not told:
            continue
        often = in_name * sum(found * found for found in named) + in_text * sum(f * f for f in told)
        total += one.weight * often * (_OFTEN + 1) / (_OFTEN + often)
        answered += one.weight * max(*named, *told, 0.0)
    if not whole:
        return 0.0
    brevity = 1e-6 / (1 + len(name))  # of two names that hold the words, the shorter one is meant
    return total * (answered / whole) ** 2 + brevity * bool(total)
