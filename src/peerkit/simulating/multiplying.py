# SPDX-License-Identifier: Apache-2.0
"""Large stores, of a life that was lived: its history is written again and again, about other people.

What was lived (a cohort, through the kit's own doors) is read as `dump` gives it and goes to the storage's
`load`, as it was: the same acts at the same instants, every copy with people, supporters and ids of its
own, a salt for each row and one chain through all of them, so that `verify` holds. The program, its staff,
its directory and whom it knows outside are there once. Nothing is asked of rights and checks again: they
had their say when it was lived.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import tempfile
import time
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs

import peerkit
from peerkit.errors import Malformed
from peerkit.kinds import INDEXES
from peerkit.kit.opening import empty
from peerkit.model import ids
from peerkit.ports import Storage
from peerkit.safety.lane import derived
from peerkit.simulating.counting import by_kind
from peerkit.simulating.dice import FICTIONAL, Dice
from peerkit.simulating.living import UNTIL, Progress, Simulated, live
from peerkit.storage import chain
from peerkit.texts import _

ONCE = frozenset({"program", "organization", "service", "recipient", "drill"})
"""Kinds that a copy has no other ones of."""

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_REFERENCE = re.compile(rb'"reference":"([0-9a-f]{16})"')
_POSITION = re.compile(r'"position":\d+')
_PAGE = 500


def multiply(
    url: str,
    *,
    records: int,
    people: int = 100,
    years: float = 3.0,
    seed: int = 1,
    until: date = UNTIL,
    progress: Progress | None = None,
) -> Simulated:
    """Fill the empty store at `url` with a program of at least so many records.

    A cohort of so many `people` lives first (`live`, in a file of its own that is removed); its history is
    then written as often as it takes, each time about others. Copies are whole, so there are up to one
    cohort's more records than asked for. The same arguments give the same facts.

    Malformed where fewer records are asked for than the cohort has; StorageError for a store that is not
    empty.
    """
    began = time.perf_counter()
    dice = Dice(seed)
    with tempfile.TemporaryDirectory(prefix="peerkit-simulated-") as folder:
        source = f"sqlite:///{Path(folder) / 'cohort.db'}?synchronous=off"
        target = empty(url)  # before anybody lives for nothing
        try:
            lived = live(source, people=people, years=years, seed=seed, until=until, progress=progress)
            with peerkit.open(source, discover=False) as kit, ids.throwing(dice.bits):
                cohort = _Cohort.of(kit.storage, lived)
                copies = cohort.copies_for(records)
                target.load(cohort.rows(kit.storage, copies, progress))
                cohort.marks(kit.storage, target, copies)
            target.ensure_indexes(INDEXES)
            took = time.perf_counter() - began
            counts, verdict = by_kind(target), target.verify()
        finally:
            target.close()
    return attrs.evolve(
        lived,
        people=people * copies,
        records=sum(one[""] for one in counts.values()),
        versions=verdict.positions,
        counts=counts,
        refusals=counts["refusal"][""],
        head=verdict.head,
        intact=verdict.intact,
        seconds=took,
        stumbled=Counter({name: many * copies for name, many in lived.stumbled.items()}),
    )


@attrs.define
class _Cohort:
    """What has to be known of a cohort's history before it is copied."""

    once: frozenset[str]
    """Ids of records that all copies share."""
    kin: Mapping[str, tuple[str, str]]
    """Ids that follow from another one: (that one, label), as the safety lane derives them."""
    signed: Mapping[tuple[str, int], str]
    """Which versions were signed (id, version), and the fingerprint in the signature."""
    records: int
    shared: int
    _ids: dict[tuple[int, bytes], bytes] = attrs.field(factory=dict)
    _fingerprints: dict[tuple[int, str], bytes] = attrs.field(factory=dict)

    @classmethod
    def of(cls, storage: Storage, lived: Simulated) -> _Cohort:
        """Read it once through."""
        offices: set[str] = {lived.coordinator}
        heads: dict[str, tuple[str, frozenset[str], str]] = {}
        kin: dict[str, tuple[str, str]] = {}
        signed: dict[tuple[str, int], str] = {}
        supporters: set[str] = set()
        for row in _dumped(storage):
            e = json.loads(row["envelope"])
            body = json.loads(b64decode(row["body"])) if row["body"] is not None else {}
            subjects = frozenset(subject for _, subject in e["subjects"])
            heads[e["id"]] = (e["kind"], subjects, body.get("about", ""))
            if e["kind"] == "appointment" and body:
                offices.add(body["person"])
            if e["kind"] == "peer_supporter" and body:
                supporters.add(body["person"])
            if e["kind"] == "signature" and body:
                signed[body["signed"], body["signed_version"]] = body["sha256"]
            for parent in _parents(e, body):
                if derived(*parent) == e["id"]:
                    kin[e["id"]] = parent
        staff = offices - supporters
        once = {one for one, (kind, _, _) in heads.items() if kind in ONCE} | staff
        for one, (kind, subjects, about) in heads.items():
            inside = kind in {"appointment", "route", "leave", "task", "delivery", "read"}
            if inside and subjects <= once and (not about or about in once):
                once.add(one)
        return cls(frozenset(once), kin, signed, len(heads), sum(1 for one in heads if one in once))

    def copies_for(self, records: int) -> int:
        """How often it is written for so many records."""
        if records < self.records:
            raise Malformed(
                _(
                    "those people alone have {n} records: ask for more, or for fewer people or years",
                    n=self.records,
                ),
                where="simulate.records",
            )
        return 1 + math.ceil((records - self.records) / (self.records - self.shared))

    def rows(self, storage: Storage, copies: int, progress: Progress | None) -> Iterator[dict[str, Any]]:
        """The rows for `load`: each row of the cohort, about everybody in turn, in one new chain."""
        position, link = 0, chain.GENESIS
        for row in _dumped(storage):
            e = json.loads(row["envelope"])
            several = 1 if e["id"] in self.once else copies
            for copy in range(several):
                position += 1
                made = self._copied(row, e, copy, position, link)
                link = made["link"]
                yield made
                if progress is not None and position % 20_000 == 0:
                    progress(position, ids.moment(e["at"]))

    def _copied(
        self, row: Mapping[str, Any], e: Mapping[str, Any], copy: int, position: int, link: str
    ) -> dict[str, Any]:
        envelope = self._other(row["envelope"].encode(), copy).decode()
        envelope = _POSITION.sub(f'"position":{position}', envelope, count=1)
        idx = row["idx"]
        if idx is not None:
            idx = json.loads(self._words(json.dumps(idx).encode(), e, copy))
        made: dict[str, Any] = {"position": position, "envelope": envelope, "idx": idx, "text": row["text"]}
        salt: bytes | None = chain.new_salt()
        if row["body"] is None:  # erased, here too: what it held nobody knows, its seal stands for it
            salt = body = args = None
            seal = hashlib.sha256(f"{row['seal']}{copy}".encode()).hexdigest()
        else:
            body = self._words(b64decode(row["body"]), e, copy)
            args = self._words(b64decode(row["args"]), e, copy)
            if e["kind"] == "signature":
                body, args = (self._signature(one, copy) for one in (body, args))
            if (old := self.signed.get((e["id"], e["version"]))) is not None:
                self._sign(e, copy, body, old)
            assert salt is not None  # noqa: S101  # made above
            seal = chain.seal_of(salt, body, args)
        made |= {"seal": seal, "link": chain.link_of(link, position, envelope, seal)}
        parts = {"salt": salt, "body": body, "args": args}
        return made | {n: None if one is None else b64encode(one).decode() for n, one in parts.items()}

    def _words(self, raw: bytes, e: Mapping[str, Any], copy: int) -> bytes:
        """A body, arguments or projection about a copy's people."""
        if not copy:
            return raw
        if e["kind"] in {"alert", "drill"}:
            raw = _REFERENCE.sub(
                lambda found: b'"reference":"%s"' % _digest(copy, found[1])[:16].encode(), raw
            )
        if e["kind"] == "person":
            raw = raw.replace(FICTIONAL.encode(), f"{FICTIONAL[:-1]} {copy})".encode())
        return self._other(raw, copy)

    def _other(self, raw: bytes, copy: int) -> bytes:
        """The same with the ids of a copy."""
        return _UUID.sub(lambda found: self._id(found[0], copy), raw) if copy else raw

    def _id(self, old: bytes, copy: int) -> bytes:
        """A copy's own id for a record; the same instant in it, since ids sort by time."""
        held = self._ids.get((copy, old))
        if held is not None:
            return held
        text = old.decode()
        if text in self.once:
            made = old
        elif (parent := self.kin.get(text)) is not None:
            above, label = (self._other(one.encode(), copy).decode() for one in parent)
            made = derived(above, label).encode()
        else:
            stem = int(text.replace("-", "")[:12], 16)
            digest = hashlib.sha256(f"{copy}\0{text}".encode()).digest()
            made = ids.uuid7(stem, int(text[15:18], 16), int.from_bytes(digest[:8])).encode()
        if len(self._ids) >= MOST_IDS:  # what is asked for again comes soon after: a bound, not a tuning
            self._ids.clear()
        self._ids[copy, old] = made
        return made

    def _sign(self, e: Mapping[str, Any], copy: int, body: bytes, old: str) -> None:
        """Keep the fingerprint of a copy's version that is going to be signed."""
        one = self._other(e["id"].encode(), copy).decode()
        told = f"peerkit signature 1\n{e['kind']}\n{one}\n{e['version']}\n".encode() + body
        self._fingerprints[copy, old] = hashlib.sha256(told).hexdigest().encode()

    def _signature(self, raw: bytes, copy: int) -> bytes:
        for old in re.findall(rb"[0-9a-f]{64}", raw):
            raw = raw.replace(old, self._fingerprints.get((copy, old.decode()), old))
        return raw

    def marks(self, storage: Storage, target: Storage, copies: int) -> None:
        """What stands beside the feed (waits of open screens, the clock) for every copy."""
        for name, value in storage.marks().items():
            several = copies if _UUID.search(name.encode()) else 1
            for copy in range(several):
                other = self._other(name.encode(), copy).decode()
                target.mark(other, self._other(value.encode(), copy).decode())


MOST_IDS = 200_000


def _digest(copy: int, text: bytes) -> str:
    return hashlib.sha256(b"%d\0%s" % (copy, text)).hexdigest()


def _parents(e: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """From what an id may follow: (another id, label), as the safety lane derives them."""
    kind = e["kind"]
    if not body:
        return
    if kind == "answer":
        yield body["screen"], f"answer:{body['number']}"
    elif kind == "alert":
        yield body["concern"], "alert"
        yield body["screen"], f"alert:{body['person']}"
    elif kind == "safety_response":
        yield body["alert"], "response"
    elif kind == "task":
        yield body["about"], body["what"]


def _dumped(storage: Storage) -> Iterator[Mapping[str, Any]]:
    """The rows of a feed, page by page."""
    after = 0
    while page := storage.dump(after, _PAGE):
        yield from page
        after = page[-1]["position"]
