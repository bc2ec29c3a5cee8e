# SPDX-License-Identifier: Apache-2.0
"""The feed of a program with what its versions held: an operator's reading, and logged as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import attrs

from peerkit.codec import Opaque
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.keeping import Read
from peerkit.ports import Envelope, Stored
from peerkit.texts import Message, _, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit

WHY = "the operator tells the demo's story"
"""The reason in the log of reads; by it a later telling leaves these reads out."""

PUBLIC = frozenset({"service"})
"""Kinds of which only those are read that something else refers to."""


@attrs.define
class Feed:
    """Envelopes in their order, and the records of their versions."""

    envelopes: list[Envelope]
    versions: dict[tuple[str, int], Record]
    newest: dict[str, Record]
    zone: ZoneInfo
    _first_names: dict[str, str] = attrs.field(factory=dict)

    def of(self, envelope: Envelope) -> Record | None:
        """The record of an envelope's version; None once it is erased, or if nobody knows its kind."""
        return self.versions.get((envelope.id, envelope.version))

    def before(self, envelope: Envelope) -> Record | None:
        """The version before."""
        return self.versions.get((envelope.id, envelope.version - 1))

    def name(self, record_id: str) -> Message:
        """A person's first name (the whole one where two share it), or what another record is called."""
        if record_id.startswith("system:"):
            return verbatim("peerkit")
        if not self._first_names:
            self._first_names = _first_names([one for one in self.newest.values() if one.kind == "person"])
        held: Any = self.newest.get(record_id)
        name = self._first_names.get(record_id) or getattr(held, "name", "")
        return verbatim(name) if name else _("somebody")


def _first_names(people: list[Any]) -> dict[str, str]:
    firsts = [one.name.split()[0] for one in people]
    return {
        one.id: first if firsts.count(first) == 1 else one.name
        for one, first in zip(people, firsts, strict=True)
    }


def read(kit: Kit, reader: str) -> Feed:
    """The whole feed. What is sensitive is logged as read by `reader`, before it is read."""
    envelopes = _envelopes(kit)
    by_kind: dict[str, dict[str, Envelope]] = {}
    for envelope in envelopes:
        by_kind.setdefault(envelope.kind, {})[envelope.id] = envelope
    feed = Feed([], {}, {}, ZoneInfo(kit.program.timezone))
    for kind, heads in by_kind.items():
        cls = kit.codec.class_of(kind)
        if cls is None or kind in PUBLIC:
            continue
        kit.log_read(
            Actor(reader, via="operator"), cls, [Stored(head, None) for head in heads.values()], why=WHY
        )
        for record_id in heads:
            _keep(kit, feed, kind, record_id)
    for referral in [one for one in feed.newest.values() if one.kind == "referral"]:
        _keep(kit, feed, "service", referral.service)  # type: ignore[attr-defined]
    own = {one.id for one in feed.newest.values() if isinstance(one, Read) and one.why == WHY}
    feed.envelopes = [envelope for envelope in envelopes if envelope.id not in own]
    return feed


def _envelopes(kit: Kit) -> list[Envelope]:
    found: list[Envelope] = []
    page = kit.changes(limit=1000)
    while page.envelopes:
        found += page.envelopes
        page = kit.changes(page.cursor, limit=1000)
    return found


def _keep(kit: Kit, feed: Feed, kind: str, record_id: str) -> None:
    for stored in kit.storage.history(kind, record_id):
        record = kit.codec.decode(stored)
        if not isinstance(record, Opaque):
            feed.versions[record_id, stored.envelope.version] = record
            feed.newest[record_id] = record
