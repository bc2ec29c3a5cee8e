# SPDX-License-Identifier: Apache-2.0
"""A simulated year, or a piece of one, with whatever goes wrong in it: nobody's word is lost."""

from __future__ import annotations

import os
import resource
import sqlite3
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from year.faults import backs_up
from year.ledger import LITTLE, Ledger
from year.living import Lived, live
from year.report import report

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SEEDS = tuple(range(1, 13)) if NIGHTLY else (1, 2)
DAYS, STORMS = 20, 6.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a full disk is a limit of POSIX")


def lived(folder: Path, seed: int, *, people: int = 60, days: int = DAYS) -> Lived:
    return live(folder, people=people, days=days, seed=seed, storms=STORMS, concerning=12.0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_goes_wrong_nobody_is_lost(tmp_path: Path, seed: int) -> None:
    made = lived(tmp_path, seed)
    assert not made.lost, report(made)
    assert sum(made.verdict.alerts.values()) >= 20, report(made)
    assert {"now", "today", "talk"} == {line.level for line in made.verdict.lines}


def test_the_same_seed_is_the_same_year(tmp_path: Path) -> None:
    told = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        told.append(report(lived(folder, 7, people=20, days=6)))
    assert told[0] == told[1]


def test_two_things_that_are_wrong_at_once_excuse_no_longer_silence() -> None:
    ledger, began, hour = Ledger(), datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1)
    for name in ("a channel was down", "a clock was wrong"):
        ledger.wrong(name, began).ends = began + hour
    ledger.wrong("the store failed", began + 3 * hour).ends = began + 4 * hour
    assert ledger.wrong_for(began, began + 8 * hour) == 2 * (hour + LITTLE)


def test_on_a_full_disk_the_last_nights_copy_stays(tmp_path: Path) -> None:
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    year: Any = SimpleNamespace(
        path=tmp_path / "held", backup=tmp_path / "copy", stumbled=Counter(), now=monday
    )
    year.local, year.backed_up = monday, None
    with closing(sqlite3.connect(year.path)) as held:
        held.execute("CREATE TABLE kept (what)")
    nights = backs_up(year)
    next(nights)
    next(nights)
    whole = year.backup.read_bytes()
    year.now += timedelta(days=1)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        next(nights)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (year.backup.read_bytes(), year.backed_up) == (whole, monday)
    next(nights)
    assert year.backed_up == year.now


def _no_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is stored, and nobody hears of it."""
    from peerkit.safety import screen
    from peerkit.safety.raising import NOTHING

    monkeypatch.setattr(screen, "rise", lambda *_, **__: NOTHING)


def _no_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later answer that is worse raises nothing."""
    from peerkit.safety import screen
    from peerkit.safety.raising import NOTHING, rise

    def once(kit: Any, id_: str, level: Any, *more: Any, **details: Any) -> Any:
        return NOTHING if kit.storage.get("alert", id_) else rise(kit, id_, level, *more, **details)

    monkeypatch.setattr(screen, "rise", once)


def _no_climb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivery looks at no alert."""
    from peerkit.delivery import running

    monkeypatch.setattr(running, "_alerts", lambda *_: None)
    monkeypatch.setattr(running, "_rest", lambda *_: None)  # it would run each minute, for what stays due


def _closes_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """An alert that was acted on ends by itself instead of reminding."""
    from year import humans

    from peerkit.delivery import running
    from peerkit.model.safety import Alert
    from peerkit.safety.lane import SAFETY
    from peerkit.safety.reading import get

    def closes(kit: Any, id_: str, _time: Any) -> None:
        kit.write([get(kit, Alert, id_).close()], actor=SAFETY)

    monkeypatch.setattr(running, "_remind", closes)
    monkeypatch.setattr(humans, "LEAVES_OPEN", 0.9)


def _acknowledged_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes it forgets it, and nobody is asked again."""
    from year import humans

    from peerkit.safety import handling

    def taken(kit: Any, alert: Any, actor: Any, now: Any) -> Any:
        return alert.acknowledge(holder=actor.person, since=now, due=now + timedelta(days=2))

    monkeypatch.setattr(handling, "_taken", taken)
    monkeypatch.setattr(humans, "FORGETS", 0.9)


FAULTS = {
    "no alert": (_no_alert, "owed", 15),
    "not raised": (_no_raise, "owed", 15),
    "no climbing": (_no_climb, "nobody was asked", 8),
    "closed by itself": (_closes_itself, "was closed by system", 15),
    "no action deadline": (_acknowledged_for_good, "nobody was asked", 15),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_the_oracle_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    breaks, told, days = FAULTS[fault]
    breaks(monkeypatch)
    made = live(tmp_path, people=60, days=days, seed=3, storms=0.0, concerning=150.0 / days)
    assert any(told in one for one in made.verdict.wrong), report(made)
