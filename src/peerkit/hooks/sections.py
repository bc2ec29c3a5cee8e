# SPDX-License-Identifier: Apache-2.0
"""What a module counts for a program's report: a section of cells, over a period, as of a place in the feed.

A module counts; the core decides what is shown (`peerkit.kit.showing`). So no module can pass on a cell of
fewer than five people by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

import attrs

from peerkit.errors import Malformed
from peerkit.model.base import Record, coded

R = TypeVar("R", bound=Record)


@attrs.frozen
class Version(Generic[R]):
    """One version of a record: when it was committed, by which acts, and what it was then."""

    at: datetime
    acts: tuple[str, ...]
    record: R


class Period(Protocol):
    """The period of a report, and what the module reads of it: the kinds that it declared, each record as it
    was at the report's place in the feed, so that the same report can be asked for again. What was erased is
    not there; what cannot be read is left out and counted (`Counts.unreadable`)."""

    @property
    def first(self) -> date:
        """The first day, in the program's zone."""
        ...

    @property
    def last(self) -> date:
        """The last day, in the program's zone; it belongs to the period."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """The program's zone."""
        ...

    @property
    def start(self) -> datetime:
        """The instant at which the first day begins."""
        ...

    @property
    def end(self) -> datetime:
        """The instant at which the last day has ended, which is no longer in the period."""
        ...

    def find(self, kind: type[R]) -> Iterator[R]:
        """Every record of a kind, at its newest version by then, page by page. PluginError for a kind that
        the plugin does not declare."""
        ...

    def history(self, kind: type[R], id: str) -> Sequence[Version[R]]:
        """What a record was by then, oldest first. PluginError as `find`."""
        ...


def _people(given: Any) -> frozenset[str] | None:
    if given is None:
        return None
    if isinstance(given, str):
        raise Malformed("people are the ids of those whom a cell rests on, as a set", where="Cell.people")
    return frozenset(given)


@attrs.frozen
class Cell:
    """One number of a section, under a code and in words (`label`, a marked text).

    `people` are the ids of those whom it rests on, each once; `number` is what is shown, how many they are if
    it is left out. A number without people rests on as many as it says. Cells of one `group` add up to
    something: where one of them is not shown, so much more is hidden that it cannot be worked out. Cells
    without a group are one group as well, since what a reader may add up is easily overlooked; one that has
    nothing to do with the others has a group of its own. In whatever group, a cell is hidden as well that
    would tell of a few by what is left of another whose people include its own.

    Malformed for a code that is none, for no label, and for a number that is no count.
    """

    code: str
    label: str
    people: frozenset[str] | None = attrs.field(default=None, converter=_people, repr=False)
    number: int | None = None
    group: str = ""

    def __attrs_post_init__(self) -> None:
        coded(self.code, "Cell.code")
        if not str(self.label).strip():
            raise Malformed("a cell says in words what it counts", where="Cell.label")
        number = cast("object", self.number)
        if number is None and self.people is None:
            raise Malformed("a cell has people, or a number, or both", where="Cell")
        if number is not None and (type(number) is not int or number < 0):
            raise Malformed("a number is a count: a whole number, 0 or more", where="Cell.number")

    @property
    def count(self) -> int:
        """The number that it stands for."""
        return len(self.people or ()) if self.number is None else self.number


@attrs.frozen
class ReportSection:
    """A section of what a program reports (`Session.counts`), counted by a module: `count(period)` yields its
    cells, each code once. `name` is a code that no other section has, `title` its heading, a marked text.

    It is called each time somebody counts, and reads through the `Period` alone. If it raises, or gives
    anything else than cells, the section is left out and named (`Counts.left_out`); the rest of the report
    stands.

    ```python
    def visits(period):
        held = [v for v in period.find(GardenVisit) if period.first <= v.day <= period.last]
        yield Cell("gardeners", _("people who were in the garden"), people={v.person for v in held})
        yield Cell("visits", _("visits"), people={v.person for v in held}, number=len(held), group="visits")


    ReportSection("garden", _("The garden"), visits)
    ```
    """

    name: str
    title: str
    count: Callable[[Period], Iterable[Cell]]
