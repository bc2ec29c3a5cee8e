# SPDX-License-Identifier: Apache-2.0
"""A document that nobody can read any more."""

from __future__ import annotations

from typing import Any

import peerkit
from peerkit.ports import ActLine, Batch, Change

BODY = b'{"owner":7,"person":7,"role":7,"what":7,"supporter":7,"words":7,"name":7}'


def spoil(kit: peerkit.Kit, record: Any, body: bytes = BODY, *, doc: int | None = None) -> None:
    """A next version of the record whose body nobody can read: index, envelope and
    what a search finds it by are right."""
    stored = kit.storage.get(record.kind, record.id)
    assert stored is not None
    whole = kit.codec.decode(stored)
    change = Change(
        record.kind,
        record.id,
        stored.envelope.version,
        type(record).doc_version if doc is None else doc,
        stored.envelope.subjects,
        (ActLine("damage"),),
        "system:damage",
        body,
        idx=kit.codec.index(whole),
        text=kit.codec.text(whole),
    )
    kit.storage.commit(Batch((change,), kit.clock.now()))
