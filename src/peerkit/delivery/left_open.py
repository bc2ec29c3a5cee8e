# SPDX-License-Identifier: Apache-2.0
"""Screens that time acts on: a question that stayed open for too long, a screen that nobody went on with, and
one that is open though its mark is gone."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from peerkit.delivery.timekeeping import Time
from peerkit.errors import StorageError, UnsavedScreen
from peerkit.model.safety import RiskScreen
from peerkit.safety.holding import backlog
from peerkit.safety.lane import SCREEN, again
from peerkit.safety.reading import OPEN, rows
from peerkit.safety.screening import left_lying
from peerkit.safety.waiting import Waiting, owed

if TYPE_CHECKING:
    from peerkit.delivery.running import Report
    from peerkit.kit import Kit

LOOKED = "screens-looked-at"
"""The mark that says on which day (UTC) open screens were looked through."""


def screens(kit: Kit, time: Time, report: Report) -> None:
    """Screens whose question stayed open for too long, or that nobody went on with."""
    since = backlog(kit, time.now).since
    for name, text in kit.storage.marks(SCREEN).items():
        screen, waiting = name.removeprefix(SCREEN), Waiting.read(text, time.now)
        if not (waiting.over(time.now) or time.behind):
            continue
        if since is not None and waiting.until < since:
            report.waiting += 1
            continue
        try:
            if not again(lambda screen=screen: left_lying(kit, screen, time.now, behind=time.behind)):  # type: ignore[misc]
                report.add(f"screen:{screen}:nobody-looks")
            report.screens += 1
        except Exception as error:  # noqa: BLE001  # the other screens go on
            report.add(f"screen:{screen}:{type(error).__name__}")
            report.broken = report.broken or isinstance(error, StorageError | UnsavedScreen)


def look_for_lost(kit: Kit, time: Time) -> None:
    """Once a day: an open screen whose mark is gone (a hand in the file, a copy of the records alone) waits
    for nothing, and would never become urgent. It is given a mark that is over, so that the next run takes
    it as one that nobody went on with.

    It reads the screens that are open, by their index, and their marks: nothing in the other runs of a day.
    """
    today = time.now.astimezone(UTC).date().isoformat()
    held = kit.storage.marks(LOOKED).get(LOOKED)
    if held == today:
        return
    found = [row.envelope.id for row in rows(kit, RiskScreen, OPEN)]
    marked = kit.storage.marks(SCREEN)  # read after the screens: one that begins meanwhile is not among them
    for screen in found:
        if SCREEN + screen not in marked:
            mark = owed(screen, time.now)
            kit.storage.mark(mark.name, mark.value, expect=None)
    kit.storage.mark(LOOKED, today, expect=held)  # last: what failed is looked at again by the next run
