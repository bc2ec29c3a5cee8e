# SPDX-License-Identifier: Apache-2.0
"""`verify`: the chain row by row, and whether heads, projections and scopes agree with it.

Rows are read in pages, each a transaction of its own, so that a long walk holds nobody up.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from peerkit.ports import Verdict
from peerkit.storage import chain
from peerkit.storage.sqlite.searching import name_of, tags_of
from peerkit.storage.sqlite.writing import proof

_PAGE = 1000
_ROWS = """
SELECT position, envelope, salt, body, args, seal, link, erased, id, kind, version
FROM change WHERE position > ? ORDER BY position LIMIT ?
"""
_HEADS = """
SELECT r.key, r.id, r.kind, r.version, r.position, r.doc, r.subjects, r.idx, r.proof, s.text, s.name, s.tags,
    c.envelope,
    c.id = r.id AND c.kind = r.kind AND c.version = r.version AND NOT EXISTS (
        SELECT 1 FROM change n WHERE n.id = r.id AND n.version > r.version
    ),
    CASE WHEN json_valid(r.subjects) THEN (
        SELECT count(*) FROM json_each(r.subjects) j CROSS JOIN subject t
        ON t.subject = json_extract(j.value, '$[1]') AND t.relation = json_extract(j.value, '$[0]')
        AND t.kind = r.kind AND t.record = r.key
    ) END
FROM record r LEFT JOIN change c ON c.position = r.position LEFT JOIN search s ON s.key = r.key
WHERE r.key > ? ORDER BY r.key LIMIT ?
"""
_HEADLESS = """
SELECT position FROM change c WHERE c.version = 1 AND NOT EXISTS (SELECT 1 FROM record r WHERE r.id = c.id)
LIMIT 100
"""
_TOTALS = "SELECT (SELECT count(*) FROM subject), (SELECT count(*) FROM search)"
_GIVEN_OUT = """
SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'change'), 0) - coalesce(max(position), 0)
FROM change
"""

Reading = Callable[[], AbstractContextManager[sqlite3.Connection]]


def verify(reading: Reading, head: str | None) -> Verdict:
    """See `ports.Storage.verify`."""
    walk = chain.Walk(head)
    last = 0
    while rows := _page(reading, _ROWS, last):
        last = rows[-1][0]
        for row in rows:
            _take(walk, row)
    with reading() as db:
        if db.execute(_GIVEN_OUT).fetchone()[0] > 0:
            walk.say(f"position {last}: rows behind it were deleted")
    _heads(reading, walk)
    return walk.verdict()


def _page(reading: Reading, sql: str, after: int) -> list[Any]:
    with reading() as db:
        return db.execute(sql, (after, _PAGE)).fetchall()


def _take(walk: chain.Walk, row: Sequence[Any]) -> None:
    position, envelope, salt, body, args, seal, link, erased, *stated = row
    if erased:
        if any(any(part or b"") for part in (salt, body, args)):
            walk.say(f"position {position}: marked as erased, and something still stands there")
        salt = body = args = None
    walk.take(chain.Row(position, envelope, salt, body, args, seal, link), tuple(stated))


def _heads(reading: Reading, walk: chain.Walk) -> None:
    last, linked, searched = 0, 0, 0
    while rows := _page(reading, _HEADS, last):
        last = rows[-1][0]
        for row in rows:
            (
                _,
                one,
                kind,
                version,
                position,
                doc,
                subjects,
                idx,
                sealed,
                text,
                name,
                tags,
                envelope,
                fits,
                links,
            ) = row
            where = f"the head of {kind} {one}"
            if not fits:
                walk.say(f"{where} does not point at its newest version")
            elif f'"subjects":{subjects},' not in envelope:  # both are canonical
                walk.say(f"{where} has other subjects than its envelope")
            said = text or ""
            if sealed != proof(one, kind, version, position, doc, subjects, idx, said) or (
                (name or "", tags or "") != (name_of(said), _tags(idx) if said else "")
            ):
                walk.say(f"{where}, its projection or its search text was changed")
            wanted = len(set(_pairs(subjects)))
            if links != wanted:
                walk.say(f"{where} cannot be reached through all of its subjects")
            linked += wanted
            searched += text is not None
    with reading() as db:
        for (position,) in db.execute(_HEADLESS).fetchall():
            walk.say(f"position {position}: its record has no head")
        links, texts = db.execute(_TOTALS).fetchone()
    if links != linked:
        walk.say("scopes reach records by subjects that no envelope names")
    if texts != searched:
        walk.say("search holds texts of no record")


def _tags(idx: str) -> str:
    try:
        return tags_of(json.loads(idx))
    except (ValueError, AttributeError, RecursionError):
        return ""  # no projection: its proof says so too


def _pairs(text: str) -> list[tuple[str, str]]:
    """The subjects in a list of them; none where somebody left no JSON."""
    try:
        return [(relation, subject) for relation, subject in json.loads(text)]
    except (ValueError, TypeError):
        return []
