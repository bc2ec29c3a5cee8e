# SPDX-License-Identifier: Apache-2.0
"""The roles that actors have at present, and who works here, derived anew when a record changed that they
come from; and the rights table that is in force by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed, NotFound, StorageError
from peerkit.hooks import Kind
from peerkit.kit.replying import answered
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.rights import CORE, GRANT_KINDS, After, Grants, Rights, derive, parse, rows_for
from peerkit.safety.complaints import CameOf, against

if TYPE_CHECKING:
    from peerkit.kit.kit import Kit

MOST = 10_000
"""So many actors' are kept: a bound, not a tuning."""


WORKING = ("peer_supporter", "appointment")
"""The kinds that say that somebody works in the program."""


class Granted:
    """Each actor's grants as of a position of the feed, for as long as nothing behind it changes them."""

    def __init__(self) -> None:
        self._held: dict[Actor, tuple[int, Grants]] = {}

    def since(self, kit: Kit, actor: Actor) -> tuple[Grants, int]:
        """The actor's grants now, and where the feed stood before they were looked at.

        NotFound if the program knows nobody of that id, or their record was erased.
        """
        since = kit.feed.look()
        position = kit.feed.last(GRANT_KINDS)
        held = self._held.get(actor)
        now = kit.clock.now()
        if held is not None and held[0] == position and (held[1].expires is None or now < held[1].expires):
            return held[1], since
        person = None if actor.is_system else kit.storage.get("person", actor.person)
        if person is None and not actor.is_system:
            raise NotFound("the actor is nobody whom the program knows: enrol them first")
        if person is not None and any(act.name == "merge" for act in person.envelope.acts):
            raise NotFound("the actor's record was joined with another of theirs: act as that one")
        if person is not None and person.body is None:
            raise NotFound("the actor's record was erased: nobody acts as them any more")
        found = derive(actor, now, kit._heads_of, After(_kept_for(kit), lambda one: _over_since(kit, one)))
        if not actor.is_system:  # not among the roles: those come from bodies, and this from envelopes
            found = attrs.evolve(found, complaints=against(kit, actor.person))
        if len(self._held) > MOST:
            self._held.clear()
        self._held[actor] = (position, found)
        return found, since


class Colleagues:
    """Their ids as of a position of the feed, for as long as no role or office changes. One that cannot be
    read counts: it may say that somebody works here, and then their own record is not everybody's."""

    def __init__(self) -> None:
        self._held: tuple[int, frozenset[str]] = (-1, frozenset())

    def now(self, kit: Kit) -> frozenset[str]:
        """Everybody who works here."""
        position = kit.feed.last(WORKING)
        if self._held[0] != position:
            found = (*kit._heads_of(WORKING[0], state="active"), *kit._heads_of(WORKING[1], state="held"))
            people = {one for record in found for relation, one in record.subjects if relation == "person"}
            self._held = (position, frozenset(people))
        return self._held[1]


def table(kit: Kit, kinds: Sequence[tuple[str, Kind]], private: frozenset[str]) -> Rights:
    """The rights table in force: the core's rows and those of the kinds that plugins bring, each given with
    its plugin's name."""
    rows = [*parse(CORE, "peerkit")]
    for name, kind in kinds:
        rows += rows_for(name, kind.cls.kind, kind.rights)
    return Rights(
        rows,
        answered=partial(answered, kit),
        colleagues=partial(Colleagues().now, kit),
        came_of=partial(CameOf().ids, kit),
        private=private,
        brought={kind.cls: kind.supported for _, kind in kinds},
    )


def _kept_for(kit: Kit) -> timedelta:
    """For how long a supporter reads what is over; not at all where the settings cannot be read."""
    try:
        return timedelta(days=kit.program.supporter_reads_days)
    except (StorageError, Malformed, OverflowError):
        return timedelta(0)


def _over_since(kit: Kit, relationship: Record) -> datetime:
    """When a relationship came to be over. To end it once more does not put that off."""
    found = [one.envelope for one in kit.storage.history(relationship.kind, relationship.id)]
    since = found[-1].at
    for envelope in reversed(found):
        if not envelope.acts or envelope.acts[-1].name not in {"end", "decline"}:
            break
        since = envelope.at
    return since
