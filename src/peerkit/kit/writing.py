# SPDX-License-Identifier: Apache-2.0
"""Writing in a transaction of its own, and whether this code may write a kind's documents at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from peerkit.errors import Conflict, StorageError
from peerkit.kit.migrating import DOC
from peerkit.kit.steps import stage
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
    changes = tuple([stage(r, actor, kit.codec, module=kit.module_of(r)).change for r in records])
    kinds = [c.kind for c in changes]
    batch = Batch(changes, kit.clock.now(), tuple(marks))
    guard: Reads = frozenset() if _lane_only(kit, kinds) else PROGRAM
    for _ in range(TRIES):
        after = kit.feed.position
        fit(kit, kinds)
        try:
            done = kit.storage.commit(batch, unless=guard, after=after)
        except Conflict as conflict:
            if not conflict.guard:
                raise
            kit.feed.look()  # the program was changed, perhaps migrated: see whether the kinds still fit
            continue
        kit.feed.wrote(done, kinds)
        return done
    raise Conflict("the program was changed by others at every try", guard=True)


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
            kit.storage.mark(DOC + kind, str(cls.doc_version), expect=None)
            versions[kind] = cls.doc_version
        elif held_version > cls.doc_version:
            raise StorageError(f"a newer version wrote the {kind} documents here: update it, then write")
        elif held_version < cls.doc_version:
            raise StorageError(f"the {kind} documents here are older: run `peerkit migrate` first")


def _lane_only(kit: Kit, kinds: Iterable[str]) -> bool:
    """Whether nothing but the safety lane is written."""
    return all((cls := kit.codec.class_of(kind)) is not None and cls.lane for kind in kinds)
