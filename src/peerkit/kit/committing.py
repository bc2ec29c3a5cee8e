# SPDX-License-Identifier: Apache-2.0
"""How a kit writes: a session's commit with everything that responders and checks add, and rows of
its own (reads, refusals) in transactions of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.codec import Opaque
from peerkit.errors import Conflict, Objection, Refused, StorageError
from peerkit.kit.steps import Proposing, Staged, stage
from peerkit.kit.writing import PROGRAM, TRIES, erasing, fit, still_there
from peerkit.model.actor import Actor
from peerkit.model.base import READERS, Record
from peerkit.ports import Batch, Mark, Stored
from peerkit.rights import Grants

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

KIT = Actor.system("kit")
KEY_OPEN = "\0records"
"""Stands in the mark of an idempotency key for the records, known only once responders answered."""


@attrs.frozen
class Receipt:
    """What a commit did. `head` is the chain's head behind it: keep it, and `verify(head=…)` shows
    later that nothing before it was changed. `warnings` say when alarms are deaf."""

    first: int
    last: int
    at: datetime | None
    head: str
    records: tuple[tuple[str, str, int], ...] = ()
    """Kind, id and version of each record written."""
    key: str | None = None
    replayed: bool = False
    """True if the key had been used before: then nothing was written now."""
    result: Any = attrs.field(default=None, repr=False)
    warnings: tuple[str, ...] = ()


# -- a session's commit ----------------------------------------------------------------------------


def commit(
    kit: Kit,
    actor: Actor,
    staged: Sequence[Staged],
    grants: Grants,
    marks: tuple[Mark, ...],
    *,
    since: int,
    tick: bool = False,
) -> Receipt:
    """Respond, check and commit; check anew while what the checks read keeps changing.

    `since` is where the feed stood when the session looked at its grants. The guard covers what they
    derive from, so the first try needs no other look. With `tick` nothing is staged: responders are
    asked what time brought, and if that is nothing, nothing is committed.
    """
    fresh = grants
    for attempt in range(TRIES):
        position = since
        if attempt or (grants.expires is not None and grants.expires <= kit.clock.now()):
            position = kit.feed.look()
            fresh = kit.grants(actor)
        now, held = kit.clock.now(), list(staged)
        proposing = Proposing(kit.storage, kit.codec, kit.plugins, actor, now, held, kit.heads.get, tick)
        objections = [] if fresh == grants else _judged_again(kit, staged, fresh)
        if not objections:
            objections = list(proposing.settle())
        if objections:
            raise Refused(objections)
        if proposing.failed:
            _name_failures(kit, proposing)
        if tick and not proposing.staged:
            return Receipt(position, position, None, "")
        changes = tuple([one.change for one in proposing.staged])
        records = tuple([(change.kind, change.id, change.version) for change in changes])
        kinds = [change.kind for change in changes]
        fit(kit, kinds)
        still_there(kit, proposing.staged)
        filled = tuple(
            [attrs.evolve(m, value=json.dumps(records)) if m.value == KEY_OPEN else m for m in marks]
        )
        batch = Batch(changes, proposing.now, filled)
        guard = proposing.sight.reads | fresh.reads | PROGRAM | erasing(proposing.staged)
        try:
            done = kit.storage.commit(batch, unless=guard, after=position)
        except Conflict as conflict:
            if not conflict.guard or attempt == TRIES - 1:
                raise
            continue
        kit.wrote(done, proposing.staged)
        first = min(done.first, done.last)  # nothing but a key: no place of its own in the feed
        return Receipt(first, done.last, done.at, done.head, records, warnings=kit.warnings(looked=True))
    raise Conflict("what the checks read was changed by others at every try", guard=True)


def _judged_again(kit: Kit, staged: Sequence[Staged], fresh: Grants) -> list[Objection]:
    """Rights once more: the actor's grants changed since the session looked."""
    found: list[Objection] = []
    for one in staged:
        stands_on, change = one.before or one.record, one.change
        if not all(kit.rights.may(a.name, stands_on, fresh) for a in change.acts):
            sentence = "the right to do this ended meanwhile"
            found.append(Objection("no-right", sentence, change.kind, change.id))
    return found


def _name_failures(kit: Kit, proposing: Proposing) -> None:
    """A responder that raised costs nothing but a task that names it; at every tick, one a day. Where nobody
    is in office there is none: a fact does not wait for somebody to hear of a plugin, and `health` says whom
    the program lacks."""
    from peerkit.model.work import Task
    from peerkit.safety.lane import derived, with_id

    owner = kit.in_office()
    if not owner:
        return
    about = None if proposing.tick else proposing.staged[0].record.id
    for plugin in proposing.failed.values():
        give = partial(
            Task.give,
            owner=owner,
            what="plugin-failed",
            about=about,
            note=f"{plugin.label}: {plugin.error}",
        )
        if proposing.tick:
            id_ = derived(kit.program.id, f"tick:{plugin.label}:{proposing.now.date()}")
            if kit.storage.get(Task.kind, id_) is not None:
                continue
            task = with_id(id_, give)
        else:
            task = give()
        proposing.add(stage(task, KIT, kit.codec, module=kit.module_of(task)))


