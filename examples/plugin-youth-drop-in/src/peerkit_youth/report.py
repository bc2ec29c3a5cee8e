# SPDX-License-Identifier: Apache-2.0
"""The drop-in's section of the report: numbers alone, and the core hides what is too small to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from peerkit import Activity
from peerkit.hooks import Cell, Period
from peerkit_youth.kinds import DROP_IN, Visit
from peerkit_youth.words import TOPICS, _


def behind(visits: Iterable[Visit]) -> set[str]:
    """On whom a number rests: who left a name is one, however often they came; every other head is one."""
    return {visit.person or f"{visit.id} {head}" for visit in visits for head in range(visit.heads)}


def count(period: Period) -> Iterator[Cell]:
    """Visits, how many left a name, and what was asked for."""
    days = {
        one.id: date.fromisoformat(one.local[:10]) for one in period.find(Activity) if one.format == DROP_IN
    }
    within = {shift for shift, day in days.items() if period.first <= day <= period.last}
    visits = [one for one in period.find(Visit) if one.shift in within and one.state != "struck"]
    named = [one for one in visits if one.person]
    asked = {topic: [one for one in visits if topic in one.topics] for topic in TOPICS}
    yield Cell("visits", _("visits"), people=behind(visits), number=heads(visits), group="visits")
    yield Cell("named", _("young people who left a name"), people=behind(named), group="named")
    for topic, those in asked.items():
        yield Cell(topic, TOPICS[topic], people=behind(those), number=heads(those), group=topic)


def heads(visits: Iterable[Visit]) -> int:
    """How many came."""
    return sum(visit.heads for visit in visits)
