# SPDX-License-Identifier: Apache-2.0
"""Observers: each plugin reads the feed from its own saved cursor, after the commit, at least once.

One that raises is isolated and tried again from where it stood. One that stays stuck is parked, visibly,
until somebody looks or its plugin has another version. What it worries about is raised as a concern, once for
each key of that plugin, before its cursor moves on (decision 35).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.sending import within
from peerkit.errors import Malformed, NotFound, PluginError, StorageError, UnsavedScreen
from peerkit.hooks import Page, Worry
from peerkit.kinds import PLACES
from peerkit.plugins import Observer, PluginRecord, narrow
from peerkit.ports import FeedPage, Query
from peerkit.safety.concerning import concern
from peerkit.safety.reading import followed
from peerkit.views import Sight

if TYPE_CHECKING:
    from peerkit.kit import Kit

OBSERVER = "observer:"
PATIENCE = 5
"""After how many failures in a row it is parked. Own choice."""

MOST = 100
"""Envelopes of a page at most; half as many after each failure, so that what is before one that it cannot
take is taken, and a page that was too much for it comes in parts."""

SECONDS = 30.0
"""How long an observer may take for a page: less than alarms may wait for the next run. Own choice."""


@attrs.frozen
class Place:
    """Where an observer stands in the feed, and how it fares; `worried` whether it ever gave a worry."""

    name: str
    cursor: str | None = None
    failures: int = 0
    reason: str = ""
    version: str = ""
    parked: bool = False
    worried: bool = False

    @classmethod
    def read(cls, name: str, text: str | None) -> Place:
        """From its mark; one that cannot be read starts from the beginning."""
        try:
            return cls(name, **json.loads(text)) if text is not None else cls(name)
        except (ValueError, TypeError):
            return cls(name)

    @property
    def text(self) -> str:
        """As it stands in the mark."""
        return json.dumps(attrs.asdict(self, filter=lambda field, _: field.name != "name"))


def observe(kit: Kit, limit: int, until: datetime) -> int:
    """Give each observer what is new, `limit` envelopes at most, and no page begun after `until`; how many
    were given in all.

    Raises UnsavedScreen if a worry could not be stored, once the others were fed: its observer stays where it
    is, and it is raised by the next run.
    """
    given, unsaved = 0, None
    for record, function in kit.plugins.observers():
        try:
            given += _one(kit, record, function, limit, until)
        except UnsavedScreen as error:
            unsaved = error
    if unsaved is not None:
        raise unsaved
    return given


def _one(kit: Kit, record: PluginRecord, function: Observer, limit: int, until: datetime) -> int:
    name = OBSERVER + record.name
    held = kit.storage.marks(name).get(name)
    place = Place.read(record.name, held)
    if place.parked and place.version == record.version:
        return 0
    given = 0
    while given < limit and kit.clock.now() <= until:
        page = _page(kit, place, min(max(1, MOST >> place.failures), limit - given))
        if not page.envelopes:
            break
        after = _tell(kit, place, record, function, page)
        if not kit.storage.mark(name, after.text, expect=held) or after.failures:
            break  # it failed, or another process feeds it as well
        place, held = after, after.text
        given += len(page.envelopes)
        if not page.more:
            break
    return given


def _page(kit: Kit, place: Place, limit: int) -> FeedPage:
    try:
        return kit.storage.changes(place.cursor, limit)
    except (StorageError, Malformed):
        if place.cursor is None:
            raise
        return kit.storage.changes(None, limit)  # a cursor of another incarnation: from the start


def _tell(kit: Kit, place: Place, record: PluginRecord, function: Observer, page: FeedPage) -> Place:
    """Give it the page; where it stands afterwards. One that hangs is left behind, so that alarms go on."""
    errors: list[BaseException] = []
    worries: list[Worry] = []
    given = Page(page.envelopes, page.cursor)

    def tell() -> None:
        try:
            function(given, Sight(kit.storage, kit.codec, kit.clock.now(), {}), worries)
        except BaseException as error:  # noqa: BLE001  # told apart below, in the caller's thread
            errors.append(error)

    ended = within(tell, SECONDS)
    place = attrs.evolve(place, worried=place.worried or bool(worries))
    strangers = _raise(kit, record, narrow(given, record), tuple(worries))  # first: whatever else it did
    if not ended:
        return _failed(place, record, f"did not return within {SECONDS:.0f} seconds")
    if not errors and strangers:
        return _failed(place, record, "worries about somebody who is in no record that it reads")
    if not errors and worries and not record.worries:  # they were raised: nobody waits for a declaration
        return _failed(place, record, "worries, which its Access does not declare: add Access(worries=True)")
    if not errors:
        return Place(place.name, page.cursor, version=record.version, worried=place.worried)
    error = errors[0]
    if isinstance(error, StorageError) or (kit.plugins.raises and isinstance(error, PluginError)):
        raise error
    reason = str(error) if isinstance(error, PluginError) else f"raised {type(error).__name__}"
    return _failed(place, record, reason)


def _raise(kit: Kit, record: PluginRecord, page: Page, worries: Iterable[Worry]) -> int:
    """Raise each as a concern, unless it was raised before; how many are about whom the plugin does not
    know, and are not."""
    strangers = 0
    for one in worries:
        if not _knows(kit, record, page, one.about):
            strangers += 1
            continue
        concern(
            kit,
            one.words,
            one.about,
            first=one.first or None,
            level=one.level,
            occurred=one.occurred,
            plugin=record.name,
            key=one.key,
        )
    return strangers


def _knows(kit: Kit, record: PluginRecord, page: Page, person: str) -> bool:
    """Whether somebody is in a record of a kind that the plugin reads: on this page, else anywhere."""
    there = {person, followed(kit, person)}
    if any(who in there for envelope in page.envelopes for _, who in envelope.subjects):
        return True
    for kind in (*record.kinds, *PLACES):
        cls = kit.codec.class_of(kind) if record.reads(kind) else None
        allow = frozenset((field, who) for field in (cls.subject_fields if cls else ()) for who in there)
        if allow and kit.storage.count(Query(kind, allow=allow)):
            return True
    return False


def _failed(place: Place, record: PluginRecord, reason: str) -> Place:
    failures = place.failures + 1 if place.version == record.version else 1
    return attrs.evolve(
        place, failures=failures, reason=reason, version=record.version, parked=failures >= PATIENCE
    )


def places(kit: Kit) -> tuple[Place, ...]:
    """Where every observer stands."""
    return tuple(
        Place.read(name.removeprefix(OBSERVER), text)
        for name, text in sorted(kit.storage.marks(OBSERVER).items())
    )


def unpark(kit: Kit, plugin: str) -> None:
    """Let a parked observer try again from where it stood. NotFound if there is no observer of that name."""
    name = OBSERVER + plugin
    held = kit.storage.marks(name).get(name)
    if held is None:
        raise NotFound("no observer of that name has read the feed")
    place = attrs.evolve(Place.read(plugin, held), failures=0, reason="", parked=False)
    kit.storage.mark(name, place.text, expect=held)
