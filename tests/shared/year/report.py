# SPDX-License-Identifier: Apache-2.0
"""What came of a simulated year, as a text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta

from year.judging import Line, Silence
from year.living import Lived

LEVELS_SHOWN = ("now", "today", "talk")
NOTHING = "nothing known"


def report(lived: Lived) -> str:
    return "\n".join(_lines(lived))


def _lines(lived: Lived) -> Iterator[str]:
    verdict, year = lived.verdict, lived.year
    yield f"{lived.people} people, {lived.days} days, seed {lived.seed}: {lived.versions} versions"
    yield f"said: {verdict.answers} answers and concerns, of {len(year.ledger.worries)} screens and concerns"
    yield f"not stored in the end: {verdict.never_stored}"
    yield f"alerts: {_counts(verdict.alerts)}; open at the end: {verdict.open}"
    yield f"notices: {_counts(year.post.sent)}"
    yield ""
    yield "from what was said to the first notice, and to a human who took it:"
    yield _cells("level", "owed", "notice median", "95th", "taken median", "95th", "worst", "in time", "open")
    for level in LEVELS_SHOWN:
        if some := [one for one in verdict.lines if one.level == level]:
            yield _row(level, some)
    yield ""
    for level in LEVELS_SHOWN:
        yield from _late(level, [one for one in verdict.lines if one.level == level and one.late])
    yield ""
    if some := verdict.actions:
        yield f"from acknowledgement to act: median {_said(_at(some, 0.5))}, 95th {_said(_at(some, 0.95))}"
    yield f"times in which nobody was asked of a `now` for longer than a rung: {len(verdict.silences)}"
    yield from _silent(verdict.silences)
    yield ""
    yield "what happened:"
    yield from (f"    {many:6} {what}" for what, many in sorted(year.happened.items()) if many)
    yield "what did not go on, and why:"
    yield from (f"    {many:6} {what}" for what, many in sorted(year.stumbled.items()))
    yield ""
    yield f"lost, or otherwise wrong: {len(verdict.wrong)}"
    yield from verdict.wrong[:50]


def _late(level: str, late: list[Line]) -> Iterator[str]:
    yield f"late at {level}: {len(late)}; meanwhile (several may hold at once):"
    whys = Counter(why for one in late for why in one.why or {NOTHING})
    yield from (f"    {many:6} {why}" for why, many in sorted(whys.items(), key=lambda one: -one[1]))
    taken = [(one.taken - one.since, one) for one in late if one.taken]
    if taken:
        longest, worst = max(taken, key=lambda pair: pair[0])
        yield f"    the worst: {_said(longest)}: {', '.join(sorted(worst.why)) or NOTHING}"


def _silent(silences: list[Silence]) -> Iterator[str]:
    by_why: dict[str, list[Silence]] = defaultdict(list)
    for one in silences:
        by_why[" + ".join(sorted(one.why)) or NOTHING].append(one)
    for why, some in sorted(by_why.items(), key=lambda pair: -len(pair[1])):
        yield f"    {len(some):6} {why} (at most {_said(max(one.longer for one in some))} longer)"


def _counts(some: Counter[str]) -> str:
    return ", ".join(f"{what} {many}" for what, many in sorted(some.items()))


def _cells(level: str, *cells: object) -> str:
    return f"{level:6}" + "".join(f"{one!s:>14}" for one in cells)


def _row(level: str, some: list[Line]) -> str:
    asked = [one.asked - one.since for one in some if one.asked]
    taken = [one.taken - one.since for one in some if one.taken]
    times = [_at(asked, 0.5), _at(asked, 0.95), _at(taken, 0.5), _at(taken, 0.95), max(taken, default=None)]
    in_time = sum(not one.late for one in some) / len(some)
    return _cells(
        level, len(some), *map(_said, times), f"{in_time:.1%}", sum(one.taken is None for one in some)
    )


def _at(some: list[timedelta], share: float) -> timedelta | None:
    ordered = sorted(some)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else None


def _said(time: timedelta | None) -> str:
    if time is None:
        return "-"
    seconds = int(time.total_seconds())
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} d"
