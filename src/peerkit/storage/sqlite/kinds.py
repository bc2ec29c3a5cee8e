# SPDX-License-Identifier: Apache-2.0
"""What the file knows of each kind: a view in columns, and indexes for the fields that queries use.

A view is made with the first record of its kind, in the same transaction, and anew when a kind has
got a field more; it holds the projection (operational and public fields) and never a body. Plain
SQL, since inside a commit there is no time to import sqlite-utils.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

import attrs

from peerkit.ports import Query
from peerkit.storage.sqlite.conditions import literal, name, path

_IRREGULAR = {"person": "people", "child": "children"}
_SIBILANT = ("s", "x", "z", "ch", "sh")


@attrs.frozen
class KindRow:
    """One kind in this file: its view, the fields of its projection, its indexes."""

    kind: str
    view: str = ""
    fields: frozenset[str] = frozenset()
    indexes: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """Fields by the index's name."""

    def hint(self, query: Query) -> str:
        """The index that serves a query best: most equalities, then its order or a range; `""` if none.

        The planner has no statistics and would take the index on the kind alone.
        """
        equal = {c.field for c in query.conditions if c.op in {"==", "in"}}
        ranged = {c.field for c in query.conditions if c.op in {"<", "<=", ">", ">="}}
        order = query.order.removeprefix("-")
        best, most = "", 0
        for index, fields in self.indexes.items():
            lead = next((i for i, one in enumerate(fields) if one not in equal), len(fields))
            following = fields[lead] if lead < len(fields) else ""
            worth = 10 * lead + 5 * (bool(following) and following == order) + 3 * (following in ranged)
            if worth > most:
                best, most = index, worth
        return best


def read(db: sqlite3.Connection) -> dict[str, KindRow]:
    """What the file knows."""
    return {
        kind: KindRow(
            kind,
            view,
            frozenset(json.loads(fields)),
            {index: tuple(of) for index, of in json.loads(indexes).items()},
        )
        for kind, view, fields, indexes in db.execute("SELECT name, view, fields, indexes FROM kind")
    }


def show(db: sqlite3.Connection, known: dict[str, KindRow], kind: str, fields: Iterable[str]) -> KindRow:
    """Make the kind's view anew, with these fields too. Inside a transaction."""
    held = known.get(kind) or KindRow(kind)
    row = attrs.evolve(held, fields=held.fields | frozenset(fields), view=held.view or _free_name(db, kind))
    db.execute(f"DROP VIEW IF EXISTS {name(row.view)}")
    db.execute(_view(row))
    _write(db, row)
    return row


def index(
    db: sqlite3.Connection, known: dict[str, KindRow], wanted: Mapping[str, Sequence[str]]
) -> dict[str, KindRow]:
    """Make the wanted indexes that are missing: fields by kind, several joined by a blank."""
    made: dict[str, KindRow] = {}
    for kind, lists in wanted.items():
        held = known.get(kind) or KindRow(kind)
        row = attrs.evolve(
            held, indexes={**held.indexes, **{f"{kind} by {one}": tuple(one.split()) for one in lists}}
        )
        for made_name in row.indexes.keys() - held.indexes.keys():
            columns = ", ".join(f"json_extract(idx, {path(one)})" for one in row.indexes[made_name])
            db.execute(
                f"CREATE INDEX {name(made_name)} ON record ({columns}, id) WHERE kind = {literal(kind)}"
            )
        if row != held:
            _write(db, row)
            made[kind] = row
    return made


def missing(known: Mapping[str, KindRow], wanted: Mapping[str, Sequence[str]]) -> bool:
    """Whether `index` would make anything."""
    return any(
        f"{kind} by {one}" not in (known[kind].indexes if kind in known else {})
        for kind, lists in wanted.items()
        for one in lists
    )


def plural(kind: str) -> str:
    """A kind's name in the plural, as English forms it."""
    stem, _, last = kind.rpartition("_")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("y") and last[-2:-1] not in set("aeiou"):
        last = f"{last[:-1]}ies"
    else:
        last += "es" if last.endswith(_SIBILANT) else "s"
    return f"{stem}_{last}" if stem else last


def _free_name(db: sqlite3.Connection, kind: str) -> str:
    """The plural; where that is taken, the kind itself; where both are, something that is free."""
    taken = {row[0].lower() for row in db.execute("SELECT name FROM sqlite_master")}
    names = [plural(kind), kind, *(f"records of {kind} {n}" for n in range(1, len(taken) + 2))]
    return next(one for one in names if one.lower() not in taken and not one.lower().startswith("sqlite_"))


def _view(row: KindRow) -> str:
    columns = ["r.id AS id", "r.version AS version", "json_extract(c.envelope, '$.at') AS changed_at"]
    used = {"id", "version", "changed_at"}
    for field in sorted(row.fields):
        if '"' in field or "\0" in field:
            continue  # no JSON path leads there
        column = field
        while column.lower() in used:
            column += "_"
        used.add(column.lower())
        columns.append(f"json_extract(r.idx, {path(field)}) AS {name(column)}")
    return (
        f"CREATE VIEW {name(row.view)} AS SELECT {', '.join(columns)} FROM record r"
        f" JOIN change c ON c.position = r.position WHERE r.kind = {literal(row.kind)}"
    )


def _write(db: sqlite3.Connection, row: KindRow) -> None:
    indexes = {one: list(fields) for one, fields in row.indexes.items()}
    db.execute(
        "INSERT OR REPLACE INTO kind (name, view, fields, indexes) VALUES (?, ?, ?, ?)",
        (row.kind, row.view, json.dumps(sorted(row.fields)), json.dumps(indexes)),
    )
