# SPDX-License-Identifier: Apache-2.0
"""What a kit does about alarms: raising them, sending them, and saying whether they reach anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from peerkit.model.actor import Actor
from peerkit.model.base import Ref

if TYPE_CHECKING:
    from peerkit.instruments import Instrument
    from peerkit.kit.kit import Kit
    from peerkit.safety.shelf import InstrumentLine


class Alarms:
    """The part of a `Kit` that is the safety lane and its delivery; each does its work in a module of its
    own."""

    def screening(
        self, instrument: str, person: Ref | None = None, *, actor: Actor | Ref, **details: Any
    ) -> Any:
        """A screen without a session: whoever holds it gets the steps also when the store is gone."""
        from peerkit.safety.screening import screening

        kit = cast("Kit", self)
        return screening(kit, kit._actor(actor), instrument, person=person, **details)

    def instruments(self) -> tuple[InstrumentLine, ...]:
        """Every questionnaire that this program knows (`peerkit.safety.shelf.InstrumentLine`): peerkit's, the
        plugins', its own; whether a screen can begin with it; and what cannot be read, and why."""
        kit = cast("Kit", self)
        return kit.net.shelf(kit).lines()

    def instrument(self, id: str, *, version: str | None = None) -> Instrument:
        """A questionnaire by id, in its newest version or in this one, with the program's wording and the
        levels that it raised: what a host builds its pages from, on or off. NotFound where there is none,
        naming the closest id."""
        kit = cast("Kit", self)
        return kit.net.shelf(kit).instrument(id, version)

    def concern(self, words: str, about: Ref | None = None, by: Ref | None = None, **details: Any) -> Any:
        """Anybody may raise a concern, about anybody; no session, no account. See `peerkit.safety`."""
        from peerkit.safety import concern

        kit = cast("Kit", self)
        return concern(kit, words, about, by, **details)  # as given: nothing in it may refuse it

    def alerts(self, actor: Actor | Ref | None = None) -> Any:
        """Open alerts: for an actor those they may see; without one references, level, due and step only."""
        from peerkit.safety import alerts

        kit = cast("Kit", self)
        return alerts(kit, None if actor is None else kit._actor(actor))

    def deliver(self, limit: int = 100) -> Any:
        """Send what is due: climb alerts, send notices, feed observers, write the heartbeat."""
        from peerkit.delivery import deliver

        kit = cast("Kit", self)
        return deliver(kit, limit)

    def health(self) -> Any:
        """Whether alarms reach anybody: due alerts, heartbeat, drill, plugins."""
        from peerkit.delivery import health

        kit = cast("Kit", self)
        return health(kit)

    def drill(self, actor: Actor | Ref | None = None) -> Any:
        """Try the escalation path: every step receives and acknowledges. That makes a program ready."""
        from peerkit.delivery import drill

        kit = cast("Kit", self)
        return drill(kit, kit._actor(actor))

    def warm_line(self) -> Any:
        """What is said on a warm line, which is no crisis line, and whom to call instead: a
        `peerkit.safety.warm_line.WarmLine`, whose `sentences` are to be shown or read aloud."""
        from peerkit.safety.warm_line import warm_line

        return warm_line(cast("Kit", self))

    def warnings(self, *, looked: bool = False) -> tuple[str, ...]:
        """What every receipt and command says loudly: alerts are due and nobody delivers.

        `looked` says that the feed's position is known as of now.
        """
        from peerkit.delivery import warnings

        kit = cast("Kit", self)
        return warnings(kit, looked=looked)
