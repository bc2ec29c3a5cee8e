# SPDX-License-Identifier: Apache-2.0
"""What a kit does about alarms: raising them, sending them, and saying whether they reach anybody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from peerkit.errors import PeerkitError
from peerkit.model.actor import Actor
from peerkit.model.base import Record, Ref
from peerkit.ports import Committed

if TYPE_CHECKING:
    from peerkit.instruments import Instrument
    from peerkit.kit.alarm_report import AlarmReport
    from peerkit.kit.journaling import Side
    from peerkit.kit.kit import Kit
    from peerkit.kit.steps import Staged
    from peerkit.model.keeping import Redaction
    from peerkit.model.restoration import Gap
    from peerkit.safety.policy import SafetyPolicy
    from peerkit.safety.shelf import InstrumentLine
    from peerkit.texts import Message


class Alarms:
    """The part of a `Kit` that is the safety lane and its delivery; each does its work in a module of its
    own."""

    side: Side | None = None
    """The side journal, which `open` gives it; None for a store that keeps nothing, and for a sandbox."""

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

    def concern(
        self, words: str, about: Ref | Collection[Ref] | None = None, by: Ref | None = None, **details: Any
    ) -> Any:
        """Anybody may raise a concern, about anybody; no session, no account. Several as `about` are those of
        whom one may be meant. `first=` names whom it reaches first. See `peerkit.safety.concern`."""
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

    def drill(self, actor: Actor | Ref | None = None, *, supporters: int = 0) -> Any:
        """Try the escalation path: every step receives and acknowledges. That makes a program ready. With
        `supporters` so many of those are tried instead who have answered nothing within thirty days."""
        from peerkit.delivery import drill

        kit = cast("Kit", self)
        return drill(kit, kit._actor(actor), supporters=supporters)

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

    def unwatched(self, kind: str | type[Record], *languages: str) -> tuple[Message, ...]:
        """What to show beside every place where a person writes (`kind`: the record that it becomes, such as
        `Reply`): that nobody watches it, whether and by when somebody is asked to read it, and whom to call
        if it cannot wait. In the first of these languages, then of the program's, that peerkit speaks. No
        session, no account. Malformed for no kind, and for one of the safety lane, where the next steps say
        so."""
        from peerkit.safety.policy import unwatched

        return unwatched(cast("Kit", self), kind, *languages)

    # -- a store that was put back -----------------------------------------------------------------

    def gaps(self) -> tuple[Gap, ...]:
        """What a store that was put back from an older copy has forgotten and nobody has walked yet, oldest
        first: kinds, ids, acts, times and levels, no content. Empty in any other store."""
        from peerkit.kit.gaps import gaps

        return gaps(cast("Kit", self))

    def walk_gaps(
        self,
        decided: Mapping[str, str] | None = None,
        *,
        by: Actor | Ref | None = None,
        done: bool = False,
    ) -> tuple[Gap, ...]:
        """A coordinator says what became of gaps, by the ids of their records: `again`, `asked`, `closed`,
        `entered` or `mistaken`. What is left to walk. With `done`, and nothing left, the store is as any
        other again. See `peerkit.kit.gaps.walk` for what each does and what is refused."""
        from peerkit.kit.gaps import walk

        kit = cast("Kit", self)
        return walk(kit, kit._actor(by), {} if decided is None else decided, done=done)

    def look_back(self) -> None:
        """Compare the store with its side journal, and hold it if it was put back or moved; then raise what
        has waited for a human for too long. `open` and `deliver` do it. Never an error."""
        from peerkit.kit.gaps import release
        from peerkit.kit.restoring import look_back

        kit = cast("Kit", self)
        look_back(kit)
        with suppress(PeerkitError):
            release(kit)

    def wrote(self, done: Committed, staged: Sequence[Staged]) -> None:
        """A commit is written: what the kit knows of the feed goes on, and what must not be forgotten of it
        is noted beside the store."""
        kit = cast("Kit", self)
        kit.feed.wrote(done, [one.change.kind for one in staged])
        if self.side is not None:
            self.side.wrote(done, staged)

    def erased(self, redaction: Redaction, what: Sequence[tuple[str, str]]) -> None:
        """These kinds and ids were erased: it is noted beside the store, so that it can be repeated."""
        if self.side is not None:
            self.side.erased(cast("Kit", self), redaction, what)

    def beat(self) -> None:
        """Note beside the store how far the feed has gone. `deliver` and `close` do it. Never an error."""
        if self.side is not None:
            self.side.beat(cast("Kit", self))

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
