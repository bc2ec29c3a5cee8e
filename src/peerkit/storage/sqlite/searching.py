# SPDX-License-Identifier: Apache-2.0
"""Full-text search over public kinds, forgiving typing errors.

Each typed word is turned into the words of the directory that it may mean: itself, what it begins,
and what lies a few slips away, found by the runs of three letters they share (`gram`). FTS5 finds
the records that hold them; Python puts the best of those in order (`peerkit.storage.words`), so that
every storage orders alike. `word` counts the records that hold a word and forgets those that none does.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from peerkit.errors import Malformed
from peerkit.ports import Query, Rows, cursor, read_cursor
from peerkit.storage import words
from peerkit.storage.sqlite.conditions import Sql, literal, reached, where
from peerkit.storage.sqlite.reading import STORED, incarnation, stored

CANDIDATES = 200
"""How many records of FTS5's order are looked at closely."""
_COMMON = 20_000
"""A word that so many records hold narrows nothing and is left out where not all words have to be met."""

# FTS5's way of deleting: it is told what stood there.
_FORGET = """
INSERT INTO search_fts (search_fts, rowid, name, text, tags)
SELECT 'delete', key, name, text, tags FROM search WHERE key = ?
"""
_KEEP = "INSERT INTO search (key, name, text, tags) VALUES (?, ?, ?, ?)"
_TAGS = "SELECT tags FROM search WHERE key = ?"
_LEARN = "INSERT INTO search_fts (rowid, name, text, tags) VALUES (?, ?, ?, ?)"
_encode = json.JSONEncoder(ensure_ascii=False).encode


@attrs.frozen
class Text:
    """A record's text for search, before and after a change (empty: none), and its tags afterwards."""

    key: int
    before: str
    now: str
    tags: str = ""


def note(db: sqlite3.Connection, texts: Iterable[Text]) -> None:
    """Bring the search rows and the words up to date. Inside a transaction."""
    last: dict[int, Text] = {}
    for one in texts:  # a batch may hold several versions of a record
        last[one.key] = attrs.evolve(one, before=last[one.key].before) if one.key in last else one
    held: Counter[str] = Counter()
    gone: list[tuple[int]] = []
    here: list[tuple[int, str, str, str]] = []
    for one in last.values():
        if one.before == one.now and (not one.now or db.execute(_TAGS, (one.key,)).fetchone() == (one.tags,)):
            continue
        if one.before:
            gone.append((one.key,))
        if one.now:
            here.append((one.key, name_of(one.now), one.now, one.tags))
        if one.before != one.now:
            held.update(set(words.tokens(one.now)))
            held.subtract(set(words.tokens(one.before)))
    db.executemany(_FORGET, gone)  # it reads the row that goes next
    db.executemany("DELETE FROM search WHERE key = ?", gone)
    db.executemany(_KEEP, here)
    db.executemany(_LEARN, here)
    _count(db, {word: number for word, number in held.items() if number})


def name_of(text: str) -> str:
    """The first line, which is the name: a word in it counts most."""
    return text.partition("\n")[0]


def tags_of(fields: Mapping[str, Any]) -> str:
    """The texts in the lists of a projection, as words of their own: so the index of words itself can
    narrow a search to the records whose list holds a value."""
    return " ".join(
        tag(name, one)
        for name, held in sorted(fields.items())  # in what order somebody named them does not matter
        if isinstance(held, list)
        for one in held
        if isinstance(one, str)
    )


def tag(field: str, value: str) -> str:
    """A value of a list as one word. Two values may share one; what is found is looked at again."""
    return f"t{zlib.crc32(f'{field} {value}'.encode()):08x}"


