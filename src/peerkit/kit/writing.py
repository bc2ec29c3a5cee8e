# SPDX-License-Identifier: Apache-2.0
"""Writing in a transaction of its own, and whether this code may write a kind's documents at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from peerkit.errors import Conflict, StorageError
from peerkit.kit.migrating import DOC
from peerkit.kit.steps import Staged, stage
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.ports import Batch, Committed, Mark, Reads

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

PROGRAM: Reads = frozenset({("program", "")})
"""Every commit depends on the program's settings, and on no migration happening meanwhile."""

TRIES = 20
"""How often a commit is tried anew because what it depends on was changed meanwhile."""


def write(kit: Kit, records: Iterable[Record], *, actor: Actor, marks: Iterable[Mark]) -> Committed:
    """See `Kit.write`."""
    staged = [stage(r, actor, kit.codec, module=kit.module_of(r)) for r in records]
    changes = tuple([one.change for one in staged])
    kinds = [c.kind for c in changes]
    batch = Batch(changes, kit.clock.now(), tuple(marks))
    guard: Reads = frozenset() if _lane_only(kit, kinds) else PROGRAM | erasing(staged)
    for _ in range(TRIES):
        after = kit.feed.position
        fit(kit, kinds)
        still_there(kit, staged if guard else ())
        try:
            done = kit.storage.commit(batch, unless=guard, after=after)
        except Conflict as conflict:
            if not conflict.guard:
                raise
            kit.feed.look()  # the program was changed, perhaps migrated: see whether the kinds still fit
            continue
        kit.wrote(done, staged)
        return done
    raise Conflict("the program was changed by others at every try", guard=True)


def erasing(staged: Iterable[Staged]) -> Reads:
    """What guards these against an erasure meanwhile."""
    return frozenset(("redaction", one.change.id) for one in staged if one.change.expect)


def still_there(kit: Kit, staged: Iterable[Staged]) -> None:
    """Conflict for a value read before its record was erased: saving it would bring the words back."""
    for one in staged:
        if not one.change.expect or not (last := kit.feed.last(("redaction",))):
            continue
        trail = one.before.trail if one.before is not None else None
        if trail is not None and trail.envelope is not None and trail.envelope.position > last:
            continue
        stored = kit.storage.get(one.change.kind, one.change.id)
        if stored is not None and stored.body is None:
            raise Conflict(f"{one.change.kind} {one.change.id} was erased: nothing is built on it any more")


def fit(kit: Kit, kinds: Iterable[str]) -> None:
    """StorageError if the store holds documents of a kind that another version of its code wrote.

    Older ones want `migrate` first, since their index rows are old; newer ones want the newer code. The
    safety lane is never held up by this. It speaks of the latest look at the feed: whoever writes guards
    the program against what came since.
    """
    wanted = dict.fromkeys(kinds)
    if _lane_only(kit, wanted):
        return
    position = kit.feed.last(("program",))
    if kit.doc_versions is None or kit.doc_versions[0] != position:
        held = {k.removeprefix(DOC): int(v) for k, v in kit.storage.marks(DOC).items()}
        kit.doc_versions = (position, held)
    versions = kit.doc_versions[1]
    for kind in wanted:
        cls = kit.codec.class_of(kind)
        if cls is None or cls.lane:
            continue
        held_version = versions.get(kind)
        if held_version is None:
            first = kit.storage.mark(DOC + kind, str(cls.doc_version), expect=None)
            # Else another process was quicker, perhaps with newer code.
            held_version = cls.doc_version if first else int(kit.storage.marks(DOC + kind)[DOC + kind])
            versions[kind] = held_version
        if held_version > cls.doc_version:
            raise StorageError(f"a newer version wrote the {kind} documents here: update it, then write")
        if held_version < cls.doc_version:
            raise StorageError(f"the {kind} documents here are older: run `peerkit migrate` first")


def _lane_only(kit: Kit, kinds: Iterable[str]) -> bool:
    """Whether nothing but the safety lane is written."""
    return all((cls := kit.codec.class_of(kind)) is not None and cls.lane for kind in kinds)