# -- rows of the kit's own -------------------------------------------------------------------------


Touched = tuple[str, str, tuple[str, ...]]
"""What a refused value was: its kind, its id, and its acts by name."""


def note_refusal(kit: Kit, actor: Actor, objections: Sequence[Objection], what: Sequence[Touched]) -> None:
    """One row without content for a refused commit."""
    from peerkit.model.keeping import Refusal

    kit.write_new(
        lambda: Refusal.log(
            who=actor.person,
            codes=tuple(dict.fromkeys(o.code for o in objections)),
            acts=tuple(f"{kind}.{act}" for kind, _, acts in what for act in acts),
            kinds=tuple(dict.fromkeys(kind for kind, _, _ in what)),
            records=tuple(dict.fromkeys(record for _, record, _ in what)),
        )
    )


def log_read(
    kit: Kit, actor: Actor, kind: type[Record], stored: Sequence[Stored], why: str, *, urgent: bool = False
) -> None:
    """A `Read` of these rows, before they are returned; a failing log refuses the read, unless it is
    `urgent`: then it is owed.

    Only what is sensitive and about others: who reads what is about themselves (`_whose`), what they wrote,
    or what is due from them, leaves no trace. Who is about it sees the row, so a
    concern's tells neither who raised it nor whom it names, a feedback's not whom it speaks of, and a duty
    report's not whom it is about before they were told.
    """
    own = {(relation, actor.person) for relation in (_whose(kit, kind), "author", "owner")}
    others = [s for s in stored if kind is Opaque or own.isdisjoint(s.envelope.subjects)]
    if not others:
        return
    from peerkit.model.keeping import Read

    told = _TOLD.get(kind.kind, frozenset(kind.subject_fields) - READERS)
    about = tuple(
        dict.fromkeys(
            p
            for s in others
            for r, p in s.envelope.subjects
            if p != actor.person and (kind is Opaque or r in told)
        )
    )
    records, of = tuple(dict.fromkeys(s.envelope.id for s in others)), others[0].envelope.kind
    read = kit.new(lambda: Read.log(person=about, reader=actor.person, of=of, records=records, why=why))
    if urgent:
        _owe(kit, [read])
    else:
        kit.write([read])


def _whose(kit: Kit, kind: type[Record]) -> str:
    """The subject field of whom a record is: who is supported, where a plugin says so, or the first."""
    return kit.rights.supported(kind.kind) or next(iter(kind.subject_fields), "")


_TOLD = {
    "break_glass": frozenset({"person"}),
    "concern": frozenset({"about"}),
    "duty_report": frozenset({"author", "person"}),
    "feedback": frozenset({"person"}),
}
"""Whom a `Read` is about, where that is not everybody in the record's subjects."""


def log_broken(
    kit: Kit, actor: Actor, kind: type[Record], stored: Sequence[Stored], glass: Mapping[str, str]
) -> list[Stored]:
    """A `Read` of what is read behind a broken glass, whatever it is; the rows that are not are given back.

    A log that fails does not refuse this: the glass was broken because it could not wait, and that it was
    is written already.
    """
    from peerkit.model.keeping import Read

    relation = _whose(kit, kind)
    behind: dict[str, list[Stored]] = {}
    rest: list[Stored] = []
    for one in stored:
        whose = [s for r, s in one.envelope.subjects if r == relation and s in glass]
        (behind.setdefault(whose[0], []) if whose else rest).append(one)
    reads = [
        kit.new(
            lambda person=person, rows=rows: Read.log_broken(  # type: ignore[misc]
                person=(person,),
                reader=actor.person,
                of=kind.kind,
                records=tuple(s.envelope.id for s in rows),
                glass=glass[person],
            )
        )
        for person, rows in behind.items()
    ]
    _owe(kit, reads)
    return rest


def _owe(kit: Kit, reads: Sequence[Record]) -> None:
    """Write the log of what cannot wait; what cannot be written is kept, and written once the log works."""
    if reads:
        kit.unlogged.extend(reads)
        with suppress(StorageError, Conflict):
            catch_up(kit)


def catch_up(kit: Kit) -> None:
    """Write the reads whose log failed."""
    owed = list(kit.unlogged)
    if owed:
        kit.write(owed)
        kit.unlogged = [one for one in kit.unlogged if one not in owed]
