# SPDX-License-Identifier: Apache-2.0
"""Which cells of a count are shown: none below five, nor one that would give such a cell away."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping

import attrs

from peerkit.kit.counts import Waits

SMALL = 5
"""Cells below this are not shown. That there is such a number is common in disclosure control; that it is
five is peerkit's own choice."""


@attrs.define
class Tally:
    """How many, how long, and of whom (empty: nobody's name is with it)."""

    count: int = 0
    minutes: int = 0
    people: set[str] = attrs.field(factory=set)

    def add(self, minutes: int = 0, person: str = "") -> None:
        """One more."""
        self.count += 1
        self.minutes += minutes
        if person:
            self.people.add(person)

    def less(self, part: Tally) -> Tally:
        """What is left of it beside a part."""
        return Tally(self.count - part.count, self.minutes - part.minutes)

    @property
    def small(self) -> bool:
        """Whether it is below five, or of fewer than five people."""
        return 0 < self.count < SMALL or 0 < len(self.people) < SMALL


@attrs.define
class Tallies:
    """Tallies by a code."""

    held: dict[str, Tally] = attrs.field(factory=dict)

    def each(self, codes: Iterable[str], person: str = "") -> None:
        """One more under each of the codes."""
        for code in codes:
            self.held.setdefault(code, Tally()).add(0, person)


@attrs.frozen
class Showing:
    """Which cells are shown: all of them for the program's own use, else none that is small."""

    own_use: bool

    def number(self, count: int) -> int | None:
        """A count of people, or of anything else."""
        return None if not self.own_use and 0 < count < SMALL else count

    def tally(self, one: Tally) -> int | None:
        """How many."""
        return None if not self.own_use and one.small else one.count

    def minutes(self, one: Tally) -> int | None:
        """How long; not shown where the count is not."""
        return None if self.tally(one) is None else one.minutes

    def waits(self, each: list[int | None]) -> Waits:
        """How many, and the median and longest of those that waited."""
        number, days = self.number(len(each)), [one for one in each if one is not None]
        if not days or self.number(len(days)) is None:
            return Waits(number=number, median_days=None, longest_days=None)
        return Waits(number=number, median_days=float(statistics.median(days)), longest_days=max(days))

    def parts(
        self, held: Mapping[str, Tally], *, shut: bool = False, within: bool = False
    ) -> dict[str, int | None]:
        """Cells that add up to something. Where what is hidden could be worked out from the rest, the
        smallest cell that is shown is hidden too. `shut`: none is shown; `within`: two that are shown or
        hidden together."""
        if self.own_use:
            return {code: one.count for code, one in sorted(held.items())}
        hidden = {code for code, one in held.items() if shut or one.small}
        if within and hidden:
            hidden = {code for code, one in held.items() if one.count}
        while hidden and (len(hidden) < 2 or sum(held[code].count for code in hidden) < SMALL):
            left = [code for code, one in held.items() if code not in hidden and one.count]
            if not left:
                break
            hidden.add(min(left, key=lambda code: (held[code].count, code)))
        return {code: None if code in hidden else one.count for code, one in sorted(held.items())}

    def groups(self, held: Iterable[Mapping[str, Tally]]) -> dict[str, int | None]:
        """As `parts` of each group, of cells that may lie within one another, whichever group they are of.
        Where a cell counts people, and all but fewer than five of them are in smaller ones that are shown,
        one of these is hidden: what is left of the larger one would tell of those few."""
        groups = tuple(held)
        every = {code: one for group in groups for code, one in group.items()}
        found = {code: n for group in groups for code, n in self.parts(group).items()}
        while not self.own_use and (code := _tells_of_few(every, found)):
            found[code] = None
        return found


def _tells_of_few(held: Mapping[str, Tally], found: Mapping[str, int | None]) -> str:
    """A cell by which, with others that are shown, fewer than five people could be told apart: the smallest
    without which they could not, else the smallest."""
    shown = {code: held[code] for code, n in found.items() if n and n == len(held[code].people)}
    for outer in shown.values():
        within = {code: one for code, one in shown.items() if one.people < outer.people}
        if not within or not 0 < _left(outer, within) < SMALL:
            continue
        enough = [code for code in within if _left(outer, within, but=code) >= SMALL]
        return min(enough or within, key=lambda code: (within[code].count, code))
    return ""


def _left(outer: Tally, within: Mapping[str, Tally], but: str = "") -> int:
    """How many people of a cell are in none of the others."""
    return len(outer.people.difference(*(one.people for code, one in within.items() if code != but)))


def shown(cells: Mapping[str, int]) -> dict[str, int | None]:
    """Numbers that add up to something, as they may be passed on."""
    return Showing(own_use=False).parts({code: Tally(n) for code, n in cells.items()})