def _count(db: sqlite3.Connection, changed: dict[str, int]) -> None:
    if not changed:
        return
    names = _encode(list(changed))
    known = {
        row[0]
        for row in db.execute(
            "SELECT word FROM word WHERE word IN (SELECT value FROM json_each(?))", (names,)
        )
    }
    # In the tables' own order: neighbours go to one page of the tree, not each to a page of its own.
    new = sorted(changed.keys() - known)
    db.executemany("INSERT INTO word (word, records) VALUES (?, ?)", [(word, changed[word]) for word in new])
    pairs = sorted([(gram, word) for word in new for gram in words.grams(word)])
    db.executemany("INSERT OR IGNORE INTO gram (gram, word) VALUES (?, ?)", pairs)
    db.executemany(
        "UPDATE word SET records = records + ? WHERE word = ?",
        [(changed[word], word) for word in sorted(known)],
    )
    if any(number < 0 for number in changed.values()):
        gone = [r[0] for r in db.execute("SELECT word FROM word WHERE records <= 0")]
        db.executemany(
            "DELETE FROM gram WHERE gram = ? AND word = ?", [(g, w) for w in gone for g in words.grams(w)]
        )
        db.executemany("DELETE FROM word WHERE word = ?", [(word,) for word in gone])


def search(db: sqlite3.Connection, wanted: str, query: Query) -> Rows:
    """See `ports.Storage.search`."""
    start = 0
    if query.after is not None:
        key = read_cursor(incarnation(db), query.after)
        if len(key) != 2 or key[0] != "search" or not isinstance(key[1], int):
            raise Malformed("the cursor belongs to another query", where="after")
        start = key[1]
    groups = understand(db, wanted)
    scored = _scored(db, groups, query, max(CANDIDATES, start + query.limit + 1))
    end = start + query.limit
    best = [position for _, position in scored[start:end]]
    rows = {
        row[0]: stored(row[1:])
        for row in db.execute(
            f"SELECT c.position, {STORED} FROM json_each(?) j CROSS JOIN change c ON c.position = j.value",
            (_encode(best),),
        ).fetchall()
    }
    after = cursor(incarnation(db), "search", end) if len(scored) > end else None
    return Rows(tuple([rows[position] for position in best]), after)


def understand(db: sqlite3.Connection, wanted: str) -> list[words.Group]:
    """The typed words, each with the words of the directory that it may stand for."""
    size = int(db.execute("SELECT coalesce(max(key), 0) FROM search").fetchone()[0])

    def knows(word: str) -> bool:
        return db.execute("SELECT 1 FROM word WHERE word = ?", (word,)).fetchone() is not None

    typed = [half for word in words.tokens(wanted) for half in words.parted(word, knows)]
    asked = dict.fromkeys(typed[: words.MOST_WORDS])
    return [
        words.group(word, _near(db, word, size), size, lambda root: _beginning(db, root)) for word in asked
    ]


_BEGINS = "SELECT word, records FROM word WHERE word >= ? AND word < ? ORDER BY records DESC LIMIT 50"
_ALIKE = """
SELECT w.word, w.records FROM (
    SELECT g.word AS word, count(*) AS shared FROM json_each(?) j CROSS JOIN gram g ON g.gram = j.value
    GROUP BY g.word ORDER BY shared DESC, abs(length(g.word) - ?) LIMIT 80
) n CROSS JOIN word w ON w.word = n.word
"""


def _beginning(db: sqlite3.Connection, root: str) -> dict[str, int]:
    return dict(db.execute(_BEGINS, (root, root + "\U0010ffff")).fetchall())


def _near(db: sqlite3.Connection, word: str, size: int) -> dict[str, int]:
    """Words of the directory near a typed one, with how many records hold them. Slips are looked
    for only where the word itself does not stand in the directory, or hardly ever."""
    found = _beginning(db, word)
    if words.rare(found.get(word, 0), size) and len(word) >= 3:
        found |= dict(db.execute(_ALIKE, (_encode(sorted(words.grams(word))), len(word))).fetchall())
    return found


