# SPDX-License-Identifier: Apache-2.0
"""How a supporter stands to what the program needs: read from credentials and the calendar, never kept."""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, timedelta
from zoneinfo import ZoneInfo

from peerkit.hooks import View
from peerkit.model.credential import Credential, Standing, standing
from peerkit.model.program import Program, program_zone
from peerkit.model.when import midnight
from peerkit.rules.readable import find


def program_of(view: View) -> Program | None:
    """The program's settings, if they can be read."""
    return next(iter(find(view, Program)), None)


def standing_of(view: View, human: str) -> Standing:
    """How somebody stands to the program's needs today; nothing is missing where it needs nothing."""
    program = program_of(view)
    if program is None or not program.needs:
        return Standing()
    held = find(view, Credential, subject=human)
    return standing(program, held, today_in(view))


def zone_of(view: View) -> ZoneInfo:
    """The program's zone; UTC where its settings, or the zone, cannot be read."""
    return program_zone(program_of(view))


def today_in(view: View) -> date:
    """The day that it is in the program's zone."""
    return view.now.astimezone(zone_of(view)).date()


def lapses_at(view: View, until: date | None) -> datetime | None:
    """The instant at which what holds until a day does so no more: that day's end in the program's zone.
    None if it holds for good, or for as long as there are days."""
    program = program_of(view)
    if until is None or program is None or until.year == MAXYEAR:
        return None
    return midnight(until + timedelta(days=1), program_zone(program))
