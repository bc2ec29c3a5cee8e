# SPDX-License-Identifier: Apache-2.0
"""The chain of salted commitments, the same on every storage.

    seal = SHA-256(salt ‖ len(body) ‖ body ‖ args)
    link = SHA-256(previous link ‖ position ‖ envelope's stored canonical JSON ‖ seal)

A bare hash of a small answer ("q5: yes") can be guessed, hence the salt; erasing removes salt, body
and arguments, and the chain still holds because it covers only the seal. The envelope's JSON is
canonical after RFC 8785 (JSON Canonicalization Scheme, IETF, 2020): ASCII keys sorted, integers only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import attrs

from peerkit.model.ids import moment, stamp
from peerkit.ports import ActLine, Change, Envelope, Verdict

GENESIS = "0" * 64
SALT_BYTES = 32

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
_decode = json.JSONDecoder().decode


@attrs.frozen
class Row:
    """One row of the feed, whole: what `dump` gives and `load` takes."""

    position: int
    envelope: str
    salt: bytes | None = attrs.field(repr=False)
    body: bytes | None = attrs.field(repr=False)
    args: bytes | None = attrs.field(repr=False)
    seal: str
    link: str


def new_salt() -> bytes:
    """Fresh salt for one row."""
    return secrets.token_bytes(SALT_BYTES)


def seal_of(salt: bytes, body: bytes, args: bytes) -> str:
    """The commitment to a row's body and arguments."""
    digest = hashlib.sha256(salt)
    digest.update(len(body).to_bytes(8))
    digest.update(body)
    digest.update(args)
    return digest.hexdigest()


def link_of(previous: str, position: int, envelope: str, seal: str) -> str:
    """The chain's link for a row."""
    return hashlib.sha256(f"{previous}\n{position}\n{envelope}\n{seal}".encode()).hexdigest()


def envelope_json(change: Change, position: int, at: datetime) -> str:
    """The envelope as it is stored."""
    return _encode(
        {
            "acts": [[a.name, a.decided_by, a.how, a.strength] for a in change.acts],
            "actor": change.actor,
            "at": stamp(at),
            "doc": change.doc_version,
            "id": change.id,
            "kind": change.kind,
            "module": change.module,
            "module_version": change.module_version,
            "position": position,
            "role": change.role,
            "subjects": [list(pair) for pair in change.subjects],
            "version": change.version,
            "via": change.via,
        }
    )


def read_envelope(text: str, seal: str) -> Envelope:
    """The envelope that `envelope_json` wrote."""
    e: dict[str, Any] = _decode(text)
    return Envelope(
        e["position"],
        e["id"],
        e["kind"],
        e["version"],
        e["doc"],
        tuple([(r, s) for r, s in e["subjects"]]),
        moment(e["at"]),
        e["actor"],
        tuple([ActLine(*a) for a in e["acts"]]),
        e["role"],
        e["via"],
        e["module"],
        e["module_version"],
        seal,
    )


def make_row(change: Change, position: int, at: datetime, previous: str) -> Row:
    """The row for a change at a position, linked to the one before it."""
    salt = new_salt()
    text = envelope_json(change, position, at)
    seal = seal_of(salt, change.body, change.args)
    return Row(position, text, salt, change.body, change.args, seal, link_of(previous, position, text, seal))


def problem(row: Row, previous: str, redacted: bool) -> str:
    """What is wrong with a row (empty: nothing), given the link before it.

    A row without a body is erased only if a chained `Redaction` names it (`redacted`); a blank row
    without one was tampered with.
    """
    if row.link != link_of(previous, row.position, row.envelope, row.seal):
        return f"position {row.position}: the link does not fit; the row, or one before it, was changed"
    blank = row.body is None or row.salt is None or row.args is None
    if blank and not redacted:
        return f"position {row.position}: the body is gone and no redaction names it"
    if not blank and seal_of(row.salt or b"", row.body or b"", row.args or b"") != row.seal:
        return f"position {row.position}: the body was changed"
    return ""


def verify(rows: Iterator[Row], head: str | None) -> Verdict:
    """Walk the rows in order and judge them; two passes' worth of facts in one.

    Redactions come after what they erase, so blank rows are settled at the end.
    """
    previous, count, erased = GENESIS, 0, 0
    problems: list[str] = []
    blank: dict[str, list[int]] = {}
    named: set[str] = set()
    anchored = head is not None and head == GENESIS
    for row in rows:
        count += 1
        if row.position != count and not problems:
            problems.append(f"position {count}: rows are missing before position {row.position}")
        envelope = read_envelope(row.envelope, row.seal)
        found = problem(row, previous, redacted=True)
        if found:
            problems.append(found)
        if row.body is None or row.salt is None or row.args is None:
            blank.setdefault(envelope.id, []).append(row.position)
        if envelope.kind == "redaction":
            named.update(subject for relation, subject in envelope.subjects if relation == "erased")
        previous = row.link
        anchored = anchored or row.link == head
    for one, positions in blank.items():
        erased += len(positions)
        if one not in named:
            problems += [f"position {p}: the body is gone and no redaction names it" for p in positions]
    if head is not None and not anchored:
        problems.append("the kept head is not in the chain: history before it was changed or cut off")
    return Verdict(not problems, count, erased, previous, anchored, tuple(problems))


def dump(row: Row, idx: Mapping[str, Any] | None, text: str) -> dict[str, Any]:
    """A row as plain JSON values."""
    raw = {name: _b64(getattr(row, name)) for name in ("salt", "body", "args")}
    return {
        "position": row.position,
        "envelope": row.envelope,
        **raw,
        "seal": row.seal,
        "link": row.link,
        "idx": None if idx is None else dict(idx),
        "text": text,
    }


def undump(raw: Mapping[str, Any]) -> Row:
    """The row that `dump` wrote."""
    parts = {name: None if raw[name] is None else base64.b64decode(raw[name]) for name in ("salt", "body", "args")}
    return Row(raw["position"], raw["envelope"], parts["salt"], parts["body"], parts["args"], raw["seal"], raw["link"])


def _b64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode()
