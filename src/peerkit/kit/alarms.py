# SPDX-License-Identifier: Apache-2.0
"""What a kit does about alarms: raising them, sending them, and saying whether they reach anybody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from peerkit.model.actor import Actor
from peerkit.model.base import Ref

if TYPE_CHECKING:
    from peerkit.kit.alarm_report import AlarmReport
    from peerkit.kit.kit import Kit
    from peerkit.safety.policy import SafetyPolicy


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

    def alarm_report(
        self, since: date | None = None, until: date | None = None, *, actor: Actor | Ref
    ) -> AlarmReport:
        """How alarms went from one day to another, both included, in the program's zone: alerts a week, how
        fast, how many were none, and how often humans were called. See `peerkit.kit.alarm_report`.

        Left out, `until` is today and `since` the Monday of three weeks before. For a coordinator or a
        supervisor (`no-right`: Refused for others); that it was read is logged. Malformed for a day that is
        none.
        """
        from peerkit.kit.alarm_report import alarm_report

        kit = cast("Kit", self)
        return alarm_report(kit, kit._actor(actor), since, until)

    def safety_policy(self) -> SafetyPolicy:
        """What anybody may read before anything is asked: who is told of what and how fast, whom to call, and
        what is never done. No session, no account."""
        from peerkit.safety.policy import safety_policy

        return safety_policy(cast("Kit", self))

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