def _scored(
    db: sqlite3.Connection, groups: Sequence[words.Group], query: Query, most: int
) -> list[tuple[float, int]]:
    """Positions of the records that answer, best first.

    Looked for in steps, each wider and dearer than the one before, until there are enough: every
    word as typed in the name, then anywhere, then what each may stand for, last some of the words.
    """
    met = [one for one in groups if one.terms]
    if not met:
        return []
    typed = " AND ".join(_either(_surest(one)) for one in met)
    meant = " AND ".join(_either(one.terms) for one in met)
    found: dict[int, str] = {}
    for step in dict.fromkeys((f"name : ({typed})", typed, meant)):
        found.update(_match(db, step, query, most))
        if len(found) >= most:
            break
    if len(met) > 1:  # one that speaks of nothing else may answer better than one that also holds the rest
        telling = max(met, key=lambda one: one.weight)
        if _held(db, telling) <= _COMMON:
            found.update(_match(db, _either(telling.terms), query, most))
    if len(found) < most and len(met) > 1:  # asked of what the whole is, not of a page, so that pages fit
        if narrow := [one for one in met if _held(db, one) <= _COMMON]:
            found.update(_match(db, " OR ".join(_either(one.terms) for one in narrow), query, most))
        else:
            found.update(_fewer(db, met, query, most))
    scored = [(words.score(groups, text), position) for position, text in found.items()]
    return sorted((one for one in scored if one[0] > 0), key=lambda pair: (-pair[0], pair[1]))


def _fewer(db: sqlite3.Connection, met: Sequence[words.Group], query: Query, most: int) -> dict[int, str]:
    """What answers the more telling of words that are all common, half as many each time, until enough do.

    Any one of them is in so many records that to rank all that hold one would be to rank the directory."""
    found: dict[int, str] = {}
    kept = sorted(met, key=lambda one: -one.weight)
    while len(found) < most and len(kept) > 1:
        kept = kept[: len(kept) // 2]
        found.update(_match(db, " AND ".join(_either(one.terms) for one in kept), query, most))
    return found


def _surest(one: words.Group) -> list[str]:
    """The words that it most likely stands for."""
    best = max(one.terms.values())
    return [term for term, likeness in one.terms.items() if likeness >= best - 0.05]


def _either(terms: Iterable[str]) -> str:
    return "(" + " OR ".join(f'"{term}"' for term in terms) + ")"


def _held(db: sqlite3.Connection, one: words.Group) -> int:
    row = db.execute(
        "SELECT coalesce(sum(records), 0) FROM word WHERE word IN (SELECT value FROM json_each(?))",
        (_encode(list(one.terms)),),
    ).fetchone()
    return int(row[0])


def _match(db: sqlite3.Connection, match: str, query: Query, most: int) -> list[tuple[int, str]]:
    """Positions and texts of the best matches among the records that the query lets through."""
    wanted = [tag(c.field, c.value) for c in query.conditions if c.op == "has" and isinstance(c.value, str)]
    if wanted:
        match = f"({match}) AND tags : ({' AND '.join(wanted)})"
    ranked = "SELECT rowid FROM search_fts WHERE search_fts MATCH ? ORDER BY rank LIMIT ?"
    keys = [row[0] for row in db.execute(ranked, (match, most)).fetchall()]
    rows = _let_through(db, keys, query)
    if len(rows) < query.limit and len(keys) == most:
        every = [row[0] for row in db.execute(ranked, (match, -1)).fetchall()]
        rows = _let_through(db, every, query)
    return rows[:most]


def _let_through(db: sqlite3.Connection, keys: Sequence[int], query: Query) -> list[tuple[int, str]]:
    conditions = where(query.conditions)
    scope = Sql("") if query.allow is None else reached(query.kind, query.allow)
    within = f" AND r.key IN ({scope.text})" if scope.text else ""
    return db.execute(
        "SELECT r.position, s.text FROM json_each(?) k CROSS JOIN record r ON r.key = k.value"
        " CROSS JOIN search s ON s.key = r.key"
        f" WHERE r.kind = {literal(query.kind)}{conditions.text}{within}",
        (_encode(keys), *conditions.values, *scope.values),
    ).fetchall()
