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
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

_WORD = re.compile(r"[^\W_]+", re.ASCII)
_ACCENT = re.compile("(?<=[A-Za-z])[\u0300-\u036f]+")
_SAME = str.maketrans("ςµſ", "σμs")
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
    folded = "".join([c.lower() for c in unicodedata.normalize("NFC", plain)]).translate(_SAME)
    return "".join([c if unicodedata.category(c)[0] in "LNM" else " " for c in folded]).split()


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


@attrs.frozen
class Group:
    """One typed word, and the words of the directory that it may stand for, with their likeness."""

    typed: str
    terms: Mapping[str, float]
    weight: float


def group(typed: str, known: Mapping[str, int], size: int) -> Group:
    """The group for a typed word. `known` maps words near it to how many of the `size` records
    hold them; a rarer word weighs more."""
    scored = {word: found for word in known if (found := likeness(typed, word)) > 0}
    best = sorted(scored, key=lambda w: (-scored[w], -known[w], w))[:MOST_NEAR]
    held = known[best[0]] if best else 0
    return Group(typed, {word: scored[word] for word in best}, math.log(1 + size / (1 + held)))


def parted(typed: str, knows: Callable[[str], bool]) -> list[str]:
    """The word itself, or its two halves where somebody forgot the space between two known words."""
    if not knows(typed):
        for i in range(len(typed) - 3, 2, -1):
            if knows(typed[:i]) and knows(typed[i:]):
                return [typed[:i], typed[i:]]
    return [typed]


def score(groups: Sequence[Group], text: str) -> float:
    """How well a record's text answers the groups; 0 if not at all. Its first line, the name,
    counts most, and a record that answers every word stands above one that answers some."""
    first, _, rest = text.partition("\n")
    name, others = set(tokens(first)), set(tokens(rest))
    total, answered = 0.0, 0
    for one in groups:
        in_name = _best(one.terms, name)
        best = max(in_name * 1.25, _best(one.terms, others))
        total += best * one.weight
        answered += best > 0
    if not answered:
        return 0.0
    brevity = 1 / (20 + len(name))  # of two names that hold the words, the shorter one is meant
    return total * (answered / len(groups)) + brevity


def _best(terms: Mapping[str, float], words: Iterable[str]) -> float:
    return max((terms[word] for word in words if word in terms), default=0.0)
