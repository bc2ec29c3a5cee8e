# SPDX-License-Identifier: Apache-2.0
"""Running a function as one commit, once: retried on Conflict, looked up by its key before it runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import attrs

from peerkit.errors import Conflict
from peerkit.kit.committing import KEY_OPEN, Receipt
from peerkit.kit.session import Session
from peerkit.model import ids
from peerkit.model.actor import Actor
from peerkit.ports import Mark

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

T = TypeVar("T")


def run(kit: Kit, fn: Callable[[Session], T], *, actor: Actor, key: str | None, retries: int) -> Receipt:
    """See `Kit.run`."""
    name = f"key:{actor.person}:{key}"
    began = kit.clock.now()
    for attempt in range(retries + 1):
        if key is not None and (held := kit.storage.marks(name).get(name)) is not None:
            return replay(kit, key, held)
        marks = () if key is None else (Mark(name, KEY_OPEN, None),)
        source = kit.ids if key is None else ids.KeyedIds(name, lambda: began)
        session = Session(kit, actor, ids_from=source, marks=marks)
        try:
            with session as opened:
                result = fn(opened)
        except Conflict:
            if attempt == retries:
                raise
            continue
        assert session.receipt is not None  # noqa: S101  # the block ended without an error
        return attrs.evolve(session.receipt, key=key, result=result)
    raise Conflict("it was changed by somebody else at every try")


def replay(kit: Kit, key: str, held: str) -> Receipt:
    """The receipt of the run that used the key first."""
    records = tuple((kind, record, version) for kind, record, version in json.loads(held))
    positions = [
        stored.envelope.position
        for kind, record, version in records
        for stored in kit.storage.history(kind, record)
        if stored.envelope.version == version
    ]
    first, last = min(positions, default=0), max(positions, default=0)
    return Receipt(first, last, None, "", records, key=key, replayed=True, warnings=kit.warnings())
