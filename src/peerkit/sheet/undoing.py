# SPDX-License-Identifier: Apache-2.0
"""Taking a whole import out again. What has been built upon since stays, and the report says so.

Taking out is erasing, as a mistake: bodies go, that something was there stays. So two humans ask and decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Malformed, NotFound, Objection, Refused
from peerkit.kit.kinds import every
from peerkit.model.base import Record
from peerkit.model.people import PeerSupporter
from peerkit.model.relationship import Relationship
from peerkit.ports import Envelope, Query, Stored
from peerkit.sheet.importing import MADE, ROW, records

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor

LOOKED = frozenset({"read", "refusal", "redaction"})
"""Kinds that nobody builds upon: that somebody looked, or tried."""

BY_ITSELF = frozenset({"task", "route", "delivery"})
"""Kinds of which what peerkit did by itself is no work of anybody's."""

ENDS: Mapping[str, type[Record]] = {"relationship": Relationship, "peer_supporter": PeerSupporter}
"""Kinds that end before they are erased."""


@attrs.frozen
class Undone:
    """One row of an undone import: `taken` out, or `kept` with the reason: the kinds and ids that were made
    or changed since (`built`), or the codes of what peerkit refused."""

    row: int
    taken: bool
    built: tuple[tuple[str, str], ...] = ()
    refusals: tuple[str, ...] = ()


def undo(kit: Kit, import_id: str, *, actor: Actor, asked_by: str, decided_by: str) -> list[Undone]:
    """Take out what an import brought in, row by row; done again, it goes on with what is left.

    NotFound if there is no such import; Refused unless two humans, one of them the actor, ask and decide.
    """
    if not import_id or not import_id.isalnum():
        raise Malformed("an import has an id of letters and digits", where="--undo")
    if actor.person not in {asked_by, decided_by} or asked_by == decided_by:
        told = "two humans ask for it and decide it, and you are one of them"
        raise Refused([Objection("two-humans", told)])
    rows = kit.storage.marks(f"{MADE}{import_id}:")
    if not rows:
        raise NotFound("there is no import of that id, or nothing of it is left")
    keys = {place: name for name, place in kit.storage.marks(ROW).items()}
    found: list[Undone] = []
    for name, held in sorted(rows.items(), key=lambda one: int(one[0].rpartition(":")[2])):
        number = int(name.rpartition(":")[2])
        written = records(held)
        if built := tuple(dict.fromkeys(_built(kit, written))):
            found.append(Undone(number, taken=False, built=built))
            continue
        try:
            _take_out(kit, written, actor, asked_by, decided_by)
        except Refused as refused:
            codes = tuple(dict.fromkeys(one.code for one in refused.objections))
            found.append(Undone(number, taken=False, refusals=codes))
            continue
        # Once it is out, the same row may come in again.
        if key := keys.get(name.removeprefix(MADE)):
            kit.storage.mark(key, None)
        kit.storage.mark(name, None)
        found.append(Undone(number, taken=True))
    return found


def _built(kit: Kit, written: list[tuple[str, str, int]]) -> Iterator[tuple[str, str]]:
    """What was made or changed since, by somebody, of what the row made or of the person whom it enrolled."""
    versions: Mapping[str, int] = {one: version for _, one, version in written}
    for kind, one, version in written:
        for stored in kit.storage.history(kind, one):
            if stored.envelope.version > version and _work(stored.envelope):
                yield kind, one
    for person in [one for kind, one, version in written if (kind, version) == ("person", 1)]:
        for stored in _about(kit, person):
            if stored.envelope.id not in versions and stored.body is not None and _work(stored.envelope):
                yield stored.envelope.kind, stored.envelope.id


def _work(envelope: Envelope) -> bool:
    if envelope.kind in LOOKED:
        return False
    return not (envelope.kind in BY_ITSELF and envelope.actor.startswith("system:"))


def _about(kit: Kit, person: str) -> Iterator[Stored]:
    for kind in every(kit):
        cls = kit.codec.class_of(kind)
        if cls is not None and not cls.subject_fields:
            continue
        allow = None if cls is None else frozenset((name, person) for name in cls.subject_fields)
        after: str | None = None
        while True:
            page = kit.storage.find(Query(kind, limit=1000, after=after, allow=allow))
            for one in page.rows:
                if any(who == person for _, who in one.envelope.subjects):
                    yield one
            if (after := page.after) is None:
                break


def _take_out(
    kit: Kit, written: list[tuple[str, str, int]], actor: Actor, asked_by: str, decided_by: str
) -> None:
    made = [(kind, one) for kind, one, version in written if version == 1]
    with kit.session(actor) as s:
        for kind, one in made:
            if kind in ENDS:
                held: Any = s.get(ENDS[kind], one)
                if held.state != "ended":
                    s.save(held.end())
    wanted = {"person"} if any(kind == "person" for kind, _ in made) else {*ENDS, "consent", "task"}
    doomed = [one for kind, one in made if kind in wanted | {"peer_supporter"}]
    kit.erase(*doomed, basis="mistake", asked_by=asked_by, decided_by=decided_by)
