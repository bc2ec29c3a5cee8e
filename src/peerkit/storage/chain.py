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
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from peerkit.errors import Malformed
from peerkit.model.ids import moment, random_bits, stamp
from peerkit.ports import ActLine, Change, Envelope, Verdict

GENESIS = "0" * 64
SALT_BYTES = 32

_text = json.encoder.encode_basestring
_decode = json.JSONDecoder().decode
_decode_bare = json.JSONDecoder().raw_decode


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
    return random_bits(8 * SALT_BYTES).to_bytes(SALT_BYTES)


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
    """The envelope as it is stored. The keys are always the same, so they are written out, in order."""
    acts = ",".join([_act(a) for a in change.acts])
    subjects = ",".join([f"[{_text(relation)},{_text(subject)}]" for relation, subject in change.subjects])
    return (
        f'{{"actor":{_text(change.actor)},"acts":[{acts}],"at":"{stamp(at)}","doc":{change.doc_version:d},'
        f'"id":{_text(change.id)},"kind":{_text(change.kind)},"module":{_text(change.module)},'
        f'"module_version":{_text(change.module_version)},"position":{position:d},"role":{_text(change.role)},'
        f'"subjects":[{subjects}],"version":{change.version:d},"via":{_text(change.via)}}}'
    )


def _act(a: ActLine) -> str:
    place = f",{_text(a.on_behalf_of)}" if a.on_behalf_of else ""
    return f"[{_text(a.name)},{_text(a.decided_by)},{_text(a.how)},{a.strength:d}{place}]"


def read_envelope(text: str, seal: str) -> Envelope:
    """The envelope that `envelope_json` wrote."""
    e, end = _decode_bare(text)  # no blanks stand around it; each record that is read passes here
    if end != len(text):
        raise ValueError("more than an envelope")
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
    """The row for a change at a position, linked to the one before it; Malformed if no storage
    could hold it."""
    salt = new_salt()
    try:
        seal = seal_of(salt, change.body, change.args)
        text = envelope_json(change, position, at)
        link = link_of(previous, position, text, seal)
    except (TypeError, ValueError):
        raise Malformed(
            "a body is bytes, an envelope holds texts, and instants with a zone", where=change.kind
        ) from None
    if "\\u0000" in text or not change.id or not change.kind:  # NUL ends a text for some databases
        raise Malformed(
            "ids and kinds are not empty, and no text of an envelope holds NUL", where=change.kind
        )
    return Row(position, text, salt, change.body, change.args, seal, link)


MOST_PROBLEMS = 100
"""How many problems a verdict names; the rest are counted."""


class Walk:
    """Judges the rows of a feed in their order, in memory that does not grow with the feed.

    A row without a body is erased only if a redaction *behind* it in the chain names its id; a
    blank row without one was tampered with. Redactions come after what they erase, so blank rows
    are settled at the end.
    """

    def __init__(self, head: str | None = None) -> None:
        self._head = head
        self._previous, self._last, self._count = GENESIS, 0, 0
        self._anchored = head == GENESIS
        self._blank: dict[str, list[int]] = {}
        self._named: dict[str, int] = {}
        self._problems: list[str] = []
        self._more = 0

    def say(self, problem: str) -> None:
        """Note a problem."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)
        else:
            self._more += 1

    def take(self, row: Row, stated: tuple[str, str, int] | None = None) -> None:
        """Judge the next row. `stated` is its id, kind and version where the storage keeps them
        apart from the envelope."""
        here = f"position {row.position}"
        self._count += 1
        if row.position != self._last + 1:
            self.say(f"{here}: rows are missing before it" if row.position > self._last else f"{here}: twice")
        self._last = max(row.position, self._last)
        if row.link != link_of(self._previous, row.position, row.envelope, row.seal):
            self.say(f"{here}: the link does not fit; the row, or one before it, was changed")
        self._previous = row.link
        self._anchored = self._anchored or row.link == self._head
        try:
            envelope = _decode(row.envelope)
            found = (envelope["id"], envelope["kind"], envelope["version"])
            named = [one for relation, one in envelope["subjects"] if relation == "erased"]
            position = envelope["position"]
        except (ValueError, KeyError, TypeError, RecursionError):
            self.say(f"{here}: the envelope cannot be read")
            return
        if position != row.position or (stated is not None and stated != found):
            self.say(f"{here}: id, kind, version or position differ from the envelope")
        if found[1] == "redaction":
            self._named.update(dict.fromkeys(named, row.position))
        if row.body is None or row.salt is None or row.args is None:
            self._blank.setdefault(found[0], []).append(row.position)
        elif seal_of(row.salt, row.body, row.args) != row.seal:
            self.say(f"{here}: the body was changed")

    def verdict(self) -> Verdict:
        """What was found."""
        for one, positions in self._blank.items():
            for position in positions:
                if position >= self._named.get(one, 0):
                    self.say(f"position {position}: the body is gone and no redaction behind it names it")
        if self._head is not None and not self._anchored:
            self.say("the kept head is not in the chain: history before it was changed or cut off")
        erased = sum(len(positions) for positions in self._blank.values())
        problems = tuple(self._problems) + ((f"and {self._more} more",) if self._more else ())
        return Verdict(not problems, self._count, erased, self._previous, self._anchored, problems)


def verify(rows: Iterable[Row], head: str | None) -> Verdict:
    """Walk the rows in order and judge them."""
    walk = Walk(head)
    for row in rows:
        walk.take(row)
    return walk.verdict()


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


@attrs.frozen
class Loaded:
    """A row of a dump, read: the feed's row, its envelope, and what its head is found by (None: no
    head)."""

    row: Row
    envelope: Envelope
    idx: Mapping[str, Any] | None
    text: str


def undump(raw: Mapping[str, Any]) -> Loaded:
    """What `dump` was given; Malformed if this is no row of a dump."""
    try:
        salt, body, args = (
            None if raw[n] is None else base64.b64decode(raw[n], validate=True)
            for n in ("salt", "body", "args")
        )
        row = Row(int(raw["position"]), raw["envelope"], salt, body, args, raw["seal"], raw["link"])
        return Loaded(row, read_envelope(row.envelope, row.seal), raw["idx"], raw["text"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Malformed("that is no row of a dump", where="load") from None


def _b64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode()
