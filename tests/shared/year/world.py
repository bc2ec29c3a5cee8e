# SPDX-License-Identifier: Apache-2.0
"""The world of a simulated year: a store, the processes that have it open, true time, chance, and whoever is
there. What happens is a generator that acts and yields how long until it goes on."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import attrs

import peerkit
from peerkit.errors import Conflict, NotFound, PeerkitError, Refused, StorageError, UnsavedScreen
from peerkit.kit import Kit
from peerkit.simulating.dice import Dice
from peerkit.testing import TimeMachine
from year.clock import Wrist
from year.ledger import Ledger

ZONE = ZoneInfo("America/Toronto")
Life = Generator[timedelta, None, None]


class Killed(BaseException):
    """A process died in the middle of a send: nothing of it goes on, nothing of it cleans up."""


@attrs.define(eq=False)
class Process:
    """One process that has the store open, with the clock of the machine that it runs on."""

    url: str
    wrist: Wrist
    plugin: Any
    up: bool = True
    born: int = 0
    """How often it was started."""
    _kit: Kit | None = None

    @property
    def kit(self) -> Kit:
        """Its kit, opened if it is not."""
        if self._kit is None:
            self.born += 1
            self._kit = peerkit.open(self.url, plugins=[self.plugin], discover=False, clock=self.wrist)
        return self._kit

    def stop(self) -> None:
        """It ends, in order or not: what is left is the file."""
        if self._kit is not None:
            self._kit.close()
            self._kit = None


@attrs.define(eq=False)
class Outcome:
    """What came of an attempt. `why` is empty, or `killed`, `store`, `refused`, `gone`, `conflict`."""

    value: Any = None
    why: str = ""

    def __bool__(self) -> bool:
        return not self.why


@attrs.define(eq=False)
class Post:
    """What the channels are like at present. `down` fail, `hanging` do not come back, `dead` addresses
    bounce; the others by chance."""

    bounces: float = 0.02
    dies: float = 0.0
    together: float = 0.0
    """How often another process delivers in the middle of a send."""
    down: set[str] = attrs.field(factory=set)
    hanging: set[str] = attrs.field(factory=set)
    dead: set[str] = attrs.field(factory=set)
    sent: Counter[str] = attrs.field(factory=Counter)
    hung: bool = False
    killed: bool = False


@attrs.define(eq=False)
class People:
    """Who is who, by id, as the people themselves know it."""

    coordinators: list[str] = attrs.field(factory=list)
    supervisors: list[str] = attrs.field(factory=list)
    on_call: list[str] = attrs.field(factory=list)
    offices: dict[str, str] = attrs.field(factory=dict)
    """The appointments that change hands: id and who."""
    supporters: list[str] = attrs.field(factory=list)
    people: list[str] = attrs.field(factory=list)
    pairs: dict[str, str] = attrs.field(factory=dict)
    """Whose supporter walks with them."""
    reach: dict[str, str] = attrs.field(factory=dict)
    """Whose an address is."""
    gone: set[str] = attrs.field(factory=set)
    """Who died, left, or is another record now."""

    @property
    def staff(self) -> list[str]:
        return [*self.coordinators, *self.supervisors, *self.on_call]


@attrs.define(eq=False)
class Year:
    """Everything. `storms` is how many times more often than usual something goes wrong."""

    path: Path
    machine: TimeMachine
    dice: Dice
    ends: datetime
    storms: float
    app: Process
    workers: list[Process]
    ledger: Ledger
    post: Post = attrs.field(factory=Post)
    cast: People = attrs.field(factory=People)
    stumbled: Counter[str] = attrs.field(factory=Counter)
    happened: Counter[str] = attrs.field(factory=Counter)
    reacting: set[tuple[str, str]] = attrs.field(factory=set)
    on_notice: Callable[[str, str, bool], None] | None = None
    backed_up: datetime | None = None
    _queue: list[tuple[datetime, int, Life, str]] = attrs.field(factory=list)
    _order: int = 0
    _delivering: bool = False

    @property
    def backup(self) -> Path:
        """Where the last night's copy lies."""
        return self.path.parent / "backup" / self.path.name

    # -- time --------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """The true time."""
        return self.machine.now()

    @property
    def local(self) -> datetime:
        """The true time on the wall of the program."""
        return self.now.astimezone(ZONE)

    @property
    def left(self) -> timedelta:
        return self.ends - self.now

    def begin(self, name: str, life: Life, after: timedelta = timedelta(0)) -> None:
        """Something begins, so long from now."""
        self._order += 1
        heapq.heappush(self._queue, (self.now + after, self._order, life, name))

    def run(self, until: datetime) -> Iterator[datetime]:
        """Whatever is next, first, until then."""
        while self._queue and self._queue[0][0] <= until:
            moment, _, life, name = heapq.heappop(self._queue)
            if moment > self.now:
                self.machine.set(moment)
            try:
                wait = next(life)
            except StopIteration:
                continue
            self._order += 1
            heapq.heappush(self._queue, (self.now + wait, self._order, life, name))
            yield self.now

    def often(self, a_year: float) -> timedelta:
        """A wait, by chance, until something that happens so many times a year and storm happens again."""
        mean = 365 * 24 * 60 / max(a_year, 1e-3)
        return timedelta(minutes=-mean * math.log(max(1 - self.dice.between(0, 1), 1e-12)))

    def again_and_again(
        self, name: str, life: Callable[[Year], Life], a_year: float, *, counted: bool = False
    ) -> Life:
        """Begin it so many times a year, by chance; nothing new in the last two days."""
        while True:
            yield self.often(a_year)
            if self.left > timedelta(days=2):
                if counted:
                    self.happened[name] += 1
                self.begin(name, life(self))

    # -- acting ------------------------------------------------------------------------------------

    def attempt(self, what: str, do: Callable[[Kit], Any]) -> Outcome:
        """Somebody tries something in the application; whatever becomes of it is an outcome."""
        try:
            return Outcome(do(self.app.kit))
        except Killed:
            self.app.stop()
            self.happened["the application died in the middle of a send"] += 1
            why = "killed"
        except (UnsavedScreen, StorageError):
            why = "store"
        except Refused as refused:
            why = "refused"
            for one in refused.objections:
                self.stumbled[f"{what}: {one.code}"] += 1
            return Outcome(refused, why)
        except NotFound:
            why = "gone"
        except Conflict:
            why = "conflict"
        self.stumbled[f"{what}: {why}"] += 1
        return Outcome(why=why)

    def save(self, what: str, who: str, *records: Any) -> Outcome:
        """Somebody's records, in one commit."""

        def do(kit: Kit) -> Any:
            with kit.session(actor=who) as s:
                return [s.save(one(s) if callable(one) else one) for one in records][-1]

        made = self.attempt(what, do)
        self.happened[what] += bool(made)
        return made

    # -- delivering --------------------------------------------------------------------------------

    def deliver(self, worker: Process) -> bool:
        """One run of a worker; whether it came to its end."""
        try:
            worker.kit.deliver(limit=1000)
            return True
        except Killed:
            worker.stop()
            self.happened["a worker died in the middle of a send"] += 1
        except PeerkitError as error:
            self.stumbled[f"deliver: {type(error).__name__}"] += 1
        return False

    def another_delivers(self) -> None:
        """In the middle of a send another process delivers too."""
        if self._delivering:
            return
        self._delivering = True
        try:
            self.happened["two processes delivered at once"] += 1
            for worker in self.workers:
                if worker.up:
                    self.deliver(worker)
        finally:
            self._delivering = False

    # -- hangs without waiting ----------------------------------------------------------------------

    @contextmanager
    def instead_of_threads(self) -> Iterator[None]:
        """A channel that hangs takes its time on the made-up clock, and nobody has to wait for it; a process
        that dies in a send dies there."""

        def within(work: Callable[[], None], seconds: float) -> bool:
            began = self.now
            try:
                work()
            except Exception:  # noqa: BLE001  # a thread's error stays in the thread
                self.stumbled["within: raised"] += 1
            if self.post.killed:
                self.post.killed = False
                raise Killed
            if self.post.hung:
                self.post.hung = False
                self.machine.forward(seconds=seconds + 1)
            return (self.now - began).total_seconds() <= seconds

        with ExitStack() as stack:
            for module in ("sending", "running", "urgent", "observing"):
                stack.enter_context(patch(f"peerkit.delivery.{module}.within", within))
            yield


def minutes(many: float) -> timedelta:
    return timedelta(minutes=many)
