# SPDX-License-Identifier: Apache-2.0
"""The floor: what somebody would write by hand on the standard library's sqlite3 to store the same rows.

It works on a copy of a peerkit file, so both sides write to tables of the same form and size, and it writes
rows of the same columns, bytes and indexes, in one transaction that survives a power cut. It makes the JSON
of a document and of its envelope, since those bytes have to come from somewhere, and salt of the same
length. It has no rights, checks, versions, guard or chain: `seal`, `link` and `proof` are random text of
their length.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import attrs

import peerkit

_CHANGE = """
INSERT INTO change (id, kind, version, erased, envelope, salt, body, args, seal, link)
VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?)
"""
_NEW = """
INSERT INTO record (id, kind, version, position, doc, subjects, idx, proof) VALUES (?, ?, 1, ?, 1, ?, ?, ?)
"""
_NEXT = "UPDATE record SET version = ?, position = ?, idx = ?, proof = ? WHERE id = ?"
_SUBJECT = "INSERT INTO subject (subject, relation, kind, record) VALUES (?, ?, ?, ?)"
_SAMPLE = """
SELECT c.envelope, c.body, c.args, r.idx FROM record r JOIN change c ON c.position = r.position WHERE r.id = ?
"""
_GET = """
SELECT r.version, c.envelope, c.body FROM record r JOIN change c ON c.position = r.position WHERE r.id = ?
"""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_encode_unsorted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


def connect(file: Path, synchronous: str = "FULL") -> sqlite3.Connection:
    """A connection as a careful hand sets it up."""
    db = sqlite3.connect(file, isolation_level=None, cached_statements=512)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA synchronous={synchronous}")
    db.execute("PRAGMA foreign_keys=ON")
    db.execute("PRAGMA cache_size=-16000")
    return db


@attrs.frozen
class Sample:
    """What peerkit stored for a record, so that the like of it can be stored by hand."""

    kind: str
    acts: list[Any]
    actor: str
    role: str
    via: str
    subjects: list[tuple[str, str]]
    body: dict[str, Any]
    args: Any
    idx: dict[str, Any]

    @classmethod
    def of(cls, file: Path, record_id: str) -> Sample:
        """Read it from the file."""
        with closing(sqlite3.connect(file)) as db:
            envelope, body, args, idx = db.execute(_SAMPLE, (record_id,)).fetchone()
        told = _decode(envelope)
        subjects = [(relation, subject) for relation, subject in told["subjects"]]
        made = (json.loads(text) for text in (body, args, idx))
        return cls(told["kind"], told["acts"], told["actor"], told["role"], told["via"], subjects, *made)


class Store:
    """Reads and writes records of the given program by hand."""

    def __init__(self, file: Path, *, synchronous: str = "FULL") -> None:
        self.db = connect(file, synchronous)
        self.last = int(self.db.execute("SELECT max(position) FROM change").fetchone()[0])
        self._count = secrets.randbits(32)

    def new_id(self) -> str:
        """An id that sorts behind those before it, as long as a UUID is."""
        self._count += 1
        return f"ffffffff-ffff-7fff-bfff-{self._count:012x}"

    def _change(self, like: Sample, record_id: str, version: int, *, body: Any, args: Any) -> int:
        now = time.gmtime()
        envelope = {
            "acts": like.acts,
            "actor": like.actor,
            "at": time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", now),
            "doc": 1,
            "id": record_id,
            "kind": like.kind,
            "module": "peerkit",
            "module_version": peerkit.__version__,
            "position": self.last + 1,
            "role": like.role,
            "subjects": like.subjects,
            "version": version,
            "via": like.via,
        }
        values = (
            record_id,
            like.kind,
            version,
            _encode(envelope),
            secrets.token_bytes(32),
            _encode(body).encode(),
            _encode(args).encode(),
            secrets.token_hex(32),
            secrets.token_hex(32),
        )
        self.last = self.db.execute(_CHANGE, values).lastrowid or 0
        return self.last

    def insert(self, like: Sample, *, body: Any, args: Any, idx: Any) -> None:
        """A new record of the sample's kind, durably."""
        record_id = self.new_id()
        db = self.db
        db.execute("BEGIN IMMEDIATE")
        position = self._change(like, record_id, 1, body=body, args=args)
        subjects = _encode_unsorted(like.subjects)
        head = (record_id, like.kind, position, subjects, _encode(idx), secrets.token_hex(16))
        key = db.execute(_NEW, head).lastrowid
        for relation, subject in like.subjects:
            db.execute(_SUBJECT, (subject, relation, like.kind, key))
        db.execute("COMMIT")

    def update(self, like: Sample, record_id: str, version: int, *, body: Any, args: Any, idx: Any) -> None:
        """The next version of a record, durably."""
        db = self.db
        db.execute("BEGIN IMMEDIATE")
        position = self._change(like, record_id, version, body=body, args=args)
        db.execute(_NEXT, (version, position, _encode(idx), secrets.token_hex(16), record_id))
        db.execute("COMMIT")

    def get(self, record_id: str) -> tuple[int, Any, Any]:
        """Version, envelope and document of a record, both decoded."""
        version, envelope, body = self.db.execute(_GET, (record_id,)).fetchone()
        return version, _decode(envelope), _decode(body.decode())

    def close(self) -> None:
        """Close the connection."""
        self.db.close()
