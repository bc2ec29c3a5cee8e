# SPDX-License-Identifier: Apache-2.0
"""Reading: one record, a page of a kind, its history, the feed. Every statement is read to its end."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

import attrs

from peerkit.errors import Malformed
from peerkit.ports import Allow, FeedPage, Query, Rows, Stored, cursor, feed_position, read_cursor
from peerkit.storage.chain import read_envelope
from peerkit.storage.conditions import MOST, visible
from peerkit.storage.sqlite.conditions import Sql, source, value_of, where

_encode = json.JSONEncoder(ensure_ascii=False).encode
STORED = "c.envelope, c.seal, c.erased, c.body, c.args"
# The plus keeps the kind from the planner: it would weigh it against the indexes of each kind, and so
# prepare the statement anew whenever another value is bound (measured: 15 µs for each read).
_GET = f"""
SELECT {STORED} FROM record r CROSS JOIN change c ON c.position = r.position WHERE r.id = ? AND +r.kind = ?
"""
_HISTORY = f"SELECT {STORED} FROM change c WHERE c.id = ? ORDER BY c.version"
_CHANGES = "SELECT position, envelope, seal FROM change WHERE position > ? ORDER BY position LIMIT ?"
_POSITION = "SELECT max(position) FROM change"
_POSITIONS = """
SELECT max(last) FROM (
    SELECT (SELECT max(c.position) FROM change c WHERE c.kind = j.value) AS last FROM json_each(?) j
)
"""


def stored(row: tuple[Any, ...]) -> Stored:
    """The version in a row of the columns `STORED`."""
    envelope, seal, erased, body, args = row
    if erased:
        return Stored(read_envelope(envelope, seal), None, None)
    return Stored(read_envelope(envelope, seal), body, args)


def get(db: sqlite3.Connection, kind: str, record_id: str, allow: Allow) -> Stored | None:
    """See `ports.Storage.get`."""
    row = db.execute(_GET, (record_id, kind)).fetchone()
    if row is None:
        return None
    found = stored(row)
    return found if allow is None or visible(allow, found.envelope.subjects) else None


def history(db: sqlite3.Connection, kind: str, record_id: str, allow: Allow) -> tuple[Stored, ...]:
    """See `ports.Storage.history`."""
    found = tuple([stored(row) for row in db.execute(_HISTORY, (record_id,)).fetchall()])
    if not found or found[-1].envelope.kind != kind or not visible(allow, found[-1].envelope.subjects):
        return ()
    return found


_EVERYTHING = Sql("")


@attrs.frozen
class Phase:
    """A piece of what is left behind a cursor; `one_value` if all of it has one key, so that the ids
    alone order it."""

    rest: Sql = _EVERYTHING
    one_value: bool = False


def incarnation(db: sqlite3.Connection) -> str:
    """The feed's random name. Read wherever a cursor is: another process may have begun a new one."""
    return str(db.execute("SELECT value FROM meta WHERE name = 'incarnation'").fetchone()[0])


def find(db: sqlite3.Connection, query: Query, hint: str) -> Rows:
    """See `ports.Storage.find`; `hint` is the index to use."""
    rows: list[tuple[Any, ...]] = []
    for phase in phases(query, "" if query.after is None else incarnation(db)):
        wanted = query.limit + 1 - len(rows)
        if wanted > 0:
            made = page(query, phase, hint, wanted)
            rows += db.execute(made.text, made.values).fetchall()
    if len(rows) <= query.limit:
        return Rows(tuple([stored(row[2:]) for row in rows]))
    rows.pop()
    key, record_id = rows[-1][:2]
    after = cursor(incarnation(db), query.order, key, record_id)
    return Rows(tuple([stored(row[2:]) for row in rows]), after)


def page(query: Query, phase: Phase, hint: str, limit: int) -> Sql:
    """The statement for a page. Bodies are fetched for the rows of the page only: sorting would
    carry them all along."""
    order, down = query.order.removeprefix("-"), " DESC" if query.order.startswith("-") else ""
    x = value_of(order) if order else "r.id"
    by = f"r.id{down}" if phase.one_value or x == "r.id" else f"{x}{down}, r.id{down}"
    start, found = source(query.kind, query.allow, hint), where(query.conditions)
    return Sql(
        f"SELECT p.x, p.id, {STORED} FROM (SELECT {x} AS x, r.id AS id, r.position AS position"
        f" FROM {start.text}{found.text}{phase.rest.text} ORDER BY {by} LIMIT ?) p"
        f" CROSS JOIN change c ON c.position = p.position ORDER BY p.x{down}, p.id{down}",
        (*start.values, *found.values, *phase.rest.values, limit),
    )


def phases(query: Query, name: str) -> tuple[Phase, ...]:
    """What is left behind the cursor, in at most two pieces, each of which an index can serve:
    missing values come first when ascending, and last when descending."""
    if query.after is None:
        return (Phase(),)
    order, *rest = read_cursor(name, query.after)
    if order != query.order or len(rest) != 2:
        raise Malformed("the cursor belongs to another query", where="after")
    key, record_id = rest
    field = query.order.removeprefix("-")
    down = query.order.startswith("-")
    x, beyond = value_of(field) if field else "r.id", "<" if down else ">"
    if x == "r.id":
        return (Phase(Sql(f" AND r.id {beyond} ?", (record_id,))),)
    if key is None:
        same = Phase(Sql(f" AND {x} IS NULL AND r.id {beyond} ?", (record_id,)), one_value=True)
        return (same,) if down else (same, Phase(Sql(f" AND {x} IS NOT NULL")))
    some = Phase(Sql(f" AND {x} {beyond}= ? AND ({x} {beyond} ? OR r.id {beyond} ?)", (key, key, record_id)))
    return (some, Phase(Sql(f" AND {x} IS NULL"), one_value=True)) if down else (some,)


def count(db: sqlite3.Connection, query: Query, hint: str) -> int:
    """See `ports.Storage.count`."""
    start, found = source(query.kind, query.allow, hint), where(query.conditions)
    row = db.execute(
        f"SELECT count(*) FROM {start.text}{found.text}", (*start.values, *found.values)
    ).fetchone()
    return int(row[0])


def changes(db: sqlite3.Connection, after: str | None, limit: int) -> FeedPage:
    """See `ports.Storage.changes`."""
    if not 0 < limit <= MOST:
        raise Malformed(f"a page holds 1 to {MOST} rows", where="limit")
    start, name = 0, incarnation(db)
    if after is not None:
        key = read_cursor(name, after)
        start = feed_position(key, position(db, ()))
    rows = db.execute(_CHANGES, (start, limit + 1)).fetchall()
    kept = rows[:limit]
    end = kept[-1][0] if kept else start
    envelopes = tuple([read_envelope(text, seal) for _, text, seal in kept])
    return FeedPage(envelopes, cursor(name, end), more=len(rows) > limit)


def position(db: sqlite3.Connection, kinds: Sequence[str]) -> int:
    """See `ports.Storage.position`."""
    if not kinds:
        row = db.execute(_POSITION).fetchone()
    elif len(kinds) == 1:
        row = db.execute(f"{_POSITION} WHERE kind = ?", tuple(kinds)).fetchone()
    else:
        row = db.execute(_POSITIONS, (_encode(list(kinds)),)).fetchone()
    return int(row[0] or 0)
