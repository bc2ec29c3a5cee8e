# SPDX-License-Identifier: Apache-2.0
"""The world in which simulated people live: a kit, its clock, chance, and who is there.

Whatever they do goes through the kit's own doors, each in their own session: so every record has its true
history, with what rules and rights refused.
"""

from __future__ import annotations

import heapq
import io
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import redirect_stderr
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from peerkit.errors import Conflict, NotFound, Refused
from peerkit.model.actor import Actor
from peerkit.model.base import Record
from peerkit.model.decision import Decision
from peerkit.simulating.clock import SimulatedClock
from peerkit.simulating.dice import Dice
from peerkit.simulating.tables import Table

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.kit.session import Session

R = TypeVar("R", bound=Record)
T = TypeVar("T")

Life = Generator[timedelta, None, None]
"""What somebody lives through: it acts, and yields how long until it goes on."""

ZONE = "America/Toronto"
"""The program's time zone."""

CHANNEL = "console"
"""The channel of all notices: standard error, which is hushed."""


@attrs.define
class Cast:
    """Who works in the program, by their ids, and whom it knows outside."""

    coordinator: str
    second: str = ""
    supervisor: str = ""
    on_call: str = ""
    privacy: str = ""
    supporters: list[str] = attrs.field(factory=list)
    """Those who are active now."""
    services: list[str] = attrs.field(factory=list)
    recipients: list[str] = attrs.field(factory=list)
    """Of services, for referrals; one for each."""
    clinic: str = ""
    """In the circle of care."""

    @property
    def staff(self) -> tuple[str, ...]:
        """Who holds an office for the whole time."""
        return (self.coordinator, self.second, self.supervisor, self.on_call, self.privacy)


@attrs.define
class World:
    """The kit and whoever is in it. `ends` is when the simulated time is over."""

    kit: Kit
    clock: SimulatedClock
    dice: Dice
    cast: Cast
    ends: datetime
    stumbled: Counter[str] = attrs.field(factory=Counter)
    """What did not go on since the world had changed meanwhile, by life and code: somebody died, left, went
    away."""
    _queue: list[tuple[datetime, int, Life, str]] = attrs.field(factory=list)
    _order: int = 0

    # -- time --------------------------------------------------------------------------------------

    def begin(self, life: Life, after: timedelta = timedelta(0), *, name: str) -> None:
        """Somebody's life begins, so long from now."""
        self._order += 1
        heapq.heappush(self._queue, (self.clock.now() + after, self._order, life, name))

    def run(self) -> Iterator[datetime]:
        """Let them live, whoever is next first, until the time is over; the instant after each step."""
        while self._queue and self._queue[0][0] <= self.ends:
            moment, _, life, name = heapq.heappop(self._queue)
            self.clock.reach(moment)
            try:
                wait = next(life)
            except StopIteration:
                continue
            except (Refused, NotFound, Conflict) as fault:
                self.stumble(name, fault)
                continue
            finally:
                yield self.clock.now()
            self._order += 1
            heapq.heappush(self._queue, (self.clock.now() + wait, self._order, life, name))

    def deal(self, name: str, table: Table, *, takes: timedelta = timedelta(days=30)) -> str:
        """A way of a table: one that was not dealt yet, if there is the time that it takes."""
        return self.dice.deal(name, table) if self.left() > takes else self.dice.draw(table)

    def tried(self, episode: Life, name: str, way: str) -> Life:
        """Live through an episode; where the world has changed so that it cannot go on, it ends there, and
        what comes after it goes on. Its way (of the table `name`) is then owed again."""
        try:
            yield from episode
        except (Refused, NotFound, Conflict) as fault:
            self.stumble(f"{name} {way}".strip(), fault)
            self.dice.again(name, way)

    def stumble(self, name: str, fault: Exception) -> None:
        """Note what did not go on."""
        codes = (
            [one.code for one in fault.objections] if isinstance(fault, Refused) else [type(fault).__name__]
        )
        for code in codes:
            self.stumbled[f"{name}: {code}"] += 1

    @property
    def today(self) -> date:
        """The day in the program's zone."""
        return self.clock.local.date()

    def left(self) -> timedelta:
        """How much of the time is left."""
        return self.ends - self.clock.now()

    # -- acting ------------------------------------------------------------------------------------

    def session(self, who: str) -> Session:
        """A session of somebody, in their own account, a little later."""
        self.clock.go(self.dice.minutes(0.2, 4))
        return self.kit.session(Actor(who, via="simulated"))

    def save(self, who: str, *records: R) -> R:
        """Somebody's acts, in a commit; the last of the records as saved."""
        with self.session(who) as s:
            return [s.save(one) for one in records][-1]

    def refused(self, who: str, do: Callable[[Session], Any]) -> None:
        """Somebody tries what is not theirs to do; it is refused, and that is kept."""
        try:
            with self.session(who) as s:
                do(s)
        except (Refused, NotFound):
            return
        self.stumbled["refused: it was not"] += 1

    def head(self, kind: type[R], id_: str) -> R:
        """The record as it stands. The simulation looks at its own store past everybody's rights; what people
        read is read in sessions, and logged."""
        stored = self.kit.storage.get(kind.kind, id_)
        if stored is None or stored.body is None:
            raise NotFound(f"there is no {kind.kind} of that id")
        found = self.kit.codec.decode(stored)
        assert isinstance(found, kind)  # noqa: S101  # this peerkit wrote it
        return found

    def deliver(self) -> None:
        """What is due is sent. Nothing leaves the machine: the console's notices go nowhere."""
        with redirect_stderr(io.StringIO()):
            self.kit.deliver()

    @staticmethod
    def hushed() -> redirect_stderr[io.StringIO]:
        """What the console prints meanwhile is not shown."""
        return redirect_stderr(io.StringIO())


def spoken(person: str) -> Decision:
    """What somebody said aloud, recorded by another."""
    return Decision.of(person, how="spoken")


def paper(person: str) -> Decision:
    """What somebody signed on paper."""
    return Decision.of(person, how="paper", evidence="the green binder")


def days(many: float) -> timedelta:
    """So many days."""
    return timedelta(days=many)


def hours(many: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=many)


def minutes(many: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=many)
