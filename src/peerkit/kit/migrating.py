# SPDX-License-Identifier: Apache-2.0
"""Bringing the index rows of older code up to date. Documents stay as they are: they climb through
upcasters when they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peerkit.codec import Codec, Opaque
from peerkit.kinds import INDEXES
from peerkit.model.actor import Actor
from peerkit.ports import Stored

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

DOC = "doc:"
"""Marks that hold the document version of each kind in the store."""


def migrate(kit: Kit, limit: int) -> int:
    """Rewrite up to `limit` index rows. Once nothing is left, the kinds count as this code's.

    The program is saved anew with that, so that older processes notice before they write again.
    """
    done = kit.storage.migrate(lambda stored: reindex(kit.codec, stored), limit)
    if done < limit:
        kit.storage.ensure_indexes(INDEXES)
        behind = [
            (name, cls.doc_version)
            for name, held in kit.storage.marks(DOC).items()
            if (cls := kit.codec.class_of(name.removeprefix(DOC))) is not None and int(held) < cls.doc_version
        ]
        for name, version in behind:
            kit.storage.mark(name, str(version))
        if behind:
            kit.write([kit.program.update(settings={})], actor=Actor.system("migrate"))
    return done


def reindex(codec: Codec, stored: Stored) -> tuple[int, dict[str, Any], str] | None:
    """The projection that this code makes of a stored version; None where it cannot read it."""
    record = codec.read(stored)
    if isinstance(record, Opaque):
        return None
    return record.doc_version, codec.index(record), codec.text(record)
