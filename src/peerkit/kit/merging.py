# SPDX-License-Identifier: Apache-2.0
"""Joining two records of one human: see `Kit.merge`.

Every record that names the second one as a subject, of whatever kind, plugins' and the safety lane's too, is
filed under the first by the kit's own act `refile`. It is an ordinary new version: history shows where it
stood, the chain goes on, old versions keep their envelopes. Nothing is closed by it, and whatever goes by a
record's id (an alert's escalation, a lease, a link in a notice) goes on.

It runs in pieces of a few hundred records, each a commit through the same five steps. What was said against
sharing moves first, so that at no moment more is open than before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.codec import Opaque
from peerkit.errors import Conflict, Malformed, NotFound, Objection, Refused
from peerkit.kit.answering import answers_for
from peerkit.kit.kinds import known, unknown
from peerkit.kit.steps import REFILE, Staged, stage
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.model.acts import Act, Trail, with_trail
from peerkit.model.base import Part, Record
from peerkit.model.decision import OWN_DECISION
from peerkit.model.merge import Merge
from peerkit.model.people import Person
from peerkit.paging import every
from peerkit.ports import Query, Stored

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

MERGER = Actor.system("merge")
PIECE = 300
"""So many records move in one commit, so that what responders add to them fits too."""

TRIES = 20

FIRST = ("consent", "referral", "notice", "peer_supporter", "appointment", "leave", "relationship")
"""What moves first: words on sharing before what they are about; roles before who relies on them."""

STAYS: dict[str, frozenset[str]] = {
    "person": frozenset({"id"}),
    "route": frozenset({"person"}),
    "merge": frozenset({"kept", "away"}),
    "redaction": frozenset({"erased"}),
}
"""Subjects that are not moved: who somebody is; the one route of each, which follows from the rest; and what
says what was joined and what was erased."""


@attrs.frozen
class Joined:
    """What a merge or a split did: its record, how many records moved in this run, and what a human has to
    look at (kind and id)."""

    merge: Merge
    moved: int
    look: tuple[tuple[str, str], ...] = ()


def merge(kit: Kit, actor: Actor, kept: str, away: str, reason: str) -> Joined:
    """Begin, or go on with, joining `away` into `kept`."""
    if not reason.strip():
        raise Malformed("a merge has a reason: how somebody knows that the two are one", where="merge.reason")
    allowed(kit, actor, "begin", kept, away)
    for one in (kept, away):
        if kit.storage.get(Person.kind, one) is None:
            raise NotFound("there is no person of that id")
    held = [one for one in kit._find_all(Merge.kind, about=("away", away)) if one.kept == kept]
    going = next((one for one in held if one.state in {"running", "merged"}), None)
    if going is None:
        against = list(_in_the_way(kit, kept, away))
        if against:
            kit.note_refusal(actor, against, [(Merge.kind, "", ("begin",))])
            raise Refused(against)
        person = head(kit, Person, away)
        going = kit.new(lambda: Merge.begin(kept=kept, away=away, was=person.state, reason=reason))
        commit(kit, [going], actor)
    moved = _move(kit, kept, away)
    now = head(kit, Merge, going.id)
    if now.state == "running":
        commit(kit, [head(kit, Person, away).merge(into=kept), now.finish(moved=moved)], MERGER)
    moved += _move(kit, kept, away)  # what came while it ran, and what came later for the record that was
    return Joined(head(kit, Merge, going.id), moved)


def allowed(kit: Kit, actor: Actor, act: str, *persons: str) -> None:
    """Refused unless the actor answers for the records of these people."""
    if not answers_for(kit, actor, *persons):
        objection = Objection("no-right", "a coordinator or the privacy contact joins and parts records")
        kit.note_refusal(actor, [objection], [(Merge.kind, "", (act,))])
        raise Refused([objection])


# -- which records ---------------------------------------------------------------------------------


def kinds(kit: Kit) -> list[str]:
    """Every kind, in the order in which they move."""
    return list(dict.fromkeys((*FIRST, *known(kit))))


def relations(kit: Kit, kind: str) -> frozenset[str]:
    """The subject fields of a kind that are moved."""
    cls = kit.codec.class_of(kind)
    return frozenset(cls.subject_fields if cls is not None else ()) - STAYS.get(kind, frozenset())


def hanging(kit: Kit, kind: str, person: str) -> Iterator[Stored]:
    """The records of a kind that name somebody, and hold a body still."""
    fields = relations(kit, kind)
    if not fields:
        return
    allow = frozenset((name, person) for name in fields)
    for one in every(kit.storage, Query(kind, allow=allow), page=PIECE):
        if one.body is not None:
            yield one


def _in_the_way(kit: Kit, kept: str, away: str) -> Iterator[Objection]:
    """What could not be moved, or shows the two to be two: looked for among all kinds before anything is."""
    for kind in kinds(kit):
        for one in hanging(kit, kind, away):
            if isinstance(kit.codec.read(one), Opaque):
                told = "only a newer peerkit, or a plugin that is not here, reads this: it cannot move"
                yield Objection("opaque", told, kind, one.envelope.id)
            there = {r for r, s in one.envelope.subjects if s == kept}
            here = {r for r, s in one.envelope.subjects if s == away}
            if kind in {"concern", "alert", "risk_screen"} and there - here:
                told = "this names the one as somebody in danger and the other as somebody else"
                yield Objection("seen-together", told, kind, one.envelope.id)
    for kind in unknown(kit):
        if _names(kit, kind, away):
            told = "a plugin that is not here made records about this person: load it, so that they move too"
            yield Objection("opaque", told, kind)


def _names(kit: Kit, kind: str, person: str) -> bool:
    rows = every(kit.storage, Query(kind))
    return any(person in {s for _, s in one.envelope.subjects} for one in rows)


# -- moving ----------------------------------------------------------------------------------------


def _move(kit: Kit, kept: str, away: str) -> int:
    """File whatever names `away` under `kept`, piece by piece, until nothing is left; how many."""
    moved = 0
    for attempt in range(TRIES):
        piece = _next(kit, kept, away)
        if not piece:
            return moved
        try:
            while piece:
                commit(kit, piece, MERGER)
                moved += len(piece)
                piece = _next(kit, kept, away)
        except Conflict:  # somebody changed one of them meanwhile: read anew
            if attempt == TRIES - 1:
                raise
    return moved


def _next(kit: Kit, kept: str, away: str) -> list[Record]:
    found: list[Record] = []
    for kind in kinds(kit):
        rows = hanging(kit, kind, away)
        made = [kit.codec.read(one) for one in rows]
        if kind == "consent":  # what forbids before what allows
            made.sort(key=lambda one: getattr(one, "state", "") != "refused")
        for record in made:
            if not isinstance(record, Opaque):
                found.append(refiled(record, away, kept))
                if len(found) == PIECE:
                    return found
    return found


def refiled(
    record: Record, away: str, to: str, *, fields: Sequence[str] | None = None, beside: Sequence[str] = ()
) -> Record:
    """The record filed under `to` where it names `away`: in every operational field that does, at every
    depth, but for subjects that stay; or in these `fields` alone. `beside` are fields that go on naming
    `away` and name `to` as well."""
    trail = record.trail
    if trail is None or trail.envelope is None:
        raise Malformed("only a stored record is filed anew", where=record.kind)
    stays = STAYS.get(record.kind, frozenset())
    names = (
        fields
        if fields is not None
        else [
            field.name
            for field in attrs.fields(type(record))
            if field.name not in {"id", "extra", "trail", *stays}
            and _holds(getattr(record, field.name), away)
        ]
    )
    both = tuple(name for name in names if fields is None and _holds(getattr(record, name), to))
    changed = {name: _swapped(getattr(record, name), away, to) for name in names}
    changed |= {name: (*getattr(record, name), to) for name in beside}
    made = attrs.evolve(record.carried(away, to, trail.envelope.position), **changed)
    told = {"away": away, "to": to, "fields": list(names), "both": list(both)}
    act = Act(REFILE, told, OWN_DECISION, creates=False)
    return with_trail(made, Trail(trail.base, (act,), trail.envelope, record))  # type: ignore[no-any-return]


def _holds(value: Any, person: str) -> bool:
    if isinstance(value, tuple):
        return any(_holds(one, person) for one in value)
    if isinstance(value, Part):
        return any(
            _holds(getattr(value, f.name), person) for f in attrs.fields(type(value)) if f.name != "extra"
        )
    return bool(value == person)


def _swapped(value: Any, away: str, to: str) -> Any:
    if isinstance(value, tuple):
        swapped = [_swapped(one, away, to) for one in value]
        return tuple(one for n, one in enumerate(swapped) if one != to or to not in swapped[:n])
    if isinstance(value, Part):
        inner = [f.name for f in attrs.fields(type(value)) if f.name != "extra"]
        return attrs.evolve(value, **{name: _swapped(getattr(value, name), away, to) for name in inner})
    return to if value == away else value


# -- writing ---------------------------------------------------------------------------------------


def commit(kit: Kit, records: Sequence[Record], actor: Actor) -> None:
    """One piece through respond, check and commit. What stands in it is the kit's own to write."""
    with ids.using(kit.ids):
        staged: list[Staged] = [stage(r, actor, kit.codec, module=kit.module_of(r)) for r in records]
        grants, since = kit.grants_since(actor)
        kit.commit(actor, staged, grants, (), since=since)


def head(kit: Kit, kind: type[Any], id_: str) -> Any:
    """The newest version of a record that is there."""
    stored = kit.storage.get(kind.kind, id_)
    if stored is None or stored.body is None:
        raise NotFound(f"there is no {kind.kind} of that id")
    return kit.codec.read(stored)
