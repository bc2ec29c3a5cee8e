# SPDX-License-Identifier: Apache-2.0
"""Parting what was joined wrongly: see `Kit.split`. History says what hung on whom."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Conflict, Malformed, Objection, Refused
from peerkit.kit.merging import (
    MERGER,
    PIECE,
    STAYS,
    TRIES,
    Joined,
    allowed,
    commit,
    hanging,
    head,
    kinds,
    refiled,
)
from peerkit.kit.steps import REFILE
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.merge import Merge
from peerkit.model.people import Person
from peerkit.ports import Stored

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

LOOK = 1000
LOGS = frozenset({"read", "disclosure", "withheld", "delivery", "task", "route", "merge", "redaction"})
"""Kinds that peerkit writes itself: that they came while the two were one asks nothing of a human."""


@attrs.frozen
class _Moved:
    """What the merge did to one record: in which fields it named `away`, and in which of them `kept` too."""

    fields: tuple[str, ...]
    both: tuple[str, ...]
    changed: bool
    """Whether somebody changed it since."""


def split(kit: Kit, actor: Actor, merge_id: str, reason: str) -> Joined:
    """Begin, or go on with, parting what a merge joined."""
    if not reason.strip():
        raise Malformed("parting two records has a reason", where="split.reason")
    allowed(kit, actor, "part")
    found: Merge = head(kit, Merge, merge_id)
    allowed(kit, actor, "part", found.kept, found.away)
    if found.state == "parted":
        return Joined(found, 0, tuple(_pair(one) for one in found.look))
    if found.state != "parting":
        _may_part(kit, actor, found)
        away: Person = head(kit, Person, found.away)
        parted = [away.part(state=found.was)] if away.state == "merged" else []
        commit(kit, [found.part(reason=reason), *parted], actor)
    moved = _give_back(kit, found)
    look = tuple(_came_since(kit, found))
    now: Merge = head(kit, Merge, merge_id)
    if now.state == "parting":
        commit(kit, [now.parted(look=tuple(f"{kind} {one}" for kind, one in look[:LOOK]))], MERGER)
    return Joined(head(kit, Merge, merge_id), moved, look)


def _pair(line: str) -> tuple[str, str]:
    kind, _, one = line.partition(" ")
    return kind, one


def _may_part(kit: Kit, actor: Actor, merge: Merge) -> None:
    against: list[Objection] = []
    if head(kit, Person, merge.kept).state == "merged":
        told = "what they became was joined with another record since: part that first"
        against.append(Objection("merged-since", told, merge.kind, merge.id))
    if actor.person in {merge.kept, merge.away}:
        told = "nobody parts their own record from another: somebody else does"
        against.append(Objection("own-merge", told, merge.kind, merge.id))
    if against:
        kit.note_refusal(actor, against, [(merge.kind, merge.id, ("part",))])
        raise Refused(against)


def _give_back(kit: Kit, merge: Merge) -> int:
    moved = 0
    for attempt in range(TRIES):
        try:
            for piece in _pieces(kit, merge):
                commit(kit, piece, MERGER)
                moved += len(piece)
        except Conflict:  # somebody changed one of them meanwhile: read anew, what is back is not found again
            if attempt == TRIES - 1:
                raise
        else:
            return moved
    return moved


def _pieces(kit: Kit, merge: Merge) -> Iterator[list[Record]]:
    piece: list[Record] = []
    for kind in kinds(kit):
        for stored in list(hanging(kit, kind, merge.kept)):
            was = _of(kit, stored, merge)
            if was is None:
                continue
            alone = tuple(name for name in was.fields if name not in was.both)
            piece.append(
                refiled(kit.codec.read(stored), merge.kept, merge.away, fields=alone, beside=was.both)
            )
            if len(piece) == PIECE:
                yield piece
                piece = []
    if piece:
        yield piece


def _of(kit: Kit, stored: Stored, merge: Merge) -> _Moved | None:
    """What this merge did to a record; None if nothing, or if it is given back already."""
    found: _Moved | None = None
    for version in kit.storage.history(stored.envelope.kind, stored.envelope.id):
        for told in _refiled(version):
            if (told["away"], told["to"]) == (merge.away, merge.kept):
                found = _Moved(tuple(told["fields"]), tuple(told["both"]), changed=False)
            elif (told["away"], told["to"]) == (merge.kept, merge.away):
                found = None
        if found is not None and not version.envelope.actor.startswith("system:"):
            found = attrs.evolve(found, changed=True)
    return found


def _refiled(version: Stored) -> Sequence[dict[str, Any]]:
    """What a version's acts of filing say; nothing where they were erased."""
    if version.args is None:
        return ()
    lines = json.loads(version.args)
    return [
        args for line, (args, _) in zip(version.envelope.acts, lines, strict=False) if line.name == REFILE
    ]


def _came_since(kit: Kit, merge: Merge) -> Iterator[tuple[str, str]]:
    """What came, or was changed by somebody, while the two were one: a human says whose it is."""
    begun = kit.storage.history(Merge.kind, merge.id)[0].envelope.position
    for kind in kinds(kit):
        if kind in LOGS or kind in STAYS:
            continue
        for person in (merge.kept, merge.away):
            for stored in hanging(kit, kind, person):
                versions = kit.storage.history(kind, stored.envelope.id)
                since = [v for v in versions if v.envelope.position > begun]
                if any(not v.envelope.actor.startswith("system:") for v in since):
                    yield kind, stored.envelope.id
